package exchange

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// node is a condition or a constraint free of notation: what XPath, ExpressionScript and our own
// expressions have in common.
type node struct {
	op   string // an operator of XPath, or one of the leaves below
	word string // of a leaf what stands there; of a call the function
	args []node
}

// The leaves and the call.
const (
	opRef    = "ref"    // an answer: ${word}
	opSelf   = "self"   // the answer that a constraint is about: .
	opName   = "name"   // a column of the sheet of choices
	opText   = "text"   // 'word'
	opNumber = "number" // word, as it was written
	opNeg    = "neg"
	opCall   = "call"
)

// binding says how tightly an operator of XPath holds its sides together.
var binding = map[string]int{
	"or": 1, "and": 2, "=": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4, "+": 5, "-": 5, "*": 6, "div": 6, "mod": 6,
}

const tightest = 7

func ref(name string) node                    { return node{op: opRef, word: name} }
func textOf(s string) node                    { return node{op: opText, word: s} }
func numberOf(s string) node                  { return node{op: opNumber, word: s} }
func call(name string, args ...node) node     { return node{op: opCall, word: name, args: args} }
func binary(op string, left, right node) node { return node{op: op, args: []node{left, right}} }

// chain joins conditions by "and" or "or".
func chain(op string, list ...node) node {
	n := list[0]
	for _, next := range list[1:] {
		n = binary(op, n, next)
	}
	return n
}

// selected is the question whether an option was chosen.
func selected(what node, option string) node { return call("selected", what, textOf(option)) }

// xpath is the node as XLSForm writes it.
func (n node) xpath() string {
	switch n.op {
	case opRef:
		return "${" + n.word + "}"
	case opSelf:
		return "."
	case opText:
		if strings.Contains(n.word, "'") {
			return `"` + n.word + `"`
		}
		return "'" + n.word + "'"
	case opNumber, opName:
		return n.word
	case opNeg:
		return "-" + n.args[0].within(tightest)
	case opCall:
		parts := make([]string, len(n.args))
		for i, a := range n.args {
			parts[i] = a.xpath()
		}
		return n.word + "(" + strings.Join(parts, ", ") + ")"
	default:
		return n.args[0].within(binding[n.op]) + " " + n.op + " " + n.args[1].within(binding[n.op]+1)
	}
}

// within is the node in a place that needs at least the given binding.
func (n node) within(least int) string {
	if held, ok := binding[n.op]; ok && held < least || n.op == opNeg && least > tightest {
		return "(" + n.xpath() + ")"
	}
	return n.xpath()
}

// walk calls f for the node and all below it.
func (n node) walk(f func(node)) {
	f(n)
	for _, a := range n.args {
		a.walk(f)
	}
}

// refs are the answers that the node speaks of.
func (n node) refs() []string {
	var list []string
	n.walk(func(m node) {
		if m.op == opRef && !slices.Contains(list, m.word) {
			list = append(list, m.word)
		}
	})
	return list
}

func (n node) equal(m node) bool {
	return n.op == m.op && n.word == m.word && slices.EqualFunc(n.args, m.args, node.equal)
}

// conjuncts are the conditions that must all hold for n to hold.
func (n node) conjuncts() []node {
	if n.op != "and" {
		return []node{n}
	}
	return append(n.args[0].conjuncts(), n.args[1].conjuncts()...)
}

// truth is a condition that always or never holds.
func truth(yes bool) node { return call(strconv.FormatBool(yes)) }

func (n node) isTruth(yes bool) bool { return n.equal(truth(yes)) }

// forChoice is a choice filter for one choice: with the choice's own cells in the place of the
// columns' names, and what then is certain worked out.
func (n node) forChoice(cell func(column string) (string, bool)) node {
	if n.op == opName {
		if s, ok := cell(n.word); ok {
			return textOf(s)
		}
		return n
	}
	m := node{op: n.op, word: n.word, args: make([]node, len(n.args))}
	for i, a := range n.args {
		m.args[i] = a.forChoice(cell)
	}
	return m.folded()
}

// folded is a node whose parts are folded, itself worked out where that is certain.
func (n node) folded() node {
	switch {
	case n.op == opCall && n.word == "not" && len(n.args) == 1:
		for _, yes := range []bool{true, false} {
			if n.args[0].isTruth(yes) {
				return truth(!yes)
			}
		}
	case n.op == "and" || n.op == "or":
		all := n.op == "or" // what one side alone decides
		for i, a := range n.args {
			if a.isTruth(all) {
				return a
			}
			if a.isTruth(!all) {
				return n.args[1-i]
			}
		}
	case (n.op == "=" || n.op == "!=") && n.args[0].op == opText && n.args[1].op == opText:
		return truth((n.args[0].word == n.args[1].word) == (n.op == "="))
	}
	return n
}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

func sortedValues(m map[string]string) []string { return slices.Sorted(maps.Values(m)) }
