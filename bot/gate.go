package bot

import (
	"context"
	"sync"
	"time"
)

// methodOpen asks Slack for a Socket Mode connection.
const methodOpen = "apps.connections.open"

// gate spaces the opening of connections. slack-go opens the next at once when one is closed by
// request, thousands of times a second if Slack closes each (too_many_websockets); this waits a
// second, and twice as long after each that lived less than shortLife, up to a minute. It also
// waits as long as Slack asks to.
type gate struct {
	now func() time.Time

	mu    sync.Mutex
	last  time.Time
	rest  time.Duration
	until time.Time // Slack asked to wait until then
}

const (
	leastRest = time.Second
	mostRest  = time.Minute
	shortLife = 30 * time.Second
)

// wait returns when another connection may be opened, or with ctx's error.
func (g *gate) wait(ctx context.Context) error {
	rest := g.next()
	if rest > 0 {
		timer := time.NewTimer(rest)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.last = g.now()
	return nil
}

// next is how long to wait now.
func (g *gate) next() time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	if g.last.IsZero() || now.Sub(g.last) >= shortLife {
		g.rest = 0
	} else {
		g.rest = min(max(2*g.rest, leastRest), mostRest)
	}
	return max(g.rest, g.until.Sub(now))
}

// hold keeps the gate shut for a while, since Slack has asked for it.
func (g *gate) hold(rest time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.until = g.now().Add(rest)
}
