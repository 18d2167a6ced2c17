package attacker

import (
	"fmt"
	"math"
)

// Target is a number that must not be found: unknowns together.
type Target struct {
	Name string
	Of   []Unknown
	// Hidden is one that was hidden, so that it must not be found even where it is large.
	Hidden bool
}

// Found is a target that was found, between Low and High.
type Found struct {
	Target
	Low, High int64
	By        string // how
}

func (f Found) String() string {
	return fmt.Sprintf("%s is between %d and %d (%s)", f.Name, f.Low, f.High, f.By)
}

// is tells whether bounds give a target away: as fewer than the minimum but somebody, or, of a
// hidden one, as one number. That nobody is there may be known.
func (t Target) is(low, high, minimum int64) bool {
	return low >= 1 && (high < minimum || t.Hidden && low == high)
}

// Attack tells which of the targets can be found.
func (s *System) Attack(targets []Target, minimum int64) ([]Found, error) {
	if err := s.narrow(); err != nil {
		return nil, err
	}
	var found []Found
	var left []*suspect
	for _, t := range targets {
		low, high := s.bounds(t)
		switch {
		case t.is(low, high, minimum):
			found = append(found, Found{t, low, high, "bounds"})
		case low < high:
			left = append(left, &suspect{Target: t, low: math.Inf(1), high: math.Inf(-1)})
		}
	}
	return append(found, s.attackLinear(left, minimum)...), nil
}

func (s *System) bounds(t Target) (low, high int64) {
	for _, u := range t.Of {
		low, high = low+s.low[u], high+s.high[u]
	}
	return low, min(high, Many)
}

// suspect is a target that may yet be found. Low and high are the least and the most that it was
// seen to be in a world that fits.
type suspect struct {
	Target
	low, high float64
}

// see takes note of a world. Once enough of them were seen, the target is cleared.
func (t *suspect) see(value float64) {
	t.low, t.high = min(t.low, value), max(t.high, value)
}

func (t *suspect) cleared(minimum int64) bool {
	low, high := math.Ceil(t.low-1e-6), math.Floor(t.high+1e-6)
	return (low < 1 || high >= float64(minimum)) && (!t.Hidden || low < high)
}

// attackLinear looks at one part of the system after another that has nothing to do with the others.
func (s *System) attackLinear(targets []*suspect, minimum int64) (found []Found) {
	of := s.parts()
	byPart := map[int][]*suspect{}
	for _, t := range targets {
		part := -1
		for _, u := range t.Of {
			if s.low[u] == s.high[u] {
				continue
			}
			if part >= 0 && part != of[u] {
				part = -2 // it lies in two: what one says of it, the other does not
				break
			}
			part = of[u]
		}
		if part >= 0 {
			byPart[part] = append(byPart[part], t)
		}
	}
	for part, targets := range byPart {
		found = append(found, s.program(of, part).attack(targets, minimum)...)
	}
	return found
}

// parts numbers the unknowns by what they hang together with.
func (s *System) parts() []int {
	of := make([]int, len(s.low))
	for i := range of {
		of[i] = -1
	}
	for start := range of {
		if of[start] >= 0 || s.low[start] == s.high[start] {
			continue
		}
		stack := []Unknown{Unknown(start)}
		of[start] = start
		for len(stack) > 0 {
			u := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			for _, r := range s.by[u] {
				for _, t := range s.rules[r].terms {
					if of[t.Of] < 0 && s.low[t.Of] < s.high[t.Of] {
						of[t.Of] = start
						stack = append(stack, t.Of)
					}
				}
			}
		}
	}
	return of
}
