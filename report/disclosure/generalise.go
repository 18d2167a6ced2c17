package disclosure

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// Ladder is how a background variable may be made coarser: each rung gives the class of each of the
// finest groups, from the finest rung on. After the last one the variable is left out.
type Ladder [][]int

// Class is people who are alike in every background variable.
type Class struct {
	Of    []int     // the finest group in each variable
	N     int64     // people
	Cells [][]int64 // people by item and category
}

// Generalise finds the rungs of the ladders on which people's answers may be shown one by one: every
// combination of the variables that are left has at least the minimum of people, and of those in it
// every answer to an item was given by nobody or by at least the minimum. Of all such rungs they are
// those that keep the most information (the entropy of each variable, as a share of what it was).
// A rung as high as its ladder is long means that the variable is left out. Anonymity is the least
// number of people who are alike; with no variable left, everybody.
//
// Theorem: what is shown of backgrounds says of nobody more than of at least the minimum of people
// (k-anonymity, Samarati and Sweeney 1998), and no combination has an answer that is told apart; nor
// has any union of combinations, as its counts are sums of these.
func (r Rule) Generalise(classes []Class, ladders []Ladder) (rungs []int, anonymity int64, ok bool) {
	var all int64
	for _, c := range classes {
		if c.N < 0 || len(c.Of) != len(ladders) {
			return nil, 0, false
		}
		all += c.N
	}
	if r.Minimum < 1 || all < r.Minimum {
		return nil, 0, false
	}
	for _, rungs := range byInformation(classes, ladders) {
		if n, ok := r.anonymous(classes, ladders, rungs); ok {
			return rungs, n, true
		}
	}
	return nil, 0, false
}

// byInformation are all choices of rungs, those first that keep the most.
func byInformation(classes []Class, ladders []Ladder) [][]int {
	choices := [][]int{{}}
	kept := []float64{0}
	for v, ladder := range ladders {
		var next [][]int
		var sums []float64
		whole := entropy(classes, v, ladder, 0)
		for i, c := range choices {
			for rung := range len(ladder) + 1 {
				share := 0.0
				if whole > 0 {
					share = entropy(classes, v, ladder, rung) / whole
				}
				next = append(next, append(slices.Clone(c), rung))
				sums = append(sums, kept[i]+share)
			}
		}
		choices, kept = next, sums
	}
	order := make([]int, len(choices))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case kept[a] > kept[b]:
			return -1
		case kept[a] < kept[b]:
			return 1
		}
		return 0
	})
	sorted := make([][]int, len(choices))
	for i, o := range order {
		sorted[i] = choices[o]
	}
	return sorted
}

// entropy of a variable on a rung.
func entropy(classes []Class, v int, ladder Ladder, rung int) (h float64) {
	if rung == len(ladder) {
		return 0
	}
	counts, all := map[int]int64{}, int64(0)
	for _, c := range classes {
		counts[ladder[rung][c.Of[v]]] += c.N
		all += c.N
	}
	for _, n := range counts {
		if n > 0 {
			p := float64(n) / float64(all)
			h -= p * math.Log2(p)
		}
	}
	return h
}

// anonymous looks at people first, as that is quicker.
func (r Rule) anonymous(classes []Class, ladders []Ladder, rungs []int) (least int64, ok bool) {
	keys, people := make([]string, len(classes)), map[string]int64{}
	for i, c := range classes {
		keys[i] = key(c, ladders, rungs)
		people[keys[i]] += c.N
	}
	least = math.MaxInt64
	for _, n := range people {
		if !r.Fits(n) {
			return 0, false
		}
		if n > 0 {
			least = min(least, n)
		}
	}
	cells := map[string][][]int64{}
	for i, c := range classes {
		cells[keys[i]] = sumCells(cells[keys[i]], c.Cells)
	}
	for _, items := range cells {
		for _, counts := range items {
			if slices.ContainsFunc(counts, func(n int64) bool { return !r.Fits(n) }) {
				return 0, false
			}
		}
	}
	return least, true
}

// key is the combination that a class is in.
func key(c Class, ladders []Ladder, rungs []int) string {
	var k strings.Builder
	for v, ladder := range ladders {
		if rungs[v] < len(ladder) {
			k.WriteString(strconv.Itoa(ladder[rungs[v]][c.Of[v]]))
			k.WriteByte('.')
		}
	}
	return k.String()
}

func sumCells(into, from [][]int64) [][]int64 {
	if into == nil {
		into = make([][]int64, len(from))
		for i := range from {
			into[i] = make([]int64, len(from[i]))
		}
	}
	for i := range from {
		for j, n := range from[i] {
			into[i][j] += n
		}
	}
	return into
}
