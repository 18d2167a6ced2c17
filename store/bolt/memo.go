package bolt

import (
	"bytes"

	"viesti/contacts"
	"viesti/outbox"
)

// memo keeps records of a bucket as they were decoded, for those that are about to be asked for
// again: a message and its recipient are read when it is claimed and when its result comes. What
// is stored decides, so a memo cannot be out of date. It belongs to the committer.
type memo[T any] struct {
	bucket bucket
	kept   map[string]decoded[T]
}

type decoded[T any] struct {
	raw []byte
	v   T
}

// memos are those of a store.
type memos struct {
	messages memo[outbox.Message]
	people   memo[contacts.Contact]
}

// memoSize bounds what is kept of claims whose result never comes.
const memoSize = 8192

// load reads a record.
func (m *memo[T]) load(t *tx, key []byte) (v T, ok bool, err error) {
	raw := t.get(m.bucket, key)
	if raw == nil {
		return v, false, nil
	}
	if d, ok := m.kept[string(key)]; ok && bytes.Equal(d.raw, raw) {
		return d.v, true, nil
	}
	v, err = decode[T](raw)
	return v, err == nil, err
}

// keep remembers a record that was just read or written.
func (m *memo[T]) keep(t *tx, key []byte, v T) {
	if m.kept == nil || len(m.kept) >= memoSize {
		m.kept = map[string]decoded[T]{}
	}
	m.kept[string(key)] = decoded[T]{bytes.Clone(t.get(m.bucket, key)), v}
}

func (m *memo[T]) forget(key []byte) { delete(m.kept, string(key)) }
