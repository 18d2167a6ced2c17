package mailer

import (
	netmail "net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"viesti/contacts"
)

// maxName is how many characters of a person's or network's name go into a header.
const maxName = 120

// clean makes words out of a list or file fit for one line: no control characters, no marks that
// turn the direction of what follows, single blanks, at most limit characters.
func clean(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), unicode.IsSpace(r):
			return ' '
		case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == '\u200e', r == '\u200f', r == '\u061c':
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) > limit {
		s = strings.TrimSpace(string([]rune(s)[:limit-1])) + "…"
	}
	return s
}

// onWire is an address as SMTP and headers carry it: an internationalised domain as A-labels,
// which need no extension. The local part stays as it is, for it means what its host says.
func onWire(email string) string {
	local, _, _ := cutLast(email, "@")
	return local + "@" + contacts.Domain(email)
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}

// display is a name as it goes into a header. A backslash becomes a slash: net/mail leaves it
// bare inside an encoded word, where RFC 2047, 5 (3) forbids it and readers stumble.
func display(name string) string { return strings.ReplaceAll(clean(name, maxName), `\`, "/") }

// phrase is a name before an angle bracket (RFC 5322, 3.2.5), quoted or encoded as net/mail does
// it for an address, with a blank after it.
func phrase(name string) string {
	return strings.TrimSuffix((&netmail.Address{Name: display(name), Address: "a@b"}).String(), "<a@b>")
}

// label makes an id fit for one label of a List-Id (RFC 2919, 2).
func label(id string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r <= unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return '-'
	}, id)
}
