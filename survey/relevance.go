package survey

import (
	"slices"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
)

// program is a relevance expression ready to run; nil is "always".
type program = *vm.Program

// A relevance sees each question of the pages before it under its id: a single choice as the
// option's id ("" when unanswered), a multiple choice as a list of ids, a grade as a number (0
// when unanswered), a text as a string, a matrix as a map from row to option.
//
// It cannot see its own page or a later one, because those names do not exist for it: so every
// page works without JavaScript and nothing is evaluated twice.
type names map[string]any

// zero is the unanswered value of a question, which also gives its type to the compiler.
func zero(t Type) any {
	switch t {
	case Multiple:
		return []string{}
	case Grade:
		return 0
	case Matrix:
		return map[string]string{}
	default:
		return ""
	}
}

// compile checks an expression against the questions that come before it.
func compile(source string, before names) (program, error) {
	if source == "" {
		return nil, nil
	}
	return expr.Compile(source, expr.Env(map[string]any(before)), expr.AsBool())
}

// before are the names that a page may use, with the given answers filled in.
func (q *Questionnaire) before(page int, answers Answers) names {
	seen := names{}
	for i := range q.Pages[:page] {
		for j := range q.Pages[i].Questions {
			question := &q.Pages[i].Questions[j]
			seen[question.ID] = zero(question.Type)
			if a, ok := answers[question.ID]; ok {
				seen[question.ID] = a.value(question.Type)
			}
		}
	}
	return seen
}

func (a Answer) value(t Type) any {
	switch {
	case t == Multiple && a.Choices != nil:
		return a.Choices
	case t == Grade:
		return a.Grade
	case t == Matrix && a.Rows != nil:
		return a.Rows
	case t == Single:
		return a.Choice
	case t == OpenText:
		return a.Text
	default:
		return zero(t)
	}
}

// holds runs a compiled expression. It was checked against the same names when it was loaded,
// so an error here cannot be the respondent's doing: the question is shown rather than lost.
func holds(p program, seen names) bool {
	if p == nil {
		return true
	}
	out, err := expr.Run(p, map[string]any(seen))
	yes, ok := out.(bool)
	return err != nil || !ok || yes
}

// Item is a question as one respondent meets it: with the rows that are theirs.
type Item struct {
	*Question
	Columns []Option // of a matrix or a scale
	Rows    []Option // of a matrix
}

// Items are the questions of a page that are relevant after the given answers; none when the
// page itself is not.
func (q *Questionnaire) Items(page int, answers Answers) []Item {
	if page < 0 || page >= len(q.Pages) {
		return nil
	}
	p := &q.Pages[page]
	var seen names // most pages ask nothing of it
	if p.conditional() {
		seen = q.before(page, answers)
	}
	if !holds(p.relevant, seen) {
		return nil
	}
	var items []Item
	for i := range p.Questions {
		question := &p.Questions[i]
		if !holds(question.relevant, seen) {
			continue
		}
		item := Item{Question: question, Columns: q.optionsOf(question), Rows: question.Rows}
		if question.RowsFrom != "" {
			item.Rows = q.chosen(question.RowsFrom, answers)
		}
		if question.Type == Matrix && len(item.Rows) == 0 {
			continue
		}
		items = append(items, item)
	}
	return items
}

// conditional tells whether the page or a question on it has a relevance expression.
func (p *Page) conditional() bool {
	return p.relevant != nil || slices.ContainsFunc(p.Questions, func(q Question) bool { return q.relevant != nil })
}

func (q *Questionnaire) optionsOf(question *Question) []Option {
	if question.Scale != "" {
		return q.Scales[question.Scale].Options
	}
	return question.Options
}

// chosen are the options picked in a multiple choice, in the question's order, less those that
// say "none" or carry the respondent's own words.
func (q *Questionnaire) chosen(id string, answers Answers) []Option {
	from := q.byID[id]
	var rows []Option
	for _, o := range q.optionsOf(from) {
		if answers[id].Has(o.ID) && !o.Other && !o.Exclusive {
			rows = append(rows, o)
		}
	}
	return rows
}

// Next is the first relevant page after the given one, or len(q.Pages) when there is none.
// Begin with -1.
func (q *Questionnaire) Next(page int, answers Answers) int {
	for page++; page < len(q.Pages); page++ {
		if len(q.Items(page, answers)) > 0 {
			break
		}
	}
	return page
}

// Previous is the last relevant page before the given one, or -1.
func (q *Questionnaire) Previous(page int, answers Answers) int {
	for page--; page >= 0; page-- {
		if len(q.Items(page, answers)) > 0 {
			break
		}
	}
	return page
}

// Relevant is answers without those to questions that turned out not to concern the respondent.
// Pages are passed in order, so that an answer which no longer counts cannot open a branch.
func (q *Questionnaire) Relevant(answers Answers) Answers {
	kept := Answers{}
	for page := range q.Pages {
		for _, item := range q.Items(page, kept) {
			if a, ok := answers[item.ID]; ok {
				if a = a.within(item); !a.Empty() {
					kept[item.ID] = a
				}
			}
		}
	}
	return kept
}
