package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/server/control"
	"viesti/survey"
	"viesti/survey/exchange"
)

// formResult is what became of a questionnaire on its way from or to another tool's file.
type formResult struct {
	Written string            `json:"written,omitempty"`
	Losses  []control.Problem `json:"losses"` // what was not carried over
	Faults  []control.Problem `json:"faults"` // what has to be mended before it can be used
}

func (p *program) formResult(losses fault.List, wrong error) formResult {
	return formResult{Losses: control.Tell(losses, p.lang), Faults: control.Tell(fault.All(wrong), p.lang)}
}

func (p *program) importForm() *cobra.Command {
	var out, lang string
	cmd := p.command("import FILE", cobra.ExactArgs(1), func(_ context.Context, args []string) error {
		own, ok := i18n.ParseLang(lang)
		if lang != "" && !ok {
			return fault.New(fault.Invalid, "cli.bad_lang", i18n.Args{"lang": lang})
		}
		if out == "" {
			out = strings.TrimSuffix(filepath.Base(args[0]), filepath.Ext(args[0]))
		}
		path := filepath.Join(out, survey.FileName)
		if exists(path) {
			return fault.New(fault.Conflict, "cli.exists", i18n.Args{"file": path})
		}
		form, raw, err := p.form(args[0], own)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(out, 0o755); err != nil {
			return fault.Wrap(err, fault.Unavailable, "cli.cannot_write", i18n.Args{"file": path})
		}
		if err := write(path, bytes.NewReader(raw)); err != nil {
			return fault.Wrap(err, fault.Unavailable, "cli.cannot_write", i18n.Args{"file": path})
		}
		if schema := filepath.Join(out, survey.SchemaFile); !exists(schema) {
			if err := write(schema, bytes.NewReader(survey.Schema())); err != nil {
				return fault.Wrap(err, fault.Unavailable, "cli.cannot_write", i18n.Args{"file": schema})
			}
		}
		_, wrong := survey.Parse(path, raw)
		result := p.formResult(form.Losses, wrong)
		result.Written = path
		return p.formImported(result, out)
	})
	cmd.Short = p.t("cli.short.questionnaire_import", nil)
	cmd.Flags().StringVar(&out, "out", "", p.t("cli.flag.form_out", nil))
	cmd.Flags().StringVar(&lang, "lang", "", p.t("cli.flag.form_lang", nil))
	return cmd
}

// form reads another tool's file, and writes the questionnaire that it becomes.
func (p *program) form(file string, own i18n.Lang) (exchange.Form, []byte, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return exchange.Form{}, nil, fault.Wrap(err, fault.NotFound, "cli.no_file", i18n.Args{"file": file})
	}
	form, err := exchange.Read(file, data, own)
	if err != nil {
		return exchange.Form{}, nil, err
	}
	return form, form.Source(file, p.lang), nil
}

// formImported tells of an import. What has to be mended is often the same in every text, so people
// get its number and how to see it.
func (p *program) formImported(result formResult, dir string) error {
	err := p.show(result, func() {
		p.tell(result.Losses)
		p.say("cli.written", i18n.Args{"file": result.Written})
		if n := len(result.Losses); n > 0 {
			p.say("cli.form_losses", i18n.Args{"n": n})
		}
		if n := len(result.Faults); n > 0 {
			p.say("cli.form_faults", i18n.Args{"n": n, "dir": dir})
		}
	})
	if err == nil && len(result.Losses)+len(result.Faults) > 0 {
		return exit{Partial}
	}
	return err
}

func (p *program) exportForm() *cobra.Command {
	var name string
	cmd := p.command("export FILE.xlsx", cobra.ExactArgs(1), func(_ context.Context, args []string) error {
		file := args[0]
		if !strings.EqualFold(filepath.Ext(file), ".xlsx") {
			return fault.New(fault.Invalid, "cli.form_type", i18n.Args{"file": file})
		}
		if exists(file) {
			return fault.New(fault.Conflict, "cli.exists", i18n.Args{"file": file})
		}
		if name == "" {
			name = p.questionnaireName(nil)
		}
		q, err := survey.Load(name)
		if err != nil {
			return err
		}
		xlsx, losses, err := exchange.Write(q)
		if err != nil {
			return err
		}
		if err := write(file, bytes.NewReader(xlsx)); err != nil {
			return fault.Wrap(err, fault.Unavailable, "cli.cannot_write", i18n.Args{"file": file})
		}
		result := p.formResult(losses, nil)
		result.Written = file
		err = p.show(result, func() {
			p.tell(result.Losses)
			p.say("cli.written", i18n.Args{"file": file})
		})
		if err == nil && len(losses) > 0 {
			return exit{Partial}
		}
		return err
	})
	cmd.Short = p.t("cli.short.questionnaire_export", nil)
	cmd.Flags().StringVar(&name, "questionnaire", "", p.t("cli.flag.questionnaire", nil))
	return cmd
}

func (p *program) checkForm() *cobra.Command {
	cmd := p.command("check [DIR|FILE]", cobra.MaximumNArgs(1), func(_ context.Context, args []string) error {
		losses, wrong := p.looked(p.questionnaireName(args))
		result := p.formResult(losses, wrong)
		err := p.show(result, func() {
			p.tell(result.Losses)
			p.tell(result.Faults)
			if len(result.Losses)+len(result.Faults) == 0 {
				p.say("cli.checked", nil)
			}
		})
		switch {
		case err == nil && len(result.Faults) > 0:
			return exit{Usage}
		case err == nil && len(result.Losses) > 0:
			return exit{Partial}
		}
		return err
	})
	cmd.Short = p.t("cli.short.questionnaire_check", nil)
	return cmd
}

// looked finds what is wrong with a questionnaire: in a folder, in a TOML file, or in another
// tool's file as an import would write it.
func (p *program) looked(name string) (losses fault.List, wrong error) {
	info, err := os.Stat(name)
	if err != nil || info.IsDir() {
		_, wrong = survey.Load(name)
		return nil, wrong
	}
	if strings.EqualFold(filepath.Ext(name), ".toml") {
		raw, err := os.ReadFile(name)
		if err != nil {
			return nil, fault.Wrap(err, fault.Unavailable, "survey.unreadable", i18n.Args{"name": name})
		}
		_, wrong = survey.Parse(name, raw)
		return nil, wrong
	}
	form, raw, err := p.form(name, "")
	if err != nil {
		return nil, err
	}
	_, wrong = survey.Parse(survey.FileName, raw)
	return form.Losses, wrong
}
