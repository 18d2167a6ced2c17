package bolt

import (
	"context"

	"viesti/link"
)

// PutLinks implements link.Store.
func (s *Store) PutLinks(ctx context.Context, list []link.Link) (now []link.Link, err error) {
	err = s.update(ctx, func(t *tx) error {
		now = make([]link.Link, len(list))
		for i, l := range list {
			var err error
			if now[i], err = t.putLink(l); err != nil {
				return err
			}
		}
		return nil
	})
	return now, err
}

func (t *tx) putLink(l link.Link) (link.Link, error) {
	key := linkKey(l.Key())
	if token := t.get(linkKeys, key); token != nil {
		there, _, err := load[link.Link](t, links, token)
		return there, err
	}
	if err := t.put(linkKeys, key, []byte(l.Token)); err != nil {
		return l, err
	}
	return l, t.save(links, []byte(l.Token), l)
}

// Link implements link.Store.
func (s *Store) Link(ctx context.Context, token string) (found link.Link, err error) {
	err = s.view(ctx, func(t *tx) error {
		var ok bool
		if found, ok, err = load[link.Link](t, links, []byte(token)); err == nil && !ok {
			return link.ErrNoLink
		}
		return err
	})
	return found, err
}

// LinkFor implements link.Store.
func (s *Store) LinkFor(ctx context.Context, key link.Key) (found link.Link, err error) {
	err = s.view(ctx, func(t *tx) error {
		token := t.get(linkKeys, linkKey(key))
		if token == nil {
			return link.ErrNoLink
		}
		found, _, err = load[link.Link](t, links, token)
		return err
	})
	return found, err
}

// Links implements link.Store.
func (s *Store) Links(ctx context.Context) ([]link.Link, error) {
	return all[link.Link](ctx, s, links)
}
