package reading

import (
	"fmt"
	"slices"

	"viesti/i18n"
	"viesti/report/reading"
	"viesti/report/reading/mark"
)

// oneView is the page of one answer.
type oneView struct {
	view
	Answer  *reading.Answer
	Before  string // the answer on which a decision was kept just now
	Only    string // the question that is read, if it is one alone
	Again   bool   // what was read is looked at again
	Missing string // words that were typed and stand nowhere
}

// Here is the page in another language.
func (v oneView) Here(l i18n.Lang) string {
	pairs := []string{"lang", string(l), "answer", v.Answer.Hash}
	if v.Only != "" {
		pairs = append(pairs, "question", v.Only)
	}
	if v.Again {
		pairs = append(pairs, "read", "1")
	}
	return v.At("/read", pairs...)
}

// part is a piece of an answer's text, marked or not.
type part struct {
	Text string
	N    int // of a mark, from 1; 0: not marked
	Kind string
	At   string // as a form has it
	Cut  bool   // is taken out
	Hand bool   // was marked by the reader
}

// Parts are the text in pieces.
func (v oneView) Parts() []part {
	var list []part
	text, at := v.Answer.Text, 0
	for i, m := range v.Answer.Marks {
		if m.Start > at {
			list = append(list, part{Text: text[at:m.Start]})
		}
		list = append(list, part{
			Text: text[m.Start:m.End], N: i + 1, At: fmt.Sprintf("%d-%d", m.Start, m.End), Hand: m.Kind == reading.ByHand,
			Kind: i18n.T(v.Lang, "reading.kind."+string(m.Kind), nil), Cut: v.cut(m),
		})
		at = m.End
	}
	return append(list, part{Text: text[at:]})
}

// Marks are the marked pieces.
func (v oneView) Marks() []part {
	return slices.DeleteFunc(v.Parts(), func(p part) bool { return p.N == 0 })
}

// cut tells whether something of a mark is taken out.
func (v oneView) cut(m mark.Span) bool {
	return slices.ContainsFunc(v.Answer.Cuts, func(c reading.Cut) bool { return c.Start < m.End && m.Start < c.End })
}

// Result is what would be published.
func (v oneView) Result() string { return reading.Published(v.Answer.Text, v.Answer.Cuts) }

// Nothing tells whether nothing would be left.
func (v oneView) Nothing() bool { return reading.Blank(v.Result()) }

// Released and Withheld are what was decided before.
func (v oneView) Released() bool { return v.Answer.Verdict == reading.Release }

// Withheld tells whether the answer was withheld.
func (v oneView) Withheld() bool { return v.Answer.Verdict == reading.Withhold }
