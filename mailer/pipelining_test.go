package mailer

import (
	"context"
	"strings"
	"testing"

	"viesti/internal/smtptest"
	"viesti/outbox"
)

// TestGroupRefused: what a relay may answer to MAIL, RCPT and DATA sent in one go, what the letter
// comes to, and what is said next. The next letter has to arrive over the same connection, unless
// only hanging up was safe.
func TestGroupRefused(t *testing.T) {
	const no, later, closing = "550 5.1.1 no such user", "450 4.2.0 greylisted", "421 4.3.2 bye"
	for _, test := range []struct {
		name             string
		mail, rcpt, data string
		state            outbox.State
		class            outbox.Class
		next             string // the line after the group, of the first letter
		connections      int
	}{
		{"recipient unknown, no text wanted", "", no, "554 5.5.1 no valid recipients", outbox.Failed, outbox.AddressDead, "RSET", 1},
		{"recipient unknown, text wanted", "", no, "354 go on", outbox.Failed, outbox.AddressDead, "MAIL", 1},
		{"recipient later, text wanted", "", later, "354 go on", outbox.Retrying, outbox.Transient, "MAIL", 1},
		{"recipient later, closing", "", later, closing, outbox.Retrying, outbox.Transient, "EHLO", 2},
		{"text refused", "", "", "451 4.3.0 later", outbox.Retrying, outbox.Transient, "RSET", 1},
		{"closing at the recipient", "", closing, "", outbox.Retrying, outbox.Transient, "EHLO", 2},
		{"sender refused, the rest out of order", "550 5.1.7 who?", "503 5.5.1 need MAIL", "503 5.5.1 need RCPT", outbox.Retrying, outbox.BadSetup, "QUIT", 2},
		{"sender refused, recipient taken, text wanted", "550 5.1.7 who?", "250 2.1.5 ok", "354 go on", outbox.Retrying, outbox.BadSetup, "EHLO", 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			relay := smtptest.New(t, smtptest.Offers("PIPELINING"), smtptest.Script(func(c smtptest.Call) smtptest.Answer {
				reply := map[smtptest.Step]string{smtptest.Mail: test.mail, smtptest.Rcpt: test.rcpt, smtptest.Data: test.data}[c.Step]
				if c.Nth > 1 {
					reply = ""
				}
				return smtptest.Answer{Reply: reply, Cut: strings.HasPrefix(reply, "421")}
			}))
			s := newCarrier(t, relay).Sender()
			got := s.Send(t.Context(), letterTo(1), outbox.OpenGate)
			if got.State != test.state || got.Reply.Class != test.class {
				t.Errorf("outcome is %+v, want %s %s", got, test.state, test.class)
			}
			if second := s.Send(t.Context(), letterTo(2), outbox.OpenGate); second.State != outbox.Sent {
				t.Errorf("the next letter came to %+v", second)
			}
			_ = s.Close()
			lines := relay.Lines()
			next := lines[min(4, len(lines)-1)]
			if strings.HasPrefix(test.rcpt, "421") { // the relay read no further
				next = lines[3]
			}
			if !strings.HasPrefix(next, test.next) {
				t.Errorf("said then %q, want %s:\n%s", next, test.next, strings.Join(lines, "\n"))
			}
			if n := relay.Times(smtptest.Connect); n != test.connections {
				t.Errorf("%d connections, want %d", n, test.connections)
			}
			if counts := relay.Counts(); counts[letterTo(1).Contact.Email] != 0 || counts[letterTo(2).Contact.Email] != 1 {
				t.Errorf("taken: %v", counts)
			}
		})
	}
}

// gate is one that opens when the test says so, and tells what was seen of the letter before.
type gate struct {
	open bool
	seen func()
	err  error
}

func (g *gate) Open() bool { return g.open }

func (g *gate) Pass(context.Context, string) error {
	if g.seen != nil {
		g.seen()
	}
	return g.err
}

// TestGate: with the gate closed the text goes out and the dot does not; one that never opens
// leaves a letter that nobody has taken.
func TestGate(t *testing.T) {
	relay := smtptest.New(t)
	s := newCarrier(t, relay).Sender()
	waiting := &gate{seen: func() {
		if relay.Times(smtptest.Data) != 1 || relay.Times(smtptest.Dot) != 0 {
			t.Error("the dot went before the gate opened, or the text did not")
		}
	}}
	if got := s.Send(t.Context(), letterTo(1), waiting); got.State != outbox.Sent {
		t.Errorf("outcome %+v", got)
	}
	if got := s.Send(t.Context(), letterTo(2), &gate{err: errSender}); got.State != outbox.Retrying {
		t.Errorf("outcome behind a closed gate %+v", got)
	}
	if got := s.Send(t.Context(), letterTo(3), &gate{open: true}); got.State != outbox.Sent {
		t.Errorf("outcome %+v", got)
	}
	_ = s.Close()
	relay.Close()
	if counts := relay.Counts(); counts[letterTo(1).Contact.Email] != 1 || counts[letterTo(2).Contact.Email] != 0 || counts[letterTo(3).Contact.Email] != 1 {
		t.Errorf("taken: %v", counts)
	}
}
