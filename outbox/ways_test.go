package outbox_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"viesti/contacts"
	"viesti/link"
	"viesti/outbox"
)

// chatCarrier is a carrier like Slack's: it has routes, and can be asked what it took and whether
// it is well.
type chatCarrier struct {
	*carrier
	route func(m outbox.Message, who contacts.Known) (outbox.Route, bool)
	probe func() outbox.Outcome
}

func (c chatCarrier) Sender() outbox.Sender { return c }

func (c chatCarrier) PerMinute() int { return 0 }

func (c chatCarrier) Route(m outbox.Message, who contacts.Known, n contacts.Network) (outbox.Route, bool) {
	if c.route == nil {
		return outbox.Route{Name: n.SlackChannel, Every: time.Second}, true
	}
	return c.route(m, who)
}

func (c chatCarrier) Probe(context.Context) outbox.Outcome {
	if c.probe == nil {
		return outbox.Outcome{State: outbox.Sent}
	}
	return c.probe()
}

func (c chatCarrier) Look(_ context.Context, d outbox.Delivery) (bool, outbox.Reply, error) {
	if c.look == nil {
		return false, outbox.Reply{}, outbox.ErrBusy
	}
	found, err := c.look(d)
	return found, outbox.Reply{}, err
}

// slackBench is a bench whose messages go by Slack, and by mail if there is any.
func slackBench(t *testing.T, people int, slack chatCarrier, mail *carrier) *bench {
	t.Helper()
	b := newBench(t, 0, slack, func(w *outbox.Worker) {
		w.Carriers = map[link.Channel]outbox.Carrier{link.Slack: slack}
		if mail != nil {
			w.Carriers[link.Mail] = mail
		}
	})
	b.worker.Contact = b.store.Contact
	var list []contacts.Contact
	var messages []outbox.Message
	for i := range people {
		id := fmt.Sprintf("c%04d", i)
		b.ids = append(b.ids, id)
		list = append(list, contacts.Contact{ID: id, Token: "t" + id, Email: id + "@example.org", SlackUser: "U" + id, Networks: []string{"net"}})
		m := message(id)
		m.Carrier = link.Slack
		messages = append(messages, m)
	}
	if _, err := b.store.SaveContacts(t.Context(), list); err != nil {
		t.Fatal(err)
	}
	if _, err := b.store.Enqueue(t.Context(), messages); err != nil {
		t.Fatal(err)
	}
	return b
}

// got is how many messages each recipient was brought.
func got(t *testing.T, carriers ...*carrier) map[string]int {
	t.Helper()
	n := map[string]int{}
	for _, c := range carriers {
		c.mu.Lock()
		for _, d := range c.taken {
			if d.sent {
				n[d.Recipient]++
			}
		}
		c.mu.Unlock()
	}
	return n
}

func refused() outbox.Outcome {
	return outbox.Outcome{State: outbox.Failed, ByMail: true, Reply: outbox.Reply{Class: outbox.Destination, Code: "user_disabled"}}
}

func TestByMailInstead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slack, mail := &carrier{connections: 3}, &carrier{connections: 2}
		slack.answer = func(d outbox.Delivery) outbox.Outcome {
			switch d.Recipient {
			case "c0000":
				return refused()
			case "c0001":
				return outbox.Outcome{State: outbox.Uncertain}
			}
			return outbox.Outcome{State: outbox.Sent}
		}
		b := slackBench(t, 5, chatCarrier{carrier: slack}, mail)
		b.start()
		time.Sleep(10 * time.Second)
		b.want(outbox.Sent, 4)
		b.want(outbox.Uncertain, 1)
		b.end()
		if len(mail.taken) != 1 || mail.taken[0].Recipient != "c0000" || mail.taken[0].URL == slack.taken[0].URL {
			t.Errorf("by mail: %+v", mail.taken)
		}
	})
}

// Without mail the message fails, with what was said.
func TestNoMailInstead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slack := &carrier{connections: 1, answer: func(outbox.Delivery) outbox.Outcome { return refused() }}
		b := slackBench(t, 1, chatCarrier{carrier: slack}, nil)
		b.start()
		time.Sleep(time.Minute)
		if m := b.message(0); m.State != outbox.Failed || m.Carrier != link.Slack || m.Reply.Code != "user_disabled" {
			t.Errorf("%+v", m)
		}
		b.end()
	})
}

// A wish that came after the message was queued is obeyed when it is claimed.
func TestNoWayInSlack(t *testing.T) {
	for _, mail := range []*carrier{{connections: 1}, nil} {
		synctest.Test(t, func(t *testing.T) {
			slack := &carrier{connections: 1}
			b := slackBench(t, 3, chatCarrier{carrier: slack, route: func(_ outbox.Message, who contacts.Known) (outbox.Route, bool) {
				return outbox.Route{}, !who.Standing.NoSlack
			}}, mail)
			if err := b.store.Record(t.Context(), contacts.Happening{Contact: "c0001", Event: contacts.NotInSlack}); err != nil {
				t.Fatal(err)
			}
			b.start()
			time.Sleep(time.Minute)
			if len(slack.taken) != 2 {
				t.Errorf("%d posts", len(slack.taken))
			}
			switch m := b.message(1); {
			case mail == nil && (m.State != outbox.Cancelled || m.Reason != outbox.ReasonNoAddress):
				t.Errorf("without mail: %+v", m)
			case mail != nil && (m.State != outbox.Sent || m.Carrier != link.Mail):
				t.Errorf("with mail: %+v", m)
			}
			b.end()
		})
	}
}

// TestOnePostASecond: a channel's posts keep their distance and hold up no other's.
func TestOnePostASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slack := &carrier{connections: 4}
		b := slackBench(t, 40, chatCarrier{carrier: slack, route: func(m outbox.Message, _ contacts.Known) (outbox.Route, bool) {
			if m.Recipient < "c0020" {
				return outbox.Route{Name: "C1", Every: time.Second}, true
			}
			return outbox.Route{Name: "C" + m.Recipient, Every: time.Second}, true
		}}, nil)
		begun := time.Now()
		b.start()
		time.Sleep(time.Minute)
		b.want(outbox.Sent, 40)
		b.end()
		var last time.Time
		for _, d := range slack.taken {
			switch {
			case d.Recipient >= "c0020" && d.at.Sub(begun) > time.Second:
				t.Errorf("%s waited %v for another channel", d.Recipient, d.at.Sub(begun))
			case d.Recipient < "c0020" && d.at.Sub(last) < 900*time.Millisecond:
				t.Errorf("%s follows after %v", d.Recipient, d.at.Sub(last))
			case d.Recipient < "c0020":
				last = d.at
			}
		}
	})
}

// TestBusyIsNoAlarm: who asks for less is given less for as long as they say, and nobody is called.
func TestBusyIsNoAlarm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var times []time.Time
		slack := &carrier{connections: 1, answer: func(outbox.Delivery) outbox.Outcome {
			times = append(times, time.Now())
			if len(times) == 1 {
				return outbox.Outcome{State: outbox.Retrying, Hold: true, Again: 30 * time.Second, Reply: outbox.Reply{Class: outbox.Busy}}
			}
			return outbox.Outcome{State: outbox.Sent}
		}}
		b := slackBench(t, 3, chatCarrier{carrier: slack}, nil)
		b.worker.Alert = func(a outbox.Alert) { t.Errorf("%+v", a) }
		b.start()
		time.Sleep(2 * time.Minute)
		b.want(outbox.Sent, 3)
		b.end()
		if gap := times[1].Sub(times[0]); gap < 30*time.Second || gap > 32*time.Second {
			t.Errorf("went on after %v", gap)
		}
	})
}

// TestSetupIsProbed: a fault of the installation costs no message an attempt while it lasts, is told
// once, and sending goes on by itself.
func TestSetupIsProbed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := outbox.Outcome{State: outbox.Retrying, Hold: true, Reply: outbox.Reply{Class: outbox.BadSetup, Code: "token_revoked"}}
		var mu sync.Mutex
		well, probes := false, []time.Time{}
		slack := &carrier{connections: 2, answer: func(outbox.Delivery) outbox.Outcome {
			mu.Lock()
			defer mu.Unlock()
			if well {
				return outbox.Outcome{State: outbox.Sent}
			}
			return broken
		}}
		var alerts []outbox.Alert
		b := slackBench(t, 20, chatCarrier{carrier: slack, probe: func() outbox.Outcome {
			mu.Lock()
			defer mu.Unlock()
			probes = append(probes, time.Now())
			if well {
				return outbox.Outcome{State: outbox.Sent}
			}
			return broken
		}}, nil)
		b.worker.Alert = func(a outbox.Alert) { alerts = append(alerts, a) }
		b.start()
		time.Sleep(48 * time.Hour)
		b.want(outbox.Pending, 20)
		tried := len(slack.taken)
		mu.Lock()
		if n := len(probes); n < 40 || n > 70 {
			t.Errorf("asked %d times in two days", n)
		}
		well = true
		mu.Unlock()
		time.Sleep(time.Hour + time.Minute)
		b.want(outbox.Sent, 20)
		b.end()
		if tried > 2 || len(alerts) != 2 || alerts[0].Over || !alerts[1].Over {
			t.Errorf("%d attempts while it was broken, alerts %+v", tried, alerts)
		}
	})
}

// TestManyDoubts: uncertain messages are all asked about, a few at a time, and one that cannot be
// looked up keeps none of the others waiting.
func TestManyDoubts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := map[string]bool{}
		var mu sync.Mutex
		looks := []time.Time{}
		slack := &carrier{connections: 1, answer: func(d outbox.Delivery) outbox.Outcome {
			if first[d.Recipient] {
				return outbox.Outcome{State: outbox.Sent}
			}
			first[d.Recipient] = true
			return outbox.Outcome{State: outbox.Uncertain}
		}}
		slack.look = func(d outbox.Delivery) (bool, error) {
			mu.Lock()
			defer mu.Unlock()
			looks = append(looks, time.Now())
			if d.Contact.SlackUser == "" {
				t.Error("nobody knows whose conversation to look at")
			}
			if d.Recipient < "c0008" {
				return false, errPower
			}
			return d.Recipient < "c0030", nil
		}
		b := slackBench(t, 50, chatCarrier{carrier: slack}, nil)
		b.start()
		time.Sleep(30 * time.Minute)
		b.want(outbox.Uncertain, 8)
		b.want(outbox.Sent, 42)
		b.end()
		mu.Lock()
		defer mu.Unlock()
		for i := range looks {
			n := 0
			for j := i; j < len(looks) && looks[j].Sub(looks[i]) < time.Minute; j++ {
				n++
			}
			if n > 50 {
				t.Fatalf("%d looks in a minute", n)
			}
		}
	})
}

// TestNumbersOfAllCarriers: the journal knows a claim by its number, whoever carries it.
func TestNumbersOfAllCarriers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slack, mail := &carrier{connections: 2}, &carrier{connections: 2}
		b := slackBench(t, 10, chatCarrier{carrier: slack, route: func(m outbox.Message, _ contacts.Known) (outbox.Route, bool) {
			return outbox.Route{}, m.Recipient < "c0005"
		}}, mail)
		b.start()
		time.Sleep(time.Minute)
		b.want(outbox.Sent, 10)
		b.end()
		seen := map[uint64]string{}
		for _, d := range append(slack.taken, mail.taken...) {
			if other, ok := seen[d.Mark.Seq]; ok {
				t.Errorf("%s and %s are both number %d", other, d.Recipient, d.Mark.Seq)
			}
			seen[d.Mark.Seq] = d.Recipient
		}
	})
}
