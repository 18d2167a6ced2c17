package disclosure

import "slices"

// Shape tells which categories may be taken together.
type Shape struct {
	// Ordered categories are merged with their neighbours; others into one of "other".
	Ordered bool
	// Near are numbers by category: of a nominal shape those with the same belong together and are
	// merged first, all of them, before anything becomes "other" (regions of one centre). A negative
	// number belongs to none. Nil where no categories belong together.
	Near []int
	// Apart are the categories that are not on the scale, such as "don't know". They are merged with
	// nothing; one that cannot stand is left out, and counts as no answer.
	Apart []bool
	// Everybody tells that nobody could leave the question out, so that the number of those who
	// did not answer it is known: nothing can then be left out.
	Everybody bool
}

// Merge is the finest partition of categories, of those that it finds, in which each block stands:
// each has nobody or enough, in itself and in what it grew by since each of the earlier releases.
// Blocks are in the order of their first categories. A category in no block is left out: it is one
// that stands apart. ok is false where nothing may be shown.
//
// Theorem: what is shown are the counts of the blocks. A category within a block of at least the
// minimum may have anything from nobody to all of it, and so may what it grew by: nothing smaller
// than the minimum is told apart. What is left out may have been nobody at all, since whoever did
// not answer is not counted.
func (r Rule) Merge(counts []int64, earlier [][]int64, s Shape) (blocks [][]int, ok bool) {
	m := merger{r, append([][]int64{counts}, earlier...)}
	if !m.sound(len(counts), s) {
		return nil, false
	}
	var on []int
	for c := range counts {
		switch {
		case s.Apart == nil || !s.Apart[c]:
			on = append(on, c)
		case m.stands([]int{c}):
			blocks = append(blocks, []int{c})
		case s.Everybody:
			return nil, false
		}
	}
	if !m.stands(on) {
		return nil, false
	}
	if s.Ordered {
		blocks = append(blocks, m.neighbours(on)...)
	} else {
		blocks = append(blocks, m.others(on, s.Near)...)
	}
	slices.SortFunc(blocks, func(a, b []int) int { return a[0] - b[0] })
	return blocks, true
}

// merger looks at counts of now, and after them of earlier releases.
type merger struct {
	r      Rule
	counts [][]int64
}

func (m merger) sound(n int, s Shape) bool {
	for _, counts := range m.counts {
		if len(counts) != n || slices.ContainsFunc(counts, func(c int64) bool { return c < 0 }) {
			return false
		}
	}
	return n > 0 && (s.Near == nil || len(s.Near) == n) && (s.Apart == nil || len(s.Apart) == n)
}

func (m merger) sum(release int, block []int) (n int64) {
	for _, c := range block {
		n += m.counts[release][c]
	}
	return n
}

func (m merger) stands(block []int) bool {
	now := m.sum(0, block)
	for release := range m.counts {
		if release > 0 && !m.r.Stands(now, m.sum(release, block)) {
			return false
		}
	}
	return m.r.Stands(now)
}

// neighbours finds among the partitions of a scale into runs one with the most runs, and among
// those one whose runs are the most alike in size.
func (m merger) neighbours(on []int) [][]int {
	type best struct {
		from, runs int
		squares    int64
	}
	ends := make([]best, len(on)+1) // by the number of categories before the end
	for end := 1; end <= len(on); end++ {
		ends[end].from = -1
		for from := end - 1; from >= 0; from-- {
			if ends[from].from < 0 || !m.stands(on[from:end]) {
				continue
			}
			n := m.sum(0, on[from:end])
			b := best{from, ends[from].runs + 1, ends[from].squares + n*n}
			if e := ends[end]; e.from < 0 || b.runs > e.runs || b.runs == e.runs && b.squares < e.squares {
				ends[end] = b
			}
		}
	}
	var runs [][]int
	for end := len(on); end > 0; end = ends[end].from {
		runs = append(runs, slices.Clone(on[ends[end].from:end]))
	}
	return runs
}

// others leaves alone what stands. Of the rest, those that belong together are merged with all of
// theirs; what still does not stand becomes one block, to which the smallest are added until it does.
func (m merger) others(on, near []int) [][]int {
	var alone [][]int
	var rest []int
	for _, block := range m.together(on, near) {
		if m.stands(block) {
			alone = append(alone, block)
		} else {
			rest = append(rest, block...)
		}
	}
	slices.SortStableFunc(alone, func(a, b []int) int { return int(min(1, max(-1, m.sum(0, b)-m.sum(0, a)))) })
	for len(rest) > 0 && !m.stands(rest) {
		last := len(alone) - 1
		for last > 0 && m.sum(0, alone[last]) == 0 {
			last-- // nobody helps nobody
		}
		rest = append(rest, alone[last]...)
		alone = slices.Delete(alone, last, last+1)
	}
	if len(rest) > 0 {
		slices.Sort(rest)
		alone = append(alone, rest)
	}
	return alone
}

// together are the categories one by one, but where one of those that belong together does not
// stand: these in one.
func (m merger) together(on, near []int) [][]int {
	var blocks [][]int
	done := map[int]bool{}
	for _, c := range on {
		theirs := []int{c}
		if near != nil && near[c] >= 0 {
			theirs = slices.DeleteFunc(slices.Clone(on), func(d int) bool { return near[d] != near[c] })
		}
		fine := !slices.ContainsFunc(theirs, func(d int) bool { return !m.stands([]int{d}) })
		switch {
		case len(theirs) == 1 || fine:
			blocks = append(blocks, []int{c})
		case !done[near[c]]:
			done[near[c]] = true
			blocks = append(blocks, theirs)
		}
	}
	return blocks
}
