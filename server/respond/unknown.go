package respond

import (
	"github.com/gin-gonic/gin"

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
	v := unknownView{Frame: server.Frame{Theme: s.Look, Lang: lang, Site: s.survey.Title.In(lang), Home: "/?lang=" + string(lang)}, Pages: s.Pages}
	v.Title = v.T("respond.unknown_title")
	server.Show(c, server.Status(fault.NotFound), s.unknown, v)
}
