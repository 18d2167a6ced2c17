package outbox

import (
	"context"
	"errors"
	"time"
)

// How a crash leaves at most one uncertain message for each connection, however many are claimed
// for it ahead:
//
//  1. A claim names its run of the program, its connection and a number that grows, over all
//     carriers; it is durable before the connection begins with the message (Mark).
//  2. A connection works its claims in the order of their numbers.
//  3. The step after which a message may have been taken is behind a Gate. It opens when the
//     result of the claim before, on the same connection, is durable. What comes before that
//     step, such as a letter's text, need not wait, so the write hides behind it.
//
// Say that after a crash a connection has claims without a durable result, the first of them n and
// another one m > n. By 3, m passed its gate only if the result of the claim just before it was
// durable; by 2 and 3 so were the results of all claims before that, n's among them, which it is
// not. So m was never taken and may go again. Only n may have been: it alone is uncertain. Where
// the connection has not even passed its first gate, which is noted with its relay's name, nor was n.
//
// Results become durable in the journal, which costs one small write for all connections, and
// reach the messages themselves with the next claims. What is known of a run is known by its
// journal alone: without it (a restored backup) all that was claimed is uncertain.

// Mark is where in a run a message was claimed: for which connection, and as which in order.
type Mark struct {
	Run  string `json:"run,omitempty"`
	Lane string `json:"lane,omitempty"`
	Seq  uint64 `json:"seq,omitempty"`
}

// Note is an entry of the journal: the outcome of a claim, or with Seq 0 which relay a connection
// speaks to from now on.
type Note struct {
	Lane    string
	Seq     uint64
	Relay   string
	Outcome Outcome
}

// Journal keeps for a while what has to be durable at once. It holds no recipient.
type Journal interface {
	// Recall gives the last run and its notes: the outcomes not yet forgotten and each
	// connection's last relay. The run is empty when there was none.
	Recall(ctx context.Context) (run string, notes []Note, err error)
	// Begin forgets everything and starts a run.
	Begin(ctx context.Context, run string) error
	// Write makes notes durable, and forgets the outcomes with the numbers given.
	Write(ctx context.Context, notes []Note, forget []uint64) error
}

// Gate stands before the step after which a message may have been taken. A sender takes that step
// only after Pass has returned nil, and calls Pass once for a message.
type Gate interface {
	// Open tells whether Pass would return at once: a sender that has other work to do first may
	// do it before Pass if not.
	Open() bool
	Pass(ctx context.Context, relay string) error
}

// OpenGate is the gate of what is no message of the outbox.
var OpenGate Gate = openGate{}

type openGate struct{}

func (openGate) Open() bool                         { return true }
func (openGate) Pass(context.Context, string) error { return nil }

// gateWait bounds how long a message may stand before its gate: a disk that takes longer is
// broken, and the carrier would not wait for ever either.
const gateWait = 30 * time.Second

// errGate is why a message went no further: it was not taken.
var errGate = errors.New("outbox: the result before could not be written down")
