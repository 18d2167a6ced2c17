// Package i18n holds the languages of Viesti and the words people read in them: catalogues of
// keys with plurals and placeholders, and the forms that dates, times, counts and shares take.
//
// It is not for the words an organiser writes (a questionnaire's texts, a network's name): those
// are Texts, kept with their owner. It knows nothing of what the words are about.
package i18n

import (
	"strings"

	"golang.org/x/text/language"
)

// Lang is one of the languages people can be spoken to in, as its ISO 639-1 code.
type Lang string

// The languages. Finnish and Swedish are Finland's national languages (Language Act 423/2003).
const (
	Fi Lang = "fi"
	Sv Lang = "sv"
	En Lang = "en"
)

// Langs are all languages, in the order in which they are offered.
var Langs = []Lang{Fi, Sv, En}

// ParseLang reads a language code, with or without a region ("sv", "SV-FI"); ok is false
// when it names none of Langs.
func ParseLang(s string) (l Lang, ok bool) {
	base, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(strings.ReplaceAll(s, "_", "-"))), "-")
	for _, l := range Langs {
		if base == string(l) {
			return l, true
		}
	}
	return "", false
}

// Name is the language's name in itself.
func (l Lang) Name() string {
	switch l {
	case Sv:
		return "Svenska"
	case En:
		return "English"
	default:
		return "Suomi"
	}
}

var matcher = language.NewMatcher([]language.Tag{language.Finnish, language.Swedish, language.English})

// Accept chooses the language for an Accept-Language header (RFC 9110, 12.5.4). Without a
// preference for any of Langs the answer is Finnish.
func Accept(header string) Lang {
	// A tag that nobody knows spoils the whole list for the parser; it need not for the visitor.
	var known []string
	for part := range strings.SplitSeq(header, ",") {
		if _, _, err := language.ParseAcceptLanguage(part); err == nil {
			known = append(known, part)
		}
	}
	tags, _, err := language.ParseAcceptLanguage(strings.Join(known, ","))
	if err != nil {
		return Fi
	}
	if len(tags) == 0 {
		return Fi
	}
	_, i, confidence := matcher.Match(tags...)
	if confidence == language.No {
		return Fi
	}
	return Langs[i]
}

// Text is something an organiser wrote, in each language.
type Text map[Lang]string

// In is the text in l, or in the first language that has it: a network that gave its name only
// in Finnish is called so everywhere.
func (t Text) In(l Lang) string {
	if s := t[l]; s != "" {
		return s
	}
	for _, other := range Langs {
		if s := t[other]; s != "" {
			return s
		}
	}
	return ""
}

// Complete tells whether the text is there in every language.
func (t Text) Complete() bool {
	for _, l := range Langs {
		if strings.TrimSpace(t[l]) == "" {
			return false
		}
	}
	return true
}
