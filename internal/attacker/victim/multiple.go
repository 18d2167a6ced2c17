package victim

import (
	"slices"

	"viesti/internal/attacker"
	"viesti/report/disclosure"
)

// multiple is an item of which several options may be chosen: each is shown beside the number who
// answered, or not at all.
func (p *publisher) multiple(item attacker.Item, people []Person, i int, earlier []attacker.Release, final bool) (attacker.Item, bool) {
	answered, chose := chosen(people, i, item.Options)
	ok := p.rule.Fits(answered)
	past := map[int][][2]int64{}
	for _, r := range earlier {
		for _, e := range r.Items {
			if e.Name != item.Name {
				continue
			}
			ok = ok && p.rule.Stands(answered, e.Answered)
			for o, n := range e.Counts {
				past[o] = append(past[o], [2]int64{n, e.Answered})
			}
		}
	}
	if !ok {
		return item, false
	}
	item.Answered = answered
	for o, n := range chose {
		item.Categories = append(item.Categories, []int{o})
		if !p.rule.Option(n, answered, past[o]...) {
			only, full := bound(people, i, o, item.Most)
			if !final || len(past[o]) > 0 || !p.rule.Left(n, answered, only, full) {
				return item, false
			}
			n = attacker.Hidden
		}
		item.Counts = append(item.Counts, n)
	}
	if final {
		for b := range p.groups {
			item.Divisions = append(item.Divisions, p.choices(people, i, b, item))
		}
	}
	return item, true
}

func chosen(people []Person, i, options int) (answered int64, chose []int64) {
	chose = make([]int64, options)
	for _, x := range people {
		if len(x.Chosen[i]) > 0 {
			answered++
		}
		for _, o := range x.Chosen[i] {
			chose[o]++
		}
	}
	return answered, chose
}

// bound are those who chose only this option, and those who could not choose it any more.
func bound(people []Person, i, o, most int) (only, full int64) {
	for _, x := range people {
		chose := slices.Contains(x.Chosen[i], o)
		if n := len(x.Chosen[i]); chose && n == 1 {
			only++
		} else if !chose && n > 0 && n == most {
			full++
		}
	}
	return only, full
}

// choices divides each option by a background: a table of those who chose it and those who did not.
// Who chose nothing else must go on choosing it, and who chose as many as they might cannot choose
// one more.
func (p *publisher) choices(people []Person, i, b int, item attacker.Item) attacker.Division {
	d := attacker.Division{Background: b}
	sizes := make([][]int64, len(p.groups[b]))
	for g := range sizes {
		sizes[g] = []int64{0}
		d.Groups = append(d.Groups, attacker.Figures{Categories: item.Categories})
	}
	for _, x := range people {
		if len(x.Chosen[i]) > 0 {
			sizes[p.of[b][x.Groups[b]]][0]++
		}
	}
	if !p.margins(sizes) {
		return attacker.Division{Background: b}
	}
	for o := range item.Options {
		hidden, table, ok := p.option(people, i, b, o, item.Counts[o] == attacker.Hidden)
		if !ok {
			return attacker.Division{Background: b} // beside the others it would follow
		}
		for g := range d.Groups {
			n := table[g][0]
			if hidden[g][0] {
				n = attacker.Hidden
			}
			d.Groups[g].Counts = append(d.Groups[g].Counts, n)
			d.Groups[g].Answered = sizes[g][0]
		}
	}
	return d
}

func (p *publisher) option(people []Person, i, b, o int, withheld bool) (hidden [][]bool, table [][]int64, ok bool) {
	var floor [][]int64
	for range p.groups[b] {
		table, floor = append(table, make([]int64, 2)), append(floor, make([]int64, 2))
		hidden = append(hidden, []bool{true, true})
	}
	for _, x := range people {
		if len(x.Chosen[i]) == 0 {
			continue
		}
		g, not := p.of[b][x.Groups[b]], 0
		if !slices.Contains(x.Chosen[i], o) {
			not = 1
		}
		table[g][not]++
		only := not == 0 && len(x.Chosen[i]) == 1
		full := not == 1 && len(x.Chosen[i]) == p.Questions[i].Most
		if (only || full) && p.weak != FloorsIgnored {
			floor[g][not]++
		}
	}
	if withheld && p.weak != NoSecondary {
		return hidden, table, true
	}
	if p.weak == NoSecondary || p.weak == LoneRemainder {
		for g, row := range table {
			small := !p.rule.Fits(row[0]) || !p.rule.Fits(row[1])
			hidden[g] = []bool{small, small}
		}
		return hidden, table, true
	}
	hidden, ok = p.rule.Protect(disclosure.Layer{Cells: table, Floor: floor})
	return hidden, table, ok
}
