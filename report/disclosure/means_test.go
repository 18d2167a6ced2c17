package disclosure

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestSummarise(t *testing.T) {
	values := []float64{1, 2, 3, 4, 5}
	for _, c := range []struct {
		counts []int64
		want   Summary
	}{
		{[]int64{4, 1, 0, 0, 0}, Summary{N: 5, Mean: 1.2, Median: 1}},
		{[]int64{1, 0, 0, 0, 1}, Summary{N: 2, Mean: 3, Median: 3}},
		{[]int64{0, 3, 0, 1, 0}, Summary{N: 4, Mean: 2.5, Median: 2}},
		{[]int64{0, 19, 1, 0, 0}, Summary{N: 20, Mean: 2.1, Median: 2}}, // 2.05: halves go up
	} {
		if got, ok := Summarise(values, c.counts); !ok || got != c.want {
			t.Errorf("%v: %+v", c.counts, got)
		}
	}
	if _, ok := Summarise(values, make([]int64, 5)); ok {
		t.Error("a mean of nobody")
	}
}

func TestInterval(t *testing.T) {
	all := SpreadOf([]float64{1, 2, 3, 4, 5}, []int64{10, 10, 10, 10, 10})
	for _, c := range []struct {
		mean      float64
		n         int64
		low, high float64
		ok        bool
	}{
		{3, 50, 2.6, 3.4, true}, // 1.4286/√50·2.0096
		{4, 30, 3.5, 4.5, true}, // 1.4286/√30·2.0096
		{4, 29, 0, 0, false},
		{3, 51, 0, 0, false}, // more than all
	} {
		if low, high, ok := all.Interval(c.mean, c.n); ok != c.ok || math.Abs(low-c.low) > 1e-9 || math.Abs(high-c.high) > 1e-9 {
			t.Errorf("%v of %d: %v to %v, %v", c.mean, c.n, low, high, ok)
		}
	}
	merged := Scale{Values: []float64{1, 2, 4, math.NaN()}, Blocks: []int{0, 0, 1, 2}, Counts: []int64{3, 9, 20, 50}, Beside: []int64{2, 6, 20, 0}}
	if got, want := merged.Spread(), SpreadOf([]float64{1.5, 4}, []int64{20, 40}); got != want {
		t.Errorf("%v, not %v", got, want)
	}
}

// Points of the table of Student's t.
func TestStudent(t *testing.T) {
	for df, want := range map[int64]float64{29: 2.0452, 60: 2.0003, 120: 1.9799, 1000: 1.9623} {
		if got := student(df); math.Abs(got-want) > 1e-4 {
			t.Errorf("%d degrees of freedom: %.5f", df, got)
		}
	}
}

// everything hidden, in one category
func inside(rows ...[]int64) Scale {
	s := Scale{}
	d := Division{}
	for v := range rows[0] {
		s.Values, s.Blocks = append(s.Values, float64(v+1)), append(s.Blocks, v)
		d.Cells = append(d.Cells, 0)
		s.Counts = append(s.Counts, 0)
	}
	for _, row := range rows {
		d.Counts, d.Hidden = append(d.Counts, row), append(d.Hidden, []bool{false})
		for v, n := range row {
			s.Counts[v] += n
		}
	}
	s.Divisions = []Division{d}
	return s
}

func TestMeans(t *testing.T) {
	many := []int64{50, 50, 50, 50, 50, 50, 50, 50, 50, 50}
	for _, c := range []struct {
		why    string
		rows   [][]int64
		groups []bool
	}{
		{"five people at 1.2 are four ones and a two", [][]int64{{4, 1, 0, 0, 0, 0, 0, 0, 0, 0}, many}, []bool{false, true}},
		{"all alike", [][]int64{{7, 0, 0, 0, 0, 0, 0, 0, 0, 0}, many}, []bool{true, true}},
		{"in the middle a mean says little", [][]int64{{1, 1, 2, 2, 3, 3, 2, 2, 1, 1}, many}, []bool{true, true}},
		{"large groups", [][]int64{many, many, many}, []bool{true, true, true}},
		{"nobody", [][]int64{make([]int64, 10), many}, []bool{false, true}},
	} {
		whole, groups := five.Means(inside(c.rows...))
		if !whole || !slices.Equal(groups[0], c.groups) {
			t.Errorf("%s: %v, %v", c.why, whole, groups)
		}
	}
}

// The number on the scale would tell how many are off it.
func TestMeansBesideDontKnow(t *testing.T) {
	s := Scale{
		Values: []float64{1, 2, math.NaN()}, Blocks: []int{0, 1, 2}, Counts: []int64{50, 50, 20},
		Divisions: []Division{{
			Cells:  []int{0, 1, 2},
			Counts: [][]int64{{20, 20, 2}, {10, 10, 8}, {20, 20, 10}},
			Hidden: [][]bool{{true, false, true}, {true, false, true}, {false, false, false}},
		}},
	}
	whole, groups := five.Means(s)
	if !whole || groups[0][0] || groups[0][1] || !groups[0][2] {
		t.Errorf("%v, %v", whole, groups)
	}
}

// Of a value that few gave beside the divisions, the divisions' means would tell, had nobody in them
// room to make up for it.
func TestMeansBesideASample(t *testing.T) {
	s := inside([]int64{0, 6, 6}, []int64{0, 7, 7})
	s.Blocks, s.Divisions[0].Cells = []int{0, 0, 1}, []int{0, 0, 1}
	s.Divisions[0].Hidden = [][]bool{{false, false}, {false, false}}
	if whole, groups := five.Means(s); !whole || !groups[0][0] || !groups[0][1] {
		t.Errorf("with nobody beside: %v, %v", whole, groups)
	}
	s.Beside = []int64{3, 20, 20}
	if whole, groups := five.Means(s); !whole || groups[0][0] && groups[0][1] {
		t.Errorf("the sample's three ones are what the means leave over: %v, %v", whole, groups)
	}
	s = inside([]int64{60, 60, 60}, []int64{0, 6, 6})
	s.Blocks, s.Divisions[0].Cells = []int{0, 0, 1}, []int{0, 0, 1}
	s.Divisions[0].Hidden = [][]bool{{false, false}, {false, false}}
	s.Beside = []int64{3, 20, 20}
	if whole, groups := five.Means(s); !whole || !groups[0][0] || !groups[0][1] {
		t.Errorf("a large group has room: %v, %v", whole, groups)
	}
}

// Those who went on from a value to another question are there, also in the whole.
func TestMeansOverFloors(t *testing.T) {
	s := Scale{Values: []float64{1, 2, 3, 4, 5, 6}, Blocks: []int{0, 0, 1, 2, 3, 4}, Counts: []int64{3, 10, 20, 41, 20, 17}}
	if whole, _ := five.Means(s); !whole {
		t.Error("five may have given the first value")
	}
	s.Floor = []int64{0, 10, 0, 0, 0, 0}
	if whole, _ := five.Means(s); whole {
		t.Error("by the mean three or more gave the first value, by the floor three at most")
	}
}

// A mean is given up where that frees others: that of the smallest group that does.
func TestMeansGiveUpTheSmallest(t *testing.T) {
	whole, groups := five.Means(inside([]int64{40, 30, 20, 10, 10}, []int64{30, 30, 20, 10, 10}, []int64{4, 1, 0, 0, 0}))
	if want := []bool{true, true, false}; !whole || !slices.Equal(groups[0], want) {
		t.Errorf("%v", groups)
	}
}

func TestMeansFailClosed(t *testing.T) {
	good := inside([]int64{50, 50}, []int64{40, 40})
	for why, spoil := range map[string]func(*Scale){
		"other sums":        func(s *Scale) { s.Counts = []int64{1, 2} },
		"no blocks":         func(s *Scale) { s.Blocks = nil },
		"fewer values":      func(s *Scale) { s.Values = s.Values[:1] },
		"other before":      func(s *Scale) { s.Earlier = [][]int64{{1}} },
		"other floors":      func(s *Scale) { s.Floor = []int64{1} },
		"floors beside":     func(s *Scale) { s.BesideFloor = []int64{1} },
		"other categories":  func(s *Scale) { s.Shared = []int{0} },
		"others out":        func(s *Scale) { s.Divisions[0].Out = []bool{true} },
		"nothing is hidden": func(s *Scale) { s.Divisions[0].Hidden = nil },
	} {
		s := good
		s.Divisions = slices.Clone(good.Divisions)
		spoil(&s)
		if whole, groups := five.Means(s); whole || slices.Contains(groups[0], true) {
			t.Errorf("%s: %v, %v", why, whole, groups)
		}
	}
}

// Of small surveys every world that looks the same is looked at.
func TestMeansAgainstAllWorlds(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	shown := 0
	for range 200 {
		rows := [][]int64{make([]int64, 4), make([]int64, 4)}
		for g := range rows {
			for range 8 + r.IntN(14) {
				rows[g][min(r.IntN(4), r.IntN(4+g)%4)]++
			}
		}
		s := inside(rows...)
		if slices.ContainsFunc(s.Counts, func(n int64) bool { return !five.Fits(n) }) {
			continue
		}
		whole, groups := five.Means(s)
		if !whole {
			t.Fatalf("%v: the counts are all shown, but their mean is not", rows)
		}
		low, high := clone(rows), clone(rows)
		hidden := [][]bool{{true, true, true, true}, {true, true, true, true}}
		alike(rows, hidden, clone(rows), 0, func(other [][]int64) {
			for g := range rows {
				a, _ := Summarise(s.Values, rows[g])
				if b, _ := Summarise(s.Values, other[g]); groups[0][g] && a.Mean != b.Mean {
					return
				}
			}
			for g := range rows {
				for v, n := range other[g] {
					low[g][v], high[g][v] = min(low[g][v], n), max(high[g][v], n)
				}
			}
		})
		for g := range rows {
			if groups[0][g] {
				shown++
			}
			for v := range rows[g] {
				if l, h := low[g][v], high[g][v]; l > 0 && h < k {
					t.Fatalf("value %d of group %d of %v is between %d and %d with means %v", v+1, g, rows, l, h, groups[0])
				}
			}
		}
	}
	if shown < 8 {
		t.Errorf("only %d means were shown", shown)
	}
}
