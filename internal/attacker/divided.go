package attacker

import "math"

// divide takes an item by the groups of a background.
func (k *knowledge) divide(item Item, d Division) {
	if len(d.Groups) == 0 {
		return // not divided after all
	}
	s, last := k.items[item.Name], len(k.p.Releases)-1
	groups, others := make([][]Unknown, len(d.Groups)), make([][]Unknown, len(d.Groups))
	for g := range d.Groups {
		groups[g] = k.unknowns(item.Options, k.p.Releases[last].N)
		others[g] = k.unknowns(item.Options, k.p.Releases[last].N)
	}
	s.groups[d.Background], s.others[d.Background] = groups, others
	k.setAside(item, s)
	for o := range item.Options {
		k.adds(groups, s.aside, o, upTo(s.since, last, o))
		if item.Multiple {
			k.adds(others, s.asideNot, o, upTo(s.not, last, o))
		}
	}
	for g, f := range d.Groups {
		if item.Multiple {
			k.chosen(item, d, g, f, groups[g], others[g])
		} else {
			most := k.p.Releases[last].Backgrounds[d.Background].N[g]
			k.shown(f, func(o int) []Unknown { return groups[g][o : o+1] }, most, item)
			k.group(item, d, g, f, groups[g])
		}
	}
	if !item.Multiple {
		k.columns(item, d, groups)
	}
}

// setAside takes what is known of those who are in no division.
func (k *knowledge) setAside(item Item, s *state) {
	last := k.p.Releases[len(k.p.Releases)-1]
	if s.aside != nil || last.Divided == 0 || last.Divided == last.N {
		return
	}
	n := last.N - last.Divided
	s.aside, s.asideNot = k.unknowns(item.Options, n), k.unknowns(item.Options, n)
	for o := range item.Options {
		k.target(false, s.aside[o:o+1], "%s, option %d, among those who are not divided", item.Name, o)
	}
	f := item.Aside
	switch {
	case f == nil:
	case item.Multiple:
		for o, n := range f.Counts {
			if n != Hidden {
				k.Sum(n, s.aside[o])
			}
			if f.Answered != Hidden {
				k.Sum(f.Answered, s.aside[o], s.asideNot[o])
			}
		}
	default:
		k.shown(*f, func(o int) []Unknown { return s.aside[o : o+1] }, n, item)
	}
}

// adds says that the groups together, with those in none, are the whole.
func (k *knowledge) adds(groups [][]Unknown, aside []Unknown, o int, whole []Unknown) {
	terms := make([]Term, 0, len(groups)+len(whole)+1)
	if aside != nil {
		terms = append(terms, Term{aside[o], 1})
	}
	for _, of := range groups {
		terms = append(terms, Term{of[o], 1})
	}
	for _, u := range whole {
		terms = append(terms, Term{u, -1})
	}
	k.Between(0, 0, terms...)
}

// chosen takes a group's choices. Who answered chose something, and not more than was allowed.
func (k *knowledge) chosen(item Item, d Division, g int, f Figures, chose, not []Unknown) {
	name := k.p.Releases[len(k.p.Releases)-1].Backgrounds[d.Background].Name
	for o := range item.Options {
		if f.Answered != Hidden {
			k.Sum(f.Answered, chose[o], not[o])
		}
		k.say(f.Counts[o], chose[o:o+1])
		hidden := f.Counts[o] == Hidden && d.shows(o)
		k.target(hidden, chose[o:o+1], "%s, option %d, by %s, group %d", item.Name, o, name, g)
		k.target(hidden, not[o:o+1], "not %s, option %d, by %s, group %d", item.Name, o, name, g)
	}
	if f.Answered == Hidden {
		return
	}
	most := item.Options
	if item.Most > 0 {
		most = item.Most
	}
	k.Between(float64(f.Answered), float64(f.Answered)*float64(most), ones(chose)...)
}

// group has the targets of a group: its options, its categories, and what is hidden together.
func (k *knowledge) group(item Item, d Division, g int, f Figures, of []Unknown) {
	name := k.p.Releases[len(k.p.Releases)-1].Backgrounds[d.Background].Name
	for o := range of {
		k.target(false, of[o:o+1], "%s, option %d, by %s, group %d", item.Name, o, name, g)
	}
	var together []Unknown
	for i, c := range f.Categories {
		var these []Unknown
		for _, o := range c {
			these = append(these, of[o])
		}
		hidden := f.Counts[i] == Hidden && d.shows(-1)
		k.target(hidden, these, "%s, options %v, by %s, group %d", item.Name, c, name, g)
		if f.Counts[i] == Hidden {
			together = append(together, these...)
		}
	}
	k.target(false, together, "%s, all that is hidden, by %s, group %d", item.Name, name, g)
}

// shows tells whether any cell of a division, or of a category of it, is shown. If none is, nothing
// was hidden so that it might not be known, and what is known of it (that nobody chose what nobody
// chose) does no harm.
func (d Division) shows(category int) bool {
	for _, f := range d.Groups {
		for i, n := range f.Counts {
			if n != Hidden && (category < 0 || category == i) {
				return true
			}
		}
	}
	return false
}

// columns has what is hidden of a category in all groups together.
func (k *knowledge) columns(item Item, d Division, groups [][]Unknown) {
	for i, c := range d.Groups[0].Categories {
		var together []Unknown
		for g, f := range d.Groups {
			if f.Counts[i] != Hidden {
				continue
			}
			for _, o := range c {
				together = append(together, groups[g][o])
			}
		}
		k.target(false, together, "%s, options %v, all that is hidden of them by background %d", item.Name, c, d.Background)
	}
}

// summary takes what a mean and a median say of the counts by value.
func (k *knowledge) summary(s Summary, of func(o int) []Unknown, item Item) {
	var all, below, above, sum []Term
	for o, value := range item.Values {
		if math.IsNaN(value) {
			continue
		}
		for _, u := range of(o) {
			all = append(all, Term{u, 1})
			if value != 0 {
				sum = append(sum, Term{u, value})
			}
			if s.Median != nil && value < *s.Median {
				below = append(below, Term{u, 1})
			}
			if s.Median != nil && value > *s.Median {
				above = append(above, Term{u, 1})
			}
		}
	}
	n := float64(s.N)
	k.Between(n, n, all...)
	k.Between(n*(s.Mean-0.05), n*(s.Mean+0.05)-1e-6, sum...)
	if s.Median != nil {
		k.Between(0, n/2, below...)
		k.Between(0, n/2, above...)
	}
}
