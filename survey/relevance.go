package survey

import (
	"iter"
	"math"
	"reflect"
	"slices"
	"strconv"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/vm"
)

// program is a relevance expression ready to run; nil is "always".
type program = *vm.Program

// A relevance sees each question of the pages before it under its id: a single choice as the
// option's id ("" when unanswered), a multiple choice and a ranking as a list of ids, a grade and
// a number as a number (when unanswered one that compares with nothing), a date and a text as a
// string, a matrix as a map from row to option. answered(id) tells whether there is an answer.
//
// It cannot see its own page or a later one, because those names do not exist for it: so every
// page works without JavaScript and nothing is evaluated twice.
type names map[string]any

// zero is the unanswered value of a question, which also gives its type to the compiler. A number
// is NaN then: every comparison with it is false, so "below 5" does not hold for who said nothing.
func zero(t Type) any {
	switch t {
	case Multiple, Rank:
		return []string{}
	case Grade, Number:
		return math.NaN()
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
	return expr.Compile(source, expr.Env(map[string]any(before)), expr.AsBool(),
		expr.Function("answered", isAnswered, new(func(any) bool)),
		expr.Function(place, inPlace, new(func([]string, int) string)), expr.Patch(places{}))
}

// places makes ranked[0] of who ranked nothing "", as other answers that were not given are: an
// error would show what it guards to everybody who left the ranking out.
type places struct{}

// place is a name that no question can have.
const place = "Place"

// Visit replaces a look into a list of ids.
func (places) Visit(node *ast.Node) {
	n, ok := (*node).(*ast.MemberNode)
	if ok && n.Node.Type() == reflect.TypeFor[[]string]() {
		ast.Patch(node, &ast.CallNode{Callee: &ast.IdentifierNode{Value: place}, Arguments: []ast.Node{n.Node, n.Property}})
	}
}

// inPlace counts as the language does: from 0, and backwards from -1.
func inPlace(values ...any) (any, error) {
	ids, _ := values[0].([]string)
	at, _ := values[1].(int)
	if at < 0 {
		at += len(ids)
	}
	if at < 0 || at >= len(ids) {
		return "", nil
	}
	return ids[at], nil
}

func isAnswered(values ...any) (any, error) {
	switch v := values[0].(type) {
	case string:
		return v != "", nil
	case float64:
		return !math.IsNaN(v), nil
	case []string:
		return len(v) > 0, nil
	case map[string]string:
		return len(v) > 0, nil
	default:
		return false, nil
	}
}

// before are the names that a page may use, with the given answers filled in.
func (q *Questionnaire) before(page int, answers Answers) names {
	seen := names{}
	for i := range q.Pages[:page] {
		for j := range q.Pages[i].Questions {
			seen.add(&q.Pages[i].Questions[j], answers)
		}
	}
	return seen
}

// known are the names that the page's conditions speak of, which are few of those they may use.
func (p *Page) known(answers Answers) names {
	seen := make(names, len(p.mentioned))
	for _, question := range p.mentioned {
		seen.add(question, answers)
	}
	return seen
}

func (seen names) add(question *Question, answers Answers) {
	if question.Type != Info {
		seen[question.ID] = answers[question.ID].value(question.Type)
	}
}

// mention finds out which questions the page's conditions speak of, once they have been compiled.
func (q *Questionnaire) mention(p *Page) {
	sources := []string{p.Relevance}
	for _, question := range p.Questions {
		sources = append(sources, question.Relevance)
		for _, o := range slices.Concat(question.Options, question.Rows) {
			sources = append(sources, o.Relevance)
		}
		for _, from := range []string{question.OptionsFrom, question.RowsFrom} {
			if source, ok := q.byID[from]; ok { // its options come with their conditions
				for _, o := range q.optionsOf(source) {
					sources = append(sources, o.Relevance)
				}
			}
		}
	}
	p.mentioned = q.mentionsOf(sources...).questions
}

func (a Answer) value(t Type) any {
	switch t {
	case Multiple, Rank:
		if a.Choices != nil {
			return a.Choices
		}
	case Matrix:
		if a.Rows != nil {
			return a.Rows
		}
	case Grade, Number:
		if n, err := strconv.ParseFloat(a.Value, 64); err == nil {
			return n
		}
	case OpenText:
		return a.Text
	default:
		return a.Value
	}
	return zero(t)
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

// Item is a question as one respondent meets it: with the options, the rows and the words that
// are theirs.
type Item struct {
	*Question
	Columns []Option // what can be chosen, in a matrix for each row
	Rows    []Option // of a matrix
}

// Items are the questions of a page that are relevant after the given answers; none when the
// page itself is not.
func (q *Questionnaire) Items(page int, answers Answers) []Item {
	var items []Item
	for item := range q.asked(page, answers) {
		if item.quotes {
			item.Question = q.quoted(item.Question, q.said(answers))
		}
		items = append(items, item)
	}
	return items
}

// asked are the Items of a page one by one, with earlier answers not yet in their texts.
func (q *Questionnaire) asked(page int, answers Answers) iter.Seq[Item] {
	return func(yield func(Item) bool) {
		if page < 0 || page >= len(q.Pages) {
			return
		}
		p := &q.Pages[page]
		seen := p.known(answers)
		if !holds(p.relevant, seen) {
			return
		}
		for i := range p.Questions {
			question := &p.Questions[i]
			if !holds(question.relevant, seen) {
				continue
			}
			if item, ok := q.item(question, seen, answers); ok && !yield(item) {
				return
			}
		}
	}
}

// concerns tells whether anything on a page is relevant after the given answers.
func (q *Questionnaire) concerns(page int, answers Answers) bool {
	for range q.asked(page, answers) {
		return true
	}
	return false
}

// item is a question for one respondent; ok is false when nothing of it is left to answer.
func (q *Questionnaire) item(question *Question, seen names, answers Answers) (item Item, ok bool) {
	item = Item{Question: question, Columns: q.optionsOf(question), Rows: question.Rows}
	if question.limited {
		if question.OptionsFrom != "" {
			item.Columns = q.chosen(question.OptionsFrom, answers)
		}
		if question.RowsFrom != "" {
			item.Rows = q.chosen(question.RowsFrom, answers)
		}
		item.Columns, item.Rows = relevant(item.Columns, seen), relevant(item.Rows, seen)
	}
	switch question.Type {
	case Matrix:
		return item, len(item.Rows) > 0
	case Single, Multiple, Rank:
		return item, len(item.Columns) > 0
	default:
		return item, true
	}
}

// relevant are the options that are so after the given answers.
func relevant(options []Option, seen names) []Option {
	if !slices.ContainsFunc(options, func(o Option) bool { return o.relevant != nil }) {
		return options
	}
	return slices.DeleteFunc(slices.Clone(options), func(o Option) bool { return !holds(o.relevant, seen) })
}

func (q *Questionnaire) optionsOf(question *Question) []Option {
	if question.Scale != "" {
		return q.Scales[question.Scale].Options
	}
	if question.OptionsFrom != "" {
		return q.optionsOf(q.byID[question.OptionsFrom])
	}
	return question.Options
}

// rowsOf are all rows that a matrix can have.
func (q *Questionnaire) rowsOf(question *Question) []Option {
	if question.RowsFrom != "" {
		return q.optionsOf(q.byID[question.RowsFrom])
	}
	return question.Rows
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
		if q.concerns(page, answers) {
			break
		}
	}
	return page
}

// Previous is the last relevant page before the given one, or -1.
func (q *Questionnaire) Previous(page int, answers Answers) int {
	for page--; page >= 0; page-- {
		if q.concerns(page, answers) {
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
		for item := range q.asked(page, kept) {
			if a, ok := answers[item.ID]; ok {
				if a = a.within(item); !a.Empty() {
					kept[item.ID] = a
				}
			}
		}
	}
	return kept
}
