package exchange

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// kind is what an answer is to a condition.
type kind int

const (
	isBool   kind = iota + 1
	isNumber      // unanswered it compares with nothing
	isText
	isDay
	isChoice    // one option
	isList      // options
	isMember    // one option of several, which LimeSurvey keeps as 'Y' or nothing
	isLength    // how many options or characters
	isAnyLength // of which only is known whether it is zero
	wroteText   // a text that stands in the condition
	wroteNumber // a number that does
)

// subject is what a ${name} stands for in our questionnaire.
type subject struct {
	code string // as our conditions write it: partners, conditions.trust
	kind kind
	id   string            // of a member: the option
	ids  map[string]string // the options' ids by their names in the other tool
}

// value is a part of a condition in our notation.
type value struct {
	subject
	held int    // how tightly the code holds together
	not  string // the opposite, where it can be said shortly
}

// How tightly parts of our conditions hold together.
const (
	byChoice = iota // a ? b : c
	byOr
	byAnd
	byCompare
	bySum
	byProduct
	bySign
	whole
)

// toExpr writes a condition in our notation; ok is false when it says something that we cannot.
func toExpr(n node, find func(name string) (subject, bool)) (code string, ok bool) {
	w := &exprWriter{find: find, ok: true}
	v := w.truth(w.value(n))
	return v.code, w.ok
}

type exprWriter struct {
	find func(name string) (subject, bool)
	ok   bool
}

func (w *exprWriter) fail() value {
	w.ok = false
	return value{held: whole}
}

func condition(held int, code, not string) value {
	return value{subject: subject{code: code, kind: isBool}, held: held, not: not}
}

func (v value) within(least int) string {
	if v.held < least {
		return "(" + v.code + ")"
	}
	return v.code
}

func (w *exprWriter) value(n node) value {
	switch n.op {
	case opRef:
		if s, ok := w.find(n.word); ok {
			return value{subject: s, held: whole}
		}
	case opText:
		return value{subject: subject{code: n.word, kind: wroteText}, held: whole}
	case opNumber:
		if n.word[0] == '.' {
			n.word = "0" + n.word
		}
		return value{subject: subject{code: n.word, kind: wroteNumber}, held: whole}
	case opNeg:
		v := w.value(n.args[0])
		if v.kind == wroteNumber || v.kind == isNumber {
			v.code, v.held = "-"+v.within(bySign+1), bySign
			return v
		}
	case opCall:
		return w.call(n)
	case "and", "or":
		return w.junction(n)
	case "=", "!=", "<", "<=", ">", ">=":
		return w.compare(n.op, w.value(n.args[0]), w.value(n.args[1]))
	case "+", "-", "*", "div", "mod":
		return w.sum(n)
	}
	return w.fail()
}

// truth is a value in the place of a condition.
func (w *exprWriter) truth(v value) value {
	switch v.kind {
	case isBool:
		return v
	case isList, isText, isDay, isChoice, isMember:
		return w.compare("!=", v, value{subject: subject{kind: wroteText}})
	default:
		return w.fail()
	}
}

func (w *exprWriter) junction(n node) value {
	held, sign := byAnd, " && "
	if n.op == "or" {
		held, sign = byOr, " || "
	}
	left, right := w.truth(w.value(n.args[0])), w.truth(w.value(n.args[1]))
	return condition(held, left.within(held)+sign+right.within(held+1), "")
}

var arithmetic = map[string]struct {
	held int
	sign string
}{"+": {bySum, "+"}, "-": {bySum, "-"}, "*": {byProduct, "*"}, "div": {byProduct, "/"}, "mod": {byProduct, "%"}}

func (w *exprWriter) sum(n node) value {
	left, right := w.value(n.args[0]), w.value(n.args[1])
	for _, v := range []value{left, right} {
		if !slices.Contains([]kind{isNumber, isLength, wroteNumber}, v.kind) || n.op == "mod" && v.kind == isNumber {
			return w.fail() // a remainder is for whole numbers alone
		}
	}
	a := arithmetic[n.op]
	return value{
		subject: subject{code: left.within(a.held) + " " + a.sign + " " + right.within(a.held+1), kind: isLength},
		held:    a.held,
	}
}

func (w *exprWriter) call(n node) value {
	args := make([]value, len(n.args))
	switch n.word {
	case "true", "false":
		return condition(whole, n.word, "")
	}
	for i, a := range n.args {
		args[i] = w.value(a)
	}
	switch {
	case n.word == "not" && len(args) == 1:
		v := w.truth(args[0])
		if v.not != "" {
			return condition(byCompare, v.not, v.code)
		}
		return condition(bySign, "!"+v.within(whole), "")
	case n.word == "if" && len(args) == 3:
		return w.choice(args)
	case n.word == "selected" && len(args) == 2:
		return w.selected(args[0], args[1])
	case n.word == "selected-at" && len(args) == 2 && args[0].kind == isList && ordinal.MatchString(args[1].code):
		v := args[0]
		v.code, v.kind, v.held = fmt.Sprintf(`len(%[1]s) > %[2]s ? %[1]s[%[2]s] : ""`, v.code, args[1].code), isChoice, byChoice
		return v
	case len(args) == 1:
		return w.of(n.word, args[0])
	case len(args) == 2:
		return w.search(n.word, args[0], args[1])
	}
	return w.fail()
}

var (
	ordinal     = regexp.MustCompile(`^\d{1,3}$`)
	plainNumber = regexp.MustCompile(`^-?\d+(\.\d+)?$`)
)

// of is a function of one value.
func (w *exprWriter) of(name string, v value) value {
	switch name {
	case "count-selected":
		if v.kind == isList {
			return value{subject: subject{code: "len(" + v.code + ")", kind: isLength}, held: whole}
		}
	case "string-length":
		switch v.kind {
		case isText, isDay, isChoice:
			return value{subject: subject{code: "len(" + v.code + ")", kind: isLength}, held: whole}
		case isList:
			return value{subject: subject{code: "len(" + v.code + ")", kind: isAnyLength}, held: whole}
		}
	case "number", "int", "string", "boolean", "date":
		if v.kind != wroteText || name != "date" || validDay(v.code) {
			return v // what it is compared with tells
		}
	}
	return w.fail()
}

var searches = map[string]string{"contains": "contains", "starts-with": "startsWith", "ends-with": "endsWith"}

func (w *exprWriter) search(name string, in, what value) value {
	op := searches[name]
	if op == "" || in.kind != isText || what.kind != wroteText {
		return w.fail()
	}
	return condition(byCompare, in.within(byCompare+1)+" "+op+" "+strconv.Quote(what.code), "")
}

func (w *exprWriter) choice(args []value) value {
	yes, no := args[1], args[2]
	if yes.kind != no.kind || yes.kind == wroteText || yes.kind == wroteNumber {
		return w.fail()
	}
	yes.code = w.truth(args[0]).within(byOr) + " ? " + yes.within(byOr) + " : " + no.within(byOr)
	yes.held, yes.not = byChoice, ""
	return yes
}

func (w *exprWriter) selected(in, what value) value {
	if in.kind == isChoice {
		return w.compare("=", in, what)
	}
	if in.kind != isList {
		return w.fail()
	}
	option := what.code
	switch what.kind {
	case wroteText, wroteNumber:
		option = strconv.Quote(in.option(what.code))
	case isChoice:
	default:
		return w.fail()
	}
	return condition(byCompare, option+" in "+in.code, option+" not in "+in.code)
}

// option is the id of an option by its name in the other tool. A name that no option has stays,
// for the check to find it.
func (s subject) option(name string) string {
	if id, ok := s.ids[name]; ok {
		return id
	}
	return name
}

var mirrored = map[string]string{"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

var compared = map[string]string{"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}

var opposite = map[string]string{"=": "!=", "!=": "="}

func (w *exprWriter) compare(op string, left, right value) value {
	if left.kind >= wroteText && right.kind < wroteText {
		op, left, right = mirrored[op], right, left
	}
	not := opposite[op]
	say := func(what string) value {
		code := func(op string) string {
			if op == "" {
				return ""
			}
			return left.within(byCompare+1) + " " + compared[op] + " " + what
		}
		return condition(byCompare, code(op), code(not))
	}
	text := right.kind == wroteText && not != ""
	switch {
	case left.kind == isBool && right.kind == isBool && not != "":
		return say(right.within(byCompare + 1))
	case (left.kind == isList || left.kind == isNumber) && text && right.code == "":
		if op == "=" {
			return condition(bySign, "!answered("+left.code+")", "answered("+left.code+")")
		}
		return condition(whole, "answered("+left.code+")", "!answered("+left.code+")")
	case left.kind == isList && text:
		return alone(op, left, left.option(right.code))
	case left.kind == isMember && text && (right.code == "Y" || right.code == ""):
		in, out := strconv.Quote(left.id)+" in "+left.code, strconv.Quote(left.id)+" not in "+left.code
		if (right.code == "Y") == (op == "=") {
			return condition(byCompare, in, out)
		}
		return condition(byCompare, out, in)
	case left.kind == isChoice && right.kind >= wroteText:
		return w.chosen(op, left, right, say)
	case left.kind == isText && right.kind >= wroteText && not != "":
		return say(strconv.Quote(right.code))
	case (left.kind == isText || left.kind == isChoice || left.kind == isDay) && left.kind == right.kind && not != "":
		return say(right.within(byCompare + 1))
	case left.kind == isDay && right.kind == wroteText:
		return w.day(op, left, right, say)
	case left.kind == isNumber || left.kind == isLength || left.kind == isAnyLength:
		return w.number(op, left, right, say)
	}
	return w.fail()
}

// alone tells whether an option is the only one chosen.
func alone(op string, list value, option string) value {
	code := fmt.Sprintf("%s in %s && len(%s) == 1", strconv.Quote(option), list.code, list.code)
	if op == "=" {
		return condition(byAnd, code, "")
	}
	return condition(bySign, "!("+code+")", "")
}

// chosen compares an option. By size it is compared as the number that its name is, which holds
// for a list of options.
func (w *exprWriter) chosen(op string, left, right value, say func(string) value) value {
	if opposite[op] != "" {
		name := right.code
		if n, err := strconv.ParseFloat(name, 64); right.kind == wroteNumber && err == nil {
			for _, other := range sortedKeys(left.ids) {
				if m, err := strconv.ParseFloat(other, 64); err == nil && m == n {
					name = other
				}
			}
		}
		return say(strconv.Quote(left.option(name)))
	}
	limit, err := strconv.ParseFloat(right.code, 64)
	if err != nil || left.ids == nil {
		return w.fail()
	}
	var list []string
	for _, name := range sortedKeys(left.ids) {
		n, err := strconv.ParseFloat(name, 64)
		if err == nil && (op[0] == '<' && n < limit || op[0] == '>' && n > limit || len(op) == 2 && n == limit) {
			list = append(list, strconv.Quote(left.ids[name]))
		}
	}
	if len(list) == 0 {
		return condition(whole, "false", "")
	}
	return condition(byCompare, left.within(byCompare+1)+" in ["+strings.Join(list, ", ")+"]", "")
}

// day compares days. No day is before none, and text to us: the empty one comes first.
func (w *exprWriter) day(op string, left, right value, say func(string) value) value {
	if right.code != "" && !validDay(right.code) || right.code == "" && opposite[op] == "" {
		return w.fail()
	}
	v := say(strconv.Quote(right.code))
	if op == "<" || op == "<=" {
		return condition(byAnd, left.code+` != "" && `+v.code, "")
	}
	return v
}

func (w *exprWriter) number(op string, left, right value, say func(string) value) value {
	switch right.kind {
	case wroteText, wroteNumber:
		n, err := strconv.ParseFloat(right.code, 64)
		if err != nil || !plainNumber.MatchString(right.code) || left.kind == isAnyLength && (n != 0 || op != "=" && op != "!=" && op != ">") {
			return w.fail()
		}
	case isNumber, isLength:
		if left.kind == isAnyLength {
			return w.fail()
		}
	default:
		return w.fail()
	}
	return say(right.within(byCompare + 1))
}

func validDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}
