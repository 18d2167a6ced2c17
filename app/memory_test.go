package app

import (
	"context"
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

func TestLimitFor(t *testing.T) {
	for alive, want := range map[uint64]int64{0: memoryLimit, 10 << 20: memoryLimit, 100 << 20: 216 << 20} {
		if got := limitFor(alive); got != want {
			t.Errorf("%d MB alive: limit %d MB, want %d", alive>>20, got>>20, want>>20)
		}
	}
}

// TestMemoryFollowsWhatIsAlive: with more alive than the limit the collector must not run all the
// time, and when that is gone the limit is the old one.
func TestMemoryFollowsWhatIsAlive(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(GCPercent))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(memoryLimit))
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- new(App).KeepMemory(ctx) }()
	defer func() { stop(); <-done }()

	list := make([][]byte, 100_000)
	for i := range list {
		list[i] = make([]byte, 1<<10)
	}
	runtime.GC() // what is alive is known from the last collection
	wait(t, func(limit int64) bool { return limit > 150<<20 })
	before := collections()
	for range 512 << 10 { // 512 MB pass by: some seven collections, and forty under the fixed limit
		list[0] = make([]byte, 1<<10)
	}
	if n := collections() - before; n > 20 {
		t.Errorf("%d collections", n)
	}
	runtime.KeepAlive(list)
	runtime.GC()
	wait(t, func(limit int64) bool { return limit == memoryLimit })
}

func collections() uint32 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.NumGC
}

// wait waits until the limit is as it should be.
func wait(t *testing.T, ok func(limit int64) bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !ok(debug.SetMemoryLimit(-1)); <-time.After(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the limit is %d MB", debug.SetMemoryLimit(-1)>>20)
		}
	}
}
