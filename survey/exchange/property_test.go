package exchange

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/expr-lang/expr"

	"viesti/i18n"
	"viesti/survey"
)

// A condition that comes back in other words means the same for whatever was answered.
func TestOtherWordsMeanTheSame(t *testing.T) {
	pick := func(r *rand.Rand, list ...string) string { return list[r.IntN(len(list))] }
	some := func(r *rand.Rand, list ...string) []string {
		chosen := []string{}
		for _, s := range list {
			if r.IntN(2) == 0 {
				chosen = append(chosen, s)
			}
		}
		return chosen
	}
	number := func(r *rand.Rand) float64 {
		if r.IntN(4) == 0 {
			return math.NaN() // nothing was answered
		}
		return float64(r.IntN(12))
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		ways := map[string]string{}
		for _, row := range some(r, "trust", "a-b") {
			ways[row] = pick(r, "4", "dk")
		}
		env := map[string]any{
			"took": pick(r, "", "yes", "no"), "partners": some(r, "town", "club", "none"), "weight": some(r, "town", "club"),
			"level": number(r), "years": number(r), "since": pick(r, "", "2019-12-31", "2020-01-01", "2021-01-01"),
			"why": pick(r, "", "a", "it's a long story"), "ways": ways,
			"answered": func(v any) bool { return !isNothing(v) },
		}
		for _, c := range thereAndBack {
			if c.xpath == "" || c.back == "" {
				continue
			}
			want, err := expr.Eval(c.ours, env)
			got, err2 := expr.Eval(c.back, env)
			if err != nil || err2 != nil || want != got {
				t.Errorf("%s is %v %v, %s is %v %v, after %v", c.ours, want, err, c.back, got, err2, env)
			}
		}
	}
}

func isNothing(v any) bool {
	n, isNumber := v.(float64)
	list, isList := v.([]string)
	rows, isMatrix := v.(map[string]string)
	return v == any("") || isNumber && math.IsNaN(n) || isList && len(list) == 0 || isMatrix && len(rows) == 0
}

// draft makes questionnaires at random, of everything that there is.
type draft struct {
	*rand.Rand
	n       int
	earlier []survey.Question // on the pages before
}

func (d *draft) words() i18n.Text {
	d.n++
	t := i18n.Text{}
	for _, lang := range i18n.Langs {
		t[lang] = fmt.Sprintf("%s %s %d\n\"x\" <b> & ’", lang, []string{"", " ", "=", "'"}[d.IntN(4)], d.n)
	}
	return t
}

func (d *draft) maybe() bool { return d.IntN(3) == 0 }

// condition speaks of one earlier question, or of two.
func (d *draft) condition() string {
	if len(d.earlier) == 0 || !d.maybe() {
		return ""
	}
	q := d.earlier[d.IntN(len(d.earlier))]
	forms := map[survey.Type][]string{
		survey.Single:   {`%s == "o-0"`, `%s != "1"`, `answered(%s)`, `!(%s in ["o-0", "1"])`},
		survey.Multiple: {`"o-0" in %s`, `len(%s) >= 1`, `not ("1" in %s)`},
		survey.Rank:     {`"1" in %s`, `answered(%s)`},
		survey.Grade:    {`%s > 1`, `!answered(%s)`},
		survey.Number:   {`%s <= 2.5`, `%s + 1 > 3`},
		survey.Date:     {`%s >= "2020-03-01"`, `%s < "2020-03-01"`},
		survey.OpenText: {`%s contains "a"`, `len(%s) > 2`},
		survey.Matrix:   {`%s["o-0"] == "1"`, `"1" in %s`, `answered(%s)`},
	}[q.Type]
	if len(forms) == 0 {
		return ""
	}
	s := fmt.Sprintf(forms[d.IntN(len(forms))], q.ID)
	if more := d.condition(); more != "" && d.maybe() {
		return s + " || " + more
	}
	return s
}

func (d *draft) options(conditions bool) []survey.Option {
	list := []survey.Option{{ID: "o-0", Text: d.words()}, {ID: "1", Text: d.words()}}
	for i := range d.IntN(3) {
		o := survey.Option{ID: fmt.Sprintf("o_%d", i), Text: d.words(), Other: d.maybe(), Exclusive: d.maybe(), DontKnow: d.maybe()}
		if conditions {
			o.Relevance = d.condition()
		}
		list = append(list, o)
	}
	return list
}

// multiple is an earlier question whose options can be taken over.
func (d *draft) multiple() string {
	for _, q := range d.earlier {
		if q.Type == survey.Multiple && d.maybe() {
			return q.ID
		}
	}
	return ""
}

func (d *draft) question(id string) survey.Question {
	kinds := []survey.Type{
		survey.Single, survey.Multiple, survey.Grade, survey.Matrix, survey.Rank, survey.OpenText, survey.Number, survey.Date, survey.Info,
	}
	q := survey.Question{ID: id, Type: kinds[d.IntN(len(kinds))], Text: d.words(), Relevance: d.condition(), Required: d.maybe()}
	if d.maybe() {
		q.Help, q.Definition = d.words(), d.words()
	}
	switch q.Type {
	case survey.Single, survey.Multiple, survey.Rank:
		q.Random, q.Select = d.maybe(), q.Type == survey.Single && d.maybe()
		q.Background = q.Type == survey.Single && d.maybe()
		if q.Type != survey.Single && d.maybe() {
			q.Max = 1 + d.IntN(3)
		}
		if q.OptionsFrom = d.multiple(); q.OptionsFrom == "" && d.maybe() {
			q.Scale = "scale"
		} else if q.OptionsFrom == "" {
			q.Options = d.options(true)
		}
	case survey.Grade:
		q.Min, q.Max = d.IntN(2), 2+d.IntN(9)
		if d.maybe() {
			q.Low, q.High = d.words(), d.words()
		}
	case survey.Matrix:
		q.Scale, q.Random = "scale", d.maybe()
		if q.RowsFrom = d.multiple(); q.RowsFrom == "" {
			q.Rows = d.options(true)
		}
	case survey.OpenText:
		q.Long, q.Max = d.maybe(), d.IntN(2)*50
	case survey.Number:
		q.From, q.To, q.Decimals = []string{"", "-1.5", "0"}[d.IntN(3)], []string{"", "7", "10.25"}[d.IntN(3)], d.IntN(3)
		if d.maybe() {
			q.Unit = d.words()
		}
	case survey.Date:
		q.From, q.To = []string{"", "2020-02-29"}[d.IntN(2)], []string{"", "2020-12-31"}[d.IntN(2)]
	case survey.Info:
		q.Required = false
	}
	return q
}

func (d *draft) questionnaire() *survey.Questionnaire {
	q := &survey.Questionnaire{
		ID: "random", Version: "1.10", Minutes: [2]int{1, 2}, Title: d.words(), Intro: d.words(), Thanks: d.words(),
		Scales: map[string]survey.Scale{"scale": {Options: d.options(false)}},
	}
	for i := range 2 + d.IntN(4) {
		p := survey.Page{ID: fmt.Sprintf("p%d", i), Title: d.words(), Relevance: d.condition(), Continues: i > 0 && d.maybe()}
		if d.maybe() {
			p.Intro = d.words()
		}
		for j := range 1 + d.IntN(4) {
			p.Questions = append(p.Questions, d.question(fmt.Sprintf("q%d%d", i, j)))
		}
		d.earlier = append(d.earlier, p.Questions...)
		q.Pages = append(q.Pages, p)
	}
	return q
}

func TestRandomQuestionnairesComeBack(t *testing.T) {
	tried := 0
	for seed := range uint64(60) {
		d := &draft{Rand: rand.New(rand.NewPCG(seed, 7))}
		want := survey.Encode(d.questionnaire())
		q, err := survey.Parse("random.toml", want)
		if err != nil { // a condition that can never hold, for one
			continue
		}
		tried++
		if got := survey.Encode(back(t, q)); !bytes.Equal(got, want) {
			t.Fatalf("seed %d did not come back as it was:\n%s", seed, difference(want, got))
		}
	}
	if tried < 30 {
		t.Errorf("only %d questionnaires were tried", tried)
	}
}
