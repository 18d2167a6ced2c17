package mark

import (
	_ "embed"
	"strings"
)

//go:embed words.txt
var source string

// class is what a word may be, several things at once.
type class uint16

const (
	given class = 1 << iota
	surname
	ambiguous // a given name that is a word of its own
	place
	common // a proper noun that tells nothing of anybody: a country, a region, a language
	acronym
	plain     // a word that often begins a sentence, or that looks like a form of a name
	title     // before a name that is written with a capital
	courtesy  // before a name, however it is written
	signature // ends an answer, before the name
	head      // the noun in an organisation's name
	suffix    // of a registered organisation
	abbreviation
)

var sections = map[string]class{
	"given": given, "surname": surname, "ambiguous": ambiguous, "place": place, "common": common, "acronym": acronym,
	"plain": plain, "title": title, "courtesy": courtesy, "signature": signature, "head": head, "suffix": suffix, "abbreviation": abbreviation,
}

// bent are the classes whose words are recognised in all their forms.
const bent = given | surname | place | common | head

// vocabulary has the words of words.txt: as they stand there, and by their stems.
type vocabulary struct {
	whole map[string]class
	stems map[string]class
}

var known = load()

func load() vocabulary {
	v := vocabulary{map[string]class{}, map[string]class{}}
	var now class
	for line := range strings.Lines(source) {
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, "["); ok {
			now = sections[strings.TrimSuffix(name, "]")]
			continue
		}
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, word := range strings.Fields(line) {
			v.whole[word] |= now
			if now&bent == 0 {
				continue
			}
			for _, stem := range stems(word) {
				v.stems[stem] |= now
			}
		}
	}
	return v
}

// of is all that a word in lower case may be.
func (v vocabulary) of(word string) class {
	found := v.whole[word]
	for cut := 0; cut <= longestEnding && cut < len(word); cut++ {
		if at := len(word) - cut; endings[word[at:]] {
			found |= v.stems[word[:at]]
		}
	}
	return found
}
