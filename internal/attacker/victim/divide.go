package victim

import (
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
		if p.holds(x, i) {
			held[g][x.Answers[i]]++
		}
	}
	return cells, held
}

// holds tells whether somebody's answer led to another question that they answered.
func (p *publisher) holds(x Person, i int) bool {
	led := slices.ContainsFunc(p.led(i, x.Answers[i]), func(j int) bool { return x.Answers[j] >= 0 })
	return led && p.weak != FloorsIgnored
}

// held are by option those whose answer holds.
func (p *publisher) held(people []Person, i int) []int64 {
	held := make([]int64, p.Questions[i].Options)
	for _, x := range people {
		if x.Answers[i] >= 0 && p.holds(x, i) {
			held[x.Answers[i]]++
		}
	}
	return held
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
	d := attacker.Division{Background: b}
	categories := item.Categories
	if p.aside(people, i, b, cells, held, categories) {
		categories = categories[:len(categories)-1]
	}
	table, floor := collapse(cells, categories), collapse(held, categories)
	if !p.margins(table) {
		return d
	}
	hidden := p.hide(table, floor)
	if hidden == nil {
		return d
	}
	for g, row := range table {
		f := attacker.Figures{Categories: categories}
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

// aside tells whether those who do not know are left aside in a division: as if they had not answered.
func (p *publisher) aside(people []Person, i, b int, cells, held [][]int64, categories [][]int) bool {
	q, last := p.Questions[i], len(categories)-1
	if !q.DontKnow || last < 1 || !slices.Equal(categories[last], []int{q.Options - 1}) {
		return false
	}
	if p.weak == AsideUntested {
		return true
	}
	if q.Everybody || q.From >= 0 {
		return false
	}
	rest := make([]int64, len(cells))
	for _, x := range people {
		if x.Answers[i] < 0 || x.Answers[i] == q.Options-1 {
			rest[p.of[b][x.Groups[b]]]++
		}
	}
	var gave int64
	for g := range cells {
		if held[g][q.Options-1] > 0 {
			return false
		}
		gave += cells[g][q.Options-1]
	}
	return p.rule.Aside(rest, []int64{gave})
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
		div := disclosure.Division{Counts: cells, Cells: slices.Clone(s.Blocks), Floor: held}
		if last := len(item.Categories) - 1; len(groups[0].Categories) == last {
			div.Cells[item.Categories[last][0]] = -1
		}
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
		item.Summary = summary(item.Values, s.Counts, true)
	}
	for k, d := range at {
		for g := range item.Divisions[d].Groups {
			if shown[k][g] || p.weak == MeansUntested {
				item.Divisions[d].Groups[g].Summary = summary(item.Values, s.Divisions[k].Counts[g], false)
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

// summary says the mean, and of the whole the median; an interval would follow from what is shown.
func summary(values []float64, counts []int64, whole bool) *attacker.Summary {
	on := disclosure.Scale{Values: values}.On()
	s, ok := disclosure.Summarise(values[:on], counts[:on])
	if !ok {
		return nil
	}
	out := &attacker.Summary{N: s.N, Mean: s.Mean}
	if whole {
		out.Median = &s.Median
	}
	return out
}
