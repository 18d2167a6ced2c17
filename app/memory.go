package app

import (
	"context"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// GCPercent is the garbage collector's pace while the program serves (runtime/debug.SetGCPercent).
// What is alive is a few megabytes, so the usual 100 collects many times a second under load; this
// trades some 30 MB for a fifth of the processor.
const GCPercent = 400

// memoryLimit is what the collector keeps the program's memory at (runtime/debug.SetMemoryLimit):
// at the pace above, sending at full speed would take half as much again. What is alive then is a
// quarter of it.
const memoryLimit = 52 << 20

// A long list being imported or planned is alive at once and may be more than that. A limit it
// cannot keep would make the collector run all the time, so the limit leaves room for as much
// again as is alive (which is the usual pace), and comes down when the list is gone.
func limitFor(alive uint64) int64 {
	const beside = 16 << 20                        // what is not the heap's
	return max(memoryLimit, int64(2*alive)+beside) //nolint:gosec // no machine has so much
}

// lookAtMemory is how often the limit is looked at: in between a list may slow itself down.
const lookAtMemory = 250 * time.Millisecond

// KeepMemory keeps the limit until ctx ends, as the program does while it serves.
func (a *App) KeepMemory(ctx context.Context) error {
	alive := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	tick := time.NewTicker(lookAtMemory)
	defer tick.Stop()
	for was := int64(memoryLimit); ; {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		metrics.Read(alive)
		if limit := limitFor(alive[0].Value.Uint64()); limit != was {
			debug.SetMemoryLimit(limit)
			was = limit
		}
	}
}
