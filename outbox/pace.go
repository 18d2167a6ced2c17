package outbox

import "time"

// pace spaces claims evenly, so that no window of 60 seconds holds more than its limit and none
// begins with a burst. The zero value does not limit.
type pace struct {
	interval time.Duration
	next     time.Time
}

// newPace begins one interval after the last claim of an earlier run.
func newPace(perMinute int, last time.Time) pace {
	if perMinute <= 0 {
		return pace{}
	}
	return pace{interval: interval(perMinute), next: last.Add(interval(perMinute))}
}

// interval counts the minute as 61 seconds: messages leave a little after they are claimed, and
// not all equally late.
func interval(perMinute int) time.Duration { return 61 * time.Second / time.Duration(perMinute) }

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
