package app

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"viesti/survey"
)

// drafts is a store with one draft, which is out of order at first.
type drafts struct {
	survey.Store
	draft survey.Response

	mu      sync.Mutex
	looked  int
	removed bool
}

func (d *drafts) RemoveDrafts(_ context.Context, old func(survey.Response) bool) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.looked++; d.looked == 1 {
		return 0, errors.New("disk on fire")
	}
	if d.removed || !old(d.draft) {
		return 0, nil
	}
	d.removed = true
	return 1, nil
}

func (d *drafts) state() (looked int, removed bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.looked, d.removed
}

func TestSweep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder
		begun := time.Now()
		store := &drafts{draft: survey.Response{Day: begun.UTC().Format(time.DateOnly)}}
		a := &App{
			options: Options{Log: slog.New(slog.NewTextHandler(&log, nil))},
			fieldwork: &survey.Fieldwork{
				Store: store, Now: time.Now, Keep: 2, Period: survey.Period{Closes: begun.AddDate(1, 0, 0), Zone: time.UTC},
			},
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- a.sweep(ctx) }()
		time.Sleep(3*24*time.Hour - time.Minute)
		synctest.Wait()
		if _, removed := store.state(); removed {
			t.Errorf("removed after less than two whole days")
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if looked, removed := store.state(); !removed || looked < 70 {
			t.Errorf("looked %d times, removed %v", looked, removed)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if !strings.Contains(log.String(), "disk on fire") || !strings.Contains(log.String(), "answers=1") {
			t.Errorf("log: %s", &log)
		}
	})
}
