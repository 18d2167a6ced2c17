package disclosure

import (
	"math/rand/v2"
	"slices"
	"testing"
)

const k = 5

var five = Rule{k}

func TestStands(t *testing.T) {
	for _, c := range []struct {
		now     int64
		earlier []int64
		want    bool
	}{
		{0, nil, true},
		{4, nil, false},
		{5, nil, true},
		{9, []int64{5}, false},
		{10, []int64{5}, true},
		{10, []int64{5, 10}, true},
		{10, []int64{0, 6}, false},
		{5, []int64{10}, false}, // something else was counted
	} {
		if got := five.Stands(c.now, c.earlier...); got != c.want {
			t.Errorf("Stands(%d, %v) is %v", c.now, c.earlier, got)
		}
	}
	if (Rule{}).Stands(3) {
		t.Error("without a minimum everything stands")
	}
}

func TestOption(t *testing.T) {
	for _, c := range []struct {
		chose, answered int64
		earlier         [][2]int64
		want            bool
	}{
		{5, 10, nil, true},
		{0, 10, nil, true},
		{10, 10, nil, true},
		{8, 10, nil, false},
		{3, 10, nil, false},
		{11, 10, nil, false},
		{10, 20, [][2]int64{{5, 10}}, true},
		{6, 16, [][2]int64{{5, 10}}, false},
		{10, 17, [][2]int64{{5, 10}}, false},
	} {
		if got := five.Option(c.chose, c.answered, c.earlier...); got != c.want {
			t.Errorf("Option(%d, %d, %v) is %v", c.chose, c.answered, c.earlier, got)
		}
	}
}

func TestLeft(t *testing.T) {
	for _, c := range []struct {
		why                         string
		chose, answered, only, full int64
		want                        bool
	}{
		{"without a limit anybody might have chosen it too", 3, 40, 3, 0, true},
		{"one choice each: it is what the others leave", 3, 40, 3, 37, false},
		{"whoever chose it chose something else as well", 3, 40, 0, 37, true},
		{"two are free to choose it", 3, 40, 3, 35, true},
		{"one is free to choose it", 3, 40, 3, 36, false},
		{"nearly all chose it, and the rest may have", 38, 40, 30, 0, true},
		{"nearly all chose it, nothing else, and the rest are full", 38, 40, 37, 2, false},
	} {
		if got := five.Left(c.chose, c.answered, c.only, c.full); got != c.want {
			t.Errorf("%s: %v", c.why, got)
		}
	}
}

func TestMerge(t *testing.T) {
	for _, c := range []struct {
		why     string
		counts  []int64
		earlier [][]int64
		shape   Shape
		want    [][]int
		fails   bool
	}{
		{why: "nothing to merge", counts: []int64{5, 0, 9}, want: [][]int{{0}, {1}, {2}}},
		{why: "neighbours", counts: []int64{1, 2, 9, 6, 3}, shape: Shape{Ordered: true}, want: [][]int{{0, 1, 2}, {3, 4}}},
		{why: "others", counts: []int64{1, 20, 4, 9}, want: [][]int{{0, 2}, {1}, {3}}},
		{why: "a lone remainder takes the smallest", counts: []int64{1, 20, 9}, want: [][]int{{0, 2}, {1}}},
		{why: "a lone remainder passes over nobody", counts: []int64{1, 20, 0, 9}, want: [][]int{{0, 3}, {1}, {2}}},
		{why: "what belongs together", counts: []int64{1, 20, 9, 30}, shape: Shape{Near: []int{1, 1, 2, 2}}, want: [][]int{{0, 1}, {2}, {3}}},
		{why: "what belongs together is too few", counts: []int64{1, 2, 9, 30}, shape: Shape{Near: []int{1, 1, 2, -1}}, want: [][]int{{0, 1, 2}, {3}}},
		{why: "don’t know stands", counts: []int64{9, 8, 7}, shape: Shape{Ordered: true, Apart: []bool{false, false, true}}, want: [][]int{{0}, {1}, {2}}},
		{why: "don’t know is left out", counts: []int64{9, 8, 2}, shape: Shape{Ordered: true, Apart: []bool{false, false, true}}, want: [][]int{{0}, {1}}},
		{why: "don’t know would follow", counts: []int64{9, 8, 2}, shape: Shape{Ordered: true, Apart: []bool{false, false, true}, Everybody: true}, fails: true},
		{why: "grew by too few", counts: []int64{12, 20, 30}, earlier: [][]int64{{10, 15, 30}}, shape: Shape{Ordered: true}, want: [][]int{{0, 1}, {2}}},
		{why: "grew by too few altogether", counts: []int64{12, 20}, earlier: [][]int64{{10, 19}}, fails: true},
		{why: "too few", counts: []int64{1, 2}, fails: true},
		{why: "nobody", counts: []int64{0, 0}, want: [][]int{{0}, {1}}},
		{why: "nothing", fails: true},
		{why: "less than nobody", counts: []int64{-1, 9}, fails: true},
		{why: "other categories than before", counts: []int64{9, 9}, earlier: [][]int64{{9}}, fails: true},
	} {
		got, ok := five.Merge(c.counts, c.earlier, c.shape)
		if ok == c.fails || !c.fails && !slices.EqualFunc(got, c.want, slices.Equal) {
			t.Errorf("%s: %v, %v", c.why, got, ok)
		}
	}
}

// Whatever is drawn, every block stands and every category is in one; and no partition of a scale
// into runs is finer.
func TestMergeStands(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 3000 {
		n := 1 + r.IntN(8)
		counts, earlier := make([]int64, n), make([]int64, n)
		for c := range counts {
			earlier[c] = int64(r.IntN(3)) * int64(r.IntN(8))
			counts[c] = earlier[c] + int64(r.IntN(2))*int64(r.IntN(9))
		}
		s := Shape{Ordered: r.IntN(2) == 0}
		blocks, ok := five.Merge(counts, [][]int64{earlier}, s)
		m := merger{five, [][]int64{counts, earlier}}
		most := finest(m, n)
		if ok != (most > 0) {
			t.Fatalf("%v after %v: %v", counts, earlier, ok)
		}
		seen := 0
		for _, b := range blocks {
			seen += len(b)
			if !m.stands(b) {
				t.Fatalf("%v after %v: block %v", counts, earlier, b)
			}
		}
		if ok && (seen != n || s.Ordered && len(blocks) != most) {
			t.Fatalf("%v after %v: %v, but %d blocks are possible", counts, earlier, blocks, most)
		}
	}
}

// finest tries every partition into runs.
func finest(m merger, n int) (most int) {
	for cuts := range 1 << (n - 1) {
		from, runs := 0, 0
		for c := range n {
			if c == n-1 || cuts&(1<<c) != 0 {
				var run []int
				for i := from; i <= c; i++ {
					run = append(run, i)
				}
				if !m.stands(run) {
					runs = -n
				}
				from, runs = c+1, runs+1
			}
		}
		most = max(most, runs)
	}
	return most
}

// Of few people all ways are looked at in which groups may be made of those who do not know and those
// who did not answer.
func TestAsideAgainstAllWorlds(t *testing.T) {
	yes, no := 0, 0
	for _, of := range [][2]int64{{5, 5}, {5, 6}, {6, 9}, {4, 9}, {7, 12}, {0, 3}, {5, 18}} {
		know, all := of[0], of[1]
		for a := range all + 1 {
			for b := range all - a + 1 {
				rest := []int64{a, b, all - a - b}
				fine := five.Fits(know)
				for _, n := range rest {
					low, high := max(0, know-(all-n)), min(know, n)
					told := low >= 1 && high < 5
					fine = fine && !told
				}
				switch got := five.Aside(rest, []int64{know}); {
				case got && !fine:
					t.Errorf("%d do not know, among %v: one of them is told apart", know, rest)
				case got:
					yes++
				default:
					no++
				}
			}
		}
	}
	if yes < 20 || no < 20 {
		t.Errorf("left aside %d times, not %d times", yes, no)
	}
	if five.Aside([]int64{20, 20}, []int64{3}) || five.Aside([]int64{20, -1}, []int64{5}) {
		t.Error("what may not be shown is left aside")
	}
}
