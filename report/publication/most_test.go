package publication

import (
	"testing"

	"viesti/i18n"
	"viesti/report"
	"viesti/report/disclosure"
	"viesti/report/results"
	"viesti/survey"
)

// TestMostIsOfWhatIsShown makes sure that nothing is said to be most frequent beside what is hidden, nor what nobody chose.
func TestMostIsOfWhatIsShown(t *testing.T) {
	shown, hidden := disclosure.Shown, disclosure.Count{}
	for _, c := range []struct {
		counts []disclosure.Count
		want   string
	}{
		{[]disclosure.Count{shown(9), shown(30), shown(0)}, "Most often: b (75%), a (23%)."},
		{[]disclosure.Count{shown(9), shown(30), hidden}, "Most often, of the options that are shown: b (75%), a (23%)."},
		{[]disclosure.Count{shown(0), shown(0), hidden}, ""},
	} {
		item := results.Item{Figures: results.Figures{Answered: shown(40), Counts: c.counts}}
		for _, id := range []string{"a", "b", "c"} {
			item.Categories = append(item.Categories, results.Category{ID: id, Text: i18n.Text{i18n.En: id}})
		}
		w := newWriter(results.Results{}, report.Rates{}, Options{}, i18n.En)
		if got := w.most(results.Question{Type: survey.Multiple, Items: []results.Item{item}}); got != c.want {
			t.Errorf("%v: %q", c.counts, got)
		}
	}
}
