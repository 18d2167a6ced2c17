package survey

import (
	"net/url"
	"reflect"
	"strings"
	"testing"

	"viesti/i18n"
)

// asked has an item of every type, small enough to see through.
func asked() map[string]Item {
	options := []Option{{ID: "a"}, {ID: "b"}, {ID: "c"}, {ID: "none", Exclusive: true}, {ID: "other", Other: true}}
	return map[string]Item{
		"one":  {Question: &Question{ID: "one", Type: Single}, Columns: options},
		"some": {Question: &Question{ID: "some", Type: Multiple, Max: 2}, Columns: options},
		"any":  {Question: &Question{ID: "any", Type: Multiple}, Columns: options},
		"mark": {Question: &Question{ID: "mark", Type: Grade, Min: 4, Max: 10}},
		"grid": {
			Question: &Question{ID: "grid", Type: Matrix},
			Columns:  []Option{{ID: "1"}, {ID: "2"}}, Rows: []Option{{ID: "x"}, {ID: "y"}},
		},
		"line": {Question: &Question{ID: "line", Type: OpenText, Max: 5}},
		"long": {Question: &Question{ID: "long", Type: OpenText, Long: true}},
	}
}

// submission is what one question was sent, and what should come of it.
type submission struct {
	name, item string
	form       url.Values
	want       Answer
	refused    string // the key of the fault
}

func (s submission) run(t *testing.T) {
	checked := Check([]Item{asked()[s.item]}, s.form)
	f := checked.Faults[s.item]
	if s.refused != "" {
		if f == nil || f.Key != s.refused || len(checked.Asked) > 0 || len(checked.Answers) > 0 {
			t.Fatalf("want %s, got %v and %+v", s.refused, f, checked)
		}
		for _, l := range i18n.Langs {
			if said := f.Say(l); strings.ContainsAny(said, "{}") || said == "" || said == f.Key {
				t.Errorf("said in %s: %q", l, said)
			}
		}
		return
	}
	if f != nil || len(checked.Asked) != 1 {
		t.Fatalf("%v, asked %v", f, checked.Asked)
	}
	got := checked.Answers[s.item]
	bothEmpty := got.Empty() && s.want.Empty()
	if !bothEmpty && !reflect.DeepEqual(got, s.want) {
		t.Errorf("%+v, want %+v", got, s.want)
	}
	if _, kept := checked.Answers[s.item]; kept && s.want.Empty() {
		t.Error("an empty answer is kept")
	}
}

func TestCheckChoices(t *testing.T) {
	for _, s := range []submission{
		{"nothing", "one", url.Values{}, Answer{}, ""},
		{"blank", "one", url.Values{"q.one": {""}}, Answer{}, ""},
		{"a choice", "one", url.Values{"q.one": {"a"}}, Answer{Value: "a"}, ""},
		{"a choice and a blank", "one", url.Values{"q.one": {"", "a"}}, Answer{Value: "a"}, ""},
		{"the same twice", "one", url.Values{"q.one": {"a", "a"}}, Answer{Value: "a"}, ""},
		{"two", "one", url.Values{"q.one": {"a", "b"}}, Answer{}, "survey.one_only"},
		{"unknown", "one", url.Values{"q.one": {"z"}}, Answer{}, "survey.unknown_choice"},
		{"in other letters", "one", url.Values{"q.one": {"A"}}, Answer{}, "survey.unknown_choice"},
		{"words", "one", url.Values{"q.one": {"other"}, "q.one.~other": {" w\r\nx "}}, Answer{Value: "other", Text: "w x"}, ""},
		{"other without words", "one", url.Values{"q.one": {"other"}}, Answer{Value: "other"}, ""},
		{"words alone", "one", url.Values{"q.one.~other": {"w"}}, Answer{Value: "other", Text: "w"}, ""},
		{"blank words alone", "one", url.Values{"q.one.~other": {" \t"}}, Answer{}, ""},
		{"words beside another choice", "one", url.Values{"q.one": {"a"}, "q.one.~other": {"w"}}, Answer{Value: "a"}, ""},
		{"many words", "one", url.Values{"q.one.~other": {strings.Repeat("ä", OtherMax+1)}}, Answer{}, "survey.too_long"},

		{"none of many", "some", url.Values{}, Answer{}, ""},
		{"in the question's order", "some", url.Values{"q.some": {"b", "a", "b"}}, Answer{Choices: []string{"a", "b"}}, ""},
		{"too many", "some", url.Values{"q.some": {"a", "b", "c"}}, Answer{}, "survey.too_many"},
		{"too many with words", "some", url.Values{"q.some": {"a", "b"}, "q.some.~other": {"w"}}, Answer{}, "survey.too_many"},
		{"no most", "any", url.Values{"q.any": {"a", "b", "c", "other"}}, Answer{Choices: []string{"a", "b", "c", "other"}}, ""},
		{"unknown among good", "any", url.Values{"q.any": {"a", "z"}}, Answer{}, "survey.unknown_choice"},
		{"none alone", "any", url.Values{"q.any": {"none", "none"}}, Answer{Choices: []string{"none"}}, ""},
		{"none and more", "any", url.Values{"q.any": {"none", "a"}}, Answer{}, "survey.exclusive"},
		{"none and words", "any", url.Values{"q.any": {"none"}, "q.any.~other": {"w"}}, Answer{}, "survey.exclusive"},
		{
			"many with words", "any",
			url.Values{"q.any": {"a"}, "q.any.~other": {"w"}},
			Answer{Choices: []string{"a", "other"}, Text: "w"},
			"",
		},
		{"many words of many", "any", url.Values{"q.any.~other": {strings.Repeat("x", 201)}}, Answer{}, "survey.too_long"},
	} {
		t.Run(s.item+" "+s.name, s.run)
	}
}

func TestCheckGradesAndMatrices(t *testing.T) {
	for _, s := range []submission{
		{"nothing", "mark", url.Values{}, Answer{}, ""},
		{"least", "mark", url.Values{"q.mark": {"4"}}, Answer{Value: "4"}, ""},
		{"most", "mark", url.Values{"q.mark": {"10"}}, Answer{Value: "10"}, ""},
		{"below", "mark", url.Values{"q.mark": {"3"}}, Answer{}, "survey.grade_range"},
		{"above", "mark", url.Values{"q.mark": {"11"}}, Answer{}, "survey.grade_range"},
		{"below nothing", "mark", url.Values{"q.mark": {"-5"}}, Answer{}, "survey.grade_range"},
		{"a part", "mark", url.Values{"q.mark": {"5.5"}}, Answer{}, "survey.grade_range"},
		{"beyond numbers", "mark", url.Values{"q.mark": {"99999999999999999999"}}, Answer{}, "survey.grade_range"},
		{"two", "mark", url.Values{"q.mark": {"5", "6"}}, Answer{}, "survey.one_only"},

		{"nothing", "grid", url.Values{}, Answer{}, ""},
		{"a row", "grid", url.Values{"q.grid.x": {"2"}, "q.grid.y": {""}}, Answer{Rows: map[string]string{"x": "2"}}, ""},
		{"unknown column", "grid", url.Values{"q.grid.x": {"1"}, "q.grid.y": {"3"}}, Answer{}, "survey.unknown_choice"},
		{"two columns", "grid", url.Values{"q.grid.x": {"1", "2"}}, Answer{}, "survey.one_only"},
		{
			"unknown row", "grid",
			url.Values{"q.grid.x": {"1"}, "q.grid.z": {"nonsense"}, "q.grid": {"1"}},
			Answer{Rows: map[string]string{"x": "1"}},
			"",
		},
	} {
		t.Run(s.item+" "+s.name, s.run)
	}
}

func TestCheckTexts(t *testing.T) {
	full := strings.Repeat("ä", DefaultTextMax)
	for _, s := range []submission{
		{"nothing", "line", url.Values{}, Answer{}, ""},
		{"blanks", "line", url.Values{"q.line": {" \r\n\t\x00 "}}, Answer{}, ""},
		{"line ends in a line", "line", url.Values{"q.line": {"a\r\nb\rc"}}, Answer{Text: "a b c"}, ""},
		{"five letters of two bytes", "line", url.Values{"q.line": {"åäöÅÄ"}}, Answer{Text: "åäöÅÄ"}, ""},
		{"five letters in blanks", "line", url.Values{"q.line": {"   abcde   "}}, Answer{Text: "abcde"}, ""},
		{"five letters and a NUL", "line", url.Values{"q.line": {"abc\x00de\x1b"}}, Answer{Text: "abcde"}, ""},
		{"six letters", "line", url.Values{"q.line": {"åäöÅÄÖ"}}, Answer{}, "survey.too_long"},
		{"broken UTF-8", "line", url.Values{"q.line": {"a\xc3\x28b"}}, Answer{Text: "a\uFFFD(b"}, ""},
		{"line ends", "long", url.Values{"q.long": {"a\r\nb\rc\nd"}}, Answer{Text: "a\nb\nc\nd"}, ""},
		{"the most", "long", url.Values{"q.long": {full}}, Answer{Text: full}, ""},
		{"one more", "long", url.Values{"q.long": {full + "x"}}, Answer{}, "survey.too_long"},
		{"mark-up is text", "long", url.Values{"q.long": {"<b>&amp;"}}, Answer{Text: "<b>&amp;"}, ""},
	} {
		t.Run(s.item+" "+s.name, s.run)
	}
}

func TestOneFaultLosesNothingElse(t *testing.T) {
	items := asked()
	checked := Check(
		[]Item{items["one"], items["mark"], items["line"], items["grid"]},
		url.Values{"q.one": {"b"}, "q.mark": {"99"}, "q.grid.x": {"1"}, "q.long": {"asked elsewhere"}, "token": {"x"}},
	)
	before := Answers{
		"one": {Value: "a"}, "mark": {Value: "7"}, "line": {Text: "was"}, "long": {Text: "of another page"},
	}
	want := Answers{
		"one":  {Value: "b"},
		"mark": {Value: "7"}, // refused: what was there stays
		"grid": {Rows: map[string]string{"x": "1"}},
		"long": {Text: "of another page"},
	}
	if got := checked.Apply(before); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	if before["one"].Value != "a" || before["line"].Text != "was" {
		t.Errorf("Apply changed what it was given: %+v", before)
	}
	if got := checked.Apply(nil); len(got) != 2 {
		t.Errorf("onto nothing: %+v", got)
	}
}
