package cli

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"viesti/app"
	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/mailer/letters"
	"viesti/survey"
)

func (p *program) letter() *cobra.Command {
	group := &cobra.Command{Use: "letter", Short: p.t("cli.short.letter", nil), Args: cobra.NoArgs, RunE: helpOnly}
	group.AddCommand(p.letterPreview(), p.letterTest(), p.letterSources())
	return group
}

// choice is which letters are meant.
type choice struct{ kind, lang, wave, network, out string }

func (p *program) choosing(cmd *cobra.Command, c *choice) {
	cmd.Flags().StringVar(&c.kind, "kind", "", p.t("cli.flag.letter_kind", i18n.Args{"kinds": strings.Join(letters.Kinds, ", ")}))
	cmd.Flags().StringVar(&c.lang, "lang", "", p.t("cli.flag.lang", nil))
	p.waveFlag(cmd, &c.wave)
}

// check refuses words that name no letter or language; empty ones are left to the caller.
func (c choice) check() error {
	if c.kind != "" && !slices.Contains(letters.Kinds, c.kind) {
		return fault.New(fault.NotFound, "letter.fault.kind", i18n.Args{"kinds": strings.Join(letters.Kinds, ", ")})
	}
	if _, ok := i18n.ParseLang(c.lang); c.lang != "" && !ok {
		return fault.New(fault.Invalid, "cli.bad_lang", i18n.Args{"lang": c.lang})
	}
	return nil
}

// letters reads what the letters of a wave are made of; empty: of the one in the field.
func (p *program) letters(wave string) (*app.Letters, error) {
	c, err := p.config()
	if err != nil {
		return nil, err
	}
	if c, err = c.In(wave); err != nil {
		return nil, err
	}
	q, err := survey.Load(c.QuestionnaireName())
	if err != nil {
		return nil, err
	}
	return app.NewLetters(c, q)
}

func (p *program) letterPreview() *cobra.Command {
	var c choice
	cmd := p.command("preview", cobra.NoArgs, func(ctx context.Context, _ []string) error {
		if err := c.check(); err != nil {
			return err
		}
		l, err := p.letters(c.wave)
		if err != nil {
			return err
		}
		network, err := p.previewed(ctx, c.network)
		if err != nil {
			return err
		}
		if c.out == "" {
			return p.printLetter(ctx, l, c, network)
		}
		return p.writeLetters(ctx, l, c, network)
	})
	p.choosing(cmd, &c)
	cmd.Flags().StringVar(&c.network, "network", "", p.t("cli.flag.letter_network", nil))
	cmd.Flags().StringVar(&c.out, "out", "", p.t("cli.flag.letter_out", nil))
	return cmd
}

// previewed is the network of that id; without one, a sample.
func (p *program) previewed(ctx context.Context, id string) (n contacts.Network, err error) {
	if id == "" {
		return app.Sample(), nil
	}
	err = p.with(ctx, func(c *client) error {
		var list []contacts.Network
		if err := c.call(ctx, http.MethodGet, "/networks", nil, &list); err != nil {
			return err
		}
		at := slices.IndexFunc(list, func(n contacts.Network) bool { return n.ID == id })
		if at < 0 {
			return fault.New(fault.NotFound, "campaign.unknown_network", i18n.Args{"network": id})
		}
		n = list[at]
		return nil
	})
	return n, err
}

// printLetter shows one letter: the invitation, if no other is asked for.
func (p *program) printLetter(ctx context.Context, l *app.Letters, c choice, n contacts.Network) error {
	if c.kind == "" {
		c.kind = letters.Kinds[0]
	}
	lang := p.lang
	if c.lang != "" {
		lang, _ = i18n.ParseLang(c.lang)
	}
	letter, err := l.Preview(ctx, c.kind, lang, n)
	if err != nil {
		return err
	}
	out := struct {
		Kind    string    `json:"kind"`
		Lang    i18n.Lang `json:"lang"`
		Subject string    `json:"subject"`
		Text    string    `json:"text"`
		HTML    string    `json:"html"`
	}{c.kind, lang, letter.Subject, letter.Text, letter.HTML}
	return p.show(out, func() { fmt.Fprintf(p.Stdout, "%s\n\n%s", letter.Subject, letter.Text) })
}

// writeLetters writes all that are asked for, over those of an earlier look.
func (p *program) writeLetters(ctx context.Context, l *app.Letters, c choice, n contacts.Network) error {
	if err := os.MkdirAll(c.out, 0o755); err != nil {
		return fault.Wrap(err, fault.Unavailable, "cli.letter_folder", i18n.Args{"folder": c.out})
	}
	written := []string{}
	for _, kind := range letters.Kinds {
		for _, lang := range i18n.Langs {
			if wanted, _ := i18n.ParseLang(c.lang); c.kind != "" && kind != c.kind || c.lang != "" && lang != wanted {
				continue
			}
			letter, err := l.Preview(ctx, kind, lang, n)
			if err != nil {
				return err
			}
			for ending, data := range map[string][]byte{".eml": letter.Raw, ".html": []byte(letter.HTML), ".txt": []byte(letter.Text)} {
				name := filepath.Join(c.out, kind+"."+string(lang)+ending)
				if err := p.put(name, data); err != nil {
					return err
				}
				written = append(written, name)
			}
		}
	}
	slices.Sort(written)
	out := struct {
		Written []string `json:"written"`
	}{written}
	return p.show(out, func() {
		for _, name := range written {
			p.say("cli.written", i18n.Args{"file": name})
		}
	})
}

func (p *program) letterTest() *cobra.Command {
	var c choice
	cmd := p.command("test ADDRESS", cobra.ExactArgs(1), func(ctx context.Context, args []string) error {
		if err := c.check(); err != nil {
			return err
		}
		l, err := p.letters(c.wave)
		if err != nil {
			return err
		}
		lang := p.lang
		if c.lang != "" {
			lang, _ = i18n.ParseLang(c.lang)
		}
		if c.kind == "" {
			c.kind = "test"
		}
		if err := l.Test(ctx, c.kind, lang, args[0], p.logger(slog.LevelError)); err != nil {
			return err
		}
		out := struct {
			Kind string `json:"kind"`
			To   string `json:"to"`
		}{c.kind, args[0]}
		return p.show(out, func() { p.say("cli.letter_sent", i18n.Args{"email": args[0]}) })
	})
	p.choosing(cmd, &c)
	return cmd
}

func (p *program) letterSources() *cobra.Command {
	return p.command("sources DIR", cobra.ExactArgs(1), func(_ context.Context, args []string) error {
		var files []file
		err := fs.WalkDir(letters.Sources(), ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			raw, err := fs.ReadFile(letters.Sources(), name)
			files = append(files, file{filepath.FromSlash(name), raw})
			return err
		})
		if err != nil {
			return err
		}
		return p.lay(args[0], files, nil)
	})
}
