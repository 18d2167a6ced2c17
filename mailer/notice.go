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
	signed, err := sign(c.Composer.keys, letter.Bytes())
	if err != nil {
		return err
	}
	return c.once(ctx, outbox.Delivery{Contact: contacts.Contact{Email: n.To}}, signed)
}

// Test sends a letter that is marked as a test. Nothing is kept of it.
func (c *Carrier) Test(ctx context.Context, d outbox.Delivery) error {
	letter, err := c.Composer.Test(ctx, d, c.Now())
	if err != nil {
		return err
	}
	err = c.once(ctx, d, letter)
	if err == nil {
		return nil
	}
	if ill := c.Ping(ctx); len(fault.All(ill)) == len(c.pool().list) { // no relay is well: it says what to mend
		return ill
	}
	return err
}

// once sends a letter over a connection of its own.
func (c *Carrier) once(ctx context.Context, d outbox.Delivery, letter []byte) error {
	s := &sender{carrier: c, to: d.Contact.Email, gate: outbox.OpenGate}
	defer s.Close() //nolint:errcheck // the letter has gone, or not
	switch out := s.deliver(ctx, d, letter); {
	case out.State == outbox.Sent:
		return nil
	case out.Reply.Code == "":
		return fault.New(fault.Unavailable, "mailer.unreachable", i18n.Args{"relay": c.Config.Addr()})
	default:
		return fault.New(fault.Unavailable, "mailer.not_taken", i18n.Args{"relay": c.Config.Addr(), "reply": words(out.Reply)})
	}
}
