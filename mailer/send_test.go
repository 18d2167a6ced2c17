package mailer

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"viesti/i18n"
	"viesti/internal/smtptest"
	"viesti/outbox"
)

// short are limits that a test can wait for.
func short() Limits {
	l := DefaultLimits()
	l.Dial, l.Command, l.Data, l.Block, l.Dot, l.Quit = time.Second, time.Second, time.Second, time.Second, time.Second, time.Second
	return l
}

func newCarrier(t testing.TB, relay *smtptest.Relay) *Carrier {
	t.Helper()
	config := testConfig()
	config.Host, config.Port, config.TLS = relay.Host, relay.Port, NoTLS
	return &Carrier{Config: config, Composer: newComposer(t), Limits: short(), Now: func() time.Time { return now }, Log: quiet}
}

// at answers one step, the first time it is reached unless nth is given.
func at(step smtptest.Step, answer smtptest.Answer) smtptest.Option {
	return nthAt(1, step, answer)
}

func nthAt(nth int, step smtptest.Step, answer smtptest.Answer) smtptest.Option {
	return smtptest.Script(func(c smtptest.Call) smtptest.Answer {
		if c.Step == step && c.Nth == nth {
			return answer
		}
		return smtptest.Answer{}
	})
}

// letterTo is a delivery to the nth of many recipients.
func letterTo(n int) outbox.Delivery {
	d := delivery(i18n.Sv, outbox.Invitation)
	d.Contact.Email = fmt.Sprintf("person%d@kunta.example.fi", n)
	return d
}

// cut and hang are a relay that falls silent.
var cut, hang = smtptest.Answer{Silent: true, Cut: true}, smtptest.Answer{Hang: true}

// breaks are the ways in which a conversation may break, what a letter comes to then, and how
// often the relay has taken it.
var breaks = []struct {
	name  string
	step  smtptest.Step
	do    smtptest.Answer
	state outbox.State
	class outbox.Class
	hold  bool
	taken int
}{
	{"greeting refused", smtptest.Connect, smtptest.Answer{Reply: "554 no", Cut: true}, outbox.Retrying, outbox.BadSetup, true, 0},
	{"greeting later", smtptest.Connect, smtptest.Answer{Reply: "421 later", Cut: true}, outbox.Retrying, outbox.RelayDown, true, 0},
	{"greeting cut", smtptest.Connect, cut, outbox.Retrying, outbox.RelayDown, true, 0},
	{"greeting hangs", smtptest.Connect, hang, outbox.Retrying, outbox.RelayDown, true, 0},
	{"greeting nonsense", smtptest.Connect, smtptest.Answer{Reply: "HTTP/1.1 400 Bad Request"}, outbox.Retrying, outbox.RelayDown, true, 0},
	{"ehlo cut", smtptest.Ehlo, cut, outbox.Retrying, outbox.RelayDown, true, 0},
	{"mail refused", smtptest.Mail, smtptest.Answer{Reply: "550 5.1.7 who?"}, outbox.Retrying, outbox.BadSetup, true, 0},
	{"mail policy", smtptest.Mail, smtptest.Answer{Reply: "550 5.7.1 no"}, outbox.Retrying, outbox.Policy, true, 0},
	{"mail later", smtptest.Mail, smtptest.Answer{Reply: "451 4.3.0 later"}, outbox.Retrying, outbox.RelayDown, true, 0},
	{"mail closing", smtptest.Mail, smtptest.Answer{Reply: "421 bye", Cut: true}, outbox.Retrying, outbox.RelayDown, true, 0},
	{"mail cut", smtptest.Mail, cut, outbox.Retrying, outbox.RelayDown, true, 0},
	{"mail hangs", smtptest.Mail, hang, outbox.Retrying, outbox.RelayDown, true, 0},
	{"rcpt dead", smtptest.Rcpt, smtptest.Answer{Reply: "550 5.1.1 unknown"}, outbox.Failed, outbox.AddressDead, false, 0},
	{"rcpt full", smtptest.Rcpt, smtptest.Answer{Reply: "452 4.2.2 full"}, outbox.Retrying, outbox.MailboxFull, false, 0},
	{"rcpt greylisted", smtptest.Rcpt, smtptest.Answer{Reply: "450 4.7.1 greylisted"}, outbox.Retrying, outbox.Transient, false, 0},
	{"rcpt policy", smtptest.Rcpt, smtptest.Answer{Reply: "554 5.7.1 no"}, outbox.Retrying, outbox.Policy, false, 0},
	{"rcpt closing", smtptest.Rcpt, smtptest.Answer{Reply: "421 4.3.2 bye", Cut: true}, outbox.Retrying, outbox.Transient, false, 0},
	{"rcpt cut", smtptest.Rcpt, cut, outbox.Retrying, outbox.Transient, false, 0},
	{"rcpt hangs", smtptest.Rcpt, hang, outbox.Retrying, outbox.Transient, false, 0},
	{"rcpt nonsense", smtptest.Rcpt, smtptest.Answer{Reply: "hello?"}, outbox.Retrying, outbox.Transient, false, 0},
	{"data later", smtptest.Data, smtptest.Answer{Reply: "451 later"}, outbox.Retrying, outbox.Transient, false, 0},
	{"data refused", smtptest.Data, smtptest.Answer{Reply: "554 5.5.1 no valid recipients"}, outbox.Failed, outbox.BadMessage, false, 0},
	{"data cut", smtptest.Data, cut, outbox.Retrying, outbox.Transient, false, 0},
	{"data hangs", smtptest.Data, hang, outbox.Retrying, outbox.Transient, false, 0},
	{"dot refused", smtptest.Dot, smtptest.Answer{Reply: "554 5.7.1 spam"}, outbox.Retrying, outbox.Policy, false, 0},
	{"dot later", smtptest.Dot, smtptest.Answer{Reply: "451 4.3.0 later"}, outbox.Retrying, outbox.Transient, false, 0},
	{"dot closing", smtptest.Dot, smtptest.Answer{Reply: "421 bye", Cut: true}, outbox.Retrying, outbox.Transient, false, 0},
	{"dot too large", smtptest.Dot, smtptest.Answer{Reply: "552 5.3.4 too big"}, outbox.Failed, outbox.BadMessage, false, 0},
	{"dot cut, not taken", smtptest.Dot, smtptest.Answer{Reply: "451 later", Silent: true, Cut: true}, outbox.Uncertain, outbox.Transient, false, 0},
	{"dot cut, taken", smtptest.Dot, cut, outbox.Uncertain, outbox.Transient, false, 1},
	{"dot hangs", smtptest.Dot, hang, outbox.Uncertain, outbox.Transient, false, 0},
	{"dot hangs, taken", smtptest.Dot, smtptest.Answer{Reply: "250 ok", Hang: true}, outbox.Uncertain, outbox.Transient, false, 1},
	{"dot nonsense", smtptest.Dot, smtptest.Answer{Reply: "2x0 ok", Cut: true}, outbox.Uncertain, outbox.Transient, false, 1},
	{"taken", smtptest.Dot, smtptest.Answer{Reply: "250 2.0.0 Ok: queued as ABC"}, outbox.Sent, "", false, 1},
	{"taken, then cut", smtptest.Dot, smtptest.Answer{Reply: "250 ok", Cut: true}, outbox.Sent, "", false, 1},
}

// TestOutcomes breaks the conversation at each step, then sends a second letter through the same
// sender: that one has to arrive, and the first must have been taken at most as often as its
// outcome says. Commands one by one and in a group have to come to the same.
func TestOutcomes(t *testing.T) {
	for _, test := range breaks {
		for _, offers := range [][]string{nil, {"PIPELINING"}} {
			t.Run(strings.Join(append(offers, test.name), " "), func(t *testing.T) {
				t.Parallel()
				relay := smtptest.New(t, at(test.step, test.do), smtptest.Offers(offers...))
				c := newCarrier(t, relay)
				if test.do.Hang {
					c.Limits.Dial, c.Limits.Command, c.Limits.Data, c.Limits.Dot = 150*time.Millisecond, 150*time.Millisecond, 150*time.Millisecond, 150*time.Millisecond
				}
				s := c.Sender()
				got := s.Send(t.Context(), letterTo(1), outbox.OpenGate)
				if got.State != test.state || got.Reply.Class != test.class || got.Hold != test.hold {
					t.Errorf("outcome is %+v, want %s %s hold=%v", got, test.state, test.class, test.hold)
				}
				if got.Reply.Relay != relay.Addr() {
					t.Errorf("the relay is named %q", got.Reply.Relay)
				}
				if second := s.Send(t.Context(), letterTo(2), outbox.OpenGate); second.State != outbox.Sent {
					t.Errorf("the next letter came to %+v", second)
				}
				_ = s.Close()
				relay.Close()
				if counts := relay.Counts(); counts[letterTo(1).Contact.Email] != test.taken || counts[letterTo(2).Contact.Email] != 1 {
					t.Errorf("taken: %v, want %d and 1", counts, test.taken)
				}
			})
		}
	}
}

func TestConversation(t *testing.T) {
	hello, mail, rcpt := "EHLO barometri.example.org", "MAIL FROM:<palautukset@example.org>", "RCPT TO:<person%d@kunta.example.fi>"
	for offers, want := range map[string][]string{
		"8BITMIME": {
			hello, mail, fmt.Sprintf(rcpt, 1), "DATA", mail, fmt.Sprintf(rcpt, 2), "RSET", mail, fmt.Sprintf(rcpt, 3), "DATA", "QUIT",
		},
		"PIPELINING": { // the relay waits for a text although it refused the recipient, and gets a lone dot
			hello, mail, fmt.Sprintf(rcpt, 1), "DATA", mail, fmt.Sprintf(rcpt, 2), "DATA", mail, fmt.Sprintf(rcpt, 3), "DATA", "QUIT",
		},
	} {
		relay := smtptest.New(t, smtptest.Offers("SMTPUTF8", offers, "SIZE 1000000"),
			nthAt(2, smtptest.Rcpt, smtptest.Answer{Reply: "550 5.1.1 <person2@kunta.example.fi>: unknown person2"}))
		c := newCarrier(t, relay)
		s := c.Sender()
		var outcomes []outbox.Outcome
		for n := 1; n <= 3; n++ {
			outcomes = append(outcomes, s.Send(t.Context(), letterTo(n), outbox.OpenGate))
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if got := relay.Lines(); strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("said\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if r := outcomes[0].Reply; r != (outbox.Reply{Code: "250", Enhanced: "2.0.0", Text: "Ok: queued as TEST", Ref: "TEST", Relay: relay.Addr()}) {
			t.Errorf("reply is %+v", r)
		}
		if got := outcomes[1].Reply.Text; got != "<recipient>: unknown <recipient>" {
			t.Errorf("refusal is kept as %q", got)
		}
		letter, _ := c.Composer.Compose(t.Context(), letterTo(3), now)
		letters := relay.Letters()
		if got := letters[len(letters)-1].Data; string(got) != string(letter) {
			t.Errorf("the relay got\n%s\nwant\n%s", got, letter)
		}
	}
}

// TestCutInText: whether the dot had left before the cut is up to the kernel; either outcome is
// right, but nothing else is.
func TestCutInText(t *testing.T) {
	relay := smtptest.New(t, at(smtptest.Data, smtptest.Answer{Reply: "354 go on", Cut: true}))
	got := newCarrier(t, relay).Sender().Send(t.Context(), letterTo(1), outbox.OpenGate)
	if got.State != outbox.Retrying && got.State != outbox.Uncertain || got.Hold {
		t.Errorf("outcome is %+v", got)
	}
}

// TestKeptConnection: a connection that died between letters is replaced without a word, one that
// lay idle is asked first, and none carries more letters than relays like.
func TestKeptConnection(t *testing.T) {
	t.Run("died", func(t *testing.T) {
		relay := smtptest.New(t)
		s := newCarrier(t, relay).Sender()
		defer s.Close() //nolint:errcheck // a test's end
		for n := range 3 {
			if got := s.Send(t.Context(), letterTo(n), outbox.OpenGate); got.State != outbox.Sent {
				t.Fatalf("letter %d: %+v", n, got)
			}
			relay.CutAll()
		}
		if n := relay.Times(smtptest.Connect); n != 3 {
			t.Errorf("%d connections, want 3", n)
		}
	})
	t.Run("relay says 421 at MAIL", func(t *testing.T) {
		relay := smtptest.New(t, nthAt(2, smtptest.Mail, smtptest.Answer{Reply: "421 4.4.2 idle", Cut: true}))
		s := newCarrier(t, relay).Sender()
		defer s.Close() //nolint:errcheck // a test's end
		for n := range 2 {
			if got := s.Send(t.Context(), letterTo(n), outbox.OpenGate); got.State != outbox.Sent {
				t.Fatalf("letter %d: %+v", n, got)
			}
		}
	})
	t.Run("idle", func(t *testing.T) {
		relay := smtptest.New(t)
		c := newCarrier(t, relay)
		clock := now
		c.Now = func() time.Time { return clock }
		s := c.Sender()
		defer s.Close() //nolint:errcheck // a test's end
		for n := range 3 {
			s.Send(t.Context(), letterTo(n), outbox.OpenGate)
			clock = clock.Add(time.Duration(n) * 2 * time.Minute)
		}
		if n := relay.Times(smtptest.Noop); n != 1 {
			t.Errorf("asked %d times, want 1", n)
		}
	})
	t.Run("worn out", func(t *testing.T) {
		relay := smtptest.New(t)
		c := newCarrier(t, relay)
		c.Limits.Letters = 2
		s := c.Sender()
		defer s.Close() //nolint:errcheck // a test's end
		for n := range 5 {
			s.Send(t.Context(), letterTo(n), outbox.OpenGate)
		}
		if n := relay.Times(smtptest.Connect); n != 3 {
			t.Errorf("%d connections for 5 letters, want 3", n)
		}
	})
}

// TestContextEnds: the end of the context cuts the line, and the outcome is that of the phase.
func TestContextEnds(t *testing.T) {
	for step, want := range map[smtptest.Step]outbox.State{
		smtptest.Connect: outbox.Retrying, smtptest.Mail: outbox.Retrying, smtptest.Rcpt: outbox.Retrying, smtptest.Dot: outbox.Uncertain,
	} {
		ctx, end := context.WithCancel(t.Context())
		relay := smtptest.New(t, smtptest.Script(func(c smtptest.Call) smtptest.Answer {
			if c.Step == step {
				end()
				return smtptest.Answer{Hang: true}
			}
			return smtptest.Answer{}
		}))
		c := newCarrier(t, relay)
		c.Limits = DefaultLimits()
		if got := c.Sender().Send(ctx, letterTo(1), outbox.OpenGate); got.State != want {
			t.Errorf("ended at %s: %+v", step, got)
		}
		relay.Close()
	}
}

func TestNoRelay(t *testing.T) {
	relay := smtptest.New(t)
	c := newCarrier(t, relay)
	relay.Close()
	s := c.Sender()
	if got := s.Send(t.Context(), letterTo(1), outbox.OpenGate); got.State != outbox.Retrying || !got.Hold || got.Reply.Class != outbox.RelayDown {
		t.Errorf("outcome %+v", got)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestSMTPUTF8(t *testing.T) {
	d := delivery(i18n.Fi, outbox.Invitation)
	d.Contact.Email = "mäki@ministeriö.example.fi"
	knows := smtptest.New(t, smtptest.Offers("SMTPUTF8"))
	s := newCarrier(t, knows).Sender()
	if got := s.Send(t.Context(), d, outbox.OpenGate); got.State != outbox.Sent {
		t.Errorf("outcome %+v", got)
	}
	_ = s.Close()
	if got := knows.Letters()[0].From; got != "<palautukset@example.org> SMTPUTF8" {
		t.Errorf("MAIL FROM:%s", got)
	}
	s = newCarrier(t, smtptest.New(t)).Sender()
	if got := s.Send(t.Context(), d, outbox.OpenGate); got.State != outbox.Failed || got.Reply.Class != outbox.BadMessage {
		t.Errorf("outcome %+v", got)
	}
	_ = s.Close()
}

func TestUnwritable(t *testing.T) {
	d := letterTo(1)
	d.Contact.Email = "nobody"
	relay := smtptest.New(t)
	if got := newCarrier(t, relay).Sender().Send(t.Context(), d, outbox.OpenGate); got.State != outbox.Failed || got.Reply.Class != outbox.BadMessage {
		t.Errorf("outcome %+v", got)
	}
	if relay.Times(smtptest.Connect) != 0 {
		t.Error("a connection was made for nothing")
	}
}

func TestStuff(t *testing.T) {
	for in, want := range map[string]string{
		"a\r\n":             "a\r\n.\r\n",
		"a":                 "a\r\n.\r\n",
		".\r\n.a\r\n..\r\n": "..\r\n..a\r\n...\r\n.\r\n",
	} {
		if got := string(stuff(nil, []byte(in))); got != want {
			t.Errorf("stuffed %q to %q, want %q", in, got, want)
		}
	}
}
