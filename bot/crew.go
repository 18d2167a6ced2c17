package bot

import (
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

// atOnce is how many things are worked on at a time, far above what a workspace's people can type.
const atOnce = 256

// crew does work beside what called for it, so much at a time and no more.
type crew struct {
	slots chan struct{}
	log   *slog.Logger
	over  sync.Once
}

func newCrew(log *slog.Logger) *crew { return &crew{slots: make(chan struct{}, atOnce), log: log} }

// do begins work and does not wait for it. It tells false, and begins nothing, when all are busy
// or the crew has gone home.
func (c *crew) do(work func()) bool {
	select {
	case c.slots <- struct{}{}:
	default:
		return false
	}
	go func() {
		defer func() {
			if p := recover(); p != nil {
				c.log.Error("slack work panicked", "panic", p, "stack", string(debug.Stack()))
			}
			<-c.slots
		}()
		work()
	}()
	return true
}

// goHome takes no more work and waits for what is being done, but not for ever.
func (c *crew) goHome(within time.Duration) {
	c.over.Do(func() {
		timer := time.NewTimer(within)
		defer timer.Stop()
		for range cap(c.slots) {
			select {
			case c.slots <- struct{}{}:
			case <-timer.C:
				return
			}
		}
	})
}
