package publication

import (
	"strconv"

	"viesti/i18n"
	"viesti/report"
	"viesti/report/disclosure"
	"viesti/report/publication/chart"
	"viesti/report/results"
	"viesti/survey"
)

var hiddenCount disclosure.Count

// grade is a distribution with its mean.
func (w *writer) grade(q results.Question, item results.Item) []block {
	list := []block{{Keys: w.measures(q, item)}}
	if len(item.Categories) == 0 {
		return list
	}
	var columns []chart.Column
	t := table{Head: w.heads("answer", "respondents")}
	for i, c := range item.Categories {
		n := at(item.Counts, i)
		share, ok := ratio(n, item.Answered)
		columns = append(columns, chart.Column{Label: w.said(c.Text), Share: share, Value: w.share(n, item.Answered), Hidden: !ok})
		t.Rows = append(t.Rows, []cell{{Text: w.said(c.Text)}, w.cellOf(n, item.Answered)})
	}
	t.Notes = append([]string{w.t("publication.note.single", i18n.Args{"n": w.count(item.Answered)})}, w.notes(item.Categories, item.Counts)...)
	text := w.said(q.Text)
	if item.Summary != nil {
		text += " " + w.t("publication.grade.text", i18n.Args{"mean": w.decimal(item.Summary.Mean)})
	}
	title := w.t("publication.grade.title", i18n.Args{"n": w.count(item.Answered)})
	if ends := w.ends(q); ends != "" {
		title += " " + ends
	}
	drawings := chart.Columns(columns, w.marker(item), w.drawing())
	if q.Type == survey.Number { // its categories are stretches, whose names are long
		var bars []chart.Bar
		for _, c := range columns {
			bars = append(bars, chart.Bar{Label: c.Label, Share: c.Share, Value: c.Value, Hidden: c.Hidden})
		}
		drawings = chart.Bars(bars, w.drawing())
	}
	return append(list, w.figure(title, text, drawings), w.table(w.t("publication.grade.table", nil), t))
}

// ends says what the ends of a grade mean.
func (w *writer) ends(q results.Question) string {
	low, high := w.said(q.Low), w.said(q.High)
	if low == "" || high == "" {
		return ""
	}
	return w.t("publication.grade.ends", i18n.Args{"min": q.Min, "max": q.Max, "low": low, "high": high})
}

// measures are a question's mean and what belongs to it, with the means of earlier waves.
func (w *writer) measures(q results.Question, item results.Item) []fact {
	s := item.Summary
	if s == nil {
		return []fact{{w.t("publication.head.mean", nil), w.t("publication.grade.hidden", nil)}, {w.t("publication.head.n", nil), w.count(item.Answered)}}
	}
	unit := ""
	if u := w.said(q.Unit); u != "" {
		unit = " " + u
	}
	list := []fact{{w.t("publication.head.mean", nil), w.decimal(s.Mean) + unit}}
	if i := w.interval(s); i != "" {
		list = append(list, fact{w.t("publication.head.interval", nil), i})
	}
	if s.Median != nil {
		list = append(list, fact{w.t("publication.head.median", nil), w.half(*s.Median)})
	}
	list = append(list, fact{w.t("publication.head.n", nil), i18n.Number(w.lang, s.N)})
	for _, k := range w.Earlier {
		if m, ok := meanOf(k, q.ID); ok {
			list = append(list, fact{w.t("publication.grade.then", i18n.Args{"wave": k.Wave}), w.decimal(m) + " (" + w.change(s.Mean, m) + ")"})
		}
	}
	return list
}

// half is a median: whole, or between two answers.
func (w *writer) half(x float64) string {
	if x == float64(int64(x)) {
		return minus(strconv.FormatInt(int64(x), 10))
	}
	return w.decimal(x)
}

func meanOf(k report.Known, question string) (float64, bool) {
	for _, m := range k.Means {
		if m.Question == question {
			return m.Value, true
		}
	}
	return 0, false
}

// marker is where the mean lies under the columns; nil where a column stands for several grades, so
// that its width is none of the scale's.
func (w *writer) marker(item results.Item) *chart.Marker {
	if item.Summary == nil {
		return nil
	}
	for i, c := range item.Categories {
		if len(c.Options) > 1 {
			return nil
		}
		value, err := strconv.ParseFloat(c.ID, 64)
		next := value + 1
		if i+1 < len(item.Categories) {
			next, _ = strconv.ParseFloat(item.Categories[i+1].ID, 64) // an id that is no number is found in its own turn
		}
		if err != nil {
			return nil
		}
		if m := item.Summary.Mean; m < next || i+1 == len(item.Categories) {
			return &chart.Marker{
				At:   float64(i) + 0.5 + (m-value)/max(next-value, 1),
				Text: w.t("publication.grade.mean", i18n.Args{"mean": w.decimal(m)}),
			}
		}
	}
	return nil
}
