package exchange

import (
	"regexp"
	"slices"
	"strings"
)

// longest is how long an expression may be, deepest how far its parts may lie in one another:
// files come from outside.
const (
	longest = 10_000
	deepest = 60
)

// token is a piece of an expression: an operator in its XPath form, or a leaf.
type token struct {
	kind string // "op", "word", "end", or the op of a leaf
	text string
}

// rule is how one kind of token is written.
type rule struct {
	kind string
	form *regexp.Regexp
}

var (
	xpathRules = []rule{
		{opText, regexp.MustCompile(`^(?:'([^']*)'|"([^"]*)")`)},
		{opRef, regexp.MustCompile(`^\$\{\s*([^{}\s#]+)\s*\}`)},
		{opNumber, regexp.MustCompile(`^(?:(\d+(?:\.\d+)?|\.\d+))`)},
		{"op", regexp.MustCompile(`^(!=|<=|>=|[-=<>+*(),])`)},
		{"word", regexp.MustCompile(`^([A-Za-z_][\w:-]*(?:\.[\w:-]+)*)`)},
		{opSelf, regexp.MustCompile(`^(\.)`)},
	}
	scriptRules = []rule{
		{opText, regexp.MustCompile(`^(?:'([^'\\]*)'|"([^"\\]*)")`)},
		{opRef, regexp.MustCompile(`^(?:INSERTANS:)?(\d+X\d+X\w+)(?:\.(?:NAOK|code|value|valueNAOK)\b)?`)},
		{opNumber, regexp.MustCompile(`^(\d+(?:\.\d+)?|\.\d+)`)},
		{"op", regexp.MustCompile(`^(==|!=|<=|>=|&&|\|\||[-=<>+*/(),!])`)},
		{"word", regexp.MustCompile(`^([A-Za-z_][\w]*(?:\.\w+)*)`)},
	}
	// operators of ExpressionScript that XPath writes in another way.
	scriptOps = map[string]string{
		"==": "=", "&&": "and", "||": "or", "/": "div",
		"eq": "=", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "and": "and", "or": "or",
	}
	xpathWords = map[string]string{"and": "and", "or": "or", "div": "div", "mod": "mod"}
	smart      = strings.NewReplacer("‘", "'", "’", "'", "“", `"`, "”", `"`)
)

// parseXPath reads the part of XPath that XLSForm's conditions are written in; ok is false for
// anything else.
func parseXPath(s string) (n node, ok bool) {
	return parse(smart.Replace(s), xpathRules, func(t token, operand bool) token {
		if op := xpathWords[t.text]; t.kind == "word" && op != "" && operand {
			return token{"op", op} // otherwise it is a name that happens to look so
		}
		return t
	}, opName)
}

// parseScript reads a condition of LimeSurvey's ExpressionScript.
func parseScript(s string) (n node, ok bool) {
	s = strings.TrimSpace(s)
	if inner, found := strings.CutPrefix(s, "{"); found {
		s = strings.TrimSuffix(inner, "}")
	}
	n, ok = parse(s, scriptRules, func(t token, _ bool) token {
		op := scriptOps[t.text]
		if t.kind == "word" {
			op = scriptOps[strings.ToLower(t.text)]
		}
		if (t.kind == "word" || t.kind == "op") && op != "" {
			return token{"op", op}
		}
		t.text = suffix.ReplaceAllString(t.text, "")
		return t
	}, opRef)
	return n.unscripted(), ok
}

// suffix says which of an answer's values is meant; these are the answer itself.
var suffix = regexp.MustCompile(`\.(NAOK|code|value|valueNAOK)$`)

// unscripted is a node with XPath's functions in the place of ExpressionScript's.
func (n node) unscripted() node {
	args := make([]node, len(n.args))
	for i, a := range n.args {
		args[i] = a.unscripted()
	}
	n.args = args
	if n.op != opCall || len(n.args) != 1 {
		return n
	}
	switch n.word {
	case "is_empty", "empty":
		return binary("=", n.args[0], textOf(""))
	case "strlen":
		n.word = "string-length"
	case "intval", "floatval":
		n.word = "number"
	}
	return n
}

func parse(s string, rules []rule, known func(t token, operand bool) token, bare string) (n node, ok bool) {
	if len(s) > longest {
		return node{}, false
	}
	var tokens []token
	operand := false // the token before ends an operand
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimSpace(s) {
		i := slices.IndexFunc(rules, func(r rule) bool { return r.form.MatchString(s) })
		if i < 0 {
			return node{}, false
		}
		m := rules[i].form.FindStringSubmatch(s)
		t := known(token{rules[i].kind, strings.Join(m[1:], "")}, operand)
		operand = t.kind != "op" || t.text == ")"
		tokens, s = append(tokens, t), s[len(m[0]):]
	}
	p := &descent{tokens: tokens, bare: bare}
	n, ok = p.expression(1, 0)
	return n, ok && p.at == len(tokens)
}

// descent reads tokens by how tightly operators bind. Operators of one strength group to the left.
type descent struct {
	tokens []token
	at     int
	bare   string // what a name without parentheses is
}

func (p *descent) peek() token {
	if p.at < len(p.tokens) {
		return p.tokens[p.at]
	}
	return token{kind: "end"}
}

func (p *descent) take(op string) bool {
	if p.peek() != (token{"op", op}) {
		return false
	}
	p.at++
	return true
}

func (p *descent) expression(least, depth int) (node, bool) {
	left, ok := p.operand(depth)
	for ok {
		t := p.peek()
		held := binding[t.text]
		if t.kind != "op" || held < least {
			break
		}
		p.at++
		var right node
		right, ok = p.expression(held+1, depth+1)
		left = binary(t.text, left, right)
	}
	return left, ok
}

func (p *descent) operand(depth int) (n node, ok bool) {
	if depth > deepest {
		return node{}, false
	}
	t := p.peek()
	p.at++
	switch {
	case t == (token{"op", "("}):
		n, ok = p.expression(1, depth+1)
		return n, ok && p.take(")")
	case t == (token{"op", "-"}):
		n, ok = p.operand(depth + 1)
		return node{op: opNeg, args: []node{n}}, ok
	case t == (token{"op", "!"}):
		n, ok = p.operand(depth + 1)
		return call("not", n), ok
	case t.kind == "op" || t.kind == "end":
		return node{}, false
	case t.kind == "word" && p.take("("):
		args, ok := p.arguments(depth)
		return call(t.text, args...), ok
	case t.kind == "word":
		return node{op: p.bare, word: t.text}, true
	case t.kind == opSelf:
		return node{op: opSelf}, true
	default:
		return node{op: t.kind, word: t.text}, true
	}
}

func (p *descent) arguments(depth int) (args []node, ok bool) {
	if p.take(")") {
		return nil, true
	}
	for {
		n, ok := p.expression(1, depth+1)
		if !ok {
			return nil, false
		}
		args = append(args, n)
		if p.take(")") {
			return args, true
		}
		if !p.take(",") {
			return nil, false
		}
	}
}
