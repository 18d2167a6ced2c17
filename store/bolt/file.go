package bolt

import (
	"errors"
	"fmt"
	"io/fs"
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
func openFile(path string, readOnly bool) (db *bbolt.DB, err error) {
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
	if !readOnly && runtime.GOOS != "windows" { // which would make the file that large
		options.InitialMmapSize = mapped
	}
	db, err = bbolt.Open(path, 0o600, options)
	if err != nil {
		return nil, openFault(path, err)
	}
	return db, nil
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
