package outbox

import (
	"context"
	"time"

	"viesti/contacts"
)

// lookAgain is how long after a first look that found nothing a second one is made: a carrier may
// need a moment before it shows what it took.
const lookAgain = 10 * time.Second

// doubts are the uncertain messages of a carrier that can be asked.
type doubts struct {
	next   time.Time         // when to ask again; zero before the first time
	looked map[Key]time.Time // when a message was first not found
}

// reconcile asks a carrier that can be asked what became of its uncertain messages: one that it
// took is sent, one that two looks did not find may go again. It gives how long until the next
// look.
func (l *loop) reconcile(ctx context.Context) time.Duration {
	looker, ok := l.carrier.(Looker)
	if !ok || ctx.Err() != nil {
		return idleWait
	}
	now := l.w.Now()
	if wait := l.doubts.next.Sub(now); wait > 0 {
		return min(wait, idleWait)
	}
	l.doubts.next = now.Add(idleWait)
	list, err := l.uncertain(ctx)
	if err != nil {
		l.w.Log.Error("outbox cannot be read", "err", err)
		return idleWait
	}
	for _, d := range list {
		l.look(ctx, looker, d)
	}
	return l.doubts.next.Sub(now)
}

func (l *loop) uncertain(ctx context.Context) ([]Delivery, error) {
	var list []Delivery
	err := l.w.Store.Messages(ctx, Query{Wave: l.w.Wave.ID, States: []State{Uncertain}}, func(m Message) error {
		if m.Carrier == l.channel {
			list = append(list, Delivery{Message: m})
		}
		return nil
	})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	networks, err := l.w.Networks(ctx)
	if err != nil {
		return nil, err
	}
	for i := range list {
		for _, n := range networks {
			if n.ID == list[i].Message.Network {
				list[i].Network = n
			}
		}
	}
	return list, nil
}

func (l *loop) look(ctx context.Context, looker Looker, d Delivery) {
	found, reply, err := looker.Look(ctx, d)
	now := l.w.Now()
	switch {
	case err != nil:
		l.w.Log.Warn("carrier cannot say what became of a message", "carrier", l.channel, "err", err)
	case found:
		delete(l.doubts.looked, d.Key)
		l.changes = append(l.changes, Change{Key: d.Key, Day: l.w.day(), Apply: func(m *Message) contacts.Event {
			return m.doubtEnds(Sent, reply, now)
		}})
	case l.doubts.looked[d.Key].IsZero():
		if l.doubts.looked == nil {
			l.doubts.looked = map[Key]time.Time{}
		}
		l.doubts.looked[d.Key] = now
		l.doubts.next = now.Add(lookAgain)
	default:
		delete(l.doubts.looked, d.Key)
		l.changes = append(l.changes, Change{Key: d.Key, Apply: func(m *Message) contacts.Event {
			return m.doubtEnds(Pending, m.Reply, now)
		}})
	}
}

// doubtEnds settles an uncertain message; one that is no longer uncertain stays as it is.
func (m *Message) doubtEnds(state State, reply Reply, now time.Time) contacts.Event {
	if m.State != Uncertain {
		return ""
	}
	m.State, m.Reply, m.Settled, m.Due = state, reply, now, now
	if state == Sent {
		return contacts.Accepted
	}
	return ""
}
