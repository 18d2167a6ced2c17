package outbox

import (
	"cmp"
	"context"
	"encoding/hex"
	"io"
	"slices"
	"sync"
	"sync/atomic"
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
	domains domains
	wake    chan struct{}

	scribe  *scribe
	lanes   []*lane
	seq     uint64    // of the last claim
	lead    lead      // how many messages are claimed ahead for a connection
	changes []Change  // results not yet in the store
	taken   []uint64  // their numbers
	turned  time.Time // when the store was last spoken to
	urls    map[string]string
	retry   time.Time
	doubts  doubts

	pauses  atomic.Pointer[pauses] // as last seen
	mu      sync.Mutex
	holds   int // in a row
	state   Health
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

	timer := time.NewTimer(0)
	defer timer.Stop()
	done := ctx.Done()
	// Results that the store does not take in all that time are in the journal.
	for ctx.Err() == nil || l.out() > 0 || len(l.changes) > 0 && sending.Err() == nil {
		select {
		case list := <-l.scribe.out:
			l.took(list)
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
// may be given up when it has been tried for long: not while its domain takes nothing at all from
// us by our own fault.
func (l *loop) learn(r result, now time.Time) (final bool) {
	var to *domain
	if email := r.delivery.Contact.Email; email != "" {
		to = l.domains.of(email)
		to.out--
	}
	if r.outcome.State == Pending {
		return false
	}
	rested := to != nil && to.refusals > 0
	l.note(r, now)
	l.lead.sent(r.took)
	if rested || to != nil && to.refusals > 0 {
		l.mu.Lock()
		l.resting = l.domains.resting()
		l.mu.Unlock()
	}
	return to == nil || !to.ours || to.accepted.After(r.delivery.Tried) && !r.delivery.Tried.IsZero()
}

// rest is how much longer the carrier rests after a fault of its own.
func (l *loop) rest(now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.state.Until.Sub(now)
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

// claim is a request for messages. Its Decide may run twice for a message within one request, so
// what it draws (a Message-ID, a mark, a slot of a domain) it remembers.
func (l *loop) claim(now time.Time, limit int) Claim {
	ids, slots, marks, claimed := map[Key]string{}, map[Key]time.Time{}, map[Key]Mark{}, map[*domain]int{}
	held := make([]int, len(l.lanes))
	for i, own := range l.lanes {
		held[i] = own.held
	}
	return Claim{Carrier: l.channel, Now: now, Limit: limit, Decide: func(m *Message, who contacts.Known) bool {
		if reason := m.unwanted(l.w.Wave, who, now); reason != "" {
			m.cancel(reason, now)
			return false
		}
		slot, ok := slots[m.Key]
		if !ok {
			slot = now
			if who.Email != "" {
				to := l.domains.of(who.Email)
				slot = l.domains.slot(m.Key, to, claimed[to], now)
				if !slot.After(now) {
					claimed[to]++
				}
			}
			slots[m.Key] = slot
		}
		if slot.After(now) {
			m.Due = slot
			return false
		}
		if _, ok := ids[m.Key]; !ok {
			ids[m.Key], marks[m.Key] = l.w.messageID(), l.mark(held)
		}
		m.claim(ids[m.Key], marks[m.Key], now)
		return true
	}}
}

// mark is the next number, on the lane that holds least.
func (l *loop) mark(held []int) Mark {
	least := 0
	for i, n := range held {
		if n < held[least] {
			least = i
		}
	}
	held[least]++
	l.seq++
	return Mark{Run: l.w.run, Lane: l.lanes[least].name, Seq: l.seq}
}

// dispatch hands claimed messages to their connections, in the order of their numbers.
func (l *loop) dispatch(ctx context.Context, deliveries []Delivery) {
	slices.SortFunc(deliveries, func(a, b Delivery) int { return cmp.Compare(a.Mark.Seq, b.Mark.Seq) })
	lanes := map[string]*lane{}
	for _, own := range l.lanes {
		lanes[own.name] = own
	}
	for _, d := range deliveries {
		var err error
		d.URL, err = l.url(ctx, d.Message)
		if err != nil {
			l.w.Log.Error("link cannot be made", "network", d.Message.Network, "err", err)
		}
		own := lanes[d.Mark.Lane]
		own.held++
		if d.Contact.Email != "" {
			l.domains.of(d.Contact.Email).out++
		}
		own.jobs <- job{Delivery: d, broken: err != nil}
	}
}

// url is the link that a message carries; it never changes. One to those who run the survey
// carries none.
func (l *loop) url(ctx context.Context, m Message) (string, error) {
	place, _ := m.Place()
	if place.Staff {
		return "", nil
	}
	key := Shared(m.Network, place.To)
	if url, ok := l.urls[key]; ok {
		return url, nil
	}
	ctx = context.WithoutCancel(ctx)
	found, err := link.Link{}, error(nil)
	if place.To != "" {
		found, err = l.w.Links.Share(ctx, m.Network, place.To)
	} else {
		found, err = l.w.Links.Ensure(ctx, link.Key{Network: m.Network, Channel: l.channel})
	}
	if err != nil {
		return "", err
	}
	if l.urls == nil {
		l.urls = map[string]string{}
	}
	l.urls[key] = l.w.Links.URL(found)
	return l.urls[key], nil
}

func (w *Worker) messageID() string {
	var b [12]byte
	if _, err := io.ReadFull(w.Rand, b[:]); err != nil {
		panic("outbox: no randomness: " + err.Error()) // crypto/rand never fails
	}
	return w.MessageID(hex.EncodeToString(b[:]))
}
