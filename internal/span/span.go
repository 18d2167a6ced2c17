// Package span is lengths of time as people write them in a configuration: "7d", "36h", "1d12h".
// It knows no calendar: a day is 24 hours.
package span

import (
	"fmt"
	"strings"
	"time"
)

// Span is a length of time.
type Span time.Duration

// Parse reads whole days before the units that time.ParseDuration knows; a length may not be
// negative.
func Parse(s string) (Span, error) {
	rest := s
	var days int64
	if n, after, ok := strings.Cut(s, "d"); ok {
		if _, err := fmt.Sscanf(n+"\n", "%d\n", &days); err != nil || n != fmt.Sprint(days) || days > 36500 {
			return 0, fmt.Errorf("span: %q is no number of days", n)
		}
		rest = after
	}
	total := time.Duration(days) * 24 * time.Hour
	if rest != "" || s == "" {
		d, err := time.ParseDuration(rest)
		if err != nil {
			return 0, fmt.Errorf("span: %w", err)
		}
		total += d
	}
	if total < 0 {
		return 0, fmt.Errorf("span: %q is negative", s)
	}
	return Span(total), nil
}

// Duration is the span as the standard library counts it.
func (s Span) Duration() time.Duration { return time.Duration(s) }

// UnmarshalText reads a span from a configuration; an empty one is zero.
func (s *Span) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*s = 0
		return nil
	}
	parsed, err := Parse(string(text))
	if err == nil {
		*s = parsed
	}
	return err
}

// MarshalText writes the span so that UnmarshalText reads it.
func (s Span) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// String is the span in days as far as it has whole ones.
func (s Span) String() string {
	d := time.Duration(s)
	days := d / (24 * time.Hour)
	rest := d % (24 * time.Hour)
	switch {
	case days == 0:
		return rest.String()
	case rest == 0:
		return fmt.Sprintf("%dd", days)
	default:
		return fmt.Sprintf("%dd%s", days, rest)
	}
}
