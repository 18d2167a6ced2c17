package survey

import (
	"viesti/i18n"
	"viesti/internal/fault"
)

// Range says what a number or a day may be, "" where it may be any.
func (q *Question) Range(lang i18n.Lang) string {
	words := q.ends()
	if words == "" {
		return ""
	}
	return i18n.T(lang, "survey.range."+words, q.bounds())
}

// Outside is what is said of a number or a day that is not in the range, nil where any is.
func (q *Question) Outside() *fault.Fault {
	words := q.ends()
	if words == "" {
		return nil
	}
	return refuse("survey.outside."+words, q.bounds())
}

// ends names the ends that the range has: a number is large or small, a day early or late.
func (q *Question) ends() string {
	words := ""
	switch {
	case q.From != "" && q.To != "":
		words = "between"
	case q.From != "":
		words = "from"
	case q.To != "":
		words = "to"
	default:
		return ""
	}
	if q.Type == Date {
		words += "_day"
	}
	return words
}

func (q *Question) bounds() i18n.Args {
	return i18n.Args{"from": bound{q, false}, "to": bound{q, true}}
}

// bound is an end of a question's range in a sentence.
type bound struct {
	question *Question
	upper    bool
}

// In is the end as the language writes it. Of two, the upper one alone has the unit.
func (b bound) In(lang i18n.Lang) string {
	switch {
	case b.upper:
		return b.question.measured(b.question.To, lang)
	case b.question.To != "":
		return b.question.written(b.question.From, lang)
	default:
		return b.question.measured(b.question.From, lang)
	}
}
