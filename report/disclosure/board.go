package disclosure

import (
	"maps"
	"math/bits"
	"slices"
)

// board is a table while it is being protected.
type board struct {
	Rule
	rows, cols int
	layers     []Layer // with floors
	total      [][]int64
	hidden     [][]bool
	// certificates are, by hidden cell, other worlds: what to add to the cells of each layer.
	certificates map[cell]certificate
}

type cell struct{ row, col int }

// certificate is a difference between two worlds.
type certificate []change

type change struct {
	layer int
	at    cell
	by    int64
}

// newBoard is not ok where the sums themselves may not be shown, or are none.
func newBoard(r Rule, layers []Layer) (*board, bool) {
	if len(layers) == 0 || len(layers[0].Cells) == 0 || r.Minimum < 1 {
		return nil, false
	}
	b := &board{Rule: r, rows: len(layers[0].Cells), cols: len(layers[0].Cells[0]), certificates: map[cell]certificate{}}
	b.total, b.hidden = matrix[int64](b.rows, b.cols), matrix[bool](b.rows, b.cols)
	for _, l := range layers {
		if l.Floor == nil {
			l.Floor = matrix[int64](b.rows, b.cols)
		}
		if !b.sameShape(l.Cells) || !b.sameShape(l.Floor) {
			return nil, false
		}
		b.layers = append(b.layers, l)
		for i, row := range l.Cells {
			for j, n := range row {
				if n < 0 || l.Floor[i][j] < 0 || l.Floor[i][j] > n {
					return nil, false
				}
				b.total[i][j] += n
			}
		}
	}
	for line := range b.rows + b.cols {
		var sum int64
		b.each(line, func(at cell) { sum += b.total[at.row][at.col] })
		if !r.Fits(sum) {
			return nil, false
		}
	}
	return b, true
}

func (b *board) sameShape(cells [][]int64) bool {
	return len(cells) == b.rows && !slices.ContainsFunc(cells, func(row []int64) bool { return len(row) != b.cols })
}

func matrix[T any](rows, cols int) [][]T {
	flat, m := make([]T, rows*cols), make([][]T, rows)
	for i := range m {
		m[i] = flat[i*cols : (i+1)*cols : (i+1)*cols]
	}
	return m
}

// each goes along a line: the rows come first, then the columns.
func (b *board) each(line int, do func(cell)) {
	if line < b.rows {
		for j := range b.cols {
			do(cell{line, j})
		}
		return
	}
	for i := range b.rows {
		do(cell{i, line - b.rows})
	}
}

func (b *board) small(at cell) bool { return !b.Fits(b.total[at.row][at.col]) }

func (b *board) hideSmall() {
	for i := range b.rows {
		for j := range b.cols {
			b.hidden[i][j] = b.hidden[i][j] || b.small(cell{i, j})
		}
	}
}

// cost is what is lost by hiding a cell: one, and a little for each doubling of the people in it.
func (b *board) cost(at cell) int {
	return 64 + 8*bits.Len64(uint64(b.total[at.row][at.col])) //nolint:gosec // a count is not negative
}

// largestFirst are all cells.
func (b *board) largestFirst() []cell {
	var list []cell
	for i := range b.rows {
		for j := range b.cols {
			list = append(list, cell{i, j})
		}
	}
	slices.SortStableFunc(list, func(x, y cell) int { return b.cost(y) - b.cost(x) })
	return list
}

// uncertain are hidden cells without a certificate: the small ones, and after them those that no
// certificate of another changes.
func (b *board) uncertain() []cell {
	changed := map[cell]bool{}
	for _, c := range b.certificates {
		for at, by := range c.sums() {
			changed[at] = changed[at] || by != 0
		}
	}
	var small, others []cell
	for i := range b.rows {
		for j := range b.cols {
			at := cell{i, j}
			switch {
			case !b.hidden[i][j] || b.certificates[at] != nil:
			case b.small(at):
				small = append(small, at)
			case !changed[at]:
				others = append(others, at)
			}
		}
	}
	return append(small, others...)
}

// sums are the changes of the table.
func (c certificate) sums() map[cell]int64 {
	sums := map[cell]int64{}
	for _, ch := range c {
		sums[ch.at] += ch.by
	}
	return sums
}

// forget drops the certificates that change a cell in any layer.
func (b *board) forget(at cell) {
	maps.DeleteFunc(b.certificates, func(_ cell, c certificate) bool {
		return slices.ContainsFunc(c, func(ch change) bool { return ch.at == at })
	})
}

func (b *board) remember() map[cell]certificate      { return maps.Clone(b.certificates) }
func (b *board) restore(before map[cell]certificate) { b.certificates = before }
