package server

import (
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/gin-gonic/gin"

	"viesti/i18n"
	"viesti/internal/fault"
)

// site is what the requests of one engine have in common.
type site struct {
	title   i18n.Text
	email   string
	theme   *Theme
	logger  *slog.Logger
	now     func() time.Time
	rand    io.Reader
	metrics *metrics
}

// visit is what is known of one request beside the request itself.
type visit struct {
	*site
	id string // for the log and, on an error page, for the visitor to quote

	spoken, preferred i18n.Lang // chosen by a handler: see Lang
}

const visitKey = "viesti.visit"

func visitOf(c *gin.Context) *visit {
	v, _ := c.Value(visitKey).(*visit)
	return v
}

// observe names, times and counts the request. The route's pattern is logged and counted, never
// the path: paths carry tokens.
func (s *site) observe(c *gin.Context) {
	begun := s.now()
	v := &visit{site: s}
	c.Set(visitKey, v)
	c.Next()
	took := s.now().Sub(begun)
	route, status := c.FullPath(), c.Writer.Status()
	if route == "" {
		route = "none"
	}
	s.metrics.count(route, c.Request.Method, status, took)
	if !s.logger.Enabled(c.Request.Context(), slog.LevelDebug) {
		return
	}
	s.logger.LogAttrs(c.Request.Context(), slog.LevelDebug, "request", slog.String("method", c.Request.Method),
		slog.String("route", route), slog.Int("status", status), slog.Duration("took", took), slog.String("request", v.name()))
}

// name is the request's id, drawn when it is first needed: most requests need none.
func (v *visit) name() string {
	if v.id == "" {
		v.id = v.requestID()
	}
	return v.id
}

// requestID is 48 random bits; without randomness a request goes unnamed rather than unanswered.
func (s *site) requestID() string {
	var b [6]byte
	if _, err := io.ReadFull(s.rand, b[:]); err != nil {
		return ""
	}
	return hex.EncodeToString(b[:])
}

// recover turns a panic into a friendly page and one line in the log.
func (s *site) recover(c *gin.Context) {
	defer func() {
		p := recover()
		switch p {
		case nil:
			return
		case http.ErrAbortHandler:
			panic(p)
		}
		cause := fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		Fail(c, fault.Wrap(cause, fault.Internal, "fault.internal", nil))
	}()
	c.Next()
}

// The policy lets a page load our own style sheets, script and pictures, send its form to us, and
// nothing else: no script or style in a page, nothing from anywhere.
const policy = "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; " +
	"connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// headers sets what every answer carries. The referrer stays within the site, so that a link's
// token is told to nobody. It is not "no-referrer", because then browsers send their forms with
// "Origin: null", and where they send no Sec-Fetch-Site (plain HTTP) no form could be told from a
// forged one.
func headers(secure bool) gin.HandlerFunc {
	return func(c *gin.Context) {
		h := c.Writer.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("Referrer-Policy", "same-origin")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		if secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
	}
}

// MaxBody is the most bytes a request may carry. The longest page of answers is far below it.
const MaxBody = 1 << 20

// bound keeps a request's body within MaxBody, at once where it says how long it is and
// otherwise when it is read.
func bound(c *gin.Context) {
	if c.Request.ContentLength > MaxBody {
		Fail(c, fault.New(fault.TooLarge, "server.too_large", nil))
		return
	}
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, MaxBody)
}

// protection refuses forms that another site's page sends in a visitor's name.
func protection(o Options) (gin.HandlerFunc, error) {
	p := http.NewCrossOriginProtection()
	if own, ok := originOf(o.BaseURL); ok { // a proxy may have changed the Host
		if err := p.AddTrustedOrigin(own); err != nil {
			return nil, err
		}
	}
	for _, path := range o.Foreign {
		p.AddInsecureBypassPattern(path)
	}
	return func(c *gin.Context) {
		if err := p.Check(c.Request); err != nil {
			Fail(c, fault.Wrap(err, fault.Denied, "server.other_site", nil))
		}
	}, nil
}
