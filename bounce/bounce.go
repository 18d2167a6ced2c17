// Package bounce understands what comes back by mail: reports that a letter did not arrive, in
// the standards' form or in any of the forms that servers have made up, complaints, automatic
// replies, and answers by people. It finds the letter a mail is about, decides what follows, and
// keeps the words that led to it, so that every decision can be seen and undone.
//
// It fetches no mail (bounce/imap, bounce/listen and the command do) and sends none; and it blames
// nobody for what may be a fault of ours: what it does not understand stops nothing.
package bounce

import (
	"context"
	"time"

	"viesti/contacts"
	"viesti/outbox"
)

// Class is what came back.
type Class string

// The classes. The first three are said of a recipient, policy of us.
const (
	Dead      Class = "address_dead" // nobody there: nothing more is sent
	Full      Class = "mailbox_full" // counted; see softRule
	Transient Class = "transient"    // given up for a reason that passes; counted likewise
	Policy    Class = "policy"       // refused for what we sent or how: an alert, nobody is blamed
	Complaint Class = "complaint"    // reported as unwanted: an opt-out at once
	Leaving   Class = "leaving"      // a mail to the address that ends the messages (Leave): an opt-out
	Delayed   Class = "delayed"      // the relay is still trying
	Delivered Class = "delivered"    // a report of success
	AutoReply Class = "auto_reply"   // an absence, a receipt
	Challenge Class = "challenge"    // wants us to prove that we are people
	Human     Class = "human"        // forwarded, never eaten
	Unclear   Class = "unclear"      // came back, and nobody can tell why
	Forged    Class = "forged"       // names a letter we never sent: dropped
	Looping   Class = "looping"      // a mail that we forwarded has come back
)

// Classes are all classes, in the order in which people are shown them.
var Classes = []Class{
	Dead, Full, Transient, Policy, Complaint, Leaving, Delayed, Delivered, AutoReply, Challenge, Human, Unclear, Forged, Looping,
}

// Effect is what was done.
type Effect string

// The effects.
const (
	Nothing   Effect = "nothing"
	Stopped   Effect = "stopped"   // nothing more is sent to the address
	Counted   Effect = "counted"   // towards stopping
	OptedOut  Effect = "opted_out" // the person is taken to wish no more
	Alerted   Effect = "alerted"   // whoever runs this has to look
	Forwarded Effect = "forwarded" // to reply_to
	Unmatched Effect = "unmatched" // understood, but nobody can tell which letter it is about
)

// Record is a mail that came back and what was made of it.
type Record struct {
	ID        string      `json:"id"`
	At        time.Time   `json:"at"`
	Class     Class       `json:"class"`
	Effect    Effect      `json:"effect"`
	Recipient string      `json:"recipient,omitempty"` // a contact's id; empty: unmatched
	Wave      string      `json:"wave,omitempty"`
	Kind      outbox.Kind `json:"kind,omitempty"`
	Code      string      `json:"code,omitempty"`     // SMTP reply
	Enhanced  string      `json:"enhanced,omitempty"` // RFC 3463
	Words     string      `json:"words,omitempty"`    // that led to the class; never an address
	Form      string      `json:"form,omitempty"`     // what the mail was recognised as
	Undone    time.Time   `json:"undone,omitzero"`
}

// Decision is what follows from a mail.
type Decision struct {
	Put      []Record // to keep; a record of the same ID is replaced
	Drop     []string // ids to forget
	Happened []contacts.Happening
}

// Store keeps what came back.
type Store interface {
	// ChangeBounces lets decide look at a recipient (zero for one who was erased, and for "",
	// who is nobody) and at what came back for them, and does as it says: one transaction, so
	// that a record and the counts it moves are there together. decide may run more than once.
	ChangeBounces(ctx context.Context, recipient string, decide func(before []Record, who contacts.Known) Decision) error
	// Bounces calls each for every record, a recipient's together.
	Bounces(ctx context.Context, each func(Record) error) error
}
