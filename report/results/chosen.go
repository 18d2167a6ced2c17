package results

import (
	"slices"

	"viesti/report/disclosure"
)

// chosenBy divides the options of a multiple choice, or of a ranking, by each background: a table of
// chosen and not chosen for each option that is shown. Who answered chose at least one option, at
// most as many as may be, and who chose "none of these" chose nothing else: these are the floors.
// Where one option cannot be protected, nothing of the division is shown, since the others say
// something of it.
func (b *builder) chosenBy(sc scheme, item Item) []Division {
	shown := scheme{subject: sc.subject}
	for i, block := range sc.blocks {
		if _, ok := item.Counts[i].Value(); ok {
			shown.blocks = append(shown.blocks, block)
		}
	}
	list := []Division(nil)
	if len(shown.blocks) == 0 {
		return list
	}
	for _, g := range b.groups {
		if !slices.Contains(b.divide, g.id) {
			continue
		}
		if t, ok := b.chosenTable(shown, g); ok && t.share() < 1 {
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

func (b *builder) chosenTable(sc scheme, g grouping) (t table, ok bool) {
	t = table{scheme: sc, groups: g, figures: b.counts.by(sc.subject, 0, g, everyone)}
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
		var layers []disclosure.Layer
		for _, in := range b.strata() {
			var cells, floors [][]int64
			for _, f := range b.counts.by(sc.subject, 0, g, in) {
				chose, not := sc.floors(f, block[0])
				cells = append(cells, []int64{f.counts[block[0]], f.answered - f.counts[block[0]]})
				floors = append(floors, []int64{chose, not})
			}
			layers = append(layers, disclosure.Layer{Cells: lines.join(cells), Floor: lines.join(floors)})
		}
		joined, ok := b.rule.Protect(layers...)
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
