package respond

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"viesti/i18n"
	"viesti/internal/code"
	"viesti/internal/fault"
	"viesti/server"
	"viesti/survey"
)

// found is what has become of the answer that a code stands for.
type found string

const (
	foundNothing found = ""        // no code was given yet
	foundDraft   found = "draft"   // it can be gone on with
	foundUnknown found = "unknown" // mistyped, or never ours
	foundSent    found = "sent"
	foundRemoved found = "removed" // not sent in time
)

var foundWords = map[found]words{
	foundNothing: {"respond.resume.title", "respond.resume.ask"},
	foundDraft:   {"respond.resume.draft_title", "respond.resume.draft"},
	foundUnknown: {"respond.resume.title", "respond.resume.ask"},
	foundSent:    {"respond.resume.sent_title", "respond.resume.sent"},
	foundRemoved: {"respond.note_removed_title", "respond.note_removed"},
}

// continueView is the page on which a code is typed, or that a code's link leads to.
type continueView struct {
	server.Frame
	Pages
	Heading string
	Found   found
	Typed   string // what was given as a code, to be corrected
	Text    string
	Others  bool // this browser has another unfinished answer
}

// mostTyped is how much is shown again of what was given as a code.
const mostTyped = 100

// showContinue asks for a code, or says what has become of the answer that a code stands for.
// Reading it changes nothing: programs that look at every link may do so.
func (s *pages) showContinue(c *gin.Context) {
	given := c.Param("code")
	if given == "" {
		s.answerCode(c, foundNothing, "")
		return
	}
	_, what, err := s.find(c, given)
	if err != nil {
		server.Fail(c, unavailable(err))
		return
	}
	s.answerCode(c, what, given)
}

// takeUp makes this browser the one that goes on with the answer of a code.
func (s *pages) takeUp(c *gin.Context) {
	form, err := read(c)
	if err != nil {
		server.Fail(c, err)
		return
	}
	given := c.Param("code")
	if given == "" {
		given = form.Get("code")
	}
	r, what, err := s.find(c, given)
	if l, ok := i18n.ParseLang(form.Get("lang")); ok {
		server.Speak(c, l)
	}
	switch {
	case err != nil:
		server.Fail(c, unavailable(err))
	case what != foundDraft:
		s.answerCode(c, what, given)
	case !s.open():
		see(c, "?lang="+string(server.Lang(c)))
	default:
		token, _ := code.Parse(given, code.Length) // as find has read it
		s.setCookie(c, token)
		see(c, s.home(c, r)+s.resume(r, server.Lang(c)))
	}
}

// home is the path under which an answer was begun.
func (s *pages) home(c *gin.Context, r survey.Response) string {
	if r.Link == "" {
		return ""
	}
	if _, err := s.Links.Find(c.Request.Context(), r.Link); err != nil {
		return "" // the answer keeps its link, whatever its pages are called
	}
	return "/r/" + r.Link
}

// find looks for the answer of a code. What cannot be a code costs no look.
func (s *pages) find(c *gin.Context, given string) (survey.Response, found, error) {
	token, ok := code.Parse(given, code.Length)
	if !ok {
		return survey.Response{}, foundUnknown, nil
	}
	r, err := s.Fieldwork.Draft(c.Request.Context(), token)
	switch {
	case errors.Is(err, survey.ErrSubmitted):
		return r, foundSent, nil
	case errors.Is(err, survey.ErrRemoved):
		return r, foundRemoved, nil
	case errors.Is(err, survey.ErrNoDraft):
		return r, foundUnknown, nil
	case err != nil:
		return r, "", err
	}
	server.Prefer(c, r.Lang)
	return r, foundDraft, nil
}

// answerCode says what was found. The pages of codes send no path as a referrer: theirs has the
// code in it. (The origin they do send, so that their forms are told from forged ones.)
func (s *pages) answerCode(c *gin.Context, what found, given string) {
	if what == foundDraft && !s.open() {
		see(c, "?lang="+string(server.Lang(c)))
		return
	}
	lang := server.Lang(c)
	v := continueView{
		Frame: server.Frame{Theme: s.Look, Lang: lang, Site: s.survey.Title.In(lang), Home: "/?lang=" + string(lang)},
		Pages: s.Pages, Found: what,
	}
	w := foundWords[what]
	v.Heading, v.Text = v.T(w.title), v.T(w.text, "days", s.Fieldwork.Keep)
	v.Title = v.Heading
	status := http.StatusOK
	switch what {
	case foundDraft:
		own, err := s.draft(c)
		v.Others = err == nil && len(own.Answers) > 0 && !same(cookie(c), given)
	case foundUnknown:
		status, v.Title = server.Status(fault.NotFound), v.T("respond.faulty_title", "title", v.Heading)
		v.Typed = string([]rune(given)[:min(mostTyped, len([]rune(given)))])
	case foundSent, foundRemoved:
		status = http.StatusGone
	}
	private(c)
	c.Header("Referrer-Policy", "strict-origin")
	server.Show(c, status, s.goOn, v)
}

// same tells whether a code, however it was typed, is the cookie's.
func same(cookie, given string) bool {
	token, ok := code.Parse(given, code.Length)
	return ok && token == cookie
}
