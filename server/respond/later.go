package respond

import (
	"html/template"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"viesti/i18n"
	"viesti/internal/code"
	"viesti/link"
	"viesti/server"
)

// laterView is the page that a respondent leaves by: all that is needed to go on elsewhere. The
// code on it opens the unfinished answer to whoever has it, and nobody but the respondent does.
type laterView struct {
	server.Frame
	Link    string
	Code    string        // as it is copied by hand
	Address string        // where the code can be typed
	QR      template.HTML // of Link
	Onto    string        // where answering goes on
	Until   string        // the last day on which it can
}

// showLater shows the code of this browser's unfinished answer.
func (s *pages) showLater(c *gin.Context) {
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
	lang, token := server.Lang(c), cookie(c)
	v := laterView{
		Frame: server.Frame{Theme: s.Look, Lang: lang, Site: s.survey.Title.In(lang)},
		Link:  s.BaseURL + "/continue/" + token, Code: code.Show(token),
		Address: strings.TrimPrefix(strings.TrimPrefix(s.BaseURL, "https://"), "http://") + "/continue", Onto: s.home(c, r) + s.resume(r, lang),
		Until: i18n.Date(lang, s.Fieldwork.LastDay(r)),
	}
	v.Title = v.T("respond.later.title")
	v.QR, err = drawing(v.Link, v.T("respond.later.qr"))
	if err != nil {
		server.Fail(c, err)
		return
	}
	private(c)
	c.Header("Referrer-Policy", "no-referrer")
	server.Show(c, http.StatusOK, s.later, v)
}

// drawing is the QR code of an address, to stand in a page.
func drawing(url, label string) (template.HTML, error) {
	svg, err := link.SVG(url, label)
	return template.HTML(svg), err //nolint:gosec // our own drawing: the label is escaped, the address is in its squares
}

// private keeps a page with a code out of search engines. That nobody stores it, server.Show sees to.
func private(c *gin.Context) { c.Header("X-Robots-Tag", "noindex") }
