package disclosure

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestGeneralise(t *testing.T) {
	region := Ladder{{0, 1, 2, 3}, {0, 0, 1, 1}}
	kind := Ladder{{0, 1}}
	cells := func(n int64) [][]int64 { return [][]int64{{n, 0}} }
	class := func(region, kind int, n int64) Class { return Class{[]int{region, kind}, n, cells(n)} }
	for _, c := range []struct {
		why     string
		classes []Class
		want    []int
		least   int64
		fails   bool
	}{
		{"all as it is", []Class{class(0, 0, 9), class(1, 1, 8), class(2, 0, 7), class(3, 1, 6)}, []int{0, 0}, 6, false},
		{"regions to centres", []Class{class(0, 0, 9), class(1, 0, 2), class(2, 1, 7), class(3, 1, 6)}, []int{1, 0}, 11, false},
		{"kinds go first, since regions say more", []Class{class(0, 0, 9), class(0, 1, 1), class(1, 0, 9), class(2, 0, 9), class(3, 0, 9)}, []int{0, 1}, 9, false},
		{"nothing is left", []Class{class(0, 0, 4), class(3, 1, 1)}, []int{2, 1}, 5, false},
		{"too few", []Class{class(0, 0, 4)}, nil, 0, true},
		{"an answer of one", []Class{{[]int{0, 0}, 9, [][]int64{{8, 1}}}, {[]int{1, 0}, 9, [][]int64{{5, 4}}}}, []int{1, 0}, 18, false},
		{"another number of variables", []Class{{[]int{0}, 9, nil}}, nil, 0, true},
	} {
		got, least, ok := five.Generalise(c.classes, []Ladder{region, kind})
		if ok == c.fails || !slices.Equal(got, c.want) || least != c.least {
			t.Errorf("%s: %v, %d, %v", c.why, got, least, ok)
		}
	}
}

// Whatever is drawn, those who are alike are enough, and each answer among them is.
func TestGeneraliseIsAnonymous(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	ladders := []Ladder{{{0, 1, 2, 3, 4, 5}, {0, 0, 1, 1, 2, 2}, {0, 0, 0, 0, 1, 1}}, {{0, 1, 2}}, {{0, 1}}}
	kept := 0
	for range 300 {
		var classes []Class
		for range 1 + r.IntN(60) {
			c := Class{Of: []int{min(r.IntN(6), r.IntN(6)), min(r.IntN(3), r.IntN(3)), r.IntN(2)}, Cells: [][]int64{{0, 0}, {0, 0, 0}}}
			for range 1 + r.IntN(60) {
				c.N++
				c.Cells[0][min(r.IntN(2), r.IntN(2))]++
				c.Cells[1][min(r.IntN(3), r.IntN(3))]++
			}
			classes = append(classes, c)
		}
		rungs, least, ok := five.Generalise(classes, ladders)
		if !ok {
			continue // too few, or an answer of too few among all
		}
		people, answers := map[[3]int]int64{}, map[[5]int]int64{}
		for _, c := range classes {
			var at [3]int
			for v, rung := range rungs {
				at[v] = -1
				if rung < len(ladders[v]) {
					at[v] = ladders[v][rung][c.Of[v]]
					kept++
				}
			}
			people[at] += c.N
			for i, counts := range c.Cells {
				for o, n := range counts {
					answers[[5]int{at[0], at[1], at[2], i, o}] += n
				}
			}
		}
		lowest := int64(1 << 40)
		for at, n := range people {
			lowest = min(lowest, n)
			if n < k {
				t.Fatalf("%v has %d people", at, n)
			}
		}
		for at, n := range answers {
			if !five.Fits(n) {
				t.Fatalf("%v was answered by %d", at, n)
			}
		}
		if lowest != least {
			t.Fatalf("anonymity is %d, not %d", lowest, least)
		}
	}
	if kept < 500 {
		t.Errorf("hardly any variable was kept: %d", kept)
	}
}
