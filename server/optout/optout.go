// Package optout is the page behind the personal link of a letter: "no more messages", "I have already
// answered", and "tell me the results", which nobody can say in the survey. Reading it changes nothing, because mail scanners read every link; a POST
// does it, also the one-click POST that mail programs send (RFC 8058).
//
// It has nothing to do with answers: it cannot import survey, and its links are not those of the
// survey. It never shows whom a link was sent to, because letters are forwarded.
package optout

import (
	"context"
	"embed"
	"errors"
	"html/template"
	"io"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/server"
)

//go:embed pages
var files embed.FS

// Store is what this room needs of contacts.Store.
type Store interface {
	// ContactByToken finds a contact by the token of their link: contacts.ErrNoContact.
	ContactByToken(ctx context.Context, token string) (contacts.Known, error)
	// Record applies an event to a contact: contacts.ErrNoContact.
	Record(ctx context.Context, h contacts.Happening) error
}

// Pages are what the opt-out page is made of.
type Pages struct {
	Store Store
	Title i18n.Text // of the questionnaire
	Look  *server.Theme
	Email string // whom to write to
	Wave  string
	Now   func() time.Time
	Zone  *time.Location
	// Results tells that who wishes to hear of the results will.
	Results bool
}

type pages struct {
	Pages
	page *template.Template
}

// Register adds the page's routes under /u/. They are posted to by mail servers, so the router
// must name /u/ among server.Options.Foreign. The error is a fault in our own templates.
func Register(r gin.IRouter, p Pages) error {
	t, err := server.Template(files, "pages/optout.html")
	if err != nil {
		return err
	}
	s := &pages{Pages: p, page: t}
	server.Get(r, "/u/:token", s.show)
	r.POST("/u/:token", s.record)
	return nil
}

// view is the page for a link.
type view struct {
	server.Frame
	Email  string
	Status contacts.Status // empty: no such link
	// Slack tells that they have an account there, ByMail that they wish not to be written to by it.
	Slack, ByMail bool
	// Results tells that they can wish to hear of the results, Wished that they do.
	Results, Wished bool
}

// Stopped tells whether nothing more is sent to the address.
func (v view) Stopped() bool { return v.Status == contacts.OptedOut || v.Status == contacts.Erased }

// Answered tells whether they said that they have answered.
func (v view) Answered() bool { return v.Status == contacts.Answered }

// Known tells whether there is such a link.
func (v view) Known() bool { return v.Status != "" }

// find finds the contact of the link. Without one it answers the request itself.
func (s *pages) find(c *gin.Context) (contacts.Known, bool) {
	c.Header("X-Robots-Tag", "noindex")
	who, err := s.Store.ContactByToken(c.Request.Context(), c.Param("token"))
	switch {
	case err == nil:
		server.Prefer(c, who.Language)
		return who, true
	case errors.Is(err, contacts.ErrNoContact):
		s.say(c, server.Status(fault.NotFound), "", contacts.Known{})
	default:
		server.Fail(c, fault.Wrap(err, fault.Unavailable, "fault.internal", nil))
	}
	return contacts.Known{}, false
}

func (s *pages) show(c *gin.Context) {
	if who, ok := s.find(c); ok {
		s.say(c, http.StatusOK, who.Standing.Status(s.Wave), who)
	}
}

// events are what the buttons other than "no more messages" stand for.
var events = map[string]contacts.Event{
	"answered": contacts.SaidAnswered, "mail": contacts.NotInSlack, "slack": contacts.InSlack,
	"results": contacts.WantResults, "no_results": contacts.NoResults,
}

// record does what was asked for by a button that was pressed, and otherwise no more messages. Whoever posts to this address at all wants to be left alone, so nothing is asked
// again over a body that looks different. Doing it twice is doing it once.
func (s *pages) record(c *gin.Context) {
	who, ok := s.find(c)
	if !ok {
		return
	}
	event, pressed := events[choice(c.Request)]
	if !pressed {
		event = contacts.OptOut
	}
	err := s.Store.Record(c.Request.Context(), contacts.Happening{
		Contact: who.ID, Event: event, Wave: s.Wave, Day: s.Now().In(s.Zone).Format(time.DateOnly), Cause: contacts.Cause{Ground: contacts.Wish},
	})
	switch {
	case err == nil:
		who.Standing = who.Standing.After(event, s.Wave)
		s.say(c, http.StatusOK, who.Standing.Status(s.Wave), who)
	case errors.Is(err, contacts.ErrNoContact): // erased just now
		s.say(c, http.StatusOK, contacts.Erased, contacts.Known{})
	default:
		server.Fail(c, fault.Wrap(err, fault.Unavailable, "fault.internal", nil))
	}
}

// maxForm bounds what is read of a form: three short fields.
const maxForm = 64 << 10

func choice(r *http.Request) string {
	r.Body = io.NopCloser(io.LimitReader(r.Body, maxForm))
	if err := r.ParseMultipartForm(maxForm); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return ""
	}
	return r.PostFormValue("choice")
}

func (s *pages) say(c *gin.Context, status int, standing contacts.Status, who contacts.Known) {
	lang := server.Lang(c)
	v := view{Frame: server.Frame{Theme: s.Look, Lang: lang, Site: s.Title.In(lang)}, Email: s.Email, Status: standing}
	v.Results, v.Wished = s.Results, who.Standing.Results == s.Wave
	v.Slack, v.ByMail = who.SlackUser != "", who.Standing.NoSlack
	switch {
	case !v.Known():
		v.Title = v.T("optout.unknown_title")
	case v.Stopped():
		v.Title = v.T("optout.done_stop_title")
	case v.Answered():
		v.Title = v.T("optout.done_answered_title")
	default:
		v.Title = v.T("optout.title")
	}
	server.Show(c, status, s.page, v)
}
