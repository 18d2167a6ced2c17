// Package server is the web server's frame: the gin engine with what every request meets (a way
// back from a panic, security headers, a bound on bodies, protection of forms, counters), the one
// table from kinds of fault to HTTP statuses, the shape all pages share, and the assets.
//
// It has no pages of its own but those of errors. What is asked and answered, who is written to
// and what is counted are matters of the rooms below it.
package server

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"

	"viesti/i18n"
	"viesti/internal/fault"
)

// Options are what the engine is made of. Logger, Now and Rand are needed; the rest may be empty.
type Options struct {
	Title          i18n.Text // what the site is called: the questionnaire's title
	Theme          *Theme    // the organiser's look; nil: our own
	Email          string    // whom a visitor may write to when something fails
	BaseURL        string    // https://barometer.example.org, no slash at the end
	TrustedProxies []string  // addresses or networks that may say who the client is
	// Foreign are the paths that other sites' servers post to without being asked by a page of
	// ours ("/u/", "/slack/"): their forms are not held to the same origin.
	Foreign []string
	// Ready tells whether the program can do its work; nil is always.
	Ready func(ctx context.Context) error

	Registerer prometheus.Registerer // of the request counters; nil: none are kept
	Gatherer   prometheus.Gatherer   // shown at /metrics; nil: shown elsewhere
	Logger     *slog.Logger
	Now        func() time.Time
	Rand       io.Reader // of request ids
}

// New makes an engine to which the rooms add their routes.
func New(o Options) (*gin.Engine, error) {
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.HandleMethodNotAllowed = true
	r.RedirectFixedPath = true // a QR code or a hand may write the path in capitals
	if err := r.SetTrustedProxies(o.TrustedProxies); err != nil {
		return nil, err
	}
	origin, err := protection(o)
	if err != nil {
		return nil, err
	}
	s := &site{
		title: o.Title, email: o.Email, theme: o.Theme, logger: o.Logger, now: o.Now, rand: o.Rand,
		metrics: newMetrics(o.Registerer),
	}
	r.Use(s.observe, s.recover, headers(strings.HasPrefix(o.BaseURL, "https://")), bound, origin)
	r.NoRoute(func(c *gin.Context) { Fail(c, fault.New(fault.NotFound, "server.not_found", nil)) })
	r.NoMethod(func(c *gin.Context) { Fail(c, fault.New(fault.NotFound, "server.no_method", nil)) })
	serveAssets(r)
	o.Theme.serve(r)
	serveHealth(r, o)
	return r, nil
}

// Guard tells whether who asks may see a page.
type Guard func(c *gin.Context) bool

// Get adds a route for GET and HEAD, which are never allowed to differ.
func Get(r gin.IRoutes, path string, h gin.HandlerFunc) {
	r.GET(path, h)
	r.HEAD(path, h)
}

// Handle adds a route to a handler that knows nothing of gin and tells methods apart by itself.
func Handle(r gin.IRoutes, path string, h http.Handler) {
	r.Match([]string{http.MethodGet, http.MethodHead, http.MethodPost}, path, gin.WrapH(h))
}

// originOf is the scheme and host of an address, as browsers name an origin.
func originOf(base string) (string, bool) {
	u, err := url.Parse(base)
	if err != nil || u.Scheme == "" || u.Host == "" {
		return "", false
	}
	return u.Scheme + "://" + u.Host, true
}
