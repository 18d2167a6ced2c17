package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"viesti/audit"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/store/bolt"
	"viesti/store/journal"
)

// Restore puts a backup in the place of a store that nobody has open. The store that was there is
// kept beside it; its new name is returned, empty when there was none. That who did so is written in
// the store that was brought back.
func Restore(ctx context.Context, who, store, backup string, now time.Time) (aside string, err error) {
	if err := bolt.Verify(backup); err != nil {
		return "", err
	}
	if _, err := os.Stat(store); err == nil {
		// Opening it proves that no other process has it.
		open, err := bolt.Open(ctx, bolt.Options{Path: store})
		if err != nil {
			return "", err
		}
		if err := open.Close(); err != nil {
			return "", err
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	copied := store + ".restoring"
	if err := copyFile(copied, backup); err != nil {
		return "", fault.Wrap(err, fault.Unavailable, "app.restore", i18n.Args{"file": store})
	}
	if _, err := os.Stat(store); err == nil {
		aside = store + setAside + now.Format("20060102-150405")
		if err := os.Rename(store, aside); err != nil {
			return "", fault.Wrap(err, fault.Unavailable, "app.restore", i18n.Args{"file": store})
		}
	}
	// What the journal knows is of the store that was there.
	if err := os.Remove(journal.Path(store)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return aside, fault.Wrap(err, fault.Unavailable, "app.restore", i18n.Args{"file": store})
	}
	if err := os.Rename(copied, store); err != nil {
		return aside, fault.Wrap(err, fault.Unavailable, "app.restore", i18n.Args{"file": store})
	}
	return aside, noteRestored(ctx, who, store, now)
}

func noteRestored(ctx context.Context, who, store string, now time.Time) error {
	s, err := bolt.Open(ctx, bolt.Options{Path: store})
	if err != nil {
		return err
	}
	book := audit.Book{Store: s, Now: func() time.Time { return now }}
	return errors.Join(book.Record(ctx, audit.Entry{Who: who, Act: audit.Restored}), s.Close())
}

// setAside is what the name of a store is followed by that a backup took the place of.
const setAside = ".before-"

func copyFile(to, from string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // only read
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	if err == nil {
		err = out.Sync()
	}
	return errors.Join(err, out.Close())
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:8])
}
