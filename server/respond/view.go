package respond

import (
	"embed"
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/server"
	"viesti/survey"
)

//go:embed pages
var files embed.FS

// moment is a page of the questionnaire as one respondent has it before them.
type moment struct {
	page    int
	order   survey.Order
	lang    i18n.Lang
	items   []survey.Item
	answers survey.Answers // that are kept

	faults map[string]*fault.Fault // by question id: what was refused
	form   url.Values              // as sent, if something was refused
	unsent bool                    // answers are missing without which nothing is sent

	whole bool                // everything is shown that can be, to an author
	marks map[string][]string // by question id, "" for the page: what its author has to mend
}

// questionView is a page of questions.
type questionView struct {
	server.Frame
	Heading    string
	Intro      string
	Number, Of int
	Questions  []question
	Faults     []*question
	Seen       string // what the page shows of the answers kept
	Unsent     bool
	First      bool
	Last       bool
	Marks      []string
}

// Position is "page 2/7".
func (v questionView) Position() string { return v.T("respond.page", "page", v.Number, "of", v.Of) }

func (s *pages) questionView(m moment) questionView {
	p := s.survey.Page(m.page, m.answers)
	if m.whole {
		p, _ = s.survey.Whole(m.page)
	}
	number, of := s.survey.Number(m.page)
	v := questionView{
		Frame:   server.Frame{Theme: s.Look, Lang: m.lang, Site: s.survey.Title.In(m.lang), Aside: true},
		Heading: p.Title.In(m.lang), Intro: strings.TrimSpace(p.Intro.In(m.lang)),
		Number: number, Of: of, Seen: survey.Seen(m.items, m.answers), Unsent: m.unsent,
		First: s.survey.Previous(m.page, m.answers) < 0,
		Last:  s.survey.Next(m.page, m.answers) == len(s.survey.Pages),
		Marks: m.marks[""],
	}
	v.Title = v.T("respond.page_title", "page", number, "of", of, "title", v.Heading)
	v.Questions = make([]question, len(m.items))
	for i, item := range m.items {
		if ready, ok := s.readyFor(item, m); ok {
			v.Questions[i].Ready = ready
			continue
		}
		v.Questions[i] = newQuestion(item.In(m.order), m)
		if v.Questions[i].Fault != "" {
			v.Faults = append(v.Faults, &v.Questions[i])
		}
	}
	if len(v.Faults) > 0 {
		v.Title = v.T("respond.faulty_title", "title", v.Title)
	}
	return v
}

// question is a question as its page shows it: item and answer in one language.
type question struct {
	server.Frame
	survey.Item
	Ready   template.HTML // all of it, where it was made beforehand; the other fields are then empty
	Name    string        // of the form field
	Key     string        // of its elements: unique on the page
	Fault   string
	Wordy   bool // the fault is in what was written, not in what was chosen
	Options []choice
	Rows    []row
	Text    string // an open answer, a number or a day
	Limit   int    // characters it may have
	Marks   []string
}

type choice struct {
	Key, Name, Value, Label string
	Chosen                  bool
	Other                   *other
}

// other is the text field beside an option that takes words of its own.
type other struct{ Key, Name, Text string }

// row is one line of a matrix or a ranking.
type row struct {
	Key, Name, Label string
	Options          []choice
}

func newQuestion(item survey.Item, m moment) question {
	answer := m.answers[item.ID]
	q := question{
		Frame: server.Frame{Lang: m.lang}, Item: item,
		Name: survey.Field(item.ID, ""), Key: "q-" + item.ID, Text: answer.Text, Limit: item.Max,
		Marks: m.marks[item.ID],
	}
	chosen := answer.Has
	inRow := func(row, option string) bool { return answer.Rows[row] == option }
	f := m.faults[item.ID]
	if f != nil {
		q.Fault, q.Wordy = f.Say(m.lang), f.Key == "survey.too_long"
	}
	if f != nil && m.form != nil { // show what was sent, not what is kept
		q.Text = m.form.Get(q.Name)
		chosen = func(option string) bool { return slices.Contains(m.form[q.Name], option) }
		inRow = func(row, option string) bool { return m.form.Get(survey.Field(item.ID, row)) == option }
		answer = survey.Answer{Text: m.form.Get(survey.OtherField(item.ID))}
	}
	switch item.Type {
	case survey.Single, survey.Multiple:
		for _, o := range item.Columns {
			q.Options = append(q.Options, newChoice(q, o, chosen(o.ID), answer.Text))
		}
	case survey.Grade:
		q.Options = grades(q, chosen)
	case survey.Matrix:
		q.Rows = rows(q, inRow)
	case survey.Rank:
		q.Rows = places(q, answer.Choices, m)
	case survey.Number, survey.Date:
		if q.Fault == "" || m.form == nil {
			q.Text = written(q, answer.Value)
		}
	case survey.OpenText:
		if q.Limit == 0 {
			q.Limit = survey.DefaultTextMax
		}
	}
	return q
}

// written is a kept number or day as its field takes it.
func written(q question, value string) string {
	if q.Type == survey.Number && q.Lang != i18n.En {
		return strings.Replace(value, ".", ",", 1)
	}
	return value
}

// places are the options of a ranking, each with the places it can take.
func places(q question, ranked []string, m moment) []row {
	var list []row
	for _, o := range q.Columns {
		name := survey.Field(q.ID, o.ID)
		given := strconv.Itoa(slices.Index(ranked, o.ID) + 1)
		if q.Fault != "" && m.form != nil {
			given = m.form.Get(name)
		}
		line := row{Key: within(q.Key, o.ID), Name: name, Label: o.Text.In(q.Lang)}
		for place := range q.Places() {
			n := strconv.Itoa(place + 1)
			line.Options = append(line.Options, choice{Value: n, Label: n, Chosen: n == given})
		}
		list = append(list, line)
	}
	return list
}

func newChoice(q question, o survey.Option, chosen bool, text string) choice {
	c := choice{Key: within(q.Key, o.ID), Name: q.Name, Value: o.ID, Label: o.Text.In(q.Lang), Chosen: chosen}
	if o.Other {
		c.Other = &other{Key: q.Key + "-words", Name: survey.OtherField(q.ID), Text: text}
	}
	return c
}

// within is the key of an option or a row. No id has a point in it, and what else belongs to a
// question is joined to its key by a hyphen, so no two elements of a page share a key.
func within(key, id string) string { return key + "." + id }

func grades(q question, chosen func(option string) bool) []choice {
	var list []choice
	for n := q.Min; n <= q.Max; n++ {
		label := fmt.Sprint(n)
		list = append(list, choice{Key: within(q.Key, label), Name: q.Name, Value: label, Label: label, Chosen: chosen(label)})
	}
	return list
}

func rows(q question, chosen func(row, option string) bool) []row {
	var list []row
	for _, r := range q.Item.Rows {
		line := row{Key: within(q.Key, r.ID), Label: r.Text.In(q.Lang)}
		for _, o := range q.Columns {
			line.Options = append(line.Options, choice{
				Key: within(line.Key, o.ID), Name: survey.Field(q.ID, r.ID), Value: o.ID,
				Label: o.Text.In(q.Lang), Chosen: chosen(r.ID, o.ID),
			})
		}
		list = append(list, line)
	}
	return list
}

// In is a text of the questionnaire in the page's language.
func (q question) In(t i18n.Text) string { return strings.TrimSpace(t.In(q.Lang)) }

// Asked is the question itself.
func (q question) Asked() string { return q.In(q.Question.Text) }

// First is the element that a link to the question leads to: the first one to be filled in, and of
// a question with a fault the first that can mend it.
func (q question) First() string {
	switch {
	case q.Wordy && q.Other() != nil:
		return q.Other().Key
	case q.Select:
		return q.Key + "-list"
	case len(q.Options) > 0:
		return q.Options[0].Key
	case q.Type == survey.Rank && len(q.Rows) > 0:
		return q.Rows[0].Key
	case len(q.Rows) > 0 && len(q.Columns) > 0:
		open := slices.IndexFunc(q.Rows, func(r row) bool {
			return !slices.ContainsFunc(r.Options, func(c choice) bool { return c.Chosen })
		})
		return q.Rows[max(open, 0)].Options[0].Key
	default:
		return q.Key + "-text"
	}
}

// Described are the elements that say more about the question, for assistive technology.
func (q question) Described() string {
	var ids []string
	for _, part := range []struct {
		there bool
		name  string
	}{
		{q.In(q.Help) != "", "help"},
		{q.In(q.Definition) != "", "definition"},
		{q.Ends() != "", "ends"},
		{q.Range() != "", "range"},
		{q.Type == survey.OpenText, "limit"},
		{q.Fault != "", "fault"},
	} {
		if part.there {
			ids = append(ids, q.Key+"-"+part.name)
		}
	}
	return strings.Join(ids, " ")
}

// Ends says what the ends of a grade mean.
func (q question) Ends() string {
	low, high := q.In(q.Low), q.In(q.High)
	if q.Type != survey.Grade || low == "" || high == "" {
		return ""
	}
	return q.T("respond.grade_ends", "min", q.Min, "low", low, "max", q.Max, "high", high)
}

// Range says what a number or a day may be.
func (q question) Range() string {
	return q.Question.Range(q.Lang)
}

// Other is the text field of a list's last option, nil if it has none.
func (q question) Other() *other {
	for _, c := range q.Options {
		if c.Other != nil {
			return c.Other
		}
	}
	return nil
}

// Many tells whether the options are best set in columns.
func (q question) Many() bool { return len(q.Options) > 11 }

// Lengthy tells whether a list is long enough to be worth searching.
func (q question) Lengthy() bool { return len(q.Options) > 11 }

// Radio tells whether an answer, once given, can be taken back only by a button.
func (q question) Radio() bool {
	return q.Type == survey.Single && !q.Select || q.Type == survey.Grade || q.Type == survey.Matrix
}
