package results

import (
	"slices"
	"testing"

	"viesti/report/disclosure"
	"viesti/survey"
)

// TestSpeak puts open answers in only where they may be, and only those of the figures' own days.
func TestSpeak(t *testing.T) {
	for _, c := range []struct {
		name   string
		final  bool
		given  disclosure.Count
		shown  []string
		unread bool
	}{
		{"before the close", false, disclosure.Shown(9), nil, false},
		{"how many is hidden", true, disclosure.Count{}, nil, false},
		{"more than it is told that wrote", true, disclosure.Shown(1), []string{"a"}, true},
		{"as it should be", true, disclosure.Shown(9), []string{"a", "b"}, true},
	} {
		r := Results{Final: c.final, Through: "2027-03-05", Pages: []Page{{Questions: []Question{{ID: "grade"}, {ID: "else", Open: &Open{Given: c.given}}}}}}
		r.Speak(func(question string) ([]string, bool) {
			if question != "else" {
				t.Errorf("%s: asked about %s", c.name, question)
			}
			return []string{"a", "b"}, true
		})
		if got := r.Pages[0].Questions[1].Open; !slices.Equal(got.Answers, c.shown) || got.Unread != c.unread || got.Given != c.given {
			t.Errorf("%s: %+v", c.name, got)
		}
		if !r.CountsDay("2027-03-05") || r.CountsDay("2027-03-06") || !(Results{}).CountsDay("2027-03-06") {
			t.Errorf("%s: days", c.name)
		}
	}
}

// TestOpenKeepsItsNumber makes sure that open answers are not lost where few wrote since they were counted: the
// number that was told stays, with its day.
func TestOpenKeepsItsNumber(t *testing.T) {
	told := func(day string, o Open) Results {
		return Results{Day: day, Pages: []Page{{Questions: []Question{{ID: "else", Open: &o}}}}}
	}
	s := &subject{id: "else", Question: &survey.Question{ID: "else", Type: survey.OpenText}}
	for _, c := range []struct {
		name    string
		earlier []Results
		wrote   int64
		given   disclosure.Count
		day     string
	}{
		{"the first", nil, 32, disclosure.Shown(32), ""},
		{"too few at first", nil, 3, disclosure.Count{}, ""},
		{"few since", []Results{told("2027-03-01", Open{Given: disclosure.Shown(32)})}, 34, disclosure.Shown(32), "2027-03-01"},
		{"few since twice", []Results{
			told("2027-03-01", Open{Given: disclosure.Shown(32)}), told("2027-03-02", Open{Given: disclosure.Shown(32), Day: "2027-03-01"}),
		}, 36, disclosure.Shown(32), "2027-03-01"},
		{"enough since", []Results{told("2027-03-01", Open{Given: disclosure.Shown(32)})}, 37, disclosure.Shown(37), ""},
	} {
		b := &builder{rule: disclosure.Rule{Minimum: 5}, counts: &counts{written: []int64{c.wrote}}, earlier: c.earlier}
		if o := b.open(s); o.Given != c.given || o.Day != c.day {
			t.Errorf("%s: %+v", c.name, *o)
		}
	}
}
