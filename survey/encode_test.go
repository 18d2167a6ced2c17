package survey

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"strings"
	"testing"

	"viesti/i18n"
)

// again encodes a questionnaire and reads what was written.
func again(t *testing.T, q *Questionnaire) *Questionnaire {
	t.Helper()
	raw := Encode(q)
	read, err := Parse("again.toml", raw)
	if err != nil {
		t.Fatalf("%v\n%s", err, raw)
	}
	return read
}

func TestEncodeComesBack(t *testing.T) {
	baro, err := Load("partnership-barometer")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile("../server/respond/testdata/types/questionnaire.toml")
	if err != nil {
		t.Fatal(err)
	}
	types, err := Parse("types.toml", raw)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []*Questionnaire{baro, types} {
		if got := again(t, q); !reflect.DeepEqual(got, q) {
			t.Errorf("%s did not come back as it was", q.ID)
		}
	}
}

// awkward are pieces of text that TOML writes in other ways.
var awkward = []string{
	"", "a", `"`, `""`, `"""`, "'", `\`, "\n", "\n\n", "\t", "\r\n", "\x00", "\x7f", "é", "…", "\u2028", "#", " = ", "{ x }", "]", `\u0041`,
}

func someText(r *rand.Rand) i18n.Text {
	t := i18n.Text{}
	for _, lang := range i18n.Langs {
		var b strings.Builder
		b.WriteString("x")
		for range r.IntN(5) {
			b.WriteString(awkward[r.IntN(len(awkward))])
		}
		t[lang] = b.String()
	}
	return t
}

func someOptions(r *rand.Rand) []Option {
	var list []Option
	for i := range 2 + r.IntN(3) {
		list = append(list, Option{
			ID: fmt.Sprintf("o-%d", i), Text: someText(r),
			Other: r.IntN(4) == 0, Exclusive: r.IntN(4) == 0, DontKnow: r.IntN(4) == 0,
		})
	}
	return list
}

func someQuestion(r *rand.Rand, id string) Question {
	q := Question{ID: id, Text: someText(r), Type: types[r.IntN(len(types))], Required: r.IntN(3) == 0}
	if r.IntN(2) == 0 {
		q.Help, q.Definition = someText(r), someText(r)
	}
	switch q.Type {
	case Single:
		q.Options, q.Select, q.Random = someOptions(r), r.IntN(2) == 0, r.IntN(2) == 0
	case Multiple, Rank:
		q.Options, q.Max = someOptions(r), r.IntN(3)
	case Grade:
		q.Min, q.Max, q.Low, q.High = r.IntN(2), 2+r.IntN(9), someText(r), someText(r)
	case Matrix:
		q.Rows, q.Scale = someOptions(r), "odd name"
	case OpenText:
		q.Max, q.Long = r.IntN(100), r.IntN(2) == 0
	case Number:
		q.From, q.To, q.Decimals, q.Unit = "-1.5", "7", r.IntN(3), someText(r)
	case Date:
		q.From = "2020-02-29"
	case Info:
		q.Required = false
	}
	return q
}

// someQuestionnaire is a questionnaire with every awkward thing in it.
func someQuestionnaire(r *rand.Rand) *Questionnaire {
	q := &Questionnaire{
		ID: `odd "id"`, Version: "1", Minutes: [2]int{1, 2 + r.IntN(9)},
		Title: someText(r), Intro: someText(r), Thanks: someText(r),
		Scales: map[string]Scale{"odd name": {Options: someOptions(r)}, "b": {Options: someOptions(r)}},
	}
	for i := range 1 + r.IntN(3) {
		p := Page{ID: fmt.Sprintf("p%d", i), Title: someText(r), Continues: i > 0 && r.IntN(2) == 0}
		for j := range 1 + r.IntN(4) {
			p.Questions = append(p.Questions, someQuestion(r, fmt.Sprintf("q%d_%d", i, j)))
		}
		q.Pages = append(q.Pages, p)
	}
	return q
}

func TestEncodeIsTheInverseOfParse(t *testing.T) {
	for seed := range uint64(300) {
		q := someQuestionnaire(rand.New(rand.NewPCG(seed, 0)))
		first := again(t, q)
		if second := again(t, first); !reflect.DeepEqual(first, second) {
			t.Fatalf("seed %d did not come back as it was", seed)
		}
		if !reflect.DeepEqual(q.Pages[0].Title, first.Pages[0].Title) || !reflect.DeepEqual(q.Intro, first.Intro) {
			t.Fatalf("seed %d: a text changed: %q, %q", seed, q.Intro, first.Intro)
		}
		if !bytes.Equal(Encode(q), Encode(first)) {
			t.Fatalf("seed %d is written in two ways", seed)
		}
	}
}

// Faults stay faults: what is missing is not made up, and what cannot be read is not dropped.
func TestEncodeKeepsFaults(t *testing.T) {
	q := &Questionnaire{ID: "x", Title: i18n.Text{i18n.Fi: "Otsikko", "fr": "Titre"}, Pages: []Page{{
		ID: "p", Relevance: "XPath: today() > 5", Questions: []Question{{ID: "q", Type: "odd", Text: i18n.Text{}}},
	}}}
	_, err := Parse("x.toml", Encode(q))
	for _, want := range []string{"fr", "XPath: today() > 5", "odd", "minutes"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("nothing is said of %q: %v", want, err)
		}
	}
}

// What is kept of a questionnaire is that questionnaire.
func TestEditions(t *testing.T) {
	q, err := Load("partnership-barometer")
	if err != nil {
		t.Fatal(err)
	}
	e := q.Edition("2027-03-01")
	kept, err := e.Questionnaire()
	if err != nil {
		t.Fatal(err)
	}
	if e.Version != q.Version || e.Day != "2027-03-01" || !bytes.Equal(Encode(kept), Encode(q)) {
		t.Errorf("edition %s of %s", e.Version, e.Day)
	}
}
