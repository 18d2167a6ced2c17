package mailer

import (
	"errors"
	"net/textproto"
	"regexp"
	"strconv"
	"strings"

	"viesti/contacts"
	"viesti/outbox"
)

// maxReply is how many characters of a relay's words are kept.
const maxReply = 300

// enhanced is the status code a reply's line begins with (RFC 2034); some relays write a # first.
var enhanced = regexp.MustCompile(`^#?([245]\.\d{1,3}\.\d{1,3})(?:\s+|$)`)

// readReply makes a Reply of what a relay said.
func readReply(code int, message string) outbox.Reply {
	r := outbox.Reply{Code: strconv.Itoa(code)}
	var words []string
	for line := range strings.Lines(message) {
		line = strings.TrimSpace(line)
		if m := enhanced.FindStringSubmatch(line); m != nil && m[1][0] == r.Code[0] {
			if r.Enhanced == "" {
				r.Enhanced = m[1]
			}
			line = line[len(m[0]):]
		}
		words = append(words, line)
	}
	r.Text = clean(strings.Join(words, " "), maxReply)
	return r
}

// said is the relay's reply in an error of a go-mail client; ok is false when it said nothing
// that can be understood.
func said(err error) (r outbox.Reply, ok bool) {
	var refused *textproto.Error
	if errors.As(err, &refused) && refused.Code >= 200 {
		return readReply(refused.Code, refused.Msg), true
	}
	return outbox.Reply{}, false
}

// refs are the ways in which relays name a letter they have taken: Postfix, Exim, Exchange,
// Sendmail and Gmail.
var refs = []*regexp.Regexp{
	regexp.MustCompile(`(?i)\bqueued as ([\w.-]+)`),
	regexp.MustCompile(`(?i)\bOK id=([\w.-]+)`),
	regexp.MustCompile(`\bInternalId=(\d+)`),
	regexp.MustCompile(`([\w.-]+) Message accepted for delivery`),
	regexp.MustCompile(`([\w.-]+) - gsmtp`),
}

// ref finds the relay's name for the letter in its words; empty when it has none.
func ref(text string) string {
	for _, r := range refs {
		if m := r.FindStringSubmatch(text); m != nil {
			return m[1]
		}
	}
	return ""
}

var anyAddress = regexp.MustCompile(`<?[^\s<>@"(),;:]+@[^\s<>@"(),;:]+[^\s<>@"(),;:.]>?`)

// redact takes addresses out of a relay's words: the recipient's, in either form or by its local
// part alone, and any other.
func redact(text, recipient string) string {
	if strings.Contains(text, "@") {
		key := contacts.AddressKey(recipient)
		text = anyAddress.ReplaceAllStringFunc(text, func(a string) string {
			if contacts.AddressKey(strings.Trim(a, "<>")) == key {
				return "<recipient>"
			}
			return "<address>"
		})
	}
	local, _, _ := cutLast(recipient, "@")
	if !strings.Contains(strings.ToLower(text), strings.ToLower(local)) {
		return text
	}
	alone, err := regexp.Compile(`(?i)(^|[\s<"'(\[:=])` + regexp.QuoteMeta(local) + `($|[\s>"')\]:;,.])`)
	if err != nil { // not after QuoteMeta
		return ""
	}
	return alone.ReplaceAllString(text, "${1}<recipient>${2}")
}
