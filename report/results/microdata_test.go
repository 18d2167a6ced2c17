package results

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"viesti/internal/fault"
)

// read takes the microdata apart: rows as codes.
func read(t *testing.T, m Microdata) (rows [][]Value) {
	t.Helper()
	must(t, m.Rows(func(row []Value) error {
		if len(row) != len(m.Variables) {
			t.Fatalf("%d cells, %d variables", len(row), len(m.Variables))
		}
		rows = append(rows, append([]Value(nil), row...))
		return nil
	}))
	return rows
}

// TestMicrodata holds the answers one by one against the rule and against the report: no combination
// of backgrounds and no answer within one has fewer than the minimum, and all counts are the report's.
func TestMicrodata(t *testing.T) {
	for seed := range uint64(4) {
		for _, q := range questionnaires(t) {
			random := rand.New(rand.NewPCG(seed, 6))
			w := &world{}
			w.respondents(q, random, 100+random.IntN(1500), "2026-11-10")
			r := w.reporter(q, closes.Add(48*time.Hour))
			m, err := r.Microdata(t.Context(), false)
			must(t, err)
			rows := read(t, m)
			if len(rows) != m.N || m.N == 0 || m.N > len(w.responses) {
				t.Fatalf("%d rows, N %d, %d responses", len(rows), m.N, len(w.responses))
			}
			alike, cells := map[string]int{}, map[string]int{}
			names := map[string]bool{}
			for _, v := range m.Variables {
				if names[v.Name] || v.Measure == Text {
					t.Errorf("variable %s is there twice, or a text", v.Name)
				}
				names[v.Name] = true
			}
			for _, row := range rows {
				key := ""
				for i, v := range m.Variables {
					if v.Background {
						key += fmt.Sprint(row[i].Number, row[i].Given, " ")
					}
				}
				alike[key]++
				for i, v := range m.Variables {
					if row[i].Given {
						cells[fmt.Sprint(key, "|", v.Name, "=", row[i].Number)]++
					}
				}
			}
			least := len(rows)
			for _, n := range alike {
				least = min(least, n)
			}
			if int64(least) != m.Anonymity || least < 5 {
				t.Errorf("anonymity %d, said to be %d", least, m.Anonymity)
			}
			for cell, n := range cells {
				if n < 5 {
					t.Errorf("%s is of %d", cell, n)
				}
			}
			if left := len(m.Variables) - len(m.Suppressed); len(q.Backgrounds()) > 0 && left < len(q.Backgrounds())-len(m.Suppressed) {
				t.Error("a background is gone, and nothing is said of it")
			}
		}
	}
}

// TestEverything is all that was answered, as it was answered, and says so.
func TestEverything(t *testing.T) {
	for _, q := range questionnaires(t) {
		w := &world{}
		w.respondents(q, rand.New(rand.NewPCG(1, 6)), 30, "2026-11-10")
		m, err := w.reporter(q, opens.AddDate(0, 0, 12)).Microdata(t.Context(), true)
		must(t, err)
		rows := read(t, m)
		if !m.Full || m.Minimum != 0 || len(rows) != 30 || m.N != 30 {
			t.Errorf("full %t, minimum %d, %d rows", m.Full, m.Minimum, len(rows))
		}
		given, answered := 0, 0
		for _, row := range rows {
			for i, v := range row {
				if v.Given {
					given++
					if width := len(v.Text); m.Variables[i].Measure == Text && width > m.Variables[i].Width {
						t.Errorf("%s is wider than was said", m.Variables[i].Name)
					}
				}
			}
		}
		for _, r := range w.responses {
			for _, a := range r.Answers {
				answered += len(a.Rows)
				if a.Value != "" {
					answered++
				}
				if a.Text != "" {
					answered++
				}
			}
		}
		if given < answered {
			t.Errorf("%d cells of at least %d answers", given, answered)
		}
	}
}

// TestNothingToExport has columns for nobody.
func TestNothingToExport(t *testing.T) {
	q := barometer(t)
	for n, want := range map[int]int{0: 0, 1: 0, 4: 0, 5: 5} {
		w := &world{}
		w.respondents(q, rand.New(rand.NewPCG(1, 6)), n, "2026-11-10")
		m, err := w.reporter(q, closes.Add(48*time.Hour)).Microdata(t.Context(), false)
		must(t, err)
		if rows := read(t, m); len(rows) != want || m.N != want {
			t.Errorf("%d people: %d rows", n, len(rows))
		}
	}
	w := &world{}
	_, err := w.reporter(nil, closes.Add(48*time.Hour)).Results(t.Context())
	if f := fault.Of(err); f == nil || f.Key != "results.no_questionnaire" {
		t.Errorf("nothing is known of what was asked: %v", err)
	}
}
