package bolt

import (
	"bytes"
	"context"
	"errors"

	"viesti/contacts"
)

// SaveNetworks implements contacts.Store.
func (s *Store) SaveNetworks(ctx context.Context, list []contacts.Network) (outcomes []contacts.Outcome, err error) {
	err = s.update(ctx, func(t *tx) error {
		outcomes = make([]contacts.Outcome, len(list))
		for i, n := range list {
			var err error
			if outcomes[i], err = t.saveNetwork(n); err != nil {
				return err
			}
		}
		return nil
	})
	return outcomes, err
}

func (t *tx) saveNetwork(n contacts.Network) (contacts.Outcome, error) {
	raw, err := encode(n)
	if err != nil {
		return 0, err
	}
	outcome := contacts.Updated
	switch was := t.get(networks, []byte(n.ID)); {
	case was == nil:
		outcome = contacts.Added
	case bytes.Equal(was, raw):
		return contacts.Unchanged, nil
	}
	return outcome, t.put(networks, []byte(n.ID), raw)
}

// Networks implements contacts.Store.
func (s *Store) Networks(ctx context.Context) ([]contacts.Network, error) {
	return all[contacts.Network](ctx, s, networks)
}

// SaveContacts implements contacts.Store.
func (s *Store) SaveContacts(ctx context.Context, list []contacts.Contact) (saved []contacts.Saved, err error) {
	hashes := make([][]byte, len(list))
	for i, c := range list {
		hashes[i] = s.hash(c.Email)
	}
	err = s.update(ctx, func(t *tx) error {
		saved = make([]contacts.Saved, len(list))
		for i, c := range list {
			var err error
			if saved[i], err = t.saveContact(c, hashes[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return saved, err
}

// saveContact merges a row into the contact of its address. The row of an address that may not
// be brought back is barred, and changes only a contact that is still there.
func (t *tx) saveContact(row contacts.Contact, hash []byte) (contacts.Saved, error) {
	standing, _, err := load[contacts.Standing](t, standings, hash)
	if err != nil {
		return contacts.Saved{}, err
	}
	outcome := contacts.Barred
	id := t.get(addresses, hash)
	barred := standing.OptedOut || standing.Erased
	switch {
	case id != nil:
		outcome, err = t.mergeContact(id, row, standing)
	case !barred:
		outcome, err = contacts.Added, t.addContact(contacts.Known{Contact: row, Standing: standing}, hash)
	}
	if barred {
		return contacts.Saved{Outcome: contacts.Barred, Standing: standing}, err
	}
	return contacts.Saved{Outcome: outcome}, err
}

func (t *tx) mergeContact(id []byte, row contacts.Contact, standing contacts.Standing) (contacts.Outcome, error) {
	known, _, err := load[contacts.Contact](t, people, id)
	if err != nil {
		return 0, err
	}
	merged := known.Merge(row)
	if merged.Equal(known) {
		return contacts.Unchanged, nil
	}
	return contacts.Updated, t.savePerson(contacts.Known{Contact: merged, Standing: standing})
}

func (t *tx) addContact(c contacts.Known, hash []byte) error {
	if err := t.put(addresses, hash, []byte(c.ID)); err != nil {
		return err
	}
	if err := t.put(optouts, []byte(c.Token), []byte(c.ID)); err != nil {
		return err
	}
	return t.savePerson(c)
}

// Contacts implements contacts.Store.
func (s *Store) Contacts(ctx context.Context, each func(contacts.Known) error) error {
	return listing[contacts.Known]{
		store: s, bucket: people,
		read: func(t *tx, _, raw []byte) (contacts.Known, bool, error) {
			known, err := t.known(raw)
			return known, true, err
		},
	}.each(ctx, each)
}

// known is a stored contact with their standing, contacts.ErrNoContact for no bytes.
func (t *tx) known(raw []byte) (known contacts.Known, err error) {
	if raw == nil {
		return known, contacts.ErrNoContact
	}
	if known.Contact, err = decode[contacts.Contact](raw); err != nil {
		return known, err
	}
	known.Standing, _, err = load[contacts.Standing](t, standings, t.hash(known.Email))
	return known, err
}

// Contact implements contacts.Store.
func (s *Store) Contact(ctx context.Context, id string) (known contacts.Known, err error) {
	err = s.view(ctx, func(t *tx) error {
		known, err = t.known(t.get(people, []byte(id)))
		return err
	})
	return known, err
}

// KeepAccount implements contacts.Store.
func (s *Store) KeepAccount(ctx context.Context, contact, user, day string) error {
	return s.update(ctx, func(t *tx) error {
		was, err := t.known(t.get(people, []byte(contact)))
		if errors.Is(err, contacts.ErrNoContact) {
			return nil
		}
		if err != nil {
			return err
		}
		if now := was.WithAccount(user, day); !now.Equal(was.Contact) {
			return t.savePerson(contacts.Known{Contact: now, Standing: was.Standing})
		}
		return nil
	})
}

// ContactByEmail implements contacts.Store.
func (s *Store) ContactByEmail(ctx context.Context, email string) (known contacts.Known, err error) {
	err = s.view(ctx, func(t *tx) error {
		id := t.get(addresses, t.hash(email))
		if id != nil {
			known, err = t.known(t.get(people, id))
			return err
		}
		if known.Standing, _, err = load[contacts.Standing](t, standings, t.hash(email)); err != nil {
			return err
		}
		return contacts.ErrNoContact
	})
	return known, err
}

// ContactByToken implements contacts.Store.
func (s *Store) ContactByToken(ctx context.Context, token string) (known contacts.Known, err error) {
	err = s.view(ctx, func(t *tx) error {
		id := t.get(optouts, []byte(token))
		if id == nil {
			return contacts.ErrNoContact
		}
		known, err = t.known(t.get(people, id))
		return err
	})
	return known, err
}
