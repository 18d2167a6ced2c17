package disclosure

import (
	"math"
	"slices"
)

// turn is so many people whose answer becomes another.
type turn struct {
	from, to int
	n        int64
}

// plan is another way in which all may have answered: what is other among those beside the divisions,
// and among those in them, wherever these are.
type plan struct{ beside, divided []turn }

// value tells whether there are worlds for a value that few gave: among all, or among all since an
// earlier release (whole), and of these among those beside the divisions and those in them (parts).
// There nobody gave it, or enough did. In each, as many groups' means as can be are what they are; the
// others are hidden.
func (m *meaner) value(v int) (whole, parts bool) {
	gone := false
	for i, before := range append([][]int64{make([]int64, len(m.s.Counts))}, m.s.Earlier...) {
		few := m.all()[v] - before[v]
		if m.r.Fits(few) {
			continue
		}
		nobody := m.best(v, m.fewer(v, few))
		if !nobody && !m.best(v, m.more(v, m.r.Minimum-few)) {
			return false, false
		}
		gone = gone || nobody && i == 0
	}
	few := m.s.Counts[v]
	switch {
	case m.s.shared(v) < 0:
		return true, true // nothing is said of it there
	case gone || m.r.Fits(few):
	case m.s.Beside == nil:
		m.full[v] = true
	case m.best(v, m.swaps(v, few, false)):
	case m.best(v, m.swaps(v, m.r.Minimum-few, true)):
		m.full[v] = true
	default:
		return true, false
	}
	if gone || m.s.Beside == nil || m.r.Fits(m.s.Beside[v]) {
		return true, true
	}
	few = m.s.Beside[v]
	return true, m.best(v, m.swaps(v, few, true)) || m.best(v, m.swaps(v, m.r.Minimum-few, false))
}

// all are the people by value, in the divisions and beside them.
func (m *meaner) all() []int64 { return added(m.s.Counts, m.s.Beside) }

func added(counts, beside []int64) []int64 {
	counts = slices.Clone(counts)
	for v, n := range beside {
		counts[v] += n
	}
	return counts
}

// fewer are the plans by which people who gave a value gave another of its category in the whole.
func (m *meaner) fewer(v int, n int64) []plan { return m.plans(m.ways(v), n) }

// more are those by which others gave it, and nobody who gave it another in return.
func (m *meaner) more(v int, n int64) []plan {
	var ways []way
	for w := range m.s.Values {
		for _, one := range m.ways(w) {
			if one.to == v && (one.times == 0 || one.a != v && one.b != v) {
				ways = append(ways, one)
			}
		}
	}
	return m.plans(ways, n)
}

func (m *meaner) plans(ways []way, n int64) (list []plan) {
	for _, w := range ways {
		turns := []turn{{w.from, w.to, n}, {w.a, w.b, w.times * n}}
		list = append(list, m.split(turns, true))
		if m.s.Beside != nil {
			list = append(list, m.split(turns, false))
		}
	}
	return list
}

// split has those beside the divisions do what they can, or those in them first.
func (m *meaner) split(turns []turn, besideFirst bool) (p plan) {
	for _, t := range turns {
		var can int64
		switch {
		case m.s.Beside == nil:
		case besideFirst:
			can = min(t.n, m.s.Beside[t.from]-leastOf(m.s.BesideFloor, t.from))
		default:
			can = t.n - min(t.n, m.s.Counts[t.from]-leastOf(m.s.Floor, t.from))
		}
		p.beside, p.divided = append(p.beside, turn{t.from, t.to, can}), append(p.divided, turn{t.from, t.to, t.n - can})
	}
	return p
}

func leastOf(floor []int64, v int) int64 {
	if floor == nil {
		return 0
	}
	return floor[v]
}

// swaps are the plans by which people in the divisions who gave a value gave another of its category
// there (or, into, the other way round), and people beside them make up for it.
func (m *meaner) swaps(v int, n int64, into bool) (list []plan) {
	for to := range m.s.Values {
		if to == v || m.s.shared(to) < 0 || m.s.shared(to) != m.s.shared(v) {
			continue
		}
		out, in := turn{v, to, n}, turn{to, v, n}
		if into {
			out, in = in, out
		}
		list = append(list, plan{divided: []turn{out}, beside: []turn{in}})
	}
	return list
}

// best takes the plan that hurts the fewest means, if there is any: as it is, or with the sum of all
// in the divisions brought back to what it was.
func (m *meaner) best(v int, plans []plan) bool {
	var best [][]bool
	least := math.MaxInt
	for _, p := range plans {
		for _, p := range []plan{m.balanced(p, v), p} {
			if hurt, n, ok := m.move(p); ok && n < least {
				best, least = hurt, n
			}
		}
	}
	for d, hurt := range best {
		for g := range hurt {
			m.shown[d][g] = m.shown[d][g] && !hurt[g]
		}
	}
	return least < math.MaxInt
}

// balanced has people in the divisions exchange answers with people beside them, but for a value,
// until the sum of those in the divisions is as near as can be to what it was.
func (m *meaner) balanced(p plan, but int) plan {
	if m.s.Beside == nil {
		return p
	}
	p = plan{slices.Clone(p.beside), slices.Clone(p.divided)}
	beside, divided := after(m.s.Beside, p.beside), after(m.s.Counts, p.divided)
	var off float64
	for _, t := range p.divided {
		off += float64(t.n) * (m.valueOf(t.to) - m.valueOf(t.from))
	}
	for off != 0 {
		var best turn
		least := math.Abs(off)
		for from := range m.on {
			for to := range m.on {
				if from == but || to == but || m.s.shared(from) != m.s.shared(to) ||
					divided[from] <= leastOf(m.s.Floor, from) || beside[to] <= leastOf(m.s.BesideFloor, to) {
					continue
				}
				if left := math.Abs(off + m.valueOf(to) - m.valueOf(from)); left < least-little {
					best, least = turn{from, to, 1}, left
				}
			}
		}
		if best.n == 0 {
			break
		}
		back := turn{best.to, best.from, 1}
		p.divided, p.beside = append(p.divided, best), append(p.beside, back)
		beside, divided = after(beside, []turn{back}), after(divided, []turn{best})
		off += m.valueOf(best.to) - m.valueOf(best.from)
	}
	return p
}

// after are counts as they are after turns.
func after(counts []int64, turns []turn) []int64 {
	counts = slices.Clone(counts)
	for _, t := range turns {
		counts[t.from], counts[t.to] = counts[t.from]-t.n, counts[t.to]+t.n
	}
	return counts
}

// move tells whose means would change by a plan, as far as others of the division cannot make up for
// it; ok is false where the whole's summary does, or where those who would have to move are not there,
// or were there before.
func (m *meaner) move(p plan) (hurt [][]bool, n int, ok bool) {
	divided := after(m.s.Counts, p.divided)
	if !enoughLeft(divided, m.s.Floor) {
		return nil, 0, false
	}
	var beside []int64
	if m.s.Beside != nil {
		if beside = after(m.s.Beside, p.beside); !enoughLeft(beside, m.s.BesideFloor) {
			return nil, 0, false
		}
	}
	if !m.wholeAllows(added(divided, beside)) {
		return nil, 0, false
	}
	for d := range m.s.Divisions {
		rows, ok := m.moved(d, p.divided)
		if !ok {
			return nil, 0, false
		}
		other := m.world(d, rows)
		other.mend()
		hurt = append(hurt, make([]bool, len(rows)))
		for g := range rows {
			if other.off(g, 0) > 0 {
				hurt[d][g] = true
				n++
			}
		}
	}
	return hurt, n, true
}

// moved is a division after turns, by which the largest groups go first; ok is false where it has too
// few to go.
func (m *meaner) moved(d int, turns []turn) (rows [][]int64, ok bool) {
	div := m.s.Divisions[d]
	rows = clone(div.Counts)
	for _, t := range turns {
		left := t.n
		for _, g := range m.largest(d) {
			they := min(left, rows[g][t.from]-div.least(g, t.from))
			rows[g][t.from], rows[g][t.to] = rows[g][t.from]-they, rows[g][t.to]+they
			left -= they
		}
		if left > 0 {
			return nil, false
		}
	}
	return rows, true
}

// largest are the groups of a division, the largest first: their summaries change the least.
func (m *meaner) largest(d int) []int {
	order := make([]int, len(m.says[d]))
	for g := range order {
		order[g] = g
	}
	slices.SortStableFunc(order, func(a, b int) int { return int(m.says[d][b].N - m.says[d][a].N) })
	return order
}

// wholeAllows tells whether the whole may have been so. Of those who went on from a value to another
// question it is not said when they came: since any earlier release all of them may have.
func (m *meaner) wholeAllows(whole []int64) bool {
	if says, _ := m.summary(whole); says != m.whole {
		return false
	}
	all := m.all()
	for v, n := range whole {
		held := leastOf(m.s.Floor, v) + leastOf(m.s.BesideFloor, v)
		least := held
		for _, before := range m.s.Earlier {
			least = max(least, before[v]+min(held, all[v]-before[v]))
		}
		if n < least {
			return false
		}
	}
	return true
}

// enoughLeft tells whether no count is below its floor, or below nobody.
func enoughLeft(counts, floor []int64) bool {
	for v, n := range counts {
		if n < 0 || floor != nil && n < floor[v] {
			return false
		}
	}
	return true
}
