package mailer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"viesti/outbox"
)

// sender is one connection to the relay, kept from letter to letter.
type sender struct {
	carrier *Carrier
	conn    *conn // nil: none
	gate    outbox.Gate
	text    []byte // of the letter under way, kept for the next one's
	to      string // whose letter is under way, to be kept out of what is noted
}

// Send hands one letter to the relay and says what became of it. The end of ctx cuts the
// connection, whatever phase it is at; whoever wants the letter in flight to finish ends ctx
// later.
func (s *sender) Send(ctx context.Context, d outbox.Delivery, gate outbox.Gate) outbox.Outcome {
	c := s.carrier
	letter, err := c.Composer.Compose(ctx, d, c.Now())
	if err != nil {
		c.Log.Error("a letter cannot be written", "contact", d.Contact.ID, "network", d.Message.Network, "kind", d.Kind, "err", err)
		if errors.Is(err, errFigures) { // which may be there later
			return outbox.Outcome{State: outbox.Retrying, Reply: outbox.Reply{Class: outbox.Transient, Code: "not_written"}}
		}
		return failed(outbox.Reply{}, outbox.BadMessage)
	}
	s.to, s.gate = d.Contact.Email, gate
	return s.deliver(ctx, d, letter)
}

// Close takes leave of the relay.
func (s *sender) Close() error {
	s.drop(true)
	return nil
}

func (s *sender) drop(polite bool) {
	if s.conn != nil {
		s.conn.hangUp(polite)
		s.conn = nil
	}
}

// envelope is what MAIL and RCPT name.
type envelope struct {
	from, to string
	utf8     bool
}

// deliver takes the letter through MAIL, RCPT, DATA and the dot.
func (s *sender) deliver(ctx context.Context, d outbox.Delivery, letter []byte) outbox.Outcome {
	var e envelope
	e.from, e.to, e.utf8 = s.carrier.Composer.envelope(d)
	if stopped := s.begin(ctx, e); stopped != nil {
		return *stopped
	}
	k := s.conn
	defer context.AfterFunc(ctx, func() { _ = k.net.Close() })()
	if err := s.write(ctx, letter); err != nil {
		return s.end(atBody, outbox.Reply{}, err)
	}
	if err := k.UpdateDeadline(s.carrier.Limits.Dot); err != nil {
		return s.end(atDot, outbox.Reply{}, err)
	}
	reply, err := k.listen()
	return s.end(atDot, reply, err)
}

// begin brings a connection to where a relay waits for the letter's text; else it gives the
// outcome. A kept connection that turns out dead, or is being closed by the relay, is replaced
// once, and a relay that does not let us in gives way to the next: nothing has been said of the
// recipient yet.
func (s *sender) begin(ctx context.Context, e envelope) *outbox.Outcome {
	for {
		if err := s.connect(ctx); err != nil {
			return s.noConnection(err)
		}
		k := s.conn
		if offered, _ := k.Extension("SMTPUTF8"); e.utf8 && !offered {
			outcome := failed(outbox.Reply{}, outbox.BadMessage)
			return &outcome
		}
		kept := !k.fresh
		stop := context.AfterFunc(ctx, func() { _ = k.net.Close() })
		at, reply, err := k.offer(e)
		stop()
		if at > atMail {
			k.fresh = false
			s.carrier.pool().well(k.relay)
		}
		switch {
		case at == atBody:
			return nil
		case at == atMail && kept && ctx.Err() == nil && (err != nil || reply.Code == "421"):
			s.drop(false)
			continue
		}
		outcome := s.end(at, reply, err)
		if at > atMail || !outcome.Hold {
			return &outcome
		}
		now := s.carrier.Now()
		s.carrier.pool().ill(k.relay, outcome.Reply, now)
		if ctx.Err() != nil || !s.carrier.pool().other(k.relay, now) {
			return &outcome
		}
	}
}

// connect makes sure of a connection that is not worn out and was alive lately.
func (s *sender) connect(ctx context.Context) error {
	limits, now := s.carrier.Limits, s.carrier.Now()
	if k := s.conn; k != nil {
		switch {
		case k.count >= limits.Letters, now.Sub(k.made) >= limits.Age,
			now.Sub(k.made) >= limits.Dial && s.carrier.pool().better(k.relay, now):
			s.drop(true)
		case now.Sub(k.used) > limits.Idle:
			if reply, err := k.ask(limits.Quit, "NOOP"); err != nil || reply.Code[0] != '2' {
				s.drop(false)
			}
		}
	}
	if s.conn == nil {
		k, err := s.carrier.dial(ctx)
		if err != nil {
			return err
		}
		s.conn = k
	}
	s.conn.used = now
	return nil
}

func (s *sender) noConnection(err error) *outbox.Outcome {
	outcome := held(outbox.Reply{}, outbox.RelayDown)
	if e, ok := asDialError(err); ok {
		outcome = e.outcome()
	}
	s.carrier.Log.Debug("no connection to a mail relay", "class", outcome.Reply.Class, "err", err)
	return &outcome
}

// end is the outcome at a phase, and leaves the connection fit for the next letter or closed.
func (s *sender) end(at phase, reply outbox.Reply, err error) (outcome outbox.Outcome) {
	k := s.conn
	defer func() { outcome.Reply.Relay = k.relay.addr }()
	if err != nil {
		s.carrier.Log.Warn("the connection to the mail relay was lost", "relay", k.relay.addr, "phase", at.String(), "err", err)
		s.drop(false)
		return lost(at)
	}
	k.count++
	reply.Text = redact(reply.Text, s.to) // first, so that no address is taken for the relay's words
	outcome = classify(at, reply)
	switch {
	case reply.Code == "421" || outcome.Reply.Code == "" || k.broken: // closing, or out of step
		s.drop(false)
	case outcome.Hold:
		s.drop(true)
	case k.inside: // the transaction is still open
		if r, err := k.ask(s.carrier.Limits.Command, "RSET"); err != nil || r.Code[0] != '2' {
			s.drop(false)
		}
	}
	return outcome
}

// write sends a letter and, once the gate lets it through, its final dot. An error means that the
// dot was not sent whole: the relay cannot have taken the letter. A gate that is still closed is
// waited for with the text already on its way.
func (s *sender) write(ctx context.Context, letter []byte) error {
	k := s.conn
	if err := k.UpdateDeadline(k.limits.Block); err != nil {
		return err
	}
	s.text = stuff(s.text[:0], letter)
	text := s.text
	if !s.gate.Open() {
		early := len(text) - len(dot)
		if err := k.flush(text[:early]); err != nil {
			return err
		}
		text = text[early:]
	}
	if err := s.gate.Pass(ctx, k.relay.addr); err != nil {
		return err
	}
	return k.flush(text)
}

func (k *conn) flush(text []byte) error {
	if _, err := k.Text.W.Write(text); err != nil {
		return fmt.Errorf("write the letter: %w", err)
	}
	if err := k.Text.W.Flush(); err != nil {
		return fmt.Errorf("write the letter: %w", err)
	}
	return nil
}

// dot ends a letter.
const dot = ".\r\n"

// stuff makes a letter of lines ended by CRLF ready for DATA (RFC 5321, 4.5.2): a line that
// begins with a dot gets another, and a dot alone ends it all. It appends to text.
func stuff(text, letter []byte) []byte {
	text = slices.Grow(text, len(letter)+len(letter)/64+8)
	for at := 0; ; {
		if bytes.HasPrefix(letter[at:], []byte(".")) {
			text = append(text, '.')
		}
		next := bytes.Index(letter[at:], []byte("\n."))
		if next < 0 {
			text = append(text, letter[at:]...)
			break
		}
		text = append(text, letter[at:at+next+1]...)
		at += next + 1
	}
	if !bytes.HasSuffix(text, []byte("\r\n")) {
		text = append(text, "\r\n"...)
	}
	return append(text, dot...)
}
