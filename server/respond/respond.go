// Package respond is the respondent's pages: the landing page of a tracking link, the pages of
// the questionnaire, and thanks. They are plain HTML forms that work without JavaScript; reading
// a page changes nothing, and each page of answers is on disk before the next one is shown.
//
// It knows no person. It cannot import contacts, campaign, outbox or report, it keeps nothing of
// a visit but one cookie in the visitor's own browser, and it neither checks answers (survey)
// nor counts them (store).
package respond

import (
	"context"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/link"
	"viesti/server"
	"viesti/survey"
)

// Links finds tracking links, and those that they are passed on as: link.ErrNoLink.
type Links interface {
	Find(ctx context.Context, token string) (link.Link, error)
	// PassOn gives the link to be passed on by those who came through another, made now if
	// there was none. PassedOn makes none.
	PassOn(ctx context.Context, token string) (link.Link, error)
	PassedOn(ctx context.Context, token string) (link.Link, error)
}

// Contact is whom respondents may turn to. Empty fields are not shown.
type Contact struct {
	Name         string
	Organisation string
	Email        string
	Phone        string
}

// Dial is the telephone number as an address: digits alone, and a plus.
func (c Contact) Dial() string {
	return strings.Map(func(r rune) rune {
		if r == '+' || '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, c.Phone)
}

// Pages are what the respondent's pages are made of.
type Pages struct {
	Fieldwork *survey.Fieldwork
	Links     Links
	Organiser i18n.Text // who asks
	Look      *server.Theme
	Contact   Contact
	Notices   Notices
	Post      Post   // takes feedback; nil: there is no form for it
	BaseURL   string // https://barometer.example.org, no slash at the end
}

// Days is for how many days an unfinished answer is kept.
func (p Pages) Days() int { return p.Fieldwork.Keep }

// pages are Pages with all templates read and all that can be known beforehand made.
type pages struct {
	Pages
	survey   *survey.Questionnaire
	landing  *template.Template
	question *template.Template
	retry    *template.Template
	thanks   *template.Template
	unknown  *template.Template
	unkept   *template.Template
	review   *template.Template
	copied   *template.Template
	file     *template.Template // a copy without a frame
	copies   copies
	later    *template.Template
	goOn     *template.Template // with an answer, by its code
	secure   bool

	landings map[landingKey]*server.Prepared
	blanks   map[blankKey]*server.Prepared
	ready    map[readyKey]template.HTML
	notices  map[noticeKey]*server.Prepared
	notice   map[string]*template.Template // by name
	pace     pace                          // of feedback
}

// Register adds the respondent's routes to a router made by server.New: the same pages at the
// front page and under /r/{token}. The error is a fault in our own templates.
func Register(r gin.IRouter, p Pages) error {
	s, err := prepare(p)
	if err != nil {
		return err
	}
	for _, g := range []gin.IRouter{r.Group(""), r.Group("/r/:token", s.known)} {
		server.Get(g, "", s.showLanding)
		g.POST("", s.start)
		server.Get(g, "/page/:page", s.showPage)
		g.POST("/page/:page", s.savePage)
		server.Get(g, "/review", s.showReview)
		g.POST("/review", s.reviewed)
		server.Get(g, "/later", s.showLater)
		server.Get(g, "/thanks", s.showThanks)
		server.Get(g, "/copy", s.showCopy)
		g.POST("/copy", s.forgetCopy)
	}
	for _, path := range []string{"/continue", "/continue/:code"} {
		server.Get(r, path, s.showContinue)
		r.POST(path, s.takeUp)
	}
	server.Get(r, "/privacy", s.showNotice("privacy"))
	server.Get(r, "/accessibility", s.showNotice("accessibility"))
	r.POST("/accessibility", s.takeFeedback)
	return nil
}

func prepare(p Pages) (*pages, error) {
	s := &pages{Pages: p, survey: p.Fieldwork.Questionnaire, secure: strings.HasPrefix(p.BaseURL, "https://")}
	s.copies.now, s.pace.now = p.Fieldwork.Now, p.Fieldwork.Now
	var faults []error
	for name, t := range map[string]**template.Template{
		"landing": &s.landing, "question": &s.question, "retry": &s.retry, "thanks": &s.thanks, "unknown": &s.unknown, "typed": &s.unkept,
		"review": &s.review, "copy": &s.copied, "later": &s.later, "continue": &s.goOn,
	} {
		var err error
		*t, err = server.Template(files, "pages/"+name+".html", "pages/contact.html", "pages/answers.html")
		faults = append(faults, err)
	}
	file, err := template.ParseFS(files, "pages/download.html", "pages/answers.html")
	s.file = file
	if err := errors.Join(append(faults, err)...); err != nil {
		return nil, err
	}
	return s, errors.Join(s.prepareLandings(), s.prepareQuestions(), s.prepareBlanks(), s.prepareNotices())
}

// base is where the visitor's pages lie: nothing for the front page, else /r/{token}.
func base(c *gin.Context) string {
	if token := c.Param("token"); token != "" {
		return "/r/" + token
	}
	return ""
}

// see sends the visitor on to a page under base by GET.
func see(c *gin.Context, path string) {
	target := base(c) + path
	if !strings.HasPrefix(target, "/") {
		target = "/" + target
	}
	c.Header("Cache-Control", "no-store")
	c.Redirect(http.StatusSeeOther, target)
}

// known lets through only links that exist, under their one true address.
func (s *pages) known(c *gin.Context) {
	c.Header("X-Robots-Tag", "noindex")
	given := c.Param("token")
	token, ok := link.Parse(given)
	if ok {
		_, err := s.Links.Find(c.Request.Context(), token)
		if err != nil && !errors.Is(err, link.ErrNoLink) {
			server.Fail(c, unavailable(err))
			return
		}
		ok = err == nil
	}
	switch {
	case !ok:
		c.Abort()
		s.showUnknown(c)
	case token != given:
		c.Abort()
		rest := strings.TrimPrefix(c.Request.URL.Path, "/r/"+given)
		target := url.URL{Path: "/r/" + token + rest, RawQuery: c.Request.URL.RawQuery}
		c.Redirect(http.StatusPermanentRedirect, target.String())
	}
}

func unavailable(err error) *fault.Fault {
	return fault.Wrap(err, fault.Unavailable, "fault.internal", nil)
}
