package disclosure

import "math"

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
