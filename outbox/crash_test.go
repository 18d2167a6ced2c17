package outbox_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"viesti/contacts"
	"viesti/link"
	"viesti/outbox"
	"viesti/store/bolt"
	"viesti/store/journal"
)

var errPower = errors.New("the power is gone")

// power is a disk that takes so many writes and then nothing any more.
type power struct {
	mu   sync.Mutex
	left int
}

func (p *power) on() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left--
	return p.left >= 0
}

type failingStore struct {
	*bolt.Store
	*power
}

func (s failingStore) Exchange(ctx context.Context, changes []outbox.Change, claim outbox.Claim) ([]outbox.Delivery, error) {
	if !s.on() {
		return nil, errPower
	}
	return s.Store.Exchange(ctx, changes, claim)
}

type failingJournal struct {
	outbox.Journal
	*power
}

func (j failingJournal) Write(ctx context.Context, notes []outbox.Note, forget []uint64) error {
	if !j.on() {
		return errPower
	}
	return j.Journal.Write(ctx, notes, forget)
}

// TestPowerCut ends the disk's life at a random write, again and again, while letters leave at
// random speeds and some are deferred: nobody gets two, who got none is listed, and no connection
// has more than one such letter for each cut.
func TestPowerCut(t *testing.T) {
	const people, connections = 200, 3
	for seed := range uint64(5) {
		synctest.Test(t, func(t *testing.T) {
			dice := rand.New(rand.NewPCG(seed, 0))
			var mu sync.Mutex
			c := &carrier{connections: connections}
			c.answer = func(d outbox.Delivery) outbox.Outcome {
				mu.Lock()
				took, deferred := time.Duration(dice.IntN(20))*time.Millisecond, dice.IntN(10) == 0
				mu.Unlock()
				time.Sleep(took)
				if deferred && d.Attempt == 1 {
					return outbox.Outcome{State: outbox.Retrying, Reply: outbox.Reply{Class: outbox.Transient, Code: "450"}}
				}
				return outbox.Outcome{State: outbox.Sent}
			}
			b := newBench(t, people, c, nil)
			store, notes := b.store, b.worker.Journal
			cuts := 0
			for ; b.states()[outbox.Pending] > 0 && cuts < 40; cuts++ {
				p := &power{left: 3 + dice.IntN(12)}
				b.worker = again(b.worker, failingStore{store, p}, failingJournal{notes, p})
				b.worker.Grace = time.Second
				b.dies(time.Duration(1+dice.IntN(2000)) * time.Millisecond)
			}
			b.worker = again(b.worker, store, notes)
			b.start()
			time.Sleep(24 * time.Hour)
			if n := b.states()[outbox.Uncertain]; n > connections*cuts {
				t.Errorf("seed %d: %d letters are uncertain after %d cuts of %d connections", seed, n, cuts, connections)
			}
			b.arrived(c)
			b.end()
		})
	}
}

// again is a worker of the next process.
func again(w *outbox.Worker, store outbox.Store, notes outbox.Journal) *outbox.Worker {
	return &outbox.Worker{
		Store: store, Journal: notes, Networks: w.Networks, Links: w.Links, Carriers: w.Carriers, Wave: w.Wave,
		MessageID: w.MessageID, Now: w.Now, Rand: w.Rand, Log: w.Log, Grace: time.Minute,
	}
}

// dies runs the worker for a while on a disk that fails.
func (b *bench) dies(after time.Duration) {
	b.start()
	time.Sleep(after)
	b.stop()
	b.stop = nil
}

// arrived compares what the carrier accepted with what the outbox believes.
func (b *bench) arrived(c *carrier) {
	b.t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	got := map[string]int{}
	for _, d := range c.taken {
		if d.sent {
			got[d.Recipient]++
		}
	}
	err := b.store.Messages(context.Background(), outbox.Query{}, func(m outbox.Message) error {
		switch n := got[m.Recipient]; {
		case n > 1:
			b.t.Errorf("%s was sent %d letters", m.Recipient, n)
		case m.State == outbox.Sent && n != 1:
			b.t.Errorf("%s is counted as sent and got %d", m.Recipient, n)
		case m.State == outbox.Uncertain && m.Reply.Relay != "relay":
			b.t.Errorf("nobody knows which relay may have taken the letter to %s", m.Recipient)
		case m.State != outbox.Sent && m.State != outbox.Uncertain:
			b.t.Errorf("%s is left %s", m.Recipient, m.State)
		}
		return nil
	})
	if err != nil {
		b.t.Error(err)
	}
}

// TestWhatACrashLeaves: each way in which a claim may be found again.
func TestWhatACrashLeaves(t *testing.T) {
	mark := func(lane string, seq uint64) outbox.Mark { return outbox.Mark{Run: "run", Lane: lane, Seq: seq} }
	sent := outbox.Outcome{State: outbox.Sent, Reply: outbox.Reply{Code: "250"}}
	for _, test := range []struct {
		name string
		run  string
		mark []outbox.Mark
		note []outbox.Note
		want []outbox.State
	}{
		{
			"the first without a result is in doubt, later ones have not left", "run",
			[]outbox.Mark{mark("a", 1), mark("a", 3), mark("a", 4), mark("b", 2), mark("b", 5)},
			[]outbox.Note{{Lane: "a", Relay: "r"}, {Lane: "b", Relay: "r"}, {Lane: "a", Seq: 1, Outcome: sent}},
			[]outbox.State{outbox.Sent, outbox.Uncertain, outbox.Pending, outbox.Uncertain, outbox.Pending},
		},
		{
			"a connection that never passed a gate has no doubts", "run",
			[]outbox.Mark{mark("a", 1), mark("a", 2), mark("b", 3)},
			[]outbox.Note{{Lane: "b", Relay: "r"}},
			[]outbox.State{outbox.Pending, outbox.Pending, outbox.Uncertain},
		},
		{
			"all results known", "run",
			[]outbox.Mark{mark("a", 1), mark("a", 2)},
			[]outbox.Note{{Lane: "a", Relay: "r"}, {Seq: 2, Outcome: outbox.Outcome{State: outbox.Failed}}, {Seq: 1, Outcome: sent}},
			[]outbox.State{outbox.Sent, outbox.Failed},
		},
		{
			"a journal of another run says nothing", "other",
			[]outbox.Mark{mark("a", 1), mark("a", 2)},
			[]outbox.Note{{Lane: "a", Relay: "r"}, {Seq: 1, Outcome: sent}},
			[]outbox.State{outbox.Uncertain, outbox.Uncertain},
		},
		{"no journal", "", []outbox.Mark{mark("a", 1), mark("a", 2)}, nil, []outbox.State{outbox.Uncertain, outbox.Uncertain}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, len(test.mark), &carrier{connections: 1}, nil)
				if err := b.store.SetPaused(t.Context(), true); err != nil {
					t.Fatal(err)
				}
				b.leave(test.mark)
				if test.run != "" {
					if err := errors.Join(b.worker.Journal.Begin(t.Context(), test.run), b.worker.Journal.Write(t.Context(), test.note, nil)); err != nil {
						t.Fatal(err)
					}
				}
				b.start()
				time.Sleep(time.Second)
				for i, want := range test.want {
					if got := b.message(i).State; got != want {
						t.Errorf("message %d is %s, want %s", i, got, want)
					}
				}
				b.end()
			})
		})
	}
}

// leave claims all messages as marked.
func (b *bench) leave(marks []outbox.Mark) {
	b.t.Helper()
	i := 0
	_, err := b.store.Exchange(context.Background(), nil, outbox.Claim{
		Carrier: link.Mail, Now: time.Now(), Limit: len(marks),
		Decide: func(m *outbox.Message, _ contacts.Known, _ contacts.Network) bool {
			m.State, m.Mark, m.Attempt, m.Claimed = outbox.Sending, marks[i], 1, time.Now()
			i++
			return true
		},
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) message(i int) (found outbox.Message) {
	b.t.Helper()
	err := b.store.Messages(context.Background(), outbox.Query{Recipients: []string{b.ids[i]}}, func(m outbox.Message) error {
		found = m
		return nil
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return found
}

// put gives the only message a state.
func (b *bench) put(state outbox.State) {
	b.t.Helper()
	_, err := b.store.Exchange(context.Background(), []outbox.Change{{Key: b.message(0).Key, Apply: func(m *outbox.Message) contacts.Event {
		m.State = state
		return ""
	}}}, outbox.Claim{})
	if err != nil {
		b.t.Fatal(err)
	}
}

// TestLostJournal: without the journal everything that was claimed is uncertain, never sent again.
func TestLostJournal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &carrier{connections: 2}
		b := newBench(t, 20, c, nil)
		p := &power{left: 4}
		b.worker = again(b.worker, failingStore{b.store, p}, failingJournal{b.worker.Journal, p})
		b.dies(time.Minute)
		claimed := b.states()[outbox.Sending]
		notes := journal.New(filepath.Join(t.TempDir(), "another"))
		defer notes.Close()
		b.worker = again(b.worker, b.store, notes)
		b.start()
		time.Sleep(time.Hour)
		b.want(outbox.Uncertain, claimed)
		b.end()
	})
}
