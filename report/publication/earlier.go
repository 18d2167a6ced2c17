package publication

import (
	"viesti/i18n"
	"viesti/report"
	"viesti/report/publication/chart"
	"viesti/report/results"
)

// earlier sets this wave beside earlier ones: as many answers, and the means that were published.
func (w *writer) earlier() section {
	s := section{ID: "earlier", Title: w.t("publication.earlier.title", nil)}
	if len(w.Earlier) == 0 {
		return s
	}
	s.Blocks = append(s.Blocks, block{Text: w.t("publication.earlier.lead", nil)}, w.waves())
	if list := w.repeated(); len(list) > 0 {
		s.Blocks = append(s.Blocks, w.changes(list)...)
	}
	return s
}

// waves are all waves with their days and how many answered.
func (w *writer) waves() block {
	t := table{Head: w.heads("wave", "period", "respondents"), Slim: true}
	for _, k := range w.Earlier {
		t.Rows = append(t.Rows, []cell{{Text: k.Wave}, {Text: w.period(k.Opens, k.Closes)}, {Text: w.answersOf(k)}})
	}
	now := w.counted(w.Respondents)
	now.Strong = true
	t.Rows = append(t.Rows, []cell{{Text: w.Wave, Strong: true}, {Text: w.period(w.Opens, w.Closes)}, now})
	return w.table(w.t("publication.earlier.waves", nil), t)
}

// answersOf is how many answered in an earlier wave.
func (w *writer) answersOf(k report.Known) string {
	n := i18n.Number(w.lang, k.Complete)
	if k.About {
		return w.t("publication.earlier.about", i18n.Args{"count": n})
	}
	return n
}

// again is a question whose mean is known of an earlier wave.
type again struct {
	question results.Question
	now      *results.Summary
	then     []*float64 // by wave of Earlier
}

// repeated are the questions that earlier waves have means of.
func (w *writer) repeated() (list []again) {
	for _, p := range w.Pages {
		for _, q := range p.Questions {
			if !numeric(q) || len(q.Items) != 1 {
				continue
			}
			a := again{question: q}
			if !q.Items[0].Withheld {
				a.now = q.Items[0].Summary
			}
			known := false
			for _, k := range w.Earlier {
				m, ok := meanOf(k, q.ID)
				if !ok {
					a.then = append(a.then, nil)
					continue
				}
				known = true
				a.then = append(a.then, &m)
			}
			if known {
				list = append(list, a)
			}
		}
	}
	return list
}

// last is the latest of earlier means, with its wave.
func (a again) last(earlier []report.Known) (mean float64, wave string) {
	for i, m := range a.then {
		if m != nil {
			mean, wave = *m, earlier[i].Wave
		}
	}
	return mean, wave
}

// changes are the means then and now.
func (w *writer) changes(list []again) []block {
	t := table{Head: w.heads("question")}
	for i, k := range w.Earlier {
		if anyThen(list, i) {
			t.Head = append(t.Head, cell{Text: k.Wave})
		}
	}
	t.Head = append(t.Head, cell{Text: w.Wave, Strong: true})
	t.Head = append(t.Head, w.heads("interval", "change")...)
	var dots []chart.Dot
	for _, a := range list {
		q := w.said(a.question.Text)
		d := w.dot(q, a.now)
		row := []cell{{Text: q}}
		for i, m := range a.then {
			if m != nil {
				row = append(row, cell{Text: w.decimal(*m)})
				d.Before = append(d.Before, chart.Before{Value: *m, Text: w.Earlier[i].Wave})
			} else if anyThen(list, i) {
				row = append(row, cell{Text: "–"})
			}
		}
		now := w.mean(a.now)
		now.Strong = true
		change, interval := cell{Text: sign, Hidden: true}, cell{Text: sign, Hidden: true}
		if a.now != nil {
			then, _ := a.last(w.Earlier)
			change, interval = cell{Text: w.change(a.now.Mean, then)}, cell{Text: w.interval(a.now)}
		}
		dots, t.Rows = append(dots, d), append(t.Rows, append(row, now, interval, change))
	}
	t.Notes = []string{w.t("publication.earlier.note", nil)}
	title := w.t("publication.earlier.means", nil)
	return []block{w.figure(title, "", chart.Dots(dots, around(dots), w.drawing())), w.table(title, t)}
}

func anyThen(list []again, wave int) bool {
	for _, a := range list {
		if a.then[wave] != nil {
			return true
		}
	}
	return false
}
