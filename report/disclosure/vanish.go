package disclosure

import (
	"math"
	"slices"
)

// vanishes tells whether few people who gave a value (all who did, or all who did since an earlier
// release) may have given another of its block: they are moved there, and others are moved so that
// the sum stays. Of the ways to do so the one is taken by which the fewest groups' summaries change;
// these are hidden.
func (m *meaner) vanishes(v int, few int64) bool {
	return m.best(m.ways(v), few, false)
}

// fills tells whether some who gave another value of the block may have given this one, so many that
// it has enough.
func (m *meaner) fills(v int, few int64) bool {
	m.full[v] = m.best(m.into(v), m.r.Minimum-few, false)
	return m.full[v]
}

// into are the ways that lead to a value, and in which nobody moves away from it in return.
func (m *meaner) into(v int) (ways []way) {
	for w := range m.s.Values {
		for _, one := range m.ways(w) {
			if one.to == v && (one.times == 0 || one.a != v && one.b != v) {
				ways = append(ways, one)
			}
		}
	}
	return ways
}

// exchanged tells whether the few who gave a value among those beside the divisions may have given
// another of its block, while people in the divisions make up for it.
func (m *meaner) exchanged(v int, few int64) bool {
	return m.best(m.into(v), few, true)
}

// best takes the way that hurts the fewest summaries, if there is any.
func (m *meaner) best(ways []way, few int64, exchange bool) bool {
	var best [][]bool
	least := math.MaxInt
	for _, w := range ways {
		if hurt, n, ok := m.move(w, few, exchange); ok && n < least {
			best, least = hurt, n
		}
	}
	for d, hurt := range best {
		for g := range hurt {
			m.shown[d][g] = m.shown[d][g] && !hurt[g]
		}
	}
	return least < math.MaxInt
}

// way is how somebody who gave a value moves within its block, and how many others move from one
// value to another of its block for them (none at all where times is 0).
type way struct {
	from, to, a, b int
	times          int64
}

func (m *meaner) ways(v int) (list []way) {
	values, blocks := m.s.Values, m.s.Blocks
	for to := range values {
		if to == v || blocks[to] != blocks[v] {
			continue
		}
		list = append(list, way{from: v, to: to})
		for a := range m.on {
			for b := range m.on {
				if a == b || a == v || b == v || blocks[a] != blocks[b] || v >= m.on || to >= m.on {
					continue
				}
				ratio := (values[to] - values[v]) / (values[a] - values[b])
				if times := math.Round(ratio); times >= 1 && math.Abs(ratio-times) < 1e-9 {
					list = append(list, way{v, to, a, b, int64(times)})
				}
			}
		}
	}
	return list
}

func (w way) move(row []int64, few int64) []int64 {
	row = slices.Clone(row)
	row[w.from], row[w.to] = row[w.from]-few, row[w.to]+few
	row[w.a], row[w.b] = row[w.a]-w.times*few, row[w.b]+w.times*few
	return row
}

// move tells whose summaries would change; ok is false where the whole's does, or where those who
// would have to move are not there, or were there before. In an exchange those beside the divisions
// move the other way, and the whole stays.
func (m *meaner) move(w way, few int64, exchange bool) (hurt [][]bool, n int, ok bool) {
	if exchange && slices.Min(w.move(m.s.Beside, -few)) < 0 || !exchange && !m.wholeAllows(w.move(m.s.Counts, few)) {
		return nil, 0, false
	}
	for d, div := range m.s.Divisions {
		hurt = append(hurt, make([]bool, len(div.Counts)))
		left := few
		for _, g := range m.largest(d) {
			row := div.Counts[g]
			they := min(left, row[w.from]-div.least(g, w.from))
			left -= they
			after := w.move(row, they)
			if after[w.a] < div.least(g, w.a) {
				return nil, 0, false
			}
			if says, _ := m.summary(after); m.shown[d][g] && says != m.says[d][g] {
				hurt[d][g] = true
				n++
			}
		}
		if left > 0 {
			return nil, 0, false
		}
	}
	return hurt, n, true
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
	if says, _ := m.all(whole); says != m.whole {
		return false
	}
	for v, n := range whole {
		least := m.least(v)
		for _, before := range m.s.Earlier {
			least = max(least, before[v]+min(m.least(v), m.s.Counts[v]-before[v]))
		}
		if n < least {
			return false
		}
	}
	return true
}

// least is the least that may be of a value in the whole.
func (m *meaner) least(v int) int64 {
	if m.s.Floor == nil {
		return 0
	}
	return m.s.Floor[v]
}
