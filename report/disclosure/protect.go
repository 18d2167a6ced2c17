package disclosure

// Layer is a table of groups by categories: people by group and category.
type Layer struct {
	Cells [][]int64
	// Floor is the least that a cell may be in a world by which another is protected, since something
	// else that is published needs so many there. Nil where nothing does.
	Floor [][]int64
}

// Protect tells which cells of a table are to be hidden, where the sums of its rows and columns are
// published and each of them fits. Of several layers the table is the sum; that many are given where
// something else that is published tells how many people of each row and column are in each layer.
//
// Every cell of fewer than the minimum is hidden, and others with it, so that
//
//   - for each of these there is another table with the same sums, and the same in all cells that are
//     shown, in which the cell has nobody or at least the minimum;
//   - for each other hidden cell there is one in which it has another number;
//   - what is hidden of a row or a column has together at least the minimum.
//
// Theorem: then no hidden cell, no row's and no column's hidden part is told apart, and none is
// known. Proof: the other tables are written down (a certificate for each cell), and checking one is
// adding it up. They differ from the table in hidden cells alone and keep its sums, so the
// certificates of tables that share sums do not disturb one another.
//
// ok is false where no certificate could be found: then nothing of the inside may be shown.
func (r Rule) Protect(layers ...Layer) (hidden [][]bool, ok bool) {
	b, ok := newBoard(r, layers)
	if !ok || !b.settle() {
		return nil, false
	}
	b.thin()
	return b.hidden, true
}

// settle hides until every hidden cell has its certificate, and every row's and column's hidden part
// is large enough.
func (b *board) settle() bool {
	for b.hideSmall(); ; {
		grew, ok := b.complete()
		if !ok {
			return false
		}
		for _, at := range b.uncertain() {
			more, ok := b.certify(at, true)
			if !ok {
				return false
			}
			grew = grew || more
		}
		if !grew {
			return true
		}
	}
}

// complete adds to each row and column whose hidden part is too small the cell that costs least.
func (b *board) complete() (grew, ok bool) {
	for line := range b.rows + b.cols {
		for {
			sum, any := b.hiddenOf(line)
			if !any || sum >= b.Minimum {
				break
			}
			at, found := b.cheapest(line)
			if !found {
				return grew, false
			}
			b.hidden[at.row][at.col] = true
			grew = true
		}
	}
	return grew, true
}

// hiddenOf is the hidden part of a line: the rows come first, then the columns.
func (b *board) hiddenOf(line int) (sum int64, any bool) {
	b.each(line, func(at cell) {
		if b.hidden[at.row][at.col] {
			sum, any = sum+b.total[at.row][at.col], true
		}
	})
	return sum, any
}

func (b *board) cheapest(line int) (best cell, found bool) {
	least := 0
	b.each(line, func(at cell) {
		if b.hidden[at.row][at.col] || b.total[at.row][at.col] == 0 {
			return
		}
		if cost := b.cost(at); !found || cost < least {
			best, least, found = at, cost, true
		}
	})
	return best, found
}

// thin shows again what turned out not to be needed, the largest cells first.
func (b *board) thin() {
	for _, at := range b.largestFirst() {
		if b.small(at) || !b.hidden[at.row][at.col] {
			continue
		}
		before := b.remember()
		b.hidden[at.row][at.col] = false
		delete(b.certificates, at)
		b.forget(at)
		if !b.stillSettled(at) {
			b.restore(before)
			b.hidden[at.row][at.col] = true
		}
	}
}

// stillSettled tells whether everything holds without hiding any more.
func (b *board) stillSettled(shown cell) bool {
	for _, line := range []int{shown.row, b.rows + shown.col} {
		if sum, any := b.hiddenOf(line); any && sum < b.Minimum {
			return false
		}
	}
	for _, at := range b.uncertain() {
		if _, ok := b.certify(at, false); !ok {
			return false
		}
	}
	return true
}
