package bolt

import (
	"bytes"
	"context"
)

// pageSize is how many records are read in one go.
const pageSize = 500

// listing reads the records under a prefix of a bucket, in the order of their keys.
type listing[T any] struct {
	store  *Store
	bucket bucket
	prefix []byte
	// read makes a record of a pair; ok is false when it is not wanted.
	read func(t *tx, key, value []byte) (v T, ok bool, err error)
}

// each calls do for every record, outside of any transaction.
func (l listing[T]) each(ctx context.Context, do func(T) error) error {
	return l.pages(ctx, func(page []T) error {
		for _, v := range page {
			if err := do(v); err != nil {
				return err
			}
		}
		return nil
	})
}

// pages calls do for the records of each page, which are its to keep.
func (l listing[T]) pages(ctx context.Context, do func([]T) error) error {
	for last, more := []byte(nil), true; more; {
		page, next, err := l.page(ctx, last)
		if err != nil {
			return err
		}
		if err := do(page); err != nil {
			return err
		}
		last, more = next, next != nil
	}
	return nil
}

// page reads on after a key. The key it gives is nil when there is nothing more.
func (l listing[T]) page(ctx context.Context, after []byte) (page []T, last []byte, err error) {
	err = l.store.view(ctx, func(t *tx) error {
		for k, raw := range t.pairs(l.bucket, l.prefix, after) {
			v, ok, err := l.read(t, k, raw)
			if err != nil {
				return err
			}
			if ok && page == nil {
				page = make([]T, 0, pageSize)
			}
			if ok {
				page = append(page, v)
			}
			if len(page) == pageSize {
				last = bytes.Clone(k)
				return nil
			}
		}
		return nil
	})
	return page, last, err
}

// all reads every record in one transaction.
func all[T any](ctx context.Context, s *Store, b bucket) ([]T, error) {
	var list []T
	err := s.view(ctx, func(t *tx) error {
		for _, raw := range t.pairs(b, nil, nil) {
			v, err := decode[T](raw)
			if err != nil {
				return err
			}
			list = append(list, v)
		}
		return nil
	})
	return list, err
}
