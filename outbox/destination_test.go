package outbox_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"viesti/contacts"
	"viesti/link"
	"viesti/outbox"
)

// alerts are those that a worker raised.
type alerts struct {
	mu   sync.Mutex
	list []outbox.Alert
}

func (a *alerts) raise(x outbox.Alert) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.list = append(a.list, x)
}

func (a *alerts) all() []outbox.Alert {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.list)
}

func (a *alerts) want(t *testing.T, want ...string) {
	t.Helper()
	var got []string
	for _, x := range a.all() {
		got = append(got, strings.TrimSpace(fmt.Sprint(x.Domain, " ", x.Over, " ", x.Reply.Class)))
	}
	if strings.Join(got, "; ") != strings.Join(want, "; ") {
		t.Errorf("alerts: %q, want %q", got, want)
	}
}

func to(d outbox.Delivery) string { return contacts.Domain(d.Contact.Email) }

// tries counts what went to a domain.
func (c *carrier) tries(domain string) (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, d := range c.taken {
		if to(d.Delivery) == domain {
			n++
		}
	}
	return n
}

var refusal = outbox.Outcome{State: outbox.Retrying, Domain: true, Reply: outbox.Reply{Class: outbox.Policy, Code: "550", Enhanced: "5.7.1"}}

// TestDomainThatRefusesUs: its messages wait, whatever their age, and nobody else's; people are told
// once that it began and once that it is over; it is tried again with one message at a time.
func TestDomainThatRefusesUs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var well atomic.Bool
		c := &carrier{connections: 4}
		c.answer = func(d outbox.Delivery) outbox.Outcome {
			if to(d) == "d0.example.org" && !well.Load() {
				return refusal
			}
			return outbox.Outcome{State: outbox.Sent}
		}
		var a alerts
		b := newBench(t, 60, c, func(w *outbox.Worker) { w.Alert = a.raise })
		b.start()
		time.Sleep(10 * time.Second)
		b.want(outbox.Sent, 30)
		a.want(t, "d0.example.org false policy")
		if h := b.worker.Health()[link.Mail]; !h.OK || len(h.Domains) != 1 || !h.Domains[0].Ours || h.Domains[0].Domain != "d0.example.org" {
			t.Errorf("health: %+v", h)
		}
		time.Sleep(72 * time.Hour)
		b.want(outbox.Failed, 0)
		if n := c.tries("d0.example.org"); n < 20 || n > 120 {
			t.Errorf("a domain that refuses was tried %d times in three days", n)
		}
		well.Store(true)
		time.Sleep(6 * time.Hour)
		b.want(outbox.Sent, 60)
		a.want(t, "d0.example.org false policy", "d0.example.org true policy")
		if h := b.worker.Health()[link.Mail]; len(h.Domains) != 0 {
			t.Errorf("health: %+v", h)
		}
		b.end()
	})
}

// TestOneRecipientRefused: a domain that refuses one recipient, with words about us, and takes the
// others: they arrive, that one is given up with its last words, and people are told once a day.
func TestOneRecipientRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &carrier{connections: 2}
		c.answer = func(d outbox.Delivery) outbox.Outcome {
			switch {
			case d.Recipient == "c0000":
				return refusal
			case d.Attempt == 1:
				return outbox.Outcome{State: outbox.Retrying, Reply: outbox.Reply{Class: outbox.Transient, Code: "450"}}
			}
			return outbox.Outcome{State: outbox.Sent}
		}
		var a alerts
		b := newBench(t, 20, c, func(w *outbox.Worker) { w.Alert = a.raise })
		b.start()
		time.Sleep(10 * time.Minute)
		b.want(outbox.Sent, 19)
		time.Sleep(5 * 24 * time.Hour)
		if m := b.message(0); m.State != outbox.Failed || m.Reply.Enhanced != "5.7.1" {
			t.Errorf("it is %s: %+v", m.State, m.Reply)
		}
		b.end()
		if n := len(a.all()); n > 6 {
			t.Errorf("%d alerts in five days", n)
		}
	})
}

// TestManyDomainsRefuse: one alert for all of them.
func TestManyDomainsRefuse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var well atomic.Bool
		c := &carrier{connections: 3}
		c.answer = func(outbox.Delivery) outbox.Outcome {
			if !well.Load() {
				return refusal
			}
			return outbox.Outcome{State: outbox.Sent}
		}
		var a alerts
		b := newBench(t, 10, c, func(w *outbox.Worker) { w.Alert = a.raise })
		b.start()
		time.Sleep(time.Hour)
		if len(a.all()) != 1 || len(b.worker.Health()[link.Mail].Domains) != 2 {
			t.Errorf("alerts %+v, health %+v", a.all(), b.worker.Health())
		}
		well.Store(true)
		time.Sleep(24 * time.Hour)
		b.want(outbox.Sent, 10)
		if list := a.all(); len(list) != 2 || !list[1].Over {
			t.Errorf("alerts %+v", list)
		}
		b.end()
	})
}

// TestSlowDomain: a domain that asks for less slows its own messages, more each time, and nobody
// else's.
func TestSlowDomain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := outbox.Outcome{State: outbox.Retrying, Domain: true, Reply: outbox.Reply{Class: outbox.Transient, Code: "421"}}
		var well atomic.Bool
		c := &carrier{connections: 4}
		c.answer = func(d outbox.Delivery) outbox.Outcome {
			if to(d) == "d1.example.org" && !well.Load() {
				return slow
			}
			return outbox.Outcome{State: outbox.Sent}
		}
		var a alerts
		b := newBench(t, 100, c, func(w *outbox.Worker) { w.Alert = a.raise })
		b.start()
		time.Sleep(5 * time.Second)
		b.want(outbox.Sent, 50)
		time.Sleep(10 * time.Hour)
		if n := c.tries("d1.example.org"); n > 30 {
			t.Errorf("a domain that is too busy was tried %d times in ten hours", n)
		}
		well.Store(true)
		time.Sleep(5 * time.Hour)
		b.want(outbox.Sent, 100)
		a.want(t)
		b.end()
	})
}

// TestGreylistingSlowsNobody: every recipient of one domain is put off once, and all are in within
// minutes.
func TestGreylistingSlowsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &carrier{connections: 4}
		c.answer = func(d outbox.Delivery) outbox.Outcome {
			if d.Attempt == 1 {
				return outbox.Outcome{State: outbox.Retrying, Reply: outbox.Reply{Class: outbox.Transient, Code: "450"}}
			}
			return outbox.Outcome{State: outbox.Sent}
		}
		b := newBench(t, 300, c, nil)
		b.start()
		time.Sleep(40 * time.Second)
		b.want(outbox.Sent, 300)
		b.end()
	})
}

// TestGivenUpWithItsLastWords: a message that is put off for two days after its first attempt fails,
// not one that waited for other reasons.
func TestGivenUpWithItsLastWords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &carrier{connections: 1}
		c.answer = func(d outbox.Delivery) outbox.Outcome {
			return outbox.Outcome{State: outbox.Retrying, Reply: outbox.Reply{Class: outbox.Transient, Code: "450", Enhanced: "4.2.1", Text: fmt.Sprint("attempt ", d.Attempt)}}
		}
		b := newBench(t, 2, c, nil)
		if err := b.store.SetPaused(t.Context(), true); err != nil {
			t.Fatal(err)
		}
		b.start()
		time.Sleep(100 * time.Hour)
		if err := b.store.SetPaused(t.Context(), false); err != nil {
			t.Fatal(err)
		}
		b.worker.Wake()
		time.Sleep(47 * time.Hour)
		b.want(outbox.Retrying, 2)
		time.Sleep(10 * time.Hour)
		b.want(outbox.Failed, 2)
		if m := b.message(0); m.Reply.Text != fmt.Sprint("attempt ", m.Attempt) {
			t.Errorf("last words: %+v after attempt %d", m.Reply, m.Attempt)
		}
		b.end()
	})
}

// TestOneAlertForARelay: however many messages meet it.
func TestOneAlertForARelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var well atomic.Bool
		c := &carrier{connections: 4}
		c.answer = func(outbox.Delivery) outbox.Outcome {
			if !well.Load() {
				return outbox.Outcome{State: outbox.Retrying, Hold: true, Reply: outbox.Reply{Class: outbox.BadSetup, Code: "535"}}
			}
			return outbox.Outcome{State: outbox.Sent}
		}
		var a alerts
		b := newBench(t, 30, c, func(w *outbox.Worker) { w.Alert = a.raise })
		b.start()
		time.Sleep(3 * time.Hour)
		a.want(t, "false bad_setup")
		well.Store(true)
		time.Sleep(time.Hour)
		b.want(outbox.Sent, 30)
		a.want(t, "false bad_setup", "true bad_setup")
		b.end()
	})
}

// TestPaceSurvivesRestarts: a program that is stopped and started again every few seconds sends no
// more in a minute than one that runs on, to all and to each domain.
func TestPaceSurvivesRestarts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &carrier{connections: 5}
		pace := func(w *outbox.Worker) { w.PerMinute, w.PerDomainPerMinute = 20, 12 }
		b := newBench(t, 120, c, pace)
		for i := range 30 {
			b.worker = again(b.worker, b.store, b.worker.Journal)
			pace(b.worker)
			b.dies(time.Duration(1+i*7%13) * time.Second)
		}
		b.worker = again(b.worker, b.store, b.worker.Journal)
		pace(b.worker)
		b.start()
		time.Sleep(30 * time.Minute)
		b.want(outbox.Sent, 120)
		b.end()
		window(t, c.taken, 20)
		for _, name := range []string{"d0.example.org", "d1.example.org"} {
			var own []taken
			for _, d := range c.taken {
				if to(d.Delivery) == name {
					own = append(own, d)
				}
			}
			window(t, own, 12)
		}
	})
}
