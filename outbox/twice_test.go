package outbox_test

import (
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"viesti/link"
	"viesti/outbox"
)

// storm is a workspace in which anything may go wrong with a post.
type storm struct {
	t    *testing.T
	seed uint64

	mu    sync.Mutex
	dice  *rand.Rand
	there map[string]bool // who has a post, whatever was answered
}

func (s *storm) roll(n int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dice.IntN(n)
}

// answer is what comes of a post.
func (s *storm) answer(d outbox.Delivery) outbox.Outcome {
	time.Sleep(time.Duration(s.roll(300)) * time.Millisecond)
	switch s.roll(12) {
	case 0: // dropped before it was taken
		return outbox.Outcome{State: outbox.Uncertain}
	case 1, 2: // dropped after
		s.take(d.Recipient)
		return outbox.Outcome{State: outbox.Uncertain}
	case 3:
		return refused()
	case 4:
		return outbox.Outcome{State: outbox.Retrying, Hold: true, Again: time.Second, Reply: outbox.Reply{Class: outbox.Busy}}
	case 5:
		return outbox.Outcome{State: outbox.Retrying, Reply: outbox.Reply{Class: outbox.Transient}}
	case 6:
		return outbox.Outcome{State: outbox.Retrying, Hold: true, Reply: outbox.Reply{Class: outbox.BadSetup}}
	}
	s.take(d.Recipient)
	return outbox.Outcome{State: outbox.Sent}
}

func (s *storm) take(recipient string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.there[recipient] {
		s.t.Errorf("seed %d: %s gets a second post", s.seed, recipient)
	}
	s.there[recipient] = true
}

// look finds what was taken, if it may be asked just then.
func (s *storm) look(d outbox.Delivery) (bool, error) {
	if s.roll(5) == 0 {
		return false, errPower
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.there[d.Recipient], nil
}

// judge holds what became of a message against who was reached.
func (s *storm) judge(m outbox.Message, byMail int) {
	n := byMail
	if s.there[m.Recipient] {
		n++
	}
	switch {
	case n > 1:
		s.t.Errorf("seed %d: %s was reached %d times", s.seed, m.Recipient, n)
	case m.State == outbox.Sent && n != 1, m.State == outbox.Failed && n != 0:
		s.t.Errorf("seed %d: %s is %s and was reached %d times", s.seed, m.Recipient, m.State, n)
	case m.State != outbox.Sent && m.State != outbox.Failed && m.State != outbox.Uncertain:
		s.t.Errorf("seed %d: %s is left %s", s.seed, m.Recipient, m.State)
	case m.State == outbox.Uncertain && m.Carrier == link.Slack:
		s.t.Errorf("seed %d: %s is uncertain though Slack can be asked", s.seed, m.Recipient)
	}
}

// TestNobodyGetsTwo lives through random faults of Slack and cuts of power, with mail as the way out:
// whoever is counted as reached got one message, nobody two, and who got none is listed.
func TestNobodyGetsTwo(t *testing.T) {
	const people = 60
	for seed := range uint64(4) {
		synctest.Test(t, func(t *testing.T) {
			s := &storm{t: t, seed: seed, dice: rand.New(rand.NewPCG(seed, 5)), there: map[string]bool{}}
			mail := &carrier{connections: 2}
			b := slackBench(t, people, chatCarrier{carrier: &carrier{connections: 4, answer: s.answer, look: s.look}}, mail)
			store, notes := b.store, b.worker.Journal
			for range 6 {
				p := &power{left: 3 + s.roll(20)}
				b.worker = again(b.worker, failingStore{store, p}, failingJournal{notes, p})
				b.worker.Contact, b.worker.Grace = store.Contact, time.Second
				b.dies(time.Duration(1+s.roll(20_000)) * time.Millisecond)
			}
			b.worker = again(b.worker, store, notes)
			b.worker.Contact = store.Contact
			b.start()
			time.Sleep(4 * 24 * time.Hour)
			byMail := got(t, mail)
			for i := range people {
				m := b.message(i)
				s.judge(m, byMail[m.Recipient])
			}
			b.end()
		})
	}
}
