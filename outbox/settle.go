package outbox

import (
	"context"
	"slices"
	"strings"
	"time"

	"viesti/contacts"
)

// Verdict is what a person decides of an uncertain message.
type Verdict string

// The verdicts. Resend keeps the Message-ID, so that a receiver can tell a repeat.
const (
	WasSent Verdict = "sent"   // it arrived
	Resend  Verdict = "resend" // it did not: it goes again
	Drop    Verdict = "drop"   // whatever became of it, nothing more is to be done
)

// Verdicts are all verdicts.
var Verdicts = []Verdict{WasSent, Resend, Drop}

// ReasonDropped is why a message was cancelled that a person gave up.
const ReasonDropped = "dropped"

// String names a message to people and commands; the wave goes without saying.
func (k Key) String() string { return string(k.Kind) + ":" + k.Recipient }

// ParseKey reads what String wrote.
func ParseKey(s, wave string) (Key, bool) {
	kind, recipient, ok := strings.Cut(s, ":")
	k := Key{Recipient: recipient, Wave: wave, Kind: Kind(kind)}
	place, _ := k.Place()
	known := k.Kind == Invitation || k.Kind == LastCall || k.Kind == ThankYou || k.Kind.Number() > 0 || place.Staff && kind != ""
	return k, ok && known && recipient != "" && !strings.ContainsRune(recipient, 0)
}

// Settlement is what came of a verdict on each message.
type Settlement struct {
	Settled   []Key
	Unchanged []Key // no longer uncertain, or not there
}

// Settle carries out a verdict, on all messages at once and durably. A message that is not uncertain
// stays as it is, so a verdict may be given twice; but one that failed can be sent again.
func Settle(ctx context.Context, s Store, v Verdict, keys []Key, day string, now time.Time) (Settlement, error) {
	keys = slices.Compact(slices.SortedFunc(slices.Values(keys), Key.compare))
	settled := make([]bool, len(keys))
	changes := make([]Change, len(keys))
	for i, k := range keys {
		changes[i] = Change{Key: k, Day: day, Apply: func(m *Message) (e contacts.Event) {
			e, settled[i] = m.verdict(v, now)
			return e
		}}
	}
	var out Settlement
	if _, err := s.Exchange(ctx, changes, Claim{Now: now}); err != nil {
		return out, err
	}
	for i, k := range keys {
		if settled[i] {
			out.Settled = append(out.Settled, k)
		} else {
			out.Unchanged = append(out.Unchanged, k)
		}
	}
	return out, nil
}

func (k Key) compare(other Key) int {
	return slices.Compare([]string{k.Recipient, k.Wave, string(k.Kind)}, []string{other.Recipient, other.Wave, string(other.Kind)})
}

func (m *Message) verdict(v Verdict, now time.Time) (e contacts.Event, settled bool) {
	if m.State != Uncertain && (m.State != Failed || v != Resend) {
		return "", false
	}
	m.Settled = now
	switch v {
	case WasSent:
		m.State, e = Sent, contacts.Accepted
	case Resend:
		m.State, m.Due, m.Tried = Pending, now, time.Time{}
	default:
		m.State, m.Reason = Cancelled, ReasonDropped
	}
	return e, true
}
