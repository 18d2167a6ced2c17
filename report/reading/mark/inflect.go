package mark

import (
	"strings"
	"unicode/utf8"
)

// Finnish bends names, and Swedish and English add an s. A word is recognised by taking an ending off
// and looking whether a stem of some known word is left. Stems are made by rules that allow more than
// the language does: for marking that does no harm.

// endings are all that may follow a stem.
var endings = makeEndings()

// longestEnding is in bytes.
var longestEnding int

func makeEndings() map[string]bool {
	cases := strings.Fields("n a ä ta tä tta ttä ssa ssä sta stä lla llä lta ltä lle na nä ksi an en in on un yn än ön " +
		"han hen hin hon hun hyn hän hön seen siin t iden ien jen ten ia iä ja jä ita itä illa illä ille ilta iltä issa issä ista istä iin " +
		"s 's ’s es in's")
	after := strings.Fields("kin kaan kään ko kö han hän pa pä ni si mme nne nsa nsä")
	all := map[string]bool{"": true}
	add := func(s string) {
		all[s] = true
		longestEnding = max(longestEnding, len(s))
	}
	for _, c := range cases {
		add(c)
		for _, a := range after {
			add(a)
			add(c + a)
		}
	}
	return all
}

// weak are consonants before the last vowel that change when a word is bent, the longer first.
var weak = []struct{ strong, weak string }{
	{"kk", "k"}, {"pp", "p"}, {"tt", "t"}, {"nk", "ng"}, {"nt", "nn"}, {"lt", "ll"}, {"rt", "rr"}, {"mp", "mm"}, {"k", ""}, {"p", "v"}, {"t", "d"},
}

// stems are what endings may follow in the forms of a word, which is in lower case.
func stems(word string) []string {
	list := []string{word}
	last, size := utf8.DecodeLastRuneInString(word)
	body := word[:len(word)-size]
	switch {
	case strings.HasSuffix(word, "nen"):
		return append(list, word[:len(word)-3]+"s", word[:len(word)-3]+"se", word[:len(word)-3]+"si")
	case strings.HasSuffix(word, "mies"):
		return append(list, word[:len(word)-1]+"he")
	case strings.HasSuffix(word, "as") || strings.HasSuffix(word, "äs") || strings.HasSuffix(word, "is"):
		return append(list, body+"kse", body+string(last)+"i", body, body+"t", body+vowelOf(body)) // Tuomaksen, Andersin, Vantaan
	case strings.HasSuffix(word, "us") || strings.HasSuffix(word, "ys") || strings.HasSuffix(word, "os"):
		return append(list, body+"kse", word+"i", body+"de", body+"ut", body+"ude", body+"yde") // Markuksen, Varkauden
	case !strings.ContainsRune("aeiouyäöå", last):
		return append(list, word+"i", word+"e")
	}
	vowels := []string{string(last)}
	switch last {
	case 'i':
		vowels = append(vowels, "e", "") // Niemi: Niemen; Lahti: Lahtea
	case 'e':
		vowels = append(vowels, "ee") // Tampere: Tampereen
	case 'a', 'ä':
		vowels = append(vowels, "o", "i", "")
	}
	for _, v := range vowels {
		list = append(list, body+v)
		for _, w := range weak {
			if root, ok := strings.CutSuffix(body, w.strong); ok {
				list = append(list, root+w.weak+v)
				break
			}
		}
	}
	return list
}

// vowelOf is the last letter of a body again: Andreas, Andreaan.
func vowelOf(body string) string {
	r, _ := utf8.DecodeLastRuneInString(body)
	return string(r)
}
