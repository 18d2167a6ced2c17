package disclosure

import (
	"math"
	"slices"
)

// Scale is an item whose answers are numbers, with everything of it that is published.
type Scale struct {
	// Values are the different answers in rising order; after them NaN for each answer that is not on
	// the scale ("don't know").
	Values []float64
	Counts []int64 // people in the divisions by value
	// Blocks are, by value, the category of the whole in which it is shown; Shared that in which it is
	// shown of those beside the divisions, and so of those in them: one block, or several; -1 where it
	// is left out. Nil: they are the same.
	Blocks, Shared []int
	// Floor is by value the least that may be of it in another world, as in Layer; nil where nothing needs
	// any.
	Floor []int64
	// Beside are people by value who are in the whole, but in no division and not in Counts. Nil where
	// there are none. BesideFloor is the least that may be of them.
	Beside, BesideFloor []int64
	// Earlier are the counts of earlier releases, in all of which every value was shown by itself.
	Earlier   [][]int64
	Divisions []Division
}

// shared is the category in which a value is shown of those beside the divisions.
func (s Scale) shared(v int) int {
	if s.Shared == nil {
		return s.Blocks[v]
	}
	return s.Shared[v]
}

// On is how many values are on the scale; they come first.
func (s Scale) On() int {
	if nan := slices.IndexFunc(s.Values, math.IsNaN); nan >= 0 {
		return nan
	}
	return len(s.Values)
}

// Spread is that of all, as far as the blocks tell it.
func (s Scale) Spread() Spread {
	var values []float64
	var counts []int64
	for v := 0; v < s.On(); {
		var sum, wide float64
		var n int64
		for block := s.Blocks[v]; v < s.On() && s.Blocks[v] == block; v++ {
			sum, wide, n = sum+s.Values[v], wide+1, n+s.Counts[v]
			if s.Beside != nil {
				n += s.Beside[v]
			}
		}
		values, counts = append(values, sum/wide), append(counts, n)
	}
	return SpreadOf(values, counts)
}

// Division is a scale by the groups of a background.
type Division struct {
	Counts [][]int64 // people by group and value; their sums are the scale's counts
	// Cells are, by value, the category of the division in which it is shown: one block of the whole,
	// or several; -1 of an answer off the scale that is left aside (Rule.Aside).
	Cells  []int
	Hidden [][]bool // by group and category, as Protect found; all true where nothing is shown
	Out    []bool   // groups of which nothing is shown, nor a summary; nil where there are none
	// Floor is by group and value the least that may be of it in another world, as in Layer.
	Floor [][]int64
}

// least is the least that may be of a value.
func (d Division) least(g, v int) int64 {
	if d.Floor == nil {
		return 0
	}
	return d.Floor[g][v]
}

// Means tells whose Summary may be shown: that of the whole, and by division that of each group.
//
// A summary says more than the counts beside it: a mean of 1.2 of five people is four ones and a
// two. So whatever is still small (a value, a block, a hidden cell, in a group or in the whole)
// needs another world in which it is nobody or at least the minimum, while all summaries that are
// shown come out the same to the last decimal, and all counts that are shown, too. Such a world is
// looked for: people of the group change their answers, and people of other groups change theirs the
// other way, so that the whole keeps its counts and every mean what it is rounded to. Where none is
// found the mean of a group is hidden, the smallest without which there is one.
//
// Theorem: what is shown tells no value, block or cell apart. Proof: the worlds found are the
// certificates; and without summaries those of Protect are, since within a category that is shown
// with enough people in a table whose margins are enough, each part may be as large as the smaller of
// its margins (the north-west corner rule begun in its corner).
//
// A group's summary goes unshown where fewer than the minimum are on the scale, and where the number
// of those off it is hidden, since the number of those on it would tell.
func (r Rule) Means(s Scale) (whole bool, groups [][]bool) {
	m, ok := newMeaner(r, s)
	if !ok {
		return false, m.none()
	}
	for v := range s.Values {
		whole, parts := m.value(v)
		if !whole || !parts {
			return whole, m.none()
		}
	}
	for d := range s.Divisions {
		m.divide(d)
	}
	return true, m.shown
}

// meaner has the summaries that are shown while they are being decided on.
type meaner struct {
	r     Rule
	s     Scale
	on    int // values on the scale
	whole Summary
	full  []bool // values that few gave in the whole, and enough in another world
	shown [][]bool
	says  [][]Summary
}

func newMeaner(r Rule, s Scale) (m *meaner, ok bool) {
	m = &meaner{r: r, s: s, on: s.On(), full: make([]bool, len(s.Values))}
	for _, d := range s.Divisions {
		m.shown, m.says = append(m.shown, make([]bool, len(d.Counts))), append(m.says, make([]Summary, len(d.Counts)))
	}
	if !s.sound() {
		return m, false
	}
	for i, d := range s.Divisions {
		for g, row := range d.Counts {
			m.says[i][g], _ = m.summary(row)
			m.shown[i][g] = m.says[i][g].N >= r.Minimum && !m.closed(d, g) && (d.Out == nil || !d.Out[g])
		}
	}
	m.whole, _ = m.summary(m.all())
	return m, m.whole.N >= r.Minimum
}

// sound tells whether the divisions divide this scale.
func (s Scale) sound() bool {
	for _, floor := range [][]int64{s.Floor, s.BesideFloor} {
		if floor != nil && len(floor) != len(s.Values) {
			return false
		}
	}
	if s.Beside != nil && (len(s.Beside) != len(s.Values) || slices.Min(append([]int64{0}, s.Beside...)) < 0) {
		return false
	}
	if len(s.Counts) != len(s.Values) || len(s.Blocks) != len(s.Values) || s.Shared != nil && len(s.Shared) != len(s.Values) {
		return false
	}
	for _, before := range s.Earlier {
		if len(before) != len(s.Counts) {
			return false
		}
	}
	for _, d := range s.Divisions {
		sums := make([]int64, len(s.Values))
		if len(d.Cells) != len(s.Values) || len(d.Hidden) != len(d.Counts) || d.Out != nil && len(d.Out) != len(d.Counts) {
			return false
		}
		for _, row := range d.Counts {
			for v, n := range row {
				sums[v] += n
			}
		}
		if !slices.Equal(sums, s.Counts) {
			return false
		}
	}
	return true
}

func (m *meaner) none() [][]bool {
	for _, shown := range m.shown {
		clear(shown)
	}
	return m.shown
}

func (m *meaner) summary(row []int64) (Summary, bool) {
	if len(row) < m.on {
		return Summary{}, false
	}
	return Summarise(m.s.Values[:m.on], row[:m.on])
}

// closed tells whether how many of a group are off the scale is hidden.
func (m *meaner) closed(d Division, g int) bool {
	for v := m.on; v < len(d.Cells); v++ {
		if c := d.Cells[v]; c >= 0 && d.Hidden[g][c] {
			return true
		}
	}
	return false
}

// divide decides on the means of a division. What it turns out not to have had to hide is shown again,
// the largest groups first.
func (m *meaner) divide(d int) {
	may := slices.Clone(m.shown[d])
	for again := true; again; {
		again = false
		for g := range m.shown[d] {
			if !m.safe(d, g) {
				m.giveUp(d, g)
				again = true
			}
		}
	}
	for _, g := range m.largest(d) {
		if !may[g] || m.shown[d][g] {
			continue
		}
		m.shown[d][g] = true
		for h := range m.shown[d] {
			if !m.safe(d, h) {
				m.shown[d][g] = false
				break
			}
		}
	}
}

// giveUp hides the mean of the smallest group without which another is safe; where there is none, of
// the smallest of all.
func (m *meaner) giveUp(d, unsafe int) {
	order := m.largest(d)
	slices.Reverse(order)
	order = slices.DeleteFunc(order, func(g int) bool { return !m.shown[d][g] })
	for _, g := range order {
		m.shown[d][g] = false
		if m.safe(d, unsafe) {
			return
		}
		m.shown[d][g] = true
	}
	m.shown[d][order[0]] = false
}

// safe tells whether there is a world for each small part of a group. Where nothing is shown of the
// division's summaries, Protect has seen to that.
func (m *meaner) safe(d, g int) bool {
	if !slices.Contains(m.shown[d], true) {
		return true
	}
	for _, p := range m.parts(d, g) {
		if !m.trade(d, g, p, false) && !m.trade(d, g, p, true) {
			return false
		}
	}
	return true
}

// part is a part of a group: the values that are in it, and the people.
type part struct {
	in []bool
	n  int64
}

// parts are those of a group that need another world: its small values, blocks and cells, and its
// hidden cells. Values that are small in the whole vanish in all groups together, or fill up: then it
// is not said where, and each group needs a world of its own.
func (m *meaner) parts(d, g int) (parts []part) {
	div := m.s.Divisions[d]
	add := func(hidden bool, in func(v int) bool) {
		p := part{in: make([]bool, len(m.s.Values))}
		for v := range p.in {
			if p.in[v] = in(v); p.in[v] {
				p.n += div.Counts[g][v]
			}
		}
		if !m.r.Fits(p.n) || hidden && p.n > 0 {
			parts = append(parts, p)
		}
	}
	for v := range m.s.Values {
		if div.Cells[v] < 0 {
			continue
		}
		if m.r.Fits(m.s.Counts[v]) || m.full[v] {
			add(false, func(w int) bool { return v == w })
		}
		if v == 0 || m.s.Blocks[v] != m.s.Blocks[v-1] {
			add(false, func(w int) bool { return m.s.Blocks[w] == m.s.Blocks[v] })
		}
		if v == 0 || div.Cells[v] != div.Cells[v-1] {
			add(div.Hidden[g][div.Cells[v]], func(w int) bool { return div.Cells[w] == div.Cells[v] })
		}
	}
	return parts
}
