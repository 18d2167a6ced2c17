package campaign

import (
	"slices"
	"time"

	"viesti/contacts"
	"viesti/outbox"
	"viesti/staff"
)

// Field is how the wave stands, as far as the people who run it are told of it.
type Field struct {
	Networks     []contacts.Network
	Digests      []staff.Digest      // a network that is not among them has the wave's usual digest
	Coordinators map[string][]string // users' ids, by network: those of this very network
	Nearest      map[string][]string // users' ids, by network: who hears of its troubles
	Lagging      []string            // networks far behind the others
	Admins       []string            // users' ids: who hears of what concerns the whole
	Purge        Purge
}

// Purge is when what is known of people is erased by itself, and from when on that is told; zero:
// it is not.
type Purge struct{ At, Told time.Time }

// Notice is something to be told to the people who run the survey.
type Notice struct {
	Network string
	To      string // a channel (C…, G…) or a person (U…, W…) in Slack
	Kind    outbox.Kind
	Due     time.Time // when it was to be told
	Expires time.Time // when it is too late to tell it; zero: never
}

// Recipient is the notice's in the outbox.
func (n Notice) Recipient() string { return outbox.Staff(n.Network, n.To) }

// lateDigest is how late a digest may come: one that was held up over the day does not come at
// night, and next week brings another.
const lateDigest = 6 * time.Hour

// Notices are all notices of the wave that are due, whether told already or not: who puts them in
// the outbox leaves out what is there. It is pure.
func (w Wave) Notices(f Field, now time.Time) (list []Notice) {
	list = w.purge(f, now)
	if now.Before(w.Opens) || !now.Before(w.Closes) {
		return list
	}
	for _, n := range f.Networks {
		d := f.digest(n.ID, w.Digest)
		list = append(list, w.digest(d, f.Coordinators[n.ID], now)...)
		if d.On && isChannel(d.To) {
			list = append(list, Notice{Network: n.ID, To: d.To, Kind: outbox.Card, Due: w.Opens})
		}
		if slices.Contains(f.Lagging, n.ID) && w.halfway(now) {
			for _, user := range f.Nearest[n.ID] {
				list = append(list, Notice{Network: n.ID, To: user, Kind: outbox.AlertLow, Due: now})
			}
		}
	}
	return list
}

// purge tells the administrators that the end of what is known of people is near.
func (w Wave) purge(f Field, now time.Time) (list []Notice) {
	if f.Purge.At.IsZero() || now.Before(f.Purge.Told) || !now.Before(f.Purge.At) {
		return nil
	}
	for _, user := range f.Admins {
		list = append(list, Notice{To: user, Kind: outbox.PurgeSoon(f.Purge.At.In(w.Zone)), Due: f.Purge.Told, Expires: f.Purge.At})
	}
	return list
}

// digest are the settings of a network.
func (f Field) digest(network string, usual staff.Digest) staff.Digest {
	for _, d := range f.Digests {
		if d.Network == network {
			return d
		}
	}
	usual.Network = network
	return usual
}

// digest is the notice of the week's digest, to the channel that it was set up for or to each who
// coordinates the network.
func (w Wave) digest(d staff.Digest, coordinators []string, now time.Time) (list []Notice) {
	at := d.Last(now.In(w.Zone))
	if !d.On || at.Before(w.Opens) || now.Sub(at) >= lateDigest {
		return nil
	}
	if d.To != "" {
		coordinators = []string{d.To}
	}
	kind := outbox.Digest(at.ISOWeek())
	for _, to := range coordinators {
		list = append(list, Notice{Network: d.Network, To: to, Kind: kind, Due: at, Expires: at.Add(lateDigest)})
	}
	return list
}

// halfway tells whether half of the wave is over and the hour is one at which people are written
// to.
func (w Wave) halfway(now time.Time) bool {
	half := w.Opens.Add(w.Closes.Sub(w.Opens) / 2)
	return !now.Before(half) && w.Rules.allowed(now, w.Zone).Equal(now)
}

// isChannel tells a channel of Slack's from a person.
func isChannel(id string) bool { return id != "" && (id[0] == 'C' || id[0] == 'G') }
