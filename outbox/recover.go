package outbox

import (
	"context"
	"encoding/hex"
	"io"
	"time"

	"viesti/contacts"
	"viesti/link"
)

// recover settles what a process before this one left claimed, by the rules that journal.go
// explains, and begins a run of this one's own.
func (w *Worker) recover(ctx context.Context) error {
	run, notes, err := w.Journal.Recall(ctx)
	if err != nil {
		return err
	}
	left := leftover{run: run, outcomes: map[uint64]Outcome{}, relays: map[string]string{}, first: map[string]uint64{}}
	for _, n := range notes {
		if n.Seq == 0 {
			left.relays[n.Lane] = n.Relay
		} else {
			left.outcomes[n.Seq] = n.Outcome
		}
	}
	w.last = map[link.Channel]time.Time{}
	q := Query{States: []State{Sending}}
	if w.PerMinute > 0 || w.PerDomainPerMinute > 0 { // what left last minute counts for this one
		q.States = nil
	}
	err = w.Store.Messages(ctx, q, func(m Message) error {
		if m.Claimed.After(w.last[m.Carrier]) {
			w.last[m.Carrier] = m.Claimed
		}
		if m.State == Sending {
			left.add(m)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := w.settleLeft(ctx, left); err != nil {
		return err
	}
	var id [8]byte
	if _, err := io.ReadFull(w.Rand, id[:]); err != nil {
		return err
	}
	w.run = hex.EncodeToString(id[:])
	return w.Journal.Begin(ctx, w.run)
}

// reachable takes mail for a way out only where there is mail.
func (w *Worker) reachable(o Outcome) Outcome {
	o.ByMail = o.ByMail && w.Carriers[link.Mail] != nil
	return o
}

// leftover is what a run left behind.
type leftover struct {
	run      string
	outcomes map[uint64]Outcome // by number of claim
	relays   map[string]string  // by lane
	first    map[string]uint64  // the least number of a lane without an outcome
	messages []Message
}

func (l *leftover) add(m Message) {
	l.messages = append(l.messages, m)
	if _, known := l.outcomes[m.Mark.Seq]; known || m.Mark.Run != l.run {
		return
	}
	if at, ok := l.first[m.Mark.Lane]; !ok || m.Mark.Seq < at {
		l.first[m.Mark.Lane] = m.Mark.Seq
	}
}

// outcome is what became of a message.
func (l *leftover) outcome(m Message) Outcome {
	relay := l.relays[m.Mark.Lane]
	doubt := Outcome{State: Uncertain, Reply: Reply{Class: Transient, Relay: relay}}
	if m.Mark.Run == "" || m.Mark.Run != l.run {
		doubt.Reply.Relay = ""
		return doubt
	}
	if known, ok := l.outcomes[m.Mark.Seq]; ok {
		return known
	}
	if relay != "" && l.first[m.Mark.Lane] == m.Mark.Seq {
		return doubt
	}
	return Outcome{State: Pending}
}

func (w *Worker) settleLeft(ctx context.Context, left leftover) error {
	now, day, uncertain := w.Now(), w.day(), 0
	changes := make([]Change, len(left.messages))
	for i, m := range left.messages {
		outcome := w.reachable(left.outcome(m))
		if outcome.State == Uncertain {
			uncertain++
		}
		changes[i] = Change{Key: m.Key, Day: day, Apply: func(m *Message) contacts.Event {
			if m.State != Sending {
				return ""
			}
			return m.settle(outcome, false, now)
		}}
	}
	if len(changes) == 0 {
		return nil
	}
	w.Log.Warn("messages were in flight when the program ended", "messages", len(changes), "uncertain", uncertain)
	_, err := w.Store.Exchange(ctx, changes, Claim{Now: now})
	return err
}
