package bounce

import (
	"net/url"
	"regexp"
	"strings"
)

// Leave is the address to which a mail ends the messages to whom the opt-out token belongs
// (RFC 2369, 3.2), for mail programs that know no other way. The token stands in the subject,
// so that any return path will do. It is as secret as in the link of the letter, and does the same.
func Leave(returnPath, token string) string {
	at := strings.LastIndexByte(returnPath, '@')
	if at < 0 {
		return ""
	}
	return "mailto:" + url.PathEscape(returnPath[:at]) + returnPath[at:] + "?subject=unsubscribe-" + token
}

var leaving = regexp.MustCompile(`(?i)^\s*unsubscribe[-\s]([a-z0-9]{1,64})\s*$`)

// leaves gives the opt-out token of a mail to such an address. Such a mail is often written by a
// program in the person's name, so that nothing that tells machines counts here.
func (l *letter) leaves() string {
	m := leaving.FindStringSubmatch(l.header.text("subject"))
	if m == nil {
		return ""
	}
	return strings.ToLower(m[1])
}
