package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"go.etcd.io/bbolt"
)

// bbolt never overwrites: a page that changes is written elsewhere, and the old one is free and
// keeps its bytes until something else needs the room. So the file as it grew holds what was
// removed, and where its pages lie says in which order they came. A tidy copy has neither: it is
// written anew in the order of the keys, of which those of answers and people are random. Two
// stores that hold the same are the same bytes, whatever happened on the way
// (TestNoTraceOfHistory).

// batch bounds the memory of a copy: that many bytes are written in one transaction.
const batch = 16 << 20

// scratch is how files beside the store begin that are of use for a moment only.
func scratch(path string) string { return filepath.Base(path) + ".tidy-" }

// Compact puts a tidy copy in the place of the file and overwrites the old one, while others go on
// reading; who writes waits. The copy says that it was made on a day; without one, the day of the
// last such copy stays.
func (s *Store) Compact(ctx context.Context, day string) error {
	return s.committer.alone(ctx, func() error { return s.compact(day) })
}

// Tidied is the day that was given to Compact last.
func (s *Store) Tidied(ctx context.Context) (day string, err error) {
	err = s.view(ctx, func(t *tx) error {
		day = string(t.get(meta, metaTidied))
		return nil
	})
	return day, err
}

// compact runs where nobody writes.
func (s *Store) compact(day string) error {
	name, _, err := s.tidyCopy(context.Background(), day) // to its end: a started one is soon finished
	if err != nil {
		return err
	}
	fresh, err := openMapped(name, false, mapping())
	if err != nil {
		return errors.Join(err, destroy(name))
	}
	was, err := os.OpenFile(s.path, os.O_WRONLY, 0)
	if err == nil {
		err = os.Rename(name, s.path)
	}
	if err != nil {
		return errUnwritable(errors.Join(err, fresh.Close(), destroy(name)))
	}
	syncFolder(s.path)
	old := s.db.Swap(fresh)
	err = old.Close() // when its readers have finished
	return errors.Join(err, overwrite(was))
}

// tidied notes that nothing of what was removed is left.
func (t *tx) tidied(day string) error {
	if day != "" {
		if err := t.put(meta, metaTidied, []byte(day)); err != nil {
			return err
		}
	}
	return t.delete(meta, metaUntidy)
}

// untidy notes that something was removed that must not stay in the file. Until the file is compact,
// opening it compacts it.
func (t *tx) untidy() error { return t.put(meta, metaUntidy, []byte{}) }

// finish does what a compaction that was cut short would have done. It runs before anybody else
// has the store.
func (s *Store) finish() error {
	left, err := filepath.Glob(filepath.Join(filepath.Dir(s.path), scratch(s.path)+"*"))
	if err != nil {
		return errCannotOpen(s.path, err)
	}
	for _, name := range left { // we have the lock, so nobody is writing it
		if err := destroy(name); err != nil {
			return errCannotOpen(s.path, err)
		}
	}
	due := false
	err = s.view(context.Background(), func(t *tx) error {
		due = t.has(meta, metaUntidy)
		return nil
	})
	if err != nil || !due {
		return err
	}
	return s.compact("")
}

// tidyCopy writes all that there is at this moment into a new file beside a store, and gives its
// name and how much of it is used. bbolt's own Compact writes many buckets in one transaction, in the
// order of a map of Go's, so that equal stores become different files; here it is one at a time.
func (s *Store) tidyCopy(ctx context.Context, day string) (name string, size int64, err error) {
	from, err := s.begin(false)
	if err != nil {
		return "", 0, err
	}
	defer from.Rollback()                                              //nolint:errcheck // it only read
	f, err := os.CreateTemp(filepath.Dir(s.path), scratch(s.path)+"*") // for its owner alone
	if err != nil {
		return "", 0, errUnwritable(err)
	}
	name = f.Name()
	if err := f.Close(); err != nil {
		return "", 0, errUnwritable(err)
	}
	// Free pages are taken in their order; nothing is synced before all is there.
	to, err := bbolt.Open(name, 0o600, &bbolt.Options{FreelistType: bbolt.FreelistArrayType, NoSync: true, NoStatistics: true})
	if err != nil {
		return "", 0, errors.Join(errUnwritable(err), destroy(name))
	}
	c := copying{ctx: ctx, to: to}
	err = from.ForEach(func(k []byte, b *bbolt.Bucket) error { return c.bucket([][]byte{k}, b) })
	if err == nil {
		err = to.Update(func(btx *bbolt.Tx) error { return s.wrap(btx).tidied(day) })
	}
	if err == nil {
		err = to.View(func(btx *bbolt.Tx) error { size = btx.Size(); return nil })
	}
	if err == nil {
		err = to.Sync()
	}
	if err := errors.Join(err, to.Close()); err != nil {
		return "", 0, errors.Join(errUnwritable(err), destroy(name))
	}
	return name, size, nil
}

// copying copies buckets in their order, each after the one before is written.
type copying struct {
	ctx context.Context //nolint:containedctx // lives no longer than the copy
	to  *bbolt.DB
}

func (c copying) bucket(path [][]byte, from *bbolt.Bucket) error {
	cursor := from.Cursor()
	k, v := cursor.First()
	for first := true; first || k != nil; first = false {
		if err := c.ctx.Err(); err != nil {
			return err
		}
		err := c.to.Update(func(btx *bbolt.Tx) (err error) {
			into, err := within(btx, path)
			if err != nil {
				return err
			}
			into.FillPercent = 1
			if first {
				err = into.SetSequence(from.Sequence())
			}
			for size := 0; err == nil && k != nil && size < batch; k, v = cursor.Next() {
				if v != nil {
					size += len(k) + len(v)
					err = into.Put(k, v)
				}
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return from.ForEachBucket(func(k []byte) error {
		return c.bucket(append(slices.Clone(path), bytes.Clone(k)), from.Bucket(k))
	})
}

// within finds the bucket at a path, or makes it.
func within(btx *bbolt.Tx, path [][]byte) (b *bbolt.Bucket, err error) {
	if b, err = btx.CreateBucketIfNotExists(path[0]); err != nil {
		return nil, err
	}
	for _, name := range path[1:] {
		if b, err = b.CreateBucketIfNotExists(name); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// destroy overwrites a file and removes it.
func destroy(name string) error {
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(overwrite(f), os.Remove(name))
}

// overwrite writes zeros over a file and closes it. A disk that writes elsewhere what is overwritten
// (solid state, copy on write, snapshots) keeps the old bytes all the same.
func overwrite(f *os.File) error {
	info, err := f.Stat()
	if err == nil {
		_, err = io.CopyN(io.NewOffsetWriter(f, 0), zeros{}, info.Size())
	}
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("store: overwrite: %w", err)
	}
	return nil
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
