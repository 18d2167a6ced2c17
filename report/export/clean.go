package export

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean is a text as every format can hold it, so that all formats hold the same: UTF-8, lines ended
// by a line feed, no spaces at the end (an SPSS file fills up with them) and nothing that XML cannot
// have, such as NUL.
func clean(s string) string {
	if plain(s) {
		return s
	}
	s = strings.ReplaceAll(strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n"), "\r", "\n")
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || r == '\uFFFE' || r == '\uFFFF' {
			return -1
		}
		return r
	}, s)
	return strings.TrimRight(s, " ")
}

// plain tells of most texts that they are clean already.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= 0x7f {
			return false
		}
	}
	return s == "" || s[len(s)-1] != ' '
}

// line is a text on one line, for labels.
func line(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

// guard is a text that no spreadsheet takes for a formula when it opens a CSV: an apostrophe stands
// before what begins like one, and before an apostrophe, so that taking one away always gives the
// text back.
func guard(s string) string {
	begin := strings.TrimLeft(s, " \u00a0")
	r, _ := utf8.DecodeRuneInString(begin)
	if begin != "" && strings.ContainsRune("=+-@\t\r\n'＝＋－＠", r) {
		return "'" + s
	}
	return s
}
