package console

import (
	"html/template"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"viesti/i18n"
	"viesti/report"
	"viesti/report/picture"
	"viesti/server"
)

// spreadView is the page of the trees that links make.
type spreadView struct {
	deskView
	Spread  report.Spread
	Network string // the only one shown, with those under it; empty: all
}

// trees shows how far links have spread to who is signed in.
func (s *pages) trees(c *gin.Context) {
	if s.coordinator(c) == "" {
		c.Redirect(http.StatusSeeOther, "/console/?lang="+string(server.Lang(c)))
		return
	}
	q := report.Query{Network: c.Query("network"), By: report.ByChannel, Lang: server.Lang(c)}
	spread, err := s.Desk.Spread(c, q)
	if err != nil {
		server.Fail(c, err)
		return
	}
	rates, err := s.Desk.Rates(c, q)
	if err != nil {
		server.Fail(c, err)
		return
	}
	v := deskView{view: s.view(c, "console.spread"), Rates: rates, By: q.By}
	server.Show(c, http.StatusOK, s.spread, spreadView{v, spread, q.Network})
}

// Picture is all links together, drawn.
func (v spreadView) Picture() template.HTML { return v.SVG(picture.Of(v.Rates, v.By, v.Lang)) }

// Lines are the trees.
func (v spreadView) Lines() []report.Grown { return v.Spread.Lines(v.Lang) }

// Indent sets a link in under what it was made from.
func (spreadView) Indent(level int) string { return strings.Repeat("\u2003", level) }

// Words say what no column does.
func (v spreadView) Words() []string { return v.Spread.Words(v.Lang) }

// Count is a small number in the page's language.
func (v spreadView) Count(n int) string { return i18n.Number(v.Lang, int64(n)) }
