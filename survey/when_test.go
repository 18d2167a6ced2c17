package survey

import (
	"strings"
	"testing"

	"viesti/i18n"
)

func TestWhen(t *testing.T) {
	q, err := Parse("q.toml", source(everyType))
	if err != nil {
		t.Fatal(err)
	}
	for condition, want := range map[string]string{
		``:                               "",
		`c == "yes"`:                     "Only if in question 1 (“c”) you chose: c",
		`"yes" == c`:                     "Only if in question 1 (“c”) you chose: c",
		`c != "yes"`:                     "Only if in question 1 (“c”) you did not choose: c",
		`not (c != "yes")`:               "Only if in question 1 (“c”) you chose: c",
		`c in ["yes", "no"]`:             "Only if in question 1 (“c”) you chose: c or c",
		`c not in ["yes", "no"]`:         "Only if in question 1 (“c”) you did not choose: c or c",
		`"x" in b`:                       "Only if in question 2 (“c”) you chose: c",
		`!("x" in b)`:                    "Only if in question 2 (“c”) you did not choose: c",
		`answered(b)`:                    "Only if you answered question 2 (“c”)",
		`c == ""`:                        "Only if you did not answer question 1 (“c”)",
		`c != ""`:                        "Only if you answered question 1 (“c”)",
		`!answered(c)`:                   "Only if you did not answer question 1 (“c”)",
		`m.x == "1"`:                     "Only if in question 3 (“c”), row “c”, you chose: c",
		`m["x"] != "1"`:                  "Only if in question 3 (“c”), row “c”, you did not choose: c",
		`g >= 3`:                         "Only if your answer to question 4 (“c”) is at least 3",
		`3 > g`:                          "Only if your answer to question 4 (“c”) is less than 3",
		`n == 2.5`:                       "Only if your answer to question 5 (“c”) is 2.5",
		`c == "yes" && g > 2 && n <= 1`:  "Only if in question 1 (“c”) you chose: c, and if your answer to question 4 (“c”) is greater than 2, and if your answer to question 5 (“c”) is at most 1",
		`c == "yes" || g < 2`:            "Only if in question 1 (“c”) you chose: c, or if your answer to question 4 (“c”) is less than 2",
		`c == "yes" && (g > 2 || n > 1)`: "Concerns only some respondents, depending on what they answered to these questions: 1 (“c”), 4 (“c”) and 5 (“c”)",
		`!(g > 2)`:                       "Concerns only some respondents, depending on what they answered to these questions: 4 (“c”)",
		`g != 2`:                         "Concerns only some respondents, depending on what they answered to these questions: 4 (“c”)",
		`p[0] == "x"`:                    "Concerns only some respondents, depending on what they answered to these questions: 6 (“c”)",
		`len(b) > 1`:                     "Concerns only some respondents, depending on what they answered to these questions: 2 (“c”)",
		`d > "2027-01-01"`:               "Concerns only some respondents, depending on what they answered to these questions: 7 (“c”)",
		`c == "nobody"`:                  "Concerns only some respondents, depending on what they answered to these questions: 1 (“c”)",
		`true`:                           "Concerns only some respondents",
		`((`:                             "Concerns only some respondents",
	} {
		if got := strings.TrimSuffix(q.When(condition, i18n.En), "."); got != want {
			t.Errorf("%s: %s\nwant %s", condition, got, want)
		}
	}
}

func TestWhenInThreeLanguages(t *testing.T) {
	q := barometer(t)
	for lang, want := range map[i18n.Lang]string{
		i18n.Fi: "”): Kyllä.", i18n.Sv: "”) har valt: Ja.", i18n.En: "”) you chose: Yes.",
	} {
		if got := q.When(`took_national == "yes"`, lang); !strings.HasSuffix(got, want) {
			t.Errorf("%s: %s", lang, got)
		}
	}
}

// Whatever a single slip makes of a questionnaire, what can be read of it can be shown.
func TestAnySlipCanBeShown(t *testing.T) {
	lines := strings.Split(string(source(everyType+"relevance = 'c == \"yes\" && g > 2'\n")), "\n")
	show := func(slip string, changed []string) {
		defer func() {
			if p := recover(); p != nil {
				t.Errorf("%s: %v", slip, p)
			}
		}()
		q, faults := inspect("q.toml", []byte(strings.Join(changed, "\n")))
		for _, f := range faults {
			Spot(f.Place)
		}
		if q == nil {
			return
		}
		walk(q)
		for page := range q.Pages {
			q.Whole(page)
			q.Depends(page)
			for _, question := range q.Pages[page].Questions {
				q.When(question.Relevance, i18n.Fi)
			}
		}
	}
	ids := []string{"c", "b", "m", "g", "second", "third", "nobody", "single", "multiple", "matrix", "grade", "rank", "info"}
	for i, line := range lines {
		before, after := lines[:i:i], lines[i+1:]
		show("without "+line, append(before, after...))
		show("twice "+line, append(append(before, line, line), after...))
		key, value, ok := strings.Cut(line, " = ")
		if !ok || !strings.HasPrefix(value, `"`) {
			continue
		}
		for _, id := range ids {
			show(line+" as "+id, append(append(before, key+` = "`+id+`"`), after...))
			show(line+" and rows_from "+id, append(append(before, line, `rows_from = "`+id+`"`, `options_from = "`+id+`"`), after...))
		}
	}
}
