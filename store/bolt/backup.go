package bolt

import (
	"context"
	"errors"
	"io"
	"os"
)

// Backup writes a copy of the store as it is at this moment, while others go on changing it. The
// copy is a store: opening it, or Verify, is all it takes to use it. It is a tidy one (Compact),
// and for as long as it is written it takes room beside the store.
func (s *Store) Backup(ctx context.Context, w io.Writer) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	name, size, err := s.tidyCopy(ctx, "")
	if err != nil {
		return err
	}
	defer destroy(name) //nolint:errcheck // the next start does it
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	_, err = io.CopyN(patient{ctx, w}, f, size) // beyond it the file has room to grow
	return errors.Join(err, f.Close())
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
	s := opened(path, db)
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := s.readKey(); err != nil {
		return err
	}
	return s.Check(context.Background())
}
