package publication

import (
	"viesti/i18n"
	"viesti/report/results"
)

// report is the page with the report itself.
func (w *writer) report() page {
	sections := []section{w.summary(), w.method()}
	for _, p := range w.Pages {
		if s := w.questions(p); len(s.Subs) > 0 {
			sections = append(sections, s)
		}
	}
	for i := range w.Backgrounds {
		if s := w.byGroup(i); len(s.Subs) > 0 {
			sections = append(sections, s)
		}
	}
	if s := w.earlier(); len(s.Blocks) > 0 {
		sections = append(sections, s)
	}
	return w.page(main, append(sections, w.rest(), w.about()))
}

// questions are those of a page of the questionnaire.
func (w *writer) questions(p results.Page) section {
	s := section{ID: "page-" + p.ID, Title: w.said(p.Title)}
	for _, q := range p.Questions {
		s.Subs = append(s.Subs, w.question(q))
	}
	return s
}

// rest leads to what stands on pages of its own.
func (w *writer) rest() section {
	s := section{ID: "more", Title: w.t("publication.more.title", nil)}
	if w.divided() {
		s.Blocks = append(s.Blocks, block{Text: w.t("publication.more.tables", nil)},
			block{Link: &anchor{Href: fileName(w.lang, tables), Text: w.t("publication.tables.title", nil)}})
	}
	switch {
	case w.opened():
		s.Blocks = append(s.Blocks, block{Text: w.t("publication.more.answers", nil)},
			block{Link: &anchor{Href: fileName(w.lang, answers), Text: w.t("publication.answers.title", nil)}})
	case !w.Final:
		s.Blocks = append(s.Blocks, block{Text: w.t("publication.more.later", nil)})
	default:
		s.Blocks = append(s.Blocks, block{Text: w.t("publication.more.none", nil)})
	}
	return s
}

// about says whom to ask, and how the report can be read.
func (w *writer) about() section {
	s := section{ID: "about", Title: w.t("publication.about.title", nil)}
	c := w.o.Contact
	for _, f := range []fact{
		{w.t("publication.about.organiser", nil), w.said(w.Organiser)},
		{w.t("publication.about.contact", nil), c.Name},
		{w.t("publication.about.organisation", nil), c.Organisation},
		{w.t("publication.about.email", nil), c.Email},
		{w.t("publication.about.phone", nil), c.Phone},
	} {
		if f.Value != "" {
			if len(s.Blocks) == 0 {
				s.Blocks = []block{{}}
			}
			s.Blocks[0].Keys = append(s.Blocks[0].Keys, f)
		}
	}
	s.Blocks = append(s.Blocks, block{Text: w.t("publication.about.accessible", nil)})
	if w.o.Site != "" {
		lang := "?lang=" + string(w.lang)
		s.Blocks = append(s.Blocks,
			block{Link: &anchor{Href: w.o.Site + "/accessibility" + lang, Text: w.t("publication.about.statement", nil)}},
			block{Link: &anchor{Href: w.o.Site + "/privacy" + lang, Text: w.t("publication.about.privacy", nil)}})
	}
	s.Blocks = append(s.Blocks, block{Text: w.t("publication.about.made", i18n.Args{"version": w.Version, "questionnaire": w.Questionnaire})})
	return s
}
