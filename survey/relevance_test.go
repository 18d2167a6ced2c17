package survey

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// chain is a questionnaire in which each page depends on the one before it.
const chain = `id = "chain"
version = "1"
minutes = [1, 2]
title = T
intro = T
thanks = T
[scale.s]
option = [{ id = "1", text = T }, { id = "2", text = T }]
[[page]]
id = "first"
title = T
[[page.question]]
id = "a"
type = "single"
text = T
option = [{ id = "yes", text = T }, { id = "no", text = T }]
[[page]]
id = "second"
title = T
relevance = 'a == "yes"'
[[page.question]]
id = "b"
type = "multiple"
text = T
option = [{ id = "x", text = T }, { id = "y", text = T }, { id = "own", text = T, other = true }, { id = "none", text = T, exclusive = true }]
[[page]]
id = "third"
title = T
continues = true
[[page.question]]
id = "c"
type = "text"
relevance = '"x" in b'
text = T
[[page.question]]
id = "m"
type = "matrix"
scale = "s"
rows_from = "b"
text = T
[[page]]
id = "fourth"
title = T
relevance = 'c != "" || m.y == "1"'
[[page.question]]
id = "g"
type = "grade"
min = 1
max = 5
text = T
[[page]]
id = "fifth"
title = T
relevance = 'g > 3'
[[page.question]]
id = "e"
type = "text"
text = T
`

func chained(t testing.TB) *Questionnaire {
	t.Helper()
	q, err := Parse("chain.toml", source(chain))
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func TestIrrelevantAnswersOpenNothing(t *testing.T) {
	q := chained(t)
	everything := Answers{
		"a": {Value: "yes"}, "b": {Choices: []string{"x", "y"}}, "c": {Text: "hi"},
		"m": {Rows: map[string]string{"x": "2", "y": "1"}}, "g": {Value: "4"}, "e": {Text: "end"},
	}
	for name, c := range map[string]struct {
		id   string
		now  Answer
		kept string
	}{
		"as it was":             {"a", everything["a"], "abcegm"},
		"the root":              {"a", Answer{Value: "no"}, "a"}, // b still says x, c still says hi, g still says 4
		"the root, unanswered":  {"a", Answer{}, ""},
		"a text, by its option": {"b", Answer{Choices: []string{"y"}}, "abegm"},
		"all, by an option":     {"b", Answer{Choices: []string{"none"}}, "ab"},
		"a grade":               {"g", Answer{Value: "3"}, "abcgm"},
	} {
		answers := maps.Clone(everything)
		answers[c.id] = c.now
		kept, ids := q.Relevant(answers), ""
		for _, id := range slices.Sorted(maps.Keys(kept)) {
			ids += id
		}
		if ids != c.kept {
			t.Errorf("%s: %s is kept, want %s", name, ids, c.kept)
		}
		if again := q.Relevant(kept); !reflect.DeepEqual(again, kept) {
			t.Errorf("%s: %+v became %+v the second time", name, kept, again)
		}
		if len(answers) != len(everything) || len(answers["m"].Rows) != 2 {
			t.Errorf("%s: Relevant changed what it was given", name)
		}
	}
}

func TestRowsAreWhatWasChosen(t *testing.T) {
	q := chained(t)
	for name, c := range map[string]struct {
		chosen []string
		want   string
	}{
		"nothing":             {nil, ""},
		"in the order of b":   {[]string{"y", "x"}, "x y "},
		"one":                 {[]string{"y"}, "y "},
		"words are no row":    {[]string{"y", "own"}, "y "},
		"only words":          {[]string{"own"}, ""},
		"none is no row":      {[]string{"none"}, ""},
		"what no option says": {[]string{"z"}, ""},
	} {
		rows, matrix := "", false
		for _, item := range q.Items(2, Answers{"a": {Value: "yes"}, "b": {Choices: c.chosen}}) {
			for _, row := range item.Rows {
				rows += row.ID + " "
			}
			matrix = matrix || item.Type == Matrix
		}
		if rows != c.want || matrix != (c.want != "") {
			t.Errorf("%s: rows %q, want %q; asked: %v", name, rows, c.want, matrix)
		}
	}
}

func TestPagesAwayFromTheEnds(t *testing.T) {
	q := chained(t)
	for _, page := range []int{-1, len(q.Pages), 99} {
		if got := q.Items(page, Answers{}); got != nil {
			t.Errorf("page %d has %d items", page, len(got))
		}
	}
	if got := q.Next(0, Answers{"a": {Value: "no"}}); got != len(q.Pages) {
		t.Errorf("after the last comes %d", got)
	}
	if got := q.Previous(len(q.Pages), Answers{"a": {Value: "no"}}); got != 0 {
		t.Errorf("before the end comes %d", got)
	}
	if got := q.Previous(0, Answers{}); got != -1 {
		t.Errorf("before the first comes %d", got)
	}
	// Third continues second, which shares its number even when it is not relevant.
	for page, want := range []int{1, 2, 2, 3, 4} {
		if n, of := q.Number(page); n != want || of != 4 {
			t.Errorf("page %d is %d of %d, want %d of 4", page, n, of, want)
		}
	}
}

func TestBarometerNumbersAndWayBack(t *testing.T) {
	q := barometer(t)
	want := map[string]int{
		"background": 1, "cooperation": 2, "dialogue": 3, "information": 4, "receptiveness": 5, "programme": 6,
		"national": 6, "national_value": 6, "regional": 6, "regional_value": 6, "neither": 6, "development": 7,
	}
	if len(q.Pages) != len(want) {
		t.Errorf("%d pages", len(q.Pages))
	}
	for i, p := range q.Pages {
		if n, of := q.Number(i); n != want[p.ID] || of != 7 {
			t.Errorf("%s is %d of %d, want %d of 7", p.ID, n, of, want[p.ID])
		}
	}
	for _, took := range []Answers{
		{},
		{"took_national": {Value: "yes"}},
		{"took_national": {Value: "not_sure"}, "took_regional": {Value: "yes"}},
		everyBranch(q),
	} {
		var there, back []int
		for page := q.Next(-1, took); page < len(q.Pages); page = q.Next(page, took) {
			there = append(there, page)
		}
		for page := q.Previous(len(q.Pages), took); page >= 0; page = q.Previous(page, took) {
			back = append(back, page)
		}
		slices.Reverse(back)
		if !slices.Equal(there, back) {
			t.Errorf("with %v: there %v, back %v", took, there, back)
		}
	}
}

func TestBarometerRowsFollowTheActivities(t *testing.T) {
	q := barometer(t)
	answers := Answers{
		"took_national":       {Value: "yes"},
		"national_activities": {Choices: []string{"training", "groups", "other"}, Text: "own"},
	}
	page := slices.IndexFunc(q.Pages, func(p Page) bool { return p.ID == "national_value" })
	items := q.Items(page, answers)
	if len(items) != 2 || items[0].ID != "national_usefulness" || len(items[0].Rows) != 2 || len(items[0].Columns) != 6 {
		t.Fatalf("%+v", items)
	}
	delete(answers, "national_activities")
	if items = q.Items(page, answers); len(items) != 1 || items[0].ID != "national_benefits" {
		t.Errorf("with no activities: %+v", items)
	}
}

// Who ranked nothing, or fewer, is not taken for who ranked something first.
func TestPlacesThatNobodyGave(t *testing.T) {
	for condition, want := range map[string]map[string]bool{
		`p[0] == "x"`:                {"": false, "x": true, "y x": false},
		`p[1] == "x" || p[2] == "x"`: {"": false, "x": false, "y x": true},
		`p[-1] == "x"`:               {"": false, "x": true, "x y": false},
		`p[0] != "x"`:                {"": true, "x": false, "y": true},
		`len(p) > 0 && p[0] == "y"`:  {"": false, "y": true},
	} {
		q, err := Parse("q.toml", source(everyType+"relevance = '"+condition+"'\n"))
		if err != nil {
			t.Fatal(err)
		}
		last := len(q.Pages) - 1
		for ranked, shown := range want {
			answers := Answers{"p": {Choices: strings.Fields(ranked)}}
			if got := len(q.Items(last, answers)) > 0; got != shown {
				t.Errorf("%s after %q: shown %v", condition, ranked, got)
			}
		}
	}
}
