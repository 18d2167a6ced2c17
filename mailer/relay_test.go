package mailer

import (
	"fmt"
	"testing"
	"time"

	"viesti/internal/smtptest"
	"viesti/outbox"
)

// several is a carrier with a relay for each option, wanted in that order, and a clock.
func several(t *testing.T, options ...smtptest.Option) (c *Carrier, list []*smtptest.Relay, clock *time.Time) {
	t.Helper()
	for _, o := range options {
		list = append(list, smtptest.New(t, o))
	}
	c = newCarrier(t, list[0])
	for _, r := range list[1:] {
		c.Config.Relays = append(c.Config.Relays, r.Addr())
	}
	at := now
	c.Now = func() time.Time { return at }
	return c, list, &at
}

func taken(list []*smtptest.Relay) string {
	s := ""
	for _, r := range list {
		s += fmt.Sprint(" ", len(r.Counts()))
	}
	return s
}

// ill answers nothing good at a step until well says so.
func ill(step smtptest.Step, reply string, well *bool) smtptest.Option {
	return smtptest.Script(func(c smtptest.Call) smtptest.Answer {
		if c.Step == step && !*well {
			return smtptest.Answer{Reply: reply, Cut: step == smtptest.Connect}
		}
		return smtptest.Answer{}
	})
}

func kind() smtptest.Option {
	return smtptest.Script(func(smtptest.Call) smtptest.Answer { return smtptest.Answer{} })
}

// TestFailover: a relay that lets nobody in, or refuses the sender, gives way to the next within
// the same letter; it is left alone while it rests, and taken up again after.
func TestFailover(t *testing.T) {
	for name, fault := range map[string]struct {
		step  smtptest.Step
		reply string
		class outbox.Class
	}{
		"greeting":        {smtptest.Connect, "421 4.3.2 later", outbox.RelayDown},
		"sender refused":  {smtptest.Mail, "550 5.7.1 not here", outbox.Policy},
		"sender deferred": {smtptest.Mail, "451 4.3.0 no space", outbox.RelayDown},
	} {
		t.Run(name, func(t *testing.T) {
			well := false
			c, list, clock := several(t, ill(fault.step, fault.reply, &well), kind())
			s := c.Sender()
			defer s.Close() //nolint:errcheck // a test's end
			send := func(n int, want string) {
				t.Helper()
				if got := s.Send(t.Context(), letterTo(n), outbox.OpenGate); got.State != outbox.Sent {
					t.Fatalf("letter %d: %+v", n, got)
				}
				if got := taken(list); got != want {
					t.Errorf("after letter %d the relays have taken%s, want%s", n, got, want)
				}
			}
			send(1, " 0 1")
			h := c.Health()
			if h[0].OK || h[0].Reply.Class != fault.class || !h[1].OK {
				t.Errorf("health: %+v", h)
			}
			tries := list[0].Times(smtptest.Connect)
			send(2, " 0 2")
			*clock = clock.Add(firstRest + c.Limits.Dial)
			send(3, " 0 3") // it was tried, and is still ill
			if n := list[0].Times(smtptest.Connect); n != tries+1 {
				t.Errorf("the ill relay was tried %d times after its rest, want once", n-tries)
			}
			well = true
			send(4, " 0 4")
			*clock = clock.Add(lastRest)
			send(5, " 1 4")
			if h := c.Health(); !h[0].OK || !h[1].OK {
				t.Errorf("health: %+v", h)
			}
		})
	}
}

// A test letter goes the way of all letters.
func TestTestLetterFailsOver(t *testing.T) {
	well := false
	c, list, _ := several(t, ill(smtptest.Connect, "421 4.3.2 later", &well), kind())
	if err := c.Test(t.Context(), letterTo(1)); err != nil {
		t.Error(err)
	}
	if got := taken(list); got != " 0 1" {
		t.Errorf("the relays have taken%s", got)
	}
}

func TestEveryRelayIll(t *testing.T) {
	no := false
	c, list, _ := several(t, ill(smtptest.Connect, "421 4.3.2 later", &no), ill(smtptest.Mail, "550 5.1.7 who?", &no))
	s := c.Sender()
	defer s.Close() //nolint:errcheck // a test's end
	for n := range 3 {
		if got := s.Send(t.Context(), letterTo(n), outbox.OpenGate); got.State != outbox.Retrying || !got.Hold {
			t.Errorf("outcome %+v", got)
		}
	}
	if a, b := list[0].Times(smtptest.Connect), list[1].Times(smtptest.Connect); a < 2 || b < 2 {
		t.Errorf("tried %d and %d times: with nobody well, all are tried", a, b)
	}
	for _, h := range c.Health() {
		if h.OK {
			t.Errorf("health: %+v", h)
		}
	}
}

// TestRefusedRecipientIsNoFaultOfTheRelay: it stays in use.
func TestRefusedRecipientIsNoFaultOfTheRelay(t *testing.T) {
	c, list, _ := several(t, at(smtptest.Rcpt, smtptest.Answer{Reply: "550 5.1.1 no such user"}), kind())
	s := c.Sender()
	defer s.Close() //nolint:errcheck // a test's end
	s.Send(t.Context(), letterTo(1), outbox.OpenGate)
	s.Send(t.Context(), letterTo(2), outbox.OpenGate)
	if got := taken(list); got != " 1 0" {
		t.Errorf("taken%s", got)
	}
}

func TestOldConnection(t *testing.T) {
	c, list, clock := several(t, kind())
	s := c.Sender()
	defer s.Close() //nolint:errcheck // a test's end
	for n := range 4 {
		s.Send(t.Context(), letterTo(n), outbox.OpenGate)
		*clock = clock.Add(DefaultLimits().Age / 2)
	}
	if n := list[0].Times(smtptest.Connect); n != 2 {
		t.Errorf("%d connections for four letters over one and a half lives of one, want 2", n)
	}
}
