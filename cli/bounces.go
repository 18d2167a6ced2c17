package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"viesti/bounce"
	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/server/control"
)

// bounce is the command behind a mail server's pipe. Its exit statuses are those that mail servers
// know: whatever may pass is "try again", so that no mail is lost to a fault of ours.
func (p *program) bounce() *cobra.Command {
	var to string
	cmd := p.command("bounce", cobra.NoArgs, func(ctx context.Context, _ []string) error {
		raw, err := io.ReadAll(io.LimitReader(p.Stdin, bounce.MaxMail+1))
		if err != nil {
			return exit{tryAgain}
		}
		var out bounce.Record
		err = p.with(ctx, func(c *client) error {
			path := "/bounce?" + url.Values{"to": {to}}.Encode()
			return c.call(ctx, http.MethodPost, path, bytes.NewReader(raw), &out)
		})
		if err != nil {
			p.status(err) // tells it
			return exit{mailStatus(err)}
		}
		return p.show(out, func() {
			p.say("cli.bounce_taken", i18n.Args{"class": p.t("cli.bounce_class."+string(out.Class), nil), "effect": p.t("cli.bounce_effect."+string(out.Effect), nil)})
			if out.Words != "" {
				p.say("cli.bounce_words", i18n.Args{"words": out.Words})
			}
		})
	})
	cmd.Flags().StringVar(&to, "to", "", p.t("cli.flag.bounce_to", nil))
	return cmd
}

// mailStatus is the exit status for a mail that was not taken.
func mailStatus(err error) int {
	var from answered
	if !errors.As(err, &from) || len(from.Problems.Problems) == 0 {
		return tryAgain
	}
	switch from.Problems.Problems[0].Kind {
	case fault.Invalid, fault.TooLarge:
		return dataError
	case fault.Conflict:
		return unavailable
	default:
		return tryAgain
	}
}

func (p *program) bounces() *cobra.Command {
	group := &cobra.Command{Use: "bounces", Short: p.t("cli.short.bounces", nil), Args: cobra.NoArgs, RunE: helpOnly}
	group.AddCommand(
		p.command("list", cobra.NoArgs, func(ctx context.Context, _ []string) error {
			return p.with(ctx, func(c *client) error {
				var list []control.Bounce
				if err := c.call(ctx, http.MethodGet, "/bounces", nil, &list); err != nil {
					return err
				}
				return p.show(list, func() { p.bounceTable(list) })
			})
		}),
		p.command("undo ID", cobra.ExactArgs(1), func(ctx context.Context, args []string) error {
			return p.with(ctx, func(c *client) error {
				var out bounce.Record
				if err := c.call(ctx, http.MethodPost, "/bounces/undo", control.BounceID{ID: args[0]}, &out); err != nil {
					return err
				}
				return p.show(out, func() { p.say("cli.bounce_undone", nil) })
			})
		}),
	)
	return group
}

func (p *program) bounceTable(list []control.Bounce) {
	t := p.head("id", "time", "contact", "class", "effect", "words")
	for _, b := range list {
		effect := p.t("cli.bounce_effect."+string(b.Effect), nil)
		if !b.Undone.IsZero() {
			effect = p.t("cli.undone", nil)
		}
		words := b.Words // as a rule they begin with the codes
		if !strings.Contains(words, b.Code) || !strings.Contains(words, b.Enhanced) {
			words = strings.TrimSpace(strings.Join([]string{b.Code, b.Enhanced, b.Words}, " "))
		}
		t.row(b.ID, i18n.DateTime(p.lang, b.At.Local()), b.Contact, p.t("cli.bounce_class."+string(b.Class), nil), effect, short(words))
	}
	p.print(t)
}

// short is the beginning of a text, for a line of a table.
func short(s string) string {
	const most = 80
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

func (p *program) suppression() *cobra.Command {
	group := &cobra.Command{Use: "suppression", Short: p.t("cli.short.suppression", nil), Args: cobra.NoArgs, RunE: helpOnly}
	group.AddCommand(
		p.command("list", cobra.NoArgs, func(ctx context.Context, _ []string) error {
			return p.with(ctx, func(c *client) error {
				var list []contacts.SuppressedRow
				if err := c.call(ctx, http.MethodGet, "/suppression", nil, &list); err != nil {
					return err
				}
				return p.show(list, func() { p.suppressionTable(list) })
			})
		}),
		p.importCommand("/suppression/import", false),
		p.exportCommand("/suppression/export"),
	)
	return group
}

func (p *program) suppressionTable(list []contacts.SuppressedRow) {
	t := p.head("address_or_hash", "reason", "day", "words")
	for _, s := range list {
		name := s.Email
		if name == "" {
			name = s.Hash
		}
		t.row(name, p.t("cli.ground."+string(s.Reason), nil), s.Date, short(s.Words))
	}
	p.print(t)
}
