// Package attacker tries to find people in what was published. It is given nothing else: the numbers
// of each release, and where a number is hidden. It sets up what they say of the hidden ones as
// equations and inequalities over whole numbers, and narrows these down by their bounds and by linear
// programming (gonum). Only tests use it, and the bench; it decides nothing of what is published.
package attacker

import (
	"errors"
	"math"
)

// Unknown is a number of people that was not published.
type Unknown int

// Term is an unknown, so many times.
type Term struct {
	Of    Unknown
	Times float64
}

// System is what is known of unknown numbers.
type System struct {
	low, high []int64
	rules     []rule
	by        [][]int // the rules that an unknown is in
	// Unsolved are the linear programs that could not be solved: with many of them an attack that
	// found nothing says little.
	Unsolved int
}

type rule struct {
	terms     []Term
	low, high float64
}

// Many is more people than there are.
const Many = int64(1) << 40

// ErrContradiction is that no numbers fit what was published: it was put together wrongly.
var ErrContradiction = errors.New("attacker: what was published contradicts itself")

// New is an unknown between two numbers.
func (s *System) New(low, high int64) Unknown {
	s.low, s.high, s.by = append(s.low, low), append(s.high, high), append(s.by, nil)
	return Unknown(len(s.low) - 1)
}

// Sum says that unknowns together are n.
func (s *System) Sum(n int64, of ...Unknown) { s.Between(float64(n), float64(n), ones(of)...) }

// AtLeast says that unknowns together are n or more.
func (s *System) AtLeast(n int64, of ...Unknown) {
	s.Between(float64(n), math.Inf(1), ones(of)...)
}

func ones(of []Unknown) []Term {
	terms := make([]Term, len(of))
	for i, u := range of {
		terms[i] = Term{u, 1}
	}
	return terms
}

// Between says that a sum is between two numbers, or one of them. Where it can only be a whole
// number, they are moved to whole ones.
func (s *System) Between(low, high float64, terms ...Term) {
	whole := true
	for _, t := range terms {
		whole = whole && t.Times == math.Trunc(t.Times)
		s.by[t.Of] = append(s.by[t.Of], len(s.rules))
	}
	if whole {
		low, high = math.Ceil(low-1e-9), math.Floor(high+1e-9)
	}
	s.rules = append(s.rules, rule{terms, low, high})
}

// narrow moves the bounds of the unknowns together as far as each rule by itself does.
func (s *System) narrow() error {
	queue, waits := make([]int, len(s.rules)), make([]bool, len(s.rules))
	for i := range queue {
		queue[i], waits[i] = i, true
	}
	for steps := 0; len(queue) > 0 && steps < 200*len(s.rules)+1000; steps++ {
		at := queue[0]
		queue, waits[at] = queue[1:], false
		moved, err := s.narrowBy(s.rules[at])
		if err != nil {
			return err
		}
		for _, u := range moved {
			for _, other := range s.by[u] {
				if !waits[other] {
					queue, waits[other] = append(queue, other), true
				}
			}
		}
	}
	return nil
}

const little = 1e-7 // what noise of the last bits may come to

func (s *System) narrowBy(r rule) (moved []Unknown, err error) {
	least, most := s.span(r.terms)
	if least > r.high+little || most < r.low-little {
		return nil, ErrContradiction
	}
	for _, t := range r.terms {
		a, b := s.reach(t)
		// the sum without this term is at least least-a and at most most-b
		low, high := (r.low-(most-b))/t.Times, (r.high-(least-a))/t.Times
		if t.Times < 0 {
			low, high = high, low
		}
		if s.move(t.Of, low, high) {
			moved = append(moved, t.Of)
			least, most = s.span(r.terms)
		}
		if s.low[t.Of] > s.high[t.Of] {
			return nil, ErrContradiction
		}
	}
	return moved, nil
}

func (s *System) move(u Unknown, low, high float64) (moved bool) {
	if l := math.Ceil(low - little); l > float64(s.low[u]) {
		s.low[u], moved = int64(l), true
	}
	if h := math.Floor(high + little); h < float64(s.high[u]) {
		s.high[u], moved = int64(h), true
	}
	return moved
}

// reach is the least and the most that a term may come to.
func (s *System) reach(t Term) (least, most float64) {
	a, b := t.Times*float64(s.low[t.Of]), t.Times*float64(s.high[t.Of])
	return min(a, b), max(a, b)
}

func (s *System) span(terms []Term) (least, most float64) {
	for _, t := range terms {
		a, b := s.reach(t)
		least, most = least+a, most+b
	}
	return least, most
}
