package survey

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"viesti/i18n"
)

func TestParseNumber(t *testing.T) {
	for in, want := range map[string]string{
		"0": "0", "7": "7", "007": "7", "+7": "7", "-7": "-7", "−7": "-7", "-0": "0", "-0,00": "0",
		"1,50": "1.5", "1.5": "1.5", "1 200,25": "1200.25", "1\u00a0200": "1200", " 3 ": "3",
		"999999999999999": "999999999999999",
	} {
		if got, f := parseNumber(in, 2); f != nil || got != want {
			t.Errorf("%q: %q %v, want %q", in, got, f, want)
		}
	}
	for in, key := range map[string]string{
		"x": "survey.not_number", "1e5": "survey.not_number", "NaN": "survey.not_number", "0x1": "survey.not_number",
		"1,2,3": "survey.not_number", ".5": "survey.not_number", "5.": "survey.not_number", "--5": "survey.not_number",
		"9999999999999999": "survey.not_number", "1.234": "survey.decimals",
		"1,000": "survey.decimals", "12.500": "survey.decimals", "-250,000": "survey.decimals", "1٢": "survey.not_number",
	} {
		if got, f := parseNumber(in, 2); f == nil || f.Key != key {
			t.Errorf("%q: %q %v, want %s", in, got, f, key)
		}
	}
	for _, in := range []string{"1.5", "1,000", "20.000"} { // who writes a thousand is not taken for one
		if got, f := parseNumber(in, 0); f == nil || f.Key != "survey.whole_number" {
			t.Errorf("%s as a whole number: %q %v", in, got, f)
		}
	}
	for in, want := range map[string]string{"12,0": "12", "5.00": "5", "0,000": "0", "1234.000": "1234"} {
		if got, f := parseNumber(in, 0); f != nil || got != want {
			t.Errorf("%s: %q %v, want %s", in, got, f, want)
		}
	}
	if got, f := parseNumber("1.250", 3); f != nil || got != "1.25" {
		t.Errorf("three decimals: %q %v", got, f)
	}
}

func TestMeasured(t *testing.T) {
	number := Question{ID: "n", Type: Number, From: "-5", To: "10.5", Decimals: 1, Unit: i18n.Text{i18n.Fi: "vuotta", i18n.Sv: "år", i18n.En: "years"}}
	date := Question{ID: "n", Type: Date, From: "2026-01-01"}
	for name, c := range map[string]struct {
		question         Question
		in, want, refuse string
	}{
		"number":     {number, "3,5", "3.5", ""},
		"least":      {number, "-5", "-5", ""},
		"too low":    {number, "-5,1", "", "survey.outside.between"},
		"too high":   {number, "11", "", "survey.outside.between"},
		"ISO":        {date, "2027-03-14", "2027-03-14", ""},
		"Finnish":    {date, "14.3.2027", "2027-03-14", ""},
		"zeros":      {date, "04.03.2027", "2027-03-04", ""},
		"too early":  {date, "31.12.2025", "", "survey.outside.from_day"},
		"no day":     {date, "31.2.2027", "", "survey.not_date"},
		"words":      {date, "tomorrow", "", "survey.not_date"},
		"leap":       {date, "29.2.2028", "2028-02-29", ""},
		"only space": {number, "  ", "", ""},
		"grade":      {Question{ID: "n", Type: Grade, Max: 10}, "0", "0", ""},
		"grade high": {Question{ID: "n", Type: Grade, Max: 10}, "11", "", "survey.grade_range"},
	} {
		t.Run(name, func(t *testing.T) {
			checked := Check([]Item{{Question: &c.question}}, url.Values{"q.n": {c.in}})
			f := checked.Faults["n"]
			if c.refuse == "" && (f != nil || checked.Answers["n"].Value != c.want) {
				t.Fatalf("%+v, want %q", checked, c.want)
			}
			if c.refuse != "" && (f == nil || f.Key != c.refuse) {
				t.Fatalf("%+v, want %s", checked, c.refuse)
			}
		})
	}
	for lang, want := range map[i18n.Lang][]string{
		i18n.Fi: {"Väliltä -5 – 10,5 vuotta.", "Aikaisintaan 1.1.2026."},
		i18n.Sv: {"Från -5 till 10,5 år.", "Tidigast den 1 januari 2026."},
		i18n.En: {"From -5 to 10.5 years.", "1 January 2026 or later."},
	} {
		for i, q := range []*Question{&number, &date} {
			if got := strings.ReplaceAll(q.Range(lang), "\u00a0", " "); got != want[i] {
				t.Errorf("%s: %s", lang, got)
			}
		}
	}
	f := number.outside("11")
	for lang, want := range map[i18n.Lang]string{i18n.Fi: "Antakaa arvo väliltä -5 – 10,5 vuotta.", i18n.En: "Please give a value from -5 to 10.5 years."} {
		if got := strings.ReplaceAll(f.Say(lang), "\u00a0", " "); got != want {
			t.Errorf("%s: %s", lang, got)
		}
	}
}

func ranking(limit int) Item {
	q := &Question{ID: "p", Type: Rank, Max: limit, Options: []Option{{ID: "a"}, {ID: "b"}, {ID: "c"}}}
	return Item{Question: q, Columns: q.Options}
}

func TestRank(t *testing.T) {
	for name, c := range map[string]struct {
		limit  int
		form   string
		want   []string
		refuse string
	}{
		"all":       {0, "q.p.a=2&q.p.b=3&q.p.c=1", []string{"c", "a", "b"}, ""},
		"a gap":     {0, "q.p.a=3&q.p.c=1", []string{"c", "a"}, ""},
		"none":      {0, "q.p.a=&q.p.c=", nil, ""},
		"shared":    {0, "q.p.a=1&q.p.c=1", nil, "survey.rank_twice"},
		"too far":   {2, "q.p.a=3", nil, "survey.rank_place"},
		"no number": {0, "q.p.a=first", nil, "survey.rank_place"},
		"unknown":   {0, "q.p.z=1&q.p.b=1", []string{"b"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			form, err := url.ParseQuery(c.form)
			if err != nil {
				t.Fatal(err)
			}
			checked := Check([]Item{ranking(c.limit)}, form)
			f := checked.Faults["p"]
			if c.refuse == "" && (f != nil || !slices.Equal(checked.Answers["p"].Choices, c.want)) ||
				c.refuse != "" && (f == nil || f.Key != c.refuse) {
				t.Errorf("%+v %v", checked.Answers, f)
			}
		})
	}
}

func TestMissing(t *testing.T) {
	matrix := &Question{ID: "m", Type: Matrix, Required: true, Rows: []Option{{ID: "x"}, {ID: "y"}}}
	items := []Item{
		{Question: &Question{ID: "free", Type: OpenText}},
		{Question: &Question{ID: "due", Type: OpenText, Required: true}},
		{Question: matrix, Rows: matrix.Rows},
	}
	missing := Missing(items, Answers{"m": {Rows: map[string]string{"x": "1"}}})
	if len(missing) != 2 || missing["due"].Key != "survey.required" || missing["m"].Key != "survey.required_rows" {
		t.Errorf("%v", missing)
	}
	if missing := Missing(items, Answers{"due": {Text: "a"}, "m": {Rows: map[string]string{"x": "1", "y": "2"}}}); len(missing) > 0 {
		t.Errorf("all is answered: %v", missing)
	}
}

func TestOrder(t *testing.T) {
	q := &Question{ID: "o", Type: Multiple, Random: true, Options: []Option{
		{ID: "a"}, {ID: "b"}, {ID: "c"}, {ID: "d"}, {ID: "e"}, {ID: "other", Other: true}, {ID: "none", Exclusive: true},
	}}
	item := Item{Question: q, Columns: q.Options}
	ids := func(o Order) string {
		var s []string
		for _, o := range item.In(o).Columns {
			s = append(s, o.ID)
		}
		return strings.Join(s, " ")
	}
	seen, first := map[string]bool{}, map[string]int{}
	for n := range 200 {
		o := OrderOf(string(rune('a' + n)))
		order := ids(o)
		if order != ids(o) || !strings.HasSuffix(order, " other none") {
			t.Fatalf("order %s, then %s", order, ids(o))
		}
		seen[order] = true
		first[order[:1]]++
	}
	if len(seen) < 50 || len(first) != 5 || q.Options[0].ID != "a" {
		t.Errorf("%d orders, first %v", len(seen), first)
	}
	q.Random = false
	if got := ids(1); got != "a b c d e other none" {
		t.Errorf("without random: %s", got)
	}
}
