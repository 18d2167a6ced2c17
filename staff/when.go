package staff

import (
	"strings"
	"time"
)

// Usual is the digest of a network that has set none of its own, where the configuration has it told
// at a time of the week; empty: not at all.
func Usual(network, when string) Digest {
	d := NewDigest(network)
	if day, at, ok := ParseWhen(when); ok {
		d.On, d.Day, d.At = true, day, at
	}
	return d
}

// ParseWhen reads a time of the week as a configuration has it: mon 09:00. The day is an English
// one, in full or its first three letters.
func ParseWhen(s string) (day time.Weekday, at Clock, ok bool) {
	word, clock, _ := strings.Cut(strings.ToLower(strings.TrimSpace(s)), " ")
	at, ok = ParseClock(strings.TrimSpace(clock))
	for d := time.Sunday; ok && d <= time.Saturday; d++ {
		if full := strings.ToLower(d.String()); word == full || word == full[:3] {
			return d, at, true
		}
	}
	return 0, 0, false
}
