package bolt

import (
	"bytes"
	"context"
	"time"

	"viesti/audit"
)

// AddEntry implements audit.Store.
func (s *Store) AddEntry(ctx context.Context, e audit.Entry) error {
	raw, err := encode(e)
	if err != nil {
		return err
	}
	return s.update(ctx, func(t *tx) error {
		b, err := t.create(audits)
		if err != nil {
			return err
		}
		n, err := b.NextSequence() // entries of one moment keep their order
		if err != nil {
			return err
		}
		return t.put(audits, append(stamp(e.At), number(int64(n))...), raw) //nolint:gosec // far less
	})
}

// Entries implements audit.Store.
func (s *Store) Entries(ctx context.Context, each func(audit.Entry) error) error {
	return listing[audit.Entry]{
		store: s, bucket: audits,
		read: func(_ *tx, _, raw []byte) (audit.Entry, bool, error) {
			e, err := decode[audit.Entry](raw)
			return e, true, err
		},
	}.each(ctx, each)
}

// ForgetEntries implements audit.Store.
func (s *Store) ForgetEntries(ctx context.Context, before time.Time) (n int, err error) {
	err = s.update(ctx, func(t *tx) error {
		var old [][]byte
		for k := range t.pairs(audits, nil, nil) {
			if bytes.Compare(k[:stampSize], stamp(before)) >= 0 {
				break
			}
			old = append(old, bytes.Clone(k))
		}
		for _, k := range old {
			if err := t.delete(audits, k); err != nil {
				return err
			}
		}
		n = len(old)
		return nil
	})
	return n, err
}
