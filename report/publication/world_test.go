package publication

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"viesti/i18n"
	"viesti/link"
	"viesti/report"
	"viesti/report/disclosure"
	"viesti/report/results"
	"viesti/survey"
)

// minimum is the least group of the worlds that are made here.
const minimum = 5

// world is people and what they answered, counted and hidden in the simplest way that looks like the
// room that does it for good: every kind of thing that a Results can say is in it.
type world struct {
	q      *survey.Questionnaire
	people []survey.Answers
	out    results.Results
}

func load(t testing.TB, name string) *survey.Questionnaire {
	t.Helper()
	q, err := survey.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func newWorld(t testing.TB, name string, n int, seed uint64, backgrounds ...string) *world {
	t.Helper()
	w := &world{q: load(t, name)}
	chance := rand.New(rand.NewPCG(seed, 7))
	for range n {
		a := survey.Answers{}
		for page := range w.q.Pages {
			for _, item := range w.q.Items(page, a) {
				if answer := answerTo(chance, item); chance.Float64() < 0.93 && !answer.Empty() {
					a[item.ID] = answer
				}
			}
		}
		w.people = append(w.people, a)
	}
	w.count(backgrounds)
	return w
}

// skewed draws early options more often, each question in its own way, so that there are small groups.
func skewed(chance *rand.Rand, n int, id string) int {
	if n == 0 {
		return 0
	}
	weights, sum := make([]float64, n), 0.0
	for i := range weights {
		weights[i] = 1 + 2.4*math.Sin(float64(len(id)*3+i*5))
		weights[i] = max(weights[i], 0.05)
		sum += weights[i]
	}
	x := chance.Float64() * sum
	for i, weight := range weights {
		if x -= weight; x < 0 {
			return i
		}
	}
	return n - 1
}

func answerTo(chance *rand.Rand, item survey.Item) (a survey.Answer) {
	switch item.Type {
	case survey.Single:
		if len(item.Columns) > 0 {
			a.Value = item.Columns[skewed(chance, len(item.Columns), item.ID)].ID
		}
	case survey.Grade:
		a.Value = strconv.Itoa(min(item.Max, max(item.Min, int(math.Round(6.3+chance.NormFloat64()*1.7)))))
	case survey.Multiple, survey.Rank:
		for _, i := range chance.Perm(len(item.Columns)) {
			if o := item.Columns[i]; chance.Float64() < 0.1+0.5*math.Abs(math.Sin(float64(i*2+len(item.ID)))) && !o.Exclusive && (item.Max == 0 || len(a.Choices) < item.Max) {
				a.Choices = append(a.Choices, o.ID)
			}
		}
	case survey.Matrix:
		a.Rows = map[string]string{}
		for i, row := range item.Rows {
			level := int(math.Round(3.2 + 0.9*math.Sin(float64(i*3+len(item.ID))) + chance.NormFloat64()))
			a.Rows[row.ID] = item.Columns[min(max(level-1, 0), len(item.Columns)-1)].ID
			if chance.Float64() < 0.08 {
				a.Rows[row.ID] = item.Columns[len(item.Columns)-1].ID
			}
		}
	case survey.OpenText:
		if chance.Float64() < 0.3 {
			a.Text = "text"
		}
	}
	return a
}

func (w *world) count(backgrounds []string) {
	w.out = results.Results{
		Wave: "2026", Questionnaire: w.q.ID, Version: w.q.Version, Title: w.q.Title,
		Organiser: i18n.Text{i18n.Fi: "Esimerkkiministeriö", i18n.Sv: "Exempelministeriet", i18n.En: "Ministry of Example Affairs"},
		Opens:     "2026-11-02", Closes: "2026-11-29", Day: "2026-12-01", Final: true, Minimum: minimum,
		Respondents: disclosure.Shown(int64(len(w.people))),
		Earlier: []report.Known{
			{Wave: "2020", Complete: 800, About: true, Means: []report.Mean{
				{Question: "grade_municipal", Value: 6.8}, {Question: "grade_regional", Value: 6.1}, {Question: "grade_national", Value: 5.5}, {Question: "grade", Value: 6.1},
			}},
			{Wave: "2022", Opens: "2022-11-04", Closes: "2023-02-24", Complete: 375},
		},
	}
	for _, id := range backgrounds {
		w.out.Backgrounds = append(w.out.Backgrounds, w.background(id))
	}
	for i := range w.q.Pages {
		p, items := w.q.Whole(i)
		page := results.Page{ID: p.ID, Title: p.Title}
		for _, item := range items {
			if item.Type != survey.Info {
				page.Questions = append(page.Questions, w.question(p, item))
			}
		}
		w.out.Pages = append(w.out.Pages, page)
	}
}

// background has its small groups taken together, and those who did not answer.
func (w *world) background(id string) results.Background {
	q, _ := w.q.Question(id)
	b := results.Background{Question: id, Text: q.Text}
	options, _ := w.q.Choices(q)
	b.Groups = []results.Group{}
	counts := make([]int64, len(options))
	for i, o := range options {
		for _, a := range w.people {
			if a[id].Value == o.ID {
				counts[i]++
			}
		}
	}
	rest := results.Group{ID: "rest", Text: i18n.Text{i18n.Fi: "Muut yhteensä", i18n.Sv: "Övriga", i18n.En: "Others"}}
	var sum, answered int64
	for i, o := range options {
		answered += counts[i]
		if counts[i] < 12 {
			rest.Options = append(rest.Options, o.ID)
			sum += counts[i]
			continue
		}
		b.Groups = append(b.Groups, results.Group{ID: o.ID, Text: o.Text, Options: []string{o.ID}, Respondents: disclosure.Shown(counts[i])})
	}
	if b.Merged = len(rest.Options) > 0; b.Merged {
		rest.Respondents = disclosure.Shown(sum)
		b.Groups = append(b.Groups, rest)
	}
	if n := int64(len(w.people)) - answered; n > 0 {
		b.Groups = append(b.Groups, results.Group{ID: "none", Text: i18n.Text{i18n.Fi: "Ei vastausta", i18n.Sv: "Inget svar", i18n.En: "Not stated"}, Options: []string{}, Respondents: disclosure.Shown(n)})
	}
	return b
}

func (w *world) question(p survey.Page, item survey.Item) results.Question {
	q := results.Question{
		ID: item.ID, Type: item.Type, Text: item.Text, Help: item.Help, Low: item.Low, High: item.High, Min: item.Min, Max: item.Max, Unit: item.Unit,
		Conditional: p.Relevance != "" || item.Relevance != "",
	}
	if q.Conditional {
		q.When = i18n.Text{}
		for _, l := range i18n.Langs {
			q.When[l] = w.q.When(cmp.Or(item.Relevance, p.Relevance), l)
		}
	}
	if item.Type == survey.OpenText || item.HasOther() {
		q.Open = &results.Open{Given: disclosure.Shown(37), Answers: []string{}}
		if item.Type == survey.OpenText {
			q.Open.Answers = []string{"Enemmän yhteisiä tapaamisia.", "<script>alert(1)</script> & \"lainaus\"", "مرحبا بالعالم", "Mer tid 🙂\nför samarbete", "=1+1"}
			q.Open.Unread = true
		}
	}
	switch item.Type {
	case survey.Matrix:
		for _, row := range item.Rows {
			q.Items = append(q.Items, w.item(item, row))
		}
	case survey.OpenText, survey.Date, survey.Number:
	default:
		q.Items = []results.Item{w.item(item, survey.Option{})}
	}
	return q
}

// chosen are the ids of what a person chose in an item.
func chosen(item survey.Item, row string, a survey.Answer) []string {
	switch {
	case row != "":
		if v := a.Rows[row]; v != "" {
			return []string{v}
		}
		return nil
	case a.Value != "":
		return []string{a.Value}
	default:
		return a.Choices
	}
}

func (w *world) item(item survey.Item, row survey.Option) results.Item {
	out := results.Item{ID: row.ID, Text: row.Text}
	options := item.Columns
	if item.Type == survey.Grade {
		options = nil
		for v := item.Min; v <= item.Max; v++ {
			s := strconv.Itoa(v)
			options = append(options, survey.Option{ID: s, Text: i18n.Text{i18n.Fi: s, i18n.Sv: s, i18n.En: s}})
		}
	}
	var answers [][]string
	for _, a := range w.people {
		answers = append(answers, chosen(item, row.ID, a[item.ID]))
	}
	whole := tally(options, answers)
	out.Categories = merged(item.Type, options, whole)
	out.Figures = figures(item.Type, out.Categories, answers)
	if n, _ := out.Answered.Value(); n < minimum {
		out.Withheld, out.Answered = true, disclosure.Count{}
		return out
	}
	if item.Type == survey.Multiple || item.Type == survey.Rank {
		hide(out.Counts, out.Firsts)
	}
	for _, b := range w.out.Backgrounds {
		if b.Question == item.ID {
			continue
		}
		d := results.Division{Background: b.Question, Categories: coarse(item.Type, out.Categories)}
		for _, g := range b.Groups {
			var theirs [][]string
			for i, a := range w.people {
				if v := a[b.Question].Value; slices.Contains(g.Options, v) || v == "" && len(g.Options) == 0 {
					theirs = append(theirs, answers[i])
				}
			}
			f := figures(item.Type, d.Categories, theirs)
			hide(f.Counts, f.Firsts)
			if n, _ := f.Answered.Value(); n > 0 && n < minimum {
				f.Answered = disclosure.Count{}
			}
			d.Rows = append(d.Rows, f)
		}
		out.Divisions = append(out.Divisions, d)
	}
	return out
}

// rates are response rates as a wave of this size has them.
func rates(n int64) report.Rates {
	share := func(x float64) *float64 { return &x }
	silent := n*2 + 3
	return report.Rates{
		Wave: "2026", AsOf: time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC), Opens: "2026-11-02", Closes: "2026-11-29",
		Total: report.Row{
			Contacted: n * 3, Undelivered: 12, Counts: report.Counts{Visits: n, Partial: 20, Complete: n - 40}, Rate: share(0.31), RatePartial: share(0.33),
			Outcome: report.Outcome{NonContact: 3, Refused: 4, BreakOff: 6, Silent: &silent, RateAll: share(0.3), Completion: share(0.84)},
			ByChannel: map[link.Channel]report.Counts{
				link.Mail: {Complete: n - 40}, link.Onward: {Complete: 31}, link.Poster: {Complete: 3}, link.Web: {Complete: 6},
			},
		},
	}
}

var contact = Contact{Name: "Kaisa Esimerkki", Organisation: "Example Research", Email: "barometer@example.org", Phone: "+358 29 000 0000"}

// write gives all files of a report, by name.
func write(t testing.TB, r results.Results, rates report.Rates, langs ...i18n.Lang) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := Write(r, rates, Options{Langs: langs, Contact: contact, Site: "https://survey.example.org"}, func(name string, body []byte) error {
		if files[name] != "" || strings.Contains(name, "/") {
			t.Errorf("%s is written twice, or elsewhere", name)
		}
		files[name] = string(body)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
