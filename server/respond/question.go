package respond

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/server"
	"viesti/survey"
)

// address is where a page of the questionnaire lies, counted from 1.
func address(page int) string { return "/page/" + strconv.Itoa(page+1) }

// number reads the page's number out of the address.
func (s *pages) number(c *gin.Context) (page int, ok bool) {
	n, err := strconv.Atoi(c.Param("page"))
	if err != nil || n < 1 || n > len(s.survey.Pages) {
		server.Fail(c, fault.New(fault.NotFound, "server.not_found", nil))
		return 0, false
	}
	return n - 1, true
}

// lost sends on a visitor whose answer cannot be gone on with: to the thanks if it was sent, to
// the landing page if there is none any more.
func lost(c *gin.Context, err error) {
	lang := "lang=" + string(server.Lang(c))
	switch {
	case errors.Is(err, survey.ErrSubmitted):
		see(c, "/thanks?"+lang)
	case errors.Is(err, survey.ErrRemoved):
		see(c, "?"+lang) // which says so
	case errors.Is(err, survey.ErrNoDraft):
		see(c, "?note="+string(noteBegin)+"&"+lang)
	default:
		server.Fail(c, unavailable(err))
	}
}

// open tells whether answers can still be saved.
func (s *pages) open() bool {
	p := s.Fieldwork.Phase()
	return p == survey.Open || p == survey.Ending
}

func (s *pages) showPage(c *gin.Context) {
	page, ok := s.number(c)
	if !ok {
		return
	}
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
	answers := s.survey.Relevant(r.Answers)
	items := s.survey.Items(page, answers)
	if len(items) == 0 { // it does not concern this respondent
		if page = s.survey.Next(page, answers); page == len(s.survey.Pages) {
			page = s.survey.Previous(page, answers)
		}
		see(c, address(page))
		return
	}
	m := moment{page: page, order: survey.OrderOf(cookie(c)), lang: server.Lang(c), items: items, answers: answers}
	if c.Query("due") != "" {
		m.faults, m.unsent = survey.Missing(items, answers), true
	}
	if blank := s.blank(m); blank != nil {
		c.Header("Content-Language", string(m.lang))
		c.Header("Vary", "Accept-Language, Cookie")
		blank.Serve(c)
		return
	}
	server.Show(c, http.StatusOK, s.question, s.questionView(m))
}

// wish is what the pressed button asks for.
type wish struct {
	name  string    // next, back, save, lang, clear, autosave
	lang  i18n.Lang // to go on in; that of the page unless another was asked for
	clear string    // the question whose answer is to be removed
}

// onward tells whether the visitor is done with the page, and not only putting it aside.
func (w wish) onward() bool {
	return !slices.Contains([]string{"back", "save", "lang", "clear", autosave}, w.name)
}

// wishOf reads the pressed button. Enter in a field, or a button we do not know, is "next".
func wishOf(form url.Values) wish {
	w := wish{name: form.Get("go")}
	w.lang, _ = i18n.ParseLang(form.Get("lang"))
	if code, ok := strings.CutPrefix(w.name, "lang-"); ok {
		w.name = "lang"
		if l, ok := i18n.ParseLang(code); ok {
			w.lang = l
		}
	}
	if id, ok := strings.CutPrefix(w.name, "clear-"); ok {
		w.name, w.clear = "clear", id
	}
	return w
}

// forget removes a question's fields from a form: its answer was asked to be removed.
func forget(form url.Values, question string) {
	own := survey.Field(question, "")
	for name := range form {
		if name == own || strings.HasPrefix(name, own+".") {
			delete(form, name)
		}
	}
}

// savePage keeps a page and goes where the button says. What is good is on disk before the
// redirect; what is refused keeps the visitor on the page with everything they typed.
func (s *pages) savePage(c *gin.Context) {
	page, ok := s.number(c)
	if !ok {
		return
	}
	form, err := read(c)
	if err != nil {
		server.Fail(c, err)
		return
	}
	w := wishOf(form)
	if w.lang != "" {
		server.Speak(c, w.lang)
	}
	if w.clear != "" {
		forget(form, w.clear)
	}
	r, checked, err := s.Fieldwork.Save(c.Request.Context(), cookie(c), page, form, w.lang)
	if err != nil {
		s.unsaved(c, page, form, err)
		return
	}
	server.Prefer(c, r.Lang)
	answers := s.survey.Relevant(r.Answers)
	items := s.survey.Items(page, answers)
	if w.name == autosave {
		autosaved(c, items, answers)
		return
	}
	if w.onward() {
		for id, f := range survey.Missing(items, answers) {
			if checked.Faults[id] == nil {
				checked.Faults[id] = f
			}
		}
	}
	if len(checked.Faults) > 0 {
		m := moment{page: page, order: survey.OrderOf(cookie(c)), lang: server.Lang(c), items: items, answers: answers}
		m.faults, m.form = checked.Faults, form
		server.Show(c, server.Status(fault.Invalid), s.question, s.questionView(m))
		return
	}
	s.move(c, w, page, answers)
}

// unsaved answers a page that could not be saved. If the fault is ours, the visitor gets
// everything typed back in a form that needs only to be sent again.
func (s *pages) unsaved(c *gin.Context, page int, form url.Values, err error) {
	switch {
	case form.Get("go") == autosave:
		unautosaved(c, err)
	case errors.Is(err, survey.ErrSubmitted), errors.Is(err, survey.ErrNoDraft), errors.Is(err, survey.ErrRemoved),
		fault.KindOf(err) == fault.Closed:
		s.giveBack(c, page, form, err)
	default:
		server.Log(c, unavailable(err))
		lang := server.Lang(c)
		view := retryView{Frame: server.Frame{Theme: s.Look, Lang: lang, Site: s.survey.Title.In(lang), NoLang: true, Aside: true}, Form: form}
		view.Title = view.T("respond.retry_title")
		server.Show(c, server.Status(fault.Unavailable), s.retry, view)
	}
}

type retryView struct {
	server.Frame
	Form url.Values
}

// move goes where the button says after a page was saved.
func (s *pages) move(c *gin.Context, w wish, page int, answers survey.Answers) {
	switch w.name {
	case "back":
		if previous := s.survey.Previous(page, answers); previous >= 0 {
			see(c, address(previous))
			return
		}
		see(c, "")
	case "save":
		see(c, "/later?lang="+string(server.Lang(c)))
	case "lang":
		see(c, address(page))
	case "clear":
		see(c, address(page)+"#q-"+url.PathEscape(w.clear))
	default:
		see(c, s.after(page, answers))
	}
}

// after is the next page that concerns the respondent, after the last one the review.
func (s *pages) after(page int, answers survey.Answers) string {
	if next := s.survey.Next(page, answers); next < len(s.survey.Pages) {
		return address(next)
	}
	return "/review"
}
