package publication

import (
	"cmp"
	"slices"

	"viesti/i18n"
	"viesti/report/disclosure"
	"viesti/report/publication/chart"
	"viesti/report/results"
	"viesti/survey"
)

// options are the shares of options: in their order of one choice, sorted of several.
func (w *writer) options(q results.Question, item results.Item) []block {
	order := sorted(q.Type, item)
	ranked := q.Type == survey.Rank && len(item.Firsts) > 0
	var bars []chart.Bar
	t := table{Head: w.heads("option", "respondents", "share"), Slim: true}
	if ranked {
		t.Head = w.heads("option", "among", "share", "first", "share")
	}
	for _, i := range order {
		c, n := item.Categories[i], at(item.Counts, i)
		row := []cell{{Text: w.said(c.Text)}, w.counted(n), w.shareOf(n, item.Answered)}
		bar := chart.Bar{Label: w.said(c.Text), Apart: c.DontKnow}
		share, ok := ratio(n, item.Answered)
		bar.Share, bar.Hidden, bar.Value = share, !ok, w.share(n, item.Answered)
		if ranked {
			first := at(item.Firsts, i)
			row = append(row, w.counted(first), w.shareOf(first, item.Answered))
			bar.Light = true
			if !bar.Hidden {
				bar.Inner, _ = ratio(first, item.Answered)
				bar.Value += w.t("publication.options.first", i18n.Args{"share": w.shareOf(first, item.Answered).Text})
			}
		}
		bars, t.Rows = append(bars, bar), append(t.Rows, row)
	}
	switch q.Type {
	case survey.Multiple:
		t.Notes = []string{w.t("publication.note.multiple", nil)}
	case survey.Rank:
		t.Notes = []string{w.t("publication.note.rank", nil)}
	}
	t.Notes = append(t.Notes, w.notes(item.Categories, item.Counts, item.Firsts)...)
	title := "publication.options.title"
	if ranked {
		title = "publication.options.ranked"
	}
	return []block{
		w.figure(w.t(title, i18n.Args{"n": w.count(item.Answered)}), w.reading(q.Text, bars), chart.Bars(bars, w.drawing())),
		w.table(w.t("publication.options.table", i18n.Args{"n": w.count(item.Answered)}), t),
	}
}

// reading says of bars in words which is the longest.
func (w *writer) reading(question i18n.Text, bars []chart.Bar) string {
	said := w.said(question)
	longest := -1
	for i, b := range bars {
		if !b.Hidden && !b.Apart && (longest < 0 || b.Share > bars[longest].Share) {
			longest = i
		}
	}
	if longest < 0 {
		return said
	}
	return said + " " + w.t("publication.options.text", i18n.Args{"option": bars[longest].Label, "share": bars[longest].Value})
}

// sorted is the order in which options are shown. A hidden count has no place among the others: what
// is hidden comes after them, in the questionnaire's order, and don't know last of all.
func sorted(t survey.Type, item results.Item) []int {
	order := make([]int, len(item.Categories))
	for i := range order {
		order[i] = i
	}
	if t != survey.Multiple && t != survey.Rank {
		return order
	}
	place := func(i int) (apart bool, shown bool, n int64) {
		n, shown = at(item.Counts, i).Value()
		return item.Categories[i].DontKnow, shown, n
	}
	slices.SortStableFunc(order, func(i, j int) int {
		apartI, shownI, n := place(i)
		apartJ, shownJ, m := place(j)
		return cmp.Or(compare(apartI, apartJ), compare(shownJ, shownI), cmp.Compare(m, n))
	})
	return order
}

func compare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	default:
		return 1
	}
}

// total is the sum of counts; hidden where one of them is.
func total(counts []disclosure.Count) disclosure.Count {
	var sum int64
	for _, c := range counts {
		n, shown := c.Value()
		if !shown {
			return disclosure.Count{}
		}
		sum += n
	}
	return disclosure.Shown(sum)
}
