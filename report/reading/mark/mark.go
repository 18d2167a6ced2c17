// Package mark finds in a text what may tell who wrote it or whom it speaks of: addresses, numbers,
// names of people, places and organisations, in Finnish, Swedish and English. It rather marks too
// much: a person looks at every mark, and what is not marked they may overlook.
//
// It knows a text and words to look for, nothing of a survey or of who answered. It does not decide
// what is taken out.
package mark

import (
	"cmp"
	"slices"
	"strings"
)

// Kind is what a marked part looks like.
type Kind string

// The kinds of marks.
const (
	Email        Kind = "email"
	Web          Kind = "web" // an address of a page, or a name in a service: @aino
	Phone        Kind = "phone"
	Identity     Kind = "identity" // a Finnish personal identity code, or a date of birth
	Account      Kind = "account"  // IBAN
	Address      Kind = "address"  // a street, a box or a postal code
	Number       Kind = "number"   // a long one: of a customer, a case, a phone
	Name         Kind = "name"
	Organisation Kind = "organisation"
	Place        Kind = "place"
)

// Kinds are all of them.
var Kinds = []Kind{Email, Web, Phone, Identity, Account, Address, Number, Name, Organisation, Place}

// Span is a part of a text that is marked: bytes from Start up to End.
type Span struct {
	Start int
	End   int
	Kind  Kind
}

// Find marks a text: the spans are in order and do not touch each other's bytes. own are words of the
// survey's own, such as names of organisations; nil for none. It takes time in proportion to the text.
func Find(text string, own *Words) []Span {
	words := tokens(text)
	sure := Joined(slices.Concat(patterns(text), own.find(text, words), organisations(text, words)))
	return Joined(append(sure, beyond(text, Joined(people(text, words)), sure)...))
}

// beyond is what is left of some marks where others are not, so that a person and the organisation named
// after them can be told apart. Both are in order.
func beyond(text string, list, others []Span) []Span {
	var out []Span
	keep := func(start, end int, kind Kind) {
		piece := strings.TrimLeft(text[start:end], " \t\u00a0")
		start = end - len(piece)
		if piece = strings.TrimRight(piece, " \t\u00a0"); piece != "" {
			out = append(out, Span{start, start + len(piece), kind})
		}
	}
	for _, s := range list {
		for len(others) > 0 && others[0].End <= s.Start {
			others = others[1:]
		}
		at := s.Start
		for _, o := range others {
			if o.Start >= s.End {
				break
			}
			if o.Start > at {
				keep(at, o.Start, s.Kind)
			}
			at = o.End
		}
		if at < s.End {
			keep(at, s.End, s.Kind)
		}
	}
	return out
}

// Joined puts spans in order. Those that overlap become one, of the kind that came first in the list.
func Joined(list []Span) []Span {
	type ranked struct {
		Span
		rank int
	}
	all := make([]ranked, 0, len(list))
	for i, s := range list {
		if s.Start < s.End {
			all = append(all, ranked{s, i})
		}
	}
	slices.SortFunc(all, func(a, b ranked) int { return cmp.Or(a.Start-b.Start, a.rank-b.rank) })
	var out []Span
	best := 0
	for _, s := range all {
		last := len(out) - 1
		if last < 0 || s.Start >= out[last].End {
			out, best = append(out, s.Span), s.rank
			continue
		}
		out[last].End = max(out[last].End, s.End)
		if s.rank < best {
			out[last].Kind, best = s.Kind, s.rank
		}
	}
	return out
}
