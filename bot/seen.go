package bot

import (
	"sync"
	"time"
)

// seen remembers what has come in, so that a repeated delivery, or a signed request that somebody
// sends again, is taken once. Slack repeats within six minutes, signatures hold for five.
type seen struct {
	now func() time.Time

	mu      sync.Mutex
	young   map[string]struct{} // since turned
	old     map[string]struct{} // of the span before
	turned  time.Time
	maximum int
}

// Each key is remembered for one to two spans, and no more than two maxima of them at a time.
const (
	seenSpan    = 10 * time.Minute
	seenMaximum = 20_000
)

func newSeen(now func() time.Time) *seen {
	return &seen{now: now, young: map[string]struct{}{}, maximum: seenMaximum}
}

// before tells whether the key was given before, and remembers it. An empty key never was.
func (s *seen) before(kind Kind, key string) bool {
	if key == "" {
		return false
	}
	key = string(kind) + " " + key
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := s.now(); now.Sub(s.turned) >= seenSpan || len(s.young) >= s.maximum {
		if now.Sub(s.turned) >= 2*seenSpan {
			s.young = nil
		}
		s.old, s.young, s.turned = s.young, map[string]struct{}{}, now
	}
	_, young := s.young[key]
	_, old := s.old[key]
	s.young[key] = struct{}{}
	return young || old
}
