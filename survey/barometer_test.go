package survey

import (
	"net/url"
	"strings"
	"testing"

	"viesti/internal/fault"
)

func barometer(t testing.TB) *Questionnaire {
	t.Helper()
	q, err := Load("partnership-barometer")
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// route is the pages that somebody with these answers is shown.
func route(q *Questionnaire, a Answers) string {
	var ids []string
	for page := q.Next(-1, a); page < len(q.Pages); page = q.Next(page, a) {
		ids = append(ids, q.Pages[page].ID)
	}
	return strings.Join(ids, " ")
}

func TestBranches(t *testing.T) {
	q := barometer(t)
	const head = "background cooperation dialogue information receptiveness programme "
	for name, c := range map[string]struct {
		answers Answers
		want    string
	}{
		"nothing answered": {Answers{}, head + "neither development"},
		"national": {
			Answers{"took_national": {Value: "yes"}, "national_activities": {Choices: []string{"training"}}},
			head + "national national_value development",
		},
		"both": {
			Answers{"took_national": {Value: "yes"}, "took_regional": {Value: "yes"}},
			head + "national national_value regional regional_value development",
		},
	} {
		if got := route(q, c.answers); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	for i := range q.Pages {
		if n, of := q.Number(i); of != 7 || n < 1 || n > 7 {
			t.Errorf("page %d is %d of %d", i, n, of)
		}
		if back := q.Previous(i+1, Answers{"took_national": {Value: "yes"}, "took_regional": {Value: "yes"}}); back > i {
			t.Errorf("before page %d comes %d", i+1, back)
		}
	}
}

func TestRelevantFollowsTheBranches(t *testing.T) {
	q := barometer(t)
	answers := Answers{
		"took_national": {Value: "no"}, "national_activities": {Choices: []string{"training"}},
		"national_usefulness": {Rows: map[string]string{"training": "5"}}, "org_type": {Value: "ngo"},
	}
	kept := q.Relevant(answers)
	if len(kept) != 2 || kept["org_type"].Value != "ngo" || kept["took_national"].Value != "no" {
		t.Errorf("%+v", kept)
	}
	answers["took_national"] = Answer{Value: "yes"}
	answers["national_usefulness"] = Answer{Rows: map[string]string{"training": "5", "webinars": "1"}}
	if rows := q.Relevant(answers)["national_usefulness"].Rows; len(rows) != 1 || rows["training"] != "5" {
		t.Errorf("rows of what was not chosen are kept: %v", rows)
	}
}

func items(t testing.TB, q *Questionnaire, page string) []Item {
	t.Helper()
	for i := range q.Pages {
		if q.Pages[i].ID == page {
			return q.Items(i, Answers{"took_national": {Value: "yes"}})
		}
	}
	t.Fatalf("no page %s", page)
	return nil
}

func TestCheck(t *testing.T) {
	q := barometer(t)
	for name, c := range map[string]struct {
		page, question, form string
		fault                string
	}{
		"a choice":            {"background", "org_type", "q.org_type=ngo", ""},
		"no such choice":      {"background", "org_type", "q.org_type=king", "survey.unknown_choice"},
		"two of one":          {"background", "org_type", "q.org_type=ngo&q.org_type=company", "survey.one_only"},
		"the same twice":      {"background", "org_type", "q.org_type=ngo&q.org_type=ngo", ""},
		"a grade":             {"cooperation", "grade_municipal", "q.grade_municipal=10", ""},
		"a grade too high":    {"cooperation", "grade_municipal", "q.grade_municipal=11", "survey.grade_range"},
		"a grade in words":    {"cooperation", "grade_municipal", "q.grade_municipal=ten", "survey.grade_range"},
		"a row":               {"cooperation", "conditions", "q.conditions.trust=5", ""},
		"no such column":      {"cooperation", "conditions", "q.conditions.trust=6", "survey.unknown_choice"},
		"a text":              {"development", "needs_text", "q.needs_text=" + url.QueryEscape("a\r\nb\x00\xff"), ""},
		"a text that is long": {"development", "needs_text", "q.needs_text=" + strings.Repeat("%C3%A4", 5000), "survey.too_long"},
	} {
		form, err := url.ParseQuery(c.form)
		if err != nil {
			t.Fatal(err)
		}
		checked := Check(items(t, q, c.page), form)
		switch f := checked.Faults[c.question]; {
		case c.fault == "" && (f != nil || checked.Answers[c.question].Empty()):
			t.Errorf("%s: %v, %+v", name, f, checked.Answers)
		case c.fault != "" && (f == nil || f.Key != c.fault):
			t.Errorf("%s: %v, want %s", name, f, c.fault)
		}
	}
	partners := items(t, q, "dialogue")[0]
	many := url.Values{}
	for _, o := range partners.Columns[:6] {
		many.Add(Field(partners.ID, ""), o.ID)
	}
	if f := Check([]Item{partners}, many).Faults[partners.ID]; f == nil || f.Key != "survey.too_many" {
		t.Errorf("six partners: %v", f)
	}
	if got, _ := clean(" a\r\nb\x00\t\xff ", 10, true); got != "a\nb \uFFFD" {
		t.Errorf("cleaned to %q", got)
	}
}

func TestApplyReplacesWhatWasAsked(t *testing.T) {
	before := Answers{"a": {Value: "1"}, "b": {Value: "2"}, "c": {Value: "3"}}
	got := Checked{Asked: []string{"a", "b"}, Answers: Answers{"b": {Value: "9"}}}.Apply(before)
	if len(got) != 2 || got["b"].Value != "9" || got["c"].Value != "3" || len(before) != 3 {
		t.Errorf("%+v from %+v", got, before)
	}
}

const head = `id = "x"
minutes = [1, 2]
title = { fi = "a", sv = "b", en = "c" }
intro = { fi = "a", sv = "b", en = "c" }
thanks = { fi = "a", sv = "b", en = "c" }
[scale.s]
option = [{ id = "1", text = { fi = "a", sv = "b", en = "c" } }, { id = "2", text = { fi = "a", sv = "b", en = "c" } }]
[[page]]
id = "one"
title = { fi = "a", sv = "b", en = "c" }
[[page.question]]
id = "q"
type = "single"
scale = "s"
text = { fi = "a", sv = "b", en = "c" }
`

func TestFaultsNameTheirLine(t *testing.T) {
	page := "[[page]]\nid = \"two\"\ntitle = { fi = \"a\", sv = \"b\", en = \"c\" }\n" // lines 16-18
	question := "[[page.question]]\nid = \"r\"\ntext = { fi = \"a\", sv = \"b\", en = \"c\" }\n"
	for name, c := range map[string]struct {
		more string
		line int
		key  string
	}{
		"of its own page":     {page + question + "type = \"text\"\nrelevance = 'r == \"x\"'\n", 23, "survey.later"},
		"of the wrong type":   {page + question + "type = \"text\"\nrelevance = 'q > 3'\n", 23, "survey.relevance"},
		"not true or false":   {page + question + "type = \"text\"\nrelevance = 'q'\n", 23, "survey.relevance"},
		"twice":               {page + "[[page.question]]\nid = \"q\"\ntype = \"text\"\ntext = { fi = \"a\", sv = \"b\", en = \"c\" }\n", 20, "survey.twice"},
		"a language missing":  {page + "[[page.question]]\nid = \"r\"\ntype = \"text\"\ntext = { fi = \"a\", en = \"c\" }\n", 22, "survey.text_missing"},
		"rows from one page":  {page + question + "type = \"matrix\"\nscale = \"s\"\nrows_from = \"q\"\n", 24, "survey.rows_from"},
		"a scale not there":   {page + question + "type = \"single\"\nscale = \"t\"\n", 23, "survey.unknown_scale"},
		"a grade upside down": {page + question + "type = \"grade\"\nmin = 5\nmax = 2\n", 24, "survey.grade_scale"},
		"a key not there":     {page + question + "type = \"text\"\ncolour = 1\n", 23, "fault.unknown_key"},
		"no question":         {page, 16, "survey.no_questions"},
	} {
		_, err := Parse("q.toml", []byte(head+c.more))
		found := false
		for _, f := range fault.All(err) {
			found = found || f.Key == c.key && f.Place.Line == c.line
		}
		if !found {
			t.Errorf("%s: want %s on line %d, got\n%v", name, c.key, c.line, err)
		}
	}
}
