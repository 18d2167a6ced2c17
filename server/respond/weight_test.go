package respond_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"viesti/i18n"
	"viesti/server"
)

// every calls check with every page of the shipped survey, in every language.
func every(t *testing.T, check func(t *testing.T, b *browser)) {
	t.Helper()
	for _, l := range i18n.Langs {
		p := newPlace(t, "partnership-barometer")
		b := newBrowser(t, p, string(l)).get("/r/" + token)
		check(t, b)
		b.press("start", nil)
		for !strings.Contains(b.at, "/thanks") {
			check(t, b)
			said := fill{}
			for _, name := range []string{"q.took_national", "q.took_regional"} { // both branches
				if b.has(name) {
					said[name] = []string{"yes"}
				}
			}
			for _, name := range []string{"q.national_activities", "q.regional_activities"} {
				if b.has(name) {
					said[name] = []string{attr(b.find(func(n *html.Node) bool { return attr(n, "name") == name }), "value")}
				}
			}
			button := "next"
			if b.find(func(n *html.Node) bool { return n.Data == "button" && attr(n, "value") == "send" }) != nil {
				button = "send"
			}
			b.press(button, said)
		}
		check(t, b)
		check(t, b.get("/r/"+token+"/copy"))
		code := saved(t, newPlace(t, "testdata/kinds"), string(l), "/").shown()
		for _, path := range []string{
			"/r/nosuchlink", "/nowhere", "/privacy", "/accessibility", "/accessibility?sent=1", "/continue", "/continue/" + code,
		} {
			check(t, b.get(path))
		}
		other := newPlace(t, "testdata/kinds")
		check(t, saved(t, other, string(l), "/"))
		check(t, newBrowser(t, other, string(l)).get("/continue/"+code))
		check(t, b.visit(http.MethodPost, "/accessibility", map[string][]string{"address": {"nobody"}, "lang": {string(l)}}))
	}
}

// Pages are plain HTML: no script, no style of their own but the files they share, nothing from
// anywhere else.
func TestPlainPages(t *testing.T) {
	pages := 0
	every(t, func(t *testing.T, b *browser) {
		pages++
		ids := map[string]bool{}
		for n := range b.doc.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			if n.Data == "script" && (attr(n, "src") != server.Asset("viesti.js") || inner(n) != "") {
				t.Errorf("%s has a script of its own", b.at)
			}
			if n.Data == "style" || n.Data == "iframe" || n.Data == "img" {
				t.Errorf("%s has a <%s>", b.at, n.Data)
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" {
					t.Errorf("%s: <%s %s>", b.at, n.Data, a.Key)
				}
				if (a.Key == "src" || a.Key == "action" || n.Data == "link" && a.Key == "href") && !strings.HasPrefix(a.Val, "/") {
					t.Errorf("%s loads %s", b.at, a.Val)
				}
			}
			if id := attr(n, "id"); id != "" {
				if ids[id] {
					t.Errorf("%s: the id %s is there twice", b.at, id)
				}
				ids[id] = true
			}
		}
		b.references(ids)
		csp := b.header.Get("Content-Security-Policy")
		if !strings.HasPrefix(csp, "default-src 'none'; ") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: %s", b.at, csp)
		}
		referrer := "same-origin"
		switch { // the pages with a code
		case strings.HasPrefix(b.at, "/later"):
			referrer = "no-referrer"
		case strings.HasPrefix(b.at, "/continue"):
			referrer = "strict-origin"
		}
		for name, want := range map[string]string{
			"Referrer-Policy": referrer, "X-Content-Type-Options": "nosniff", "Strict-Transport-Security": "max-age=31536000",
			"Content-Language": b.lang(), "Content-Type": server.HTML,
		} {
			if got := b.header.Get(name); got != want {
				t.Errorf("%s: %s is %q", b.at, name, got)
			}
		}
		for _, path := range []string{"/privacy", "/accessibility"} {
			if b.find(func(n *html.Node) bool { return n.Data == "a" && strings.HasPrefix(attr(n, "href"), path) }) == nil {
				t.Errorf("%s has no link to %s", b.at, path)
			}
		}
	})
	if pages < 3*15 {
		t.Errorf("only %d pages were seen", pages)
	}
}

// references checks that what the page points to is there, and that every field has a name.
func (b *browser) references(ids map[string]bool) {
	b.t.Helper()
	for n := range b.doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		for _, key := range []string{"aria-labelledby", "aria-describedby", "for", "form"} {
			for id := range strings.FieldsSeq(attr(n, key)) {
				if !ids[id] {
					b.t.Errorf("%s: %s points to %q, which is not there", b.at, key, id)
				}
			}
		}
		if n.Data == "input" && attr(n, "type") != "hidden" || n.Data == "textarea" {
			label := n.Parent.Data == "label" && inner(n.Parent) != ""
			label = label || b.find(func(l *html.Node) bool {
				return l.Data == "label" && attr(l, "for") == attr(n, "id") && attr(n, "id") != ""
			}) != nil
			if !label {
				b.t.Errorf("%s: the field %s has no label", b.at, attr(n, "name"))
			}
		}
	}
}

// The first page with all it loads is small enough for a bad line, and comes compressed.
func TestWeight(t *testing.T) {
	p := newPlace(t, "partnership-barometer")
	fetch := func(path string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Accept-Encoding", "gzip, br")
		w := httptest.NewRecorder()
		p.handler.ServeHTTP(w, r)
		if w.Code != http.StatusOK || w.Header().Get("Content-Encoding") != "gzip" {
			t.Fatalf("%s: %d %q", path, w.Code, w.Header().Get("Content-Encoding"))
		}
		return w
	}
	total := 0
	for _, path := range []string{"/r/" + token, server.Asset("viesti.css"), server.Asset("viesti.js"), server.Asset("icon.svg")} {
		n := fetch(path).Body.Len()
		t.Logf("%s: %d bytes", path, n)
		total += n
	}
	if total >= 30_000 {
		t.Errorf("%d bytes", total)
	}
}

func TestLandingIsKept(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	first := newBrowser(t, p, "fi").get("/r/" + token)
	if front := newBrowser(t, p, "fi").get("/"); front.body != first.body {
		t.Error("the landing page differs between links")
	}
	r := httptest.NewRequest(http.MethodGet, "/r/"+token, nil)
	r.Header.Set("Accept-Language", "fi")
	r.Header.Set("If-None-Match", first.header.Get("Etag"))
	w := httptest.NewRecorder()
	p.handler.ServeHTTP(w, r)
	if w.Code != http.StatusNotModified || w.Body.Len() != 0 {
		t.Errorf("%d with %d bytes", w.Code, w.Body.Len())
	}
}

// A forged form, sent from another site's page, does nothing.
func TestForgedForm(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	for header, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("go=start"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set(header, value)
		w := httptest.NewRecorder()
		p.handler.ServeHTTP(w, r)
		if w.Code != http.StatusForbidden || p.store.writes != 0 {
			t.Errorf("%s: %s: %d", header, value, w.Code)
		}
	}
}

func FuzzPage(f *testing.F) {
	for _, seed := range []string{
		"go=next&q.role=teacher&q.tools=mail", "go=send&q.more=%00%ff", "go=clear-role", "go=lang-sv&lang=xx",
		"q.grade=9999999999999999999999", "q.views.trust=2&q.views.trust=1", "q.tools=mail&q.tools=none&q.tools.~other=x", "%zz", "a;b",
	} {
		for page := range 5 {
			f.Add(page, seed)
		}
	}
	p := newPlace(f, "testdata/kinds")
	f.Fuzz(func(t *testing.T, page int, body string) {
		b := newBrowser(t, p, "en")
		b.do(http.MethodPost, "/", map[string][]string{"go": {"start"}})
		for range 2 { // the second meets what the first has left
			r := httptest.NewRequest(http.MethodPost, "/page/"+[]string{"1", "2", "3", "4", "5"}[uint(page)%5], strings.NewReader(body))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Cookie", "viesti="+b.cookie)
			w := httptest.NewRecorder()
			p.handler.ServeHTTP(w, r)
			if w.Code >= 500 || w.Code < 300 {
				t.Fatalf("%d for %q", w.Code, body)
			}
		}
		clear(p.store.drafts)
		p.store.sent = nil
	})
}
