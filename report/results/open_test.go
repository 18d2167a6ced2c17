package results

import (
	"slices"
	"testing"

	"viesti/report/disclosure"
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
		{"more than wrote", true, disclosure.Shown(1), nil, false},
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
