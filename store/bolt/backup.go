package bolt

import (
	"cmp"
	"context"
	"errors"
	"io"
)

// Backup writes a copy of the store as it is at this moment, while others go on changing it. The
// copy is a store: opening it, or Verify, is all it takes to use it.
func (s *Store) Backup(ctx context.Context, w io.Writer) error {
	btx, err := s.db.Begin(false)
	if err != nil {
		return errClosed(err)
	}
	defer btx.Rollback() //nolint:errcheck // it only read
	if _, err = btx.WriteTo(patient{ctx, w}); err != nil {
		return cmp.Or(ctx.Err(), err) // bbolt hides what stopped it
	}
	return nil
}

// patient writes until its context ends.
type patient struct {
	ctx context.Context
	w   io.Writer
}

func (p patient) Write(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	return p.w.Write(b)
}

// Verify makes sure that a file, a backup above all, is a whole store that this program can open,
// and changes nothing in it. It reads all of it. Its faults are those of Open, and
// "store.missing".
func Verify(path string) (err error) {
	db, err := inspect(path)
	if err != nil {
		return err
	}
	s := &Store{path: path, db: db}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := s.readKey(); err != nil {
		return err
	}
	return s.Check(context.Background())
}
