package campaign

import (
	"hash/fnv"
	"time"

	"viesti/outbox"
)

// own is a message's own moment of the hour. All messages that are due at one time leave at theirs,
// over an hour, so that neither relays nor people get them at once. It depends on the recipient and
// the kind alone: a plan, and the sending after any number of restarts, agree on it.
func own(recipient string, kind outbox.Kind) time.Duration {
	h := fnv.New64a()
	name := append(make([]byte, 0, 64), recipient...) // no memory to clear for each of millions
	_, _ = h.Write(append(append(name, 0), kind...))
	x := h.Sum64()
	x ^= x >> 33 // FNV leaves the low bits of short texts alike
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	return time.Duration(x%3600) * time.Second
}

// slot is the first moment from due on at which the rules let a message go, and the moment at which
// it leaves: the first one of its own.
func (w *Wave) slot(recipient string, kind outbox.Kind, due time.Time) (at, leaves time.Time) {
	at = w.Rules.allowed(due, w.Zone)
	if w.Rules.brisk() {
		return at, at
	}
	leaves = at
	for range 3 { // the hours of a day are whole, so the next opening has the moment
		hour := leaves.Truncate(time.Hour).Add(own(recipient, kind))
		if hour.Before(leaves) {
			hour = hour.Add(time.Hour)
		}
		if leaves = w.Rules.allowed(hour, w.Zone); leaves.Equal(hour) {
			break
		}
	}
	return at, leaves
}
