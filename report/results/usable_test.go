package results

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"viesti/report/disclosure"
	"viesti/survey"
)

// much is how much of what could be shown by group is.
type much struct{ means, ofMeans, cells, joint, ofCells int }

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
		for c, n := range row.Counts {
			m.ofCells++
			if _, shown := n.Value(); shown {
				m.cells++
			} else if row.Joint.Holds(c) {
				m.joint++
			}
		}
	}
}

// shares are in a hundred; cells those that are shown, by themselves or together with their neighbours.
func (m much) shares() (means, cells int) {
	return 100 * m.means / max(1, m.ofMeans), 100 * (m.cells + m.joint) / max(1, m.ofCells)
}

func (m much) String() string {
	means, cells := m.shares()
	return fmt.Sprintf("%d %% of %d group means, %d %% of %d cells (%d by themselves)", means, m.ofMeans, cells, m.ofCells, m.cells)
}

// Safe and of no use would be easy: of a survey as large as the barometer most has to be seen by group.
func TestMuchIsShown(t *testing.T) {
	q := barometer(t)
	for _, c := range []struct{ respondents, means, cells int }{{375, 85, 68}, {800, 80, 70}} {
		var m much
		for seed := range uint64(2) {
			r := finalOf(t, q, c.respondents, seed)
			m.add(r)
			for _, p := range r.Pages {
				for _, q := range p.Questions {
					follows(t, q)
				}
			}
		}
		t.Logf("of %d answers are shown: %s", c.respondents, m)
		if means, cells := m.shares(); means < c.means || cells < c.cells {
			t.Errorf("of %d answers are shown: %s", c.respondents, m)
		}
	}
}

func finalOf(t *testing.T, q *survey.Questionnaire, respondents int, seed uint64) Results {
	t.Helper()
	w := &world{}
	w.respondents(q, rand.New(rand.NewPCG(seed, 3)), respondents, opens.Format(time.DateOnly))
	r, err := w.reporter(q, closes.Add(48*time.Hour)).Results(t.Context())
	must(t, err)
	return r
}

// follows checks that what is shown beside counts and means says nothing new: intervals, and counts of
// several categories together.
func follows(t *testing.T, q Question) {
	t.Helper()
	for _, item := range q.Items {
		if item.Summary == nil || q.Type == survey.Number {
			continue
		}
		spread := spreadOf(t, q, item)
		check := func(f Figures) {
			if f.Summary == nil {
				return
			}
			low, high, ok := spread.Interval(f.Summary.Mean, f.Summary.N)
			if ok != (f.Summary.Low != nil) || ok && (low != *f.Summary.Low || high != *f.Summary.High) {
				t.Errorf("%s %s: the interval of %+v is not %v to %v", q.ID, item.ID, *f.Summary, low, high)
			}
		}
		check(item.Figures)
		for _, d := range item.Divisions {
			for _, row := range d.Rows {
				check(row)
				left, _ := row.Answered.Value()
				for _, c := range row.Counts {
					n, _ := c.Value()
					left -= n
				}
				if row.Joint != nil && (row.Joint.N != left || left < 5) {
					t.Errorf("%s %s: %d are left of %+v", q.ID, item.ID, left, row)
				}
				if row.Summary != nil && row.Summary.Median != nil {
					t.Errorf("%s %s: a group's median", q.ID, item.ID)
				}
			}
		}
	}
}

// spreadOf is worked out of the counts that are shown.
func spreadOf(t *testing.T, q Question, item Item) disclosure.Spread {
	t.Helper()
	var values []float64
	var counts []int64
	place := 0.0
	for i, c := range item.Categories {
		if c.DontKnow || slices.Contains(c.Options, goneID) {
			continue
		}
		var sum float64
		for _, id := range c.Options {
			place++
			x := place
			if q.Type == survey.Grade {
				var err error
				x, err = strconv.ParseFloat(id, 64)
				must(t, err)
			}
			sum += x
		}
		values, counts = append(values, sum/float64(len(c.Options))), append(counts, number64(item.Counts[i]))
	}
	return disclosure.SpreadOf(values, counts)
}
