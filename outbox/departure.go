package outbox

import (
	"time"

	"viesti/link"
)

// Departure is when a sent message left, to the hour. Each is counted in exactly one, so that the
// course of a wave can be shown without reading its messages.
type Departure struct {
	Wave    string
	Network string
	Carrier link.Channel
	Kind    Kind
	Hour    time.Time // its beginning, in UTC
}

// Departure is where the message is counted; ok is false for one that was not sent.
func (m Message) Departure() (d Departure, ok bool) {
	return Departure{m.Wave, m.Network, m.Carrier, m.Kind, m.Settled.UTC().Truncate(time.Hour)}, m.State == Sent
}

// Departed is the number of messages that left in an hour.
type Departed struct {
	Departure
	N int64
}

// Asks tells whether a message of the kind asks people to answer: nobody answers for a thank-you.
func (k Kind) Asks() bool { return k == Invitation || k == LastCall || k.Number() > 0 }
