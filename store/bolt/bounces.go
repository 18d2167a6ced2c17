package bolt

import (
	"context"
	"errors"

	"viesti/bounce"
	"viesti/contacts"
)

// ChangeBounces implements bounce.Store.
func (s *Store) ChangeBounces(ctx context.Context, recipient string, decide func([]bounce.Record, contacts.Known) bounce.Decision) error {
	return s.update(ctx, func(t *tx) error {
		before, err := t.bouncesOf(recipient)
		if err != nil {
			return err
		}
		who, err := t.known(t.get(people, []byte(recipient)))
		if err != nil && !errors.Is(err, contacts.ErrNoContact) {
			return err
		}
		d := decide(before, who)
		for _, id := range d.Drop {
			if err := t.delete(bounces, bounceKey(recipient, id)); err != nil {
				return err
			}
		}
		for _, r := range d.Put {
			if err := t.save(bounces, bounceKey(r.Recipient, r.ID), r); err != nil {
				return err
			}
		}
		for _, h := range d.Happened {
			if err := t.happen(h, ""); err != nil && !errors.Is(err, contacts.ErrNoContact) {
				return err
			}
		}
		return nil
	})
}

func (t *tx) bouncesOf(recipient string) (list []bounce.Record, err error) {
	for _, raw := range t.pairs(bounces, bounceKey(recipient, ""), nil) {
		r, err := decode[bounce.Record](raw)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, nil
}

// forgetBounces removes what came back for somebody.
func (t *tx) forgetBounces(recipient string) error {
	list, err := t.bouncesOf(recipient)
	if err != nil {
		return err
	}
	for _, r := range list {
		if err := t.delete(bounces, bounceKey(recipient, r.ID)); err != nil {
			return err
		}
	}
	return nil
}

// Bounces implements bounce.Store.
func (s *Store) Bounces(ctx context.Context, each func(bounce.Record) error) error {
	return listing[bounce.Record]{
		store: s, bucket: bounces,
		read: func(_ *tx, _, raw []byte) (bounce.Record, bool, error) {
			r, err := decode[bounce.Record](raw)
			return r, true, err
		},
	}.each(ctx, each)
}
