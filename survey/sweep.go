package survey

import (
	"context"
	"time"
)

// AfterClose is how long the unfinished answers of a wave are kept when they can no longer be
// sent: long enough to move a close that was set too early.
const AfterClose = 7 * 24 * time.Hour

// Sweep removes the unfinished answers whose time is over, and says how many. What is kept of
// them is that there were such, and that their codes were used.
func (f *Fieldwork) Sweep(ctx context.Context) (removed int, err error) {
	return f.Store.RemoveDrafts(ctx, f.outlived())
}

// outlived tells of which drafts the time is over now. A draft has a day and no time, so that it
// is kept for at least as many whole days as were promised.
func (f *Fieldwork) outlived() func(Response) bool {
	now := f.Now()
	over := !now.Before(f.Period.ends().Add(AfterClose))
	first := now.In(f.Period.Zone).AddDate(0, 0, -f.Keep).Format(time.DateOnly)
	return func(r Response) bool {
		return r.Day < first || over && r.Wave == f.Period.Wave
	}
}

// LastDay is the last day on which an unfinished response can be gone on with.
func (f *Fieldwork) LastDay(r Response) time.Time {
	last := f.Period.ends().In(f.Period.Zone)
	day, err := time.ParseInLocation(time.DateOnly, r.Day, f.Period.Zone)
	if err != nil {
		return last
	}
	if kept := day.AddDate(0, 0, f.Keep); kept.Before(last) {
		return kept
	}
	return last
}

// ends is when the last answer can be sent.
func (p Period) ends() time.Time { return p.Closes.Add(p.Grace) }
