package bolt

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"viesti/i18n"
	"viesti/internal/fault"
)

// lockWait is how long to wait for another process that holds the file: long enough for one that
// is just ending, short enough for a person at a terminal.
const lockWait = time.Second

// mapped is how much address space is set aside for the file, of which only what is used costs
// memory. Growing the map would wait for all readers, a running backup above all.
const mapped = 1 << 30

// openFile opens a database file with a lock on it: one writer, or any number of readers.
func openFile(path string, readOnly bool) (*bbolt.DB, error) {
	for {
		db, err := openMapped(path, readOnly, mapping())
		if err == nil || !errors.Is(err, errReplaced) {
			return db, err
		}
	}
}

// errReplaced means that the file was compacted while it was waited for.
var errReplaced = errors.New("store: replaced by a compact one")

func mapping() int {
	if runtime.GOOS == "windows" { // which would make the file that large
		return 0
	}
	return mapped
}

func openMapped(path string, readOnly bool, mapping int) (db *bbolt.DB, err error) {
	var file *os.File
	defer func() {
		if file != nil && replaced(path, file) {
			if err == nil {
				_ = db.Close()
			}
			db, err = nil, errReplaced
		}
	}()
	defer func() {
		if v := recover(); v != nil { // bbolt's way to report pages that make no sense
			db, err = nil, errDamaged(path, fmt.Errorf("bbolt: %v", v))
		}
	}()
	options := &bbolt.Options{
		Timeout:  lockWait,
		ReadOnly: readOnly,
		// The list of free pages as a map stays fast when there are many, after a purge say.
		FreelistType: bbolt.FreelistMapType,
		// It is written with each commit, a page more beside the others and no sync more:
		// without it, opening would read the whole file, and every command would cost more
		// with every answer.
		NoFreelistSync: false,
		// Its counters are a lock that all readers share, and nobody reads them.
		NoStatistics: true,
	}
	if !readOnly {
		options.InitialMmapSize = mapping
	}
	options.OpenFile = func(name string, flag int, mode os.FileMode) (_ *os.File, err error) {
		file, err = os.OpenFile(name, flag, mode)
		return file, err
	}
	db, err = bbolt.Open(path, 0o600, options)
	if err != nil {
		return nil, openFault(path, err)
	}
	return db, nil
}

// replaced tells whether a path leads to another file than the one that was opened.
func replaced(path string, file *os.File) bool {
	now, err := os.Stat(path)
	if err != nil {
		return false
	}
	was, err := file.Stat()
	return err == nil && !os.SameFile(was, now)
}

func openFault(path string, err error) error {
	var system syscall.Errno
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return fault.Wrap(err, fault.Conflict, "store.in_use", i18n.Args{"path": path})
	case errors.Is(err, fs.ErrNotExist):
		return fault.Wrap(err, fault.NotFound, "store.missing", i18n.Args{"path": path})
	case errors.As(err, &system):
		return errCannotOpen(path, err)
	default:
		return errNotAStore(path, err)
	}
}

func errCannotOpen(path string, cause error) error {
	return fault.Wrap(cause, fault.Unavailable, "store.cannot_open", i18n.Args{"path": path})
}

func errNotAStore(path string, cause error) error {
	return fault.Wrap(cause, fault.Invalid, "store.not_a_store", i18n.Args{"path": path})
}

func errNewer(path string) error {
	return fault.New(fault.Conflict, "store.newer", i18n.Args{"path": path})
}

func errDamaged(path string, cause error) error {
	return fault.Wrap(cause, fault.Internal, "store.damaged", i18n.Args{"path": path})
}

// The two that may reach a respondent: they name no file.

func errClosed(cause error) error {
	return fault.Wrap(cause, fault.Unavailable, "store.closed", nil)
}

func errUnwritable(cause error) error {
	return fault.Wrap(cause, fault.Unavailable, "store.unwritable", nil)
}
