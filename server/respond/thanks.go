package respond

import (
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"viesti/i18n"
	"viesti/link"
	"viesti/server"
	"viesti/survey"
)

// thanksView is the page after the answers were sent.
type thanksView struct {
	server.Frame
	Thanks string
	Link   string        // to pass on
	QR     template.HTML // of Link
	Mail   string        // an address that opens a letter with it
	Chat   string        // a post with it, to be pasted
	Copy   string        // where the own answers are; empty: no longer there
}

// prepareToPassOn makes the link that a visitor may pass on, when they begin. One of them serves
// all who came the same way, so it belongs to nobody's answer; it is made apart from the answer,
// and if that fails, the visitor passes on the link they came by.
func (s *pages) prepareToPassOn(c *gin.Context) {
	token := c.Param("token")
	if token == "" {
		return
	}
	if _, err := s.Links.PassOn(c.Request.Context(), token); err != nil {
		server.Log(c, unavailable(err))
	}
}

// passedOn is the address to pass on for who came by the link with a token, or by none.
func (s *pages) passedOn(c *gin.Context, token string) string {
	if token == "" {
		return strings.TrimSuffix(s.BaseURL, "/") + "/"
	}
	onward, err := s.Links.PassedOn(c.Request.Context(), token)
	switch {
	case err == nil:
		return link.Survey(s.BaseURL, onward.Token)
	case !errors.Is(err, link.ErrNoLink):
		server.Log(c, unavailable(err))
	}
	return link.Survey(s.BaseURL, token)
}

// showThanks thanks those whose answers were sent; others are not told so.
func (s *pages) showThanks(c *gin.Context) {
	_, err := s.draft(c)
	switch {
	case errors.Is(err, survey.ErrSubmitted):
	case err == nil, errors.Is(err, survey.ErrNoDraft), errors.Is(err, survey.ErrRemoved):
		see(c, "")
		return
	default:
		server.Fail(c, unavailable(err))
		return
	}
	v, err := s.thanksView(server.Lang(c), s.passedOn(c, c.Param("token")))
	if err != nil {
		server.Fail(c, err)
		return
	}
	if _, there := s.copies.get(survey.KeyOf(cookie(c))); there {
		v.Copy = base(c) + "/copy?lang=" + string(v.Lang)
	}
	server.Show(c, http.StatusOK, s.thanks, v)
}

func (s *pages) thanksView(lang i18n.Lang, onward string) (v thanksView, err error) {
	v = thanksView{
		Frame:  server.Frame{Theme: s.Look, Lang: lang, Site: s.survey.Title.In(lang)},
		Thanks: s.survey.Thanks.In(lang), Link: onward,
	}
	v.Title = v.T("respond.thanks_title")
	facts := []any{"title", v.Site, "from", s.survey.Minutes[0], "to", s.survey.Minutes[1], "link", onward}
	v.Mail = letter(v.T("respond.mail_subject", "title", v.Site), v.T("respond.mail_body", facts...))
	v.Chat = v.T("respond.pass.chat_text", facts...)
	v.QR, err = drawing(onward, v.T("respond.pass.qr"))
	return v, err
}

// letter is a mailto address (RFC 6068) without a recipient.
func letter(subject, body string) string {
	escape := func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
	return "mailto:?subject=" + escape(subject) + "&body=" + escape(strings.ReplaceAll(body, "\n", "\r\n"))
}
