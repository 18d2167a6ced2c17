package cli

import (
	"context"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/server/paper"
	"viesti/survey"
)

// printCommand writes HTML alone: no library that is kept up makes a PDF that a screen reader can
// find its way in, and browsers do.
func (p *program) printCommand() *cobra.Command {
	var lang, out string
	cmd := p.command("print [DIR]", cobra.MaximumNArgs(1), func(_ context.Context, args []string) error {
		l, ok := i18n.ParseLang(lang)
		if !ok {
			p.note("cli.bad_lang", i18n.Args{"lang": lang})
			return exit{Usage}
		}
		if !slices.Contains([]string{".html", ".htm"}, filepath.Ext(out)) {
			return fault.New(fault.Invalid, "cli.print_type", nil)
		}
		q, err := survey.Load(p.questionnaireName(args))
		if err != nil {
			return err
		}
		raw, err := paper.File(q, l)
		if err != nil {
			return err
		}
		if err := p.put(out, raw); err != nil {
			return err
		}
		return p.show(map[string]string{"file": out}, func() { p.say("cli.wrote_file", i18n.Args{"file": out}) })
	})
	cmd.Flags().StringVar(&lang, "lang", string(i18n.Fi), p.t("cli.flag.lang", nil))
	cmd.Flags().StringVar(&out, "out", "", p.t("cli.flag.out", nil))
	_ = cmd.MarkFlagRequired("out") // the flag was defined just above
	return cmd
}
