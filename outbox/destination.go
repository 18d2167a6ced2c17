package outbox

import (
	"slices"
	"strings"
	"time"

	"viesti/contacts"
)

// Route is the way to a destination: where messages go that keep a distance from each other, and that rests as a whole
// when it takes no more: a recipient's domain, a Slack channel.
type Route struct {
	Name  string        // empty: the message keeps no distance from any other
	Every time.Duration // between two messages; 0: no distance
}

// Router is a carrier whose destinations are no recipient domains, and which has a pace of its own.
type Router interface {
	PerMinute() int
	// Route is where a message goes; ok is false when the carrier has no way to the
	// recipient. It is pure.
	Route(m Message, who contacts.Known, n contacts.Network) (to Route, ok bool)
}

// destination is how one fares: its slots, and its rest after it asked for less or refused us.
type destination struct {
	every    time.Duration
	next     time.Time // its first free slot
	refusals int       // in a row
	since    time.Time // of the first of them
	until    time.Time // it rests
	reply    Reply
	ours     bool      // the fault is ours to mend
	alerted  time.Time // when people were last told
	told     bool      // and of this refusal
	out      int       // messages to it that are with a connection
	accepted time.Time
}

// destinations are those that messages went to lately. A message whose destination cannot take it
// now is moved to a time when it may, so that it holds nobody else up.
type destinations struct {
	begin time.Time // slots begin here: what an earlier run sent in its last minute counts
	all   map[string]*destination
	// owners are the messages that were moved to a slot and own it.
	owners map[Key]struct{}
}

const (
	firstRest = 30 * time.Second
	lastRest  = time.Hour
	// probeWait is when to look again while one message finds out whether a destination is well again.
	probeWait = 10 * time.Second
)

func newDestinations(perMinute int, last, now time.Time) destinations {
	d := destinations{all: map[string]*destination{}, owners: map[Key]struct{}{}}
	if perMinute > 0 && now.Sub(last) < 61*time.Second {
		d.begin = now.Add(interval(perMinute))
	}
	return d
}

// of is nil for a message that keeps no distance.
func (d *destinations) of(to Route) *destination {
	if to.Name == "" {
		return nil
	}
	found, ok := d.all[to.Name]
	if !ok {
		found = &destination{every: to.Every, next: d.begin}
		d.all[to.Name] = found
	}
	return found
}

// slot is when a message may go to its destination: now when the time is not after now. claimed
// tells how many the same claim has taken already.
func (d *destinations) slot(key Key, to *destination, claimed int, now time.Time) time.Time {
	if now.Before(to.until) {
		return to.until
	}
	if to.refusals > 0 && to.out+claimed > 0 {
		return now.Add(probeWait)
	}
	if to.every == 0 {
		return now
	}
	if _, ok := d.owners[key]; ok {
		delete(d.owners, key)
		return now
	}
	at := to.next
	if at.Before(now) {
		at = now
	}
	to.next = at.Add(to.every)
	if at.After(now) {
		d.owners[key] = struct{}{}
	}
	return at
}

// note keeps what an outcome says of its destination.
func (to *destination) note(o Outcome, attempt int, now time.Time) {
	switch {
	case o.State == Sent:
		*to = destination{every: to.every, next: to.next, out: to.out, accepted: now, alerted: to.alerted}
	case !o.slows(attempt) || now.Before(to.until): // or another connection has met the same
	default:
		if to.refusals == 0 {
			to.since = now
		}
		rest := min(firstRest<<min(to.refusals, 10), lastRest)
		to.refusals++
		to.until, to.reply = now.Add(max(rest, o.Again)), o.Reply
		to.ours = to.ours || o.Reply.Class == Policy
	}
}

// slows tells whether an outcome says something of the whole destination. A first attempt that is put
// off does not: greylisting does that to every recipient once. Nor does what is about a mailbox
// (RFC 3463: x.1.y and x.2.y).
func (o Outcome) slows(attempt int) bool {
	switch {
	case o.Domain:
		return true
	case o.State != Retrying || o.Hold || o.Reply.Class != Transient || o.Reply.Code == "" || attempt < 2:
		return false
	}
	_, detail, _ := strings.Cut(o.Reply.Enhanced, ".")
	return !strings.HasPrefix(detail, "1.") && !strings.HasPrefix(detail, "2.")
}

// RestingDomain is a destination, mostly a recipient domain, that takes nothing from us for now.
type RestingDomain struct {
	Domain string    `json:"domain"`
	Ours   bool      `json:"ours"` // it refuses us: the fault is ours to mend
	Since  time.Time `json:"since"`
	Until  time.Time `json:"until"` // when it is tried again
	Reply  Reply     `json:"reply"`
}

// resting are the destinations that have not taken a message since they last refused.
func (d *destinations) resting() (list []RestingDomain) {
	for name, to := range d.all {
		if to.refusals > 0 {
			list = append(list, RestingDomain{Domain: name, Ours: to.ours, Since: to.since, Until: to.until, Reply: to.reply})
		}
	}
	slices.SortFunc(list, func(a, b RestingDomain) int { return strings.Compare(a.Domain, b.Domain) })
	return list
}

// told tells whether people know that some destination refuses us.
func (d *destinations) told() bool {
	for _, to := range d.all {
		if to.told {
			return true
		}
	}
	return false
}
