package outbox

import (
	"context"
	"errors"
	"sync"
	"time"

	"viesti/contacts"
)

// lookAgain is how long after a first look that found nothing a second one is made: a carrier may
// need a moment before it shows what it took.
const lookAgain = 10 * time.Second

// mostLooks is how many messages a carrier is asked about in one go, lookAgain apart: with two
// calls for each that is what Slack allows (50 a minute of a method).
const mostLooks = 8

// doubts are the uncertain messages of a carrier that can be asked. It is asked beside the loop,
// which goes on meanwhile.
type doubts struct {
	next    time.Time         // when to ask again; zero before the first time
	looked  map[Key]time.Time // when a message was first not found
	last    Key               // that was asked about: the next go begins after it
	busy    bool              // it is being asked
	asking  sync.WaitGroup
	answers chan []answer
}

// answer is what a carrier says of a message; with an error, why it cannot.
type answer struct {
	key   Key
	found bool
	reply Reply
	err   error
}

// reconcile asks a carrier that can be asked what became of its uncertain messages: one that it
// took is sent, one that two looks did not find may go again. It gives how long until the next
// look.
func (l *loop) reconcile(ctx context.Context) time.Duration {
	looker, ok := l.carrier.(Looker)
	if !ok || ctx.Err() != nil || l.doubts.busy {
		return idleWait
	}
	now := l.w.Now()
	wait := max(l.doubts.next.Sub(now), l.rest(now))
	if wait > 0 {
		return min(wait, idleWait)
	}
	l.doubts.next = now.Add(idleWait)
	list, more, err := l.uncertain(ctx)
	if err != nil {
		l.w.Log.Error("outbox cannot be read", "err", err)
		return idleWait
	}
	if more {
		l.doubts.next = now.Add(lookAgain)
	}
	if len(list) == 0 {
		return idleWait
	}
	l.doubts.busy = true
	l.doubts.asking.Go(func() { l.doubts.answers <- ask(ctx, looker, list) })
	return l.doubts.next.Sub(now)
}

func ask(ctx context.Context, looker Looker, list []Delivery) []answer {
	answers := make([]answer, 0, len(list))
	for _, d := range list {
		a := answer{key: d.Key}
		a.found, a.reply, a.err = looker.Look(ctx, d)
		answers = append(answers, a)
		if errors.Is(a.err, ErrBusy) || ctx.Err() != nil {
			break
		}
	}
	return answers
}

// uncertain are the messages to ask about next, and whether there are more than that.
func (l *loop) uncertain(ctx context.Context) (list []Delivery, more bool, err error) {
	var before []Delivery
	err = l.w.Store.Messages(ctx, Query{Wave: l.w.Wave.ID, States: []State{Uncertain}}, func(m Message) error {
		switch {
		case m.Carrier != l.channel || !l.doubts.due(m.Key, l.w.Now()):
		case m.Key.compare(l.doubts.last) > 0:
			list = append(list, Delivery{Message: m})
		default:
			before = append(before, Delivery{Message: m})
		}
		return nil
	})
	list = append(list, before...)
	if err != nil || len(list) == 0 {
		return nil, false, err
	}
	if more = len(list) > mostLooks; more {
		list = list[:mostLooks]
	}
	l.doubts.last = list[len(list)-1].Key
	return list, more, l.complete(ctx, list)
}

// due tells whether a message may be asked about: not too soon after the first look.
func (d *doubts) due(k Key, now time.Time) bool {
	first, ok := d.looked[k]
	return !ok || now.Sub(first) >= lookAgain
}

// complete adds networks and recipients.
func (l *loop) complete(ctx context.Context, list []Delivery) error {
	networks, err := l.w.Networks(ctx)
	if err != nil {
		return err
	}
	for i := range list {
		for _, n := range networks {
			if n.ID == list[i].Message.Network {
				list[i].Network = n
			}
		}
		if _, nobody := list[i].Place(); nobody || l.w.Contact == nil {
			continue
		}
		who, err := l.w.Contact(ctx, list[i].Recipient)
		if err != nil && !errors.Is(err, contacts.ErrNoContact) {
			return err
		}
		list[i].Contact = who.Contact
	}
	return nil
}

// heard takes the answers: they become changes to the messages.
func (l *loop) heard(answers []answer) {
	l.doubts.busy = false
	now := l.w.Now()
	for _, a := range answers {
		switch {
		case a.err != nil:
			l.w.Log.Warn("carrier cannot say what became of a message", "carrier", l.channel, "err", a.err)
		case a.found:
			delete(l.doubts.looked, a.key)
			l.changes = append(l.changes, Change{Key: a.key, Day: l.w.day(), Apply: func(m *Message) contacts.Event {
				return m.doubtEnds(Sent, a.reply, now)
			}})
		case l.doubts.looked[a.key].IsZero():
			if l.doubts.looked == nil {
				l.doubts.looked = map[Key]time.Time{}
			}
			l.doubts.looked[a.key] = now
			l.doubts.next = now.Add(lookAgain)
		default:
			delete(l.doubts.looked, a.key)
			l.changes = append(l.changes, Change{Key: a.key, Apply: func(m *Message) contacts.Event {
				return m.doubtEnds(Pending, m.Reply, now)
			}})
		}
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
