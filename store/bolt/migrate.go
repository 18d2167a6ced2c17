package bolt

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"go.etcd.io/bbolt"

	"viesti/outbox"
)

// latest is the version of the records this program writes.
const latest = 9

// migration brings the records from the version before to its own.
type migration struct {
	version int
	run     func(t *tx) error
}

// migrations are all of them, in order, the making of a new store first. Each needs a test on a
// real file of the version before, kept in testdata.
func migrations(random io.Reader) []migration {
	return []migration{
		{1, func(t *tx) error { return makeFirst(t, random) }},
		{2, func(t *tx) error { return t.createAll(removedBuckets()) }},
		{3, func(t *tx) error { return t.createAll(staffBuckets()) }},
		{4, splitQueues},
		{5, countCourse},
		{6, digestAll},
		{7, func(t *tx) error { return t.createAll(lifeBuckets()) }},
		{8, func(t *tx) error { return t.createAll(releaseBuckets()) }},
		{9, func(t *tx) error { return t.createAll(readingBuckets()) }},
	}
}

func (t *tx) createAll(list []bucket) error {
	for _, b := range list {
		if _, err := t.create(b); err != nil {
			return err
		}
	}
	return nil
}

func makeFirst(t *tx, random io.Reader) error {
	if err := t.createAll(firstBuckets()); err != nil {
		return err
	}
	key := make([]byte, 32)
	if _, err := io.ReadFull(random, key); err != nil {
		return fmt.Errorf("store: draw the address key: %w", err)
	}
	return t.put(meta, metaAddressKey, key)
}

// splitQueues gives each network a queue of its own, out of one for each carrier.
func splitQueues(t *tx) error {
	if err := t.drop(allDue); err != nil {
		return err
	}
	if err := t.createAll(pausedBuckets()); err != nil {
		return err
	}
	for key, raw := range t.pairs(messages, nil, nil) {
		m, err := decode[outbox.Message](raw)
		if err != nil {
			return err
		}
		if !m.Waiting() {
			continue
		}
		if err := t.put(queueOf(m), dueKey(m.Due, key), []byte{}); err != nil {
			return err
		}
	}
	return nil
}

// migrate runs what has not run yet, each migration in one transaction with its version.
func migrate(db *bbolt.DB, path string, list []migration) error {
	version := 0
	err := db.View(func(btx *bbolt.Tx) (err error) {
		version, err = knownVersion(btx, path, list[len(list)-1].version)
		return err
	})
	if err != nil {
		return err
	}
	for _, m := range list {
		if m.version <= version {
			continue
		}
		if err := db.Update(m.bump); err != nil {
			return fmt.Errorf("store: bring %s to version %d: %w", path, m.version, err)
		}
	}
	return nil
}

func (m migration) bump(btx *bbolt.Tx) error {
	top, err := btx.CreateBucketIfNotExists([]byte(root))
	if err != nil {
		return err
	}
	t := &tx{root: top}
	if err := m.run(t); err != nil {
		return err
	}
	if err := t.post(); err != nil {
		return err
	}
	return t.put(meta, metaVersion, []byte(strconv.Itoa(m.version)))
}

// knownVersion is the version of the records, 0 in a database that is still empty. One that is
// no store of ours, or newer than newest, is a fault.
func knownVersion(btx *bbolt.Tx, path string, newest int) (int, error) {
	top := btx.Bucket([]byte(root))
	if top == nil {
		return 0, strangeRoot(btx, path)
	}
	raw := (&tx{root: top}).get(meta, metaVersion)
	version, err := strconv.Atoi(string(raw))
	if err != nil {
		return 0, errNotAStore(path, err)
	}
	if version > newest {
		return 0, errNewer(path)
	}
	return version, nil
}

// strangeRoot says what a database without our root bucket is: nil when it is empty.
func strangeRoot(btx *bbolt.Tx, path string) error {
	name, _ := btx.Cursor().First()
	if name == nil {
		return nil
	}
	if n, ok := strings.CutPrefix(string(name), "v"); ok {
		if _, err := strconv.Atoi(n); err == nil {
			return errNewer(path)
		}
	}
	return errNotAStore(path, errors.New("no bucket "+root))
}
