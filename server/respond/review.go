package respond

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/server"
	"viesti/survey"
)

// nowhere is the page of a form that has no questions.
const nowhere = -1

// reviewView is the page before the answers are sent.
type reviewView struct {
	server.Frame
	recital
	Missing []line // required, and not answered
	Unsent  bool   // "send" was pressed, and nothing was sent
}

// showReview shows all answers, to be read once more, changed or sent.
func (s *pages) showReview(c *gin.Context) {
	if !s.open() {
		see(c, "")
		return
	}
	r, err := s.draft(c)
	if err != nil {
		lost(c, err)
		return
	}
	server.Prefer(c, r.Lang)
	server.Show(c, http.StatusOK, s.review, s.reviewView(c, r))
}

func (s *pages) reviewView(c *gin.Context, r survey.Response) reviewView {
	lang, answers := server.Lang(c), s.survey.Relevant(r.Answers)
	query := url.Values{}
	if lang != r.Lang {
		query.Set("lang", string(lang))
	}
	at := func(path, fragment string) string {
		u := url.URL{Path: base(c) + path, RawQuery: query.Encode(), Fragment: fragment}
		return u.String()
	}
	v := reviewView{
		Frame: server.Frame{Theme: s.Look, Lang: lang, Site: s.survey.Title.In(lang)},
		recital: s.recite(answers, lang, func(page int, question string) string {
			return at(address(page), "q-"+question)
		}),
	}
	v.Title = v.T("respond.review.title")
	query.Set("due", "1") // from here on: the page says what is missing
	for page := range s.survey.Pages {
		items := s.survey.Items(page, answers)
		missing := survey.Missing(items, answers)
		for _, item := range items {
			if missing[item.ID] != nil {
				v.Missing = append(v.Missing, line{
					Asked: strings.TrimSpace(item.Text.In(lang)), Href: at(address(page), "q-"+item.ID),
				})
			}
		}
	}
	return v
}

// reviewed does what the pressed button says. Nothing but "send" sends.
func (s *pages) reviewed(c *gin.Context) {
	form, err := read(c)
	if err != nil {
		server.Fail(c, err)
		return
	}
	lang, chosen := i18n.ParseLang(form.Get("lang"))
	if chosen {
		server.Speak(c, lang)
	}
	r, err := s.draft(c)
	if err != nil {
		s.unsaved(c, nowhere, form, err)
		return
	}
	server.Prefer(c, r.Lang)
	query := "?lang=" + string(server.Lang(c))
	switch form.Get("go") {
	case "send":
		s.send(c, r, lang)
	case "back":
		see(c, address(s.survey.Previous(len(s.survey.Pages), s.survey.Relevant(r.Answers)))+query)
	case "save":
		see(c, "/later"+query)
	default:
		see(c, "/review"+query)
	}
}

// send finishes the answer. What is missing for it, the same page says.
func (s *pages) send(c *gin.Context, r survey.Response, lang i18n.Lang) {
	sent, err := s.Fieldwork.Send(c.Request.Context(), cookie(c), lang)
	if err == nil {
		s.copies.put(survey.KeyOf(cookie(c)), sent)
	}
	switch missing := (survey.Incomplete{}); {
	case err == nil, survey.Finished(err):
		see(c, "/thanks?lang="+string(server.Lang(c)))
	case errors.As(err, &missing):
		v := s.reviewView(c, r)
		v.Unsent, v.Title = true, v.T("respond.faulty_title", "title", v.Title)
		server.Show(c, server.Status(fault.Invalid), s.review, v)
	default:
		s.unsaved(c, nowhere, url.Values{"go": {"send"}, "lang": {string(server.Lang(c))}}, err)
	}
}

// Answered tells whether anything was.
func (r recital) Answered() bool {
	return slices.ContainsFunc(r.Parts, func(p part) bool {
		return slices.ContainsFunc(p.Lines, func(l line) bool { return len(l.Said) > 0 })
	})
}
