package outbox

import (
	"cmp"
	"context"
	"encoding/hex"
	"io"
	"slices"
	"time"

	"viesti/contacts"
	"viesti/link"
)

// claim is a request for messages. Its Decide may run twice for a message within one request, so
// what it draws (a Message-ID, a mark, a slot of a destination) it remembers.
func (l *loop) claim(now time.Time, limit int) Claim {
	ids, slots, marks, claimed := map[Key]string{}, map[Key]time.Time{}, map[Key]Mark{}, map[*destination]int{}
	held := make([]int, len(l.lanes))
	for i, own := range l.lanes {
		held[i] = own.held
	}
	return Claim{Carrier: l.channel, Now: now, Limit: limit, Decide: func(m *Message, who contacts.Known, n contacts.Network) bool {
		if reason := l.refuse(m, who, n, now); reason != "" {
			m.cancel(reason, now)
			return false
		}
		if m.Carrier != l.channel {
			return false
		}
		slot, ok := slots[m.Key]
		if !ok {
			slot = now
			if _, to := l.to(*m, m.Addressee(who.Contact, n), n); to != nil {
				slot = l.destinations.slot(m.Key, to, claimed[to], now)
				if !slot.After(now) {
					claimed[to]++
				}
			}
			slots[m.Key] = slot
		}
		if slot.After(now) {
			m.Due = slot
			return false
		}
		if _, ok := ids[m.Key]; !ok {
			ids[m.Key], marks[m.Key] = l.w.messageID(), l.mark(held)
		}
		m.claim(ids[m.Key], marks[m.Key], now)
		return true
	}}
}

// refuse is why a message that is due must not go out after all. One that the carrier has no way
// to send goes by mail instead.
func (l *loop) refuse(m *Message, who contacts.Known, n contacts.Network, now time.Time) string {
	if reason := m.unwanted(l.w.Wave, who, n, now); reason != "" {
		return reason
	}
	r, ok := l.carrier.(Router)
	if !ok {
		return ""
	}
	if _, ok := r.Route(*m, who, n); ok {
		return ""
	}
	if l.w.Carriers[link.Mail] == nil || who.Email == "" {
		return ReasonNoAddress
	}
	m.byMail(now)
	l.moved = true
	return ""
}

// mark is the next number, on the lane that holds least.
func (l *loop) mark(held []int) Mark {
	least := 0
	for i, n := range held {
		if n < held[least] {
			least = i
		}
	}
	held[least]++
	return Mark{Run: l.w.run, Lane: l.lanes[least].name, Seq: l.w.seq.Add(1)}
}

// dispatch hands claimed messages to their connections, in the order of their numbers.
func (l *loop) dispatch(ctx context.Context, deliveries []Delivery) {
	slices.SortFunc(deliveries, func(a, b Delivery) int { return cmp.Compare(a.Mark.Seq, b.Mark.Seq) })
	lanes := map[string]*lane{}
	for _, own := range l.lanes {
		lanes[own.name] = own
	}
	for _, d := range deliveries {
		var err error
		d.Contact = d.Addressee(d.Contact, d.Network)
		d.URL, d.Onward, err = l.url(ctx, d.Message)
		if err != nil {
			l.w.Log.Error("link cannot be made", "network", d.Message.Network, "err", err)
		}
		own := lanes[d.Mark.Lane]
		own.held++
		if _, to := l.to(d.Message, d.Contact, d.Network); to != nil {
			to.out++
		}
		own.jobs <- job{Delivery: d, broken: err != nil}
	}
}

// addresses are the links that a message carries.
type addresses struct{ own, onward string }

// url is the link that a message carries, and that with which it is passed on; they never change. A message to those who run the survey carries none.
func (l *loop) url(ctx context.Context, m Message) (own, onward string, err error) {
	place, _ := m.Place()
	if place.Staff {
		return "", "", nil
	}
	key := Shared(m.Network, place.To)
	known, ok := l.urls[key]
	if !ok {
		if known, err = l.make(context.WithoutCancel(ctx), m.Network, place.To); err != nil {
			return "", "", err
		}
		if l.urls == nil {
			l.urls = map[string]addresses{}
		}
		l.urls[key] = known
	}
	return known.own, known.onward, nil
}

func (l *loop) make(ctx context.Context, network, channel string) (a addresses, err error) {
	var found, onward link.Link
	if channel != "" {
		found, err = l.w.Links.Share(ctx, network, channel)
	} else {
		found, err = l.w.Links.Ensure(ctx, link.Key{Network: network, Channel: l.channel})
	}
	if err != nil {
		return a, err
	}
	if onward, err = l.w.Links.PassOn(ctx, found.Token); err != nil {
		return a, err
	}
	return addresses{own: l.w.Links.URL(found), onward: l.w.Links.URL(onward)}, nil
}

func (w *Worker) messageID() string {
	var b [12]byte
	if _, err := io.ReadFull(w.Rand, b[:]); err != nil {
		panic("outbox: no randomness: " + err.Error()) // crypto/rand never fails
	}
	return w.MessageID(hex.EncodeToString(b[:]))
}
