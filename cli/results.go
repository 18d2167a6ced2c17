package cli

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/report/results"
	"viesti/server/control"
)

func (p *program) report() *cobra.Command {
	var out, lang string
	var in control.ReportRequest
	cmd := p.command("report", cobra.NoArgs, func(ctx context.Context, _ []string) error {
		in.Lang = i18n.Lang(lang)
		return p.with(ctx, func(c *client) error { return p.writeReport(ctx, c, in, out) })
	})
	cmd.Flags().StringVar(&out, "out", "", p.t("cli.flag.report_out", nil))
	cmd.Flags().StringVar(&lang, "lang", "", p.t("cli.flag.report_lang", nil))
	p.waveFlag(cmd, &in.Wave)
	_ = cmd.MarkFlagRequired("out") // it exists
	return cmd
}

// writeReport writes a report beside where it is to be, and puts it there when it is whole.
func (p *program) writeReport(ctx context.Context, c *client, in control.ReportRequest, out string) error {
	out = filepath.Clean(out)
	if err := replaceable(out); err != nil {
		return err
	}
	failed := func(err error) error {
		return fault.Wrap(err, fault.Unavailable, "cli.cannot_write", i18n.Args{"file": out})
	}
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return failed(err)
	}
	dir, err := os.MkdirTemp(filepath.Dir(out), ".viesti-*")
	if err != nil {
		return failed(err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // gone when it was renamed
	names, err := p.receive(ctx, c, "/report", in, dir)
	if err != nil {
		return err
	}
	var r results.Results
	raw, err := os.ReadFile(filepath.Join(dir, control.ResultsFile))
	if err == nil {
		err = json.Unmarshal(raw, &r)
	}
	if err != nil {
		return fault.Wrap(err, fault.Internal, "cli.broken_answer", nil)
	}
	if err := swap(dir, out); err != nil {
		return failed(err)
	}
	return p.show(written{Wave: r.Wave, Final: r.Final, Minimum: r.Minimum, Out: out, Files: names}, func() {
		p.say("cli.report_written", i18n.Args{"file": filepath.Join(out, "index.html")})
		p.standing(r)
	})
}

// written is what report and export say as JSON.
type written struct {
	Wave    string   `json:"wave,omitempty"`
	Final   bool     `json:"final"`
	Minimum int64    `json:"minimum"`
	Full    bool     `json:"full,omitempty"`
	Out     string   `json:"out"`
	Files   []string `json:"files"`
}

// replaceable refuses to write over what is no report.
func replaceable(out string) error {
	entries, err := os.ReadDir(out)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	isReport := slices.ContainsFunc(entries, func(e os.DirEntry) bool { return e.Name() == control.ResultsFile })
	if info, lerr := os.Lstat(out); err != nil || lerr != nil || !info.IsDir() || len(entries) > 0 && !isReport {
		return fault.New(fault.Conflict, "cli.not_a_report", i18n.Args{"file": out})
	}
	return nil
}

// swap puts a folder in place of another, which is taken away when the new one stands.
func swap(dir, out string) error {
	if err := os.Chmod(dir, 0o755); err != nil { //nolint:gosec // a report is for everybody
		return err
	}
	aside := dir + ".old"
	err := os.Rename(out, aside)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if renamed := os.Rename(dir, out); renamed != nil {
		if err == nil {
			_ = os.Rename(aside, out)
		}
		return renamed
	}
	return os.RemoveAll(aside)
}

// standing says what figures are: of whom, under which rule, and whether they will change.
func (p *program) standing(r results.Results) {
	if n, ok := r.Respondents.Value(); ok {
		p.say("cli.results_of", i18n.Args{"n": n})
	} else {
		p.say("cli.results_too_few", i18n.Args{"minimum": r.Minimum})
	}
	p.say("cli.results_rule", i18n.Args{"minimum": r.Minimum})
	switch {
	case r.Frozen:
		p.say("cli.results_frozen", nil)
	case r.Final:
		p.say("cli.results_final", i18n.Args{"day": p.date(r.Day)})
	default:
		p.say("cli.results_open", nil)
	}
	if r.Late && !r.Frozen {
		p.say("cli.results_late", nil)
	}
}

// date is a day of a document in the language's own form.
func (p *program) date(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return i18n.Date(p.lang, t)
}

func (p *program) export() *cobra.Command {
	var out, lang string
	var in control.ExportRequest
	cmd := p.command("export", cobra.NoArgs, func(ctx context.Context, _ []string) error {
		in.Lang = i18n.Lang(lang)
		return p.with(ctx, func(c *client) error { return p.writeExport(ctx, c, in, out) })
	})
	cmd.Short = p.t("cli.short.export_answers", nil)
	flags := cmd.Flags()
	flags.StringVar(&in.Format, "format", "", p.t("cli.flag.export_format", nil))
	flags.StringVar(&out, "out", "", p.t("cli.flag.export_out", nil))
	flags.StringVar(&lang, "lang", string(p.lang), p.t("cli.flag.export_lang", nil))
	flags.BoolVar(&in.Full, "full", false, p.t("cli.flag.export_full", nil))
	flags.BoolVar(&in.Tables, "tables", false, p.t("cli.flag.export_tables", nil))
	p.waveFlag(cmd, &in.Wave)
	for _, name := range []string{"format", "out"} {
		_ = cmd.MarkFlagRequired(name) // they exist
	}
	cmd.MarkFlagsMutuallyExclusive("full", "tables")
	return cmd
}

func (p *program) writeExport(ctx context.Context, c *client, in control.ExportRequest, out string) error {
	failed := func(err error) error {
		return fault.Wrap(err, fault.Unavailable, "cli.cannot_write", i18n.Args{"file": out})
	}
	in.Name = filepath.Base(out)
	if info, err := os.Stat(out); err == nil && info.IsDir() {
		return failed(errors.New("it is a folder"))
	}
	dir, err := os.MkdirTemp(filepath.Dir(out), ".viesti-*")
	if err != nil {
		return failed(err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // empty when all was renamed
	if in.Full {
		p.note("cli.export_full", nil)
	}
	names, err := p.receive(ctx, c, "/export", in, dir)
	if err != nil {
		return err
	}
	var r results.Results
	if err := c.call(ctx, http.MethodGet, "/results?"+url.Values{"wave": {in.Wave}}.Encode(), nil, &r); err != nil {
		return err
	}
	for i, name := range names {
		names[i] = filepath.Join(filepath.Dir(out), name)
		if err := os.Rename(filepath.Join(dir, name), names[i]); err != nil {
			return failed(err)
		}
	}
	if !r.Final && !in.Full && !in.Tables {
		p.note("cli.export_tables", nil)
	}
	return p.show(written{Wave: r.Wave, Final: r.Final, Minimum: r.Minimum, Full: in.Full, Out: out, Files: names}, func() {
		for _, name := range names {
			p.say("cli.written", i18n.Args{"file": name})
		}
		if !in.Full {
			p.standing(r)
		}
	})
}

// receive takes the files that the server sends into a folder, and shows how far it has counted.
func (p *program) receive(ctx context.Context, c *client, path string, in any, dir string) (names []string, err error) {
	stop := p.watch(ctx, c)
	defer stop()
	res, err := c.send(ctx, http.MethodPost, path, in)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	_, params, err := mime.ParseMediaType(res.Header.Get("Content-Type"))
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "cli.broken_answer", nil)
	}
	for parts := multipart.NewReader(res.Body, params["boundary"]); ; {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return names, nil
		}
		if err != nil {
			return names, fault.Wrap(err, fault.Unavailable, "cli.server_gone", nil)
		}
		name := part.FileName()
		if name == "" || !filepath.IsLocal(name) || strings.ContainsAny(name, `/\`) {
			return names, fault.New(fault.Internal, "cli.broken_answer", nil)
		}
		if err := write(filepath.Join(dir, name), part); err != nil {
			return names, fault.Wrap(err, fault.Unavailable, "cli.cannot_write", i18n.Args{"file": name})
		}
		_ = os.Chmod(filepath.Join(dir, name), 0o644) //nolint:gosec // for whoever may read the folder
		names = append(names, name)
	}
}

// watch draws how far the counting has come, on a terminal only, until it is stopped.
func (p *program) watch(ctx context.Context, c *client) (stop func()) {
	if !p.terminal() {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		var bar *progressbar.ProgressBar
		for ticker := time.NewTicker(glance); ; {
			select {
			case <-ctx.Done():
				ticker.Stop()
				_ = p.finish(bar)
				return
			case <-ticker.C:
			}
			var n control.Counted
			if c.call(ctx, http.MethodGet, "/counted", nil, &n) == nil && n.All > 0 {
				if bar == nil {
					bar = progressbar.NewOptions64(n.All, progressbar.OptionSetWriter(p.Stderr), progressbar.OptionShowCount())
				}
				_ = bar.Set64(n.Done)
			}
		}
	}()
	return func() { cancel(); <-done }
}
