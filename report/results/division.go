package results

import (
	"slices"

	"viesti/report/disclosure"
	"viesti/survey"
)

// table is an item by the groups of a background.
type table struct {
	scheme
	item      scheme // of which the table's is a coarser one
	groups    grouping
	figures   []figures // by group
	hidden    [][]bool  // by group and block
	out       []bool    // groups of which nothing is shown, since too few of them answered
	summaries []*Summary
}

// mostHidden is the share of the cells with somebody in it that may be hidden before a coarser table
// is tried: what is mostly holes tells nothing.
const mostHidden = 0.34

// tables divide an item by each background, in classes as fine as leave most of it to be seen; of a
// background by which nothing can be shown there is none.
func (b *builder) tables(sc scheme, row int) []table {
	var list []table
	for _, g := range b.groups {
		if !b.splits(g) {
			continue
		}
		var best table
		least := 2.0
		for _, try := range sc.coarser(b, row) {
			t, ok := b.onScale(try, row, g)
			if !ok {
				t, ok = b.table(try, row, g)
			}
			t.item = sc
			if share := t.share(); ok && share < least {
				best, least = t, share
			}
			if least <= mostHidden {
				break
			}
		}
		if least < 1 {
			list = append(list, best)
		}
	}
	return list
}

// coarser are the schemes that are tried for divisions, the finest first.
func (sc scheme) coarser(b *builder, row int) []scheme {
	list := []scheme{sc.coarse()}
	if sc.ordered {
		return list
	}
	for n := len(sc.blocks) - 2; n >= 2; n /= 2 {
		list = append(list, sc.largest(b, row, n))
	}
	return list
}

// largest leaves the n largest blocks and takes the others together.
func (sc scheme) largest(b *builder, row, n int) scheme {
	counts := sc.fold(b.counts.of(sc.subject, row).counts)
	order := make([]int, len(sc.blocks))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int { return int(counts[y] - counts[x]) })
	out := scheme{subject: sc.subject}
	for _, i := range slices.Sorted(slices.Values(order[:n])) {
		out.blocks = append(out.blocks, sc.blocks[i])
	}
	var rest []int
	for _, i := range order[n:] {
		rest = append(rest, sc.blocks[i]...)
	}
	slices.Sort(rest)
	out.blocks = append(out.blocks, rest)
	return out
}

// onScale protects a scale by a background as if those had not answered whose answer lies off it; ok
// is false where there is no such answer, or where that would tell how many of a group gave it.
func (b *builder) onScale(sc scheme, row int, g grouping) (t table, ok bool) {
	on, off := sc.apart()
	if len(off) == 0 || len(on.blocks) == 0 || sc.Required || sc.conditional || sc.RowsFrom != "" {
		return t, false
	}
	if t, ok = b.table(on, row, g); !ok {
		return t, false
	}
	var rest [][]int64 // by group, as a table of one column
	gave := make([]int64, len(off))
	for i, n := range b.sizes(g) {
		f := t.figures[i]
		rest = append(rest, []int64{n - sumOf(on.fold(f.counts))})
		for j, option := range off {
			if f.held[option] > 0 {
				return t, false
			}
			gave[j] += f.counts[option]
		}
	}
	rest = lines{out: t.out, any: slices.Contains(t.out, true)}.join(rest)
	return t, b.rule.Aside(slices.Concat(rest...), gave)
}

// sizes are how many people tables by a background are of, by group.
func (b *builder) sizes(g grouping) []int64 {
	sizes := make([]int64, len(g.blocks))
	for _, c := range b.counts.classes {
		if !c.alone {
			sizes[g.at[c.of[g.counted]]] += c.n
		}
	}
	return sizes
}

// table protects an item by a background; ok is false where it cannot be done.
func (b *builder) table(sc scheme, row int, g grouping) (t table, ok bool) {
	t = table{scheme: sc, groups: g, figures: b.counts.by(sc.subject, row, g)}
	t.summaries = make([]*Summary, len(t.figures))
	lines, ok := b.lines(t.figures, func(f figures) int64 { return sumOf(sc.fold(f.counts)) })
	if !ok {
		return t, false
	}
	t.out = lines.out
	cells, floors := make([][]int64, len(t.figures)), make([][]int64, len(t.figures))
	for i, f := range t.figures {
		cells[i], floors[i] = sc.fold(f.counts), sc.fold(f.held)
	}
	joined, ok := b.rule.Protect(disclosure.Layer{Cells: lines.join(cells), Floor: lines.join(floors)})
	if !ok {
		return t, false
	}
	t.hidden = lines.part(joined, len(sc.blocks))
	return t, true
}

// lines are the rows of a table as they are protected: each group one, but those of which too few
// answered, and the smallest others with them until they are enough, together one that is not shown.
// How many of each group in it answered can then be anything: any of them may be as large as the
// minimum, since groups are, and the others are enough to give them so many.
type lines struct {
	out []bool
	any bool
}

func (b *builder) lines(by []figures, answered func(figures) int64) (l lines, ok bool) {
	l.out = make([]bool, len(by))
	var rest int64
	for i, f := range by {
		if n := answered(f); !b.rule.Fits(n) {
			l.out[i], l.any = true, true
			rest += n
		}
	}
	for l.any && (rest < b.rule.Minimum || l.count() < 2) {
		next := -1
		for i, f := range by {
			if n := answered(f); !l.out[i] && n > 0 && (next < 0 || n < answered(by[next])) {
				next = i
			}
		}
		if next < 0 {
			return l, false
		}
		l.out[next] = true
		rest += answered(by[next])
	}
	return l, true
}

func (l lines) count() (n int) {
	for _, out := range l.out {
		if out {
			n++
		}
	}
	return n
}

// join makes one line of those that are out, the last.
func (l lines) join(rows [][]int64) (joined [][]int64) {
	rest := make([]int64, len(rows[0]))
	for i, row := range rows {
		if l.out[i] {
			sum(rest, row)
		} else {
			joined = append(joined, row)
		}
	}
	if l.any {
		joined = append(joined, rest)
	}
	return joined
}

// part undoes join for what is hidden: all, in a line that is out.
func (l lines) part(joined [][]bool, width int) (rows [][]bool) {
	for _, out := range l.out {
		if out {
			rows = append(rows, slices.Repeat([]bool{true}, width))
			continue
		}
		rows, joined = append(rows, joined[0]), joined[1:]
	}
	return rows
}

// share is how much of the cells with somebody in them is hidden.
func (t table) share() float64 {
	cells, holes := 0, 0
	for g, row := range t.hidden {
		for c, n := range t.fold(t.figures[g].counts) {
			if n > 0 {
				cells++
				if row[c] {
					holes++
				}
			}
		}
	}
	if cells == 0 {
		return 1
	}
	return float64(holes) / float64(cells)
}

// scale is the table as numbers, by the options in an order.
func (t table) scale(order []int) disclosure.Division {
	d := disclosure.Division{Hidden: t.hidden, Out: t.out}
	for _, f := range t.figures {
		d.Counts = append(d.Counts, inOrder(f.counts, order))
		if f.held != nil {
			d.Floor = append(d.Floor, inOrder(f.held, order))
		}
	}
	for _, option := range order {
		d.Cells = append(d.Cells, t.block(option))
	}
	return d
}

// division is what of the table may be shown.
func (t table) division(b *builder) Division {
	d := Division{Background: t.groups.id, Categories: b.categories(t.scheme)}
	for g, f := range t.figures {
		row := Figures{Counts: make([]disclosure.Count, len(t.blocks)), Summary: t.summaries[g]}
		counts := t.fold(f.counts)
		if !t.out[g] {
			row.Answered = disclosure.Shown(sumOf(counts))
		}
		for c, n := range counts {
			if !t.hidden[g][c] {
				row.Counts[c] = disclosure.Shown(n)
			}
		}
		if t.Type != survey.Multiple && t.Type != survey.Rank && !t.out[g] {
			row.Joint = joint(counts, t.hidden[g], d.Categories)
		}
		d.Rows = append(d.Rows, row)
	}
	return d
}

// joint is what is hidden of a row together, where it stands side by side. It follows from what is
// shown, and is at least the minimum: Protect sees to that.
func joint(counts []int64, hidden []bool, categories []Category) *Joint {
	first := slices.Index(hidden, true)
	if first < 0 {
		return nil
	}
	j := &Joint{First: first, Last: first - 1}
	for c, n := range counts {
		if !hidden[c] {
			continue
		}
		if c != j.Last+1 || categories[c].DontKnow {
			return nil
		}
		j.Last, j.N = c, j.N+n
	}
	if j.Last-j.First+1 == len(hidden) {
		return nil // all who answered, which stands there already
	}
	return j
}

// block is where an option is shown, -1 where it is not.
func (sc scheme) block(option int) int {
	return slices.IndexFunc(sc.blocks, func(block []int) bool { return slices.Contains(block, option) })
}
