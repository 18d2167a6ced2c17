package disclosure

import (
	"math/rand/v2"
	"testing"
)

func randomTable(r *rand.Rand, rows, cols, people int) [][]int64 {
	t := matrix[int64](rows, cols)
	rw, cw := make([]float64, rows), make([]float64, cols)
	for i := range rw {
		rw[i] = r.ExpFloat64()
	}
	for i := range cw {
		cw[i] = r.ExpFloat64()
	}
	pick := func(w []float64) int {
		var s float64
		for _, x := range w {
			s += x
		}
		u := r.Float64() * s
		for i, x := range w {
			if u -= x; u < 0 {
				return i
			}
		}
		return len(w) - 1
	}
	for range people {
		t[pick(rw)][pick(cw)]++
	}
	return t
}

func mergedTable(rule Rule, t [][]int64) [][]int64 {
	cols := make([]int64, len(t[0]))
	rows := make([]int64, len(t))
	for i := range t {
		for j := range t[i] {
			cols[j] += t[i][j]
			rows[i] += t[i][j]
		}
	}
	cb, ok1 := rule.Merge(cols, nil, Shape{Ordered: true})
	rb, ok2 := rule.Merge(rows, nil, Shape{})
	if !ok1 || !ok2 {
		return nil
	}
	out := matrix[int64](len(rb), len(cb))
	for i, b := range rb {
		for _, g := range b {
			for j, c := range cb {
				for _, x := range c {
					out[i][j] += t[g][x]
				}
			}
		}
	}
	return out
}

func BenchmarkProtect(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	rule := Rule{5}
	var hid, cells, small, fail int
	for b.Loop() {
		t := mergedTable(rule, randomTable(r, 20, 7, 400))
		if t == nil {
			continue
		}
		h, ok := rule.Protect(Layer{Cells: t})
		if !ok {
			fail++
			continue
		}
		for i := range t {
			for j := range t[i] {
				cells++
				if h[i][j] {
					hid++
				}
				if !rule.Fits(t[i][j]) {
					small++
				}
			}
		}
	}
	b.ReportMetric(float64(hid)/float64(cells), "hidden/cell")
	b.ReportMetric(float64(small)/float64(cells), "small/cell")
	b.ReportMetric(float64(fail), "fail")
}

func BenchmarkProtectSampled(b *testing.B) {
	for _, people := range []int{100, 375, 800, 5000} {
		for _, share := range []float64{0.3, 0.5, 0.7} {
			b.Run("", func(b *testing.B) {
				r := rand.New(rand.NewPCG(1, 2))
				rule := Rule{5}
				var hid, cells, small, fail, n int
				for b.Loop() {
					t := mergedTable(rule, randomTable(r, 20, 6, people))
					if t == nil {
						continue
					}
					n++
					f := matrix[int64](len(t), len(t[0]))
					for i := range t {
						for j := range t[i] {
							for range t[i][j] {
								if r.Float64() < share {
									f[i][j]++
								}
							}
						}
					}
					h, ok := rule.Protect(Layer{Cells: t, Floor: f})
					if !ok {
						fail++
						continue
					}
					for i := range t {
						for j := range t[i] {
							cells++
							if h[i][j] {
								hid++
							}
							if !rule.Fits(t[i][j]) {
								small++
							}
						}
					}
				}
				b.ReportMetric(float64(hid)/float64(cells), "hidden/cell")
				b.ReportMetric(float64(small)/float64(cells), "small/cell")
				b.ReportMetric(float64(fail)/float64(n), "fail/table")
			})
		}
	}
}
