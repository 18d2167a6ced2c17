package cli_test

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"viesti/app"
	"viesti/config"
	"viesti/i18n"
	"viesti/survey"
)

// write sends answers to an open question in a script, one for each line of a file: `write QUESTION FILE`.
func write(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: write QUESTION FILE")
	}
	ctx := context.Background()
	c, err := config.Load(filepath.Join(ts.MkAbs("."), "config.toml"), func(name string) (string, bool) { v := ts.Getenv(name); return v, v != "" })
	ts.Check(err)
	a, err := app.New(ctx, c, app.Options{})
	ts.Check(err)
	defer func() { ts.Check(a.Close(ctx)) }()
	for i, text := range strings.Split(strings.TrimSpace(ts.ReadFile(args[1])), "\n") {
		key := survey.KeyOf(args[0] + string(rune('a'+i)))
		ts.Check(a.Store.CreateDraft(ctx, key, survey.Response{Wave: c.Survey.Wave, Lang: i18n.Fi, Day: "2026-01-02", State: survey.Started, Version: "1"}))
		ts.Check(a.Store.Submit(ctx, key, string(key), func(r *survey.Response) error {
			r.State, r.Answers = survey.Complete, survey.Answers{args[0]: {Text: text}}
			return nil
		}))
	}
}
