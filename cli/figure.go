package cli

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"viesti/i18n"
	"viesti/report/results"
)

func (p *program) results() *cobra.Command {
	var wave string
	cmd := p.command("results [QUESTION]", cobra.MaximumNArgs(1), func(ctx context.Context, args []string) error {
		q := url.Values{"wave": {wave}}
		if len(args) == 1 {
			q.Set("question", args[0])
		}
		return p.with(ctx, func(c *client) error {
			var out results.Results
			stop := p.watch(ctx, c)
			err := c.call(ctx, http.MethodGet, "/results?"+q.Encode(), nil, &out)
			stop()
			if err != nil {
				return err
			}
			return p.show(out, func() {
				if len(args) == 1 {
					p.oneQuestion(out)
				} else {
					p.allQuestions(out)
				}
				fmt.Fprintln(p.Stdout)
				p.standing(out)
			})
		})
	})
	p.waveFlag(cmd, &wave)
	return cmd
}

// allQuestions is a line for each question and row: who answered, and what is one number of it.
func (p *program) allQuestions(out results.Results) {
	t := p.head("question", "answered", "mean", "text")
	for _, page := range out.Pages {
		for _, q := range page.Questions {
			if len(q.Items) == 0 && q.Open != nil {
				t.row(q.ID, p.count(q.Open.Given), "", p.short(q.Text))
			}
			for _, item := range q.Items {
				id, text := q.ID, q.Text
				if item.ID != "" {
					id, text = q.ID+"."+item.ID, item.Text
				}
				t.row(id, p.count(item.Answered), p.mean(item.Figures), p.short(text))
			}
		}
	}
	p.print(t)
}

// oneQuestion shows a question in full, and by each background after the close.
func (p *program) oneQuestion(out results.Results) {
	for _, page := range out.Pages {
		for _, q := range page.Questions {
			fmt.Fprintln(p.Stdout, q.Text.In(p.lang))
			for _, item := range q.Items {
				fmt.Fprintln(p.Stdout)
				p.item(item)
				for _, d := range item.Divisions {
					p.division(out, d)
				}
			}
			if q.Open != nil {
				fmt.Fprintln(p.Stdout)
				p.say("cli.results_written", i18n.Args{"n": p.count(q.Open.Given)})
			}
		}
	}
}

func (p *program) item(item results.Item) {
	if item.ID != "" {
		fmt.Fprintln(p.Stdout, item.Text.In(p.lang))
	}
	if item.Withheld {
		p.say("cli.results_withheld", nil)
		return
	}
	t := p.head("answer", "people", "share")
	answered, shown := item.Answered.Value()
	for i, c := range item.Categories {
		n, ok := item.Counts[i].Value()
		share := "–"
		if ok && shown && answered > 0 {
			share = i18n.Percent(p.lang, float64(n)/float64(answered))
		}
		t.row(c.Text.In(p.lang), p.count(item.Counts[i]), share)
	}
	t.row(p.t("cli.results_answered", nil), p.count(item.Answered), "")
	p.print(t)
	if s := p.mean(item.Figures); s != "" {
		p.say("cli.results_mean", i18n.Args{"mean": s})
	}
	if item.Day != "" {
		p.say("cli.results_as_of", i18n.Args{"day": p.date(item.Day)})
	}
}

func (p *program) division(out results.Results, d results.Division) {
	for _, b := range out.Backgrounds {
		if b.Question != d.Background {
			continue
		}
		fmt.Fprintln(p.Stdout)
		head := []string{p.short(b.Text), p.t("cli.column.answered", nil)}
		for _, c := range d.Categories {
			head = append(head, p.short(c.Text))
		}
		t, joint := &table{}, false
		t.row(append(head, p.t("cli.column.mean", nil))...)
		for i, row := range d.Rows {
			cells := []string{p.short(b.Groups[i].Text), p.count(row.Answered)}
			for c, n := range row.Counts {
				cell := p.count(n)
				if row.Joint.Holds(c) {
					cell, joint = "("+p.number(row.Joint.N)+")", true
				}
				cells = append(cells, cell)
			}
			t.row(append(cells, p.mean(row))...)
		}
		p.print(t)
		if joint {
			p.say("cli.results_joint", nil)
		}
	}
}

// count is a number of people, or a sign that there is one which is not shown.
func (p *program) count(c interface{ Value() (int64, bool) }) string {
	n, ok := c.Value()
	if !ok {
		return "·"
	}
	return p.number(n)
}

func (p *program) mean(f results.Figures) string {
	if f.Summary == nil {
		return ""
	}
	return i18n.Decimal(p.lang, f.Summary.Mean, 1)
}

// widest is how much of a text a column of a terminal has room for.
const widest = 48

func (p *program) short(t i18n.Text) string {
	s := []rune(strings.TrimSpace(t.In(p.lang)))
	if len(s) > widest {
		return strings.TrimSpace(string(s[:widest-1])) + "…"
	}
	return string(s)
}
