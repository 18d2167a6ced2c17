package bench

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"viesti/app"
	"viesti/contacts"
	"viesti/i18n"
	"viesti/link"
	"viesti/report"
	"viesti/survey"
)

// TestBenchRates measures rates over stores with 100,000 and with ten times as many answers.
func TestBenchRates(t *testing.T) {
	enabled(t)
	a := program(t, "")
	ctx := context.Background()
	codes := networks(t, a)
	have := 0
	for _, answers := range []int{100_000, 1_000_000} {
		fill(t, a, codes, have, answers)
		have = answers
		var took []float64
		for range 50 {
			begun := time.Now()
			if _, err := a.Reporter.Rates(ctx, report.Query{}); err != nil {
				t.Fatal(err)
			}
			took = append(took, float64(time.Since(begun))/1e6)
		}
		fmt.Printf("| rates of 200 networks with %d answers | %.2f ms | | | < 50 ms | |\n", answers, median(took))
	}
}

// networks are 200 networks, each with its letters' link.
func networks(t *testing.T, a *app.App) (codes []string) {
	t.Helper()
	ctx := context.Background()
	for i := range 200 {
		n := contacts.Network{ID: fmt.Sprint("net", i), Name: i18n.Text{i18n.Fi: "Verkko"}, Region: contacts.Regions[i%20], Target: 10}
		if _, err := a.Store.SaveNetworks(ctx, []contacts.Network{n}); err != nil {
			t.Fatal(err)
		}
		l, err := a.Links.Ensure(ctx, link.Key{Network: n.ID, Channel: link.Mail})
		if err != nil {
			t.Fatal(err)
		}
		codes = append(codes, l.Token)
	}
	return codes
}

// fill puts responses into the store: each through a draft, as respondents do.
func fill(t *testing.T, a *app.App, codes []string, from, to int) {
	t.Helper()
	var wg sync.WaitGroup
	next := atomic.Int64{}
	next.Store(int64(from))
	for range 256 {
		wg.Go(func() {
			ctx := context.Background()
			for i := next.Add(1); i <= int64(to); i = next.Add(1) {
				key := survey.KeyOf(fmt.Sprint(i))
				r := survey.Response{
					Wave: "bench", Link: codes[i%int64(len(codes))], Lang: i18n.Langs[i%3], Day: fmt.Sprintf("2026-11-%02d", 1+i%28), State: survey.Started,
					Answers: survey.Answers{"org_type": {Value: "ngo"}},
				}
				err := a.Store.CreateDraft(ctx, key, r)
				if err == nil {
					err = a.Store.Submit(ctx, key, fmt.Sprintf("%032x", i*2654435761), func(r *survey.Response) error {
						r.State = survey.Complete
						return nil
					})
				}
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
}
