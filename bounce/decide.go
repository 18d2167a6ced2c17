package bounce

import (
	"maps"
	"slices"
	"time"

	"viesti/contacts"
)

// softRule: an address whose letters come back again and again for reasons that should pass (a full
// mailbox, a server that does not answer) is given up after three letters over two weeks. The two
// weeks have a day's play, because a reminder may come back sooner than the invitation did.
const (
	softLetters = 3
	softSpan    = 13 * 24 * time.Hour
)

// How many mails are remembered of a recipient, and how many that nobody can tell the letter of:
// anybody can send us those.
const (
	mostOfOne     = 100
	mostUnmatched = 500
)

// decide is what follows from a mail about a letter to who, that has not come before. It is pure.
func decide(r Record, before []Record, who contacts.Known, day string) Decision {
	d := Decision{}
	happens := func(e contacts.Event, g contacts.Ground) {
		d.Happened = append(d.Happened, contacts.Happening{
			Contact: r.Recipient, Event: e, Wave: r.Wave, Day: day, Cause: contacts.Cause{Ground: g, Words: r.Words},
		})
	}
	r.Effect = Nothing
	switch r.Class {
	case Dead:
		r.Effect = Stopped
		happens(contacts.HardBounce, contacts.DeadAddress)
	case Complaint:
		r.Effect = OptedOut
		happens(contacts.OptOut, contacts.Complaint)
	case Leaving:
		r.Effect = OptedOut
		happens(contacts.OptOut, contacts.Wish)
	case Full, Transient:
		r.Effect = Counted
		if tooOften(append(before, r)) {
			r.Effect = Stopped
			happens(contacts.HardBounce, contacts.Unreachable)
		}
	case Policy:
		r.Effect = Alerted
	case Human:
		r.Effect = Forwarded
	}
	if r.Recipient == "" && r.Effect != Forwarded && r.Effect != Alerted && r.Effect != Nothing {
		r.Effect, d.Happened = Unmatched, nil
	}
	if who.ID == "" && r.Recipient != "" { // erased since: nothing is kept of what was said of them
		r.Words, d.Happened = "", nil
		if r.Effect == Stopped || r.Effect == OptedOut {
			r.Effect = Nothing
		}
	}
	d.Put = []Record{r}
	d.Drop = tooMany(before, r.Recipient)
	return d
}

// tooMany is what is forgotten when there is no room for more: the oldest, of a recipient the oldest
// that has done nothing.
func tooMany(before []Record, recipient string) (drop []string) {
	most := mostOfOne
	if recipient == "" {
		most = mostUnmatched
	}
	if len(before) < most {
		return nil
	}
	idle := slices.DeleteFunc(slices.Clone(before), func(r Record) bool { return recipient != "" && r.Effect != Nothing && r.Effect != Alerted })
	if len(idle) == 0 {
		return nil
	}
	return []string{slices.MinFunc(idle, func(a, b Record) int { return a.At.Compare(b.At) }).ID}
}

// tooOften tells whether a recipient's letters have come back for long enough.
func tooOften(list []Record) bool {
	letters := map[string]bool{}
	var first, last time.Time
	for _, r := range list {
		if r.Class != Full && r.Class != Transient || !r.Undone.IsZero() {
			continue
		}
		letters[r.Wave+"\x00"+string(r.Kind)] = true
		if first.IsZero() || r.At.Before(first) {
			first = r.At
		}
		if r.At.After(last) {
			last = r.At
		}
	}
	return len(letters) >= softLetters && last.Sub(first) >= softSpan
}

// reversible tells whether there is anything to take back that is ours to take back.
func (r Record) reversible() bool {
	switch r.Effect {
	case Stopped, OptedOut, Counted:
		return r.Undone.IsZero() && r.Class != Leaving
	default:
		return false
	}
}

// undo takes back what records did to a recipient: those chosen, as far as no other says the same.
// A person's own word stays.
func undo(before []Record, who contacts.Known, chosen func(Record) bool, wave, day string, now time.Time) (d Decision) {
	waves, left := map[string]bool{}, map[Effect]bool{}
	for _, r := range before {
		switch {
		case !r.reversible():
		case chosen(r):
			r.Undone = now
			d.Put = append(d.Put, r)
			waves[r.Wave] = true
		default:
			left[r.Effect] = true
		}
	}
	if wave != "" {
		waves[wave] = true
	}
	for _, w := range slices.Sorted(maps.Keys(waves)) {
		happens := func(e contacts.Event) {
			d.Happened = append(d.Happened, contacts.Happening{Contact: who.ID, Event: e, Wave: w, Day: day})
		}
		if who.Standing.Bounced && !left[Stopped] {
			happens(contacts.Revive)
		}
		if who.Standing.OptedOut && who.Standing.Opted.Ground == contacts.Complaint && !left[OptedOut] {
			happens(contacts.Readmit)
		}
	}
	return d
}
