package publication

import (
	"slices"
	"strings"

	"viesti/i18n"
	"viesti/report/publication/chart"
	"viesti/report/results"
	"viesti/survey"
)

// summary is what the figures say at first sight: nothing that is not in them.
func (w *writer) summary() section {
	s := section{ID: "summary", Title: w.t("publication.summary.title", nil)}
	if n, shown := w.Respondents.Value(); !shown || n == 0 {
		key := "publication.summary.too_few"
		if shown {
			key = "publication.summary.nobody"
		}
		s.Blocks = []block{{Text: w.t(key, i18n.Args{"min": w.Minimum})}}
		return s
	}
	s.Blocks = append(s.Blocks, block{Text: w.t("publication.summary.lead", i18n.Args{
		"title": w.said(w.Title), "n": w.count(w.Respondents), "period": w.period(w.Opens, w.Closes),
	})}, block{Cards: w.cards()})
	if len(w.repeated()) > 0 {
		s.Blocks = append(s.Blocks, block{Note: w.t("publication.summary.chance", nil)})
	}
	if list := w.findings(); len(list) > 0 {
		s.Blocks = append(s.Blocks, block{Findings: list})
	}
	return s
}

// cards are how many answered, and the means of grades.
func (w *writer) cards() []card {
	first := card{Figure: w.count(w.Respondents), Name: w.t("publication.head.respondents", nil)}
	if len(w.Earlier) > 0 {
		k := w.Earlier[len(w.Earlier)-1]
		first.Note = w.t("publication.summary.then", i18n.Args{"wave": k.Wave, "figure": w.answersOf(k)})
	}
	list := []card{first}
	if total := w.rates.Total; total.Rate != nil && *total.Rate <= 1 {
		list = append(list, card{Figure: i18n.Percent(w.lang, *total.Rate), Name: w.t("publication.summary.rate", nil), Note: w.t("publication.summary.rate_note", nil)})
	}
	for _, q := range w.asked(survey.Grade) {
		s := q.Items[0].Summary
		if s == nil || q.Items[0].Withheld {
			continue
		}
		c := card{Figure: w.decimal(s.Mean), Name: w.said(q.Text)}
		for _, k := range w.Earlier {
			if m, ok := meanOf(k, q.ID); ok {
				c.Note = w.t("publication.summary.change", i18n.Args{"wave": k.Wave, "figure": w.decimal(m), "change": w.change(s.Mean, m)})
			}
		}
		list = append(list, c)
	}
	return list
}

// asked are the questions of some types with one item or more, without those about the respondents.
func (w *writer) asked(types ...survey.Type) (list []results.Question) {
	for _, p := range w.Pages {
		if slices.ContainsFunc(p.Questions, w.isBackground) {
			continue
		}
		for _, q := range p.Questions {
			if slices.Contains(types, q.Type) && len(q.Items) > 0 {
				list = append(list, q)
			}
		}
	}
	return list
}

func (w *writer) isBackground(q results.Question) bool {
	return slices.ContainsFunc(w.Backgrounds, func(b results.Background) bool { return b.Question == q.ID })
}

// findings are for each matrix the statements with most and least above the middle of its scale, and
// for each choice of several what was chosen most.
func (w *writer) findings() (list []finding) {
	for _, q := range w.asked(survey.Matrix, survey.Multiple, survey.Rank) {
		said := w.most(q)
		if q.Type == survey.Matrix {
			said = w.contrast(q)
		}
		if said == "" {
			continue
		}
		if q.Conditional {
			said += " " + w.t("publication.summary.some", nil)
		}
		list = append(list, finding{Href: "#question-" + q.ID, Lead: w.said(q.Text), Text: said})
	}
	return list
}

// contrast are the two extremes of a matrix.
func (w *writer) contrast(q results.Question) string {
	columns, ok := refined(q.Items)
	if !ok {
		return ""
	}
	levels, _ := w.levels(columns)
	var rows []chart.Row
	for _, item := range q.Items {
		row, _ := w.statement(q, item, columns)
		rows = append(rows, row)
	}
	return w.best(levels, rows)
}

// mostShown is how many options a finding names.
const mostShown = 3

// most are the options that were chosen most, of those that are shown: one that is not may have been chosen by
// few, or by nearly everybody.
func (w *writer) most(q results.Question) string {
	item := q.Items[0]
	if item.Withheld {
		return ""
	}
	var names []string
	for _, i := range sorted(q.Type, item) {
		share := w.share(at(item.Counts, i), item.Answered)
		if n, _ := at(item.Counts, i).Value(); n == 0 || share == "" || item.Categories[i].DontKnow || len(names) == mostShown {
			continue
		}
		names = append(names, quotable(w.said(item.Categories[i].Text))+" ("+share+")")
	}
	if len(names) < 2 {
		return ""
	}
	key := "publication.summary.most"
	if some(item.Counts) {
		key = "publication.summary.most_shown"
	}
	return w.t(key, i18n.Args{"options": strings.Join(names, ", ")})
}
