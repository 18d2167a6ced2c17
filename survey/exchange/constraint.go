package exchange

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"viesti/i18n"
	"viesti/survey"
)

var plainName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// constraint is what an answer must be, with the words for those whose answer is not.
type constraint struct {
	source  string
	message i18n.Text
}

// message is a sentence of ours in every language.
func message(key string, args i18n.Args) i18n.Text {
	t := i18n.Text{}
	for _, lang := range i18n.Langs {
		t[lang] = i18n.T(lang, key, args)
	}
	return t
}

func atMost(function string, n int) node {
	return binary("<=", call(function, node{op: opSelf}), numberOf(strconv.Itoa(n)))
}

// aloneOnly is the constraint of an option that rules out the others.
func aloneOnly(option string) node {
	self := node{op: opSelf}
	return call("not", binary("and", selected(self, option), binary(">", call("count-selected", self), numberOf("1"))))
}

// constraintOf is that of a question's settings.
func constraintOf(q *survey.Question, options []survey.Option) constraint {
	var all []node
	var words []i18n.Text
	switch q.Type {
	case survey.Multiple:
		if q.Max > 0 {
			all = append(all, atMost("count-selected", q.Max))
			words = append(words, message("exchange.choose_up_to", i18n.Args{"max": q.Max}))
		}
		for _, o := range options {
			if o.Exclusive && q.OptionsFrom == "" {
				all = append(all, aloneOnly(o.ID))
			}
		}
		if len(all) > len(words) {
			words = append(words, message("survey.exclusive", nil))
		}
	case survey.OpenText:
		if q.Max > 0 {
			all = append(all, atMost("string-length", q.Max))
			words = append(words, message("exchange.text_up_to", i18n.Args{"max": q.Max}))
		}
	case survey.Number, survey.Date:
		all, words = bounds(q)
	}
	if len(all) == 0 {
		return constraint{}
	}
	joined := i18n.Text{}
	for _, lang := range i18n.Langs {
		var parts []string
		for _, t := range words {
			parts = append(parts, t[lang])
		}
		joined[lang] = strings.Join(parts, " ")
	}
	return constraint{chain("and", all...).xpath(), joined}
}

func bounds(q *survey.Question) (all []node, words []i18n.Text) {
	literal := func(s string) node {
		if q.Type == survey.Date {
			return call("date", textOf(s))
		}
		if rest, negative := strings.CutPrefix(s, "-"); negative {
			return node{op: opNeg, args: []node{numberOf(rest)}}
		}
		return numberOf(s)
	}
	if q.From != "" {
		all = append(all, binary(">=", node{op: opSelf}, literal(q.From)))
	}
	if q.To != "" {
		all = append(all, binary("<=", node{op: opSelf}, literal(q.To)))
	}
	if f := q.Outside(); f != nil {
		words = append(words, message(f.Key, f.Args))
	}
	return all, words
}

// constrain sets what a constraint says in a question. alone are the options that it lets stand
// only alone, left is what we do not hold.
func constrain(q *survey.Question, n node) (alone []string, left []node) {
	for _, part := range n.conjuncts() {
		if option, ok := exclusion(part); ok && q.Type == survey.Multiple {
			alone = append(alone, option)
		} else if !limit(q, part) {
			left = append(left, part)
		}
	}
	return alone, left
}

// exclusion reads the constraint of an option that rules out the others, in the forms that are
// in use: not(selected(., 'x') and count-selected(.) > 1), not(selected(., 'x')) or
// count-selected(.) = 1.
func exclusion(n node) (option string, ok bool) {
	n.walk(func(m node) {
		if m.op == opCall && m.word == "selected" && len(m.args) == 2 && m.args[0].op == opSelf {
			option = m.args[1].word
		}
	})
	self := node{op: opSelf}
	count, one := call("count-selected", self), numberOf("1")
	chosen := selected(self, option)
	for _, form := range []node{
		aloneOnly(option),
		call("not", binary("and", binary(">", count, one), chosen)),
		call("not", binary("and", chosen, binary(">=", count, numberOf("2")))),
		binary("or", call("not", chosen), binary("=", count, one)),
		binary("or", binary("=", count, one), call("not", chosen)),
		call("if", chosen, binary("=", count, one), truth(true)),
	} {
		if n.equal(form) {
			return option, true
		}
	}
	return "", false
}

// limit reads one comparison of the answer, or of its length, with a number or a day.
func limit(q *survey.Question, n node) bool {
	if mirrored[n.op] == "" {
		return false
	}
	left, right, op := n.args[0], n.args[1], n.op
	if literalOf(left) != "" {
		left, right, op = right, left, mirrored[op]
	}
	most := literalOf(right)
	function := map[survey.Type]string{survey.OpenText: "string-length", survey.Multiple: "count-selected"}[q.Type]
	switch {
	case most == "":
		return false
	case function != "" && left.equal(call(function, node{op: opSelf})):
		n, err := strconv.Atoi(most)
		if op == "<" {
			n--
		}
		if err != nil || op != "<" && op != "<=" || n < 1 {
			return false
		}
		q.Max = n
		return true
	case left.op == opSelf && (q.Type == survey.Number || q.Type == survey.Date):
		return edge(q, op, most)
	}
	return false
}

// literalOf is a number or a text that stands in an expression, "" for anything else.
func literalOf(n node) string {
	switch {
	case n.op == opNumber || n.op == opText:
		return n.word
	case n.op == opNeg && n.args[0].op == opNumber:
		return "-" + n.args[0].word
	case n.op == opCall && n.word == "date" && len(n.args) == 1 && n.args[0].op == opText:
		return n.args[0].word
	}
	return ""
}

// edge sets an end of a range. Of whole numbers and days, "more than" is "at least the next".
func edge(q *survey.Question, op, value string) bool {
	step := map[string]int{">": 1, "<": -1}[op]
	if q.Type == survey.Date {
		day, err := time.Parse(time.DateOnly, value)
		if err != nil {
			return false
		}
		value = day.AddDate(0, 0, step).Format(time.DateOnly)
	} else {
		n, err := strconv.ParseFloat(value, 64)
		if err != nil || !plainNumber.MatchString(value) || step != 0 && (q.Decimals > 0 || n != float64(int64(n))) {
			return false
		}
		value = strconv.FormatFloat(n+float64(step), 'f', -1, 64)
	}
	end := &q.From
	if slices.Contains([]string{"<", "<="}, op) {
		end = &q.To
	}
	if op == "=" || op == "!=" || *end != "" {
		return false
	}
	*end = value
	return true
}

// settled describes what a range must be to be a grade.
func settled(params map[string]string) (low, high int, ok bool) {
	number := func(key string, otherwise int) int {
		s := params[key]
		if s == "" {
			return otherwise
		}
		n, err := strconv.Atoi(s)
		if err != nil {
			n, ok = 0, false
		}
		return n
	}
	ok = true
	low, high = number("start", 1), number("end", 10)
	step := number("step", 1)
	return low, high, ok && step == 1 && low >= 0 && high > low && high <= maxGrade
}

// maxGrade is the highest end that a grade can have with us.
const maxGrade = 20

// parameters reads start=1 end=10, also with commas and semicolons.
func parameters(s string) map[string]string {
	m := map[string]string{}
	for _, field := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" ,;\t\n", r) }) {
		if key, value, ok := strings.Cut(field, "="); ok {
			m[strings.ToLower(key)] = value
		} else {
			m[fmt.Sprintf("?%s", field)] = ""
		}
	}
	return m
}
