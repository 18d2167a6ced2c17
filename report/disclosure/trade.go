package disclosure

import (
	"math"
	"slices"
)

// trade looks for a world in which a small part of a group has nobody (or, up, the minimum), and a
// large one somebody less (or more). One by one people of the group change an answer in the part for one outside it, and people of another
// group the other way.
func (m *meaner) trade(d, g int, p part, up bool) bool {
	t := trader{m, d, g, p.in, up, clone(m.s.Divisions[d].Counts)}
	left := p.n
	switch {
	case m.r.Fits(p.n):
		left = 1
	case up:
		left = m.r.Minimum - p.n
	}
	for ; left > 0; left-- {
		if !t.step() {
			return false
		}
	}
	return true
}

func clone(rows [][]int64) [][]int64 {
	c := make([][]int64, len(rows))
	for i, row := range rows {
		c[i] = slices.Clone(row)
	}
	return c
}

type trader struct {
	*meaner
	d, g  int
	part  []bool
	up    bool
	world [][]int64
}

// step is one person more out of the part, or into it.
func (t *trader) step() bool {
	for from := range t.part {
		if t.part[from] == t.up || t.world[t.g][from] == 0 {
			continue
		}
		for _, to := range t.nearest(from) {
			if t.part[to] == t.up && t.may(t.g, from, to) && t.balance(from, to) {
				return true
			}
		}
	}
	return false
}

// nearest are the other values, those first that change a sum the least.
func (t *trader) nearest(from int) []int {
	var list []int
	for far := 1; far < len(t.part); far++ {
		for _, to := range []int{from + far, from - far} {
			if to >= 0 && to < len(t.part) {
				list = append(list, to)
			}
		}
	}
	return list
}

// may tells whether an answer may become another without a count that is shown becoming another.
func (t *trader) may(g, from, to int) bool {
	d := t.s.Divisions[t.d]
	a, b := d.Cells[from], d.Cells[to]
	return a == b || d.Hidden[g][a] && d.Hidden[g][b]
}

// balance finds somebody of the group whose change keeps the sum as it is, or nobody, and another
// group for which the same may be done the other way round.
func (t *trader) balance(from, to int) bool {
	for a := range t.part {
		b, ok := t.opposite(a, from, to)
		if ok && a != to && t.part[a] == t.part[b] && t.may(t.g, a, b) && t.swap([][2]int{{from, to}, {a, b}}) {
			return true
		}
	}
	return t.swap([][2]int{{from, to}})
}

// opposite is the value that is as far from a as from is from to.
func (t *trader) opposite(a, from, to int) (int, bool) {
	if a >= t.on || from >= t.on || to >= t.on {
		return 0, false
	}
	want := t.s.Values[a] + t.s.Values[from] - t.s.Values[to]
	for b, value := range t.s.Values[:t.on] {
		if math.Abs(value-want) < 1e-9 && a != b {
			return b, true
		}
	}
	return 0, false
}

// swap makes the changes in the group and undoes them in another, where both allow it.
func (t *trader) swap(changes [][2]int) bool {
	if !t.change(t.g, changes) {
		return false
	}
	reverse := make([][2]int, len(changes))
	for i, c := range changes {
		reverse[i] = [2]int{c[1], c[0]}
	}
	for h := range t.world {
		if h != t.g && t.change(h, reverse) {
			return true
		}
	}
	t.apply(t.g, reverse)
	return false
}

func (t *trader) apply(g int, changes [][2]int) {
	for _, c := range changes {
		t.world[g][c[0]]--
		t.world[g][c[1]]++
	}
}

// change makes changes in a group if they may be, and its summary stays the same where it is shown.
func (t *trader) change(g int, changes [][2]int) bool {
	for _, c := range changes {
		if !t.may(g, c[0], c[1]) {
			return false
		}
	}
	before := slices.Clone(t.world[g])
	t.apply(g, changes)
	fine := true
	for v, n := range t.world[g] {
		fine = fine && n >= t.s.Divisions[t.d].least(g, v)
	}
	if fine && t.shown[t.d][g] {
		says, _ := t.summary(t.world[g])
		fine = says == t.says[t.d][g]
	}
	if !fine {
		t.world[g] = before
	}
	return fine
}
