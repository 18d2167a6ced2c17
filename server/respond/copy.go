package respond

import (
	"bytes"
	"errors"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"viesti/i18n"
	"viesti/server"
	"viesti/survey"
)

// copyView is a copy of one's own answers, or the page that says that it is gone.
type copyView struct {
	server.Frame
	recital
	Pages
	There    bool
	Day      string // on which they were sent
	Download string
	Thanks   string
}

// Minutes is how long a copy is there.
func (copyView) Minutes() int { return int(copyLife / time.Minute) }

// showCopy shows the answers this browser has sent, while they are held.
func (s *pages) showCopy(c *gin.Context) {
	_, err := s.draft(c)
	switch {
	case errors.Is(err, survey.ErrSubmitted):
	case err == nil:
		see(c, "/review")
		return
	default:
		lost(c, err)
		return
	}
	r, there := s.copies.get(survey.KeyOf(cookie(c)))
	if there {
		server.Prefer(c, r.Lang)
	}
	v := s.copyView(c, r, there)
	private(c)
	switch {
	case !there:
		server.Show(c, http.StatusGone, s.copied, v)
	case c.Query("download") != "":
		s.download(c, v)
	default:
		server.Show(c, http.StatusOK, s.copied, v)
	}
}

func (s *pages) copyView(c *gin.Context, r survey.Response, there bool) copyView {
	lang := server.Lang(c)
	query := "?lang=" + string(lang)
	v := copyView{
		Frame: server.Frame{Theme: s.Look, Lang: lang, Site: s.survey.Title.In(lang)}, Pages: s.Pages, There: there,
		Download: base(c) + "/copy" + query + "&download=1", Thanks: base(c) + "/thanks" + query,
	}
	v.Title = v.T("respond.copy.gone_title")
	if there {
		v.Title = v.T("respond.copy.title")
		v.recital = s.recite(r.Answers, lang, nil)
		if day, err := time.Parse(time.DateOnly, r.Day); err == nil {
			v.Day = i18n.Date(lang, day)
		}
	}
	return v
}

// download gives the copy as a file that needs nothing beside itself.
func (s *pages) download(c *gin.Context, v copyView) {
	var b bytes.Buffer
	if err := s.file.ExecuteTemplate(&b, "download.html", v); err != nil {
		server.Fail(c, err)
		return
	}
	name := strings.ToLower(v.T("respond.copy.file")) + ".html"
	c.Header("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	c.Header("Cache-Control", "no-store")
	c.Header("Content-Language", string(v.Lang))
	c.Header("Vary", "Accept-Language, Cookie")
	c.Data(http.StatusOK, server.HTML, b.Bytes())
}

// forgetCopy removes the copy at once: others may use the same device.
func (s *pages) forgetCopy(c *gin.Context) {
	form, err := read(c)
	if err != nil {
		server.Fail(c, err)
		return
	}
	if l, ok := i18n.ParseLang(form.Get("lang")); ok {
		server.Speak(c, l)
	}
	if token := cookie(c); token != "" {
		s.copies.forget(survey.KeyOf(token))
	}
	see(c, "/copy?lang="+string(server.Lang(c)))
}
