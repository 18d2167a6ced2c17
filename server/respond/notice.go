package respond

import (
	"fmt"
	"html/template"
	"time"

	"github.com/gin-gonic/gin"

	"viesti/i18n"
	"viesti/server"
)

// Notices are what an organiser wrote for the privacy notice and the accessibility statement. An
// empty one stands for words of our own.
type Notices struct {
	Controller, Officer, LegalBasis, ContactSource, Recipients, Retention, Authority i18n.Text

	Status                                      Compliance
	Shortcomings, Assessed, Handler, Supervisor i18n.Text
}

// Compliance is how far the pages meet the law's requirements of accessibility.
type Compliance string

// The degrees of compliance that the law knows.
const (
	Fully  Compliance = "fully"
	Mostly Compliance = "mostly"
	Not    Compliance = "not"
)

var complianceWords = map[Compliance]string{
	Fully: "respond.accessibility.fully", Mostly: "respond.accessibility.mostly", Not: "respond.accessibility.not",
}

// assessed is when the accessibility of these pages was last assessed. Whoever changes them
// assesses them again and moves it.
var assessed = time.Date(2026, time.November, 28, 0, 0, 0, 0, time.UTC)

// noticeKey names a page of standing text.
type noticeKey struct {
	name string // privacy, accessibility
	lang i18n.Lang
	sent bool // it says that feedback was sent
}

type noticeView struct {
	server.Frame
	Pages
	Assessed string
	Feedback feedbackForm
}

// Own is what the organiser wrote, or our own words.
func (v noticeView) Own(t i18n.Text, key string, pairs ...any) string {
	if own := t.In(v.Lang); own != "" {
		return own
	}
	return v.T(key, pairs...)
}

// Status is how far the pages meet the requirements.
func (v noticeView) Status() string {
	if key, ok := complianceWords[v.Notices.Status]; ok {
		return v.T(key)
	}
	return v.T(complianceWords[Mostly])
}

// Handler is who answers feedback.
func (v noticeView) Handler() string {
	return v.Own(v.Notices.Handler, "respond.accessibility.handler", "organiser", v.Organiser.In(v.Lang))
}

var noticeTitles = map[string]string{
	"privacy": "respond.privacy.title", "accessibility": "respond.accessibility.title",
}

// prepareNotices makes the notices as most people read them.
func (s *pages) prepareNotices() error {
	s.notices, s.notice = map[noticeKey]*server.Prepared{}, map[string]*template.Template{}
	for name := range noticeTitles {
		t, err := server.Template(files, "pages/"+name+".html", "pages/contact.html")
		if err != nil {
			return err
		}
		s.notice[name] = t
		for _, l := range i18n.Langs {
			for _, sent := range []bool{false, true} {
				k := noticeKey{name, l, sent}
				body, err := server.Fill(t, s.noticeView(k, feedbackForm{Sent: sent}))
				if err != nil {
					return fmt.Errorf("%s notice: %w", name, err)
				}
				s.notices[k] = server.Prepare(body, server.HTML, "no-cache")
			}
		}
	}
	return nil
}

func (s *pages) noticeView(k noticeKey, form feedbackForm) noticeView {
	v := noticeView{
		Frame: server.Frame{Theme: s.Look, Lang: k.lang, Site: s.survey.Title.In(k.lang), Home: "/?lang=" + string(k.lang)},
		Pages: s.Pages, Assessed: i18n.Date(k.lang, assessed), Feedback: form,
	}
	v.Title = v.T(noticeTitles[k.name])
	return v
}

func (s *pages) showNotice(name string) gin.HandlerFunc {
	return func(c *gin.Context) {
		lang := server.Lang(c)
		c.Header("Content-Language", string(lang))
		c.Header("Vary", "Accept-Language")
		s.notices[noticeKey{name, lang, c.Query("sent") != ""}].Serve(c)
	}
}
