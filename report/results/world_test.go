package results

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"viesti/i18n"
	"viesti/internal/fault"
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
		Source: w, Questionnaire: q, Minimum: 5, Now: func() time.Time { return at },
		Period:    survey.Period{Wave: "2026", Opens: opens, Closes: closes, Zone: time.UTC},
		Organiser: same("Ministry"), Earlier: []report.Known{{Wave: "2022", Complete: 375}},
	}
}

// respondents adds people who answer at random: most like one another, as people are.
func (w *world) respondents(q *survey.Questionnaire, random *rand.Rand, n int, day string) {
	for range n {
		answers := survey.Answers{}
		for i := range q.Pages {
			for j := range q.Pages[i].Questions {
				question := &q.Pages[i].Questions[j]
				if random.IntN(12) > 0 {
					if a := anAnswer(q, question, random); !a.Empty() {
						answers[question.ID] = a
					}
				}
			}
		}
		w.responses = append(w.responses, survey.Response{
			Wave: "2026", Lang: i18n.Fi, Day: day, State: survey.Complete, Version: q.Version, Answers: q.Relevant(answers),
		})
	}
}

// skewed is a place among n, the first ones more often.
func skewed(random *rand.Rand, n int) int {
	return int(float64(n) * random.Float64() * random.Float64())
}

func anAnswer(q *survey.Questionnaire, question *survey.Question, random *rand.Rand) (a survey.Answer) {
	options, rows := q.Choices(question)
	pick := func() string { return options[skewed(random, len(options))].ID }
	switch question.Type {
	case survey.Single:
		a.Value = pick()
	case survey.Grade:
		a.Value = strconv.Itoa(question.Max - skewed(random, question.Max-question.Min+1))
	case survey.Number:
		a.Value = strconv.Itoa(skewed(random, 40))
	case survey.Date:
		a.Value = fmt.Sprintf("2026-%02d-%02d", 1+random.IntN(12), 1+random.IntN(28))
	case survey.Matrix:
		a.Rows = map[string]string{}
		for _, row := range rows {
			if random.IntN(10) > 0 {
				a.Rows[row.ID] = pick()
			}
		}
	case survey.Multiple, survey.Rank:
		for range 1 + random.IntN(3) {
			o := options[skewed(random, len(options))]
			if o.Exclusive {
				return survey.Answer{Choices: []string{o.ID}}
			}
			if !slices.Contains(a.Choices, o.ID) && (question.Max == 0 || len(a.Choices) < question.Max) {
				a.Choices = append(a.Choices, o.ID)
			}
		}
	case survey.OpenText:
		if random.IntN(3) == 0 {
			a.Text = "Enemmän aikaa"
		}
	}
	return a
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
