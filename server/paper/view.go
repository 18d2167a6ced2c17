package paper

import (
	"cmp"
	"html/template"
	"slices"
	"strings"

	"viesti/i18n"
	"viesti/server"
	"viesti/survey"
)

// view is the whole document in one language.
type view struct {
	server.Frame
	Style    string       // the address of the style sheet
	Embedded template.CSS // the style sheet itself, in a file
	Intro    string
	Branches bool // some questions do not concern everybody
	Pages    []page
}

type page struct {
	server.Frame
	Title, Intro, When string
	Questions          []question
}

// question is a question as it stands on paper.
type question struct {
	server.Frame
	survey.Item
	Number  int // 0: there is nothing to answer
	When    string
	Options []line
	Rows    []line
	Taken   string // where the options or the rows come from
	Grades  []int
	Lines   []struct{} // to write on
}

// line is an option or a row.
type line struct {
	Label, When string
	Other       bool
}

func newView(q *survey.Questionnaire, l i18n.Lang) view {
	frame := server.Frame{Lang: l, Site: q.Title.In(l)}
	v := view{Frame: frame, Intro: strings.TrimSpace(q.Intro.In(l))}
	v.Title = v.T("paper.title")
	for i := range q.Pages {
		p, items := q.Whole(i)
		part := page{Frame: frame, Title: p.Title.In(l), Intro: strings.TrimSpace(p.Intro.In(l)), When: q.When(p.Relevance, l)}
		v.Branches = v.Branches || part.When != ""
		for _, item := range items {
			asked := newQuestion(q, item, frame)
			v.Branches = v.Branches || asked.When != ""
			part.Questions = append(part.Questions, asked)
		}
		v.Pages = append(v.Pages, part)
	}
	return v
}

func newQuestion(q *survey.Questionnaire, item survey.Item, frame server.Frame) question {
	asked := question{Frame: frame, Item: item, When: q.When(item.Relevance, frame.Lang)}
	if item.Type != survey.Info {
		asked.Number = q.Ordinal(item.ID)
	}
	lines := func(options []survey.Option) []line {
		var list []line
		for _, o := range options {
			list = append(list, line{strings.TrimSpace(o.Text.In(frame.Lang)), q.When(o.Relevance, frame.Lang), o.Other})
		}
		return list
	}
	asked.Options, asked.Rows = lines(item.Columns), lines(item.Rows)
	if from := cmp.Or(item.OptionsFrom, item.RowsFrom); from != "" {
		asked.Taken = asked.T("paper.chosen_in", "number", q.Ordinal(from))
	}
	for n := item.Min; item.Type == survey.Grade && n <= item.Max; n++ {
		asked.Grades = append(asked.Grades, n)
	}
	if item.Type == survey.OpenText {
		asked.Lines = slices.Repeat([]struct{}{{}}, map[bool]int{false: 1, true: 6}[item.Long])
	}
	return asked
}

// In is a text of the questionnaire in the document's language.
func (q question) In(t i18n.Text) string { return strings.TrimSpace(t.In(q.Lang)) }

// Asked is the question itself.
func (q question) Asked() string { return q.In(q.Question.Text) }

// How says how many options to choose, or how to rank them, where the author has not said it.
func (q question) How() string {
	switch {
	case q.Type == survey.Rank && q.Max > 0:
		return q.T("paper.rank_most", "max", q.Places())
	case q.Type == survey.Rank:
		return q.T("paper.rank")
	case q.Type != survey.Multiple || q.In(q.Help) != "":
		return ""
	case q.Max > 0:
		return q.T("paper.choose_most", "max", q.Max)
	default:
		return q.T("paper.choose_any")
	}
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
