package publication

import (
	"slices"
	"strconv"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/report/picture"
	"viesti/report/publication/chart"
	"viesti/report/results"
	"viesti/survey"
)

// byGroup is what a background says: who the respondents are, the means of grades by group, and those
// of statements.
func (w *writer) byGroup(i int) section {
	b := w.Backgrounds[i]
	s := section{ID: "by-" + b.Question, Title: w.t("publication.groups.title", i18n.Args{"background": w.said(b.Text)})}
	if b.Merged {
		s.Blocks = append(s.Blocks, block{Note: w.t("publication.groups.merged", nil)})
	}
	if isRegions(b) {
		s.Blocks = append(s.Blocks, block{Text: w.t("publication.groups.centres", nil)})
	}
	if part := w.part(); part != "" {
		s.Blocks = append(s.Blocks, block{Text: part})
	}
	for _, p := range w.Pages {
		for _, q := range p.Questions {
			for _, item := range q.Items {
				if d, ok := division(item, b); ok && numeric(q) {
					s.Subs = append(s.Subs, w.means(b, q, item, d))
				}
			}
			if q.Type == survey.Matrix {
				if sub, ok := w.statementMeans(b, q); ok {
					s.Subs = append(s.Subs, sub)
				}
			}
		}
	}
	return s
}

// part says that groups are of a part of the respondents; "" where they are of all.
func (w *writer) part() string {
	of, shown := w.Divided.Value()
	if all, _ := w.Respondents.Value(); !shown || of == all || w.Share == 0 {
		return ""
	}
	return w.t("publication.groups.part", i18n.Args{"n": i18n.Number(w.lang, of)})
}

// division is an item's figures by a background; ok is false where there are none.
func division(item results.Item, b results.Background) (results.Division, bool) {
	i := slices.IndexFunc(item.Divisions, func(d results.Division) bool { return d.Background == b.Question })
	if i < 0 || item.Withheld || len(item.Divisions[i].Rows) != len(b.Groups) {
		return results.Division{}, false
	}
	return item.Divisions[i], true
}

// means are a grade's means by group, of regions on a map as well.
func (w *writer) means(b results.Background, q results.Question, item results.Item, d results.Division) section {
	s := section{ID: "by-" + b.Question + "-" + q.ID, Title: w.said(q.Text)}
	all := w.t("publication.groups.all", nil)
	dots := []chart.Dot{w.dot(all, item.Summary)}
	dots[0].Strong = true
	t := table{Head: w.heads("group", "n", "mean", "interval")}
	t.Rows = append(t.Rows, w.summaryRow(cell{Text: all, Strong: true}, item.Figures))
	hidden := item.Summary == nil
	for i, f := range d.Rows {
		if n, shown := f.Answered.Value(); shown && n == 0 {
			continue
		}
		name := w.said(b.Groups[i].Text)
		dots = append(dots, w.dot(name, f.Summary))
		t.Rows = append(t.Rows, w.summaryRow(cell{Text: name}, f))
		hidden = hidden || f.Summary == nil
	}
	t.Notes = []string{w.t("publication.groups.note", nil)}
	if hidden {
		t.Notes = append(t.Notes, w.t("publication.groups.hidden", i18n.Args{"sign": sign, "min": w.Minimum}))
	}
	caption := w.t("publication.groups.caption", i18n.Args{"question": w.said(q.Text)})
	if isRegions(b) {
		s.Blocks = append(s.Blocks, w.figure(w.t("publication.groups.map", i18n.Args{"question": w.said(q.Text)}), "", w.tiles(b, d)))
	}
	s.Blocks = append(s.Blocks, w.figure(caption, "", chart.Dots(dots, around(dots), w.drawing())), w.table(caption, t))
	return s
}

func (w *writer) dot(label string, s *results.Summary) chart.Dot {
	if s == nil {
		return chart.Dot{Label: label, Hidden: true}
	}
	return chart.Dot{Label: label, Value: s.Mean, Low: s.Low, High: s.High, Text: w.decimal(s.Mean)}
}

// around is an axis that all values and their intervals fit on.
func around(dots []chart.Dot) chart.Axis {
	var list []float64
	for _, d := range dots {
		if d.Hidden {
			continue
		}
		list = append(list, d.Value)
		for _, b := range d.Before {
			list = append(list, b.Value)
		}
		if d.Low != nil && d.High != nil {
			list = append(list, *d.Low, *d.High)
		}
	}
	if len(list) == 0 {
		return chart.Around(0, 1)
	}
	return chart.Around(slices.Min(list), slices.Max(list))
}

// summaryRow is a group's mean and what belongs to it. A group without a mean says no n beside it
// that the table of the distribution does not say.
func (w *writer) summaryRow(name cell, f results.Figures) []cell {
	row := []cell{name, w.counted(f.Answered), w.mean(f.Summary)}
	interval := cell{Text: sign, Hidden: true}
	if f.Summary != nil {
		interval = cell{Text: "–"}
		if i := w.interval(f.Summary); i != "" {
			interval.Text = i
		}
	}
	return append(row, interval)
}

// steps puts values into five steps between the least and the greatest of those that are shown.
func steps(list []*results.Summary) func(*results.Summary) int {
	low, high, first := 0.0, 0.0, true
	for _, s := range list {
		if s == nil {
			continue
		}
		if first {
			low, high, first = s.Mean, s.Mean, false
		}
		low, high = min(low, s.Mean), max(high, s.Mean)
	}
	return func(s *results.Summary) int {
		if high <= low {
			return 2
		}
		return min(int((s.Mean-low)/(high-low)*5), 4)
	}
}

// tiles are the means of regions on a map; regions that were taken together show the same one.
func (w *writer) tiles(b results.Background, d results.Division) []chart.Drawing {
	var list []*results.Summary
	for _, f := range d.Rows {
		list = append(list, f.Summary)
	}
	shade := steps(list)
	var tiles []chart.Tile
	for i, g := range b.Groups {
		for _, region := range g.Options {
			column, row, ok := picture.Place(region)
			if !ok {
				continue
			}
			t := chart.Tile{Column: column, Row: row, Name: contacts.RegionName(w.lang, region)}
			if s := d.Rows[i].Summary; s == nil {
				t.Hidden = true
			} else {
				t.Shade, t.Value = shade(s), w.decimal(s.Mean)
			}
			if len(g.Options) > 1 {
				t.Note = w.t("publication.groups.together", nil)
			}
			tiles = append(tiles, t)
		}
	}
	return chart.Tiles(tiles, w.drawing())
}

// statementMeans are the means of a matrix by group: a letter for each statement, a row for each group.
func (w *writer) statementMeans(b results.Background, q results.Question) (section, bool) {
	s := section{ID: "by-" + b.Question + "-" + q.ID, Title: w.said(q.Text)}
	t := table{Head: w.heads("group")}
	var keys []fact
	var columns []results.Division
	total := []cell{{Text: w.t("publication.groups.all", nil), Strong: true}}
	var all []*results.Summary
	for _, item := range q.Items {
		d, ok := division(item, b)
		if !ok {
			continue
		}
		letter := letterOf(len(keys))
		keys = append(keys, fact{letter, w.said(item.Text)})
		t.Head = append(t.Head, cell{Text: letter, Unseen: w.said(item.Text)})
		columns = append(columns, d)
		total = append(total, w.mean(item.Summary))
		for _, f := range d.Rows {
			all = append(all, f.Summary)
		}
	}
	if len(columns) == 0 {
		return s, false
	}
	t.Rows = [][]cell{total}
	shade := steps(all)
	for i, g := range b.Groups {
		row := []cell{{Text: w.said(g.Text)}}
		for _, d := range columns {
			c := w.mean(d.Rows[i].Summary)
			if d.Rows[i].Summary != nil {
				c.Shade = "shade" + strconv.Itoa(shade(d.Rows[i].Summary))
			}
			row = append(row, c)
		}
		t.Rows = append(t.Rows, row)
	}
	t.Notes = []string{w.t("publication.groups.statements", nil), w.t("publication.groups.hidden", i18n.Args{"sign": sign, "min": w.Minimum})}
	s.Blocks = []block{{Keys: keys}, w.table(w.t("publication.groups.caption", i18n.Args{"question": w.said(q.Text)}), t)}
	return s, true
}

// letterOf is A, B … Z, A2 …
func letterOf(i int) string {
	s := string(rune('A' + i%26))
	if i >= 26 {
		s += strconv.Itoa(i/26 + 1)
	}
	return s
}
