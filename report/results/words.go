package results

import (
	"strings"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/survey"
)

// mostNamed is how many options taken together are named one by one.
const mostNamed = 3

// words are what a block of options is called, in all languages: by its options, by the centre whose
// regions they all are, by its ends on a scale, or "other options".
func (b *builder) words(s *subject, block []int) i18n.Text {
	t := i18n.Text{}
	for _, l := range i18n.Langs {
		t[l] = b.wordsIn(s, block, l)
	}
	return t
}

func (b *builder) wordsIn(s *subject, block []int, l i18n.Lang) string {
	names := make([]string, len(block))
	for i, option := range block {
		names[i] = s.name(option, l)
	}
	first, last := names[0], names[len(names)-1]
	switch {
	case len(names) == 1:
		return first
	case s.Type == survey.Grade:
		return between(first, last)
	case s.ordered && len(names) > 2:
		return i18n.T(l, "results.ends", i18n.Args{"first": first, "last": last})
	}
	if centre := b.centreOf(s, block); centre != "" {
		return i18n.T(l, "results.centre", i18n.Args{"centre": contacts.CentreName(l, centre), "regions": strings.Join(names, ", ")})
	}
	if s.ordered || len(names) <= mostNamed {
		return strings.Join(names, " / ") // a conjunction would want them in the middle of a sentence
	}
	if s.regions() {
		return i18n.T(l, "results.other_regions", nil)
	}
	return i18n.T(l, "results.others", nil)
}

// name is an option's text without the question that it asks: "Other, please specify".
func (s *subject) name(option int, l i18n.Lang) string {
	if option == s.gone() {
		return i18n.T(l, "results.gone", nil)
	}
	o := s.options[option]
	if o.Other {
		return i18n.T(l, "results.other", nil)
	}
	return o.Text.In(l)
}

// centreOf is the centre to which a block's regions belong, all of its regions and no others.
func (b *builder) centreOf(s *subject, block []int) string {
	if !s.regions() {
		return ""
	}
	centre, theirs := "", 0
	for i, option := range block {
		if option == s.gone() {
			return ""
		}
		c := b.centres.Of(s.options[option].ID)
		if i > 0 && c != centre {
			return ""
		}
		centre = c
	}
	for _, o := range s.options {
		if b.centres.Of(o.ID) == centre {
			theirs++
		}
	}
	if theirs != len(block) {
		return ""
	}
	return centre
}
