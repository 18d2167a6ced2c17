package respond_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"viesti/i18n"
	"viesti/survey"
)

// TestTypes goes through the lists, rankings and measures, with every page as it looks at first,
// after a fault and when it is come back to.
func TestTypes(t *testing.T) {
	for _, l := range i18n.Langs {
		t.Run(string(l), func(t *testing.T) {
			p := newPlace(t, "testdata/types")
			b := newBrowser(t, p, string(l)).get("/r/" + token)
			golden(t, b.press("start", nil), "lists")
			golden(t, b.press("next", fill{"q.region": {"kainuu"}, "q.partners": {"club", "town"}}), "ranking")
			golden(t, b.press("next", fill{"q.weight.town": {"1"}, "q.weight.club": {"1"}, "q.level": {"0"}}), "ranking-twice")
			b.press("next", fill{"q.weight.town": {"2"}, "q.weight.club": {"1"}, "q.level": {"0"}})
			golden(t, b.press("next", nil), "measures-missing")
			golden(t, b.press("next", fill{"q.years": {"61"}, "q.since": {"31.2.2020"}}), "measures-refused")
			b.press("back", fill{"q.years": {"12,50"}, "q.since": {"14.3.2020"}})
			golden(t, b, "ranking-kept")
			golden(t, b.press("next", nil), "measures-kept")
			golden(t, b.press("next", nil), "review-types")
			b.press("send", nil)
			var a survey.Answers
			err := p.store.Responses(t.Context(), "2026", func(r survey.Response) error { a = r.Answers; return nil })
			if err != nil {
				t.Fatal(err)
			}
			if a["region"].Value != "kainuu" || !slices.Equal(a["weight"].Choices, []string{"club", "town"}) ||
				a["level"].Value != "0" || a["years"].Value != "12.5" || a["since"].Value != "2020-03-14" || len(a) != 6 {
				t.Errorf("%+v", a)
			}
		})
	}
}

// TestRequiredIsAskedFor goes around the page that has a required question.
func TestRequiredIsAskedFor(t *testing.T) {
	p := newPlace(t, "testdata/types")
	b := newBrowser(t, p, "en").get("/r/"+token).press("start", nil)
	b.get("/r/"+token+"/page/3").press("back", nil)
	b.get("/r/"+token+"/page/3").press("save", nil)
	if strings.Contains(b.body, "class=\"faults\"") {
		t.Error("going back or saving asks for the required answer")
	}
	var missing survey.Incomplete
	if _, err := p.fw.Send(t.Context(), b.cookie, ""); !errors.As(err, &missing) || missing.Page != 2 {
		t.Errorf("sent without what is required: %v", err)
	}
	b.get("/r/" + token + "/page/3?due=1")
	if !strings.Contains(b.body, "class=\"faults\"") {
		t.Error("the page does not say what is missing")
	}
}
