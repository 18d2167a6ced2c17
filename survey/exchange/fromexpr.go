package exchange

import (
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"

	"viesti/survey"
)

// called is what a question is called in the form that is written.
type called struct {
	name string
	kind survey.Type
	rows map[string]string // of a matrix: the name of each row's question, by the row's id
}

// fromExpr reads a condition of ours; ok is false when XPath has no counterpart for it.
func fromExpr(source string, find func(id string) (called, bool)) (n node, ok bool) {
	tree, err := parser.Parse(source)
	if err != nil {
		return node{}, false
	}
	r := exprReader{find: find, ok: true}
	n = r.read(tree.Node)
	return n, r.ok
}

type exprReader struct {
	find func(id string) (called, bool)
	ok   bool
}

func (r *exprReader) fail() node {
	r.ok = false
	return node{}
}

func (r *exprReader) read(n ast.Node) node {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		if q, ok := r.find(n.Value); ok && q.kind != survey.Matrix && q.kind != survey.Info {
			return ref(q.name)
		}
	case *ast.MemberNode:
		return r.member(n)
	case *ast.StringNode:
		if smart.Replace(n.Value) == n.Value && (!strings.Contains(n.Value, "'") || !strings.Contains(n.Value, `"`)) {
			return textOf(n.Value)
		}
	case *ast.IntegerNode:
		return numberOf(strconv.Itoa(n.Value))
	case *ast.FloatNode:
		return numberOf(strconv.FormatFloat(n.Value, 'f', -1, 64))
	case *ast.BoolNode:
		return truth(n.Value)
	case *ast.UnaryNode:
		if n.Operator == "-" {
			return node{op: opNeg, args: []node{r.read(n.Node)}}
		}
		if n.Operator == "!" || n.Operator == "not" {
			return call("not", r.read(n.Node))
		}
	case *ast.BinaryNode:
		return r.binary(n)
	case *ast.ConditionalNode:
		return call("if", r.read(n.Cond), r.read(n.Exp1), r.read(n.Exp2))
	case *ast.BuiltinNode:
		if n.Name == "len" {
			return r.length(n.Arguments[0])
		}
	case *ast.CallNode:
		if f, ok := n.Callee.(*ast.IdentifierNode); ok && f.Value == "answered" && len(n.Arguments) == 1 {
			return r.answered(n.Arguments[0])
		}
	}
	return r.fail()
}

// question is the question that a node names.
func (r *exprReader) question(n ast.Node) (called, bool) {
	id, ok := n.(*ast.IdentifierNode)
	if !ok {
		return called{}, false
	}
	return r.find(id.Value)
}

// member is the answer in a row of a matrix, or the option on a place of a ranking.
func (r *exprReader) member(n *ast.MemberNode) node {
	q, ok := r.question(n.Node)
	if !ok || n.Optional {
		return r.fail()
	}
	switch key := n.Property.(type) {
	case *ast.StringNode:
		if name := q.rows[key.Value]; name != "" {
			return ref(name)
		}
	case *ast.IntegerNode:
		if q.list() && key.Value >= 0 {
			return call("selected-at", ref(q.name), numberOf(strconv.Itoa(key.Value)))
		}
	}
	return r.fail()
}

func (q called) list() bool { return q.kind == survey.Multiple || q.kind == survey.Rank }

func (r *exprReader) length(n ast.Node) node {
	q, ok := r.question(n)
	switch {
	case ok && q.list():
		return call("count-selected", ref(q.name))
	case ok && (q.kind == survey.OpenText || q.kind == survey.Single || q.kind == survey.Date):
		return call("string-length", ref(q.name))
	default:
		return r.fail()
	}
}

func (r *exprReader) answered(n ast.Node) node {
	q, ok := r.question(n)
	if !ok || q.kind == survey.Info {
		return r.fail()
	}
	if q.kind != survey.Matrix {
		return binary("!=", ref(q.name), textOf(""))
	}
	var list []node
	for _, name := range sortedValues(q.rows) {
		list = append(list, binary("!=", ref(name), textOf("")))
	}
	if len(list) == 0 {
		return r.fail()
	}
	return chain("or", list...)
}

// Operators of ours by their name in XPath.
var operators = map[string]string{
	"==": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=", "&&": "and", "and": "and", "||": "or", "or": "or",
	"+": "+", "-": "-", "*": "*", "/": "div", "%": "mod",
}

var textFunctions = map[string]string{"contains": "contains", "startsWith": "starts-with", "endsWith": "ends-with"}

func (r *exprReader) binary(n *ast.BinaryNode) node {
	if n.Operator == "in" {
		return r.in(n.Left, n.Right)
	}
	if name := textFunctions[n.Operator]; name != "" {
		return call(name, r.read(n.Left), r.read(n.Right))
	}
	op := operators[n.Operator]
	for _, side := range []ast.Node{n.Left, n.Right} {
		if q, ok := r.question(side); ok && q.list() { // lists compare with nothing in XPath
			return r.fail()
		}
		if _, text := side.(*ast.StringNode); op == "" || text && binding[op] > binding["<"] {
			return r.fail()
		}
	}
	if binding[op] == binding["<"] {
		return r.ordered(op, n)
	}
	return binary(op, r.read(n.Left), r.read(n.Right))
}

// ordered compares by size. Days are text to us, and no day comes before every day; XPath has
// dates, and no day is before none.
func (r *exprReader) ordered(op string, n *ast.BinaryNode) node {
	left, right := r.read(n.Left), r.read(n.Right)
	q, ok := r.question(n.Left)
	day, text := n.Right.(*ast.StringNode)
	switch {
	case ok && q.kind == survey.Date && text && validDay(day.Value):
		right = call("date", right)
		if op == "<" || op == "<=" {
			return chain("or", binary("=", left, textOf("")), binary(op, left, right))
		}
	case left.op == opText || right.op == opText, ok && q.kind != survey.Grade && q.kind != survey.Number:
		return r.fail()
	}
	return binary(op, left, right)
}

// in is a look for an option among those chosen, for a row among those answered, for an answer in
// a list.
func (r *exprReader) in(what, where ast.Node) node {
	if q, ok := r.question(where); ok {
		option := r.read(what)
		switch {
		case q.list():
			return call("selected", ref(q.name), option)
		case q.kind == survey.Matrix && option.op == opText && q.rows[option.word] != "":
			return binary("!=", ref(q.rows[option.word]), textOf(""))
		}
		return r.fail()
	}
	list, ok := where.(*ast.ArrayNode)
	if q, known := r.question(what); !ok || len(list.Nodes) == 0 || known && q.list() {
		return r.fail()
	}
	var any []node
	for _, item := range list.Nodes {
		any = append(any, binary("=", r.read(what), r.read(item)))
	}
	return chain("or", any...)
}
