package results

import (
	"context"
	"fmt"
	"sync"

	"viesti/survey"
)

// Ahead keeps what was counted before anybody asked: the answers of the whole days of an open survey,
// all questions in one pass. Reporters share it; it shows nothing and is no release.
type Ahead struct {
	lock    sync.Mutex
	of      string // what was counted
	catalog *catalog
	counts  *counts
}

// Prepare counts the whole days that are over, unless that is done, so that who asks for a question
// of an open survey does not wait for all answers to be read.
func (r *Reporter) Prepare(ctx context.Context) error {
	if r.Ahead == nil || r.Period.Phase(r.Now()) != survey.Open {
		return nil
	}
	days, err := r.days(ctx)
	if err != nil {
		return err
	}
	through := days.whole(r.date(r.Now()))
	if through == "" {
		return nil
	}
	_, err = r.count(ctx, plan{through: through, n: days.until(through)})
	return err
}

// counted names a count: what it is of, by which editions, and of how many.
func (r *Reporter) counted(ctx context.Context, through string, n int64) (string, error) {
	editions, err := r.Source.Editions(ctx, r.Period.Wave)
	if err != nil {
		return "", err
	}
	of := fmt.Sprint(r.Period.Wave, " ", through, " ", n)
	for _, e := range editions {
		of += fmt.Sprintf(" %s %s %d", e.Version, e.Day, len(e.Source))
	}
	return of, nil
}

// find gives what was counted, if it is that.
func (a *Ahead) find(of string) (*catalog, *counts, bool) {
	a.lock.Lock()
	defer a.lock.Unlock()
	return a.catalog, a.counts, a.of == of
}

func (a *Ahead) keep(of string, catalog *catalog, counts *counts) {
	a.lock.Lock()
	defer a.lock.Unlock()
	a.of, a.catalog, a.counts = of, catalog, counts
}
