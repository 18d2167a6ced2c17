package publication

import (
	"slices"
	"strings"

	"viesti/i18n"
	"viesti/report/publication/chart"
	"viesti/report/results"
)

// matrix is the statements of a matrix on their scale, in one picture: where categories of one of
// them were merged, its part is as wide as they are. Where that cannot be, those with the same
// categories stand together.
func (w *writer) matrix(q results.Question) (list []block) {
	if columns, ok := refined(q.Items); ok {
		return w.statements(q, q.Items, columns)
	}
	var order []string
	alike := map[string][]results.Item{}
	for _, item := range q.Items {
		key := signature(item.Categories)
		if alike[key] == nil {
			order = append(order, key)
		}
		alike[key] = append(alike[key], item)
	}
	for _, key := range order {
		list = append(list, w.statements(q, alike[key], alike[key][0].Categories)...)
	}
	return list
}

func signature(categories []results.Category) string {
	ids := make([]string, len(categories))
	for i, c := range categories {
		ids[i] = strings.Join(c.Options, ",")
	}
	return strings.Join(ids, ";")
}

// refined are the narrowest categories that each item's are made of, with those who do not know where
// they may be shown of some item; ok is false where there are none that each have a name.
func refined(items []results.Item) (columns []results.Category, ok bool) {
	var whole string
	var unsure []results.Category
	named := map[string]results.Category{} // by its options
	ends := map[int]bool{}
	for _, item := range items {
		if item.Withheld && len(item.Categories) == 0 {
			continue
		}
		var options []string
		for _, c := range item.Categories {
			if c.DontKnow {
				unsure = []results.Category{c}
				continue
			}
			options = append(options, c.Options...)
			named[strings.Join(c.Options, ",")] = c
			ends[len(options)] = true
		}
		if joined := strings.Join(options, ","); whole == "" {
			whole = joined
		} else if whole != joined {
			return nil, false
		}
	}
	options := strings.Split(whole, ",")
	from := 0
	for to := 1; to <= len(options); to++ {
		if !ends[to] {
			continue
		}
		c, known := named[strings.Join(options[from:to], ",")]
		if !known {
			return nil, false
		}
		columns, from = append(columns, c), to
	}
	return append(columns, unsure...), len(columns) > 0
}

// statements are rows of a matrix on a scale of columns.
func (w *writer) statements(q results.Question, items []results.Item, columns []results.Category) []block {
	levels, unsure := w.levels(columns)
	t := table{Head: w.heads("statement")}
	for _, c := range columns {
		t.Head = append(t.Head, cell{Text: w.said(c.Text)})
	}
	t.Head = append(t.Head, w.heads("number", "mean")...)
	var rows []chart.Row
	hidden := false
	merged := false
	for _, item := range items {
		row, cells := w.statement(q, item, columns)
		rows, t.Rows = append(rows, row), append(t.Rows, cells)
		hidden = hidden || slices.ContainsFunc(cells, func(c cell) bool { return c.Hidden })
		merged = merged || slices.ContainsFunc(cells, func(c cell) bool { return c.Span > 1 })
	}
	key := "publication.note.scale"
	if unsure {
		key = "publication.note.scale_unsure"
	}
	t.Notes = append([]string{w.t(key, nil)}, w.notes(columns)...)
	if merged {
		t.Notes = append(t.Notes, w.t("publication.note.span", i18n.Args{"min": w.Minimum}))
	}
	if hidden {
		t.Notes = append(t.Notes, w.hiddenNote())
	}
	return []block{
		w.figure(w.t("publication.scale.title", nil), w.said(q.Text)+" "+w.best(levels, rows), chart.Stacked(levels, rows, w.drawing())),
		w.table(w.t("publication.scale.table", nil), t),
	}
}

// statement is a row as it is drawn, and as it stands in the table.
func (w *writer) statement(q results.Question, item results.Item, columns []results.Category) (chart.Row, []cell) {
	row := chart.Row{Label: w.said(item.Text)}
	cells := []cell{{Text: row.Label}}
	if item.Withheld {
		row.Hidden = true
		for range len(columns) + 2 {
			cells = append(cells, cell{Text: sign, Hidden: true})
		}
		return row, cells
	}
	levels, known := w.levels(item.Categories)
	row.Blurred = blurred(item.Categories)
	place, column := 0, 0
	for i, c := range item.Categories {
		n, of := at(item.Counts, i), q.Base(item.Categories, item.Figures, i)
		shown := w.cellOf(n, of)
		for options := len(c.Options); column < len(columns) && options > 0; column++ {
			options -= len(columns[column].Options)
			shown.Span++
		}
		cells = append(cells, shown)
		share, ok := ratio(n, of)
		switch said := w.share(n, of); {
		case c.DontKnow && ok:
			row.Apart = said
		case c.DontKnow:
			row.Apart = sign
		default:
			row.Hidden = row.Hidden || !ok
			row.Parts = append(row.Parts, chart.Part{Share: share, Value: said, Place: levels[place].Place})
			place++
		}
	}
	if row.Hidden {
		row.Parts = nil
	}
	if _, asked := w.levels(columns); asked && !known { // too few do not know
		row.Apart, cells = sign, append(cells, cell{Text: sign, Hidden: true})
	}
	return row, append(cells, w.counted(item.Answered), w.mean(item.Summary))
}

// mean is a cell with a mean.
func (w *writer) mean(s *results.Summary) cell {
	if s == nil {
		return cell{Text: sign, Hidden: true}
	}
	return cell{Text: w.decimal(s.Mean)}
}

// levels are the categories of a scale with their places on it, and whether some do not know.
func (w *writer) levels(categories []results.Category) (list []chart.Level, unsure bool) {
	steps := 0
	for _, c := range categories {
		if !c.DontKnow {
			steps += max(1, len(c.Options))
		}
	}
	first := 0
	for _, c := range categories {
		if c.DontKnow {
			unsure = true
			continue
		}
		last := first + max(1, len(c.Options)) - 1
		place := float64(first+last)/2 - float64(steps-1)/2
		if 2*first <= steps-1 && steps-1 <= 2*last {
			place = 0 // the middle is in it
		}
		list = append(list, chart.Level{Label: w.said(c.Text), Place: place})
		first = last + 1
	}
	return list, unsure
}

// blurred tells whether a category has the middle of a scale in it and more than that.
func blurred(categories []results.Category) bool {
	steps := 0
	for _, c := range categories {
		if !c.DontKnow {
			steps += len(c.Options)
		}
	}
	first := 0
	for _, c := range categories {
		if c.DontKnow {
			continue
		}
		last := first + len(c.Options) - 1
		if first < last && 2*first <= steps-1 && steps-1 <= 2*last {
			return true
		}
		first = last + 1
	}
	return false
}

// best says in words which statements have most and least above the middle of the scale; "" where
// there are not two to compare.
func (w *writer) best(levels []chart.Level, rows []chart.Row) string {
	rows = slices.DeleteFunc(slices.Clone(rows), func(r chart.Row) bool { return r.Hidden || r.Blurred })
	if len(rows) < 2 {
		return ""
	}
	byUpper := func(a, b chart.Row) int { return int((a.Upper() - b.Upper()) * 1e6) }
	most, least := slices.MaxFunc(rows, byUpper), slices.MinFunc(rows, byUpper)
	var names []string
	for _, l := range levels {
		if l.Place > 0 {
			names = append(names, l.Label)
		}
	}
	return w.t("publication.scale.text", i18n.Args{
		"options": strings.Join(names, " / "),
		"most":    quotable(most.Label), "most_share": i18n.Percent(w.lang, most.Upper()),
		"least": quotable(least.Label), "least_share": i18n.Percent(w.lang, least.Upper()),
	})
}

// quotable is a sentence without its full stop, to stand within another.
func quotable(s string) string { return strings.TrimSuffix(s, ".") }
