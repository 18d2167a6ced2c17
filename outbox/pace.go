package outbox

import "time"

// pace spaces claims evenly, so that no window of 60 seconds holds more than its limit and none
// begins with a burst. The zero value does not limit.
type pace struct {
	interval time.Duration
	next     time.Time
}

// newPace begins one interval from now: what a process before this one sent in its last moments
// is not known here.
func newPace(perMinute int, now time.Time) pace {
	if perMinute <= 0 {
		return pace{}
	}
	// 61 seconds: letters leave a little after they are claimed, and not all equally late.
	interval := 61 * time.Second / time.Duration(perMinute)
	return pace{interval: interval, next: now.Add(interval)}
}

// tick is the coarsest grain in which claims are let through together.
const tick = 50 * time.Millisecond

// allow is how many may be claimed now, at most want.
func (p *pace) allow(now time.Time, want int) int {
	if p.interval == 0 {
		return want
	}
	if now.Before(p.next) {
		return 0
	}
	due := 1 + int(now.Sub(p.next)/p.interval)
	return min(want, due, 1+int(tick/p.interval))
}

// took moves the next claim on by n intervals, never behind now.
func (p *pace) took(now time.Time, n int) {
	if p.interval == 0 || n == 0 {
		return
	}
	p.next = p.next.Add(time.Duration(n) * p.interval)
	if earliest := now.Add(p.interval - min(tick, p.interval)); p.next.Before(earliest) {
		p.next = earliest
	}
}

// domainPace gives each recipient domain slots of its own. A message that finds its domain's slot
// taken is moved to the next free one, so that it holds nobody else up.
type domainPace struct {
	perMinute int
	domains   map[string]*pace
}

// slot is when a message to domain may go: now when the time is not after now. The slot is taken.
func (d *domainPace) slot(domain string, now time.Time) time.Time {
	if d.perMinute <= 0 {
		return now
	}
	if d.domains == nil {
		d.domains = map[string]*pace{}
	}
	p, ok := d.domains[domain]
	if !ok {
		p = &pace{interval: 61 * time.Second / time.Duration(d.perMinute), next: now}
		d.domains[domain] = p
	}
	at := p.next
	if at.Before(now) {
		at = now
	}
	p.next = at.Add(p.interval)
	return at
}
