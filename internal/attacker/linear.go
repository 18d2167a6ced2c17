package attacker

import (
	"errors"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize/convex/lp"
)

// program is a part of a system as gonum's simplex takes it: unknowns above their lower bounds, and
// equations of full rank, of which none and no unknown is empty. The unknowns beyond the first are
// the slack of inequalities.
type program struct {
	s       *System
	of      []Unknown
	at      map[Unknown]int
	rows    [][]float64 // the last number is the right-hand side
	columns int
	scale   float64
	used    []int // the unknowns that are in an equation
	matrix  *mat.Dense
	right   []float64
	basis   []int // of the last solution: where the next search begins
}

func (s *System) program(of []int, part int) *program {
	p := &program{s: s, at: map[Unknown]int{}, scale: 1}
	taken := map[int]bool{}
	for i := range of {
		if u := Unknown(i); of[i] == part {
			p.at[u] = len(p.of)
			p.of = append(p.of, u)
			for _, r := range s.by[u] {
				taken[r] = true
			}
		}
	}
	rules := make([]int, 0, len(taken))
	for r := range taken {
		rules = append(rules, r)
	}
	slices.Sort(rules)
	p.columns = len(p.of)
	for _, r := range rules {
		p.columns += p.slacks(s.rules[r])
	}
	next := len(p.of)
	for _, r := range rules {
		next = p.add(s.rules[r], next)
	}
	p.reduce()
	return p
}

// sides are the inequalities of a rule that are not already in the bounds of its unknowns.
func (p *program) sides(r rule) (low, high bool) {
	least, most := p.s.span(r.terms)
	return r.low > least+little, r.high < most-little
}

func (p *program) slacks(r rule) (n int) {
	low, high := p.sides(r)
	if r.low == r.high {
		return 0
	}
	if low {
		n++
	}
	if high {
		n++
	}
	return n
}

func (p *program) add(r rule, next int) int {
	row := make([]float64, p.columns+1)
	fixed := 0.0
	for _, t := range r.terms {
		fixed += t.Times * float64(p.s.low[t.Of])
		if at, ok := p.at[t.Of]; ok {
			row[at] += t.Times
		}
	}
	if r.low == r.high {
		row[p.columns] = r.low - fixed
		p.rows = append(p.rows, row)
		return next
	}
	side := func(slack, bound float64) {
		row := slices.Clone(row)
		row[next], row[p.columns] = slack, bound-fixed
		next++
		p.rows = append(p.rows, row)
	}
	low, high := p.sides(r)
	if low {
		side(-1, r.low)
	}
	if high {
		side(1, r.high)
	}
	return next
}

// reduce takes out equations that follow from others, by elimination, and scales the right-hand
// sides to about one, as simplex's tolerances suppose.
func (p *program) reduce() {
	work := make([][]float64, 0, len(p.rows))
	var kept [][]float64
	for _, row := range p.rows {
		w := slices.Clone(row)
		for _, done := range work {
			pivot := slices.IndexFunc(done[:p.columns], func(x float64) bool { return math.Abs(x) > 1e-7 })
			if f := w[pivot] / done[pivot]; f != 0 {
				for j := range w {
					w[j] -= f * done[j]
				}
				w[pivot] = 0
			}
		}
		if slices.ContainsFunc(w[:p.columns], func(x float64) bool { return math.Abs(x) > 1e-7 }) {
			for j, x := range w[:p.columns] {
				if math.Abs(x) <= 1e-7 {
					w[j] = 0
				}
			}
			work, kept = append(work, w), append(kept, row)
		}
		p.scale = max(p.scale, math.Abs(row[p.columns]))
	}
	p.rows = kept
}

// attack has worlds found until each target is cleared: first such in which many are as small or as
// large as they can be at once, then for each that is left its least and its most.
func (p *program) attack(targets []*suspect, minimum int64) (found []Found) {
	uncleared := func() []*suspect {
		return slices.DeleteFunc(slices.Clone(targets), func(t *suspect) bool { return t.cleared(minimum) })
	}
	for turn := range 8 {
		left := uncleared()
		if len(left) == 0 {
			return nil
		}
		var of []Unknown
		for i, t := range left {
			if turn < 2 || i%(2+turn/2) == 0 {
				of = append(of, t.Of...)
			}
		}
		p.extreme(of, turn%2 == 1, targets) //nolint:errcheck // a world that was not found clears nothing
	}
	for _, t := range uncleared() {
		low, high := p.s.bounds(t.Target)
		if value, err := p.extreme(t.Of, false, targets); err == nil {
			low = max(low, int64(math.Ceil(value-1e-6)))
		}
		if t.cleared(minimum) {
			continue
		}
		if value, err := p.extreme(t.Of, true, targets); err == nil && value < float64(Many) {
			high = min(high, int64(math.Floor(value+1e-6)))
		}
		if t.is(low, high, minimum) {
			found = append(found, Found{t.Target, low, high, "linear programming"})
		}
	}
	return found
}

// extreme is the least, or the most, that unknowns come to together. All targets see that world.
func (p *program) extreme(of []Unknown, most bool, targets []*suspect) (float64, error) {
	c := make([]float64, p.columns)
	fixed := 0.0
	for _, u := range of {
		fixed += float64(p.s.low[u])
		if at, ok := p.at[u]; ok {
			c[at]++
			if most {
				c[at] -= 2
			}
		}
	}
	x, err := p.solve(c)
	if errors.Is(err, lp.ErrUnbounded) {
		return math.Inf(1), nil
	}
	if err != nil {
		p.s.Unsolved++
		return 0, err
	}
	value := func(of []Unknown) (sum float64) {
		for _, u := range of {
			sum += float64(p.s.low[u])
			if at, ok := p.at[u]; ok {
				sum += x[at]
			}
		}
		return sum
	}
	for _, t := range targets {
		t.see(value(t.Of))
	}
	return value(of), nil
}

// solve finds the least of c. Simplex spends most of its time on finding where to begin, so each
// search begins where the last one ended.
func (p *program) solve(c []float64) ([]float64, error) {
	x := make([]float64, p.columns)
	if p.matrix == nil && len(p.rows) > 0 {
		p.dense()
	}
	cost := make([]float64, len(p.used))
	for k, j := range p.used {
		cost[k], c[j] = c[j], 0
	}
	if slices.Min(append(c, 0)) < 0 {
		return nil, lp.ErrUnbounded // what no equation has may be as large as it likes
	}
	if len(p.rows) == 0 {
		return x, nil
	}
	y, err := p.simplex(cost, p.basis)
	if err != nil && p.basis != nil {
		y, err = p.simplex(cost, nil)
	}
	if err != nil {
		p.basis = nil
		return nil, err
	}
	p.basis = p.basisOf(y)
	for k, j := range p.used {
		x[j] = y[k] * p.scale
	}
	return x, nil
}

// simplex is gonum's. It panics at a basis that is not quite feasible, as one may be by rounding.
func (p *program) simplex(cost []float64, basis []int) (y []float64, err error) {
	defer func() {
		if recover() != nil {
			err = lp.ErrLinSolve
		}
	}()
	_, y, err = lp.Simplex(cost, p.matrix, p.right, 1e-9, basis)
	return y, err
}

// dense lays the equations out. Columns that none of them has are left aside.
func (p *program) dense() {
	for j := range p.columns {
		if slices.ContainsFunc(p.rows, func(row []float64) bool { return row[j] != 0 }) {
			p.used = append(p.used, j)
		}
	}
	p.matrix, p.right = mat.NewDense(len(p.rows), len(p.used), nil), make([]float64, len(p.rows))
	for i, row := range p.rows {
		for k, j := range p.used {
			p.matrix.Set(i, k, row[j])
		}
		p.right[i] = row[p.columns] / p.scale
	}
}

// basisOf are columns of full rank, among them those that are not nothing in a solution; nil where
// there are no such.
func (p *program) basisOf(y []float64) []int {
	order := make([]int, len(y))
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case y[a] > y[b]:
			return -1
		case y[a] < y[b]:
			return 1
		}
		return 0
	})
	var basis []int
	var work [][]float64
	var pivots []int
	for _, k := range order {
		column := mat.Col(nil, k, p.matrix)
		for i, done := range work {
			if f := column[pivots[i]] / done[pivots[i]]; f != 0 {
				for r := range column {
					column[r] -= f * done[r]
				}
			}
		}
		pivot := 0
		for r, v := range column {
			if math.Abs(v) > math.Abs(column[pivot]) {
				pivot = r
			}
		}
		if math.Abs(column[pivot]) > 1e-7 {
			basis, work, pivots = append(basis, k), append(work, column), append(pivots, pivot)
		} else if y[k] > 1e-12 {
			return nil
		}
		if len(basis) == len(p.rows) {
			return basis
		}
	}
	return nil
}
