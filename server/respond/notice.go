package respond

import (
	"fmt"
	"html/template"
	"time"

	"github.com/gin-gonic/gin"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/server"
)

// unknownView is the page of a link that does not exist.
type unknownView struct {
	server.Frame
	Pages
}

func (s *pages) showUnknown(c *gin.Context) {
	lang := server.Lang(c)
	v := unknownView{Frame: server.Frame{Lang: lang, Site: s.survey.Title.In(lang), Home: "/?lang=" + string(lang)}, Pages: s.Pages}
	v.Title = v.T("respond.unknown_title")
	server.Show(c, server.Status(fault.NotFound), s.unknown, v)
}

// assessed is when the accessibility of these pages was last assessed. Whoever changes them
// assesses them again and moves it.
var assessed = time.Date(2026, time.November, 24, 0, 0, 0, 0, time.UTC)

// noticeKey names a page of standing text.
type noticeKey struct {
	name string // privacy, accessibility
	lang i18n.Lang
}

type noticeView struct {
	server.Frame
	Pages
	Assessed string
}

func (s *pages) prepareNotices() error {
	s.notices = map[noticeKey]*server.Prepared{}
	for name, title := range map[string]string{
		"privacy": "respond.privacy.title", "accessibility": "respond.accessibility.title",
	} {
		t, err := server.Template(files, "pages/"+name+".html", "pages/contact.html")
		if err != nil {
			return err
		}
		for _, l := range i18n.Langs {
			if err := s.prepareNotice(t, noticeKey{name, l}, title); err != nil {
				return fmt.Errorf("%s notice: %w", name, err)
			}
		}
	}
	return nil
}

func (s *pages) prepareNotice(t *template.Template, k noticeKey, title string) error {
	v := noticeView{
		Frame: server.Frame{Lang: k.lang, Site: s.survey.Title.In(k.lang), Home: "/?lang=" + string(k.lang)},
		Pages: s.Pages, Assessed: i18n.Date(k.lang, assessed),
	}
	v.Title = v.T(title)
	body, err := server.Fill(t, v)
	if err != nil {
		return err
	}
	s.notices[k] = server.Prepare(body, server.HTML, "no-cache")
	return nil
}

func (s *pages) showNotice(name string) gin.HandlerFunc {
	return func(c *gin.Context) {
		lang := server.Lang(c)
		c.Header("Content-Language", string(lang))
		c.Header("Vary", "Accept-Language")
		s.notices[noticeKey{name, lang}].Serve(c)
	}
}
