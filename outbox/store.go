package outbox

import (
	"context"
	"errors"
	"time"

	"viesti/contacts"
	"viesti/link"
)

// ErrNoMessage is what a store says of a message that is not there.
var ErrNoMessage = errors.New("outbox: no such message")

// Change is a change to one message by this room's rules. Apply runs inside the transaction and
// possibly more than once: it may use m alone. The event it returns, if any, happened to the
// recipient on Day and is recorded with it (contacts.Store.Record, for m.Network).
type Change struct {
	Key   Key
	Day   string
	Apply func(m *Message) contacts.Event
}

// Claim asks for messages to send.
type Claim struct {
	Carrier link.Channel
	Now     time.Time
	Limit   int
	// Decide is asked for each waiting message that is due, in the order of Due. It changes m
	// as the rules have it and tells whether it is to be delivered. who has the recipient's
	// standing at this moment; for an erased contact the rest of who is empty, for a message
	// to no contact (Key.Place) all of it. n is the message's network, zero when it is not there.
	// It runs inside the transaction and possibly more than once.
	Decide func(m *Message, who contacts.Known, n contacts.Network) (deliver bool)
}

// Query selects messages; empty fields select all.
type Query struct {
	Wave       string
	States     []State
	Recipients []string
	Limit      int // 0: no limit
}

// Store keeps messages. Each method is one transaction and is on disk when it returns.
type Store interface {
	// Enqueue puts the messages whose Key is not there yet and tells which were put.
	Enqueue(ctx context.Context, list []Message) (put []bool, err error)
	// Exchange makes the changes, then claims: one transaction, so that a result and the
	// next message of a connection cost one write to disk. A change to a message that is
	// not there is left out. The deliveries have no URL yet.
	Exchange(ctx context.Context, changes []Change, claim Claim) ([]Delivery, error)
	// NextDue is when the next waiting message of a carrier is due; ok is false when none
	// is waiting.
	NextDue(ctx context.Context, carrier link.Channel) (at time.Time, ok bool, err error)
	// Messages calls each for every message selected, a recipient's together.
	Messages(ctx context.Context, q Query, each func(Message) error) error
	// Recipients are all contacts by id, with what became of their messages. They come some at a
	// time, and what each is given is its own to keep.
	Recipients(ctx context.Context, each func(some []Recipient) error) error
	// Counts are the numbers of messages by cell.
	Counts(ctx context.Context, wave string) ([]Tally, error)
	// Paused tells whether all sending is paused; SetPaused changes it durably.
	Paused(ctx context.Context) (bool, error)
	SetPaused(ctx context.Context, pause bool) error
	// PausedNetworks are the networks that are paused by themselves, by id: their messages are
	// neither claimed nor next due, and lose nothing by it. PauseNetworks changes it durably
	// for those that are given.
	PausedNetworks(ctx context.Context) ([]string, error)
	PauseNetworks(ctx context.Context, networks []string, pause bool) error
}
