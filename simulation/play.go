package simulation

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// play is one run of one plan.
type play struct {
	letters [2][]letter // of networks at their target, and below it
	closes  time.Time
	rand    *rand.Rand
}

// counts are what came of a network, or of all.
type counts struct{ letters, complete, passedOn, optedOut int64 }

func (c *counts) add(d counts) {
	c.letters += d.letters
	c.complete += d.complete
	c.passedOn += d.passedOn
	c.optedOut += d.optedOut
}

// network plays the wave in a network, letter by letter. Reminders reach those who have answered as
// well: nobody knows who they are.
func (p *play) network(n Network, they people) (c counts) {
	silent, gone := n.People, int64(0)
	var came []arrival
	strayed := false
	var at time.Time
	for nth := 0; ; nth++ {
		next, stray, ok := p.next(at, strayed, func(when time.Time) bool { return n.Target > 0 && by(came, when) < n.Target })
		if !ok {
			break
		}
		at, strayed = next.at, stray
		c.letters += n.People - gone
		answering := binomial(p.rand, silent, they.answers(nth))
		silent -= answering
		left := p.closes.Sub(at).Hours() / 24
		intime := binomial(p.rand, answering, inTime(left))
		c.complete += intime
		came = append(came, arrival{at, intime, left})
		leaving := binomial(p.rand, silent, they.leaves(nth))
		silent, gone = silent-leaving, gone+leaving
	}
	c.optedOut = gone
	c.passedOn = they.passOn(p.rand, c.complete)
	return c
}

// next is the letter after a moment. One that is for networks below their target leaves if this one is
// when its time has come, and then that plan goes on.
func (p *play) next(after time.Time, strayed bool, below func(time.Time) bool) (l letter, stray, ok bool) {
	for _, l := range p.letters[1] {
		if !l.at.After(after) {
			continue
		}
		if slices.ContainsFunc(p.letters[0], func(other letter) bool { return other.at.Equal(l.at) }) {
			return l, strayed, true
		}
		if below(l.at) {
			return l, true, true
		}
	}
	if strayed {
		return letter{}, true, false
	}
	l, ok = first(p.letters[0], after)
	return l, false, ok
}

func first(list []letter, after time.Time) (letter, bool) {
	i := slices.IndexFunc(list, func(l letter) bool { return l.at.After(after) })
	if i < 0 {
		return letter{}, false
	}
	return list[i], true
}

// arrival is the answers that a letter brings until the close.
type arrival struct {
	at   time.Time
	n    int64
	left float64 // days from the letter to the close
}

// by is how many answers are there at a moment.
func by(came []arrival, when time.Time) (n int64) {
	for _, a := range came {
		if all := inTime(a.left); all > 0 {
			n += int64(math.Round(float64(a.n) * inTime(when.Sub(a.at).Hours()/24) / all))
		}
	}
	return n
}

// tally gathers runs of a plan.
type tally struct {
	letters, complete, passedOn, optedOut []int64
	rates                                 []float64
}

func (t *tally) add(c counts, people int64) {
	t.letters = append(t.letters, c.letters)
	t.complete = append(t.complete, c.complete+c.passedOn)
	t.passedOn = append(t.passedOn, c.passedOn)
	t.optedOut = append(t.optedOut, c.optedOut)
	t.rates = append(t.rates, float64(c.complete)/float64(max(people, 1)))
}

func (t *tally) outcome(name string) Outcome {
	return Outcome{
		Plan: name, Letters: over(t.letters), Complete: over(t.complete), PassedOn: over(t.passedOn),
		OptedOut: over(t.optedOut), Rate: shares(t.rates),
	}
}

func over(list []int64) Range {
	floats := make([]float64, len(list))
	for i, n := range list {
		floats[i] = float64(n)
	}
	s := shares(floats)
	return Range{Mean: int64(math.Round(s.Mean)), Low: int64(s.Low), High: int64(s.High)}
}

func shares(list []float64) Share {
	sorted := slices.Sorted(slices.Values(list))
	sum := 0.0
	for _, x := range sorted {
		sum += x
	}
	n := float64(len(sorted))
	edge := (1 - level) / 2
	return Share{Mean: sum / n, Low: sorted[int(edge*(n-1))], High: sorted[int(math.Ceil((1-edge)*(n-1)))]}
}
