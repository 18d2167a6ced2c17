package i18n

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// forms are the sentences of an entry by the name of their form.
func (e entry) forms() map[string]string {
	if e.plural {
		return map[string]string{"one": e.one, "other": e.other}
	}
	return map[string]string{"sentence": e.other}
}

// each calls f for every sentence of every language.
func each(f func(l Lang, key, form, sentence string)) {
	for _, l := range Langs {
		for key, e := range catalogue()[l] {
			for form, sentence := range e.forms() {
				f(l, key, form, sentence)
			}
		}
	}
}

func TestEveryLanguageHasEveryKey(t *testing.T) {
	all := map[string]bool{}
	for _, l := range Langs {
		for key := range catalogue()[l] {
			all[key] = true
		}
	}
	for key := range all {
		for _, l := range Langs {
			e, ok := catalogue()[l][key]
			if !ok {
				t.Errorf("%s has no words for %s", l, key)
			} else if e.plural != catalogue()[Fi][key].plural {
				t.Errorf("%s: %s is a plural in one language and not in another", l, key)
			}
		}
	}
	if len(all) < 100 {
		t.Errorf("only %d keys were read", len(all))
	}
}

// A table of one and other is a plural; anything near to it is a slip that would be read as two
// keys.
func TestPluralsAreWhole(t *testing.T) {
	for _, key := range Keys(Fi) {
		for _, form := range []string{"zero", "one", "two", "few", "many", "other"} {
			if prefix, ok := strings.CutSuffix(key, "."+form); ok && (form != "other" || Has(prefix+".one")) {
				t.Errorf("%s: a plural has exactly the forms one and other", key)
			}
		}
	}
	each(func(l Lang, key, form, sentence string) {
		if form == "other" && !slices.Contains(placeholders(sentence), "n") {
			t.Errorf("%s %s: the plural does not say its number {n}", l, key)
		}
	})
}

var placeholder = regexp.MustCompile(`\{([a-z_]+)\}`)

// placeholders are the names in a sentence, each once, sorted.
func placeholders(sentence string) []string {
	set := map[string]bool{}
	for _, m := range placeholder.FindAllStringSubmatch(sentence, -1) {
		set[m[1]] = true
	}
	return slices.Sorted(maps.Keys(set))
}

func TestPlaceholdersAreTheSame(t *testing.T) {
	each(func(l Lang, key, form, sentence string) {
		want := placeholders(catalogue()[Fi][key].other)
		if got := placeholders(sentence); !slices.Equal(got, want) {
			if form == "one" && slices.Equal(append(got, "n"), append(without(want, "n"), "n")) {
				return // "one" may say its number as a word
			}
			t.Errorf("%s %s (%s): placeholders %v, elsewhere %v", l, key, form, got, want)
		}
		if strings.Count(sentence, "{") != len(placeholder.FindAllString(sentence, -1)) ||
			strings.Count(sentence, "{") != strings.Count(sentence, "}") {
			t.Errorf("%s %s: a brace is not a placeholder's: %s", l, key, sentence)
		}
	})
}

func without(list []string, s string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(x string) bool { return x == s })
}

// Finnish bends its words, and nobody can bend a name that is put in at run time: not "{network}ssa",
// not "{network}:n". The same goes for a genitive s in Swedish and English.
func TestInsertedNamesAreNotBent(t *testing.T) {
	bent := regexp.MustCompile(`\}[’':]?\p{L}`)
	before := regexp.MustCompile(`\p{L}\{`)
	each(func(l Lang, key, _, sentence string) {
		for _, m := range []string{bent.FindString(sentence), before.FindString(sentence)} {
			if m != "" {
				t.Errorf("%s %s: a letter stands at a placeholder (%s): %s", l, key, m, sentence)
			}
		}
	})
}

var hyphen = regexp.MustCompile(`[\p{L}}] - [\p{L}{]`)

// Finnish and Swedish quote with ” on both sides, English with “ and ”. A straight mark is code:
// it stands in backquotes or shows what to type into a file.
func TestTypography(t *testing.T) {
	each(func(l Lang, key, _, sentence string) {
		wrong := func(what string) { t.Errorf("%s %s: %s: %q", l, key, what, sentence) }
		open, closed := strings.Count(sentence, "“"), strings.Count(sentence, "”")
		switch {
		case l == En && open != closed:
			wrong("quotation marks are “ and ”")
		case l != En && (open > 0 || closed%2 != 0):
			wrong("quotation marks are ” on both sides")
		case strings.ContainsAny(sentence, "„«»‘"):
			wrong("a quotation mark of another language")
		case strings.Contains(sentence, "'"):
			wrong("the apostrophe is ’")
		case strings.Contains(sentence, "..."):
			wrong("the ellipsis is …")
		case hyphen.MatchString(sentence):
			wrong("the dash is –")
		}
		if strings.Count(sentence, `"`)%2 != 0 {
			wrong("an odd straight quotation mark")
		}
	})
}

func TestSentencesAreTidy(t *testing.T) {
	each(func(l Lang, key, form, sentence string) {
		wrong := func(what string) { t.Errorf("%s %s (%s): %s: %q", l, key, form, what, sentence) }
		switch {
		case strings.TrimSpace(sentence) == "":
			wrong("no words")
		case strings.Contains(sentence, "  "):
			wrong("two blanks")
		case strings.TrimLeft(sentence, " \n\t") != sentence:
			wrong("a blank at the beginning")
		case strings.TrimRight(sentence, " \t") != sentence || strings.Contains(sentence, " \n"):
			wrong("a blank at the end")
		case strings.ContainsFunc(sentence, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }):
			wrong("a control character")
		}
	})
}
