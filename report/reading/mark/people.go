package mark

import (
	"slices"
	"strings"
)

// particles may stand within a name.
var particles = []string{"von", "af", "de", "van", "al", "el", "bin", "bint", "ibn", "la", "di", "abu"}

// introductions are words after which somebody says their name.
var introductions = [][]string{
	{"nimeni", "on"}, {"nimi", "on"}, {"jag", "heter"}, {"namn", "är"}, {"name", "is"}, {"i'm", "called"}, {"kutsutaan"},
}

// people marks names of people and places: known ones, what is written with a capital within a
// sentence, and what stands where names stand.
func people(text string, list []token) []Span {
	var out []Span
	for i := 0; i < len(list); {
		j := run(text, list, i)
		if j == i {
			if named(list[i]) {
				out = append(out, Span{list[i].start, list[i].end, Name})
			}
			i++
			continue
		}
		if s, ok := proper(list[i:j]); ok {
			out = append(out, s)
		}
		i = j
	}
	return append(out, places(text, list)...)
}

// run is the end of the words from i on that are written with capitals and stand beside each other.
func run(text string, list []token, i int) int {
	j := i
	for j < len(list) && list[j].capital && (j == i || beside(text, list[j-1], list[j])) {
		j++
		if j+1 < len(list) && j > i && slices.Contains(particles, list[j].lower) && list[j+1].capital &&
			beside(text, list[j-1], list[j]) && beside(text, list[j], list[j+1]) {
			j++
		}
	}
	return j
}

// proper marks a run of words with capitals, but for what begins a sentence and may be any word.
func proper(words []token) (Span, bool) {
	if t := words[0]; t.first && skips(t, words[1:]) {
		words = words[1:]
	}
	for len(words) > 0 && words[0].is(title|courtesy|signature) {
		words = words[1:]
	}
	if len(words) == 0 || every(words, ordinary) {
		return Span{}, false
	}
	s := Span{words[0].start, words[len(words)-1].end, Name}
	switch {
	case some(words, given|surname): // a name of a person goes before that of a place
	case some(words, place):
		s.Kind = Place
	case every(words, func(t token) bool { return t.shout }):
		s.Kind = Organisation
	}
	if len(words) == 1 && words[0].is(place) && !words[0].is(given) {
		s.Kind = Place
	}
	return s, true
}

// skips tells whether the word at the beginning of a sentence is no part of a name: it is an ordinary
// one, or stands alone and is not known as a name.
func skips(t token, rest []token) bool {
	if t.is(plain) || t.is(common|acronym) && !t.is(given) {
		return true
	}
	return len(rest) == 0 && !t.is(given|surname|place) && !t.shout
}

// ordinary tells whether a capital word says nothing of anybody.
func ordinary(t token) bool {
	return t.initial() || t.is(common|acronym|plain|title|courtesy) && !t.is(given) || t.is(suffix)
}

// named tells whether a word without a capital is a name and hardly anything else.
func named(t token) bool {
	return !t.capital && t.is(given) && !t.is(ambiguous|plain|common) && len(t.lower) > 4 && !formOfWord(t.lower)
}

// formOfWord tells whether a word in lower case is rather a form of an ambiguous name, and so of a word.
func formOfWord(lower string) bool {
	for cut := 0; cut <= longestEnding && cut < len(lower); cut++ {
		at := len(lower) - cut
		if !endings[lower[at:]] {
			continue
		}
		if known.whole[lower[:at]]&ambiguous != 0 || ambiguousStems[lower[:at]] {
			return true
		}
	}
	return false
}

var ambiguousStems = func() map[string]bool {
	all := map[string]bool{}
	for word, c := range known.whole {
		if c&ambiguous == 0 {
			continue
		}
		for _, s := range stems(word) {
			all[s] = true
		}
	}
	return all
}()

// places are where names stand, however they are written: after a title, after "my name is", in a
// signature, and a given name before a surname.
func places(text string, list []token) []Span {
	var out []Span
	for i, t := range list {
		switch {
		case t.is(courtesy):
			out = append(out, follow(text, list, i, 1)...)
		case t.is(signature) && !t.is(given), t.lower == "t" && t.first && i > 0 && strings.HasPrefix(text[t.end:], "."):
			out = append(out, follow(text, list, i, 2)...)
		case introduces(list, i):
			out = append(out, follow(text, list, i, 3)...)
		case t.is(given) && i+1 < len(list) && list[i+1].is(surname) && !list[i+1].is(plain) && beside(text, t, list[i+1]) && !t.is(plain):
			out = append(out, Span{t.start, list[i+1].end, Name})
		}
	}
	return out
}

// follow marks up to n words after the ith, as far as they are no ordinary ones.
func follow(text string, list []token, i, n int) []Span {
	var out []Span
	for j := i + 1; j < len(list) && j <= i+n; j++ {
		if list[j].start-list[j-1].end > 4 || list[j].is(plain|abbreviation|suffix|title|courtesy) && !list[j].capital || j > i+1 && !beside(text, list[j-1], list[j]) {
			break
		}
		if len(out) > 0 {
			out[0].End = list[j].end
			continue
		}
		out = append(out, Span{list[j].start, list[j].end, Name})
	}
	return out
}

func introduces(list []token, i int) bool {
	return slices.ContainsFunc(introductions, func(words []string) bool {
		if i+1 < len(words) {
			return false
		}
		for k, w := range words {
			if list[i+1-len(words)+k].lower != w {
				return false
			}
		}
		return true
	})
}

func some(words []token, c class) bool { //nolint:predeclared // says it best, and nothing here is generic
	return slices.ContainsFunc(words, func(t token) bool { return t.is(c) })
}

func every(words []token, is func(token) bool) bool {
	return !slices.ContainsFunc(words, func(t token) bool { return !is(t) })
}
