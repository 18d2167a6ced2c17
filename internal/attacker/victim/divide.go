package victim

import (
	"math"
	"slices"

	"viesti/internal/attacker"
	"viesti/report/disclosure"
)

// table counts people by published group and option, and those of them whose answer led to another
// question that they answered.
func (p *publisher) table(people []Person, i, b int) (cells, held [][]int64) {
	q := p.Questions[i]
	for range p.groups[b] {
		cells, held = append(cells, make([]int64, q.Options)), append(held, make([]int64, q.Options))
	}
	for _, x := range people {
		if x.Answers[i] < 0 {
			continue
		}
		g := p.of[b][x.Groups[b]]
		cells[g][x.Answers[i]]++
		if p.went(x, i) {
			held[g][x.Answers[i]]++
		}
	}
	return cells, held
}

// held counts by option those whose answer led to another question that they answered.
func (p *publisher) held(people []Person, i int) []int64 {
	held := make([]int64, p.Questions[i].Options)
	for _, x := range people {
		if x.Answers[i] >= 0 && p.went(x, i) {
			held[x.Answers[i]]++
		}
	}
	return held
}

func (p *publisher) went(x Person, i int) bool {
	return p.weak != FloorsIgnored && slices.ContainsFunc(p.led(i, x.Answers[i]), func(j int) bool { return x.Answers[j] >= 0 })
}

// led are the questions that an option leads to.
func (p *publisher) led(i, option int) (list []int) {
	for j, q := range p.Questions {
		if q.From == i && q.Chose == option {
			list = append(list, j)
		}
	}
	return list
}

// divide is an item by a background; where no table is safe, the groups' sizes alone.
func (p *publisher) divide(people []Person, i, b int, item attacker.Item) attacker.Division {
	cells, held := p.table(people, i, b)
	table, floor := collapse(cells, item.Categories), collapse(held, item.Categories)
	d := attacker.Division{Background: b}
	if !p.margins(table) {
		return d
	}
	hidden := p.hide(table, floor)
	if hidden == nil {
		return d
	}
	for g, row := range table {
		f := attacker.Figures{Categories: item.Categories}
		for c, n := range row {
			f.Answered += n
			if hidden[g][c] {
				n = attacker.Hidden
			}
			f.Counts = append(f.Counts, n)
		}
		d.Groups = append(d.Groups, f)
	}
	return d
}

func collapse(cells [][]int64, blocks [][]int) [][]int64 {
	out := make([][]int64, len(cells))
	for g, row := range cells {
		for _, b := range blocks {
			out[g] = append(out[g], sum(row, b))
		}
	}
	return out
}

// margins tells whether each group's number of answers may be shown.
func (p *publisher) margins(table [][]int64) bool {
	for _, row := range table {
		var n int64
		for _, c := range row {
			n += c
		}
		if !p.rule.Fits(n) {
			return false
		}
	}
	return len(table) > 0
}

func (p *publisher) hide(table, floor [][]int64) [][]bool {
	hidden, ok := p.rule.Protect(disclosure.Layer{Cells: table, Floor: floor})
	if p.weak != NoSecondary && p.weak != LoneRemainder && ok {
		return hidden
	}
	if p.weak != NoSecondary && p.weak != LoneRemainder {
		return nil
	}
	hidden = nil
	for _, row := range table {
		hides := make([]bool, len(row))
		for c, n := range row {
			hides[c] = !p.rule.Fits(n)
		}
		hidden = append(hidden, hides)
	}
	return hidden
}

// means gives the summaries that may be shown.
func (p *publisher) means(item *attacker.Item, people []Person, i int, counts []int64, earlier [][]int64) {
	if p.Questions[i].Kind != Scale || p.weak == LoneRemainder {
		return
	}
	s := disclosure.Scale{Values: item.Values, Counts: slices.Clone(counts), Blocks: category(item.Categories, len(counts)), Earlier: earlier}
	s.Floor = p.held(people, i)
	for v, c := range s.Blocks {
		if c < 0 { // left out: as if they had not answered
			s.Counts[v], s.Floor[v], s.Blocks[v] = 0, 0, len(item.Categories)
		}
	}
	var at []int
	for d := range item.Divisions {
		groups := item.Divisions[d].Groups
		if len(groups) == 0 {
			continue
		}
		at = append(at, d)
		cells, held := p.table(people, i, item.Divisions[d].Background)
		div := disclosure.Division{Counts: cells, Cells: s.Blocks, Floor: held}
		for g := range cells {
			hidden := make([]bool, len(item.Categories)+1)
			for c, n := range groups[g].Counts {
				hidden[c] = n == attacker.Hidden
			}
			for v := range cells[g] {
				if s.Blocks[v] == len(item.Categories) {
					cells[g][v] = 0
					held[g][v] = 0
				}
			}
			div.Hidden = append(div.Hidden, hidden)
		}
		s.Divisions = append(s.Divisions, div)
	}
	whole, shown := p.rule.Means(s)
	if whole || p.weak == MeansUntested {
		item.Summary = summary(item.Values, s.Counts)
	}
	for k, d := range at {
		for g := range item.Divisions[d].Groups {
			if shown[k][g] || p.weak == MeansUntested {
				item.Divisions[d].Groups[g].Summary = summary(item.Values, s.Divisions[k].Counts[g])
			}
		}
	}
}

// category is by option the category that it is in, -1 for none.
func category(blocks [][]int, options int) []int {
	of := make([]int, options)
	for o := range of {
		of[o] = slices.IndexFunc(blocks, func(b []int) bool { return slices.Contains(b, o) })
	}
	return of
}

func summary(values []float64, counts []int64) *attacker.Summary {
	on := len(values)
	if nan := slices.IndexFunc(values, math.IsNaN); nan >= 0 {
		on = nan
	}
	s, ok := disclosure.Summarise(values[:on], counts[:on])
	if !ok {
		return nil
	}
	out := &attacker.Summary{N: s.N, Mean: s.Mean, Median: &s.Median}
	if s.Interval {
		out.Low, out.High = &s.Low, &s.High
	}
	return out
}
