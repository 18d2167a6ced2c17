package results

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/internal/respondents"
	"viesti/report"
	"viesti/survey"
)

// world is a wave in memory: what was answered, asked and released.
type world struct {
	responses []survey.Response
	editions  []survey.Edition
	releases  [][]byte
}

func (w *world) ScanResponses(_ context.Context, wave, only string, reader func() func(survey.Response) error) error {
	readers := []func(survey.Response) error{reader(), reader()}
	for i, r := range w.responses {
		if r.Wave != wave {
			continue
		}
		if only != "" {
			a, ok := r.Answers[only]
			if r.Answers = nil; ok {
				r.Answers = survey.Answers{only: a}
			}
		}
		if err := readers[i%2](r); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) Responses(_ context.Context, wave string, each func(survey.Response) error) error {
	for _, r := range w.responses {
		if r.Wave == wave {
			if err := each(r); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *world) Tallies(_ context.Context, wave string) (list []survey.Tally, err error) {
	for _, r := range w.responses {
		if r.Wave == wave {
			list = append(list, survey.Tally{Cell: r.Cell(), N: 1})
		}
	}
	return list, nil
}

func (w *world) Editions(context.Context, string) ([]survey.Edition, error) { return w.editions, nil }

func (w *world) Releases(context.Context, string) ([][]byte, error) {
	return slices.Clone(w.releases), nil
}

func (w *world) AddRelease(_ context.Context, wave string, n int, document []byte) error {
	if n != len(w.releases) {
		return fault.New(fault.Conflict, "store.released", i18n.Args{"wave": wave})
	}
	w.releases = append(w.releases, document)
	return nil
}

var (
	opens  = time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)
	closes = time.Date(2026, 11, 30, 22, 0, 0, 0, time.UTC)
)

// reporter reports on a world as if it were then.
func (w *world) reporter(q *survey.Questionnaire, at time.Time) *Reporter {
	return &Reporter{
		Source: w, Questionnaire: q, Minimum: 5, Share: 0.25, Now: func() time.Time { return at },
		Period:    survey.Period{Wave: "2026", Opens: opens, Closes: closes, Zone: time.UTC},
		Organiser: same("Ministry"), Earlier: []report.Known{{Wave: "2022", Complete: 375}},
	}
}

// respondents adds people who answer at random: most like one another, as people are.
func (w *world) respondents(q *survey.Questionnaire, random *rand.Rand, n int, day string) {
	for range n {
		w.responses = append(w.responses, survey.Response{
			ID: fmt.Sprintf("%016x%016x", random.Uint64(), random.Uint64()), Wave: "2026", Lang: i18n.Fi, Day: day, State: survey.Complete, Version: q.Version, Answers: respondents.Answers(q, random),
		})
	}
}

func barometer(t testing.TB) *survey.Questionnaire {
	t.Helper()
	q, err := survey.Load("partnership-barometer")
	must(t, err)
	return q
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
