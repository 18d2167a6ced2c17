package publication

import (
	"strings"

	"viesti/i18n"
	"viesti/report/publication/chart"
	"viesti/report/results"
	"viesti/survey"
)

// matrix is the statements of a matrix on their scale. Statements whose categories were merged in
// another way stand in a picture of their own, since a shade means one thing in a picture.
func (w *writer) matrix(q results.Question) (list []block) {
	var order []string
	alike := map[string][]results.Item{}
	for _, item := range q.Items {
		key := "" // of what is withheld, it is that of the first
		if !item.Withheld {
			key = signature(item.Categories)
		} else if len(order) > 0 {
			key = order[0]
		}
		if alike[key] == nil {
			order = append(order, key)
		}
		alike[key] = append(alike[key], item)
	}
	for _, key := range order {
		list = append(list, w.statements(q, alike[key])...)
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

// statements are rows of a matrix with the same categories.
func (w *writer) statements(q results.Question, items []results.Item) []block {
	var categories []results.Category
	for _, item := range items {
		if !item.Withheld {
			categories = item.Categories
		}
	}
	levels, unsure := w.levels(categories)
	t := table{Head: w.heads("statement")}
	for _, c := range categories {
		t.Head = append(t.Head, cell{Text: w.said(c.Text)})
	}
	t.Head = append(t.Head, w.heads("answered", "mean")...)
	var rows []chart.Row
	for _, item := range items {
		row, cells := w.statement(item, categories)
		rows, t.Rows = append(rows, row), append(t.Rows, cells)
		if item.Withheld || some(item.Counts) {
			t.Notes = []string{w.hiddenNote()}
		}
	}
	t.Notes = append(w.notes(categories), t.Notes...)
	key := "publication.note.scale"
	if unsure {
		key = "publication.note.scale_unsure"
	}
	t.Notes = append([]string{w.t(key, nil)}, t.Notes...)
	return []block{
		w.figure(w.t("publication.scale.title", nil), w.said(q.Text)+" "+w.best(levels, rows), chart.Stacked(levels, rows, w.drawing())),
		w.table(w.t("publication.scale.table", nil), t),
	}
}

// statement is a row as it is drawn, and as it stands in the table.
func (w *writer) statement(item results.Item, categories []results.Category) (chart.Row, []cell) {
	row := chart.Row{Label: w.said(item.Text)}
	cells := []cell{{Text: row.Label}}
	for i, c := range categories {
		n := at(item.Counts, i)
		if item.Withheld {
			n = hiddenCount
		}
		of := baseOf(survey.Matrix, categories, item.Figures, i)
		if item.Withheld {
			of = hiddenCount
		}
		cells = append(cells, w.cellOf(n, of))
		share, ok := ratio(n, of)
		switch said := w.share(n, of); {
		case c.DontKnow && ok:
			row.Apart = said
		case c.DontKnow:
			row.Apart = sign
		default:
			row.Hidden = row.Hidden || !ok
			row.Shares, row.Values = append(row.Shares, share), append(row.Values, said)
		}
	}
	if row.Hidden {
		row.Shares, row.Values = nil, nil
	}
	if item.Withheld {
		return row, append(cells, cell{Text: sign, Hidden: true}, cell{Text: sign, Hidden: true})
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
	place := 0
	for _, c := range categories {
		if c.DontKnow {
			unsure = true
			continue
		}
		n := max(1, len(c.Options))
		first, last := place, place+n-1
		place += n
		at := float64(first+last)/2 - float64(steps-1)/2
		if 2*first <= steps-1 && steps-1 <= 2*last {
			at = 0
		}
		list = append(list, chart.Level{Label: w.said(c.Text), Place: at})
	}
	return list, unsure
}

// upper is the share of a row above the middle of its scale.
func upper(levels []chart.Level, row chart.Row) (sum float64) {
	for i, share := range row.Shares {
		if levels[i].Place > 0 {
			sum += share
		}
	}
	return sum
}

// extremes are the rows with most and with least above the middle; ok is false where there are not
// two to compare.
func extremes(levels []chart.Level, rows []chart.Row) (most, least chart.Row, ok bool) {
	n := 0
	for _, row := range rows {
		if row.Hidden {
			continue
		}
		if n == 0 || upper(levels, row) > upper(levels, most) {
			most = row
		}
		if n == 0 || upper(levels, row) < upper(levels, least) {
			least = row
		}
		n++
	}
	return most, least, n > 1
}

// best says in words which statements have most and least above the middle of the scale.
func (w *writer) best(levels []chart.Level, rows []chart.Row) string {
	most, least, ok := extremes(levels, rows)
	if !ok {
		return ""
	}
	return w.t("publication.scale.text", i18n.Args{
		"most": most.Label, "most_share": i18n.Percent(w.lang, upper(levels, most)), "options": w.upperNames(levels),
		"least": least.Label, "least_share": i18n.Percent(w.lang, upper(levels, least)),
	})
}

// upperNames are the categories above the middle.
func (w *writer) upperNames(levels []chart.Level) string {
	var names []string
	for _, l := range levels {
		if l.Place > 0 {
			names = append(names, l.Label)
		}
	}
	return strings.Join(names, " / ")
}
