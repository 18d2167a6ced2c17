package mark

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is a word of a text, as far as it matters here.
type token struct {
	start, end int
	lower      string
	class      class
	capital    bool // begins with a capital letter
	shout      bool // has several letters and all are capital
	first      bool // begins a sentence, so that its capital tells nothing
}

// is tells whether the word may be any of some classes.
func (t token) is(c class) bool { return t.class&c != 0 }

// initial tells whether it is a single capital letter.
func (t token) initial() bool { return t.capital && utf8.RuneCountInString(t.lower) == 1 }

// tokens are the words of a text. A word may have a hyphen or an apostrophe within.
func tokens(text string) []token {
	var list []token
	first, start := true, -1
	end := func(at int) {
		if start < 0 {
			return
		}
		list = append(list, word(text, start, at, first))
		first, start = false, -1
	}
	for i, r := range text {
		switch {
		case unicode.IsLetter(r) || unicode.IsMark(r) && start >= 0:
			if start < 0 {
				start = i
			}
			continue
		case start >= 0 && strings.ContainsRune("-'’‑", r) && followed(text, i+utf8.RuneLen(r)):
			continue
		}
		end(i)
		switch {
		case r == '.' && len(list) > 0 && list[len(list)-1].end == i && (list[len(list)-1].is(abbreviation) || list[len(list)-1].initial()):
		case strings.ContainsRune(".!?…•\n\r:;\u2028\u2029", r):
			first = true
		}
	}
	end(len(text))
	if shouted(list) {
		for i := range list {
			list[i].capital, list[i].shout = list[i].is(given|surname|place) && !list[i].is(plain), false
		}
	}
	return list
}

// followed tells whether a letter comes next.
func followed(text string, at int) bool {
	r, _ := utf8.DecodeRuneInString(text[at:])
	return unicode.IsLetter(r)
}

func word(text string, start, end int, first bool) token {
	s := text[start:end]
	lower := strings.ToLower(s)
	r, size := utf8.DecodeRuneInString(s)
	t := token{start: start, end: end, lower: lower, class: known.of(lower), capital: unicode.IsUpper(r) || unicode.IsTitle(r), first: first}
	if part, rest, ok := strings.Cut(s, "-"); ok && rest == strings.ToLower(rest) && known.of(strings.ToLower(part))&(acronym|common) != 0 {
		t.class |= common // TE-toimisto, English-speaking
	}
	t.shout = t.capital && size < len(s) && strings.ToUpper(s) == s
	return t
}

// shouted tells whether most of a text is in capitals, which then say nothing.
func shouted(list []token) bool {
	n := 0
	for _, t := range list {
		if t.shout {
			n++
		}
	}
	return n > 3 && 2*n > len(list)
}

// beside tells whether two words belong to one name by what stands between them: blanks, or the dot
// of an initial.
func beside(text string, a, b token) bool {
	between := text[a.end:b.start]
	if len(between) > 4 {
		return false
	}
	if a.initial() || a.is(title|courtesy) {
		between = strings.TrimPrefix(between, ".")
	}
	return strings.Trim(between, " \t\u00a0") == "" && (between != "" || a.initial())
}
