package outbox

import (
	"context"
	"encoding/hex"
	"io"
	"sync"
	"time"

	"viesti/contacts"
	"viesti/link"
)

// loop is one carrier's. Its fields but the mutex's belong to the goroutine of run.
type loop struct {
	w       *Worker
	channel link.Channel
	carrier Carrier
	pace    pace
	domains domainPace
	wake    chan struct{}

	out     int      // claimed and not yet come back
	lead    lead     // how many letters a connection holds
	changes []Change // results not yet written
	retry   time.Time
	doubts  doubts
	// reserved are the messages that were moved to a slot of their domain and own it.
	reserved map[Key]struct{}

	mu    sync.Mutex
	holds int // in a row
	state Health
}

type result struct {
	key     Key
	outcome Outcome
	took    time.Duration
}

func (l *loop) poke() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func (l *loop) health() Health {
	l.mu.Lock()
	defer l.mu.Unlock()
	h := l.state
	h.OK = l.holds == 0
	return h
}

// run has one goroutine for each connection and speaks to the store itself, so that results which
// arrive while one write is under way all go into the next.
func (l *loop) run(ctx context.Context) {
	n := l.carrier.Connections()
	jobs, results := make(chan Delivery, n*maxLead), make(chan result, n*maxLead)
	sending, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	var connections sync.WaitGroup
	for range n {
		connections.Go(func() { l.connection(ctx, sending, jobs, results) })
	}
	defer connections.Wait()
	defer close(jobs)

	timer := time.NewTimer(0)
	defer timer.Stop()
	done := ctx.Done()
	for ctx.Err() == nil || l.out > 0 || len(l.changes) > 0 {
		select {
		case r := <-results:
			l.took(r)
		case <-l.wake:
		case <-timer.C:
		case <-done: // what is in flight may finish, but not for ever
			done = nil
			defer time.AfterFunc(l.w.Grace, cut).Stop()
		}
		l.drain(results)
		timer.Reset(min(l.reconcile(ctx), l.exchange(ctx, jobs)))
	}
}

// connection sends until jobs ends. What it holds and has not begun when the program stops, or
// when the carrier is at fault, goes back: it has not left.
func (l *loop) connection(ctx, sending context.Context, jobs <-chan Delivery, results chan<- result) {
	sender := l.carrier.Sender()
	defer sender.Close() //nolint:errcheck // nothing is in flight any more
	for d := range jobs {
		begun := l.w.Now()
		if ctx.Err() != nil || l.rest(begun) > 0 {
			results <- result{key: d.Key, outcome: Outcome{State: Pending}}
			continue
		}
		outcome := sender.Send(sending, d)
		results <- result{key: d.Key, outcome: outcome, took: l.w.Now().Sub(begun)}
	}
}

// drain takes what else has come in meanwhile.
func (l *loop) drain(results <-chan result) {
	for {
		select {
		case r := <-results:
			l.took(r)
		default:
			return
		}
	}
}

func (l *loop) took(r result) {
	l.out--
	now := l.w.Now()
	if r.outcome.State != Pending {
		l.note(r.outcome, now)
		l.lead.sent(r.took)
	}
	if r.outcome.State == Uncertain {
		l.doubts.next = now.Add(lookAgain)
	}
	l.changes = append(l.changes, Change{Key: r.key, Day: l.w.day(), Apply: func(m *Message) contacts.Event {
		if m.State != Sending {
			return ""
		}
		return m.settle(r.outcome, now)
	}})
}

// note keeps the carrier's health: after a fault that is no recipient's it rests, longer each
// time, up to a minute.
func (l *loop) note(o Outcome, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !o.Hold {
		l.holds, l.state = 0, Health{}
		return
	}
	if now.Before(l.state.Until) { // another connection met the same fault
		return
	}
	if l.holds == 0 {
		l.state.Since = now
		l.w.Log.Error("carrier holds", "carrier", l.channel, "class", o.Reply.Class, "code", o.Reply.Code, "text", o.Reply.Text)
	}
	l.holds++
	rest := min(5*time.Second<<min(l.holds-1, 5), time.Minute)
	l.state.Until, l.state.Reply = now.Add(max(rest, o.Again)), o.Reply
}

// rest is how much longer the carrier rests after a fault of its own.
func (l *loop) rest(now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.state.Until.Sub(now)
}

// exchange writes what is known and claims for the connections that are free. It gives how long
// to wait at most before the next one.
func (l *loop) exchange(ctx context.Context, jobs chan<- Delivery) time.Duration {
	now := l.w.Now()
	if wait := l.retry.Sub(now); wait > 0 {
		return wait
	}
	limit, wait := l.limit(ctx, now)
	if limit == 0 && len(l.changes) == 0 {
		return wait
	}
	// The write of results must not be given up because the program is stopping.
	deliveries, err := l.w.Store.Exchange(context.WithoutCancel(ctx), l.changes, l.claim(now, limit))
	if err != nil {
		l.w.Log.Error("outbox cannot be written", "err", err)
		l.retry = now.Add(time.Second)
		return time.Second
	}
	l.changes = nil
	l.lead.wrote(l.w.Now().Sub(now))
	l.pace.took(now, len(deliveries))
	l.dispatch(ctx, deliveries, jobs)
	if limit > 0 && len(deliveries) < limit {
		return l.untilDue(ctx, now)
	}
	return min(wait, l.pace.until(now))
}

// idleWait is how long a loop sleeps when nothing is foreseen; whoever queues something wakes it.
const idleWait = time.Minute

// limit is how many messages may be claimed now, and how long to wait when it is none.
func (l *loop) limit(ctx context.Context, now time.Time) (int, time.Duration) {
	if ctx.Err() != nil {
		return 0, idleWait
	}
	paused, err := l.w.Store.Paused(ctx)
	if err != nil || paused {
		return 0, idleWait
	}
	if rest := l.rest(now); rest > 0 {
		return 0, rest
	}
	most := l.carrier.Connections()*l.lead.letters() - l.out
	if !l.health().OK { // one letter finds out whether the carrier is well again
		most = min(most, 1-l.out)
	}
	if most <= 0 {
		return 0, idleWait
	}
	if n := l.pace.allow(now, most); n > 0 {
		return n, idleWait
	}
	return 0, l.pace.until(now)
}

// until is how long to wait for the next claim.
func (p *pace) until(now time.Time) time.Duration {
	if p.interval == 0 {
		return idleWait
	}
	return max(p.next.Sub(now), time.Millisecond)
}

func (l *loop) untilDue(ctx context.Context, now time.Time) time.Duration {
	at, ok, err := l.w.Store.NextDue(ctx, l.channel)
	if err != nil || !ok {
		return idleWait
	}
	return min(max(at.Sub(now), time.Millisecond), idleWait)
}

// claim is a request for messages. Its Decide may run twice for a message within one request, so
// what it draws (a Message-ID, a slot of a domain) it remembers.
func (l *loop) claim(now time.Time, limit int) Claim {
	ids, slots := map[Key]string{}, map[Key]time.Time{}
	return Claim{Carrier: l.channel, Now: now, Limit: limit, Decide: func(m *Message, who contacts.Known) bool {
		if reason := m.unwanted(l.w.Wave, who, now); reason != "" {
			m.cancel(reason, now)
			return false
		}
		slot, ok := slots[m.Key]
		if !ok {
			slot = l.slot(m.Key, who, now)
			slots[m.Key] = slot
		}
		if slot.After(now) {
			m.Due = slot
			return false
		}
		if _, ok := ids[m.Key]; !ok {
			ids[m.Key] = l.w.messageID()
		}
		m.claim(ids[m.Key], now)
		return true
	}}
}

// slot is when the recipient's domain can take the message; a slot once given is kept.
func (l *loop) slot(key Key, who contacts.Known, now time.Time) time.Time {
	if _, ok := l.reserved[key]; ok {
		delete(l.reserved, key)
		return now
	}
	slot := l.domains.slot(contacts.Domain(who.Email), now)
	if slot.After(now) {
		if l.reserved == nil {
			l.reserved = map[Key]struct{}{}
		}
		l.reserved[key] = struct{}{}
	}
	return slot
}

func (w *Worker) messageID() string {
	var b [12]byte
	if _, err := io.ReadFull(w.Rand, b[:]); err != nil {
		panic("outbox: no randomness: " + err.Error()) // crypto/rand never fails
	}
	return w.MessageID(hex.EncodeToString(b[:]))
}

// dispatch hands claimed messages to connections. One whose link cannot be made goes back: it has
// not left.
func (l *loop) dispatch(ctx context.Context, deliveries []Delivery, jobs chan<- Delivery) {
	for _, d := range deliveries {
		l.out++
		found, err := l.w.Links.Ensure(context.WithoutCancel(ctx), link.Key{Network: d.Message.Network, Channel: l.channel})
		if err != nil {
			l.w.Log.Error("link cannot be made", "network", d.Message.Network, "err", err)
			l.took(result{key: d.Key, outcome: Outcome{State: Retrying, Hold: true, Reply: Reply{Class: Transient}}})
			continue
		}
		d.URL = l.w.Links.URL(found)
		jobs <- d
	}
}
