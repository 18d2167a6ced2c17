package disclosure

import (
	"math"
	"slices"
)

// world is another way in which people of a division may have answered. What moves in it keeps how
// many gave each value, and every count that is shown. The means that are shown may be off for a
// while: they are mended at the end, or the world is none.
type world struct {
	*meaner
	d    int
	rows [][]int64
	sums []float64 // by group
	of   int       // the group of which a part is held: nobody goes into it or out of it in passing
	part []bool
}

func (m *meaner) world(d int, rows [][]int64) *world {
	w := &world{meaner: m, d: d, rows: clone(rows), sums: make([]float64, len(rows)), of: -1}
	for g, row := range rows {
		for v, n := range row[:m.on] {
			w.sums[g] += float64(n) * m.s.Values[v]
		}
	}
	return w
}

func clone(rows [][]int64) [][]int64 {
	c := make([][]int64, len(rows))
	for i, row := range rows {
		c[i] = slices.Clone(row)
	}
	return c
}

// trade looks for a world in which a small part of a group has nobody (or, up, the minimum), and a
// large one somebody less (or more).
func (m *meaner) trade(d, g int, p part, up bool) bool {
	w := m.world(d, m.s.Divisions[d].Counts)
	w.of, w.part = g, p.in
	left := p.n
	switch {
	case m.r.Fits(p.n):
		left = 1
	case up:
		left = m.r.Minimum - p.n
	}
	for ; left > 0; left-- {
		if !w.step(up) {
			return false
		}
	}
	return w.mend()
}

// hop is somebody of a group whose answer becomes another.
type hop struct{ group, from, to int }

func (w *world) apply(hops ...hop) {
	for _, h := range hops {
		w.rows[h.group][h.from]--
		w.rows[h.group][h.to]++
		w.sums[h.group] += w.by(h.from, h.to)
	}
}

// by is what an answer that becomes another does to the sum.
func (w *world) by(from, to int) float64 { return w.valueOf(to) - w.valueOf(from) }

// valueOf is what an answer adds to a sum: one off the scale nothing.
func (m *meaner) valueOf(v int) float64 {
	if v >= m.on {
		return 0
	}
	return m.s.Values[v]
}

// may tells whether somebody of a group may change an answer without a count that is shown changing.
func (w *world) may(h hop) bool {
	d := w.s.Divisions[w.d]
	if h.from == h.to || w.rows[h.group][h.from] <= d.least(h.group, h.from) {
		return false
	}
	a, b := d.Cells[h.from], d.Cells[h.to]
	return a == b || a >= 0 && b >= 0 && d.Hidden[h.group][a] && d.Hidden[h.group][b]
}

// holds tells whether a hop leaves the held part as it is.
func (w *world) holds(h hop) bool { return h.group != w.of || w.part[h.from] == w.part[h.to] }

// off is how far a group's sum is from what its mean allows, once it is changed by so much.
func (w *world) off(g int, by float64) float64 {
	if !w.shown[w.d][g] {
		return 0
	}
	s, sum := w.says[w.d][g], w.sums[g]+by
	n := float64(s.N)
	if tenth(sum/n) == s.Mean {
		return 0
	}
	return max(0.01, n*(s.Mean-0.05)-sum, sum-n*(s.Mean+0.05))
}

// step is one person more out of the part, or into it, and others who make up for it.
func (w *world) step(up bool) bool {
	hops, _ := w.best(w.of, func(h hop) bool { return w.part[h.from] != up && w.part[h.to] == up })
	w.apply(hops...)
	return hops != nil
}

// mend lets people of groups whose means are off exchange answers with those of others for as long as
// that brings means nearer to what is shown, and tells whether none is off any more.
func (w *world) mend() bool {
	for {
		off, moved := false, false
		for g := range w.rows {
			if w.off(g, 0) == 0 {
				continue
			}
			off = true
			if hops, by := w.best(g, w.holds); by < -little {
				w.apply(hops...)
				moved = true
			}
		}
		if !off || !moved {
			return !off
		}
	}
}

// little is less than any two sums differ by.
const little = 1e-6

// best are somebody of a group and others who make up for it, of all ways the one after which means
// are off the least; by says how much more they then are.
func (w *world) best(g int, fine func(hop) bool) (best []hop, by float64) {
	by = math.Inf(1)
	for from := range w.s.Values {
		for to := range w.s.Values {
			first := hop{g, from, to}
			if !fine(first) || !w.may(first) {
				continue
			}
			hops := w.back(g, to, from)
			if hops == nil {
				continue
			}
			hops = append(hops, first)
			if off := w.change(hops); off < by {
				best, by = hops, off
			}
		}
	}
	return best, by
}

// change is how much more means are off after hops.
func (w *world) change(hops []hop) (off float64) {
	for _, h := range hops {
		was := w.off(h.group, 0)
		w.sums[h.group] += w.by(h.from, h.to)
		off += w.off(h.group, 0) - was
	}
	for _, h := range hops {
		w.sums[h.group] -= w.by(h.from, h.to)
	}
	return off
}

// back are the fewest hops of groups other than one by which a value gets back what another has too
// many of; none where there are no such.
func (w *world) back(but, from, to int) []hop {
	if h, ok := w.who(but, from, to); ok {
		return []hop{h}
	}
	reached := make([]*hop, len(w.s.Values))
	for queue := []int{from}; len(queue) > 0 && reached[to] == nil; queue = queue[1:] {
		for next := range reached {
			if next == from || reached[next] != nil {
				continue
			}
			if h, ok := w.who(but, queue[0], next); ok {
				reached[next] = &h
				queue = append(queue, next)
			}
		}
	}
	var hops []hop
	for at := to; at != from; at = reached[at].from {
		if reached[at] == nil {
			return nil
		}
		hops = append(hops, *reached[at])
	}
	return hops
}

// who is somebody of a group other than one who may change an answer, where means are off by it the
// least.
func (w *world) who(but, from, to int) (best hop, ok bool) {
	least := math.Inf(1)
	for g := range w.rows {
		h := hop{g, from, to}
		if g == but || !w.holds(h) || !w.may(h) {
			continue
		}
		if off := w.off(g, w.by(from, to)) - w.off(g, 0); off < least {
			best, least, ok = h, off, true
		}
	}
	return best, ok
}
