package console

import (
	"html/template"
	"mime"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/link"
	"viesti/report"
	"viesti/report/picture"
	"viesti/server"
)

// spreadView is the page of the trees that links make.
type spreadView struct {
	deskView
	Spread  report.Spread
	Network string // the only one shown, with those under it; empty: all
	Text    string // to be pasted, when it was asked for
	TextIn  i18n.Lang
}

// trees shows how far links have spread to who is signed in.
func (s *pages) trees(c *gin.Context) {
	if s.coordinator(c) == "" {
		c.Redirect(http.StatusSeeOther, "/console/?lang="+string(server.Lang(c)))
		return
	}
	s.showTrees(c, link.Sheet{})
}

// handOut gives a text to pass on, a poster or a QR code. It may make a link, so it is no GET.
func (s *pages) handOut(c *gin.Context) {
	if s.coordinator(c) == "" {
		server.Fail(c, fault.New(fault.Denied, "console.denied", nil))
		return
	}
	channel := link.Poster // what is printed is counted as print
	if c.PostForm("what") == "text" {
		channel = link.Onward
	}
	l, ok := i18n.ParseLang(c.PostForm("in"))
	if !ok {
		l = server.Lang(c)
	}
	network := c.Query("network")
	sheet, err := s.Desk.Handout(c, network, channel, l)
	if err != nil {
		server.Fail(c, err)
		return
	}
	switch c.PostForm("what") {
	case "poster":
		raw, err := sheet.PDF()
		s.give(c, file{network + "-" + string(l) + ".pdf", "application/pdf", raw}, err)
	case "qr":
		raw, err := link.SVG(sheet.URL, sheet.URL)
		s.give(c, file{network + ".svg", "image/svg+xml", raw}, err)
	default:
		s.showTrees(c, sheet)
	}
}

// file is something to be kept.
type file struct {
	name, kind string
	raw        []byte
}

func (*pages) give(c *gin.Context, f file, err error) {
	if err != nil {
		server.Fail(c, err)
		return
	}
	c.Header("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.name}))
	c.Data(http.StatusOK, f.kind, f.raw)
}

// showTrees shows the page, with a text to pass on if there is one.
func (s *pages) showTrees(c *gin.Context, handed link.Sheet) {
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
	page := spreadView{deskView: v, Spread: spread, Network: q.Network}
	if handed.URL != "" {
		page.Text, page.TextIn = handed.Forward(), handed.Lang
	}
	server.Show(c, http.StatusOK, s.spread, page)
}

// Picture is all links together, drawn.
func (v spreadView) Picture() template.HTML { return v.SVG(picture.Of(v.Rates, v.By, v.Lang)) }

// Langs are the languages that handouts are in.
func (spreadView) Langs() []i18n.Lang { return i18n.Langs }

// Lines are the trees.
func (v spreadView) Lines() []report.Grown { return v.Spread.Lines(v.Lang) }

// Indent sets a link in under what it was made from.
func (spreadView) Indent(level int) string { return strings.Repeat("\u2003", level) }

// Words say what no column does.
func (v spreadView) Words() []string { return v.Spread.Words(v.Lang) }

// Count is a small number in the page's language.
func (v spreadView) Count(n int) string { return i18n.Number(v.Lang, int64(n)) }
