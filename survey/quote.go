package survey

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"viesti/i18n"
)

// quote is an earlier answer shown in a text: {id}.
var quote = regexp.MustCompile(`\{([a-z][a-z0-9_]*)\}`)

// unanswered stands where an answer would be quoted that was not given.
const unanswered = "…"

// shower gives what stands in a text for the answer to a question.
type shower func(question *Question, lang i18n.Lang) string

// said shows the answers given, as people read them.
func (q *Questionnaire) said(answers Answers) shower {
	return func(question *Question, lang i18n.Lang) string {
		if said := q.InWords(question, answers[question.ID], lang); len(said) > 0 {
			return strings.Join(said, ", ")
		}
		return unanswered
	}
}

// quoted is the question with earlier answers in its texts.
func (q *Questionnaire) quoted(question *Question, show shower) *Question {
	filled := *question
	for _, t := range []*i18n.Text{&filled.Text, &filled.Help, &filled.Definition, &filled.Low, &filled.High} {
		*t = q.fill(*t, show)
	}
	return &filled
}

// Page is a page with earlier answers in its texts.
func (q *Questionnaire) Page(page int, answers Answers) Page {
	p := q.Pages[page]
	if p.quotes {
		p.Title, p.Intro = q.fill(p.Title, q.said(answers)), q.fill(p.Intro, q.said(answers))
	}
	return p
}

func (q *Questionnaire) fill(t i18n.Text, show shower) i18n.Text {
	filled := i18n.Text{}
	for lang, s := range t {
		filled[lang] = quote.ReplaceAllStringFunc(s, func(name string) string {
			if question, ok := q.byID[strings.Trim(name, "{}")]; ok {
				return show(question, lang)
			}
			return name
		})
	}
	return filled
}

// InWords is an answer as people read it: a line for each option chosen, in a ranking from the
// first; for each row of a matrix the row and what was chosen. None when nothing was answered.
func (q *Questionnaire) InWords(question *Question, a Answer, lang i18n.Lang) []string {
	columns := q.optionsOf(question)
	label := func(options []Option, id string) string {
		if o, ok := option(options, id); ok {
			return strings.TrimSpace(o.Text.In(lang))
		}
		return id
	}
	choice := func(id string) string {
		if o, ok := option(columns, id); ok && o.Other && a.Text != "" {
			return a.Text
		}
		return label(columns, id)
	}
	var lines []string
	switch question.Type {
	case Single:
		if a.Value != "" {
			lines = append(lines, choice(a.Value))
		}
	case Multiple, Rank:
		for _, id := range a.Choices {
			lines = append(lines, choice(id))
		}
	case Matrix:
		for _, row := range q.rowsOf(question) {
			if id, ok := a.Rows[row.ID]; ok {
				asked := strings.TrimRight(label([]Option{row}, row.ID), ".:") // a statement ends with a point
				lines = append(lines, asked+": "+label(columns, id))
			}
		}
	case OpenText:
		lines = append(lines, a.Text)
	default:
		lines = append(lines, question.measured(a.Value, lang))
	}
	return slices.DeleteFunc(lines, func(s string) bool { return s == "" })
}

// measured is a grade, a number with its unit or a date in a language's own form.
func (q *Question) measured(value string, lang i18n.Lang) string {
	value = q.written(value, lang)
	if unit := q.Unit.In(lang); value != "" && unit != "" {
		value += "\u00a0" + unit
	}
	return value
}

// written is a value as measured, without a unit.
func (q *Question) written(value string, lang i18n.Lang) string {
	if q.Type == Date {
		if day, err := time.Parse(time.DateOnly, value); err == nil {
			return i18n.Date(lang, day)
		}
	}
	if lang != i18n.En {
		value = strings.ReplaceAll(value, ".", ",")
	}
	return value
}
