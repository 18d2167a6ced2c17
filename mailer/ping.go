package mailer

import (
	"context"
	"errors"
	"strings"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/outbox"
)

func asDialError(err error) (e *dialError, ok bool) { return e, errors.As(err, &e) }

// Ping goes through a conversation with each relay up to the acceptance of the sender, without
// naming a recipient. Its error is a fault.List that says what to mend.
func (c *Carrier) Ping(ctx context.Context) error {
	var list fault.List
	for _, r := range c.pool().list {
		if f := c.ping(ctx, r); f != nil {
			list = append(list, f)
		}
	}
	return list.Err()
}

func (c *Carrier) ping(ctx context.Context, r *relay) *fault.Fault {
	k, err := c.dialTo(ctx, r)
	if e, ok := asDialError(err); ok {
		return c.pingFault(e)
	}
	if err != nil {
		return fault.Wrap(err, fault.Internal, "fault.internal", nil)
	}
	defer context.AfterFunc(ctx, func() { _ = k.net.Close() })()
	reply, err := k.ask(c.Limits.Dial, "MAIL FROM:<"+c.Composer.returnPath+">")
	k.hangUp(err == nil)
	switch {
	case err != nil:
		return c.pingFault(&dialError{relay: r, at: atMail, key: "mailer.unreachable", cause: err})
	case reply.Code[0] != '2':
		return c.pingFault(&dialError{relay: r, at: atMail, key: "mailer.sender", reply: reply, cause: errSender})
	}
	return nil
}

var errSender = errors.New("the relay refused the sender")

func (c *Carrier) pingFault(e *dialError) *fault.Fault {
	kind, field := fault.Invalid, "mail.host"
	switch class := e.outcome().Reply.Class; {
	case class == outbox.RelayDown:
		kind = fault.Unavailable
	case e.key == "mailer.sender":
		field = "mail.from"
	case e.at == atLogin:
		field = "mail.username"
	case e.key == "mailer.no_starttls":
		field = "mail.tls"
	}
	return fault.Wrap(e, kind, e.key, i18n.Args{"relay": e.relay.addr, "reply": words(e.reply)}).At(fault.Place{Field: field})
}

// words are a reply as the relay said it.
func words(r outbox.Reply) string {
	return strings.Join(strings.Fields(r.Code+" "+r.Enhanced+" "+r.Text), " ")
}
