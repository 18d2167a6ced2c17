package outbox

import (
	"time"

	"viesti/contacts"
	"viesti/link"
)

// Recipient is a contact as planning sees them: who they are and what became of their messages,
// in every wave. It is a digest of records that are kept in full elsewhere, so that to look at a
// million people is not to read everything there is of them.
type Recipient struct {
	// Known has what tells whether and how somebody is written to. It lacks the token, the
	// name, the organisation, the language, and the causes of the standing.
	contacts.Known
	Traces []Trace // by wave and kind
}

// Trace is what is left to know of a message when something is to follow it.
type Trace struct {
	Wave    string
	Kind    Kind
	Carrier link.Channel
	State   State
	Reason  string    // why it was cancelled
	At      time.Time // when it is due, while it waits; else when it came to its state
}

// Trace is the message in short.
func (m Message) Trace() Trace {
	at := m.Settled
	if m.Waiting() {
		at = m.Due
	}
	return Trace{Wave: m.Wave, Kind: m.Kind, Carrier: m.Carrier, State: m.State, Reason: m.Reason, At: at}
}

// Waiting tells whether the message is still to be sent.
func (t Trace) Waiting() bool { return t.State.waiting() }
