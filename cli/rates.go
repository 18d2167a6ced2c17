package cli

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/report"
	"viesti/report/picture"
)

func (p *program) rates() *cobra.Command {
	var network, by, wave, file string
	cmd := p.command("rates", cobra.NoArgs, func(ctx context.Context, _ []string) error {
		return p.with(ctx, func(c *client) error {
			var out report.Rates
			q := url.Values{"network": {network}, "by": {by}, "wave": {wave}}
			if err := c.call(ctx, http.MethodGet, "/rates?"+q.Encode(), nil, &out); err != nil {
				return err
			}
			if file != "" {
				if err := p.draw(file, picture.Of(out, report.By(by), p.lang)); err != nil {
					return err
				}
				p.note("cli.wrote_file", i18n.Args{"file": file})
			}
			return p.show(out, func() { p.ratesTable(out, report.By(by)) })
		})
	})
	cmd.Flags().StringVar(&network, "network", "", p.t("cli.flag.one_network", nil))
	cmd.Flags().StringVar(&by, "by", string(report.ByNetwork), p.t("cli.flag.by", nil))
	p.waveFlag(cmd, &wave)
	cmd.Flags().StringVar(&file, "picture", "", p.t("cli.flag.picture", nil))
	return cmd
}

// draw writes a picture in the form that the file's name ends in.
func (p *program) draw(file string, drawn picture.Picture) error {
	switch filepath.Ext(file) {
	case ".svg":
		return p.put(file, drawn.SVG())
	case ".png":
		raw, err := drawn.PNG()
		if err != nil {
			return err
		}
		return p.put(file, raw)
	default:
		return fault.New(fault.Invalid, "cli.picture_type", i18n.Args{"file": file})
	}
}

func (p *program) ratesTable(out report.Rates, by report.By) {
	columns := []string{"contacted", "complete", "partial", "rate", "rate_partial", "completion", "target", "to_win", "beside"}
	t := p.head(columns...)
	t.rows[0] = append([]string{p.t("report.by."+string(by), nil)}, t.rows[0]...)
	for _, row := range out.Rows {
		name := row.Label(by, p.lang)
		if by == report.ByNetwork {
			name = row.Network + "  " + name
		}
		p.ratesRow(t, name, row)
	}
	p.ratesRow(t, p.t("cli.total", nil), out.Total)
	p.print(t)
	if by == report.ByDay {
		p.say("cli.rates_by_day", nil)
		p.letterDays(out.Letters)
	}
	p.stops(out)
	p.explain(out.Words(p.lang), out.Wave, out.Open, out.AsOf)
}

// explain says what figures mean and of when they are.
func (p *program) explain(words []string, wave string, open bool, asOf time.Time) {
	fmt.Fprintln(p.Stdout)
	for _, said := range words {
		fmt.Fprintln(p.Stdout, said)
	}
	key := "cli.rates_closed"
	if open {
		key = "cli.rates_open"
	}
	p.say(key, i18n.Args{"wave": wave, "time": i18n.DateTime(p.lang, asOf.Local())})
}

func (p *program) ratesRow(t *table, name string, row report.Row) {
	target, win := "–", "–"
	if row.Target > 0 {
		target = p.number(row.Target)
	}
	if row.StillToWin != nil {
		win = p.number(*row.StillToWin)
	}
	rate, partial := row.Shown()
	t.row(name, p.number(row.Contacted), p.number(row.Complete), p.number(row.Partial), p.percent(rate), p.percent(partial),
		p.percent(row.Completion), target, win, p.number(row.Open.Complete))
}

// letterDays are the days on which letters leave, with what came of them.
func (p *program) letterDays(list []report.Letter) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintln(p.Stdout)
	t := p.head("day", "message", "messages", "answers")
	for _, l := range list {
		sent := p.number(l.Messages)
		if l.Planned {
			sent = p.t("cli.planned", nil)
		}
		answers := "–"
		if l.Answers != nil {
			answers = p.number(*l.Answers)
		}
		t.row(report.When(p.lang, l.Day), l.Name(p.lang), sent, answers)
	}
	p.print(t)
}

// stops are the pages at which unfinished answers stopped.
func (p *program) stops(out report.Rates) {
	if len(out.Total.Stops) == 0 {
		return
	}
	fmt.Fprintln(p.Stdout)
	t := p.head("last_page", "partial")
	for _, s := range out.Stopped(p.lang) {
		if s.Unfinished > 0 {
			t.row(s.Name, p.number(s.Unfinished))
		}
	}
	p.print(t)
}
