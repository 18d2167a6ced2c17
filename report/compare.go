package report

import (
	"context"
	"math"
	"slices"
	"time"

	"viesti/survey"
)

// Median is the middle of the networks' response rates; nil when there is nothing to compare.
func Median(rates []float64) *float64 {
	if len(rates) < 2 {
		return nil
	}
	m := median(slices.Sorted(slices.Values(rates)))
	return &m
}

// StillToWin is how many complete responses more a network would have if it answered as the median
// network does: its size × the gap to the median. A network at or above the median has none.
func StillToWin(size int64, rate, median float64) int64 {
	if size <= 0 || rate >= median {
		return 0
	}
	return int64(math.Round(float64(size) * (median - rate)))
}

// against adds to the rows what comes from comparing networks with each other, each with what it has
// without those under it: in a comparison nobody is counted twice.
func (t *table) against(networks []Row) *float64 {
	var rates []float64
	for _, row := range networks {
		if row.Rate != nil {
			rates = append(rates, *row.Rate)
		}
	}
	median := Median(rates)
	if median == nil {
		return nil
	}
	for _, row := range networks {
		if row.Rate == nil || !t.wants(row.Network) {
			continue
		}
		n := StillToWin(row.size(), *row.Rate, *median)
		t.total.win(n)
		for key := range t.keysOf(row.Network, "") {
			t.line(key).win(n)
		}
	}
	t.total.gap(median)
	for _, l := range t.lines {
		l.gap(median)
	}
	return median
}

// own adds to the rows of networks with others under them what they have without those.
func (t *table) own(networks []Row) {
	if t.query.By != ByNetwork {
		return
	}
	for _, row := range networks {
		if t.forest.Bears(row.Network) && t.wants(row.Network) {
			t.line(row.Network).Own = &Own{row.Contacted, row.Undelivered, row.Counts, row.Rate}
		}
	}
}

func (l *line) win(n int64) {
	if l.StillToWin == nil {
		l.StillToWin = new(int64)
	}
	*l.StillToWin += n
}

// gap is told of rows that have the networks' answers to win.
func (l *line) gap(median *float64) {
	if rate := l.rr(l.Complete); rate != nil && l.StillToWin != nil {
		gap := *rate - *median
		l.GapToMedian = &gap
	}
}

// compare tells what is known of earlier waves, and sets the rows beside the last of them whose course
// the store has. Links stay what they are from wave to wave, and so do the rows.
func (r *Reporter) compare(ctx context.Context, t *table, in input, now time.Time) ([]Known, error) {
	list := []Known{}
	own := clockOf(r.Period.Opens.In(r.zone()).Format(time.DateOnly))
	days := own.number(now.In(r.zone()).Format(time.DateOnly)) // that are over
	days = max(0, min(days, own.number(r.Period.Closes.In(r.zone()).Format(time.DateOnly))+1))
	for _, known := range r.Earlier {
		if known.Wave == r.Period.Wave {
			continue
		}
		tallies, err := r.Source.Tallies(ctx, known.Wave)
		if err != nil {
			return nil, err
		}
		if known.Complete == 0 {
			known.Complete = complete(tallies)
		}
		if known.Complete == 0 && len(tallies) == 0 && len(known.Means) == 0 {
			continue // nothing is known of it but its days
		}
		if len(tallies) > 0 && known.Opens != "" {
			before := in
			before.tallies = tallies
			t.sameDay(known.Wave, days, in.until(own, days), before.until(clockOf(known.Opens), days))
			known.SameDay = t.total.SameDay
		}
		list = append(list, known)
	}
	return list, nil
}

func complete(tallies []survey.Tally) (n int64) {
	for _, t := range tallies {
		n += countsOf(t).Complete
	}
	return n
}

// until are the complete responses of a number of days since the opening, with the way they came.
func (in input) until(c clock, days int) func(each func(way, survey.Tally)) {
	end := c.day(days)
	return func(each func(way, survey.Tally)) {
		for _, t := range in.tallies {
			if t.State == survey.Complete && t.Day < end {
				each(in.way(t.Link), t)
			}
		}
	}
}

// sameDay counts both waves into the total, and into the rows unless these are days.
func (t *table) sameDay(wave string, days int, now, then func(each func(way, survey.Tally))) {
	lines := []*line{&t.total}
	if t.query.By != ByDay {
		for _, l := range t.lines {
			lines = append(lines, l)
		}
	}
	for _, l := range lines {
		l.SameDay = &SameDay{Wave: wave, Days: days}
	}
	count := func(of func(*SameDay) *int64) func(way, survey.Tally) {
		return func(w way, tally survey.Tally) {
			if !t.wants(w.Network) {
				return
			}
			*of(t.total.SameDay) += tally.N
			for key := range t.keysOf(w.Network, t.responseKey(w, tally.Lang, tally.Day)) {
				if l := t.lines[key]; l != nil && l.SameDay != nil {
					*of(l.SameDay) += tally.N
				}
			}
		}
	}
	now(count(func(s *SameDay) *int64 { return &s.Now }))
	then(count(func(s *SameDay) *int64 { return &s.Then }))
}
