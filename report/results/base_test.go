package results

import (
	"testing"

	"viesti/report/disclosure"
	"viesti/survey"
)

func TestSharesAreOfThoseOnTheScale(t *testing.T) {
	categories := []Category{{ID: "agree"}, {ID: "disagree"}, {ID: "dk", DontKnow: true}}
	hidden := disclosure.Count{}
	for _, c := range []struct {
		name   string
		kind   survey.Type
		counts []disclosure.Count
		at     int
		want   int64
		shown  bool
	}{
		{"of a scale", survey.Matrix, []disclosure.Count{disclosure.Shown(20), disclosure.Shown(10), disclosure.Shown(8)}, 0, 30, true},
		{"who did not know, of all", survey.Matrix, []disclosure.Count{disclosure.Shown(20), disclosure.Shown(10), disclosure.Shown(8)}, 2, 38, true},
		{"of a scale with a hidden step", survey.Matrix, []disclosure.Count{disclosure.Shown(20), hidden, disclosure.Shown(8)}, 0, 30, true},
		{"of a scale of which all is shown", survey.Matrix, []disclosure.Count{disclosure.Shown(20), disclosure.Shown(10), hidden}, 0, 30, true},
		{"of a scale of an unknown number", survey.Matrix, []disclosure.Count{disclosure.Shown(20), hidden, hidden}, 0, 0, false},
		{"of several choices", survey.Multiple, []disclosure.Count{disclosure.Shown(20), disclosure.Shown(10), disclosure.Shown(8)}, 0, 38, true},
	} {
		f := Figures{Answered: disclosure.Shown(38), Counts: c.counts}
		if n, shown := (Question{Type: c.kind}).Base(categories, f, c.at).Value(); n != c.want || shown != c.shown {
			t.Errorf("%s: the share is of %d (%v), not of %d (%v)", c.name, n, shown, c.want, c.shown)
		}
	}
}
