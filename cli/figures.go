package cli

import (
	"cmp"
	"context"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"viesti/i18n"
	"viesti/outbox"
	"viesti/server/control"
)

func (p *program) statusCommand() *cobra.Command {
	return p.command("status", cobra.NoArgs, func(ctx context.Context, _ []string) error {
		return p.with(ctx, func(c *client) error {
			var out control.Status
			if err := c.call(ctx, http.MethodGet, "/status", nil, &out); err != nil {
				return err
			}
			return p.show(out, func() { p.statusText(out) })
		})
	})
}

func (p *program) statusText(s control.Status) {
	key := "cli.survey_closed"
	if s.Survey.Open {
		key = "cli.survey_open"
	}
	p.say(key, i18n.Args{
		"wave":  s.Survey.Wave,
		"opens": i18n.DateTime(p.lang, s.Survey.Opens), "closes": i18n.DateTime(p.lang, s.Survey.Closes),
	})
	p.isPaused(s.Paused, s.Networks, false)
	p.purgeText(s.Purge)
	t := p.head("state", "messages")
	for _, state := range outbox.States {
		t.row(p.t("cli.state."+string(state), nil), p.number(s.Outbox[state]))
	}
	p.print(t)
	p.carrier("mail", s.Mail)
	p.carrier("slack", s.Slack)
	p.slackText(s.Slack)
	p.troubles("cli.uncertain", s.Uncertain)
	p.troubles("cli.failed", s.Failed)
	if len(s.Bounces) > 0 {
		p.say("cli.bounces", nil)
		p.bounceTable(s.Bounces)
	}
}

// carrier says how a carrier fares, from the health that the API tells.
func (p *program) carrier(name string, v any) {
	fields, _ := v.(map[string]any)
	args := i18n.Args{"carrier": p.t("cli.channel."+name, nil)}
	switch ok, known := fields["ok"].(bool); {
	case !known:
		p.say("cli.carrier_off", args)
	case ok:
		p.say("cli.carrier_ok", args)
	default:
		args["reply"] = heard(fields)
		p.say("cli.carrier_ill", args)
	}
	for _, r := range parts(fields["relays"]) {
		if ok, _ := r["ok"].(bool); !ok {
			p.say("cli.relay_ill", i18n.Args{"relay": r["relay"], "reply": heard(r)})
		}
	}
	for _, d := range parts(fields["domains"]) {
		key := "cli.domain_slow"
		if ours, _ := d["ours"].(bool); ours {
			key = "cli.domain_refuses"
		}
		p.say(key, i18n.Args{"domain": d["domain"], "reply": heard(d)})
	}
}

func parts(v any) (list []map[string]any) {
	all, _ := v.([]any)
	for _, x := range all {
		if fields, ok := x.(map[string]any); ok {
			list = append(list, fields)
		}
	}
	return list
}

// heard is what the reply in some fields says, or a dash when nothing was heard.
func heard(fields map[string]any) string {
	reply, _ := fields["reply"].(map[string]any)
	var words []string
	for _, name := range []string{"code", "enhanced", "text"} {
		if s, _ := reply[name].(string); s != "" {
			words = append(words, s)
		}
	}
	return cmp.Or(strings.Join(words, " "), "–")
}

func (p *program) troubles(key string, list []control.Trouble) {
	if len(list) == 0 {
		return
	}
	p.say(key, i18n.Args{"n": len(list)})
	t := p.head("contact", "message", "network", "time", "relay", "reply")
	for _, m := range list {
		t.row(m.Contact, p.kind(m.Kind), m.Network, i18n.DateTime(p.lang, m.At.Local()), m.Reply.Relay, p.said(m.Reply))
	}
	p.print(t)
}

func (p *program) kind(k outbox.Kind) string {
	switch {
	case k == outbox.LastCall:
		return p.t("cli.kind.last_call", nil)
	case k == outbox.ThankYou:
		return p.t("cli.kind.thank_you", nil)
	case k.Number() > 0:
		return p.t("cli.kind.reminder", i18n.Args{"number": k.Number()})
	case k == outbox.Invitation:
		return p.t("cli.kind.invitation", nil)
	default: // to those who run the survey
		return string(k)
	}
}
