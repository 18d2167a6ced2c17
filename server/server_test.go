package server_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/server"
	"viesti/server/look"
)

// engine is a server with a few routes that misbehave.
func engine(t *testing.T, change func(o *server.Options)) (*gin.Engine, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	registry := prometheus.NewRegistry()
	o := server.Options{
		Title: i18n.Text{i18n.Fi: "Kysely", i18n.Sv: "Enkät", i18n.En: "Survey"}, Email: "help@example.org",
		BaseURL: "http://localhost:8080", Foreign: []string{"/slack/"},
		Registerer: registry, Gatherer: registry, Now: time.Now, Rand: rand.NewChaCha8([32]byte{}),
		Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if change != nil {
		change(&o)
	}
	r, err := server.New(o)
	if err != nil {
		t.Fatal(err)
	}
	server.Get(r, "/panic/:token", func(*gin.Context) { panic("secret words") })
	server.Get(r, "/fault/:kind", func(c *gin.Context) {
		server.Fail(c, fault.Wrap(errors.New("secret words"), fault.Kind(c.Param("kind")), "fault.internal", nil))
	})
	echo := func(c *gin.Context) {
		if err := c.Request.ParseForm(); err != nil {
			server.Fail(c, err)
			return
		}
		c.String(http.StatusOK, "took it")
	}
	r.POST("/form", echo)
	r.POST("/slack/commands", echo)
	return r, &log
}

func ask(h http.Handler, method, path string, header http.Header, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	for k, v := range header {
		r.Header[k] = v
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestPanic(t *testing.T) {
	for _, l := range i18n.Langs {
		r, log := engine(t, nil)
		w := ask(r, http.MethodGet, "/panic/sometoken", http.Header{"Accept-Language": {string(l)}}, "")
		id := w.Header().Get("X-Request-Id")
		if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "secret") ||
			!strings.Contains(w.Body.String(), i18n.T(l, "server.title_internal", nil)) || id == "" || !strings.Contains(w.Body.String(), id) {
			t.Errorf("%d\n%s", w.Code, w.Body)
		}
		if strings.Count(log.String(), "secret words") != 1 || !strings.Contains(log.String(), id) || strings.Contains(log.String(), "sometoken") {
			t.Errorf("log: %s", log)
		}
	}
}

func TestFaults(t *testing.T) {
	for kind, status := range map[fault.Kind]int{
		fault.Invalid: 422, fault.NotFound: 404, fault.Conflict: 409, fault.Denied: 403, fault.Closed: 403,
		fault.TooLarge: 413, fault.Unavailable: 503, fault.Internal: 500, "made up": 500,
	} {
		r, log := engine(t, nil)
		path := "/fault/" + strings.ReplaceAll(string(kind), " ", "%20")
		if w := ask(r, http.MethodGet, path, nil, ""); w.Code != status || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%s: %d\n%s", kind, w.Code, w.Body)
		}
		w := ask(r, http.MethodGet, path, http.Header{"Accept": {"application/json"}}, "")
		if w.Code != status || !strings.Contains(w.Body.String(), `"kind":"`+string(kind)+`"`) || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%s as JSON: %d %s", kind, w.Code, w.Body)
		}
		if ours := kind == fault.Internal || kind == fault.Unavailable; strings.Contains(log.String(), "secret words") != ours {
			t.Errorf("%s: log: %s", kind, log)
		}
	}
}

func TestNoSuchPage(t *testing.T) {
	r, _ := engine(t, nil)
	for method, want := range map[string]int{http.MethodGet: 404, http.MethodHead: 404, http.MethodPost: 404} {
		if w := ask(r, method, "/nowhere", nil, ""); w.Code != want {
			t.Errorf("%s: %d", method, w.Code)
		}
	}
	w := ask(r, http.MethodGet, "/form", http.Header{"Accept-Language": {"sv"}}, "")
	if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "POST" || !strings.Contains(w.Body.String(), `lang="sv"`) {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}

func TestOrigin(t *testing.T) {
	r, _ := engine(t, func(o *server.Options) { o.BaseURL = "https://baro.example.org" })
	for _, tt := range []struct {
		name, path string
		header     http.Header
		want       int
	}{
		{"same origin", "/form", http.Header{"Sec-Fetch-Site": {"same-origin"}}, 200},
		{"no browser", "/form", nil, 200},
		{"another site", "/form", http.Header{"Sec-Fetch-Site": {"cross-site"}, "Origin": {"https://evil.example"}}, 403},
		{"another site, old browser", "/form", http.Header{"Origin": {"https://evil.example"}}, 403},
		{"behind a proxy that changed the host", "/form", http.Header{"Origin": {"https://baro.example.org"}}, 200},
		{"foreign path", "/slack/commands", http.Header{"Origin": {"https://slack.com"}}, 200},
	} {
		if w := ask(r, http.MethodPost, tt.path, tt.header, "a=b"); w.Code != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, w.Code, tt.want)
		}
	}
}

func TestBodyBound(t *testing.T) {
	r, _ := engine(t, nil)
	body := "a=" + strings.Repeat("x", server.MaxBody)
	if w := ask(r, http.MethodPost, "/form", nil, body); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("said to be long: %d", w.Code)
	}
	chunked := httptest.NewRequest(http.MethodPost, "/form", strings.NewReader(body))
	chunked.ContentLength = -1
	chunked.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	r.ServeHTTP(w, chunked)
	if w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("turned out to be long: %d", w.Code)
	}
}

func TestHeaders(t *testing.T) {
	for base, want := range map[string]string{"http://localhost:8080": "", "https://baro.example.org": "max-age=31536000"} {
		r, _ := engine(t, func(o *server.Options) { o.BaseURL = base })
		if got := ask(r, http.MethodGet, "/nowhere", nil, "").Header().Get("Strict-Transport-Security"); got != want {
			t.Errorf("%s: %q", base, got)
		}
	}
}

func TestAssets(t *testing.T) {
	r, _ := engine(t, nil)
	for _, name := range []string{"viesti.css", "viesti.js", "icon.svg"} {
		path := server.Asset(name)
		w := ask(r, http.MethodGet, path, http.Header{"Accept-Encoding": {"gzip"}}, "")
		if w.Code != 200 || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") || w.Header().Get("Content-Encoding") != "gzip" {
			t.Errorf("%s: %d %v", path, w.Code, w.Header())
		}
		if plain := ask(r, http.MethodGet, path, http.Header{"Accept-Encoding": {"gzip;q=0"}}, ""); plain.Header().Get("Content-Encoding") != "" {
			t.Error("compressed against the client's wish")
		}
		again := ask(r, http.MethodGet, path, http.Header{"Accept-Encoding": {"gzip"}, "If-None-Match": {w.Header().Get("Etag")}}, "")
		if again.Code != http.StatusNotModified {
			t.Errorf("again: %d", again.Code)
		}
	}
	for name, most := range map[string]int{"viesti.css": 18_000, "viesti.js": 10_000} {
		body, err := fs.ReadFile(os.DirFS("assets"), name)
		if err != nil {
			t.Fatal(err)
		}
		if len(body) > most || bytes.Contains(body, []byte("http")) || bytes.Contains(body, []byte("@import")) {
			t.Errorf("%s has %d bytes, or loads something", name, len(body))
		}
	}
}

// An organiser's look is served from memory, and a drawing opened by itself can do nothing.
func TestTheme(t *testing.T) {
	theme := server.NewTheme(look.Look{Tokens: ":root { --accent: #123456 }", Logo: []byte("<svg/>"), Kind: "image/svg+xml"}, i18n.Text{i18n.Fi: "Ministeriö"})
	r, _ := engine(t, func(o *server.Options) { o.Theme = theme })
	w := ask(r, http.MethodGet, theme.Logo(), nil, "")
	if w.Code != 200 || w.Header().Get("Content-Type") != "image/svg+xml" || w.Header().Get("X-Content-Type-Options") != "nosniff" ||
		w.Header().Get("Content-Security-Policy") != "default-src 'none'; sandbox" {
		t.Errorf("the logo: %d %v", w.Code, w.Header())
	}
	if w := ask(r, http.MethodGet, theme.Style(), nil, ""); w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/css") {
		t.Errorf("the tokens: %d %v", w.Code, w.Header())
	}
	page := ask(r, http.MethodGet, "/nowhere?lang=fi", http.Header{"Accept": {"text/html"}}, "").Body.String()
	for _, want := range []string{theme.Style(), theme.Logo(), `alt="Ministeriö"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page of an error has no %s", want)
		}
	}
}

func TestHealthAndMetrics(t *testing.T) {
	var trouble error
	r, _ := engine(t, func(o *server.Options) { o.Ready = func(context.Context) error { return trouble } })
	if w := ask(r, http.MethodGet, "/healthz", nil, ""); w.Code != 200 {
		t.Errorf("healthz: %d", w.Code)
	}
	if w := ask(r, http.MethodGet, "/readyz", nil, ""); w.Code != 200 {
		t.Errorf("readyz: %d", w.Code)
	}
	trouble = errors.New("secret words")
	if w := ask(r, http.MethodGet, "/readyz", nil, ""); w.Code != 503 || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("readyz: %d %s", w.Code, w.Body)
	}
	ask(r, http.MethodGet, "/panic/sometoken", nil, "")
	ask(r, "BREW", "/nowhere", nil, "")
	figures := ask(r, http.MethodGet, "/metrics", nil, "").Body.String()
	for _, want := range []string{
		`viesti_http_requests_total{method="GET",route="/panic/:token",status="500"} 1`,
		`viesti_http_requests_total{method="other",route="none",status="404"} 1`,
	} {
		if !strings.Contains(figures, want) {
			t.Errorf("no %s in\n%s", want, figures)
		}
	}
	if strings.Contains(figures, "sometoken") {
		t.Error("a token in the metrics")
	}
}

func TestLogHasNoPaths(t *testing.T) {
	r, log := engine(t, nil)
	ask(r, http.MethodGet, "/fault/sometoken?lang=sv", nil, "")
	if !strings.Contains(log.String(), "route=/fault/:kind") || strings.Contains(log.String(), "sometoken") {
		t.Errorf("log: %s", log)
	}
}
