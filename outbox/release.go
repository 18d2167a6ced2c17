package outbox

import (
	"context"
	"time"

	"viesti/contacts"
)

// Release lets go what was cancelled because a contact was paused: it is due again now. The rules
// of a claim hold for it as for any other message. Doing it twice changes nothing.
func Release(ctx context.Context, s Store, contact, wave string, now time.Time) (released int, err error) {
	var keys []Key
	err = s.Messages(ctx, Query{Wave: wave, Recipients: []string{contact}, States: []State{Cancelled}}, func(m Message) error {
		keys = append(keys, m.Key)
		return nil
	})
	if err != nil {
		return 0, err
	}
	done := make([]bool, len(keys)) // a change may run twice
	changes := make([]Change, len(keys))
	for i, k := range keys {
		changes[i] = Change{Key: k, Apply: func(m *Message) contacts.Event {
			done[i] = m.State == Cancelled && m.Reason == ReasonPaused
			if done[i] {
				m.State, m.Reason, m.Due = Pending, "", now
			}
			return ""
		}}
	}
	if _, err := s.Exchange(ctx, changes, Claim{Now: now}); err != nil {
		return 0, err
	}
	for _, yes := range done {
		if yes {
			released++
		}
	}
	return released, nil
}
