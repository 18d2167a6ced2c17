package report

import "slices"

// Standing is how a network's rate stands among those of all networks that have one.
type Standing struct {
	Median float64 // of the rates
	Rank   int     // 1 is the highest rate, equal rates share one; 0: too few networks for ranks
	Of     int     // networks with a rate
}

// leastRanked is how many networks there are at least where each is told its rank: among fewer,
// ranks would say more of the others than of oneself.
const leastRanked = 5

// Standing compares a network with the others in a table by network. ok is false where there is
// nothing to compare: the network has no rate, or no other has one.
func (r Rates) Standing(network string) (s Standing, ok bool) {
	i := slices.IndexFunc(r.Rows, func(row Row) bool { return row.Network == network })
	rates := r.sorted()
	if i < 0 || r.Rows[i].alone().Rate == nil || len(rates) < 2 {
		return Standing{}, false
	}
	s = Standing{Median: median(rates), Of: len(rates)}
	if len(rates) >= leastRanked {
		s.Rank = 1
		for _, rate := range rates {
			if rate > *r.Rows[i].alone().Rate {
				s.Rank++
			}
		}
	}
	return s, true
}

// leastContacted is how many people a network has contacted at least before its rate says that it
// lags behind: of fewer, one answer more or less changes too much.
const leastContacted = 10

// Lagging are the networks whose rate is below half of the median, in a table by network.
func (r Rates) Lagging() (list []Row) {
	rates := r.sorted()
	if len(rates) < 2 {
		return nil
	}
	half := median(rates) / 2
	for _, row := range r.Rows {
		if own := row.alone(); own.Rate != nil && *own.Rate < half && own.Contacted >= leastContacted {
			list = append(list, row)
		}
	}
	return list
}

// alone is what a network has without those under it: what it is compared by.
func (r Row) alone() Own {
	if r.Own != nil {
		return *r.Own
	}
	return Own{r.Contacted, r.Undelivered, r.Counts, r.Rate}
}

// sorted are the rates there are, the lowest first.
func (r Rates) sorted() (rates []float64) {
	for _, row := range r.Rows {
		if own := row.alone(); own.Rate != nil {
			rates = append(rates, *own.Rate)
		}
	}
	slices.Sort(rates)
	return rates
}

// median is the middle of sorted rates, between the two middle ones where they are even in number.
func median(sorted []float64) float64 {
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// Since is what came in from a day on (2027-03-14), in a table by day.
func (r Rates) Since(day string) (sum Counts) {
	for _, row := range r.Rows {
		if row.Day >= day {
			sum.add(row.Counts)
		}
	}
	return sum
}
