package cli

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"viesti/app"
	"viesti/audit"
	"viesti/i18n"
	"viesti/privacy"
	"viesti/server/control"
	"viesti/survey"
)

// purge erases what is known of people, after the close. A person at a terminal is asked; a script
// has decided already.
func (p *program) purge() *cobra.Command {
	var in control.PurgeRequest
	var yes bool
	cmd := p.command("purge", cobra.NoArgs, func(ctx context.Context, _ []string) error {
		return p.with(ctx, func(c *client) error {
			out, err := p.foretell(ctx, c)
			if err != nil {
				return err
			}
			if !in.DryRun {
				if !yes && p.asks() && !p.agreed(out) {
					p.note("cli.purge_left", nil)
					return exit{Failed}
				}
				if err := c.call(ctx, http.MethodPost, "/purge", in, &out); err != nil {
					return err
				}
			}
			return p.show(out, func() { p.purged(out, in.DryRun) })
		})
	})
	cmd.Flags().BoolVar(&in.DryRun, "dry-run", false, p.t("cli.flag.dry_run", nil))
	cmd.Flags().BoolVar(&yes, "yes", false, p.t("cli.flag.yes", nil))
	return cmd
}

func (p *program) foretell(ctx context.Context, c *client) (out control.PurgeAnswer, err error) {
	err = c.call(ctx, http.MethodPost, "/purge", control.PurgeRequest{DryRun: true}, &out)
	return out, err
}

// asks tells whether somebody sits there who can be asked.
func (p *program) asks() bool {
	f, ok := p.Stdin.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// agreed asks for the name of the wave: nobody types that by mistake.
func (p *program) agreed(out control.PurgeAnswer) bool {
	fmt.Fprint(p.Stderr, p.t("cli.purge_ask", i18n.Args{
		"contacts": out.Contacts, "messages": out.Messages, "wave": out.Wave,
	})+" ")
	line, _ := bufio.NewReader(p.Stdin).ReadString('\n') // whatever was typed before the end
	return strings.TrimSpace(line) == out.Wave
}

func (p *program) purged(out control.PurgeAnswer, dry bool) {
	key := "cli.purged"
	if dry {
		p.say("cli.dry_run", nil)
		key = "cli.to_purge"
	}
	p.say(key, i18n.Args{"contacts": out.Contacts, "messages": out.Messages, "drafts": out.Drafts, "wishes": out.Wishes})
	if len(out.Copies) > 0 {
		p.say("cli.purge_copies", i18n.Args{"files": strings.Join(out.Copies, ", ")})
	}
	p.say("cli.purge_backups", nil)
}

// held gathers what is held about a person, in words for them.
func (p *program) held() *cobra.Command {
	var lang, out string
	cmd := p.command("held EMAIL", cobra.ExactArgs(1), func(ctx context.Context, args []string) error {
		l, known := i18n.ParseLang(lang)
		if lang != "" && !known {
			p.note("cli.bad_lang", i18n.Args{"lang": lang})
			return exit{Usage}
		}
		terms, err := p.terms()
		if err != nil {
			return err
		}
		return p.with(ctx, func(c *client) error {
			var h privacy.Held
			if err := c.call(ctx, http.MethodPost, "/contacts/held", control.Address{Email: args[0]}, &h); err != nil {
				return err
			}
			if lang == "" {
				l = h.Lang()
			}
			return p.document(h, h.Document(terms, l), out)
		})
	})
	cmd.Flags().StringVar(&lang, "lang", "", p.t("cli.flag.held_lang", nil))
	cmd.Flags().StringVar(&out, "out", "", p.t("cli.flag.text_out", nil))
	return cmd
}

// document shows a text or writes it to a file, or shows what it is made of.
func (p *program) document(v any, text, out string) error {
	if out == "" {
		return p.show(v, func() { fmt.Fprint(p.Stdout, text) })
	}
	if err := p.put(out, []byte(text)); err != nil {
		return err
	}
	return p.show(v, func() { p.say("cli.wrote_file", i18n.Args{"file": out}) })
}

func (p *program) terms() (privacy.Terms, error) {
	c, err := p.config()
	if err != nil {
		return privacy.Terms{}, err
	}
	q, err := survey.Load(c.QuestionnaireName())
	if err != nil {
		return privacy.Terms{}, err
	}
	return app.Terms(c, q), nil
}

func (p *program) privacy() *cobra.Command {
	group := &cobra.Command{Use: "privacy", Short: p.t("cli.short.privacy", nil), Args: cobra.NoArgs, RunE: helpOnly}
	var lang, out string
	record := p.command("record", cobra.NoArgs, func(context.Context, []string) error {
		l, ok := i18n.ParseLang(lang)
		if !ok {
			p.note("cli.bad_lang", i18n.Args{"lang": lang})
			return exit{Usage}
		}
		terms, err := p.terms()
		if err != nil {
			return err
		}
		r := privacy.RecordOf(terms, l, time.Now())
		return p.document(r, r.Document(), out)
	})
	record.Flags().StringVar(&lang, "lang", string(i18n.Fi), p.t("cli.flag.lang", nil))
	record.Flags().StringVar(&out, "out", "", p.t("cli.flag.text_out", nil))
	group.AddCommand(record)
	return group
}

// audit shows who did what with data about people.
func (p *program) audit() *cobra.Command {
	var about string
	cmd := p.command("audit", cobra.NoArgs, func(ctx context.Context, _ []string) error {
		return p.with(ctx, func(c *client) error {
			var list []audit.Entry
			if err := c.call(ctx, http.MethodGet, "/audit?"+url.Values{"about": {about}}.Encode(), nil, &list); err != nil {
				return err
			}
			return p.show(list, func() { p.auditTable(list) })
		})
	})
	cmd.Flags().StringVar(&about, "about", "", p.t("cli.flag.about", nil))
	return cmd
}

func (p *program) auditTable(list []audit.Entry) {
	if len(list) == 0 {
		p.say("cli.audit_empty", nil)
		return
	}
	t := p.head("time", "who", "act", "detail", "about")
	for _, e := range list {
		t.row(i18n.DateTime(p.lang, e.At.Local()), e.Who, p.t("audit.act."+string(e.Act), nil), e.Detail, e.About)
	}
	p.print(t)
}

// purgeText says when the contacts are erased by themselves, and what the last purge took.
func (p *program) purgeText(s *control.PurgeStatus) {
	if s == nil {
		return
	}
	if d := s.Done; d != nil {
		p.say("cli.purge_done", i18n.Args{"wave": d.Wave, "date": i18n.Date(p.lang, d.At.Local()), "contacts": d.Contacts})
	}
	if at, err := time.Parse(time.RFC3339, s.At); err == nil {
		p.say("cli.purge_due", i18n.Args{"date": i18n.DateTime(p.lang, at.Local())})
	}
}
