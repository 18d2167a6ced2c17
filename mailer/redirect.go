package mailer

import (
	"bytes"
	"context"
	"strings"
	"time"

	"viesti/contacts"
	"viesti/internal/fault"
	"viesti/outbox"
)

// AnswersTo is the address to which people's answers are passed on; ok is false when that is where
// they came from, so that they would go in circles.
func (c *Composer) AnswersTo() (address string, ok bool) {
	to := c.from.Address
	if c.replyTo != nil {
		to = c.replyTo.Address
	}
	return to, contacts.AddressKey(to) != contacts.AddressKey(c.returnPath)
}

// Redirect passes a mail on as it is to whom answers go, under fields that say so (RFC 5322,
// 3.6.6) and mark, which tells it when it comes back. random makes its Resent-Message-ID. What
// happens to it on the way comes back to the return path that names no letter. An error means that
// it has not left, or that nobody can know.
func (c *Carrier) Redirect(ctx context.Context, raw []byte, mark, random string) error {
	to, ok := c.Composer.AnswersTo()
	if !ok {
		return fault.New(fault.Conflict, "mailer.redirect_loop", nil)
	}
	var letter bytes.Buffer
	letter.Grow(len(raw) + 1<<10)
	for _, field := range [...][2]string{
		{"Resent-Date", c.Now().Format(time.RFC1123Z)},
		{"Resent-From", c.Composer.returnPath},
		{"Resent-To", to},
		{"Resent-Message-ID", c.Composer.MessageID(random)},
		{mark, "yes"},
	} {
		letter.WriteString(field[0] + ": " + field[1] + "\r\n")
	}
	letter.Write(onWireLines(raw))
	return c.once(ctx, outbox.Delivery{Contact: contacts.Contact{Email: to}}, letter.Bytes())
}

// onWireLines makes a mail fit to be sent on: lines end with CRLF, and what the last server added
// for itself (an mbox's line, Return-Path) is gone.
func onWireLines(raw []byte) []byte {
	raw = bytes.ReplaceAll(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	if bytes.HasPrefix(raw, []byte("From ")) {
		_, raw, _ = bytes.Cut(raw, []byte("\n"))
	}
	const field = "return-path:"
	for len(raw) > len(field) && strings.EqualFold(string(raw[:len(field)]), field) {
		_, raw, _ = bytes.Cut(raw, []byte("\n"))
		for len(raw) > 0 && (raw[0] == ' ' || raw[0] == '\t') {
			_, raw, _ = bytes.Cut(raw, []byte("\n"))
		}
	}
	return bytes.ReplaceAll(raw, []byte("\n"), []byte("\r\n"))
}
