package server

import (
	"errors"
	"log/slog"
	"net/http"

	"github.com/gin-gonic/gin"

	"viesti/i18n"
	"viesti/internal/fault"
)

// answer is how a kind of fault is answered: with which status, and under which title.
type answer struct {
	status int
	title  string
}

// answers is the one table from kinds of fault to HTTP.
var answers = map[fault.Kind]answer{
	fault.Invalid:     {http.StatusUnprocessableEntity, "server.title_invalid"},
	fault.NotFound:    {http.StatusNotFound, "server.title_not_found"},
	fault.Conflict:    {http.StatusConflict, "server.title_conflict"},
	fault.Denied:      {http.StatusForbidden, "server.title_denied"},
	fault.Closed:      {http.StatusForbidden, "server.title_closed"},
	fault.TooLarge:    {http.StatusRequestEntityTooLarge, "server.title_too_large"},
	fault.Unavailable: {http.StatusServiceUnavailable, "server.title_unavailable"},
	fault.Internal:    {http.StatusInternalServerError, "server.title_internal"},
}

func answerTo(k fault.Kind) answer {
	if a, ok := answers[k]; ok {
		return a
	}
	return answers[fault.Internal]
}

// Status is the HTTP status for a kind of fault.
func Status(k fault.Kind) int { return answerTo(k).status }

// Lang is the language to answer a request in: what Speak chose, else what ?lang= names, else
// what Prefer chose, else what the browser asks for.
func Lang(c *gin.Context) i18n.Lang {
	v := visitOf(c)
	if v != nil && v.spoken != "" {
		return v.spoken
	}
	if l, ok := i18n.ParseLang(c.Query("lang")); ok {
		return l
	}
	if v != nil && v.preferred != "" {
		return v.preferred
	}
	return i18n.Accept(c.GetHeader("Accept-Language"))
}

// Prefer chooses the language of a request that does not name one in its address.
func Prefer(c *gin.Context, l i18n.Lang) {
	if v := visitOf(c); v != nil {
		v.preferred = l
	}
}

// Speak chooses the language of the answer, whatever the address says: a form was sent in it.
func Speak(c *gin.Context, l i18n.Lang) {
	if v := visitOf(c); v != nil {
		v.spoken = l
	}
}

// Log writes err to the log if it is a fault of ours, and says by what id.
func Log(c *gin.Context, err error) (id string) {
	v := visitOf(c)
	kind := fault.KindOf(err)
	if kind == fault.Internal || kind == fault.Unavailable {
		v.logger.LogAttrs(c.Request.Context(), slog.LevelError, "request failed",
			slog.String("route", c.FullPath()), slog.String("request", v.name()), slog.Any("cause", err))
	}
	return v.name()
}

// Fail ends a request with err: a page in the visitor's language, or JSON for who asks for it.
// What went wrong inside goes to the log alone.
func Fail(c *gin.Context, err error) {
	c.Abort()
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		err = fault.New(fault.TooLarge, "server.too_large", nil)
	}
	f := fault.Of(err)
	id := Log(c, err)
	if c.Writer.Written() { // the page was cut off half way; there is no taking it back
		return
	}
	c.Header("X-Request-Id", id)
	for _, of := range []string{"Content-Encoding", "Content-Length", "Etag"} { // the page meant to be sent
		c.Writer.Header().Del(of)
	}
	status := Status(f.Kind)
	if f.Key == "server.no_method" {
		status = http.StatusMethodNotAllowed
	}
	if wantsJSON(c) {
		c.JSON(status, gin.H{"kind": f.Kind, "message": f.Say(Lang(c)), "request": id})
		return
	}
	failPage(c, status, f, id)
}

func wantsJSON(c *gin.Context) bool {
	return c.NegotiateFormat(gin.MIMEHTML, gin.MIMEJSON) == gin.MIMEJSON
}
