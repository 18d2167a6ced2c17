package cli

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/report/reading"
	"viesti/server/control"
)

// answers tells how far open answers are read, and takes them to a spreadsheet and back.
func (p *program) answers() *cobra.Command {
	var wave string
	group := p.command("answers", cobra.NoArgs, func(ctx context.Context, _ []string) error {
		return p.with(ctx, func(c *client) error {
			var out reading.Progress
			if err := c.call(ctx, http.MethodGet, "/answers?"+url.Values{"wave": {wave}}.Encode(), nil, &out); err != nil {
				return err
			}
			return p.show(out, func() { p.piles(out) })
		})
	})
	p.waveFlag(group, &wave)
	group.AddCommand(p.exportAnswers(), p.importAnswers())
	return group
}

func (p *program) piles(out reading.Progress) {
	if !out.Begun {
		p.say("reading.waits", i18n.Args{"from": i18n.DateTime(p.lang, out.From)})
		return
	}
	if len(out.Questions) == 0 {
		p.say("reading.none", nil)
		return
	}
	t := p.head("question", "given", "texts", "unread", "released", "withheld")
	few := false
	for _, q := range out.Questions {
		left := p.number(int64(q.Left()))
		if q.Few {
			left, few = "–", true
		}
		t.row(q.Question+"  "+short(cmp.Or(q.Title.In(p.lang), q.Question)), p.number(q.Given), p.number(int64(q.Texts)), left,
			p.number(int64(q.Released)), p.number(int64(q.Withheld)))
	}
	p.print(t)
	p.say("reading.progress", i18n.Args{"read": out.Read, "texts": out.Texts})
	if few {
		fmt.Fprintln(p.Stdout, "–  "+p.t("reading.too_few", nil))
	}
}

func (p *program) exportAnswers() *cobra.Command {
	var wave string
	cmd := p.command("export FILE", cobra.ExactArgs(1), func(ctx context.Context, args []string) error {
		file := args[0]
		if exists(file) {
			return fault.New(fault.Conflict, "cli.exists", i18n.Args{"file": file})
		}
		format := strings.TrimPrefix(strings.ToLower(filepath.Ext(file)), ".")
		return p.with(ctx, func(c *client) error {
			res, err := c.send(ctx, http.MethodGet, "/answers/export?"+url.Values{"wave": {wave}, "format": {format}}.Encode(), nil)
			if err != nil {
				return err
			}
			defer res.Body.Close() //nolint:errcheck // read to its end
			raw, err := io.ReadAll(res.Body)
			if err != nil {
				return fault.Wrap(err, fault.Unavailable, "cli.server_gone", nil)
			}
			if err := p.put(file, raw); err != nil {
				return err
			}
			return p.show(struct {
				Written string `json:"written"`
			}{file}, func() {
				p.say("cli.written", i18n.Args{"file": file})
				p.note("cli.answers_exported", nil)
			})
		})
	})
	cmd.Short = p.t("cli.short.answers_export", nil)
	p.waveFlag(cmd, &wave)
	return cmd
}

func (p *program) importAnswers() *cobra.Command {
	var wave string
	var in control.AnswersImport
	cmd := p.command("import FILE", cobra.ExactArgs(1), func(ctx context.Context, args []string) error {
		raw, err := os.ReadFile(args[0])
		if err != nil {
			return fault.Wrap(err, fault.NotFound, "cli.no_file", i18n.Args{"file": args[0]})
		}
		in.File = reading.File{Name: args[0], Data: raw}
		return p.with(ctx, func(c *client) error {
			var out reading.Import
			if err := c.call(ctx, http.MethodPost, "/answers/import?"+url.Values{"wave": {wave}}.Encode(), in, &out); err != nil {
				return err
			}
			return p.answersImported(out, in.DryRun)
		})
	})
	cmd.Short = p.t("cli.short.answers_import", nil)
	cmd.Flags().BoolVar(&in.DryRun, "dry-run", false, p.t("cli.flag.dry_run", nil))
	p.waveFlag(cmd, &wave)
	return cmd
}

func (p *program) answersImported(out reading.Import, dry bool) error {
	err := p.show(out, func() {
		for _, r := range out.Rejected {
			fmt.Fprintln(p.Stderr, r.Say(p.lang))
		}
		if dry {
			p.say("cli.dry_run", nil)
		}
		p.say("cli.answers_imported", i18n.Args{
			"added": out.Added, "updated": out.Updated, "unchanged": out.Unchanged, "rejected": len(out.Rejected),
		})
	})
	if err == nil && len(out.Rejected) > 0 {
		return exit{Partial}
	}
	return err
}
