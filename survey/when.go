package survey

import (
	"slices"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"

	"viesti/i18n"
)

// When says a condition in a sentence, for those who see questions that need not concern them.
// Comparisons of an answer, joined by "and" or by "or", are put into words; of any other condition
// the sentence says which answers it depends on. It is "" where there is no condition.
func (q *Questionnaire) When(source string, lang i18n.Lang) string {
	if source == "" {
		return ""
	}
	w := wording{q, lang}
	if tree, err := parser.Parse(source); err == nil {
		if said, ok := w.joined(tree.Node); ok {
			return i18n.T(lang, "survey.when.only", i18n.Args{"condition": said})
		}
	}
	var names []string
	for _, question := range q.mentionsOf(source).questions {
		names = append(names, i18n.T(lang, "survey.when.name", w.about(question)))
	}
	if len(names) == 0 {
		return i18n.T(lang, "survey.when.some", nil)
	}
	return i18n.T(lang, "survey.when.depends", i18n.Args{"questions": w.list("survey.when.and", names)})
}

// wording puts the parts of a condition into the words of a language; ok is false for what it has
// no words for.
type wording struct {
	q    *Questionnaire
	lang i18n.Lang
}

// joined is one comparison, or several with the same word between them.
func (w wording) joined(n ast.Node) (said string, ok bool) {
	b, ok := n.(*ast.BinaryNode)
	if !ok || !slices.Contains([]string{"&&", "and", "||", "or"}, b.Operator) {
		return w.clause(n, false)
	}
	var clauses []string
	for _, part := range parts(b, b.Operator) {
		said, ok := w.clause(part, false)
		if !ok {
			return "", false
		}
		clauses = append(clauses, said)
	}
	key := "survey.when.both"
	if b.Operator == "||" || b.Operator == "or" {
		key = "survey.when.either"
	}
	said = clauses[0]
	for _, next := range clauses[1:] {
		said = i18n.T(w.lang, key, i18n.Args{"first": said, "second": next})
	}
	return said, true
}

// parts are what an operator joins, from left to right.
func parts(n ast.Node, operator string) []ast.Node {
	if b, ok := n.(*ast.BinaryNode); ok && b.Operator == operator {
		return append(parts(b.Left, operator), parts(b.Right, operator)...)
	}
	return []ast.Node{n}
}

func (w wording) clause(n ast.Node, negated bool) (string, bool) {
	switch n := n.(type) {
	case *ast.UnaryNode:
		if n.Operator == "!" || n.Operator == "not" {
			return w.clause(n.Node, !negated)
		}
	case *ast.CallNode:
		if f, ok := n.Callee.(*ast.IdentifierNode); ok && f.Value == "answered" && len(n.Arguments) == 1 {
			return w.answered(n.Arguments[0], negated)
		}
	case *ast.BinaryNode:
		return w.compared(n, negated)
	}
	return "", false
}

func (w wording) answered(n ast.Node, negated bool) (string, bool) {
	id, ok := n.(*ast.IdentifierNode)
	if !ok || w.q.byID[id.Value] == nil {
		return "", false
	}
	return w.say("answered", negated, w.about(w.q.byID[id.Value])), true
}

// say takes the words for a clause, or for its contrary.
func (w wording) say(clause string, negated bool, args i18n.Args) string {
	if negated {
		clause = "not_" + clause
	}
	return i18n.T(w.lang, "survey.when."+clause, args)
}

// compared is an answer beside what it is compared with, in either order.
func (w wording) compared(n *ast.BinaryNode, negated bool) (string, bool) {
	left, right, operator := n.Left, n.Right, n.Operator
	if operator != "in" && isLiteral(left) {
		left, right = right, left
		if turned, ok := map[string]string{"<": ">", ">": "<", "<=": ">=", ">=": "<="}[operator]; ok {
			operator = turned
		}
	}
	if id, ok := left.(*ast.IdentifierNode); ok && operator != "in" {
		if question := w.q.byID[id.Value]; question != nil && (question.Type == Grade || question.Type == Number) {
			return w.measured(question, operator, right, negated)
		}
	}
	switch operator {
	case "==", "!=":
		negated = negated != (operator == "!=")
		if _, one := right.(*ast.StringNode); !one {
			return "", false
		}
	case "in": // answer in ["a", "b"], or "a" in answer
		if isLiteral(left) {
			left, right = right, left
		}
	default:
		return "", false
	}
	return w.chosen(left, literals(right), negated)
}

func isLiteral(n ast.Node) bool {
	switch n.(type) {
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode:
		return true
	default:
		return false
	}
}

// chosen is a question, or a row of one, beside options.
func (w wording) chosen(n ast.Node, ids []string, negated bool) (string, bool) {
	question, row := (&reader{q: w.q}).cell(n)
	if id, ok := n.(*ast.IdentifierNode); ok {
		question = w.q.byID[id.Value]
	}
	if question == nil || len(ids) == 0 {
		return "", false
	}
	args := w.about(question)
	if len(ids) == 1 && ids[0] == "" && row == "" { // "" is no answer
		return w.say("answered", !negated, args), true
	}
	var labels []string
	for _, id := range ids {
		o, ok := option(w.q.optionsOf(question), id)
		if !ok {
			return "", false
		}
		labels = append(labels, strings.TrimRight(strings.TrimSpace(o.Text.In(w.lang)), "."))
	}
	args["options"] = w.list("survey.when.or", labels)
	if row == "" {
		return w.say("chose", negated, args), true
	}
	o, ok := option(w.q.rowsOf(question), row)
	args["row"] = o.Text
	return w.say("chose_in_row", negated, args), ok
}

// measured is a grade or a number beside another. The contrary of a comparison also holds for who
// said nothing, which is more than words like "at most" tell.
func (w wording) measured(question *Question, operator string, n ast.Node, negated bool) (string, bool) {
	clause, ok := map[string]string{"==": "equal", ">=": "at_least", "<=": "at_most", ">": "above", "<": "below"}[operator]
	if !ok || negated {
		return "", false
	}
	args := w.about(question)
	switch n := n.(type) {
	case *ast.IntegerNode:
		args["value"] = measure{question, strconv.Itoa(n.Value)}
	case *ast.FloatNode:
		args["value"] = measure{question, strconv.FormatFloat(n.Value, 'f', -1, 64)}
	default:
		return "", false
	}
	return i18n.T(w.lang, "survey.when."+clause, args), true
}

// about names a question by its number and its text.
func (w wording) about(question *Question) i18n.Args {
	text := w.q.fill(question.Text, w.q.named)
	return i18n.Args{"number": w.q.Ordinal(question.ID), "question": strings.TrimSpace(text.In(w.lang))}
}

// list is "a, b and c", with the last word from a key.
func (w wording) list(key string, items []string) string {
	last := len(items) - 1
	if last == 0 {
		return items[0]
	}
	return i18n.T(w.lang, key, i18n.Args{"first": strings.Join(items[:last], ", "), "second": items[last]})
}
