package export

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"viesti/i18n"
	"viesti/report/disclosure"
	"viesti/report/results"
)

// given are cells that were answered; nil is one that was not.
func given(cells ...any) []results.Value {
	row := make([]results.Value, len(cells))
	for i, c := range cells {
		switch c := c.(type) {
		case int:
			row[i] = results.Value{Number: float64(c), Given: true}
		case float64:
			row[i] = results.Value{Number: c, Given: true}
		case string:
			row[i] = results.Value{Text: c, Given: true}
		}
	}
	return row
}

func rows(list [][]results.Value) func(func([]results.Value) error) error {
	return func(each func([]results.Value) error) error {
		for _, row := range list {
			if err := each(row); err != nil {
				return err
			}
		}
		return nil
	}
}

func all(fi, sv, en string) i18n.Text { return i18n.Text{i18n.Fi: fi, i18n.Sv: sv, i18n.En: en} }

var (
	kinds = []results.Label{
		{Code: 1, ID: "municipality", Text: all("Kunta", "Kommun", "Municipality")},
		{Code: 2, ID: "ngo", Text: all("Järjestö", "Organisation", "Association")},
		{Code: 3, ID: "other", Text: all("Muut", "Övriga", "Others")},
	}
	agreement = []results.Label{
		{Code: 1, ID: "disagree", Text: all("Eri mieltä", "Av annan åsikt", "Disagree")},
		{Code: 2, ID: "agree", Text: all("Samaa mieltä", "Av samma åsikt", "Agree")},
		{Code: 9, ID: "dont_know", Text: all("En osaa sanoa", "Kan inte säga", "Don’t know"), Missing: true},
	}
	noYes  = []results.Label{{Code: 0, ID: "no", Text: all("Ei", "Nej", "No")}, {Code: 1, ID: "yes", Text: all("Kyllä", "Ja", "Yes")}}
	grades = graded()
)

// graded are the values of a grade from 1 to 10, which is a number, and what is not on its scale.
func graded() (list []results.Label) {
	for n := range 10 {
		s := strconv.Itoa(n + 1)
		list = append(list, results.Label{Code: n + 1, ID: s, Text: all(s, s, s)})
	}
	return append(list, results.Label{Code: 11, ID: "dont_know", Text: agreement[2].Text, Missing: true})
}

// gradeCategories are those of a question with grades.
func gradeCategories() (list []results.Category) {
	for _, l := range graded() {
		list = append(list, results.Category{ID: l.ID, Text: l.Text, Options: []string{l.ID}, DontKnow: l.Missing})
	}
	return list
}

// small is a survey of twelve people, made by hand: a background, a scale with a don’t know, a grade, a
// choice of several and a number with decimals.
func small() results.Microdata {
	cases := [][]results.Value{
		given(1, 2, 8, 1, 2.5), given(1, 2, 9, 0, nil), given(2, 1, 4, 1, 10), given(2, nil, 5, 0, 0.5),
		given(3, 9, 7, 1, 12), given(nil, 2, nil, 0, 7), given(1, 1, 11, 1, nil), given(2, 2, 10, 1, 3),
		given(2, 2, 1, 0, 20.5), given(1, 9, 3, 1, 4), given(1, 2, 8, 0, 1), given(2, 1, 5, 1, nil),
	}
	return results.Microdata{
		Wave: "2026", Questionnaire: "partnership-barometer", Version: "3",
		Title:     all("Kumppanuusbarometri", "Partnerskapsbarometern", "Partnership Barometer"),
		Organiser: all("Esimerkkiministeriö", "Exempelministeriet", "Example Ministry"),
		Opens:     "2027-03-01", Closes: "2027-03-31", Day: "2027-04-02",
		Minimum: 5, Anonymity: 5, Generalised: []string{"kind"}, Suppressed: []string{"region"},
		Variables: []results.Variable{
			{Name: "kind", Question: "kind", Measure: results.Nominal, Background: true, Label: all("Organisaatio", "Organisation", "Organisation"), Values: kinds},
			{Name: "conditions_trust", Question: "conditions", Measure: results.Ordinal, Label: all("Edellytykset: luottamus", "Förutsättningar: förtroende", "Conditions: trust"), Values: agreement},
			{Name: "grade", Question: "grade", Measure: results.Metric, Label: all("Arvosana", "Betyg", "Grade"), Values: grades},
			{Name: "partners_ngo", Question: "partners", Measure: results.Nominal, Label: all("Kumppanit: järjestöt", "Partner: organisationer", "Partners: associations"), Values: noYes},
			{Name: "years", Question: "years", Measure: results.Metric, Decimals: 1, Label: all("Vuosia työssä", "År i arbetet", "Years of work")},
		},
		N: len(cases), Rows: rows(cases),
	}
}

func shown(n ...int64) []disclosure.Count {
	var list []disclosure.Count
	for _, x := range n {
		if x < 0 {
			list = append(list, disclosure.Count{})
		} else {
			list = append(list, disclosure.Shown(x))
		}
	}
	return list
}

// published are the figures of small; -1 stands for what is hidden.
func published() results.Results {
	low, high, median := 4.2, 7.8, 6.0
	scale := []results.Category{
		{ID: "disagree", Text: agreement[0].Text, Options: []string{"disagree"}},
		{ID: "agree", Text: agreement[1].Text, Options: []string{"agree"}},
		{ID: "dont_know", Text: agreement[2].Text, Options: []string{"dont_know"}, DontKnow: true},
	}
	group := func(id string, t i18n.Text, n int64) results.Group {
		return results.Group{ID: id, Text: t, Respondents: disclosure.Shown(n)}
	}
	return results.Results{
		Wave: "2026", Title: small().Title, Day: "2027-04-02", Minimum: 5, Final: true,
		Respondents: disclosure.Shown(24), Share: 0.5, Sample: disclosure.Shown(12), Divided: disclosure.Shown(12),
		Backgrounds: []results.Background{{
			Question: "kind", Text: all("Organisaationne", "Er organisation", "Your organisation"),
			Groups: []results.Group{group("municipality", kinds[0].Text, 5), group("others", all("Muut", "Övriga", "Others"), 7)},
		}},
		Pages: []results.Page{{ID: "p1", Questions: []results.Question{
			{ID: "conditions", Type: "matrix", Text: all("Mitä mieltä olet?", "Vad anser du?", "What do you think?"), Items: []results.Item{
				{
					ID: "trust", Text: all("Luottamus", "Förtroende", "Trust"), Categories: scale,
					Figures: results.Figures{Answered: disclosure.Shown(11), Counts: shown(3, 6, 2), Summary: &results.Summary{N: 9, Mean: 1.7}},
					Divisions: []results.Division{{Background: "kind", Categories: scale, Rows: []results.Figures{
						{Answered: disclosure.Shown(5), Counts: shown(-1, -1, -1)},
						{Answered: disclosure.Shown(6), Counts: shown(-1, 5, -1)},
					}}},
				},
				{ID: "money", Text: all("Rahat", "Pengar", "Money"), Withheld: true},
			}},
			{ID: "grade", Type: "grade", Min: 1, Max: 10, Text: all("Arvosana?", "Betyg?", "Grade?"), When: all("Vain kokeneilta", "Bara de erfarna", "Only those with experience"), Items: []results.Item{{
				Day: "2027-03-15", Categories: gradeCategories(),
				Figures: results.Figures{
					Answered: disclosure.Shown(11), Counts: shown(1, 0, 1, 1, 2, 0, 1, 2, 1, 1, 1),
					Summary: &results.Summary{N: 10, Mean: 6, Low: &low, High: &high, Median: &median},
				},
			}}},
			{ID: "partners", Type: "multiple", Text: all("Kumppanit?", "Partner?", "Partners?"), Items: []results.Item{{
				Categories: []results.Category{{ID: "ngo", Text: all("Järjestöt", "Organisationer", "Associations"), Options: []string{"ngo"}}},
				Figures:    results.Figures{Answered: disclosure.Shown(12), Counts: shown(7)},
			}}},
			{ID: "needs", Type: "ranking", Text: all("Tärkeintä?", "Viktigast?", "Most needed?"), Items: []results.Item{{
				Categories: []results.Category{{ID: "time", Text: all("Aika", "Tid", "Time"), Options: []string{"time"}}},
				Figures:    results.Figures{Answered: disclosure.Shown(12), Counts: shown(8), Firsts: shown(-1)},
			}}},
		}}},
	}
}

// drawer are files in memory.
type drawer map[string]*bytes.Buffer

func (d drawer) create(name string) (io.WriteCloser, error) {
	if d[name] != nil {
		return nil, errors.New("made twice: " + name)
	}
	d[name] = &bytes.Buffer{}
	return closer{d[name]}, nil
}

type closer struct{ io.Writer }

func (closer) Close() error { return nil }

// write writes a format as answers.* in memory.
func write(t testing.TB, format Format, m results.Microdata, r results.Results, l i18n.Lang) drawer {
	t.Helper()
	d := drawer{}
	names, err := Export{Microdata: m, Results: r, Lang: l, Create: d.create, Scratch: t.TempDir()}.Write(format, "answers."+string(format))
	if err != nil {
		t.Fatal(err)
	}
	if len(names) != len(d) {
		t.Fatalf("%s: said to have written %q, and wrote %d files", format, names, len(d))
	}
	return d
}

// save puts files into a folder.
func (d drawer) save(t *testing.T, dir string) {
	t.Helper()
	for name, content := range d {
		if err := os.WriteFile(filepath.Join(dir, name), content.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// nasty are texts that some program or other trips over.
var nasty = []string{
	"=1+1", "+358 40 123", "-5", "@SUM(A1)", "\tcmd", "\rcr", " =HYPERLINK(\"http://example.test\")", "＝1", "'quoted", "''",
	"<script>alert(1)</script>", "a\x00b\x01c", "\"quotes\", and; commas", "line\nline\r\nline\rline", "مرحبا بالعالم", "\u202eabc",
	"👩‍🔬🏳️‍🌈", "half \xff\xfe", "\uffff", "_x0041_", "trailing  ", "   ", "NA", "TRUE", "1e5", "2026-10-11", "#NULL!",
	strings.Repeat("pitkä teksti €", 40),
}

// drawn is a random survey, with the answers in people's own words where it is full.
func drawn(r *rand.Rand, full bool) results.Microdata {
	m := small()
	m.Full, m.N, m.Variables = full, r.IntN(30), nil
	for i := range 1 + r.IntN(8) {
		v := results.Variable{Name: fmt.Sprintf("q%d", i), Question: fmt.Sprintf("q%d", i), Label: all(nasty[r.IntN(len(nasty))], "sv", "en")}
		switch n := r.IntN(4); {
		case n == 0:
			v.Measure, v.Values = results.Nominal, kinds
		case n == 1:
			v.Measure, v.Values = results.Ordinal, agreement
		case n == 2 && r.IntN(2) == 0:
			v.Measure, v.Values = results.Metric, grades
		case n == 2 || !full:
			v.Measure, v.Decimals = results.Metric, r.IntN(3)
		default:
			v.Measure = results.Text
		}
		m.Variables = append(m.Variables, v)
	}
	cases := make([][]results.Value, m.N)
	for i := range cases {
		for j := range m.Variables {
			v := &m.Variables[j]
			c := results.Value{Given: r.IntN(4) > 0}
			switch {
			case !c.Given:
			case v.Measure == results.Text:
				c.Text = nasty[r.IntN(len(nasty))]
				v.Width = max(v.Width, len(clean(c.Text)))
			case len(v.Values) > 0:
				c.Number = float64(v.Values[r.IntN(len(v.Values))].Code)
			default:
				c.Number = []float64{0, -1, 7, 151, 152, 12.5, 0.25, 1e6, -99, 123456.75}[r.IntN(10)]
			}
			cases[i] = append(cases[i], c)
		}
	}
	m.Rows = rows(cases)
	return m
}
