package contacts

import (
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// AddressKey is what makes two spellings of an address one person: case never matters, and an
// internationalised domain is the same in either form. The address itself is kept as written.
func AddressKey(email string) string {
	email = strings.TrimSpace(email)
	at := strings.LastIndexByte(email, '@')
	if at < 0 {
		return strings.ToLower(email)
	}
	domain := strings.ToLower(email[at+1:])
	if ascii, err := idna.Lookup.ToASCII(domain); err == nil {
		domain = ascii
	}
	return strings.ToLower(email[:at]) + "@" + domain
}

// Domain is the domain of an address in lower case, as ASCII where it can be.
func Domain(email string) string {
	key := AddressKey(email)
	return key[strings.LastIndexByte(key, '@')+1:]
}

// The longest address and its longest local part (RFC 5321, 4.5.3.1).
const (
	maxAddress = 254
	maxLocal   = 64
)

// ValidAddress tells whether a letter can be sent to the address: an addr-spec alone (RFC 5322,
// 3.4.1; RFC 6531 for non-ASCII) whose domain has at least two labels.
func ValidAddress(email string) bool {
	if !utf8.ValidString(email) || len(email) > maxAddress ||
		strings.ContainsFunc(email, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return false
	}
	at := strings.LastIndexByte(email, '@')
	if at < 1 || at > maxLocal || strings.ContainsAny(email[:at], `"(),:;<>[]\@`) {
		return false
	}
	parsed, err := mail.ParseAddress(email)
	if err != nil || parsed.Address != email || parsed.Name != "" {
		return false
	}
	ascii, err := idna.Lookup.ToASCII(strings.ToLower(email[at+1:]))
	if err != nil || !strings.Contains(ascii, ".") {
		return false
	}
	last := ascii[strings.LastIndexByte(ascii, '.')+1:]
	return len(ascii) <= 253 && len(last) > 1 && strings.ContainsFunc(last, unicode.IsLetter)
}
