package respond_test

import (
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"viesti/i18n"
)

// Mail scanners and previews read every link. None of them is a person.
func TestReadingChangesNothing(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	b := newBrowser(t, p, "fi").get("/").press("start", nil).press("next", fill{"q.role": {"adviser"}})
	writes, before := p.store.writes, maps.Clone(p.store.drafts)
	stranger := newBrowser(t, p, "en")
	for _, who := range []*browser{b, stranger} {
		for _, path := range []string{
			"/", "/r/" + token, "/r/" + token + "?lang=sv", "/page/1", "/page/2?lang=en&saved=1", "/page/5",
			"/thanks", "/r/" + token + "/thanks", "/r/nosuchlink234", "/privacy", "/accessibility", "/accessibility?sent=1",
			"/review", "/later", "/copy", "/copy?download=1", "/continue", "/continue/" + b.cookie, "/continue/k7mp-9qxt-w4bnz",
		} {
			for _, method := range []string{http.MethodGet, http.MethodHead} {
				w := who.do(method, path, nil)
				if method == http.MethodHead && w.Code == http.StatusMethodNotAllowed {
					t.Errorf("HEAD %s is not allowed", path)
				}
				if len(w.Result().Cookies()) > 0 {
					t.Errorf("%s %s sets a cookie", method, path)
				}
			}
		}
	}
	if p.store.writes != writes || len(p.store.drafts) != len(before) || p.store.only().Lang != i18n.Fi {
		t.Error("reading changed the store")
	}
}

func TestCookie(t *testing.T) {
	b := newBrowser(t, newPlace(t, "testdata/kinds"), "fi").get("/r/" + token)
	if b.set != nil {
		t.Fatal("a cookie before answering")
	}
	b.press("start", nil)
	c := b.set
	if c.Name != "viesti" || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.MaxAge != 30*24*60*60 {
		t.Errorf("cookie: %v", c)
	}
}

func TestNotOpen(t *testing.T) {
	for _, tt := range []struct {
		name  string
		at    time.Time
		words map[string]string
	}{
		{"before", time.Date(2026, 11, 1, 0, 0, 0, 0, helsinki), map[string]string{
			"fi": "10.11.2026 klo 9.00", "sv": "10 november 2026 kl. 9.00", "en": "10 November 2026, 09:00",
		}},
		{"after", time.Date(2026, 12, 9, 0, 0, 0, 0, helsinki), map[string]string{
			"fi": "8.12.2026 klo 16.00", "sv": "8 december 2026 kl. 16.00", "en": "8 December 2026, 16:00",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newPlace(t, "testdata/kinds")
			for lang, words := range tt.words {
				b := newBrowser(t, p, lang).get("/").press("start", nil)
				p.now = tt.at
				page := b.at
				if b.get("/"); b.status != http.StatusOK || b.find(func(n *html.Node) bool { return n.Data == "form" }) != nil {
					t.Errorf("%d, or there is a form to start with", b.status)
				}
				b.says(words)
				for _, path := range []string{"/", page} {
					b.visit(http.MethodPost, path, url.Values{"go": {"next"}, "lang": {lang}, "q.role": {"adviser"}})
					if path == "/" && b.status == http.StatusOK {
						continue // shows the landing page instead of a new visit
					}
					if b.status != http.StatusForbidden || b.lang() != lang {
						t.Errorf("POST %s: %d in %s", path, b.status, b.lang())
					}
				}
				b.says(i18n.T(i18n.Lang(lang), "respond.note_refused_title", nil))
				if len(p.store.only().Answers) != 0 {
					t.Error("an answer was saved")
				}
				p.now = time.Date(2026, 11, 20, 0, 0, 0, 0, helsinki)
				clear(p.store.drafts)
			}
		})
	}
}

// What was begun in time may be finished for a while after the close.
func TestEnding(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	b := newBrowser(t, p, "fi").get("/").press("start", nil).press("next", fill{"q.role": {"adviser"}})
	p.now = time.Date(2026, 12, 8, 17, 0, 0, 0, helsinki)
	newBrowser(t, p, "fi").get("/").says("Vastausaika on päättynyt")
	b.get("/").press("continue", nil).press("next", nil).press("next", nil).press("next", nil).press("send", nil).says("Kiitos avusta!")
	if len(p.store.sent) != 1 {
		t.Error("not sent")
	}
	if w := newBrowser(t, p, "fi").do(http.MethodPost, "/", url.Values{"go": {"start"}}); w.Code != http.StatusForbidden {
		t.Errorf("a new answer after the close: %d", w.Code)
	}
}

func TestUnknownLink(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	for lang, words := range map[string]string{"fi": "Linkkiä ei tunnistettu", "sv": "Länken känns inte igen", "en": "The link was not recognised"} {
		for _, path := range []string{"/r/zzzzzzzzzzzzz", "/r/abc", "/r/abcdefghjkmn0", "/r/zzzzzzzzzzzzz/page/1", "/r/%00%ff"} {
			b := newBrowser(t, p, lang).get(path)
			if b.status != http.StatusNotFound || b.lang() != lang {
				t.Errorf("%s: %d in %s", path, b.status, b.lang())
			}
			b.says(words, "13", "baro@example.org")
			if b.find(func(n *html.Node) bool { return n.Data == "a" && strings.HasPrefix(attr(n, "href"), "/?") }) == nil {
				t.Error("no way forward")
			}
		}
	}
	if w := newBrowser(t, p, "fi").do(http.MethodPost, "/r/zzzzzzzzzzzzz", url.Values{"go": {"start"}}); w.Code != http.StatusNotFound || p.store.writes != 0 {
		t.Errorf("POST to an unknown link: %d", w.Code)
	}
}

func TestForgivenLink(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	for _, path := range []string{"/r/ABCDEFGHJKMNP", "/R/ABCDEFGHJKMNP", "/r/abcdefghjkmnp.", "/r/%3Cabcdefghjkmnp%3E?lang=sv", "/r/" + token + "/"} {
		b := newBrowser(t, p, "fi").get(path)
		if at, _, _ := strings.Cut(b.at, "?"); at != "/r/"+token || b.status != http.StatusOK {
			t.Errorf("%s leads to %s: %d", path, b.at, b.status)
		}
		if strings.Contains(path, "lang=sv") && b.lang() != "sv" {
			t.Error("the language was lost on the way")
		}
	}
}

func TestPageWithoutDraft(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	shared := newBrowser(t, p, "en").get("/r/" + token + "/page/2")
	shared.says("Answering begins on this page")
	gone := newBrowser(t, p, "en")
	gone.cookie = "gone"
	gone.visit(http.MethodPost, "/page/2", url.Values{"go": {"next"}, "q.grade": {"4"}}).says("Answering begins on this page")
	if gone.get("/thanks"); gone.at != "/" {
		t.Errorf("thanked at %s without having answered", gone.at)
	}
	old := newBrowser(t, p, "en").get("/").press("start", nil)
	p.fw.Period.Wave = "2027" // the cookie outlived its wave
	if old.get("/page/1"); !strings.HasPrefix(old.at, "/?note=begin") {
		t.Errorf("a draft of another wave: %s", old.at)
	}
}

func TestAfterSending(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	b := newBrowser(t, p, "en").get("/").press("start", nil).press("next", nil).press("next", nil).press("next", nil).press("next", nil)
	last := b.fields()
	last.Set("go", "send")
	b.press("send", nil)
	for range 2 { // pressed twice, or gone back to by the browser
		if b.visit(http.MethodPost, "/review", last); b.at != "/thanks?lang=en" || len(p.store.sent) != 1 {
			t.Fatalf("%s, %d sent", b.at, len(p.store.sent))
		}
	}
	if b.get("/page/1"); !strings.HasPrefix(b.at, "/thanks") {
		t.Errorf("a page after sending leads to %s", b.at)
	}
}

// A fault of ours is not told in its own words, and loses nothing of what was typed.
func TestBrokenStore(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	b := newBrowser(t, p, "en").get("/").press("start", nil)
	p.store.broken = errors.New("disk on fire")
	b.press("next", fill{"q.role": {"other"}, "q.role.~other": {"Juggler"}, "q.tools": {"mail", "chat"}})
	if b.status != http.StatusServiceUnavailable || strings.Contains(b.body, "fire") {
		t.Fatalf("%d\n%s", b.status, b.body)
	}
	if !strings.Contains(p.log.String(), "disk on fire") || strings.Contains(p.log.String(), "Juggler") {
		t.Errorf("log: %s", p.log.String())
	}
	b.says("What you wrote is still here on this page")
	again := b.fields()
	p.store.broken = nil
	b.visit(http.MethodPost, b.at, again)
	a := p.store.only().Answers
	if b.at != "/page/2" || a["role"].Text != "Juggler" || !a["tools"].Has("chat") {
		t.Errorf("at %s: %+v", b.at, a)
	}

	p.store.broken = errors.New("disk on fire")
	if b.get("/"); b.status != http.StatusOK {
		t.Errorf("landing page without a store: %d", b.status)
	}
	for _, path := range []string{"/page/1", "/thanks"} {
		if b.get(path); b.status != http.StatusServiceUnavailable || strings.Contains(b.body, "fire") {
			t.Errorf("%s: %d", path, b.status)
		}
	}
	p.build(t, links{err: errors.New("index on fire")})
	if b.get("/r/" + token); b.status != http.StatusServiceUnavailable || strings.Contains(b.body, "fire") {
		t.Errorf("link without a store: %d", b.status)
	}
}

func TestUnreadableForms(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	b := newBrowser(t, p, "en").get("/").press("start", nil).press("next", fill{"q.role": {"adviser"}}).press("back", nil)
	for _, tt := range []struct {
		kind, body string
		want       int
	}{
		{"application/x-www-form-urlencoded", "q.more=" + strings.Repeat("x", 2<<20), http.StatusRequestEntityTooLarge},
		{"application/x-www-form-urlencoded", "a=%zz", http.StatusUnprocessableEntity},
		{"multipart/form-data; boundary=b", "--b\r\nbroken", http.StatusUnprocessableEntity},
		{"multipart/form-data", "", http.StatusUnprocessableEntity},
		{"application/json", `{"go":"next"}`, http.StatusUnprocessableEntity},
		{"text/plain", "go=next", http.StatusUnprocessableEntity},
	} {
		r := httptest.NewRequest(http.MethodPost, "/page/1", strings.NewReader(tt.body))
		r.Header.Set("Content-Type", tt.kind)
		r.Header.Set("Cookie", "viesti="+b.cookie)
		w := httptest.NewRecorder()
		p.handler.ServeHTTP(w, r)
		if w.Code != tt.want {
			t.Errorf("%s: %d, want %d", tt.kind, w.Code, tt.want)
		}
		if p.store.only().Answers["role"].Value != "adviser" {
			t.Errorf("%s changed the answers", tt.kind)
		}
	}
}
