package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"viesti/app"
	"viesti/i18n"
	"viesti/internal/fault"
)

func (p *program) mail() *cobra.Command {
	group := &cobra.Command{Use: "mail", Short: p.t("cli.short.mail", nil), Args: cobra.NoArgs, RunE: helpOnly}
	group.AddCommand(p.keygen(), p.dns())
	return group
}

// keygen writes keys where the configuration expects them, else beside it, and never over others.
func (p *program) keygen() *cobra.Command {
	return p.command("keygen", cobra.NoArgs, func(context.Context, []string) error {
		c, err := p.config()
		if err != nil {
			return err
		}
		keys, err := app.NewKeys(c)
		if err != nil {
			return err
		}
		out := struct {
			Written []string `json:"written"`
		}{}
		for _, k := range keys {
			if exists(k.File) {
				return fault.New(fault.Conflict, "cli.exists", i18n.Args{"file": k.File})
			}
		}
		for _, k := range keys {
			if err := writeSecret(k.File, k.PEM); err != nil {
				return fault.Wrap(err, fault.Unavailable, "cli.cannot_write", i18n.Args{"file": k.File})
			}
			out.Written = append(out.Written, k.File)
		}
		return p.show(out, func() {
			for _, name := range out.Written {
				p.say("cli.written", i18n.Args{"file": name})
			}
			p.say("cli.keygen_config", nil)
			for _, k := range keys {
				fmt.Fprintf(p.Stdout, "  %s = %q\n", k.Key, beside(c.Dir, k.File))
			}
			p.say("cli.keygen_next", nil)
		})
	})
}

// beside is a path as the configuration in dir has it.
func beside(dir, name string) string {
	if inside, err := filepath.Rel(dir, name); err == nil {
		return inside
	}
	return name
}

// writeSecret writes a new file that only its owner can read.
func writeSecret(name string, data []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}

func (p *program) dns() *cobra.Command {
	return p.command("dns", cobra.NoArgs, func(ctx context.Context, _ []string) error {
		l, err := p.letters("")
		if err != nil {
			return err
		}
		setup, err := l.Domain(ctx)
		if err != nil {
			return err
		}
		records := setup.Records(p.lang)
		return p.show(records, func() {
			for i, r := range records {
				if i > 0 {
					fmt.Fprintln(p.Stdout)
				}
				fmt.Fprintln(p.Stdout, "; "+r.Note)
				if line := r.Line(); line != "" {
					fmt.Fprintln(p.Stdout, line)
				}
			}
		})
	})
}
