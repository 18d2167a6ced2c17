package bolt

import (
	"bytes"
	"context"
	"errors"
	"strings"

	"viesti/contacts"
	"viesti/outbox"
)

// Exchange implements outbox.Store.
func (s *Store) Exchange(ctx context.Context, changes []outbox.Change, claim outbox.Claim) ([]outbox.Delivery, error) {
	var deliveries []outbox.Delivery
	err := s.update(ctx, func(t *tx) (err error) {
		for _, c := range changes {
			if err := t.apply(c); err != nil {
				return err
			}
		}
		deliveries, err = t.claim(claim)
		return err
	})
	if err != nil {
		return nil, err
	}
	return deliveries, nil
}

func (t *tx) apply(c outbox.Change) error {
	key := messageKey(c.Key)
	was, ok, err := t.memos.messages.load(t, key)
	if err != nil || !ok {
		return err
	}
	t.memos.messages.forget(key)
	defer t.memos.people.forget([]byte(was.Recipient))
	now := was
	event := c.Apply(&now)
	if err := t.putMessage(was, now); err != nil {
		return err
	}
	if _, nobody := c.Key.Place(); nobody || event == "" {
		return nil
	}
	h := contacts.Happening{Contact: was.Recipient, Event: event, Wave: was.Wave, Day: c.Day}
	if event == contacts.HardBounce {
		said := strings.Join([]string{now.Reply.Code, now.Reply.Enhanced, now.Reply.Text}, " ")
		h.Cause = contacts.Cause{Ground: contacts.DeadAddress, Words: strings.TrimSpace(said)}
	}
	err = t.happen(h, was.Network)
	if errors.Is(err, contacts.ErrNoContact) { // erased meanwhile
		return nil
	}
	return err
}

// spare is how many messages beyond the limit a claim may look at, so that a queue full of
// messages that must wait cannot hold up the writer.
const spare = 1000

// claiming is a claim under way.
type claiming struct {
	outbox.Claim
	t        *tx
	queues   []bucket
	networks map[string]contacts.Network
	back     map[string]bool // put back to a time that is still due: not to be looked at again
	out      []outbox.Delivery
}

func (t *tx) claim(c outbox.Claim) ([]outbox.Delivery, error) {
	if c.Limit <= 0 {
		return nil, nil
	}
	work := claiming{Claim: c, t: t, queues: t.queues(c.Carrier), networks: map[string]contacts.Network{}, back: map[string]bool{}}
	var last []byte
	for looks := c.Limit + spare; looks > 0; {
		places := work.due(last, min(looks, c.Limit-len(work.out)))
		if len(places) == 0 {
			break
		}
		for _, p := range places {
			if err := work.look(p); err != nil {
				return nil, err
			}
		}
		looks -= len(places)
		last = places[len(places)-1].key
	}
	return work.out, nil
}

// place is where a waiting message is found.
type place struct {
	queue bucket
	key   []byte
}

// due are the next places of what is due. They are copied out before anything is decided, because
// deciding writes to the buckets they are read from.
func (c *claiming) due(after []byte, n int) (places []place) {
	if n <= 0 {
		return nil
	}
	now := stamp(c.Now)
	for queue, k := range c.t.merged(c.queues, after) {
		if bytes.Compare(k[:stampSize], now) > 0 {
			break
		}
		places = append(places, place{queue, bytes.Clone(k)})
		if len(places) == n {
			break
		}
	}
	return places
}

// look lets the caller decide about one message and writes what was decided.
func (c *claiming) look(at place) error {
	key := at.key
	if c.back[string(key)] {
		return nil
	}
	was, ok, err := load[outbox.Message](c.t, messages, key[stampSize:])
	if err != nil {
		return err
	}
	if !ok {
		return c.t.delete(at.queue, key)
	}
	who, err := c.who(was)
	if err != nil {
		return err
	}
	network, err := c.network(was.Network)
	if err != nil {
		return err
	}
	now := was
	deliver := c.Decide(&now, who, network)
	if err := c.t.putMessage(was, now); err != nil {
		return err
	}
	if now.Waiting() {
		c.back[string(dueKey(now.Due, messageKey(now.Key)))] = true
	}
	if !deliver {
		return nil
	}
	c.t.memos.messages.keep(c.t, messageKey(now.Key), now)
	if who.ID != "" {
		c.t.memos.people.keep(c.t, []byte(who.ID), who.Contact)
	}
	follows, err := c.follows(now)
	c.out = append(c.out, outbox.Delivery{Message: now, Contact: who.Contact, Network: network, Follows: follows})
	return err
}

func (c *claiming) follows(m outbox.Message) (string, error) {
	if m.Kind == outbox.Invitation { // every other one costs a read
		return "", nil
	}
	key := outbox.Key{Recipient: m.Recipient, Wave: m.Wave, Kind: outbox.Invitation}
	invitation, ok, err := load[outbox.Message](c.t, messages, messageKey(key))
	if err != nil || !ok {
		return "", err
	}
	return m.After(invitation), nil
}

// who is the recipient at this moment.
func (c *claiming) who(m outbox.Message) (contacts.Known, error) {
	if _, nobody := m.Place(); nobody {
		return contacts.Known{}, nil
	}
	known, err := c.t.known(c.t.get(people, []byte(m.Recipient)))
	if errors.Is(err, contacts.ErrNoContact) {
		return contacts.Known{Standing: contacts.Standing{Erased: true}}, nil
	}
	return known, err
}

// network is zero when it is not there.
func (c *claiming) network(id string) (contacts.Network, error) {
	if n, ok := c.networks[id]; ok {
		return n, nil
	}
	n, _, err := load[contacts.Network](c.t, networks, []byte(id))
	c.networks[id] = n
	return n, err
}
