package bounce

import (
	"regexp"
	"strings"
)

var anyAddress = regexp.MustCompile(`[^\s<>@"'(),;:\[\]]{1,64}@[^\s<>@"'(),;:\[\]]{1,255}`)

// redact takes addresses out of a server's words, and the recipient's local part standing alone:
// what is kept of a decision must not name anybody.
func redact(words, recipient string) string {
	words = anyAddress.ReplaceAllString(words, "…")
	local, _, _ := strings.Cut(recipient, "@")
	if len(local) < 3 {
		return words
	}
	alone := regexp.MustCompile(`(?i)(^|[^\pL\pN])` + regexp.QuoteMeta(local) + `($|[^\pL\pN])`)
	return alone.ReplaceAllString(words, "${1}…${2}")
}
