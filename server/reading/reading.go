// Package reading is the page on which coordinators read open answers before they are published: one
// text after the other, with what may tell of somebody marked, to be released in part or withheld.
//
// It is a room beside the console because that knows networks and people: this one cannot import them,
// as it sees answers. Who is signed in it asks the console's door. It decides nothing about a text;
// report/reading does.
package reading

import (
	"cmp"
	"context"
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/report/reading"
	"viesti/server"
)

//go:embed pages
var files embed.FS

// Desk has the open answers of a wave.
type Desk interface {
	Progress(ctx context.Context) (reading.Progress, error)
	// Next is the next answer, nil when there is none.
	Next(ctx context.Context, at reading.Place) (*reading.Answer, reading.Progress, error)
	Answer(ctx context.Context, hash string) (*reading.Answer, error)
	Decide(ctx context.Context, hash string, v reading.Verdict, cuts []reading.Cut) error
}

// Pages are what the pages are made of.
type Pages struct {
	// Desk is that of a wave; an empty one is that in the field.
	Desk func(wave string) (Desk, error)
	// Past are the waves that have closed.
	Past func() []string
	// SignedIn tells whether a coordinator asks.
	SignedIn server.Guard
	Title    i18n.Text // of the questionnaire
	Look     *server.Theme
}

type pages struct {
	Pages
	list *template.Template
	one  *template.Template
}

// Register adds the routes under /console/answers. Its error is a fault in our own templates.
func Register(r gin.IRouter, p Pages) error {
	s := &pages{Pages: p}
	var err error
	if s.list, err = server.Template(files, "pages/list.html", "pages/languages.html"); err != nil {
		return err
	}
	if s.one, err = server.Template(files, "pages/one.html", "pages/languages.html"); err != nil {
		return err
	}
	g := r.Group("/console/answers")
	server.Get(g, "", s.signed(s.overview))
	server.Get(g, "/read", s.signed(s.read))
	g.POST("/read", s.signed(s.decide))
	return nil
}

// signed lets in who is signed in; others are shown the way, and what they sent is refused.
func (s *pages) signed(h func(c *gin.Context, d Desk)) gin.HandlerFunc {
	return func(c *gin.Context) {
		switch {
		case s.SignedIn(c):
			d, err := s.Desk(c.Query("wave"))
			if err != nil {
				server.Fail(c, err)
				return
			}
			h(c, d)
		case c.Request.Method == http.MethodPost:
			server.Fail(c, fault.New(fault.Denied, "console.denied", nil))
		default:
			c.Redirect(http.StatusSeeOther, "/console/?lang="+string(server.Lang(c)))
		}
	}
}

// view is what both pages have.
type view struct {
	server.Frame
	reading.Progress
	asked string // the wave in the address
}

func (s *pages) view(c *gin.Context, p reading.Progress) view {
	l := server.Lang(c)
	return view{
		Frame:    server.Frame{Theme: s.Look, Lang: l, Site: s.Title.In(l), Title: i18n.T(l, "reading.title", nil), Home: "/console/?lang=" + string(l)},
		Progress: p, asked: c.Query("wave"),
	}
}

// At is an address of these pages; pairs are names and values of its query.
func (v view) At(path string, pairs ...string) string {
	q := url.Values{"lang": {string(v.Lang)}}
	if v.asked != "" {
		q.Set("wave", v.asked)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return "/console/answers" + path + "?" + q.Encode()
}

// Count is a number in the page's language.
func (v view) Count(n int) string { return i18n.Number(v.Lang, int64(n)) }

// Number is a count of people in the page's language.
func (v view) Number(n int64) string { return i18n.Number(v.Lang, n) }

// Name is what a question is called; one that is in no questionnaire any more has its id.
func (v view) Name(title i18n.Text, id string) string { return cmp.Or(title.In(v.Lang), id) }

// Since is when reading begins.
func (v view) Since() string { return i18n.DateTime(v.Lang, v.From) }

// listView is the page of all questions.
type listView struct {
	view
	Past []string
	Done bool // somebody has just read the last answer
}

// Here is the page in another language.
func (v listView) Here(l i18n.Lang) string { return v.At("", "lang", string(l)) }

// InWave is the page of another wave.
func (v listView) InWave(wave string) string { return v.At("", "wave", wave) }

// overview shows how far the reading has come.
func (s *pages) overview(c *gin.Context, d Desk) {
	p, err := d.Progress(c)
	if err != nil {
		server.Fail(c, err)
		return
	}
	v := listView{view: s.view(c, p), Done: p.Begun && p.Texts > 0 && p.Read == p.Texts}
	for _, wave := range s.Past() {
		if wave != p.Wave {
			v.Past = append(v.Past, wave)
		}
	}
	server.Show(c, http.StatusOK, s.list, v)
}

// read shows the next answer, or the one that is asked for.
func (s *pages) read(c *gin.Context, d Desk) {
	at := reading.Place{Question: c.Query("question"), After: c.Query("after"), Read: c.Query("read") != ""}
	a, p, err := d.Next(c, at)
	if hash := c.Query("answer"); err == nil && hash != "" {
		a, err = d.Answer(c, hash)
	}
	if err == nil && a == nil && at.Question != "" && !at.Read { // on to the next question
		a, p, err = d.Next(c, reading.Place{})
	}
	v := s.view(c, p)
	switch {
	case err != nil:
		server.Fail(c, err)
	case a == nil:
		c.Redirect(http.StatusSeeOther, v.At(""))
	default:
		server.Show(c, http.StatusOK, s.one, oneView{view: v, Answer: a, Before: c.Query("kept"), Only: at.Question, Again: at.Read})
	}
}

// decide takes what a reader did with an answer.
func (s *pages) decide(c *gin.Context, d Desk) {
	a, err := d.Answer(c, c.PostForm("answer"))
	if err != nil {
		server.Fail(c, err)
		return
	}
	again := c.PostForm("read") != ""
	only := c.PostForm("question")
	missing := choose(a, c.PostFormArray("cut"), c.PostFormArray("hand"), c.PostForm("words"))
	v := s.view(c, reading.Progress{Begun: true})
	on := []string{"after", a.Hash}
	if only != "" {
		on = append(on, "question", only)
	}
	if again {
		on = append(on, "read", "1")
	}
	verdict := reading.Verdict(c.PostForm("do"))
	switch verdict {
	case reading.Release, reading.Withhold:
		if verdict == reading.Release && (len(missing) > 0 || reading.Blank(reading.Published(a.Text, a.Cuts))) {
			break // it is not yet what they meant
		}
		if verdict == reading.Withhold {
			a.Cuts = nil
		}
		if err := d.Decide(c, a.Hash, verdict, a.Cuts); err != nil {
			server.Fail(c, err)
			return
		}
		c.Redirect(http.StatusSeeOther, v.At("/read", append(on, "kept", a.Hash)...))
		return
	case "next":
		c.Redirect(http.StatusSeeOther, v.At("/read", on...))
		return
	}
	if v.Progress, err = d.Progress(c); err != nil {
		server.Fail(c, err)
		return
	}
	server.Show(c, http.StatusOK, s.one, oneView{view: v, Answer: a, Only: only, Again: again, Missing: strings.Join(missing, ", ")})
}

// choose makes of an answer what a reader has ticked, marked by hand before, and typed now.
func choose(a *reading.Answer, ticked, hand []string, typed string) (missing []string) {
	byWords, missing := reading.Typed(a.Text, typed)
	a.Add(cuts(hand, a.Text))
	a.Add(byWords)
	a.Cuts = reading.Together(append(cuts(ticked, a.Text), byWords...))
	return missing
}

// cuts reads parts of a text as a form has them; what is none is left out.
func cuts(list []string, text string) []reading.Cut {
	var out []reading.Cut
	for _, s := range list {
		from, to, _ := strings.Cut(s, "-")
		start, bad := strconv.Atoi(from)
		end, worse := strconv.Atoi(to)
		d := reading.Decision{Verdict: reading.Release, Cuts: []reading.Cut{{Start: start, End: end}}}
		if bad == nil && worse == nil && d.Fits(text) {
			out = append(out, d.Cuts...)
		}
	}
	return out
}
