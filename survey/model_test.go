package survey_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"viesti/survey"
)

type (
	answered struct {
		id  string
		not bool
	}
	chosen struct {
		id, option string
		not        bool
	}
	among struct {
		id, option string
		not        bool
	}
	inRow  struct{ id, row, option string }
	beyond struct {
		id    string
		n     int
		below bool
	}
	joined struct {
		a  condition
		op string
		b  condition
	}
)

func (c answered) String() string { return denied(c.not) + "answered(" + c.id + ")" }
func (c answered) holds(known survey.Answers) bool {
	a := known[c.id]
	return (a.Value != "" || a.Text != "" || len(a.Choices)+len(a.Rows) > 0) != c.not
}

func (c chosen) String() string {
	return fmt.Sprintf("%s %s %q", c.id, map[bool]string{false: "==", true: "!="}[c.not], c.option)
}
func (c chosen) holds(known survey.Answers) bool { return (known[c.id].Value == c.option) != c.not }

func (c among) String() string { return denied(c.not) + fmt.Sprintf("(%q in %s)", c.option, c.id) }
func (c among) holds(known survey.Answers) bool {
	return slices.Contains(known[c.id].Choices, c.option) != c.not
}

func (c inRow) String() string                  { return fmt.Sprintf("%s[%q] == %q", c.id, c.row, c.option) }
func (c inRow) holds(known survey.Answers) bool { return known[c.id].Rows[c.row] == c.option }

func (c beyond) String() string {
	return fmt.Sprintf("%s %s %d", c.id, map[bool]string{false: ">", true: "<"}[c.below], c.n)
}

func (c beyond) holds(known survey.Answers) bool {
	n, err := strconv.ParseFloat(known[c.id].Value, 64)
	return err == nil && (!c.below && n > float64(c.n) || c.below && n < float64(c.n))
}

func (c joined) String() string { return fmt.Sprintf("(%s) %s (%s)", c.a, c.op, c.b) }
func (c joined) holds(known survey.Answers) bool {
	if c.op == "&&" {
		return c.a.holds(known) && c.b.holds(known)
	}
	return c.a.holds(known) || c.b.holds(known)
}

func denied(not bool) string {
	if not {
		return "!"
	}
	return ""
}

// offer is what a question offers one respondent.
type offer struct{ options, rows []string }

// asked goes through the questionnaire with what was last answered: which questions are asked, with
// what to choose from, and which of the answers count.
func (q *drawn) asked(last survey.Answers) (offers map[string]offer, counts survey.Answers) {
	offers, counts = map[string]offer{}, survey.Answers{}
	met := func(c condition) bool { return c == nil || c.holds(counts) }
	for _, p := range q.pages {
		if !met(p.when) {
			continue
		}
		for _, question := range p.questions {
			if !met(question.when) {
				continue
			}
			var o offer
			for _, option := range taken(question.options, question.optionsFrom, counts) {
				if met(option.when) {
					o.options = append(o.options, option.id)
				}
			}
			for _, row := range taken(question.rows, question.rowsFrom, counts) {
				if met(row.when) {
					o.rows = append(o.rows, row.id)
				}
			}
			if question.kind == survey.Matrix && len(o.rows) == 0 ||
				slices.Contains([]survey.Type{survey.Single, survey.Multiple, survey.Rank}, question.kind) && len(o.options) == 0 {
				continue
			}
			offers[question.id] = o
			if a, ok := last[question.id]; ok {
				if a = o.keep(question, a); !a.Empty() {
					counts[question.id] = a
				}
			}
		}
	}
	return offers, counts
}

// taken are a question's own options, or those chosen in the one they are taken from.
func taken(own []drawnOption, from *drawnQuestion, counts survey.Answers) []drawnOption {
	if from == nil {
		return own
	}
	var list []drawnOption
	for _, o := range from.all() {
		if slices.Contains(counts[from.id].Choices, o.id) && !o.other && !o.exclusive {
			list = append(list, drawnOption{id: o.id})
		}
	}
	return list
}

// keep is the part of an answer that is still on offer.
func (o offer) keep(q *drawnQuestion, a survey.Answer) survey.Answer {
	switch q.kind {
	case survey.Single:
		if !slices.Contains(o.options, a.Value) {
			return survey.Answer{}
		}
	case survey.Multiple, survey.Rank:
		var choices []string
		for _, id := range a.Choices {
			if slices.Contains(o.options, id) {
				choices = append(choices, id)
			}
		}
		a.Choices = choices
		if !slices.Contains(choices, "other") {
			a.Text = ""
		}
	case survey.Matrix:
		rows := map[string]string{}
		for row, id := range a.Rows {
			if slices.Contains(o.rows, row) {
				rows[row] = id
			}
		}
		a.Rows = rows
	}
	return a
}

// due is the first page on which a required answer is missing, -1 if none is.
func (q *drawn) due(last survey.Answers) int {
	offers, counts := q.asked(last)
	for i, p := range q.pages {
		for _, question := range p.questions {
			o, ok := offers[question.id]
			a := counts[question.id]
			if ok && question.required && (a.Empty() || question.kind == survey.Matrix && len(a.Rows) < len(o.rows)) {
				return i
			}
		}
	}
	return -1
}

// typed is something a respondent types, and what becomes of it; "" is refused.
type typed struct{ raw, line, lines string }

var texts = []typed{
	{"hei", "hei", "hei"},
	{" å\x00 ", "å", "å"},
	{"a\r\nb", "a b", "a\nb"},
	{"\xff", "\uFFFD", "\uFFFD"},
	{"<b>&", "<b>&", "<b>&"},
	{strings.Repeat("ä", 2001), "", ""},
}

var numbers = map[string]string{
	"3": "3", "007": "7", "2,50": "2.5", "-2": "-2", "−3": "-3", "6.25": "6.25", "9": "9", "x": "", "1e3": "", "NaN": "",
}

var dates = map[string]string{
	"2027-03-14": "2027-03-14", "14.3.2027": "2027-03-14", "2025-12-31": "2025-12-31", "1. 1. 2028": "2028-01-01",
	"31.2.2027": "", "tomorrow": "",
}
