// Package console is the coordinators' pages: response rates, how sending fares, and a pause. Who
// is named in the configuration gets in by a link sent to their address; there are no passwords.
//
// It makes no figures (report does) and knows no answer and no respondent.
package console

import (
	"context"
	"embed"
	"html/template"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/link"
	"viesti/outbox"
	"viesti/report"
	"viesti/server"
)

//go:embed pages
var files embed.FS

// Desk is what the console shows and changes.
type Desk interface {
	Rates(ctx context.Context, q report.Query) (report.Rates, error)
	Spread(ctx context.Context, q report.Query) (report.Spread, error)
	// Handout is what a network hands out in a channel: link.Onward is for its members to pass on.
	Handout(ctx context.Context, network string, channel link.Channel, l i18n.Lang) (link.Sheet, error)
	// Sending is how messages fare.
	Sending(ctx context.Context) (Sending, error)
	// Pause stops all sending, or lets it go on.
	Pause(ctx context.Context, paused bool) error
	// SignIn sends a coordinator the link that lets them in.
	SignIn(ctx context.Context, email string, l i18n.Lang, url string) error
	// SignedIn is told before somebody is let in.
	SignedIn(ctx context.Context, email string) error
}

// Sending is how messages fare.
type Sending struct {
	Counts   map[outbox.State]int64
	Paused   bool               // all sending
	Networks []contacts.Network // that are paused by themselves
	Problems []*fault.Fault     // what a person has to mend before messages go on
}

// Pages are what the console is made of.
type Pages struct {
	Desk         Desk
	Coordinators []string // addresses
	Title        i18n.Text
	Look         *server.Theme
	BaseURL      string
	// Report makes the pages of the report and hands them over one by one; Over tells whether the
	// survey is, so that they can be shown.
	Report func(ctx context.Context, put func(name string, body []byte) error) error
	Over   func() bool
	Now    func() time.Time
	Rand   io.Reader // cryptographic
	Log    *slog.Logger
}

type pages struct {
	Pages
	tickets *tickets
	secure  bool
	signIn  *template.Template
	enter   *template.Template
	desk    *template.Template
	spread  *template.Template
	made    reportPages
}

// Register adds the console's routes. signedIn tells other rooms with pages for coordinators whether one
// asks. Its error is a fault in our own templates, or no randomness.
func Register(r gin.IRouter, p Pages) (signedIn server.Guard, err error) {
	s := &pages{Pages: p, secure: len(p.BaseURL) > 5 && p.BaseURL[:6] == "https:"}
	if s.tickets, err = newTickets(p.Rand, p.Now); err != nil {
		return nil, err
	}
	for name, into := range map[string]**template.Template{"signin": &s.signIn, "enter": &s.enter, "desk": &s.desk, "spread": &s.spread} {
		if *into, err = server.Template(files, "pages/"+name+".html"); err != nil {
			return nil, err
		}
	}
	g := r.Group("/console")
	server.Get(g, "/", s.front)
	server.Get(g, "/spread", s.trees)
	server.Get(g, "/report", s.report)
	server.Get(g, "/report/:page", s.report)
	g.POST("/handout", s.handOut)
	g.POST("/sign-in", s.ask)
	server.Get(g, "/enter", s.door)
	g.POST("/enter", s.let)
	g.POST("/sign-out", s.leave)
	g.POST("/sending", s.sending)
	return func(c *gin.Context) bool { return s.coordinator(c) != "" }, nil
}

// view is what all pages of the console have.
type view struct {
	server.Frame
	Asked  bool   // a link was asked for
	Ticket string // to come in with
}

func (s *pages) view(c *gin.Context, title string) view {
	l := server.Lang(c)
	return view{Frame: server.Frame{Theme: s.Look, Lang: l, Site: s.Title.In(l), Title: i18n.T(l, title, nil), Home: "/console/?lang=" + string(l)}}
}

// front is the figures for who is signed in, and for others the way in.
func (s *pages) front(c *gin.Context) {
	if s.coordinator(c) == "" {
		server.Show(c, http.StatusOK, s.signIn, s.view(c, "console.sign_in"))
		return
	}
	q := report.Query{By: report.By(c.Query("by")), Lang: server.Lang(c)}
	if q.By == "" {
		q.By = report.ByNetwork
	}
	rates, err := s.Desk.Rates(c, q)
	if err != nil {
		server.Fail(c, err)
		return
	}
	sending, err := s.Desk.Sending(c)
	if err != nil {
		server.Fail(c, err)
		return
	}
	server.Show(c, http.StatusOK, s.desk, deskView{s.view(c, "console.rates"), rates, q.By, sending, s.Over()})
}

// ask sends a link to a coordinator. Whether the address is one is not told.
func (s *pages) ask(c *gin.Context) {
	email := c.PostForm("email")
	l := server.Lang(c)
	if at := slices.IndexFunc(s.Coordinators, func(known string) bool {
		return contacts.AddressKey(known) == contacts.AddressKey(email)
	}); at >= 0 && s.tickets.mayAsk(s.Coordinators[at]) {
		url := s.BaseURL + "/console/enter?lang=" + string(l) + "&ticket=" + s.tickets.issue(toEnter, s.Coordinators[at])
		go func(ctx context.Context) { // at once for everybody, so that the time tells nothing either
			if err := s.Desk.SignIn(ctx, s.Coordinators[at], l, url); err != nil {
				s.Log.Error("a sign-in link could not be sent", "err", err)
			}
		}(context.WithoutCancel(c))
	}
	v := s.view(c, "console.sign_in")
	v.Asked = true
	server.Show(c, http.StatusOK, s.signIn, v)
}

// door shows a button: a mail scanner that opens the link must not use it up.
func (s *pages) door(c *gin.Context) {
	v := s.view(c, "console.sign_in")
	v.Ticket = c.Query("ticket")
	server.Show(c, http.StatusOK, s.enter, v)
}

const cookie = "viesti-console"

// let lets in who has a ticket that was not used yet.
func (s *pages) let(c *gin.Context) {
	email, ok := s.tickets.redeem(toEnter, c.PostForm("ticket"))
	if !ok {
		server.Fail(c, fault.New(fault.Denied, "console.ticket", nil))
		return
	}
	if err := s.Desk.SignedIn(c, email); err != nil {
		server.Fail(c, err)
		return
	}
	s.keep(c, s.tickets.issue(toStay, email), int(lifetime[toStay].Seconds()))
	c.Redirect(http.StatusSeeOther, "/console/?lang="+string(server.Lang(c)))
}

func (s *pages) leave(c *gin.Context) {
	s.keep(c, "", -1)
	c.Redirect(http.StatusSeeOther, "/console/?lang="+string(server.Lang(c)))
}

func (s *pages) keep(c *gin.Context, value string, age int) {
	http.SetCookie(c.Writer, &http.Cookie{
		Name: cookie, Value: value, Path: "/console/", MaxAge: age, HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode,
	})
}

// coordinator is who is signed in, empty for nobody. Who was taken out of the configuration is
// nobody from the next start on.
func (s *pages) coordinator(c *gin.Context) string {
	value, err := c.Cookie(cookie)
	if err != nil {
		return ""
	}
	email, ok := s.tickets.read(toStay, value)
	if !ok || !slices.Contains(s.Coordinators, email) {
		return ""
	}
	return email
}

// sending pauses all sending or lets it go on.
func (s *pages) sending(c *gin.Context) {
	if s.coordinator(c) == "" {
		server.Fail(c, fault.New(fault.Denied, "console.denied", nil))
		return
	}
	if err := s.Desk.Pause(c, c.PostForm("pause") == "yes"); err != nil {
		server.Fail(c, err)
		return
	}
	c.Redirect(http.StatusSeeOther, "/console/?lang="+string(server.Lang(c)))
}
