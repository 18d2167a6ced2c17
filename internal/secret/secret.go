// Package secret holds values that must never be printed: passwords, tokens, keys.
// It does not store or encrypt them.
package secret

import "log/slog"

const mask = "<secret>"

// String is a secret in memory. Every way of printing or encoding it gives <secret>, or
// nothing when it is empty; Reveal alone gives the value.
type String string

// Reveal is the value itself, for the one call that needs it.
func (s String) Reveal() string { return string(s) }

// String masks the value, so that %v and %s cannot show it.
func (s String) String() string {
	if s == "" {
		return ""
	}
	return mask
}

// GoString masks the value for %#v.
func (s String) GoString() string { return `"` + s.String() + `"` }

// MarshalText masks the value in JSON, TOML and other encodings.
func (s String) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue masks the value in logs.
func (s String) LogValue() slog.Value { return slog.StringValue(s.String()) }
