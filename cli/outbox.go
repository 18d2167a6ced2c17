package cli

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"viesti/i18n"
	"viesti/outbox"
	"viesti/server/control"
)

func (p *program) outbox() *cobra.Command {
	group := &cobra.Command{Use: "outbox", Short: p.t("cli.short.outbox", nil), Args: cobra.NoArgs, RunE: helpOnly}
	group.AddCommand(p.outboxList(), p.settle())
	return group
}

func (p *program) outboxList() *cobra.Command {
	var state string
	cmd := p.command("list", cobra.NoArgs, func(ctx context.Context, _ []string) error {
		return p.with(ctx, func(c *client) error {
			var list []control.Trouble
			if err := c.call(ctx, http.MethodGet, "/outbox?"+url.Values{"state": {state}}.Encode(), nil, &list); err != nil {
				return err
			}
			return p.show(list, func() { p.outboxTable(list) })
		})
	})
	cmd.Flags().StringVar(&state, "state", "", p.t("cli.flag.state", nil))
	return cmd
}

func (p *program) outboxTable(list []control.Trouble) {
	if len(list) == 0 {
		p.say("cli.outbox_empty", nil)
		return
	}
	t := p.head("key", "state", "contact", "network", "time", "relay", "message_id", "reply")
	for _, m := range list {
		t.row(m.Key, p.t("cli.state."+string(m.State), nil), m.Contact, m.Network, i18n.DateTime(p.lang, m.At.Local()),
			m.Reply.Relay, m.MessageID, p.said(m.Reply))
	}
	p.print(t)
	if slices.ContainsFunc(list, func(m control.Trouble) bool { return m.State == outbox.Uncertain }) {
		p.note("cli.settle_hint", nil)
	}
}

// ours are the codes of replies that no carrier gave.
var ours = []string{"no_account", "no_channel", "no_answer", "unreachable"}

func (p *program) said(r outbox.Reply) string {
	if slices.Contains(ours, r.Code) {
		return p.t("cli.said."+r.Code, nil)
	}
	return strings.Join(strings.Fields(r.Code+" "+r.Enhanced+" "+r.Text), " ")
}

func (p *program) settle() *cobra.Command {
	var all bool
	var verdicts []string
	for _, v := range outbox.Verdicts {
		verdicts = append(verdicts, string(v))
	}
	args := func(_ *cobra.Command, args []string) error {
		if len(args) == 0 || !slices.Contains(verdicts, args[0]) || all == (len(args) > 1) {
			p.note("cli.settle_usage", nil)
			return exit{Usage}
		}
		return nil
	}
	cmd := p.command("settle "+strings.Join(verdicts, "|")+" [KEY…]", args, func(ctx context.Context, args []string) error {
		return p.with(ctx, func(c *client) error {
			var out control.Settlement
			in := control.Verdict{Verdict: outbox.Verdict(args[0]), Keys: args[1:], All: all}
			if err := c.call(ctx, http.MethodPost, "/outbox/settle", in, &out); err != nil {
				return err
			}
			return p.settled(out, in.Verdict == outbox.Resend && c.local != nil)
		})
	})
	cmd.Flags().BoolVar(&all, "all", false, p.t("cli.flag.settle_all", nil))
	return cmd
}

func (p *program) settled(out control.Settlement, idle bool) error {
	err := p.show(out, func() {
		p.say("cli.settled", i18n.Args{"settled": len(out.Settled), "unchanged": len(out.Unchanged)})
		if idle && len(out.Settled) > 0 {
			p.note("cli.sent_by_serve", nil)
		}
	})
	for _, name := range out.Unknown {
		p.note("cli.unknown_key", i18n.Args{"key": name})
	}
	if err == nil && len(out.Unknown) > 0 {
		return exit{Partial}
	}
	return err
}
