package cli

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"viesti/campaign"
	"viesti/i18n"
	"viesti/server/control"
)

func (p *program) plan() *cobra.Command {
	var asOf, wave string
	cmd := p.command("plan", cobra.NoArgs, func(ctx context.Context, _ []string) error {
		at, err := p.moment(asOf)
		if err != nil {
			return err
		}
		q := url.Values{"wave": {wave}}
		if !at.IsZero() {
			q.Set("as_of", at.UTC().Format(time.RFC3339))
		}
		return p.with(ctx, func(c *client) error {
			var out campaign.Plan
			if err := c.call(ctx, http.MethodGet, "/plan?"+q.Encode(), nil, &out); err != nil {
				return err
			}
			return p.show(out, func() { p.calendar(out) })
		})
	})
	cmd.Flags().StringVar(&asOf, "as-of", "", p.t("cli.flag.as_of", nil))
	p.waveFlag(cmd, &wave)
	return cmd
}

func (p *program) waveFlag(cmd *cobra.Command, wave *string) {
	cmd.Flags().StringVar(wave, "wave", "", p.t("cli.flag.wave", nil))
}

func (p *program) waves() *cobra.Command {
	return p.command("waves", cobra.NoArgs, func(ctx context.Context, _ []string) error {
		return p.with(ctx, func(c *client) error {
			var list []control.Wave
			if err := c.call(ctx, http.MethodGet, "/waves", nil, &list); err != nil {
				return err
			}
			return p.show(list, func() { p.waveTable(list) })
		})
	})
}

func (p *program) waveTable(list []control.Wave) {
	t := p.head("wave", "state", "opens", "closes", "questionnaire", "contacted", "all_answers", "target")
	for _, w := range list {
		state := p.t("cli.wave."+string(w.State), nil)
		if w.Current {
			state += " *"
		}
		t.row(w.ID, state, i18n.DateTime(p.lang, w.Opens), i18n.DateTime(p.lang, w.Closes), strings.TrimSpace(w.Questionnaire+" "+w.Version),
			p.number(w.Contacted), p.number(w.Answers), p.number(w.Target))
	}
	p.print(t)
	p.say("cli.waves_current", nil)
}

// calendar is what leaves, day by day, and who gets nothing and why.
func (p *program) calendar(plan campaign.Plan) {
	p.say("cli.plan_wave", i18n.Args{
		"wave": plan.Wave, "opens": i18n.DateTime(p.lang, plan.Opens), "closes": i18n.DateTime(p.lang, plan.Closes),
	})
	if plan.Paused {
		p.say("cli.is_paused", nil)
	}
	switch {
	case len(plan.Channels) == 0:
		p.say("cli.plan_no_channel", nil)
	case len(plan.Items) == 0:
		p.say("cli.plan_empty", nil)
	default:
		if short, long := p.days(plan, false), p.days(plan, true); len(short.rows) < len(long.rows) {
			p.print(short)
			fmt.Fprintln(p.Stdout)
			p.say("cli.plan_by_network", nil)
			p.print(long)
		} else {
			p.print(long)
		}
		p.say("cli.plan_within", nil)
	}
	if len(plan.LeftOut) > 0 {
		p.say("cli.plan_left_out", nil)
		p.print(p.leftOut(plan))
	}
	for _, item := range plan.Items {
		if item.Kind == "invitation" {
			p.note("cli.plan_invitations", nil)
			break
		}
	}
}

// days puts like messages of a day in one row, from the first moment to the last: of each network, or
// of all together.
func (p *program) days(plan campaign.Plan, byNetwork bool) *table {
	type row struct {
		day, kind, network, channel string
		number                      int
	}
	type sum struct {
		first, last time.Time
		messages    int
	}
	var order []row
	sums := map[row]*sum{}
	for _, item := range plan.Items {
		r := row{i18n.Date(p.lang, item.At), item.Kind, "", string(item.Channel), item.Number}
		if byNetwork {
			r.network = item.Network
		}
		if sums[r] == nil {
			sums[r] = &sum{first: item.At}
			order = append(order, r)
		}
		sums[r].last = item.At // the earliest come first
		sums[r].messages += item.Messages
	}
	t := p.head("date", "time", "message", "channel", "messages")
	if byNetwork {
		t = p.head("date", "time", "message", "network", "channel", "messages")
	}
	day := ""
	for _, r := range order {
		s, date := sums[r], ""
		if r.day != day {
			day = r.day
			date = p.t("cli.weekday."+strings.ToLower(s.first.Weekday().String()[:3]), nil) + " " + day
		}
		cells := []string{date, p.span(s.first, s.last), p.messageName(plan, r.kind, r.number), r.network, r.channel, p.number(int64(s.messages))}
		if !byNetwork {
			cells = slices.Delete(cells, 3, 4)
		}
		t.row(cells...)
	}
	return t
}

func (p *program) span(first, last time.Time) string {
	from, until := i18n.Clock(p.lang, first.Hour(), first.Minute()), i18n.Clock(p.lang, last.Hour(), last.Minute())
	if from == until {
		return from
	}
	return from + "–" + until
}

func (p *program) leftOut(plan campaign.Plan) *table {
	t := p.head("message", "reason", "network", "channel", "recipients")
	for _, l := range plan.LeftOut {
		what := p.t("cli.plan_anything", nil)
		if l.Kind != "" {
			what = p.messageName(plan, l.Kind, l.Number)
		}
		t.row(what, p.t("cli.reason."+l.Reason, nil), l.Network, string(l.Channel), p.number(int64(l.Recipients)))
	}
	return t
}

func (p *program) messageName(plan campaign.Plan, kind string, number int) string {
	if number > 0 && number == plan.LastCall {
		return p.t("cli.kind.last_call", nil)
	}
	return p.t("cli.kind."+strings.ReplaceAll(kind, "-", "_"), i18n.Args{"number": number})
}
