package respond_test

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"viesti/i18n"
	"viesti/server/respond"
	"viesti/survey"
)

const awkward = `id = "awkward"
version = "1"
minutes = [1, 2]
title = T
intro = T
thanks = T
[[scale.s.option]]
id = "c"
text = T
[[scale.s.option]]
id = "b-c"
text = T
[[page]]
id = "one"
title = T
[[page.question]]
id = "way"
type = "single"
text = T
help = T
definition = T
option = [{ id = "help", text = T }, { id = "asked", text = T }, { id = "words", text = T, other = true }]
[[page.question]]
id = "list"
type = "single"
select = true
text = T
option = [{ id = "a", text = T }, { id = "b", text = T, other = true }]
[[page.question]]
id = "grid"
type = "matrix"
scale = "s"
required = true
text = T
row = [{ id = "a", text = T }, { id = "a-b", text = T }, { id = "c", text = T }]
`

// sheet draws the page of an awkward questionnaire as it is after a form was sent.
func sheet(t *testing.T, form url.Values) string {
	t.Helper()
	q, err := survey.Parse("q.toml", []byte(strings.ReplaceAll(awkward, "= T", `= { fi = "A", sv = "B", en = "C" }`)))
	if err != nil {
		t.Fatal(err)
	}
	s := respond.Sheet{Questionnaire: q, Lang: i18n.En, Form: form}
	checked := survey.Check(s.Items(), form)
	s.Answers, s.Faults = checked.Answers, checked.Faults
	for id, f := range survey.Missing(s.Items(), checked.Answers) {
		s.Faults[id] = f
	}
	page, err := s.Draw()
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

// Whatever ids an author gives, no two elements of a page share one: labels, descriptions and links
// would lead to the wrong place.
func TestKeysAreUnique(t *testing.T) {
	var seen []string
	for _, m := range regexp.MustCompile(` id="([^"]*)"`).FindAllStringSubmatch(sheet(t, url.Values{"q.way.~other": {strings.Repeat("x", 300)}}), -1) {
		if slices.Contains(seen, m[1]) {
			t.Errorf("two elements are called %s", m[1])
		}
		seen = append(seen, m[1])
	}
	if len(seen) < 20 {
		t.Errorf("only %q", seen)
	}
}

// The list of faults leads to the field that mends each: the words that are too long, and the
// first row that has no answer. That field, and no other, is marked.
func TestFaultsLeadToTheField(t *testing.T) {
	long := strings.Repeat("x", survey.OtherMax+1)
	page := sheet(t, url.Values{
		"q.way": {"words"}, "q.way.~other": {long}, "q.list": {"b"}, "q.list.~other": {long}, "q.grid.a": {"c"},
	})
	for _, id := range []string{"q-way-words", "q-list-words", "q-grid.a-b.c"} {
		if !strings.Contains(page, fmt.Sprintf(`href="#%s"`, id)) || !strings.Contains(page, fmt.Sprintf(`id="%s"`, id)) {
			t.Errorf("no link leads to %s", id)
		}
	}
	var marked []string
	for _, m := range regexp.MustCompile(` id="([^"]*)"[^>]* aria-invalid="true"`).FindAllStringSubmatch(page, -1) {
		marked = append(marked, m[1])
	}
	if want := []string{"q-way-words", "q-list-words"}; !slices.Equal(marked, want) {
		t.Errorf("marked are %q, want %q", marked, want)
	}
}
