package publication

import (
	"slices"

	"viesti/i18n"
	"viesti/report/disclosure"
	"viesti/report/results"
	"viesti/survey"
)

// divided tells whether anything is divided by a background.
func (w *writer) divided() bool {
	for _, b := range w.Backgrounds {
		for _, p := range w.Pages {
			for _, q := range p.Questions {
				for _, item := range q.Items {
					if _, ok := division(item, b); ok {
						return true
					}
				}
			}
		}
	}
	return false
}

// annex is the page with all tables by background.
func (w *writer) annex() page {
	w.drawn, w.set = 0, 0
	var sections []section
	for _, b := range w.Backgrounds {
		s := section{ID: "by-" + b.Question, Title: w.t("publication.groups.title", i18n.Args{"background": w.said(b.Text)})}
		for _, p := range w.Pages {
			for _, q := range p.Questions {
				sub := section{ID: "by-" + b.Question + "-" + q.ID, Title: w.said(q.Text)}
				for _, item := range q.Items {
					if d, ok := division(item, b); ok {
						sub.Blocks = append(sub.Blocks, w.byCategory(b, q, item, d))
					}
				}
				if len(sub.Blocks) > 0 {
					s.Subs = append(s.Subs, sub)
				}
			}
		}
		if len(s.Subs) > 0 {
			s.Blocks = []block{{Text: w.t("publication.tables.read", i18n.Args{"sign": sign, "min": w.Minimum})}}
			if part := w.part(); part != "" {
				s.Blocks = append(s.Blocks, block{Text: part})
			}
			sections = append(sections, s)
		}
	}
	p := w.page(tables, sections)
	p.Sub = w.t("publication.tables.title", nil) + " · " + p.Sub
	return p
}

// byCategory is an item's categories by group.
func (w *writer) byCategory(b results.Background, q results.Question, item results.Item, d results.Division) block {
	title := w.said(item.Text)
	if title == "" {
		title = w.said(q.Text)
	}
	t := table{Head: w.heads("group"), Long: true}
	for _, c := range d.Categories {
		t.Head = append(t.Head, cell{Text: w.said(c.Text)})
	}
	t.Head = append(t.Head, w.heads("answered")...)
	withMean := item.Summary != nil || slices.ContainsFunc(d.Rows, func(f results.Figures) bool { return f.Summary != nil })
	if withMean {
		t.Head = append(t.Head, w.heads("mean")...)
	}
	row := func(name cell, f results.Figures) []cell {
		cells := []cell{name}
		for i := range d.Categories {
			switch n, of := at(f.Counts, i), q.Base(d.Categories, f, i); {
			case !f.Joint.Holds(i):
				cells = append(cells, w.cellOf(n, of))
			case i == f.Joint.First:
				c := w.cellOf(disclosure.Shown(f.Joint.N), of)
				c.Span = f.Joint.Last - f.Joint.First + 1
				cells = append(cells, c)
			}
		}
		cells = append(cells, w.counted(f.Answered))
		if withMean {
			cells = append(cells, w.mean(f.Summary))
		}
		return cells
	}
	if whole, ok := coarser(q.Type, item, d.Categories); ok {
		t.Rows = append(t.Rows, row(cell{Text: w.t("publication.groups.all", nil), Strong: true}, whole))
	}
	for i, f := range d.Rows {
		t.Rows = append(t.Rows, row(cell{Text: w.said(b.Groups[i].Text)}, f))
	}
	return w.table(title, t)
}

// coarser are the figures of the whole in the categories of a division; ok is false where these are
// not made of the item's own.
func coarser(t survey.Type, item results.Item, categories []results.Category) (results.Figures, bool) {
	f := results.Figures{Answered: item.Answered, Summary: item.Summary}
	if signature(item.Categories) == signature(categories) {
		f.Counts = item.Counts
		return f, true
	}
	if t == survey.Multiple || t == survey.Rank { // options overlap: who chose two would count twice
		return f, false
	}
	used := 0
	for _, c := range categories {
		var parts []disclosure.Count
		for i, own := range item.Categories {
			if !slices.ContainsFunc(own.Options, func(o string) bool { return !slices.Contains(c.Options, o) }) {
				parts = append(parts, at(item.Counts, i))
			}
		}
		used += len(parts)
		f.Counts = append(f.Counts, total(parts))
	}
	return f, used == len(item.Categories)
}
