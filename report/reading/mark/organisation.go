package mark

import (
	"slices"
	"strings"
)

// organisations marks names of organisations by the words they are made with.
func organisations(text string, list []token) []Span {
	var out []Span
	for i, t := range list {
		switch {
		case t.is(suffix):
			if from := before(text, list, i); from < i {
				out = append(out, Span{list[from].start, t.end, Organisation})
			}
		case t.lower == "r" && i+1 < len(list) && (list[i+1].lower == "y" || list[i+1].lower == "f") && text[t.end:list[i+1].start] == ".":
			if from := before(text, list, i); from < i {
				out = append(out, Span{list[from].start, list[i+1].end, Organisation})
			}
		case t.is(head) && i > 0 && list[i-1].capital && beside(text, list[i-1], t) && !ordinary(list[i-1]):
			out = append(out, Span{list[i-1].start, t.end, Organisation})
		case t.is(head) && i+2 < len(list) && list[i+1].lower == "of" && list[i+2].capital && beside(text, list[i+1], list[i+2]):
			out = append(out, Span{t.start, list[i+2].end, Organisation})
		case compound(t.lower) && i > 0 && list[i-1].capital && beside(text, list[i-1], t) && !list[i-1].is(plain|acronym):
			out = append(out, Span{list[i-1].start, t.end, Organisation}) // also after a country: Suomen luonnonsuojeluliitto
		case compound(t.lower) && t.capital:
			out = append(out, Span{t.start, t.end, Organisation})
		}
	}
	return out
}

// compound tells whether a word ends in one that organisations are called by, and has more before it.
func compound(lower string) bool {
	for _, end := range []string{
		"säätiö", "liitto", "liito", "yhdisty", "yliopisto", "keskusjärjestö", "apuseura", "stiftelse", "fonden", "förbund", "föreningen", "universitet",
	} {
		if strings.Index(lower, end) > 0 {
			return true
		}
	}
	return false
}

// before is where the name begins that ends before the ith word: at a capital not more than five
// words back, with at most two words without one in between.
func before(text string, list []token, i int) int {
	from, small := i, 0
	for k := i - 1; k >= 0 && i-k <= 5; k-- {
		if between := strings.Trim(text[list[k].end:list[k+1].start], " \t\u00a0&\"”'-–"); between != "" {
			break
		}
		if !list[k].capital {
			if small++; small > 2 {
				break
			}
			continue
		}
		if from, small = k, 0; list[k].first {
			break
		}
	}
	if from == i && i > 0 && list[i].lower != "ab" && list[i].lower != "ky" && strings.TrimSpace(text[list[i-1].end:list[i].start]) == "" {
		return i - 1
	}
	return from
}

// Words are words of a survey's own to be marked wherever they stand: names of networks and of
// organisations. They are looked for without regard to case, the last word of each in all its forms.
type Words struct {
	phrases map[string]bool  // in lower case, ending in a stem
	lengths map[string][]int // by first word: of how many words there are names that begin with it
}

// leastWord is the length in bytes of the shortest name that is looked for: shorter ones are words too.
const leastWord = 3

// mostWords is the most words of a name that are looked for.
const mostWords = 12

// NewWords makes the list to look for.
func NewWords(names []string) *Words {
	w := &Words{map[string]bool{}, map[string][]int{}}
	for _, name := range names {
		list := tokens(name)
		n := len(list)
		if n == 0 || n > mostWords || n == 1 && (len(list[0].lower) < leastWord || list[0].is(plain|common|acronym|head|suffix)) {
			continue
		}
		start := joined(list[:n-1])
		for _, stem := range stems(list[n-1].lower) {
			w.phrases[start+stem] = true
		}
		if first := list[0].lower; n > 1 && !slices.Contains(w.lengths[first], n) {
			w.lengths[first] = append(w.lengths[first], n)
		}
	}
	return w
}

// joined are words with a blank after each.
func joined(list []token) string {
	var b strings.Builder
	for _, t := range list {
		b.WriteString(t.lower + " ")
	}
	return b.String()
}

func (w *Words) find(text string, list []token) []Span {
	if w == nil || len(w.phrases) == 0 {
		return nil
	}
	var out []Span
	for i, t := range list {
		for _, n := range append([]int{1}, w.lengths[t.lower]...) {
			if i+n > len(list) {
				continue
			}
			last := list[i+n-1]
			if strings.ContainsAny(text[t.start:last.end], ".!?\n") {
				continue
			}
			if w.has(joined(list[i:i+n-1]), last.lower) {
				out = append(out, Span{t.start, last.end, Organisation})
			}
		}
	}
	return out
}

// has tells whether a name begins so and has a form of the last word at its end.
func (w *Words) has(start, last string) bool {
	for cut := 0; cut <= longestEnding && cut < len(last); cut++ {
		at := len(last) - cut
		if endings[last[at:]] && w.phrases[start+last[:at]] {
			return true
		}
	}
	return false
}
