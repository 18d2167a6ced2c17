package outbox

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"viesti/contacts"
	"viesti/link"
)

// Wave is what the outbox knows of the wave in the field.
type Wave struct {
	ID     string
	Closes time.Time
	Zone   *time.Location
	// ThankAskers tells that thanks are for those alone who wish to hear of the results.
	ThankAskers bool
}

// Linker gives the survey link that a network's messages carry, that of a further channel, and that
// with which readers pass either on.
type Linker interface {
	Ensure(ctx context.Context, key link.Key) (link.Link, error)
	Share(ctx context.Context, network, channel string) (link.Link, error)
	PassOn(ctx context.Context, token string) (link.Link, error)
	URL(l link.Link) string
}

// Worker sends what is in the outbox: one loop for each carrier, which claims a message for each
// idle connection and writes the results of the busy ones in the same transaction.
type Worker struct {
	Store    Store
	Journal  Journal
	Links    Linker
	Networks func(ctx context.Context) ([]contacts.Network, error)
	// Contact finds a recipient by id: contacts.ErrNoContact.
	Contact            func(ctx context.Context, id string) (contacts.Known, error)
	Carriers           map[link.Channel]Carrier
	Wave               Wave
	PerMinute          int // of mail; 0: no limit
	PerDomainPerMinute int
	// MessageID makes a letter's Message-ID (RFC 5322, 3.6.4) of random text.
	MessageID func(random string) string
	Now       func() time.Time
	Rand      io.Reader // of Message-IDs
	Log       *slog.Logger
	// Alert is told of faults that people may have to mend; nil: the log alone says it. It must
	// not take long.
	Alert func(Alert)
	// Grace is how long messages in flight may take to finish after Run's context ended.
	Grace time.Duration

	once  sync.Once
	loops map[link.Channel]*loop
	run   string                     // this run, as marks name it
	seq   atomic.Uint64              // of the last claim of any carrier: the journal is one for all
	last  map[link.Channel]time.Time // the last claim of an earlier run
}

// Health is how a carrier fares.
type Health struct {
	OK    bool      `json:"ok"`
	Since time.Time `json:"since,omitzero"` // of the fault
	Until time.Time `json:"until,omitzero"` // when it is tried again
	Reply Reply     `json:"reply,omitzero"` // what the carrier said
	// Domains are recipient domains that take nothing for now; messages to others go on.
	Domains []RestingDomain `json:"domains,omitempty"`
}

func (w *Worker) setUp() {
	w.once.Do(func() {
		w.loops = map[link.Channel]*loop{}
		for channel, carrier := range w.Carriers {
			w.loops[channel] = &loop{w: w, channel: channel, carrier: carrier, wake: make(chan struct{}, 1)}
		}
	})
}

// Run sends until ctx ends, then takes no new message, waits for those in flight and writes what
// became of them. What an earlier process left claimed is settled first.
func (w *Worker) Run(ctx context.Context) error {
	w.setUp()
	if err := w.recover(ctx); err != nil {
		return err
	}
	var wg sync.WaitGroup
	for channel, l := range w.loops {
		perMinute, perDestination := l.limits()
		l.pace = newPace(perMinute, w.last[channel])
		l.destinations = newDestinations(perDestination, w.last[channel], w.Now())
		wg.Go(func() { l.run(ctx) })
	}
	wg.Wait()
	return nil
}

// Wake tells the loops that something was queued, or that a pause ended.
func (w *Worker) Wake() {
	w.setUp()
	for _, l := range w.loops {
		l.poke()
	}
}

// Health tells how each carrier fares.
func (w *Worker) Health() map[link.Channel]Health {
	w.setUp()
	all := map[link.Channel]Health{}
	for channel, l := range w.loops {
		all[channel] = l.health()
	}
	return all
}

// day is today in the wave's zone.
func (w *Worker) day() string { return w.Now().In(w.Wave.Zone).Format(time.DateOnly) }
