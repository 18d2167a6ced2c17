package outbox

import (
	"context"
	"fmt"
	"time"
)

// lane is a connection and the claims that wait for it, in the order of their numbers.
type lane struct {
	name string
	jobs chan job
	held int // claimed and not come back; the loop's

	// The rest belongs to the connection.
	scribe *scribe
	relay  string        // noted
	before chan struct{} // closed when the result before is durable
	passed bool          // the gate, with what is under way
}

// job is a claimed message on its way to a connection.
type job struct {
	Delivery
	broken bool // its link could not be made: it cannot leave
}

// result is what came of a job, on its way through the journal to the store.
type result struct {
	lane     *lane
	delivery Delivery
	outcome  Outcome
	took     time.Duration
	passed   bool          // it was past its gate
	relay    string        // a note of the relay, and no result
	noted    chan struct{} // closed when it is durable
}

func newLane(l *loop, i, room int) *lane {
	done := make(chan struct{})
	close(done)
	return &lane{name: fmt.Sprintf("%s/%d", l.channel, i), jobs: make(chan job, room), scribe: l.scribe, before: done}
}

// connection sends until jobs ends. What it holds and has not begun when the program stops, when
// sending is paused, or when the carrier is at fault, goes back: it has not left.
func (l *loop) connection(ctx, sending context.Context, own *lane) {
	sender := l.carrier.Sender()
	defer sender.Close() //nolint:errcheck // nothing is in flight any more
	for j := range own.jobs {
		begun := l.w.Now()
		r := result{lane: own, delivery: j.Delivery, noted: make(chan struct{})}
		switch {
		case j.broken:
			r.outcome = Outcome{State: Retrying, Hold: true, Reply: Reply{Class: Transient}}
		case ctx.Err() != nil || l.pauses.Load().hold(j.Message) || l.rest(begun) > 0:
			r.outcome = Outcome{State: Pending}
		default:
			r.outcome = sender.Send(sending, j.Delivery, own)
			r.took = l.w.Now().Sub(begun)
			l.halt(r.outcome)
		}
		own.before, r.passed, own.passed = r.noted, own.passed, false
		own.scribe.in <- r
	}
}

// halt stops the other connections at once, before the loop hears of it, when the carrier asked for
// less or our setup is at fault: going on may cost us its permission.
func (l *loop) halt(o Outcome) {
	if !o.Hold || o.Reply.Class != Busy && o.Reply.Class != BadSetup {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.slowed = later(l.slowed, l.w.Now().Add(max(o.Again, firstHold)))
}

// Open implements Gate.
func (own *lane) Open() bool {
	select {
	case <-own.before:
		return own.relay != ""
	default:
		return false
	}
}

// Pass implements Gate: it waits for the result before, and notes the relay when it is another.
func (own *lane) Pass(ctx context.Context, relay string) error {
	if err := durable(ctx, own.before); err != nil {
		return err
	}
	if relay != own.relay {
		r := result{lane: own, relay: relay, noted: make(chan struct{})}
		own.scribe.in <- r
		if err := durable(ctx, r.noted); err != nil {
			return err
		}
		own.relay = relay
	}
	own.passed = true
	own.scribe.awaited.Add(1)
	return nil
}

func durable(ctx context.Context, noted <-chan struct{}) error {
	select {
	case <-noted:
		return nil
	default:
	}
	timer := time.NewTimer(gateWait)
	defer timer.Stop()
	select {
	case <-noted:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return errGate
	}
}
