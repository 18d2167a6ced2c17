package app

import (
	"context"
	"time"
)

// sweepEvery is how often unfinished answers are looked through. Their time is counted in days.
const sweepEvery = time.Hour

// sweep removes the unfinished answers whose time is over, now and then until ctx ends. What
// fails is tried again the next time.
func (a *App) sweep(ctx context.Context) error {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		n, err := a.fieldwork.Sweep(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			a.log("app").Error("unfinished answers could not be removed", "err", err)
		case n > 0:
			a.log("app").Info("unfinished answers removed", "answers", n)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
