package outbox

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// scribe writes what connections tell it into the journal, all that waits at a time, and hands
// results on to the loop once they are durable.
type scribe struct {
	journal Journal
	log     *slog.Logger
	now     func() time.Time
	in      chan result
	out     chan []result

	awaited atomic.Int64  // gates passed and no result yet
	cost    time.Duration // of a write, running mean
	gaveUp  bool          // from then on nothing is durable any more, and no gate opens

	mu     sync.Mutex
	forget []uint64 // results that have reached the store
}

// run ends with in. What cannot be written is tried again until patience ends; it then goes to the
// store all the same.
func (s *scribe) run(patience context.Context) {
	defer close(s.out)
	for first := range s.in {
		s.came(first)
		batch := s.gather(first)
		if s.write(patience, batch) {
			for _, r := range batch {
				close(r.noted)
			}
		}
		s.hand(batch)
	}
}

// gather takes all that waits, and for as long as a write takes also waits for replies that are on
// their way: one write for ten connections is better than three for each third of them.
func (s *scribe) gather(first result) []result {
	batch := []result{first}
	patience := time.NewTimer(s.cost)
	defer patience.Stop()
	for s.awaited.Load() > 0 {
		select {
		case r, open := <-s.in:
			if !open {
				return batch
			}
			s.came(r)
			batch = append(batch, r)
		case <-patience.C:
			return batch
		}
	}
	for {
		select {
		case r, open := <-s.in:
			if !open {
				return batch
			}
			s.came(r)
			batch = append(batch, r)
		default:
			return batch
		}
	}
}

func (s *scribe) came(r result) {
	if r.passed {
		s.awaited.Add(-1)
	}
}

func (s *scribe) write(patience context.Context, batch []result) bool {
	if s.gaveUp {
		return false
	}
	notes := make([]Note, len(batch))
	for i, r := range batch {
		notes[i] = Note{Lane: r.lane.name, Seq: r.delivery.Mark.Seq, Relay: r.relay, Outcome: r.outcome}
	}
	forget := s.applied()
	for told := false; ; {
		begun := s.now()
		err := s.journal.Write(context.WithoutCancel(patience), notes, forget)
		if err == nil {
			s.cost += (s.now().Sub(begun) - s.cost) / 8
			return true
		}
		if !told {
			s.log.Error("results cannot be written down; sending waits", "err", err)
			told = true
		}
		select {
		case <-patience.Done():
			s.gaveUp = true
			return false
		case <-time.After(time.Second):
		}
	}
}

// hand gives the loop the results, without the notes that are none.
func (s *scribe) hand(batch []result) {
	kept := batch[:0]
	for _, r := range batch {
		if r.relay == "" {
			kept = append(kept, r)
		}
	}
	if len(kept) > 0 {
		s.out <- kept
	}
}

// reached tells that results are in the store, so that the journal need not keep them.
func (s *scribe) reached(seqs []uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget = append(s.forget, seqs...)
}

func (s *scribe) applied() []uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.forget
	s.forget = nil
	return list
}
