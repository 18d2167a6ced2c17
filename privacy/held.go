package privacy

import (
	"time"

	"viesti/audit"
	"viesti/bounce"
	"viesti/contacts"
	"viesti/i18n"
	"viesti/link"
	"viesti/outbox"
	"viesti/staff"
)

// Held is all that is held about an address.
type Held struct {
	Email string    `json:"email"`
	At    time.Time `json:"at"`
	// Contact is nil for who is not listed, opted out or not.
	Contact *contacts.Contact `json:"contact"`
	// Hashed tells whether a standing is kept under the hash of the address.
	Hashed       bool                   `json:"kept_under_hash"`
	Standing     contacts.Standing      `json:"standing"`
	Networks     []contacts.Network     `json:"-"` // those of the contact
	Dispositions []contacts.Disposition `json:"waves"`
	Letters      []Letter               `json:"messages"`
	Returned     []bounce.Record        `json:"returned"`
	Roles        []staff.Grant          `json:"roles"`              // by their account in Slack
	Speaks       i18n.Lang              `json:"language,omitempty"` // chosen in Slack
	Leads        []contacts.Network     `json:"coordinates"`        // whose coordinator they are named as
	Uses         []Use                  `json:"uses"`               // what was done with it, the last first
}

// Letter is a message to the person, as far as it is about them.
type Letter struct {
	Wave    string       `json:"wave"`
	Kind    outbox.Kind  `json:"kind"`
	Carrier link.Channel `json:"carrier"`
	State   outbox.State `json:"state"`
	Queued  time.Time    `json:"queued"`
	Settled time.Time    `json:"settled,omitzero"`
	Said    string       `json:"said,omitempty"` // what the carrier answered
	Reason  string       `json:"reason,omitempty"`
}

// LetterOf is a message as the person is shown it.
func LetterOf(m outbox.Message) Letter {
	return Letter{
		Wave: m.Wave, Kind: m.Kind, Carrier: m.Carrier, State: m.State, Queued: m.Queued, Settled: m.Settled,
		Said: m.Reply.Text, Reason: m.Reason,
	}
}

// Use is something that was done with a person's data. By whom is not told: who works for the
// organiser has rights of their own.
type Use struct {
	At  time.Time `json:"at"`
	Act audit.Act `json:"act"`
}

// Lang is the language in which the person is written to.
func (h Held) Lang() i18n.Lang {
	switch {
	case h.Contact != nil && h.Contact.Language != "":
		return h.Contact.Language
	case len(h.Networks) > 0:
		return h.Networks[0].Langs()[0]
	default:
		return i18n.Fi
	}
}
