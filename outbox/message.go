// Package outbox is the messages of a wave and what became of each: claimed durably before it
// leaves, marked with the carrier's answer after, tried again when that is safe, and shown to a
// person when nobody can know.
//
// It decides neither whom to write to (campaign) nor what a letter looks like (mailer, bot), and
// it keeps no address: a message names its recipient by id, and the address is looked up when
// the message is claimed, so that an opt-out silences what is queued.
package outbox

import (
	"strconv"
	"strings"
	"time"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/link"
)

// Kind is what a message is in its wave.
type Kind string

// The kinds; reminders are numbered by Reminder.
const (
	Invitation Kind = "invitation"
	LastCall   Kind = "last-call"
	ThankYou   Kind = "thank-you" // after the close
	Test       Kind = "test"      // to see that letters arrive
)

const reminderPrefix = "reminder-"

// Reminder is the kind of the nth reminder, counted from 1.
func Reminder(n int) Kind { return Kind(reminderPrefix + strconv.Itoa(n)) }

// Number is which reminder this is, 0 for other kinds.
func (k Kind) Number() int {
	if s, ok := strings.CutPrefix(string(k), reminderPrefix); ok {
		n, _ := strconv.Atoi(s)
		return n
	}
	return 0
}

// Key is a message's identity: one message for a recipient, wave and kind, however many
// networks the recipient is in. The recipient goes first, so that a person's messages lie
// together.
type Key struct {
	Recipient string `json:"recipient"` // a contact's id; or Channel, Shared or Staff
	Wave      string `json:"wave"`
	Kind      Kind   `json:"kind"`
}

// State is where a message is.
type State string

// The states of a message.
const (
	Pending   State = "pending"   // to be sent when Due
	Sending   State = "sending"   // claimed; may be with the carrier
	Sent      State = "sent"      // the carrier took it
	Retrying  State = "retrying"  // not taken; to be tried again when Due
	Failed    State = "failed"    // refused for good
	Uncertain State = "uncertain" // may or may not have been taken: a person decides
	Cancelled State = "cancelled" // no longer wanted
)

// States are all states, in the order in which people are shown them.
var States = []State{Pending, Sending, Sent, Retrying, Failed, Uncertain, Cancelled}

// Anonymous is what stays of a message when its recipient is erased: that it was one. Nothing that
// still waits is sent.
func (m Message) Anonymous() Message {
	m.Reply.Text, m.Reply.Ref, m.MessageID = "", "", ""
	if m.Waiting() {
		m.State, m.Reason = Cancelled, ReasonErased
	}
	return m
}

// Ended is the state of a message that nobody can send or decide on any more, because it is gone.
func (s State) Ended() State {
	if s == Sent || s == Failed {
		return s
	}
	return Cancelled
}

// Reply is what a carrier said: for people and logs, never an address.
type Reply struct {
	Class    Class  `json:"class,omitempty"`
	Code     string `json:"code,omitempty"`     // SMTP reply code, Slack error code
	Enhanced string `json:"enhanced,omitempty"` // RFC 3463
	Text     string `json:"text,omitempty"`
	Ref      string `json:"ref,omitempty"`   // the carrier's name for the message: queue id, channel and ts
	Relay    string `json:"relay,omitempty"` // who said it, where there are several
}

// Message is a message and what became of it.
type Message struct {
	Key
	Network   string       `json:"network"` // whose link it carries
	Carrier   link.Channel `json:"carrier"` // link.Mail or link.Slack
	State     State        `json:"state"`
	Due       time.Time    `json:"due"`               // not before
	Expires   time.Time    `json:"expires,omitzero"`  // not from then on
	Queued    time.Time    `json:"queued"`            // when it was put in the outbox
	Attempt   int          `json:"attempt,omitempty"` // how often it was claimed
	MessageID string       `json:"message_id,omitempty"`
	Claimed   time.Time    `json:"claimed,omitzero"`
	Mark      Mark         `json:"mark,omitzero"`    // while Sending
	Tried     time.Time    `json:"tried,omitzero"`   // when it was first put off
	Settled   time.Time    `json:"settled,omitzero"` // when it came to its present state after a claim
	Reply     Reply        `json:"reply,omitzero"`
	Reason    string       `json:"reason,omitempty"` // why it was cancelled
}

// Waiting tells whether the message is still to be sent.
func (m Message) Waiting() bool { return m.State.waiting() }

func (s State) waiting() bool { return s == Pending || s == Retrying }

// Cell is where a message stands in the tally; each is counted in exactly one.
type Cell struct {
	Wave    string
	Network string
	Carrier link.Channel
	Kind    Kind
	State   State
}

// Cell is the cell the message is counted in.
func (m Message) Cell() Cell { return Cell{m.Wave, m.Network, m.Carrier, m.Kind, m.State} }

// Tally is the number of messages in a cell.
type Tally struct {
	Cell
	N int64
}

// Delivery is a claimed message with all a carrier needs to send it.
type Delivery struct {
	Message
	Contact contacts.Contact // the recipient; zero where it is no contact
	Network contacts.Network
	URL     string // the network's survey link
	Onward  string // that with which readers pass it on
	Follows string // Message-ID of the invitation that the message comes after; empty: none is known
}

// After is the Message-ID of the invitation, if the recipient got it by the carrier of m, so that
// their mail program shows both together.
func (m Message) After(invitation Message) string {
	if invitation.Key == m.Key || invitation.Carrier != m.Carrier || invitation.State != Sent {
		return ""
	}
	return invitation.MessageID
}

// Lang is the language of a letter: the contact's, else the first their network has a name in.
func (d Delivery) Lang() i18n.Lang {
	if d.Contact.Language != "" {
		return d.Contact.Language
	}
	return d.Network.Langs()[0]
}
