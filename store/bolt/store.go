// Package bolt keeps everything in one file, a bbolt database: the store for one machine. It
// groups the changes of all callers into few transactions, each synced to disk before anybody is
// answered.
//
// It decides nothing: what an event or an answer leads to is computed by the rooms' own types,
// which it calls inside its transactions. Nothing of bbolt is visible outside.
package bolt

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync/atomic"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"viesti/audit"
	"viesti/bounce"
	"viesti/contacts"
	"viesti/link"
	"viesti/outbox"
	"viesti/staff"
	"viesti/survey"
)

var (
	_ survey.Store   = (*Store)(nil)
	_ contacts.Store = (*Store)(nil)
	_ link.Store     = (*Store)(nil)
	_ outbox.Store   = (*Store)(nil)
	_ bounce.Store   = (*Store)(nil)
	_ staff.Store    = (*Store)(nil)
	_ audit.Store    = (*Store)(nil)
)

// Options say where a store is.
type Options struct {
	Path string    // of the file; it and its folder are made when they are not there
	Rand io.Reader // cryptographic, for the secret of a new store; nil: crypto/rand
}

// Store is an open store. Its methods may be called from any number of goroutines. Methods that
// take a function for each record read piece by piece and hold nothing while it runs: it may call
// the store, and it may meet changes made meanwhile.
type Store struct {
	hasher
	path      string
	db        atomic.Pointer[bbolt.DB] // another one after a compaction
	committer *committer
}

// Open opens a store, or makes one, and brings its records up to date. The faults are
// "store.in_use" when another process holds it, "store.newer" when a newer program wrote it,
// "store.not_a_store", "store.damaged" and "store.cannot_open".
func Open(ctx context.Context, o Options) (*Store, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	isNew, err := prepare(o.Path)
	if err != nil {
		return nil, err
	}
	db, err := openFile(o.Path, false)
	if err != nil {
		return nil, err
	}
	s := opened(o.Path, db)
	if err := s.start(o.Rand); err != nil {
		return nil, errors.Join(err, s.db.Load().Close())
	}
	if isNew {
		syncFolder(o.Path)
	}
	return s, nil
}

func opened(path string, db *bbolt.DB) *Store {
	s := &Store{path: path}
	s.db.Store(db)
	return s
}

func (s *Store) start(random io.Reader) error {
	if err := migrate(s.db.Load(), s.path, migrations(random)); err != nil {
		return err
	}
	if err := s.readKey(); err != nil {
		return err
	}
	if err := s.finish(); err != nil {
		return err
	}
	m := &memos{messages: memo[outbox.Message]{bucket: messages}, people: memo[contacts.Contact]{bucket: people}}
	s.committer = startCommitter(s.db.Load, func(btx *bbolt.Tx) *tx {
		t := s.wrap(btx)
		t.memos = m
		return t
	})
	return nil
}

// readKey reads the secret of the hashes of addresses.
func (s *Store) readKey() error {
	return s.view(context.Background(), func(t *tx) error {
		s.hasher = bytes.Clone(t.get(meta, metaAddressKey))
		if len(s.hasher) == 0 {
			return errDamaged(s.path, errors.New("no address key"))
		}
		return nil
	})
}

// Close serves the callers in line, refuses new ones and closes the file. Closing twice is no
// fault.
func (s *Store) Close() error {
	if !s.committer.close() {
		return nil
	}
	return s.db.Load().Close()
}

func (s *Store) wrap(btx *bbolt.Tx) *tx {
	return &tx{root: btx.Bucket([]byte(root)), hasher: s.hasher}
}

// view reads in one transaction, which sees one state and holds nobody up.
func (s *Store) view(ctx context.Context, read func(*tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	btx, err := s.begin(false)
	if err != nil {
		return err
	}
	defer btx.Rollback() //nolint:errcheck // it only read
	return read(s.wrap(btx))
}

// begin begins a transaction on the file there is now: one that was closed a moment ago has been
// compacted.
func (s *Store) begin(writable bool) (*bbolt.Tx, error) {
	for {
		db := s.db.Load()
		btx, err := db.Begin(writable)
		if errors.Is(err, bolterrors.ErrDatabaseNotOpen) && s.db.Load() != db {
			continue
		}
		if err != nil {
			return nil, errClosed(err)
		}
		return btx, nil
	}
}

func (s *Store) update(ctx context.Context, change func(*tx) error) error {
	return s.committer.update(ctx, change)
}

// prepare makes the folder, and looks at a file that is there before it is opened for writing:
// bbolt itself would crash on one that is cut short.
func prepare(path string) (isNew bool, err error) {
	info, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return false, errCannotOpen(path, err)
		}
		return true, nil
	}
	if err != nil {
		return false, errCannotOpen(path, err)
	}
	if info.Size() == 0 {
		return true, nil
	}
	db, err := inspect(path)
	if err != nil {
		return false, err
	}
	return false, db.Close()
}

// syncFolder makes the new file's name durable. Not every system can sync a folder, and those
// that cannot need not.
func syncFolder(path string) {
	if dir, err := os.Open(filepath.Dir(path)); err == nil {
		_ = dir.Sync()
		_ = dir.Close()
	}
}

// inspect opens a file for reading alone and makes sure that it is whole and that its version is
// known.
func inspect(path string) (*bbolt.DB, error) {
	db, err := openFile(path, true)
	if err != nil {
		return nil, err
	}
	err = db.View(func(btx *bbolt.Tx) error {
		info, err := os.Stat(path)
		if err != nil {
			return errCannotOpen(path, err)
		}
		if info.Size() < btx.Size() {
			return errDamaged(path, fmt.Errorf("%d bytes of %d", info.Size(), btx.Size()))
		}
		_, err = knownVersion(btx, path, latest)
		return err
	})
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}
