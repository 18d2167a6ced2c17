// Package code is the words that people copy by hand: drawn from an alphabet in which no two
// characters are mistaken for one another, shown in groups, and read however they were typed.
//
// It knows nothing of what a code opens, and keeps none.
package code

import (
	"io"
	"strings"
	"unicode"
)

// alphabet has no 0 and o, no 1, i and l. Its 31 characters give 4.95 bits each.
const alphabet = "abcdefghjkmnpqrstuvwxyz23456789"

// Length is that of a code of 64 bits.
const Length = 13

// group is how many characters stand together where a code is shown.
const group = 4

// Draw draws a code of n characters from a cryptographic source.
func Draw(rand io.Reader, n int) (string, error) {
	drawn := make([]byte, 0, n)
	var buffer [64]byte
	for len(drawn) < n {
		bytes := buffer[:min(n-len(drawn), len(buffer))]
		if _, err := io.ReadFull(rand, bytes); err != nil {
			return "", err
		}
		for _, b := range bytes {
			if int(b) < 256/len(alphabet)*len(alphabet) { // every character equally likely
				drawn = append(drawn, alphabet[int(b)%len(alphabet)])
			}
		}
	}
	return string(drawn), nil
}

// Parse reads a code of n characters as people copy it: capitals are forgiven, and so are blanks,
// hyphens and what a mail program put around it. ok is false when no code can look so.
func Parse(s string, n int) (code string, ok bool) {
	if len(s) > 16*n { // nobody wraps a code in as much
		return "", false
	}
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune("<>", r):
		case strings.ContainsRune(alphabet, r):
			b.WriteRune(r)
		default:
			return "", false
		}
	}
	return b.String(), b.Len() == n
}

// Show is a code as it is to be copied by hand: k7mp-9qxt-….
func Show(code string) string {
	var groups []string
	for len(code) > group+1 { // no character is left alone at the end
		groups = append(groups, code[:group])
		code = code[group:]
	}
	return strings.Join(append(groups, code), "-")
}
