package cli

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/spf13/cobra"

	"viesti/app"
	"viesti/config"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/report"
	"viesti/sample"
	"viesti/server/control"
	"viesti/survey"
)

func (p *program) init() *cobra.Command {
	return p.command("init [DIR]", cobra.MaximumNArgs(1), func(_ context.Context, args []string) error {
		dir := "."
		if len(args) == 1 {
			dir = args[0]
		}
		questionnaire, _ := survey.Builtin(config.Defaults().Survey.Questionnaire)
		folder := config.Defaults().Survey.Questionnaire
		return p.lay(dir, []file{
			{"config.toml", dated(p.Sample, time.Now())},
			{filepath.Join(folder, survey.FileName), questionnaire},
			{filepath.Join(folder, survey.SchemaFile), survey.Schema()},
			{"networks.csv", sample.Networks},
			{"contacts.csv", sample.Contacts},
			{report.EarlierFile, sample.EarlierWaves},
		}, func() { p.say("cli.begin_next", i18n.Args{"dir": dir}) })
	})
}

// file is one that a command writes for people to edit.
type file struct {
	name string
	data []byte
}

// lay writes what an organiser begins with, and never over what is there; next, if any, tells how
// to go on.
func (p *program) lay(dir string, files []file, next func()) error {
	written := struct {
		Written []string `json:"written"`
		Kept    []string `json:"kept"`
	}{[]string{}, []string{}}
	for _, f := range files {
		path := filepath.Join(dir, f.name)
		if exists(path) {
			written.Kept = append(written.Kept, path)
			continue
		}
		err := os.MkdirAll(filepath.Dir(path), 0o755)
		if err == nil {
			err = write(path, bytes.NewReader(f.data))
		}
		if err != nil {
			return fault.Wrap(err, fault.Unavailable, "cli.cannot_write", i18n.Args{"file": path})
		}
		written.Written = append(written.Written, path)
	}
	err := p.show(written, func() {
		for _, path := range written.Written {
			p.say("cli.written", i18n.Args{"file": path})
		}
		for _, path := range written.Kept {
			p.say("cli.kept", i18n.Args{"file": path})
		}
		if next != nil {
			next()
		}
	})
	if err == nil && len(written.Kept) > 0 {
		return exit{Partial}
	}
	return err
}

var dates = regexp.MustCompile(`(?m)^(opens|closes)( *= *)\S+`)

// dated gives the sample a wave that opened today and closes in four weeks.
func dated(raw []byte, now time.Time) []byte {
	zone, err := time.LoadLocation(config.Defaults().Survey.Timezone)
	if err != nil {
		zone = time.UTC
	}
	now = now.In(zone)
	opens := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, zone)
	closes := time.Date(now.Year(), now.Month(), now.Day()+28, 23, 59, 0, 0, zone)
	head, rest, _ := bytes.Cut(raw, []byte("\n[web]")) // further waves keep theirs
	head = dates.ReplaceAllFunc(head, func(line []byte) []byte {
		at := opens
		if bytes.HasPrefix(line, []byte("closes")) {
			at = closes
		}
		return dates.ReplaceAll(line, []byte("${1}${2}"+at.Format(time.RFC3339)))
	})
	return bytes.Join([][]byte{head, rest}, []byte("\n[web]"))
}

func (p *program) check() *cobra.Command {
	var online bool
	cmd := p.command("check", cobra.NoArgs, func(ctx context.Context, _ []string) error {
		out := control.Checked{Problems: control.Problems{Problems: control.Tell(p.offline(ctx), p.lang)}}
		if online && len(out.Problems.Problems) == 0 {
			err := p.with(ctx, func(c *client) error { return c.call(ctx, http.MethodGet, "/check", nil, &out) })
			if err != nil {
				return err
			}
		}
		problems := out.Problems.Problems
		out.Problems.Problems, out.Notes = append([]control.Problem{}, problems...), append([]control.Problem{}, out.Notes...)
		err := p.show(out, func() {
			p.tell(problems)
			p.tell(out.Notes)
			if len(problems) == 0 {
				p.say("cli.checked", nil)
			}
		})
		if err == nil && len(problems) > 0 {
			return exit{Usage}
		}
		return err
	})
	cmd.Flags().BoolVar(&online, "online", false, p.t("cli.flag.online", nil))
	return cmd
}

// offline is all that is wrong with the configuration, the questionnaire and the letters.
func (p *program) offline(ctx context.Context) fault.List {
	var list fault.List
	c, err := config.Load(p.configPath, p.Lookup)
	p.tell(control.Tell(c.Advice, p.lang))
	list = append(list, fault.All(err)...)
	if c.Dir == "" { // not even readable
		return list
	}
	for _, wave := range c.WaveIDs() {
		if w, ok := c.Waves[wave]; ok && wave != c.Survey.Wave && w.Closes.Before(time.Now()) {
			continue // its texts may be gone: nothing is sent or asked with them any more
		}
		in, err := c.In(wave)
		if err != nil {
			return append(list, fault.All(err)...)
		}
		q, err := survey.Load(in.QuestionnaireName())
		list = append(list, fault.All(err)...)
		if len(list) == 0 && wave == c.Survey.Wave {
			_, err = app.EarlierWaves(c, q)
			list = append(list, fault.All(err)...)
			list = append(list, fault.All(app.CheckReport(c, q))...)
		}
		if len(list) == 0 {
			list = append(list, app.CheckLetters(ctx, in, q)...)
		}
	}
	return list
}

func (p *program) serve() *cobra.Command {
	var verbose bool
	cmd := p.command("serve", cobra.NoArgs, func(ctx context.Context, _ []string) error {
		c, err := p.config()
		if err != nil {
			return err
		}
		level := slog.LevelInfo
		if verbose {
			level = slog.LevelDebug
		}
		a, err := app.New(ctx, c, app.Options{Log: p.logger(level), DNS: p.DNS})
		if err != nil {
			return err
		}
		err = a.Serve(ctx, func(r app.Running) {
			p.say("cli.serving", i18n.Args{"address": "http://" + r.Web, "url": c.Web.BaseURL})
		})
		if closed := a.Close(context.WithoutCancel(ctx)); err == nil {
			err = closed
		}
		if err == nil {
			fmt.Fprintln(p.Stdout, p.t("cli.stopped", nil))
		}
		return err
	})
	cmd.Flags().BoolVar(&verbose, "verbose", false, p.t("cli.flag.verbose", nil))
	return cmd
}
