package outbox

import (
	"fmt"
	"strings"
	"time"
)

// The kinds of messages to the people who run the survey. Like all kinds they are part of a
// message's identity, so each is sent at most once in a wave.
const (
	Card     Kind = "card"      // how a network fares, kept up to date where it stands
	AlertLow Kind = "alert-low" // the network lags behind the others
)

const (
	digestPrefix  = "digest-"
	problemPrefix = "problem-"
	purgePrefix   = "purge-"
)

// Digest is the kind of the digest of a week (ISO 8601).
func Digest(year, week int) Kind { return Kind(fmt.Sprintf("%s%d-w%02d", digestPrefix, year, week)) }

// Week is the week that a digest is of; ok is false for other kinds.
func (k Kind) Week() (year, week int, ok bool) {
	s, ok := strings.CutPrefix(string(k), digestPrefix)
	if !ok {
		return 0, 0, false
	}
	_, err := fmt.Sscanf(s, "%d-w%d", &year, &week)
	return year, week, err == nil
}

// PurgeSoon is the kind that tells that people's data are erased by themselves on a day.
func PurgeSoon(day time.Time) Kind { return Kind(purgePrefix + day.Format(time.DateOnly)) }

// Purge is the day that the message tells of; ok is false for other kinds.
func (k Kind) Purge() (day time.Time, ok bool) {
	s, ok := strings.CutPrefix(string(k), purgePrefix)
	if !ok {
		return day, false
	}
	day, err := time.Parse(time.DateOnly, s)
	return day, err == nil
}

// Problem is the kind that tells of Slack's refusal to post in a channel, by its code.
func Problem(code, channel string) Kind { return Kind(problemPrefix + code + "-" + channel) }

// Problem is what the message tells of; ok is false for other kinds.
func (k Kind) Problem() (code, channel string, ok bool) {
	s, ok := strings.CutPrefix(string(k), problemPrefix)
	if !ok {
		return "", "", false
	}
	code, channel, _ = strings.Cut(s, "-")
	return code, channel, true
}
