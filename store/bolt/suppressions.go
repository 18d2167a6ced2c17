package bolt

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"viesti/contacts"
)

// Secret is a secret of this store for a purpose. It is not the secret of the hashes of addresses,
// nor leads to it.
func (s *Store) Secret(purpose string) []byte {
	mac := hmac.New(sha256.New, s.hasher)
	mac.Write([]byte("viesti secret for " + purpose))
	return mac.Sum(nil)
}

// mark names the secret of the hashes without giving it away: hashes of two installations say
// nothing to each other.
func (s *Store) mark() string { return hex.EncodeToString(s.Secret("the mark of hashes")[:4]) }

// named is a hash of an address as lists have it.
func (s *Store) named(hash []byte) string { return s.mark() + "-" + hex.EncodeToString(hash) }

// Suppress implements contacts.Store.
func (s *Store) Suppress(ctx context.Context, list []contacts.Suppression) (outcomes []contacts.Outcome, err error) {
	hashes, mark := make([][]byte, len(list)), s.mark()
	for i, x := range list {
		if x.Email != "" {
			hashes[i] = s.hash(x.Email)
		} else if h, ok := strings.CutPrefix(x.Hash, mark+"-"); ok {
			hashes[i], _ = hex.DecodeString(h)
		}
	}
	err = s.update(ctx, func(t *tx) error {
		outcomes = make([]contacts.Outcome, len(list))
		for i, x := range list {
			var err error
			if outcomes[i], err = t.suppress(x, hashes[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return outcomes, err
}

func (t *tx) suppress(x contacts.Suppression, hash []byte) (contacts.Outcome, error) {
	if len(hash) != hashSize {
		return contacts.Foreign, nil
	}
	was, there, err := load[contacts.Standing](t, standings, hash)
	if err != nil {
		return 0, err
	}
	now := x.Apply(was)
	if now == was {
		return contacts.Unchanged, nil
	}
	if err := t.saveStanding(hash, now); err != nil {
		return 0, err
	}
	if now.Erased {
		c, listed, err := load[contacts.Contact](t, people, t.get(addresses, hash))
		if err != nil {
			return 0, err
		}
		if listed {
			if err := t.erase(c); err != nil {
				return 0, err
			}
		}
	}
	if there {
		return contacts.Updated, nil
	}
	return contacts.Added, nil
}

// Suppressed implements contacts.Store.
func (s *Store) Suppressed(ctx context.Context, each func(contacts.Suppression) error) error {
	return listing[contacts.Suppression]{
		store: s, bucket: standings,
		read: func(t *tx, hash, raw []byte) (x contacts.Suppression, ok bool, err error) {
			x.Hash = s.named(hash)
			if x.Standing, err = decode[contacts.Standing](raw); err != nil || !x.Standing.Stops() {
				return x, false, err
			}
			if id := t.get(addresses, hash); id != nil {
				c, _, err := load[contacts.Contact](t, people, id)
				x.Email = c.Email
				return x, true, err
			}
			return x, true, nil
		},
	}.each(ctx, each)
}
