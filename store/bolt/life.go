package bolt

import (
	"bytes"
	"context"

	"viesti/contacts"
	"viesti/privacy"
	"viesti/staff"
	"viesti/survey"
)

var _ privacy.Store = (*Store)(nil)

// Purge implements privacy.Store. It is one transaction, however large: what is half purged cannot
// be told from what was not there.
func (s *Store) Purge(ctx context.Context, o privacy.Order) (done privacy.Purged, err error) {
	err = s.update(ctx, func(t *tx) error {
		if err := t.post(); err != nil { // what others in this transaction count
			return err
		}
		done = t.holds()
		done.Wave, done.At = o.Wave, o.At
		for _, step := range []func() error{
			t.endMessages,
			func() error { return t.leaveCounts(reachTally, pastReach) },
			func() error { return t.leaveCounts(messageTally, pastMessage) },
			func() error { return t.leaveCounts(departTally, pastDepart) },
			t.dropPeople,
			func() (err error) { done.Wishes, err = t.lastingStandings(); return err },
			t.impersonalNetworks,
		} {
			if err := step(); err != nil {
				return err
			}
		}
		if !o.Drafts {
			done.Drafts = 0
		} else if err := t.forgetDrafts(); err != nil {
			return err
		}
		if err := t.save(meta, metaPurged, done); err != nil {
			return err
		}
		return t.untidy()
	})
	return done, err
}

// dropPeople empties the buckets that name people.
func (t *tx) dropPeople() error {
	for _, b := range []bucket{people, recipients, addresses, optouts, allDispositions, bounces, messages, allDue, spent} {
		if err := t.empty(b); err != nil {
			return err
		}
	}
	var users []string
	for user := range t.pairs(persons, nil, nil) {
		users = append(users, string(user))
	}
	for _, user := range users {
		if err := t.forgetStaff(user); err != nil {
			return err
		}
	}
	return nil
}

// empty removes all that is in a bucket.
func (t *tx) empty(b bucket) error {
	in := t.root
	name := []byte(b.name)
	if b.sub != "" {
		in, name = t.root.Bucket(name), []byte(b.sub)
	}
	t.writes++
	if err := in.DeleteBucket(name); err != nil {
		return err
	}
	_, err := in.CreateBucket(name)
	return err
}

// leaveCounts notes that all that a tally counts now is of records that are about to go.
func (t *tx) leaveCounts(tally, past bucket) error {
	if err := t.empty(past); err != nil {
		return err
	}
	for cell, n := range t.pairs(tally, nil, nil) {
		if err := t.put(past, cell, n); err != nil {
			return err
		}
	}
	return nil
}

// endMessages counts the messages as those that are gone.
func (t *tx) endMessages() error {
	ended := map[string]int64{}
	for cell, raw := range t.pairs(messageTally, nil, nil) {
		c := messageOf(cell)
		c.State = c.State.Ended()
		ended[string(messageCell(c))] += count(raw)
	}
	if err := t.empty(messageTally); err != nil {
		return err
	}
	for cell, n := range ended {
		if err := t.put(messageTally, []byte(cell), number(n)); err != nil {
			return err
		}
	}
	return nil
}

// lastingStandings keeps of standings what outlives the contacts, and counts them.
func (t *tx) lastingStandings() (n int64, err error) {
	type kept struct {
		hash     []byte
		standing contacts.Standing
	}
	var list []kept
	for hash, raw := range t.pairs(standings, nil, nil) {
		was, err := decode[contacts.Standing](raw)
		if err != nil {
			return 0, err
		}
		if now := was.Lasting(); now != (contacts.Standing{}) {
			list = append(list, kept{bytes.Clone(hash), now})
		}
	}
	if err := t.empty(standings); err != nil {
		return 0, err
	}
	for _, k := range list {
		if err := t.save(standings, k.hash, k.standing); err != nil {
			return 0, err
		}
	}
	return int64(len(list)), nil
}

func (t *tx) impersonalNetworks() error {
	var list []contacts.Network
	for _, raw := range t.pairs(networks, nil, nil) {
		n, err := decode[contacts.Network](raw)
		if err != nil {
			return err
		}
		list = append(list, n.Impersonal())
	}
	for _, n := range list {
		if err := t.save(networks, []byte(n.ID), n); err != nil {
			return err
		}
	}
	return nil
}

// forgetDrafts removes unfinished answers, which stay counted, and the hashes of all codes.
func (t *tx) forgetDrafts() error {
	for _, raw := range t.pairs(drafts, nil, nil) {
		r, err := decode[survey.Response](raw)
		if err != nil {
			return err
		}
		t.add(removedTally, removedCell(r), 1)
	}
	gone := count(t.get(meta, metaForgotten)) + int64(t.size(drafts)+t.size(removed))
	if err := t.put(meta, metaForgotten, number(gone)); err != nil {
		return err
	}
	for _, b := range []bucket{drafts, submitted, removed} {
		if err := t.empty(b); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) size(b bucket) (n int) {
	for range t.pairs(b, nil, nil) {
		n++
	}
	return n
}

func (t *tx) holds() privacy.Purged {
	return privacy.Purged{Contacts: int64(t.size(people)), Messages: int64(t.size(messages)), Drafts: int64(t.size(drafts))}
}

// Holds implements privacy.Store.
func (s *Store) Holds(ctx context.Context) (now privacy.Purged, err error) {
	err = s.view(ctx, func(t *tx) error {
		now = t.holds()
		return nil
	})
	return now, err
}

// LastPurge implements privacy.Store.
func (s *Store) LastPurge(ctx context.Context) (last privacy.Purged, err error) {
	err = s.view(ctx, func(t *tx) error {
		last, _, err = load[privacy.Purged](t, meta, metaPurged)
		return err
	})
	return last, err
}

// Held implements privacy.Store.
func (s *Store) Held(ctx context.Context, email string) (h privacy.Held, err error) {
	err = s.view(ctx, func(t *tx) error {
		h = privacy.Held{}
		hash := t.hash(email)
		if h.Standing, h.Hashed, err = load[contacts.Standing](t, standings, hash); err != nil {
			return err
		}
		if h.Leads, err = t.ledBy(email); err != nil {
			return err
		}
		id := t.get(addresses, hash)
		if id == nil {
			return nil
		}
		c, _, err := load[contacts.Contact](t, people, id)
		if err != nil {
			return err
		}
		h.Contact = &c
		return t.about(c, &h)
	})
	return h, err
}

// ledBy are the networks whose coordinator has the address.
func (t *tx) ledBy(email string) (list []contacts.Network, err error) {
	for _, raw := range t.pairs(networks, nil, nil) {
		n, err := decode[contacts.Network](raw)
		if err != nil {
			return nil, err
		}
		if n.LedBy(email) {
			list = append(list, n)
		}
	}
	return list, nil
}

// about gathers what lies beside a contact.
func (t *tx) about(c contacts.Contact, h *privacy.Held) (err error) {
	for _, id := range c.Networks {
		n, ok, err := load[contacts.Network](t, networks, []byte(id))
		if err != nil {
			return err
		}
		if ok {
			h.Networks = append(h.Networks, n)
		}
	}
	for wave := range t.pairs(allDispositions, nil, nil) {
		d, ok, err := load[contacts.Disposition](t, dispositions(string(wave)), []byte(c.ID))
		if err != nil {
			return err
		}
		if ok {
			h.Dispositions = append(h.Dispositions, d)
		}
	}
	list, err := t.messagesOf(c.ID)
	if err != nil {
		return err
	}
	for _, m := range list {
		h.Letters = append(h.Letters, privacy.LetterOf(m))
	}
	if h.Returned, err = t.bouncesOf(c.ID); err != nil || c.SlackUser == "" {
		return err
	}
	return t.aboutStaff(c.SlackUser, h)
}

func (t *tx) aboutStaff(user string, h *privacy.Held) error {
	for _, raw := range t.pairs(grants, grantKey(user, ""), nil) {
		g, err := decode[staff.Grant](raw)
		if err != nil {
			return err
		}
		h.Roles = append(h.Roles, g)
	}
	p, _, err := load[staff.Person](t, persons, []byte(user))
	h.Speaks = p.Lang
	return err
}

// Fingerprint implements privacy.Store.
func (s *Store) Fingerprint(email string) string { return s.named(s.hash(email)) }
