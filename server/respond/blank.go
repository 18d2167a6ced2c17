package respond

import (
	"fmt"
	"html/template"
	"strings"

	"viesti/i18n"
	"viesti/server"
	"viesti/survey"
)

// readyKey is all that a question depends on before it is answered, if it is the same for everyone.
type readyKey struct {
	question string
	lang     i18n.Lang
}

// prepareQuestions makes the questions that look the same for everyone who has not answered them.
// So a page on which little is answered, or little depends on earlier answers, is put together of
// what is ready.
func (s *pages) prepareQuestions() error {
	s.ready = map[readyKey]template.HTML{}
	for page := range s.survey.Pages {
		_, items := s.survey.Whole(page)
		for _, item := range items {
			if item.Varies() {
				continue
			}
			for _, l := range i18n.Langs {
				var b strings.Builder
				if err := s.question.ExecuteTemplate(&b, "question", newQuestion(item, moment{page: page, lang: l})); err != nil {
					return fmt.Errorf("question %s: %w", item.ID, err)
				}
				s.ready[readyKey{item.ID, l}] = template.HTML(b.String()) //nolint:gosec // made by the template of its place
			}
		}
	}
	return nil
}

// readyFor is the question as it was made beforehand; ok is false if it has to be made.
func (s *pages) readyFor(item survey.Item, m moment) (html template.HTML, ok bool) {
	if _, answered := m.answers[item.ID]; answered || m.faults[item.ID] != nil {
		return "", false
	}
	html, ok = s.ready[readyKey{item.ID, m.lang}]
	return html, ok
}

// blankKey is all that a page of questions depends on before it is answered.
type blankKey struct {
	page        int
	lang        i18n.Lang
	first, last bool
}

// prepareBlanks makes the pages that look the same for everyone who has not answered them yet:
// those on which nothing depends on earlier answers. Most pages are met so, and once.
func (s *pages) prepareBlanks() error {
	s.blanks = map[blankKey]*server.Prepared{}
	for page := range s.survey.Pages {
		if s.survey.Pages[page].Varies() {
			continue
		}
		for _, l := range i18n.Langs {
			v := s.questionView(moment{page: page, lang: l, items: s.survey.Items(page, nil)})
			v.First, v.Last = page == 0, page == len(s.survey.Pages)-1
			body, err := server.Fill(s.question, v)
			if err != nil {
				return fmt.Errorf("page %s: %w", s.survey.Pages[page].ID, err)
			}
			s.blanks[blankKey{page, l, v.First, v.Last}] = server.Prepare(body, server.HTML, "no-store")
		}
	}
	return nil
}

// blank is the prepared page for a moment, nil if the page has to be made.
func (s *pages) blank(m moment) *server.Prepared {
	if len(m.faults) > 0 {
		return nil
	}
	for _, item := range m.items {
		if _, answered := m.answers[item.ID]; answered {
			return nil
		}
	}
	return s.blanks[blankKey{
		page: m.page, lang: m.lang,
		first: s.survey.Previous(m.page, m.answers) < 0,
		last:  s.survey.Next(m.page, m.answers) == len(s.survey.Pages),
	}]
}
