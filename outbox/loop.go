package outbox

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"viesti/contacts"
	"viesti/link"
)

// loop is one carrier's. Its fields but the mutex's belong to the goroutine of run.
type loop struct {
	w            *Worker
	channel      link.Channel
	carrier      Carrier
	pace         pace
	destinations destinations
	every        time.Duration // between two letters to a domain
	wake         chan struct{}

	scribe  *scribe
	lanes   []*lane
	lead    lead      // how many messages are claimed ahead for a connection
	changes []Change  // results not yet in the store
	taken   []uint64  // their numbers
	turned  time.Time // when the store was last spoken to
	urls    map[string]addresses
	retry   time.Time
	doubts  doubts
	moved   bool // messages to the carrier of mail, which has to hear of it

	pauses  atomic.Pointer[pauses] // as last seen
	mu      sync.Mutex
	holds   int // in a row
	state   Health
	slowed  time.Time // until when the carrier asked for nothing more
	resting []RestingDomain
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
	h.OK, h.Domains = l.holds == 0, l.resting
	return h
}

// run has one goroutine for each connection, one that writes down what they say, and speaks to the
// store itself, so that results which arrive while one write is under way all go into the next.
func (l *loop) run(ctx context.Context) {
	n := l.carrier.Connections()
	l.scribe = &scribe{
		journal: l.w.Journal, log: l.w.Log, now: l.w.Now,
		in: make(chan result, 2*n), out: make(chan []result, n*maxLead),
	}
	sending, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	var connections, scribe sync.WaitGroup
	for i := range n {
		own := newLane(l, i+1, maxLead)
		l.lanes = append(l.lanes, own)
		connections.Go(func() { l.connection(ctx, sending, own) })
	}
	scribe.Go(func() { l.scribe.run(sending) })
	l.doubts.answers = make(chan []answer, 1)

	timer := time.NewTimer(0)
	defer timer.Stop()
	done := ctx.Done()
	// Results that the store does not take in all that time are in the journal.
	for ctx.Err() == nil || l.out() > 0 || len(l.changes) > 0 && sending.Err() == nil {
		select {
		case list := <-l.scribe.out:
			l.took(list)
		case list := <-l.doubts.answers:
			l.heard(list)
		case <-l.wake:
		case <-timer.C:
		case <-done: // what is in flight may finish, but not for ever
			done = nil
			defer time.AfterFunc(l.w.Grace, cut).Stop()
		}
		l.drain()
		timer.Reset(min(l.reconcile(ctx), l.exchange(ctx)))
	}
	for _, own := range l.lanes {
		close(own.jobs)
	}
	l.doubts.asking.Wait()
	connections.Wait()
	close(l.scribe.in)
	scribe.Wait()
}

// out is how many messages are claimed and have not come back.
func (l *loop) out() (n int) {
	for _, own := range l.lanes {
		n += own.held
	}
	return n
}

// drain takes what else has come in meanwhile.
func (l *loop) drain() {
	for {
		select {
		case list := <-l.scribe.out:
			l.took(list)
		default:
			return
		}
	}
}

func (l *loop) took(list []result) {
	now := l.w.Now()
	for _, r := range list {
		r.lane.held--
		r.outcome = l.w.reachable(r.outcome)
		l.moved = l.moved || r.outcome.ByMail
		final := l.learn(r, now)
		if r.outcome.State == Uncertain {
			l.doubts.next = now.Add(lookAgain)
		}
		mark := r.delivery.Mark
		l.changes = append(l.changes, Change{Key: r.delivery.Key, Day: l.w.day(), Apply: func(m *Message) contacts.Event {
			if m.State != Sending || m.Mark != mark {
				return ""
			}
			return m.settle(r.outcome, final, now)
		}})
		l.taken = append(l.taken, mark.Seq)
	}
}

// learn takes from a result what it says of more than its message, and gives whether its message
// may be given up when it has been tried for long: not while its destination takes nothing at all
// from us by our own fault.
func (l *loop) learn(r result, now time.Time) (final bool) {
	d := r.delivery
	name, to := l.to(d.Message, d.Contact, d.Network)
	if to != nil {
		to.out--
	}
	if r.outcome.State == Pending {
		return false
	}
	rested := to != nil && to.refusals > 0
	l.note(r, name, to, now)
	l.lead.sent(r.took)
	if rested || to != nil && to.refusals > 0 {
		l.mu.Lock()
		l.resting = l.destinations.resting()
		l.mu.Unlock()
	}
	return to == nil || !to.ours || to.accepted.After(d.Tried) && !d.Tried.IsZero()
}

// to is where a message goes; nil when it keeps no distance from others.
func (l *loop) to(m Message, c contacts.Contact, n contacts.Network) (name string, to *destination) {
	at := Route{Name: contacts.Domain(c.Email), Every: l.every}
	if r, ok := l.carrier.(Router); ok {
		at, _ = r.Route(m, contacts.Known{Contact: c}, n)
	}
	return at.Name, l.destinations.of(at)
}

// limits are how many messages a minute the carrier and each of its destinations get; 0: as many
// as there are.
func (l *loop) limits() (perMinute, perDestination int) {
	if r, ok := l.carrier.(Router); ok {
		return r.PerMinute(), 0
	}
	if n := l.w.PerDomainPerMinute; n > 0 {
		l.every = interval(n)
	}
	return l.w.PerMinute, l.w.PerDomainPerMinute
}

// rest is how much longer the carrier rests after a fault of its own.
func (l *loop) rest(now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return later(l.state.Until, l.slowed).Sub(now)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// exchange writes what is known and claims for the connections that are free. It gives how long
// to wait at most before the next one.
func (l *loop) exchange(ctx context.Context) time.Duration {
	now := l.w.Now()
	if wait := l.retry.Sub(now); wait > 0 {
		return wait
	}
	if wait := turn - now.Sub(l.turned); wait > 0 && l.busy() {
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
	l.scribe.reached(l.taken)
	l.changes, l.taken = nil, nil
	l.turned = now
	if l.moved {
		l.moved = false
		l.w.Wake()
	}
	l.pace.took(now, len(deliveries))
	l.dispatch(ctx, deliveries)
	if limit > 0 && len(deliveries) < limit {
		return l.untilDue(ctx, now)
	}
	return min(wait, l.pace.until(now))
}

// busy tells whether every connection has something to do.
func (l *loop) busy() bool {
	for _, own := range l.lanes {
		if own.held < 2 {
			return false
		}
	}
	return true
}

// idleWait is how long a loop sleeps when nothing is foreseen; whoever queues something wakes it.
const idleWait = time.Minute

// limit is how many messages may be claimed now, and how long to wait when it is none.
func (l *loop) limit(ctx context.Context, now time.Time) (int, time.Duration) {
	if ctx.Err() != nil {
		return 0, idleWait
	}
	if paused, err := l.readPauses(ctx); err != nil || paused.all {
		return 0, idleWait
	}
	if rest := l.rest(now); rest > 0 {
		return 0, rest
	}
	if l.probe(ctx, now); l.rest(now) > 0 {
		return 0, l.rest(now)
	}
	most := len(l.lanes)*l.lead.messages() - l.out()
	if !l.health().OK { // one letter finds out whether the carrier is well again
		most = min(most, 1-l.out())
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
