package mailer

import (
	"bytes"
	"context"

	gomail "github.com/wneessen/go-mail"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/outbox"
)

// Notice is a short letter to somebody who works with the survey, such as a sign-in link or feedback. It is no
// message of a wave: it is sent once, now, and nothing is kept of it.
type Notice struct {
	To      string
	Lang    i18n.Lang
	ReplyTo string // whom an answer goes to; empty: the sender
	Subject string
	Text    string
}

// Notify sends a notice over a connection of its own. random makes its Message-ID.
func (c *Carrier) Notify(ctx context.Context, n Notice, random string) error {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := m.FromFormat(c.Composer.from.Name, c.Composer.from.Address); err != nil {
		return err
	}
	if err := m.To(onWire(n.To)); err != nil {
		return fault.Wrap(err, fault.Invalid, "mailer.address", i18n.Args{"value": n.To})
	}
	if to := onWire(n.ReplyTo); n.ReplyTo != "" && isASCII(to) { // another would need an extension of every relay
		_ = m.ReplyTo(to) // what no header can carry is no reason to lose the letter
	}
	m.Subject(n.Subject)
	m.SetDateWithValue(c.Now())
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetGenHeader("Content-Language", string(n.Lang))
	m.SetMessageIDWithValue(random + "@" + contacts.Domain(c.Composer.from.Address))
	m.SetBodyString(gomail.TypeTextPlain, n.Text)
	var letter bytes.Buffer
	if _, err := m.WriteTo(&letter); err != nil {
		return err
	}
	s := &sender{carrier: c, to: n.To}
	defer s.Close() //nolint:errcheck // the letter has gone, or not
	d := outbox.Delivery{Contact: contacts.Contact{Email: n.To}}
	if out := s.deliver(ctx, d, letter.Bytes()); out.State != outbox.Sent {
		return fault.New(fault.Unavailable, "mailer.unreachable", i18n.Args{"relay": c.Config.Addr()})
	}
	return nil
}
