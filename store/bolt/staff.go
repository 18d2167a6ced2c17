package bolt

import (
	"bytes"
	"context"
	"time"

	"viesti/staff"
)

// Grants implements staff.Store.
func (s *Store) Grants(ctx context.Context) ([]staff.Grant, error) {
	return all[staff.Grant](ctx, s, grants)
}

// ChangeGrants implements staff.Store.
func (s *Store) ChangeGrants(ctx context.Context, who string, change func([]staff.Grant) []staff.Grant) error {
	return s.update(ctx, func(t *tx) error {
		var have []staff.Grant
		for _, raw := range t.pairs(grants, grantKey(who, ""), nil) {
			g, err := decode[staff.Grant](raw)
			if err != nil {
				return err
			}
			have = append(have, g)
		}
		wanted := change(have)
		for _, g := range have {
			if err := t.delete(grants, grantKey(who, g.Network)); err != nil {
				return err
			}
		}
		for _, g := range wanted {
			if err := t.save(grants, grantKey(who, g.Network), g); err != nil {
				return err
			}
		}
		return nil
	})
}

// ChangeClaim implements staff.Store.
func (s *Store) ChangeClaim(ctx context.Context, change func(*staff.Claim) *staff.Grant) error {
	return s.update(ctx, func(t *tx) error {
		c, _, err := load[staff.Claim](t, meta, metaClaim)
		if err != nil {
			return err
		}
		granted := change(&c)
		if granted != nil {
			if err := t.save(grants, grantKey(granted.Who, granted.Network), *granted); err != nil {
				return err
			}
		}
		if c == (staff.Claim{}) {
			return t.delete(meta, metaClaim)
		}
		return t.save(meta, metaClaim, c)
	})
}

// Person implements staff.Store.
func (s *Store) Person(ctx context.Context, user string) (p staff.Person, err error) {
	err = s.view(ctx, func(t *tx) (err error) {
		p, _, err = load[staff.Person](t, persons, []byte(user))
		return err
	})
	p.User = user
	return p, err
}

// PutPerson implements staff.Store.
func (s *Store) PutPerson(ctx context.Context, p staff.Person) error {
	return s.update(ctx, func(t *tx) error { return t.save(persons, []byte(p.User), p) })
}

// forgetStaff removes what an account without a role has chosen, and what it was told.
func (t *tx) forgetStaff(user string) error {
	if user == "" {
		return nil
	}
	for range t.pairs(grants, grantKey(user, ""), nil) {
		return nil
	}
	if err := t.delete(persons, []byte(user)); err != nil {
		return err
	}
	told, err := t.messagesTo(user)
	for _, m := range told {
		if err := t.dropMessage(m); err != nil {
			return err
		}
	}
	return err
}

// Digests implements staff.Store.
func (s *Store) Digests(ctx context.Context) ([]staff.Digest, error) {
	return all[staff.Digest](ctx, s, digests)
}

// PutDigest implements staff.Store.
func (s *Store) PutDigest(ctx context.Context, d staff.Digest) error {
	return s.update(ctx, func(t *tx) error { return t.save(digests, []byte(d.Network), d) })
}

// Spend implements staff.Store.
func (s *Store) Spend(ctx context.Context, id string, until, now time.Time) (first bool, err error) {
	err = s.update(ctx, func(t *tx) error {
		var old [][]byte
		for k, raw := range t.pairs(spent, nil, nil) {
			kept, err := decode[time.Time](raw)
			if err != nil {
				return err
			}
			if !kept.After(now) {
				old = append(old, bytes.Clone(k))
			}
		}
		for _, k := range old {
			if err := t.delete(spent, k); err != nil {
				return err
			}
		}
		if first = !t.has(spent, []byte(id)); !first {
			return nil
		}
		return t.save(spent, []byte(id), until.UTC())
	})
	return first && err == nil, err
}
