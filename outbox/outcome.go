package outbox

import (
	"context"
	"errors"
	"time"
)

// Class says why a carrier did not take a message.
type Class string

// The classes. The last two are faults of ours, never of a recipient.
const (
	AddressDead Class = "address_dead" // nobody there; nothing more is sent to them
	MailboxFull Class = "mailbox_full"
	Policy      Class = "policy"      // refused as unwanted or unauthenticated
	BadMessage  Class = "bad_message" // the carrier cannot take such a message
	Destination Class = "destination" // a channel that is gone, or does not let us in
	Transient   Class = "transient"
	Busy        Class = "busy"       // fewer messages are taken than were sent; Again says when more are
	RelayDown   Class = "relay_down" // no carrier to be reached
	BadSetup    Class = "bad_setup"  // refused before any recipient was named: password, sender, token
)

// Outcome is how one attempt ended, as its carrier saw it. The carrier says what happened; what
// follows from it (again, never, ask a person) is decided here.
type Outcome struct {
	State State // Sent, Retrying (nothing was taken), Failed, Uncertain, or Pending (not begun)
	Reply Reply
	// Again is how long to wait at least before another attempt, as the carrier asked.
	Again time.Duration
	// Hold stops all sending through this carrier for a while: the fault lies with us or
	// with the carrier, so the message is not to blame.
	Hold bool
	// Domain says the same of the message's destination: it rests, and messages to it wait.
	Domain bool
	// ByMail moves a message that Failed to the carrier of mail: the person cannot be reached
	// here, and it is certain that nothing reached them.
	ByMail bool
}

// Sender sends through one connection of a carrier. It is used by one goroutine at a time, may
// keep its connection between calls, and never tries a message twice by itself. Until it has
// passed the gate the message must not be taken by anybody.
type Sender interface {
	Send(ctx context.Context, d Delivery, gate Gate) Outcome
	Close() error
}

// Carrier is a way to send: how many connections it may use, and how to make one.
type Carrier interface {
	Connections() int
	Sender() Sender
}

// Prober is a carrier that can find out without a message whether a fault of our own setup is
// mended: Hold says that it is not.
type Prober interface {
	Probe(ctx context.Context) Outcome
}

// ErrBusy is what a Looker says, wrapped, when it may not be asked more for now.
var ErrBusy = errors.New("outbox: the carrier may not be asked more for now")

// Looker is a carrier that can be asked whether it took a message, such as Slack through a
// channel's history. Found true settles an uncertain message as sent; false lets it go again.
type Looker interface {
	Look(ctx context.Context, d Delivery) (found bool, reply Reply, err error)
}
