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
// second, and twice as long after each that lived less than shortLife, up to a minute.
type gate struct {
	now func() time.Time

	mu   sync.Mutex
	last time.Time
	rest time.Duration
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
	if g.last.IsZero() || g.now().Sub(g.last) >= shortLife {
		g.rest = 0
		return 0
	}
	g.rest = min(max(2*g.rest, leastRest), mostRest)
	return g.rest
}
