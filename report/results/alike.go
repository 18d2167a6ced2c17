package results

import (
	"maps"
	"slices"
	"strings"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/report/disclosure"
	"viesti/survey"
)

// rung is a way to show a background person by person: its groups, or several of them as one.
type rung struct {
	classes []int // by option and no answer
	labels  []Label
}

// alike is how the backgrounds may be shown person by person.
type alike struct {
	ladders [][]rung // by grouping
	rungs   []int    // that were found; as many as the ladder has: left out
	least   int64    // people who are alike in everything that is left
	ok      bool
}

// column is an item as it is shown person by person: in the categories of the report, of a multiple
// choice each option chosen or not.
type column struct {
	scheme
	row    int
	option int // of a multiple choice; else -1
}

// columns are those of all items that may be shown.
func (b *builder) columns() []column {
	var list []column
	for _, s := range b.catalog.subjects {
		if s.Background {
			continue // shown as coarse as all backgrounds have to be
		}
		for row := range s.count() {
			look := b.single
			if s.Type == survey.Multiple || s.Type == survey.Rank {
				look = b.choices
			}
			f := b.counts.of(s, row)
			item, sc, ok := look(s, row, f)
			switch {
			case !ok:
			case s.Type == survey.Multiple || s.Type == survey.Rank:
				for _, block := range b.sharedOptions(sc, item).blocks {
					list = append(list, column{scheme{subject: s}, row, block[0]})
				}
			default:
				if sc, ok = b.shared(sc, row); ok {
					list = append(list, column{sc, row, -1})
				}
			}
		}
	}
	return list
}

// counts are a class's people by category of the column.
func (c column) counts(k *class) []int64 {
	var f figures
	k.figures(c.subject, c.row, &f)
	if c.option >= 0 {
		return []int64{f.counts[c.option], f.answered - f.counts[c.option]}
	}
	return c.fold(f.counts)
}

// generalise finds how coarse the backgrounds have to be for answers to be shown one by one.
func (b *builder) generalise() alike {
	a := alike{}
	var ladders []disclosure.Ladder
	for _, g := range b.groups {
		steps := b.ladder(g)
		a.ladders = append(a.ladders, steps)
		var l disclosure.Ladder
		for _, r := range steps {
			l = append(l, r.classes)
		}
		ladders = append(ladders, l)
	}
	columns := b.columns()
	var classes []disclosure.Class
	for _, c := range b.counts.classes {
		if !c.alone {
			continue
		}
		k := disclosure.Class{N: c.n}
		for _, g := range b.groups {
			k.Of = append(k.Of, c.of[g.counted])
		}
		for _, column := range columns {
			k.Cells = append(k.Cells, column.counts(c))
		}
		classes = append(classes, k)
	}
	a.rungs, a.least, a.ok = b.rule.Generalise(classes, ladders)
	return a
}

// ladder are the groups of a background, of regions then the centres and the parts of the country.
func (b *builder) ladder(g grouping) []rung {
	var steps []rung
	if finest := b.rung(g, g.at); len(finest.labels) > 1 {
		steps = append(steps, finest)
	}
	if !g.regions() || len(steps) == 0 {
		return steps
	}
	for _, of := range []func(string) string{b.centres.Of, contacts.PartOf} {
		names := map[string]bool{}
		for _, o := range g.options {
			names[of(o.ID)] = true
		}
		order := slices.Sorted(maps.Keys(names))
		classes := make([]int, len(g.at))
		for i := range classes {
			classes[i] = len(order)
			if i < len(g.options) {
				classes[i] = slices.Index(order, of(g.options[i].ID))
			}
		}
		if coarser := b.joined(g, classes); len(coarser.labels) > 1 && len(coarser.labels) < len(steps[len(steps)-1].labels) {
			steps = append(steps, coarser)
		}
	}
	return steps
}

// joined are the groups taken together wherever a class has some of both.
func (b *builder) joined(g grouping, classes []int) rung {
	block := slices.Clone(g.at)
	for i := range block {
		for j := range block[:i] {
			if classes[i] == classes[j] && block[i] != block[j] {
				from, to := block[i], block[j]
				for k := range block {
					if block[k] == from {
						block[k] = to
					}
				}
			}
		}
	}
	return b.rung(g, block)
}

// rung gives blocks of options their numbers, from 1, and their words.
func (b *builder) rung(g grouping, block []int) rung {
	r := rung{classes: make([]int, len(block))}
	var seen []int
	for i, of := range block {
		at := slices.Index(seen, of)
		if at < 0 {
			at, seen = len(seen), append(seen, of)
		}
		r.classes[i] = at
	}
	for at := range seen {
		r.labels = append(r.labels, b.label(g, r.classes, at))
	}
	return r
}

func (b *builder) label(g grouping, classes []int, at int) Label {
	var block []int
	silent := false
	for i, class := range classes {
		switch {
		case class != at:
		case i == g.gone()+1:
			silent = b.silent(g)
		case g.offers(b, i):
			block = append(block, i)
		}
	}
	l := Label{Code: at + 1, ID: strings.Join(g.ids(block), "+")}
	switch {
	case len(block) == 0:
		l.ID, l.Text = silentID, everywhere("results.not_stated", nil)
	default:
		l.Text = b.words(g.subject, block)
	}
	if silent && len(block) > 0 {
		for lang, s := range l.Text {
			l.Text[lang] = i18n.T(lang, "results.or_not_stated", i18n.Args{"group": s})
		}
	}
	return l
}

// silent tells whether somebody did not answer a background.
func (b *builder) silent(g grouping) bool {
	return slices.ContainsFunc(b.counts.classes, func(c *class) bool { return c.of[g.counted] == g.gone()+1 })
}

// released is how the backgrounds that are left are shown person by person.
func (a alike) released(b *builder) []Background {
	list := []Background{}
	for i, g := range b.groups {
		if !a.ok || a.rungs[i] >= len(a.ladders[i]) {
			continue
		}
		r := a.ladders[i][a.rungs[i]]
		out := Background{Question: g.id, Text: plain(g.Text), Merged: a.rungs[i] > 0 || !g.whole}
		sizes := make([]int64, len(r.labels))
		for _, c := range b.counts.classes {
			if c.alone {
				sizes[r.classes[c.of[g.counted]]] += c.n
			}
		}
		for at, l := range r.labels {
			group := Group{ID: l.ID, Text: l.Text, Options: []string{}, Respondents: disclosure.Shown(sizes[at])}
			for option := range g.gone() + 1 {
				if r.classes[option] == at && g.offers(b, option) {
					group.Options = append(group.Options, g.ids([]int{option})...)
				}
			}
			group.Silent = r.classes[g.gone()+1] == at && b.silent(g)
			out.Groups = append(out.Groups, group)
		}
		list = append(list, out)
	}
	return list
}
