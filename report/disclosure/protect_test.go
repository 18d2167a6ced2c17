package disclosure

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// verify checks certificates by adding them up, and knows nothing of how they were found.
func verify(t *testing.T, layers []Layer, hidden [][]bool, certificates map[cell]certificate) {
	t.Helper()
	rows, cols := len(hidden), len(hidden[0])
	total := matrix[int64](rows, cols)
	for _, l := range layers {
		sumCells(total, l.Cells)
	}
	changed := matrix[bool](rows, cols)
	for at, c := range certificates {
		world := make([][][]int64, len(layers))
		for l := range layers {
			world[l] = clone(layers[l].Cells)
		}
		for _, ch := range c {
			if !hidden[ch.at.row][ch.at.col] {
				t.Fatalf("the certificate of %v changes %v, which is shown", at, ch.at)
			}
			world[ch.layer][ch.at.row][ch.at.col] += ch.by
		}
		other := matrix[int64](rows, cols)
		for l := range layers {
			sumCells(other, world[l])
			sameSums(t, layers[l].Cells, world[l])
			for i := range rows {
				for j := range cols {
					if least := floorOf(layers[l], i, j); world[l][i][j] < least {
						t.Fatalf("the certificate of %v leaves %d in a cell of at least %d", at, world[l][i][j], least)
					}
				}
			}
		}
		if n := other[at.row][at.col]; !five.Fits(total[at.row][at.col]) && !five.Fits(n) {
			t.Fatalf("the certificate of %v brings it to %d", at, n)
		}
		for i := range rows {
			for j := range cols {
				changed[i][j] = changed[i][j] || other[i][j] != total[i][j]
			}
		}
	}
	for i := range rows {
		for j := range cols {
			small := !five.Fits(total[i][j])
			if small && (!hidden[i][j] || certificates[cell{i, j}] == nil) || hidden[i][j] && !changed[i][j] {
				t.Fatalf("cell %d, %d of %v has no certificate", i, j, total)
			}
		}
	}
	together(t, total, hidden)
}

func floorOf(l Layer, i, j int) int64 {
	if l.Floor == nil {
		return 0
	}
	return l.Floor[i][j]
}

func sameSums(t *testing.T, a, b [][]int64) {
	t.Helper()
	for i := range a {
		for j := range a[i] {
			var rowA, rowB, colA, colB int64
			for x := range a[i] {
				rowA, rowB = rowA+a[i][x], rowB+b[i][x]
			}
			for x := range a {
				colA, colB = colA+a[x][j], colB+b[x][j]
			}
			if rowA != rowB || colA != colB {
				t.Fatalf("%v has other sums than %v", b, a)
			}
		}
	}
}

// together checks that what is hidden of a line is enough people.
func together(t *testing.T, total [][]int64, hidden [][]bool) {
	t.Helper()
	sums := map[string]int64{}
	for i := range total {
		for j := range total[i] {
			if hidden[i][j] {
				sums[fmt.Sprint("row ", i)] += total[i][j]
				sums[fmt.Sprint("column ", j)] += total[i][j]
			}
		}
	}
	for line, n := range sums {
		if n < k {
			t.Fatalf("%s of %v hides %d", line, total, n)
		}
	}
}

// drawLayers draws a table whose sums may be shown, in layers, with floors.
func drawLayers(r *rand.Rand) []Layer {
	rows, cols := 2+r.IntN(12), 2+r.IntN(6)
	for {
		layers := make([]Layer, 1+r.IntN(3))
		people := 10 + r.IntN(300)
		for l := range layers {
			layers[l].Cells = matrix[int64](rows, cols)
			for range people / len(layers) {
				i := min(r.IntN(rows), r.IntN(rows))
				layers[l].Cells[i][min(r.IntN(cols), r.IntN(cols+i)%cols)]++
			}
			if r.IntN(3) == 0 {
				layers[l].Floor = matrix[int64](rows, cols)
				for i := range rows {
					layers[l].Floor[i][0] = layers[l].Cells[i][0] * int64(r.IntN(2)) / 2
				}
			}
		}
		if _, ok := newBoard(five, layers); ok {
			return layers
		}
		rows, cols = max(2, rows-1), max(2, cols-1)
	}
}

func TestCertificates(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	protected := 0
	for range 2000 {
		layers := drawLayers(r)
		b, _ := newBoard(five, layers)
		if !b.settle() {
			continue
		}
		verify(t, layers, b.hidden, b.certificates)
		b.thin()
		verify(t, layers, b.hidden, b.certificates)
		protected++
	}
	if protected < 1500 {
		t.Errorf("only %d of 2000 tables could be protected", protected)
	}
}

// Every table that looks the same is looked at: none of them must have to be told apart.
func TestProtectAgainstAllTables(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	looked := 0
	for looked < 100 {
		table := matrix[int64](3, 3)
		for range 15 + r.IntN(9) {
			table[r.IntN(3)][min(r.IntN(3), r.IntN(3))]++
		}
		hidden, ok := five.Protect(Layer{Cells: table})
		if !ok || !slices.ContainsFunc(hidden, func(row []bool) bool { return slices.Contains(row, true) }) {
			continue
		}
		looked++
		low, high := clone(table), clone(table)
		alike(table, hidden, clone(table), 0, func(other [][]int64) {
			for i := range other {
				for j, n := range other[i] {
					low[i][j], high[i][j] = min(low[i][j], n), max(high[i][j], n)
				}
			}
		})
		for i := range table {
			for j := range table[i] {
				if l, h := low[i][j], high[i][j]; hidden[i][j] && (l == h || l > 0 && h < k) {
					t.Fatalf("cell %d, %d of %v with %v hidden is between %d and %d", i, j, table, hidden, l, h)
				}
			}
		}
	}
}

// alike lists the tables with the same sums and the same in what is shown.
func alike(table [][]int64, hidden [][]bool, other [][]int64, at int, each func([][]int64)) {
	cols := len(table[0])
	if at == len(table)*cols {
		if slices.Equal(sums(table), sums(other)) {
			each(other)
		}
		return
	}
	i, j := at/cols, at%cols
	if !hidden[i][j] {
		alike(table, hidden, other, at+1, each)
		return
	}
	all := sums(table)
	row, col := all[i], all[len(table)+j]
	for x := range j {
		row -= other[i][x]
	}
	for x := range i {
		col -= other[x][j]
	}
	for n := range max(-1, min(row, col)) + 1 {
		other[i][j] = n
		alike(table, hidden, other, at+1, each)
	}
	other[i][j] = table[i][j]
}

func sums(table [][]int64) []int64 {
	list := make([]int64, len(table)+len(table[0]))
	for i, row := range table {
		for j, n := range row {
			list[i] += n
			list[len(table)+j] += n
		}
	}
	return list
}

// What cannot be certified is not shown.
func TestProtectFailsClosed(t *testing.T) {
	for why, layers := range map[string][]Layer{
		"no table":             nil,
		"an empty table":       {{}},
		"a small sum":          {{Cells: [][]int64{{9, 1}, {9, 0}}}},
		"less than nobody":     {{Cells: [][]int64{{9, -1}, {9, 9}}}},
		"rows of two lengths":  {{Cells: [][]int64{{9, 9}, {9}}}},
		"a floor above":        {{Cells: [][]int64{{9, 9}, {9, 9}}, Floor: [][]int64{{10, 0}, {0, 0}}}},
		"layers of two shapes": {{Cells: [][]int64{{9, 9}}}, {Cells: [][]int64{{9}}}},
		"nobody can be moved":  {{Cells: [][]int64{{3, 9}, {9, 3}}, Floor: [][]int64{{3, 9}, {9, 3}}}},
		"each layer has one":   {{Cells: [][]int64{{3, 9}, {0, 0}}}, {Cells: [][]int64{{0, 0}, {9, 3}}}},
		"a single row":         {{Cells: [][]int64{{1, 4, 0}}}},
	} {
		if hidden, ok := five.Protect(layers...); ok {
			t.Errorf("%s: %v", why, hidden)
		}
	}
	if _, ok := (Rule{}).Protect(Layer{Cells: [][]int64{{1}}}); ok {
		t.Error("a rule without a minimum protects")
	}
}

func TestProtectHidesLittle(t *testing.T) {
	table := [][]int64{{2, 30, 40}, {20, 25, 30}, {9, 12, 60}, {40, 8, 7}}
	hidden, ok := five.Protect(Layer{Cells: table})
	n := 0
	for _, row := range hidden {
		for _, h := range row {
			if h {
				n++
			}
		}
	}
	if !ok || n != 4 || !hidden[0][0] {
		t.Errorf("one small cell hides %d: %v", n, hidden)
	}
	if hidden, ok := five.Protect(Layer{Cells: [][]int64{{5, 0}, {0, 9}}}); !ok || hidden[0][0] || hidden[0][1] {
		t.Errorf("hidden without need: %v", hidden)
	}
}

func BenchmarkProtect(b *testing.B) {
	r := rand.New(rand.NewPCG(4, 4))
	table := matrix[int64](20, 7)
	for {
		table[min(r.IntN(20), r.IntN(20))][min(r.IntN(7), r.IntN(7))]++
		if s := sums(table); slices.Min(s) >= k {
			break
		}
	}
	for b.Loop() {
		if _, ok := five.Protect(Layer{Cells: table}); !ok {
			b.Fatal("not protected")
		}
	}
}
