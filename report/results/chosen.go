package results

import "viesti/report/disclosure"

// chosenBy divides the options of a multiple choice, or of a ranking, by each background: a table of
// chosen and not chosen for each option that is shown. Who answered chose at least one option, at
// most as many as may be, and who chose "none of these" chose nothing else: these are the floors.
// Where one option cannot be protected, nothing of the division is shown, since the others say
// something of it.
func (b *builder) chosenBy(sc scheme) []Division {
	var list []Division
	if len(sc.blocks) == 0 {
		return list
	}
	for _, g := range b.groups {
		if !b.splits(g) {
			continue
		}
		if t, ok := b.chosenTable(sc, g); ok && t.share() < 1 {
			d := t.division(b)
			for i, f := range t.figures {
				if !t.out[i] {
					d.Rows[i].Answered = disclosure.Shown(f.answered)
				}
			}
			list = append(list, d)
		}
	}
	return list
}

// sharedOptions are those that may be shown of the sample and of the rest, beside what is shown of all.
func (b *builder) sharedOptions(sc scheme, item Item) scheme {
	all, alone := b.counts.of(sc.subject, 0), b.counts.alone(sc.subject, 0)
	out := scheme{subject: sc.subject}
	rest := all.answered - alone.answered
	if !b.rule.Fits(alone.answered) || !b.rule.Fits(rest) {
		return out
	}
	for i, block := range sc.blocks {
		_, shown := item.Counts[i].Value()
		n, own := all.counts[block[0]], alone.counts[block[0]]
		if shown && b.rule.Option(n, all.answered, [2]int64{own, alone.answered}, [2]int64{n - own, rest}) {
			out.blocks = append(out.blocks, block)
		}
	}
	return out
}

func (b *builder) chosenTable(sc scheme, g grouping) (t table, ok bool) {
	t = table{scheme: sc, groups: g, figures: b.counts.by(sc.subject, 0, g)}
	t.summaries = make([]*Summary, len(t.figures))
	lines, ok := b.lines(t.figures, func(f figures) int64 { return f.answered })
	if !ok {
		return t, false
	}
	t.out = lines.out
	for range t.figures {
		t.hidden = append(t.hidden, make([]bool, len(sc.blocks)))
	}
	for i, block := range sc.blocks {
		var cells, floors [][]int64
		for _, f := range t.figures {
			chose, not := sc.floors(f, block[0])
			cells = append(cells, []int64{f.counts[block[0]], f.answered - f.counts[block[0]]})
			floors = append(floors, []int64{chose, not})
		}
		joined, ok := b.rule.Protect(disclosure.Layer{Cells: lines.join(cells), Floor: lines.join(floors)})
		if !ok {
			return t, false
		}
		for at, row := range lines.part(joined, 2) {
			t.hidden[at][i] = row[0] || row[1]
		}
	}
	return t, true
}

// floors are the least that may have chosen an option, and not chosen it, while everything else that
// a group chose stays as it is.
func (sc scheme) floors(f figures, option int) (chose, not int64) {
	var all, alone, most int64 // choices beside "none of these", who chose that, and the largest option
	for i, n := range f.counts {
		if i != sc.gone() && sc.options[i].Exclusive {
			alone += n
			continue
		}
		all += n
		most = max(most, n)
	}
	some, n := f.answered-alone, f.counts[option]
	if option != sc.gone() && sc.options[option].Exclusive {
		not = max(most, alone-n+most)
		if sc.Max > 0 {
			not = max(not, alone-n+(all+int64(sc.Max)-1)/int64(sc.Max))
		}
		chose = f.answered - all - (alone - n)
	} else {
		chose, not = n-(all-some), alone
		if sc.Max > 0 {
			not = max(not, f.answered-n-(int64(sc.Max)*some-all))
		}
	}
	return min(n, max(0, chose, f.held[option])), min(f.answered-n, max(0, not))
}

// passedOver tells whether nobody of those who answered since an earlier release need have chosen an option that
// was shown in it. Then it can be left out of the final release: in the world in which none of them did, it has
// its earlier count, and those who did not choose it grew by all who answered since. What was not shown of other
// options then is taken as all there is of them now, which leaves the fewest free.
func (b *builder) passedOver(sc scheme, f figures, was Item, option int) bool {
	if option == sc.gone() || f.held[option] > 0 {
		return false
	}
	if _, shown := was.count(sc.options[option].ID); !shown {
		return false
	}
	answered, _ := was.Answered.Value()
	since := figures{answered: f.answered - answered, counts: make([]int64, len(f.counts)), held: make([]int64, len(f.counts))}
	for i, o := range sc.options {
		if then, shown := was.count(o.ID); shown {
			since.counts[i] = f.counts[i] - then
		}
	}
	bound, _ := sc.floors(since, option)
	return bound == 0
}
