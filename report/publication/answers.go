package publication

import (
	"viesti/i18n"
	"viesti/report/results"
)

// opened tells whether open answers were released.
func (w *writer) opened() bool {
	for _, p := range w.Pages {
		for _, q := range p.Questions {
			if q.Open != nil && len(q.Open.Answers) > 0 {
				return true
			}
		}
	}
	return false
}

// readings is the page with the open answers, as they were written.
func (w *writer) readings() page {
	w.drawn, w.set = 0, 0
	var sections []section
	for _, p := range w.Pages {
		for _, q := range p.Questions {
			if q.Open != nil && len(q.Open.Answers) > 0 {
				sections = append(sections, w.quotes(q))
			}
		}
	}
	sections[0].Blocks = append([]block{{Text: w.t("publication.answers.lead", nil)}}, sections[0].Blocks...)
	page := w.page(answers, sections)
	page.Sub = w.t("publication.answers.title", nil) + " · " + page.Sub
	return page
}

func (w *writer) quotes(q results.Question) section {
	s := section{ID: "question-" + q.ID, Title: w.said(q.Text)}
	said := w.t("publication.answers.count", i18n.Args{"n": len(q.Open.Answers), "given": w.count(q.Open.Given)})
	if q.Open.Unread {
		said += " " + w.t("publication.answers.unread", nil)
	}
	b := block{}
	for _, a := range q.Open.Answers {
		b.Quotes = append(b.Quotes, legible(a))
	}
	s.Blocks = []block{{Note: said}, b}
	return s
}
