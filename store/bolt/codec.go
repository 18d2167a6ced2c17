package bolt

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"
)

// Records are JSON: readable by any tool in twenty years, and a field more or less needs no
// migration. Maps are encoded in the order of their keys, so equal records are equal bytes.

func encode(v any) ([]byte, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("store: encode %T: %w", v, err)
	}
	return raw, nil
}

func decode[T any](raw []byte) (v T, err error) {
	if err := json.Unmarshal(raw, &v); err != nil {
		return v, fmt.Errorf("store: decode %T: %w", v, err)
	}
	return v, nil
}

// join makes a key of parts. No part can hold a NUL: ids, tokens and codes are checked words.
func join(parts ...string) []byte { return []byte(strings.Join(parts, "\x00")) }

// split takes a key of n parts apart. Of a key that has another number it gives n empty ones,
// which Check then finds.
func split(key []byte, n int) []string {
	parts := strings.Split(string(key), "\x00")
	if len(parts) != n {
		return make([]string, n)
	}
	return parts
}

func flags(list ...bool) string {
	b := bytes.Repeat([]byte{'-'}, len(list))
	for i, set := range list {
		if set {
			b[i] = 'x'
		}
	}
	return string(b)
}

// flagged tells whether the ith flag is set.
func flagged(s string, i int) bool { return i < len(s) && s[i] == 'x' }

func number(n int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) } //nolint:gosec // read back by count

func count(raw []byte) int64 {
	if len(raw) != 8 {
		return 0
	}
	return int64(binary.BigEndian.Uint64(raw)) //nolint:gosec // written by number
}

// stampSize is the length of an instant in a key.
const stampSize = 8

// stamp is an instant that sorts as bytes: nanoseconds since 1970. What lies before then or
// after 2262, the zero time above all, is taken to the nearer end.
func stamp(t time.Time) []byte {
	n := int64(0)
	switch last := time.Unix(0, math.MaxInt64); {
	case t.After(last):
		n = math.MaxInt64
	case t.Unix() >= 0:
		n = t.UnixNano()
	}
	return number(n)
}

func instant(key []byte) time.Time { return time.Unix(0, count(key[:stampSize])).UTC() }
