package sav

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// reserved are the words of SPSS's language that no variable may be called.
var reserved = []string{"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"}

// Names makes of wanted names such as SPSS, and R as well, takes: of small letters a–z, digits and _,
// with a letter first, at most MaxName long, each once. A name that is all this already stays, and
// comes before one that would become the same.
func Names(wanted []string) []string {
	names, taken := make([]string, len(wanted)), map[string]bool{}
	for i, w := range wanted {
		if name(w) == w && !taken[w] {
			names[i], taken[w] = w, true
		}
	}
	for i, w := range wanted {
		if names[i] != "" {
			continue
		}
		base := name(w)
		for n, tried := 2, base; ; n++ {
			if !taken[tried] {
				names[i], taken[tried] = tried, true
				break
			}
			number := "_" + strconv.Itoa(n)
			tried = base[:min(len(base), MaxName-len(number))] + number
		}
	}
	return names
}

func name(wanted string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(wanted) {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			b.WriteRune(r)
		default:
			b.WriteByte('_')
		}
	}
	s := b.String()
	if s == "" || s[0] < 'a' || 'z' < s[0] {
		s = "v" + s
	}
	s = s[:min(len(s), MaxName)]
	if slices.Contains(reserved, s) {
		s += "_"
	}
	return s
}

// Cut is s in at most n bytes, without half a character at its end.
func Cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// wrap is a line in lines of at most n bytes, broken between words where there are any.
func wrap(line string, n int) []string {
	var lines []string
	for len(line) > n {
		piece := Cut(line, n)
		if space := strings.LastIndexByte(piece, ' '); space > 0 && line[len(piece)] != ' ' {
			piece = piece[:space]
		}
		lines = append(lines, piece)
		line = strings.TrimLeft(line[len(piece):], " ")
	}
	return append(lines, line)
}
