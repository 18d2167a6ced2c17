package campaign

import (
	"slices"
	"time"

	"viesti/contacts"
	"viesti/link"
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
	Carrier link.Channel
	To      string // a channel (C…, G…) or a person (U…, W…) in Slack; empty by mail: the network's coordinator
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
		if slices.Contains(w.Channels, link.Slack) {
			list = append(list, w.inSlack(f, n, now)...)
		}
		if slices.Contains(w.Channels, link.Mail) && w.Letter.On && n.CoordinatorEmail != "" {
			list = append(list, w.digest(f.digest(n.ID, w.Letter), Notice{Carrier: link.Mail}, now)...)
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
		list = append(list, Notice{Carrier: link.Slack, To: user, Kind: outbox.PurgeSoon(f.Purge.At.In(w.Zone)), Due: f.Purge.Told, Expires: f.Purge.At})
	}
	return list
}

// inSlack are a network's notices there: the digest, to the channel that it was set up for or to each
// who coordinates the network, the card in that channel, and the alert.
func (w Wave) inSlack(f Field, n contacts.Network, now time.Time) (list []Notice) {
	d := f.digest(n.ID, w.Digest)
	to := f.Coordinators[n.ID]
	if d.To != "" {
		to = []string{d.To}
	}
	for _, place := range to {
		list = append(list, w.digest(d, Notice{Carrier: link.Slack, To: place}, now)...)
	}
	if d.On && isChannel(d.To) {
		list = append(list, Notice{Network: n.ID, Carrier: link.Slack, To: d.To, Kind: outbox.Card, Due: w.Opens})
	}
	if slices.Contains(f.Lagging, n.ID) && w.halfway(now) {
		for _, user := range f.Nearest[n.ID] {
			list = append(list, Notice{Network: n.ID, Carrier: link.Slack, To: user, Kind: outbox.AlertLow, Due: now})
		}
	}
	return list
}

// digest are the settings of a network. Its own hold for both ways.
func (f Field) digest(network string, usual staff.Digest) staff.Digest {
	for _, d := range f.Digests {
		if d.Network == network {
			return d
		}
	}
	usual.Network = network
	return usual
}

// digest makes a notice that of the week's digest, if this is its time.
func (w Wave) digest(d staff.Digest, n Notice, now time.Time) []Notice {
	at := d.Last(now.In(w.Zone))
	if !d.On || at.Before(w.Opens) || now.Sub(at) >= lateDigest {
		return nil
	}
	n.Network, n.Kind, n.Due, n.Expires = d.Network, outbox.Digest(at.ISOWeek()), at, at.Add(lateDigest)
	return []Notice{n}
}

// halfway tells whether half of the wave is over and the hour is one at which people are written
// to.
func (w Wave) halfway(now time.Time) bool {
	half := w.Opens.Add(w.Closes.Sub(w.Opens) / 2)
	return !now.Before(half) && w.Rules.allowed(now, w.Zone).Equal(now)
}

// isChannel tells a channel of Slack's from a person.
func isChannel(id string) bool { return id != "" && (id[0] == 'C' || id[0] == 'G') }
