package outbox_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/link"
	"viesti/outbox"
	"viesti/store/bolt"
	"viesti/store/journal"
)

// carrier is a carrier whose answers the test decides.
type carrier struct {
	connections int
	answer      func(d outbox.Delivery) outbox.Outcome
	look        func(d outbox.Delivery) (bool, error)

	mu    sync.Mutex
	taken []taken
}

type taken struct {
	outbox.Delivery
	at   time.Time
	sent bool
}

func (c *carrier) Connections() int      { return c.connections }
func (c *carrier) Sender() outbox.Sender { return c }
func (c *carrier) Close() error          { return nil }

func (c *carrier) Send(ctx context.Context, d outbox.Delivery, gate outbox.Gate) outbox.Outcome {
	if err := gate.Pass(ctx, "relay"); err != nil {
		return outbox.Outcome{State: outbox.Retrying}
	}
	at, outcome := time.Now(), outbox.Outcome{State: outbox.Sent}
	if c.answer != nil {
		outcome = c.answer(d)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.taken = append(c.taken, taken{d, at, outcome.State == outbox.Sent})
	return outcome
}

type lookingCarrier struct{ *carrier }

func (c lookingCarrier) Look(_ context.Context, d outbox.Delivery) (bool, outbox.Reply, error) {
	found, err := c.look(d)
	return found, outbox.Reply{}, err
}

// bench is an outbox with contacts in it, inside a bubble of fake time.
type bench struct {
	t      *testing.T
	store  *bolt.Store
	worker *outbox.Worker
	stop   func()
	ids    []string
}

func newBench(t *testing.T, people int, c outbox.Carrier, change func(*outbox.Worker)) *bench {
	t.Helper()
	ctx := t.Context()
	store, err := bolt.Open(ctx, bolt.Options{Path: filepath.Join(t.TempDir(), "viesti.db")})
	if err != nil {
		t.Fatal(err)
	}
	notes := journal.New(filepath.Join(t.TempDir(), "journal"))
	t.Cleanup(func() { _ = notes.Close() })
	b := &bench{t: t, store: store}
	if _, err := store.SaveNetworks(ctx, []contacts.Network{{ID: "net", Name: i18n.Text{i18n.Fi: "Verkko"}, Region: "national"}}); err != nil {
		t.Fatal(err)
	}
	var list []contacts.Contact
	var messages []outbox.Message
	for i := range people {
		id := fmt.Sprintf("c%04d", i)
		b.ids = append(b.ids, id)
		list = append(list, contacts.Contact{
			ID: id, Token: "t" + id, Email: fmt.Sprintf("p%d@d%d.example.org", i, i%2), Networks: []string{"net"},
		})
		messages = append(messages, message(id))
	}
	if _, err := store.SaveContacts(ctx, list); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Enqueue(ctx, messages); err != nil {
		t.Fatal(err)
	}
	b.worker = &outbox.Worker{
		Store: store, Journal: notes, Networks: store.Networks, Links: &link.Links{Store: store, Rand: rand.Reader, BaseURL: "https://b.example.org"},
		Carriers: map[link.Channel]outbox.Carrier{link.Mail: c},
		Wave:     outbox.Wave{ID: "w", Closes: time.Now().Add(1000 * time.Hour), Zone: time.UTC},
		MessageID: func(random string) string {
			return random + "@example.org"
		},
		Now: time.Now, Rand: rand.Reader, Log: slog.New(slog.DiscardHandler), Grace: time.Minute,
	}
	if change != nil {
		change(b.worker)
	}
	return b
}

func message(id string) outbox.Message {
	return outbox.Message{
		Key: outbox.Key{Recipient: id, Wave: "w", Kind: outbox.Invitation}, Network: "net", Carrier: link.Mail,
		State: outbox.Pending, Due: time.Now(), Queued: time.Now(),
	}
}

// start runs the worker; the test's end stops it and checks the store.
func (b *bench) start() {
	ctx, cancel := context.WithCancel(b.t.Context())
	done := make(chan error, 1)
	go func() { done <- b.worker.Run(ctx) }()
	b.stop = func() {
		cancel()
		if err := <-done; err != nil {
			b.t.Error(err)
		}
	}
}

func (b *bench) end() {
	b.t.Helper()
	if b.stop != nil {
		b.stop()
	}
	if err := b.store.Check(context.Background()); err != nil {
		b.t.Error(err)
	}
	if err := b.store.Close(); err != nil {
		b.t.Error(err)
	}
}

func (b *bench) states() map[outbox.State]int {
	b.t.Helper()
	counts, err := b.store.Counts(context.Background(), "w")
	if err != nil {
		b.t.Fatal(err)
	}
	states := map[outbox.State]int{}
	for _, c := range counts {
		states[c.State] += int(c.N)
	}
	return states
}

func (b *bench) want(state outbox.State, n int) {
	b.t.Helper()
	if got := b.states(); got[state] != n {
		b.t.Errorf("%d messages are %s, want %d (%v)", got[state], state, n, got)
	}
}

func TestEverybodyGetsOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &carrier{connections: 7}
		b := newBench(t, 200, c, nil)
		b.start()
		time.Sleep(time.Second)
		b.want(outbox.Sent, 200)
		b.end()
		seen := map[string]bool{}
		for _, d := range c.taken {
			if seen[d.Recipient] || d.URL == "" || d.MessageID == "" || d.Contact.Email == "" {
				t.Fatalf("twice, or incomplete: %+v", d)
			}
			seen[d.Recipient] = true
		}
	})
}

func TestPaceBoundsEveryWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &carrier{connections: 5}
		b := newBench(t, 100, c, func(w *outbox.Worker) { w.PerMinute = 30 })
		b.start()
		time.Sleep(10 * time.Minute)
		b.want(outbox.Sent, 100)
		b.end()
		window(t, c.taken, 30)
		if took := c.taken[99].at.Sub(c.taken[0].at); took > 4*time.Minute {
			t.Errorf("100 letters at 30 a minute took %v", took)
		}
	})
}

func window(t *testing.T, list []taken, most int) {
	t.Helper()
	slices.SortFunc(list, func(a, b taken) int { return a.at.Compare(b.at) })
	for i := range list {
		n := 0
		for j := i; j < len(list) && list[j].at.Sub(list[i].at) < time.Minute; j++ {
			n++
		}
		if n > most {
			t.Fatalf("%d letters in the minute after %v", n, list[i].at)
		}
	}
}

func TestDomainPaceHoldsNobodyElseUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &carrier{connections: 5}
		b := newBench(t, 40, c, func(w *outbox.Worker) { w.PerDomainPerMinute = 10 })
		b.start()
		time.Sleep(5 * time.Minute)
		b.want(outbox.Sent, 40)
		b.end()
		for _, domain := range []string{"d0.example.org", "d1.example.org"} {
			var own []taken
			for _, d := range c.taken {
				if contacts.Domain(d.Contact.Email) == domain {
					own = append(own, d)
				}
			}
			window(t, own, 10)
		}
	})
}

func TestTransientIsTriedAgainLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &carrier{connections: 2}
		c.answer = func(d outbox.Delivery) outbox.Outcome {
			if d.Attempt < 3 {
				return outbox.Outcome{State: outbox.Retrying, Reply: outbox.Reply{Class: outbox.Transient, Code: "450"}}
			}
			return outbox.Outcome{State: outbox.Sent}
		}
		b := newBench(t, 5, c, nil)
		b.start()
		time.Sleep(29 * time.Second)
		b.want(outbox.Retrying, 5)
		time.Sleep(3 * time.Minute)
		b.want(outbox.Sent, 5)
		b.end()
		ids := map[string]string{}
		for _, d := range c.taken {
			if was, ok := ids[d.Recipient]; ok && was != d.MessageID {
				t.Error("another attempt has another Message-ID")
			}
			ids[d.Recipient] = d.MessageID
		}
	})
}

func TestOurOwnFaultBlamesNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var well atomic.Bool
		c := &carrier{connections: 4}
		c.answer = func(outbox.Delivery) outbox.Outcome {
			if !well.Load() {
				return outbox.Outcome{State: outbox.Retrying, Hold: true, Reply: outbox.Reply{Class: outbox.RelayDown}}
			}
			return outbox.Outcome{State: outbox.Sent}
		}
		b := newBench(t, 50, c, nil)
		b.start()
		time.Sleep(10 * time.Minute)
		b.want(outbox.Pending, 50)
		if n := len(c.taken); n > 30 {
			t.Errorf("a relay that is down was tried %d times in ten minutes", n)
		}
		if h := b.worker.Health()[link.Mail]; h.OK || h.Reply.Class != outbox.RelayDown {
			t.Errorf("health: %+v", h)
		}
		well.Store(true)
		time.Sleep(2 * time.Minute)
		b.want(outbox.Sent, 50)
		if h := b.worker.Health()[link.Mail]; !h.OK {
			t.Errorf("health: %+v", h)
		}
		b.end()
	})
}

func TestOptOutSilencesWhatIsQueued(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &carrier{connections: 1}
		b := newBench(t, 4, c, nil)
		for i, e := range []contacts.Event{contacts.OptOut, contacts.SaidAnswered, contacts.HardBounce, contacts.Erase} {
			if err := b.store.Record(t.Context(), contacts.Happening{Contact: b.ids[i], Event: e, Wave: "w", Day: "2000-01-01"}); err != nil {
				t.Fatal(err)
			}
		}
		b.start()
		time.Sleep(time.Minute)
		b.want(outbox.Cancelled, 4)
		b.end()
		if len(c.taken) != 0 {
			t.Errorf("%d letters left", len(c.taken))
		}
	})
}

func TestPauseStopsAndResumeGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &carrier{connections: 1}
		b := newBench(t, 3, c, nil)
		if err := b.store.SetPaused(t.Context(), true); err != nil {
			t.Fatal(err)
		}
		b.start()
		time.Sleep(time.Hour)
		b.want(outbox.Pending, 3)
		if err := b.store.SetPaused(t.Context(), false); err != nil {
			t.Fatal(err)
		}
		b.worker.Wake()
		time.Sleep(time.Second)
		b.want(outbox.Sent, 3)
		b.end()
	})
}

func TestWhatWasInFlightBecomesUncertain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &carrier{connections: 1}
		b := newBench(t, 2, c, nil)
		_, err := b.store.Exchange(t.Context(), nil, outbox.Claim{
			Carrier: link.Mail, Now: time.Now(), Limit: 1,
			Decide: func(m *outbox.Message, _ contacts.Known, _ contacts.Network) bool {
				m.State = outbox.Sending
				return true
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		b.start()
		time.Sleep(time.Hour)
		b.want(outbox.Uncertain, 1)
		b.want(outbox.Sent, 1)
		b.end()
	})
}

func TestACarrierThatCanBeAskedIsAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &carrier{connections: 1}
		first := map[string]bool{}
		c.answer = func(d outbox.Delivery) outbox.Outcome {
			if first[d.Recipient] {
				return outbox.Outcome{State: outbox.Sent}
			}
			first[d.Recipient] = true
			return outbox.Outcome{State: outbox.Uncertain}
		}
		c.look = func(d outbox.Delivery) (bool, error) { return d.Recipient == "c0000", nil }
		b := newBench(t, 2, lookingCarrier{c}, nil)
		b.start()
		time.Sleep(5 * time.Minute)
		b.want(outbox.Sent, 2)
		b.end()
		if len(c.taken) != 3 { // one had arrived, the other had not and went again
			t.Errorf("%d attempts", len(c.taken))
		}
	})
}

func TestStoppingFinishesWhatIsInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &carrier{connections: 3}
		c.answer = func(outbox.Delivery) outbox.Outcome {
			time.Sleep(20 * time.Second)
			return outbox.Outcome{State: outbox.Sent}
		}
		b := newBench(t, 10, c, nil)
		b.start()
		time.Sleep(time.Second)
		b.stop()
		b.stop = nil
		b.want(outbox.Sent, 3)
		b.want(outbox.Pending, 7)
		b.end()
	})
}
