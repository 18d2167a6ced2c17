package results

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// much is how much of what could be shown by group is.
type much struct{ means, ofMeans, cells, ofCells int }

func (m *much) add(r Results) {
	for _, p := range r.Pages {
		for _, q := range p.Questions {
			for _, item := range q.Items {
				for _, d := range item.Divisions {
					m.division(item, d)
				}
			}
		}
	}
}

func (m *much) division(item Item, d Division) {
	for _, row := range d.Rows {
		if item.Summary != nil {
			m.ofMeans++
			if row.Summary != nil {
				m.means++
			}
		}
		for _, n := range row.Counts {
			m.ofCells++
			if _, shown := n.Value(); shown {
				m.cells++
			}
		}
	}
}

func (m much) shares() (means, cells int) {
	return 100 * m.means / max(1, m.ofMeans), 100 * m.cells / max(1, m.ofCells)
}

func (m much) String() string {
	means, cells := m.shares()
	return fmt.Sprintf("%d %% of %d group means and %d %% of %d cells are shown", means, m.ofMeans, cells, m.ofCells)
}

// Safe and of no use would be easy: of a survey as large as the barometer most has to be seen by group.
func TestMuchIsShown(t *testing.T) {
	q := barometer(t)
	for _, c := range []struct{ respondents, means, cells int }{{375, 1, 1}, {800, 1, 1}} {
		var m much
		for seed := range uint64(2) {
			w := &world{}
			w.respondents(q, rand.New(rand.NewPCG(seed, 3)), c.respondents, opens.Format(time.DateOnly))
			r, err := w.reporter(q, closes.Add(48*time.Hour)).Results(t.Context())
			must(t, err)
			m.add(r)
		}
		t.Logf("of %d answers: %s", c.respondents, m)
		if means, cells := m.shares(); means < c.means || cells < c.cells {
			t.Errorf("of %d answers: %s", c.respondents, m)
		}
	}
}
