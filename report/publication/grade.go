package publication

import (
	"strconv"

	"viesti/i18n"
	"viesti/report"
	"viesti/report/publication/chart"
	"viesti/report/results"
	"viesti/survey"
)

// grade is a distribution with its mean.
func (w *writer) grade(q results.Question, item results.Item) []block {
	list := []block{{Row: w.measures(q, item)}}
	if len(item.Categories) == 0 {
		return list
	}
	var columns []chart.Column
	numbers, shares := w.heads("respondents"), w.heads("share")
	t := table{Head: w.heads("answer")}
	for i, c := range item.Categories {
		n := at(item.Counts, i)
		share, ok := ratio(n, item.Answered)
		columns = append(columns, chart.Column{Label: w.said(c.Text), Share: share, Value: w.share(n, item.Answered), Hidden: !ok})
		t.Head = append(t.Head, cell{Text: w.said(c.Text)})
		numbers, shares = append(numbers, w.counted(n)), append(shares, w.shareOf(n, item.Answered))
	}
	t.Rows, t.Notes = [][]cell{numbers, shares}, w.notes(item.Categories, item.Counts)
	text := w.said(q.Text)
	if item.Summary != nil {
		mean := w.t("publication.grade.text", i18n.Args{"mean": w.decimal(item.Summary.Mean)})
		text, t.Notes = text+" "+mean, append([]string{mean}, t.Notes...)
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
	return append(list, w.figure(title, text, drawings), w.table(w.t("publication.options.table", i18n.Args{"n": w.count(item.Answered)}), t))
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

// marker is where the mean lies under the columns; nil where it lies at a column that stands for
// several grades, whose width is none of the scale's.
func (w *writer) marker(item results.Item) *chart.Marker {
	if item.Summary == nil {
		return nil
	}
	m := item.Summary.Mean
	for i := range item.Categories {
		value, ok := only(item.Categories[i])
		if m == value && ok {
			return w.mark(float64(i)+0.5, m)
		}
		if i+1 == len(item.Categories) || !ok {
			continue
		}
		if next, ok := only(item.Categories[i+1]); ok && value < m && m < next {
			return w.mark(float64(i)+0.5+(m-value)/(next-value), m)
		}
	}
	return nil
}

func (w *writer) mark(at, mean float64) *chart.Marker {
	return &chart.Marker{At: at, Text: w.t("publication.grade.mean", i18n.Args{"mean": w.decimal(mean)})}
}

// only is the one grade that a category stands for; ok is false where they are several.
func only(c results.Category) (value float64, ok bool) {
	if len(c.Options) != 1 {
		return 0, false
	}
	value, err := strconv.ParseFloat(c.Options[0], 64)
	return value, err == nil
}
