// Package preview shows a questionnaire to its author while it is being written: every page in
// every language, everything on it or what is left of it after some answers, and each fault at the
// question it is about. The file is read anew for each request, and a faulty one is shown as far as
// it goes. The pages are the respondents' own, made by server/respond.
//
// It keeps nothing: answers tried out stand in the address. It is for the author's own machine, and
// no part of a survey.
package preview

import (
	"embed"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/server"
	"viesti/server/respond"
	"viesti/survey"
)

//go:embed pages preview.css
var files embed.FS

// Inspect reads the questionnaire as it now is, as survey.Inspect does.
type Inspect func() (*survey.Questionnaire, fault.List)

// preview is the server's pages, with all templates read.
type preview struct {
	inspect Inspect
	style   string
	all     *template.Template
	page    *template.Template
	note    *template.Template
}

// policy lets the author's pages frame the respondents', which otherwise nobody may frame.
const policy = "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; " +
	"form-action 'self'; frame-src 'self'; frame-ancestors 'self'; base-uri 'none'"

// Register adds the preview to a router made by server.New.
func Register(r gin.IRouter, inspect Inspect) error {
	p := &preview{inspect: inspect}
	var faults []error
	for name, t := range map[string]**template.Template{"all": &p.all, "page": &p.page, "note": &p.note} {
		var err error
		*t, err = template.ParseFS(files, "pages/frame.html", "pages/faults.html", "pages/"+name+".html")
		faults = append(faults, err)
	}
	css, err := files.ReadFile("preview.css")
	if err := errors.Join(append(faults, err)...); err != nil {
		return err
	}
	style := server.Prepare(css, "text/css; charset=utf-8", "no-cache")
	p.style = "/assets/preview." + style.Tag() + ".css"
	server.Get(r, p.style, style.Serve)
	g := r.Group("", func(c *gin.Context) { c.Header("Content-Security-Policy", policy) })
	server.Get(g, "/", p.showAll)
	server.Get(g, "/page/:page", p.showPage)
	server.Get(g, "/sheet/:page/:lang", p.showSheet)
	g.POST("/sheet/:page/:lang", p.tryPage)
	for _, elsewhere := range []string{"/privacy", "/accessibility"} {
		server.Get(g, elsewhere, func(c *gin.Context) { p.say(c, "preview.elsewhere") })
	}
	return nil
}

// visit is what a request is about.
type visit struct {
	q      *survey.Questionnaire // nil: it cannot be read at all
	faults fault.List
	page   int
	state  url.Values     // answers tried out, as fields of forms, and "as"
	given  survey.Answers // what the state means
}

// asGiven is the value of "as" when a page is to be seen as after the given answers.
const asGiven = "given"

func (v *visit) whole() bool { return v.state.Get("as") != asGiven }

// visit reads the questionnaire, the page's number and the answers out of the address. ok is false
// when there is no such page, which has then been said.
func (p *preview) visit(c *gin.Context) (v *visit, ok bool) {
	q, faults := p.inspect()
	v = &visit{q: q, faults: faults, state: url.Values{}, given: survey.Answers{}}
	for name, values := range c.Request.URL.Query() {
		if strings.HasPrefix(name, "q.") || name == "as" {
			v.state[name] = values
		}
	}
	if q != nil {
		v.given = answers(q, v.state)
	}
	number := c.Param("page")
	if number == "" || q == nil {
		return v, true
	}
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > len(q.Pages) {
		server.Fail(c, fault.New(fault.NotFound, "server.not_found", nil))
		return nil, false
	}
	v.page = n - 1
	return v, true
}

// answers reads the fields of all pages as they would be read one page after the other.
func answers(q *survey.Questionnaire, fields url.Values) survey.Answers {
	given := survey.Answers{}
	for page := range q.Pages {
		given = survey.Check(q.Items(page, given), fields).Apply(given)
	}
	return given
}

// marks are the faults of the page: at the questions that are shown on it, else at its top.
func (v *visit) marks(items []survey.Item, l i18n.Lang) map[string][]string {
	shown := map[string]bool{}
	for _, item := range items {
		shown[item.ID] = true
	}
	marks := map[string][]string{}
	for _, f := range v.faults {
		page, question := survey.Spot(f.Place)
		if page != v.page {
			continue
		}
		at := ""
		if question >= 0 && question < len(v.q.Pages[page].Questions) {
			at = v.q.Pages[page].Questions[question].ID
		}
		if !shown[at] {
			at = ""
		}
		marks[at] = append(marks[at], f.Say(l))
	}
	return marks
}

// sheet is the page as respondents see it.
func (v *visit) sheet(l i18n.Lang) respond.Sheet {
	s := respond.Sheet{Questionnaire: v.q, Page: v.page, Lang: l, Answers: v.given, Whole: v.whole()}
	s.Marks = v.marks(s.Items(), l)
	return s
}

func (p *preview) showSheet(c *gin.Context) {
	v, ok := p.visit(c)
	if !ok {
		return
	}
	l := spoken(c)
	if v.q == nil {
		p.say(c, "preview.unreadable")
		return
	}
	s := v.sheet(l)
	if len(s.Items()) == 0 && !s.Whole {
		p.say(c, "preview.not_shown")
		return
	}
	draw(c, http.StatusOK, s)
}

func draw(c *gin.Context, status int, s respond.Sheet) {
	body, err := s.Draw()
	if err != nil {
		server.Fail(c, err)
		return
	}
	c.Header("Cache-Control", "no-store")
	c.Data(status, server.HTML, body)
}

// spoken is the language in a sheet's address, in which it is also answered.
func spoken(c *gin.Context) i18n.Lang {
	l, ok := i18n.ParseLang(c.Param("lang"))
	if !ok {
		l = server.Lang(c)
	}
	server.Speak(c, l)
	return l
}
