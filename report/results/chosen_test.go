package results

import (
	"testing"

	"viesti/report/disclosure"
	"viesti/survey"
)

// TestPassedOver holds an option against those who answered since it was shown: it may be left out only if none of
// them need have chosen it.
func TestPassedOver(t *testing.T) {
	option := func(id string, alone bool) choice { return choice{Option: survey.Option{ID: id, Exclusive: alone}} }
	s := &subject{
		Question: &survey.Question{ID: "needs", Type: survey.Multiple},
		options:  []choice{option("a", false), option("b", false), option("c", false), option("none", true)},
	}
	shown, hidden := disclosure.Shown, disclosure.Count{}
	was := func(c disclosure.Count) Item {
		item := Item{Figures: Figures{Answered: shown(30), Counts: []disclosure.Count{shown(20), shown(10), c, shown(6)}}}
		for _, o := range s.options {
			item.Categories = append(item.Categories, Category{ID: o.ID, Options: []string{o.ID}})
		}
		return item
	}
	for _, c := range []struct {
		name   string
		option int
		was    Item
		counts []int64 // now, of 60 who answered
		held   int64
		want   bool
	}{
		{"the others chose one each", 1, was(shown(0)), []int64{48, 12, 0, 6, 0}, 0, false},
		{"the others chose two more", 1, was(shown(0)), []int64{50, 12, 0, 6, 0}, 0, true},
		{"what else was chosen may have been chosen before", 1, was(hidden), []int64{48, 12, 9, 6, 0}, 0, false},
		{"it was not shown", 2, was(hidden), []int64{60, 12, 9, 6, 0}, 0, false},
		{"some went on from it", 1, was(shown(0)), []int64{50, 12, 0, 6, 0}, 1, false},
		{"alone, and so bound to it", 3, was(shown(0)), []int64{46, 12, 0, 8, 0}, 0, false},
		{"alone, though the others would do for all", 3, was(shown(0)), []int64{46, 16, 0, 8, 0}, 0, true},
		{"taken out of the questionnaire", 4, was(shown(0)), []int64{50, 12, 0, 6, 2}, 0, false},
	} {
		f := figures{answered: 60, counts: c.counts, held: make([]int64, 5)}
		f.held[c.option] = c.held
		if got := (&builder{}).passedOver(scheme{subject: s}, f, c.was, c.option); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
