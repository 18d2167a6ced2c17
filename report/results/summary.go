package results

import (
	"math"
	"slices"

	"viesti/report/disclosure"
	"viesti/survey"
)

// summaries are of answers that are numbers, of the whole and of the groups of its tables; of a
// scale the options count from 1. Numbers are counted in classes: their mean is that of the answers
// themselves.
func (b *builder) summaries(sc scheme, f figures, before [][]int64, tables []table) *Summary {
	if sc.Type == survey.Number {
		for _, t := range tables {
			for g := range t.figures {
				if !t.out[g] {
					t.summaries[g] = b.numberMean(t.figures[g])
				}
			}
		}
		return b.numberMean(f)
	}
	if sc.Type == survey.Date || !sc.ordered {
		return nil
	}
	scale, order := sc.scale(f.counts)
	for _, counts := range before {
		scale.Earlier = append(scale.Earlier, inOrder(counts, order))
	}
	scale.Floor = inOrder(f.held, order)
	whole, _ := b.rule.Means(scale)
	if !whole {
		return nil
	}
	spread := scale.Spread()
	if len(tables) > 0 {
		b.groupMeans(scale, order, tables, spread)
	}
	out, median := summarise(scale, scale.Counts, spread)
	out.Median = &median
	return out
}

// groupMeans are those of the groups of tables, which are all of the same people: of those on a scale
// whose answers are not shown one by one.
func (b *builder) groupMeans(scale disclosure.Scale, order []int, tables []table, spread disclosure.Spread) {
	var divided figures
	b.counts.empty.figures(tables[0].subject, 0, &divided)
	for _, f := range tables[0].figures {
		sum(divided.counts, f.counts)
		sum(divided.held, f.held)
	}
	all, floor := scale.Counts, scale.Floor
	scale.Counts, scale.Floor = inOrder(divided.counts, order), inOrder(divided.held, order)
	if b.counts.sample.n > 0 {
		scale.Beside, scale.BesideFloor = less(all, scale.Counts), less(floor, scale.Floor)
	}
	for _, option := range order {
		scale.Shared = append(scale.Shared, tables[0].item.block(option))
	}
	for _, t := range tables {
		scale.Divisions = append(scale.Divisions, t.scale(order))
	}
	whole, groups := b.rule.Means(scale)
	if !whole {
		return
	}
	for i, t := range tables {
		for g, shown := range groups[i] {
			if shown {
				t.summaries[g], _ = summarise(scale, scale.Divisions[i].Counts[g], spread)
			}
		}
	}
}

// less are counts without others.
func less(counts, others []int64) []int64 {
	rest := slices.Clone(counts)
	for i, n := range others {
		rest[i] -= n
	}
	return rest
}

// inOrder are counts in another order.
func inOrder(counts []int64, order []int) []int64 {
	row := make([]int64, len(order))
	for i, option := range order {
		row[i] = counts[option]
	}
	return row
}

// scale is the item as numbers: values that are shown, those on the scale first, and the places of
// their options.
func (sc scheme) scale(counts []int64) (s disclosure.Scale, order []int) {
	value := 0
	var off []int
	for i, o := range sc.options {
		if o.DontKnow {
			off = append(off, i)
			continue
		}
		value++
		if sc.block(i) < 0 {
			continue
		}
		x := float64(value)
		if sc.Type == survey.Grade {
			x = float64(sc.Min + i)
		}
		s.Values, order = append(s.Values, x), append(order, i)
	}
	for _, i := range append(off, sc.gone()) {
		if sc.block(i) >= 0 {
			s.Values, order = append(s.Values, math.NaN()), append(order, i)
		}
	}
	for _, i := range order {
		s.Counts, s.Blocks = append(s.Counts, counts[i]), append(s.Blocks, sc.block(i))
	}
	return s, order
}

// summarise sums up what is on the scale; nil of nobody. The median is that of all alone: for groups it
// would say more than the mean, and leave fewer means to be shown.
func summarise(scale disclosure.Scale, counts []int64, spread disclosure.Spread) (out *Summary, median float64) {
	on := scale.On()
	s, ok := disclosure.Summarise(scale.Values[:on], counts[:on])
	if !ok {
		return nil, 0
	}
	out = &Summary{N: s.N, Mean: s.Mean}
	if low, high, ok := spread.Interval(s.Mean, s.N); ok {
		out.Low, out.High = &low, &high
	}
	return out, s.Median
}

// roughly is how many times the minimum have to have given a number for its mean to be shown. The
// sum of that many is known to half the minimum up or down, since the mean has one decimal: so
// nobody, or the minimum of them, may have given any number but the least.
const roughly = 10

func (b *builder) numberMean(f figures) *Summary {
	if f.answered < roughly*b.rule.Minimum {
		return nil
	}
	return &Summary{N: f.answered, Mean: math.Round(f.sum/float64(f.answered)*10) / 10}
}
