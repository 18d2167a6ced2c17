package bolt

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"iter"
	"slices"

	"go.etcd.io/bbolt"

	"viesti/contacts"
)

// tx is one transaction, as the other files see it.
type tx struct {
	hasher
	memos   *memos // nil in a transaction that only reads
	root    *bbolt.Bucket
	writes  int                         // so far; what has written nothing need not be undone
	counted map[bucket]map[string]int64 // by tally and cell, not yet posted
}

func (t *tx) bucket(b bucket) *bbolt.Bucket {
	found := t.root.Bucket([]byte(b.name))
	if found == nil || b.sub == "" {
		return found
	}
	return found.Bucket([]byte(b.sub))
}

func (t *tx) create(b bucket) (*bbolt.Bucket, error) {
	t.writes++
	made, err := t.root.CreateBucketIfNotExists([]byte(b.name))
	if err != nil || b.sub == "" {
		return made, err
	}
	return made.CreateBucketIfNotExists([]byte(b.sub))
}

// drop removes a bucket and all that is in it.
func (t *tx) drop(b bucket) error {
	t.writes++
	return t.root.DeleteBucket([]byte(b.name))
}

// get is the value of a key, nil when there is none. It is valid until the transaction ends.
func (t *tx) get(b bucket, key []byte) []byte {
	if found := t.bucket(b); found != nil {
		return found.Get(key)
	}
	return nil
}

func (t *tx) has(b bucket, key []byte) bool { return t.get(b, key) != nil }

func (t *tx) put(b bucket, key, value []byte) error {
	found := t.bucket(b)
	if found == nil {
		var err error
		if found, err = t.create(b); err != nil {
			return err
		}
	}
	t.writes++
	return found.Put(key, value)
}

func (t *tx) delete(b bucket, key []byte) error {
	found := t.bucket(b)
	if found == nil {
		return nil
	}
	t.writes++
	return found.Delete(key)
}

// pairs are the keys that begin with prefix and come after the key after, with their values.
// Nothing may be written to the bucket on the way.
func (t *tx) pairs(b bucket, prefix, after []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(k, v []byte) bool) {
		found := t.bucket(b)
		if found == nil {
			return
		}
		from := prefix
		if after != nil {
			from = append(bytes.Clone(after), 0) // the least key that is greater
		}
		c := found.Cursor()
		for k, v := c.Seek(from); k != nil && bytes.HasPrefix(k, prefix); k, v = c.Next() {
			if !yield(k, v) {
				return
			}
		}
	}
}

// merged are the keys of several buckets in one order, after the key after, with the bucket that
// each lies in. Nothing may be written to these on the way.
func (t *tx) merged(list []bucket, after []byte) iter.Seq2[bucket, []byte] {
	type head struct {
		in     bucket
		cursor *bbolt.Cursor
		key    []byte
	}
	return func(yield func(in bucket, k []byte) bool) {
		heads := make([]head, 0, len(list))
		put := func(h head) {
			if h.key == nil {
				return
			}
			at, _ := slices.BinarySearchFunc(heads, h.key, func(x head, key []byte) int { return bytes.Compare(x.key, key) })
			heads = slices.Insert(heads, at, h)
		}
		from := append(bytes.Clone(after), 0)
		for _, b := range list {
			if found := t.bucket(b); found != nil {
				c := found.Cursor()
				k, _ := c.Seek(from)
				put(head{b, c, k})
			}
		}
		for len(heads) > 0 {
			h := heads[0]
			if !yield(h.in, h.key) {
				return
			}
			heads = slices.Delete(heads, 0, 1)
			h.key, _ = h.cursor.Next()
			put(h)
		}
	}
}

// load reads a record.
func load[T any](t *tx, b bucket, key []byte) (v T, ok bool, err error) {
	raw := t.get(b, key)
	if raw == nil {
		return v, false, nil
	}
	v, err = decode[T](raw)
	return v, err == nil, err
}

// save writes a record.
func (t *tx) save(b bucket, key []byte, v any) error {
	raw, err := encode(v)
	if err != nil {
		return err
	}
	return t.put(b, key, raw)
}

// hasher is the secret with which addresses are hashed.
type hasher []byte

// hashSize is how many bytes of a hash are kept.
const hashSize = 16

// hash is what stands for an address in keys. Without the secret in meta nobody can try
// addresses against it, so the standing of one who was erased names nobody.
func (h hasher) hash(email string) []byte {
	mac := hmac.New(sha256.New, h)
	mac.Write([]byte(contacts.AddressKey(email)))
	return mac.Sum(nil)[:hashSize]
}
