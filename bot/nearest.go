package bot

import (
	"strings"

	"viesti/contacts"
	"viesti/i18n"
)

// nearestWord is the command that a mistyped one is most like, of equals that in the language
// preferred; ok is false when none is near.
func nearestWord(typed string, preferred i18n.Lang) (word string, l i18n.Lang, ok bool) {
	best := -1
	for _, entry := range verbs {
		for lang, words := range entry.words {
			for _, w := range words {
				d := 2 * distance(fold(typed), fold(w))
				if lang == preferred {
					d--
				}
				if best < 0 || d < best || d == best && w < word {
					best, word, l = d, w, lang
				}
			}
		}
	}
	return word, l, near((best+1)/2, typed)
}

// near tells whether so many changes to a word can be slips.
func near(changes int, typed string) bool {
	return changes <= max(1, min(len([]rune(typed))/2, 6))
}

// find gives the networks that are called so: by id, by a name in any language, or by the
// Slack channel they post to. More than one may have a name.
func find(list []contacts.Network, typed string) []contacts.Network {
	want := fold(typed)
	var found []contacts.Network
	for _, n := range list {
		if fold(n.ID) == want || n.SlackChannel != "" && n.SlackChannel == strings.ToUpper(typed) {
			return []contacts.Network{n}
		}
		for _, called := range n.Name {
			if fold(normalise(called)) == want {
				found = append(found, n)
				break
			}
		}
	}
	return found
}

// nearestNetwork is the network whose id or name is most like what was typed, or has it as a part.
func nearestNetwork(list []contacts.Network, typed string) (n contacts.Network, ok bool) {
	want, best := fold(clip(typed, maxName)), -1
	for _, candidate := range list {
		spellings := []string{candidate.ID}
		for _, l := range i18n.Langs {
			spellings = append(spellings, candidate.Name[l])
		}
		for _, s := range spellings {
			s = fold(normalise(s))
			d := distance(want, s)
			if len(want) >= 3 && strings.Contains(s, want) {
				d = 0
			}
			if s != "" && (best < 0 || d < best) {
				best, n = d, candidate
			}
		}
	}
	return n, best >= 0 && near(best, typed)
}

// distance is how many letters have to be put in, left out or changed, or two neighbours swapped,
// to make b of a (Damerau, optimal string alignment).
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(x)][len(y)]
}
