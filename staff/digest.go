package staff

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	"viesti/i18n"
)

// Digest is when and where a network's weekly digest is told.
type Digest struct {
	Network string       `json:"network"`
	On      bool         `json:"on"`
	Day     time.Weekday `json:"day"`
	At      Clock        `json:"at"`
	// To is the channel (C…, G…) or the person (U…, W…) it goes to; empty: the coordinators.
	To   string    `json:"to,omitempty"`
	Lang i18n.Lang `json:"lang,omitempty"` // empty: the network's
}

// NewDigest are the settings of a network that has none: off, and on Monday at nine if it is
// turned on.
func NewDigest(network string) Digest {
	return Digest{Network: network, Day: time.Monday, At: 9 * 60}
}

// Last is the last moment, not after now, at which the digest was to be told, in the zone of now.
func (d Digest) Last(now time.Time) time.Time {
	back := (int(now.Weekday()) - int(d.Day) + 7) % 7
	at := d.At.on(now, -back)
	if at.After(now) {
		at = d.At.on(now, -back-7)
	}
	return at
}

// Clock is a time of day in minutes after midnight.
type Clock int

// on is the time on a day a number of days from that of t. A time that a change of clocks leaves
// out is the one after it.
func (c Clock) on(t time.Time, days int) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day()+days, int(c)/60, int(c)%60, 0, 0, t.Location())
}

func (c Clock) String() string { return fmt.Sprintf("%d:%02d", c/60, c%60) }

var clockForm = regexp.MustCompile(`^([01]?\d|2[0-3])(?:[:.]([0-5]\d))?$`)

// ParseClock reads a time of day as people write it: 9, 9:00, 09.30.
func ParseClock(s string) (Clock, bool) {
	m := clockForm.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	hour, _ := strconv.Atoi(m[1]) // digits both, or nothing
	minute, _ := strconv.Atoi(m[2])
	return Clock(hour*60 + minute), true
}
