package chat

import (
	"html"
	"html/template"
	"strings"
	"unicode"
	"unicode/utf8"
)

// mrkdwn renders Slack's text format as HTML. called gives the name of a user or channel id.
type mrkdwn struct {
	verbatim bool // addresses that stand alone are not made links
	called   func(id string) string
}

// render gives fences, lists, quotes and lines of s.
func (m mrkdwn) render(s string) template.HTML {
	var b strings.Builder
	for i, part := range strings.Split(s, "```") {
		if i%2 == 1 {
			b.WriteString("<pre><code>" + html.EscapeString(plain(strings.Trim(part, "\n"))) + "</code></pre>")
			continue
		}
		if part = strings.Trim(part, "\n"); part != "" {
			m.lines(&b, strings.Split(part, "\n"))
		}
	}
	return template.HTML(b.String()) //nolint:gosec // every text was escaped on the way
}

// lines puts neighbouring lines of a kind together.
func (m mrkdwn) lines(b *strings.Builder, lines []string) {
	for len(lines) > 0 {
		kind, _ := kindOf(lines[0])
		n := 1
		for n < len(lines) {
			if next, _ := kindOf(lines[n]); next != kind {
				break
			}
			n++
		}
		b.WriteString(kind.open)
		for i, line := range lines[:n] {
			_, words := kindOf(line)
			if i > 0 {
				b.WriteString(kind.between)
			}
			m.inline(b, words)
		}
		b.WriteString(kind.close)
		lines = lines[n:]
	}
}

// kind is a kind of line, as the HTML around and between its neighbours.
type kind struct{ open, between, close string }

func kindOf(line string) (k kind, words string) {
	for _, bullet := range []string{"• ", "- "} {
		if words, ok := strings.CutPrefix(line, bullet); ok {
			return kind{"<ul><li>", "</li><li>", "</li></ul>"}, words
		}
	}
	if words, ok := strings.CutPrefix(line, "&gt; "); ok {
		return kind{"<blockquote>", "<br>", "</blockquote>"}, words
	}
	return kind{"<p>", "<br>", "</p>"}, line
}

var marks = map[rune]string{'*': "strong", '_': "em", '~': "s"}

// inline renders what stands within a line.
func (m mrkdwn) inline(b *strings.Builder, s string) {
	before := ' '
	for s != "" {
		r, size := utf8.DecodeRuneInString(s)
		if n := m.special(b, s, before); n > 0 {
			before = rune(s[n-1])
			s = s[n:]
			continue
		}
		if entity, n := entityAt(s); n > 0 {
			b.WriteString(html.EscapeString(entity))
			before, s = '&', s[n:]
			continue
		}
		b.WriteString(html.EscapeString(s[:size]))
		before, s = r, s[size:]
	}
}

// special renders what begins s when that is more than a letter, and tells how long it was.
func (m mrkdwn) special(b *strings.Builder, s string, before rune) int {
	switch {
	case s[0] == '`':
		if end := strings.IndexByte(s[1:], '`'); end > 0 {
			b.WriteString("<code>" + html.EscapeString(plain(s[1:1+end])) + "</code>")
			return end + 2
		}
	case s[0] == '<':
		if end := strings.IndexByte(s, '>'); end > 1 {
			m.angle(b, s[1:end])
			return end + 1
		}
	case marks[rune(s[0])] != "" && !wordy(before):
		if end := closing(s); end > 0 {
			tag := marks[rune(s[0])]
			b.WriteString("<" + tag + ">")
			m.inline(b, s[1:end])
			b.WriteString("</" + tag + ">")
			return end + 1
		}
	case !m.verbatim && !wordy(before) && isAddress(s):
		end := strings.IndexFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '<' || r == '|' })
		if end < 0 {
			end = len(s)
		}
		address := strings.TrimRight(s[:end], ".,;:!?)")
		anchor(b, plain(address), html.EscapeString(plain(address)))
		return len(address)
	}
	return 0
}

func wordy(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// closing is where the formatting that begins s ends, 0 when it does not: the marks hug their
// words, and no letter follows the last.
func closing(s string) int {
	if len(s) < 3 || s[1] == ' ' || s[1] == s[0] {
		return 0
	}
	for i := 2; i < len(s); i++ {
		if s[i] != s[0] || s[i-1] == ' ' {
			continue
		}
		if next, _ := utf8.DecodeRuneInString(s[i+1:]); i+1 == len(s) || !wordy(next) {
			return i
		}
	}
	return 0
}

func isAddress(s string) bool {
	return strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "mailto:")
}

func anchor(b *strings.Builder, address, words string) {
	b.WriteString(`<a href="` + html.EscapeString(address) + `" rel="noreferrer" target="_blank">` + words + "</a>")
}

// angle renders what stands between angle brackets: a link, or a mention.
func (m mrkdwn) angle(b *strings.Builder, s string) {
	target, words, named := strings.Cut(s, "|")
	switch {
	case isAddress(target):
		if !named {
			words = target
		}
		anchor(b, plain(target), html.EscapeString(plain(words)))
	case strings.HasPrefix(target, "@"), strings.HasPrefix(target, "#"):
		if !named || words == "" {
			words = m.called(target[1:])
		}
		b.WriteString(`<span class="mention">` + target[:1] + html.EscapeString(plain(words)) + "</span>")
	case strings.HasPrefix(target, "!"):
		b.WriteString(`<span class="mention">@` + html.EscapeString(plain(strings.TrimPrefix(target, "!"))) + "</span>")
	default:
		b.WriteString(html.EscapeString("<" + s + ">"))
	}
}

var entities = map[string]string{"&amp;": "&", "&lt;": "<", "&gt;": ">"}

func entityAt(s string) (string, int) {
	for entity, char := range entities {
		if strings.HasPrefix(s, entity) {
			return char, len(entity)
		}
	}
	return "", 0
}

// plain undoes Slack's three escapes.
func plain(s string) string {
	return strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">").Replace(s)
}
