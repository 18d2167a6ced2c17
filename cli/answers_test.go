package cli_test

import (
	"context"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"

	"viesti/config"
	"viesti/i18n"
	"viesti/internal/respondents"
	"viesti/store/bolt"
	"viesti/survey"
)

// answers puts sent answers into the store of a script: `answers 40 2026-11-10`. Who they are is the
// same in each run.
func answers(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: answers NUMBER DAY")
	}
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	c, err := config.Load(ts.MkAbs("config.toml"), func(name string) (string, bool) { v := ts.Getenv(name); return v, v != "" })
	ts.Check(err)
	q, err := survey.Load(c.QuestionnaireName())
	ts.Check(err)
	ctx := context.Background()
	store, err := bolt.Open(ctx, bolt.Options{Path: c.Store.Path})
	ts.Check(err)
	defer store.Close() //nolint:errcheck // what it kept is read again
	ts.Check(store.KeepEdition(ctx, c.Survey.Wave, q.Edition(args[1])))
	random := rand.New(rand.NewPCG(uint64(n), uint64(len(args[1])+int(args[1][9])))) //nolint:gosec // made-up people
	for i := range n {
		var id [16]byte
		for j := range id {
			id[j] = byte(random.Uint32())
		}
		key := survey.KeyOf(fmt.Sprint(args, i))
		ts.Check(store.CreateDraft(ctx, key, survey.Response{
			Wave: c.Survey.Wave, Lang: i18n.Fi, Day: args[1], State: survey.Started, Version: q.Version,
		}))
		ts.Check(store.Submit(ctx, key, hex.EncodeToString(id[:]), func(r *survey.Response) error {
			r.State, r.Answers = survey.Complete, respondents.Answers(q, random)
			return nil
		}))
	}
}
