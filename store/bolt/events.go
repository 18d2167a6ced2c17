package bolt

import (
	"bytes"
	"cmp"
	"context"

	"viesti/contacts"
	"viesti/i18n"
)

// Record implements contacts.Store.
func (s *Store) Record(ctx context.Context, h contacts.Happening) error {
	return s.update(ctx, func(t *tx) error { return t.happen(h, "") })
}

// happen records an event. network is where a disposition that begins with it is counted; empty:
// the contact's home.
func (t *tx) happen(h contacts.Happening, network string) error {
	c, ok, err := t.memos.people.load(t, []byte(h.Contact))
	if err != nil {
		return err
	}
	if !ok {
		return contacts.ErrNoContact
	}
	if err := t.stand(t.hash(c.Email), h); err != nil {
		return err
	}
	if h.Event == contacts.Erase {
		return t.erase(c)
	}
	if h.Wave == "" {
		return nil
	}
	return t.dispose(h, contacts.Disposition{
		Wave: h.Wave, Network: cmp.Or(network, c.Home()), Lang: cmp.Or(c.Language, i18n.Fi),
	})
}

// stand applies an event to the standing of an address.
func (t *tx) stand(hash []byte, h contacts.Happening) error {
	was, _, err := load[contacts.Standing](t, standings, hash)
	if err != nil {
		return err
	}
	now := was.With(h)
	if now == was {
		return nil
	}
	return t.saveStanding(hash, now)
}

// dispose applies an event to the contact's disposition in a wave, which is first if it begins
// now, and moves its count.
func (t *tx) dispose(h contacts.Happening, first contacts.Disposition) error {
	was, begun, err := load[contacts.Disposition](t, dispositions(h.Wave), []byte(h.Contact))
	if err != nil {
		return err
	}
	var before []byte
	if begun {
		before = reachCell(was)
	} else {
		was = first
	}
	now := was.After(h.Event, h.Day)
	if !begun && !now.Begun() { // something was taken back that was of another wave
		return nil
	}
	after := reachCell(now)
	if bytes.Equal(before, after) { // a disposition is its cell
		return nil
	}
	if err := t.save(dispositions(h.Wave), []byte(h.Contact), now); err != nil {
		return err
	}
	t.move(reachTally, before, after)
	return nil
}

// erase removes what names the contact. Their disposition stays and is counted: it has an id
// that now leads to nobody. So do their messages, without what carriers said of them. What came
// back goes, and what their account in Slack had chosen, unless it has a role, which is taken
// by itself. Networks lose the coordinator who has the address.
func (t *tx) erase(c contacts.Contact) error {
	led, err := t.ledBy(c.Email)
	if err != nil {
		return err
	}
	for _, n := range led {
		n.Coordinator, n.CoordinatorEmail = "", ""
		if err := t.save(networks, []byte(n.ID), n); err != nil {
			return err
		}
	}
	if err := t.delete(addresses, t.hash(c.Email)); err != nil {
		return err
	}
	if err := t.delete(optouts, []byte(c.Token)); err != nil {
		return err
	}
	if err := t.delete(people, []byte(c.ID)); err != nil {
		return err
	}
	if err := t.delete(recipients, []byte(c.ID)); err != nil {
		return err
	}
	if err := t.forgetBounces(c.ID); err != nil {
		return err
	}
	if err := t.forgetStaff(c.SlackUser); err != nil {
		return err
	}
	list, err := t.messagesOf(c.ID)
	if err != nil {
		return err
	}
	for _, was := range list {
		if err := t.putMessage(was, was.Anonymous()); err != nil {
			return err
		}
	}
	return t.untidy()
}
