package respond

import (
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/server"
	"viesti/survey"
)

// typedView is shown instead of keeping a page: the survey has closed, or the answer is no longer
// there. What was typed on the page is on it, to be copied by who wants to keep it.
type typedView struct {
	server.Frame
	recital
	Text   string
	Starts bool
	Front  string
}

// giveBack answers a page that nothing can be done with any more. What was sent in the meantime,
// by the same person in another window, is thanked for; what says nothing needs no page of its own.
func (s *pages) giveBack(c *gin.Context, page int, form url.Values, err error) {
	closed := fault.KindOf(err) == fault.Closed
	what := noteBegin
	switch {
	case closed:
		what = noteRefused
	case errors.Is(err, survey.ErrRemoved):
		what = noteRemoved
	}
	lines := s.typed(c, page, form)
	switch {
	case len(lines) > 0 && !errors.Is(err, survey.ErrSubmitted):
	case closed:
		s.refuse(c)
		return
	default:
		lost(c, err)
		return
	}
	lang, w := server.Lang(c), noteWords[what]
	v := typedView{
		Frame:   server.Frame{Theme: s.Look, Lang: lang, Site: s.survey.Title.In(lang), NoLang: true},
		recital: recital{Parts: []part{{Title: i18n.T(lang, "respond.typed.title", nil), Lines: lines}}},
		Starts:  s.Fieldwork.Phase() == survey.Open, Front: base(c) + "?lang=" + string(lang),
	}
	if base(c) == "" {
		v.Front = "/" + v.Front
	}
	v.Title, v.Text = v.T(w.title), v.T(w.text, "days", s.Fieldwork.Keep)
	kind := fault.Conflict
	if closed {
		kind = fault.Closed
	}
	server.Show(c, server.Status(kind), s.unkept, v)
}

// typed is what a form says in answer to the questions of a page, in words; no line for what was
// left empty.
func (s *pages) typed(c *gin.Context, page int, form url.Values) []line {
	if page == nowhere {
		return nil
	}
	var answers survey.Answers
	if r, err := s.draft(c); err == nil {
		answers = s.survey.Relevant(r.Answers)
	}
	items, lang := s.survey.Items(page, answers), server.Lang(c)
	checked := survey.Check(items, form)
	var lines []line
	for i := range s.survey.Pages[page].Questions {
		q := &s.survey.Pages[page].Questions[i]
		said := raw(form, q.ID)
		if j := slices.IndexFunc(items, func(item survey.Item) bool { return item.ID == q.ID }); j >= 0 {
			q = items[j].Question
			if a, ok := checked.Answers[q.ID]; ok {
				said = s.survey.InWords(q, a, lang)
			}
		}
		if len(said) > 0 {
			lines = append(lines, line{Asked: strings.TrimSpace(q.Text.In(lang)), Said: said, Ranked: q.Type == survey.Rank})
		}
	}
	return lines
}

// raw is what was typed in a question's own field and beside "other".
func raw(form url.Values, question string) []string {
	values := slices.Concat(form[survey.Field(question, "")], form[survey.OtherField(question)])
	for i, v := range values {
		values[i] = strings.TrimSpace(strings.ToValidUTF8(v, "\uFFFD"))
	}
	return slices.DeleteFunc(values, func(v string) bool { return v == "" })
}
