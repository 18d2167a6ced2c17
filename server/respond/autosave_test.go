package respond_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// The script's button keeps what is good and says nothing of the rest; what is taken out again
// after it was kept is taken out.
func TestAutosave(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	b := newBrowser(t, p, "en").get("/").press("start", nil)
	form := url.Values{"go": {"autosave"}, "lang": {"en"}, "seen": {""}, "q.role": {"teacher"}, "q.tools": {"mail", "none"}}
	w := b.do(http.MethodPost, "/page/1", form)
	if w.Code != http.StatusNoContent || w.Body.Len() != 0 || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if a := p.store.only().Answers; a["role"].Value != "teacher" || !a["tools"].Empty() {
		t.Errorf("kept: %+v", a)
	}
	form.Set("seen", w.Header().Get("Viesti-Seen"))
	form.Del("q.role")
	if !strings.Contains(form.Get("seen"), "role=") {
		t.Errorf("the page is told that it shows %q", form.Get("seen"))
	}
	b.do(http.MethodPost, "/page/1", form)
	if a := p.store.only().Answers; !a["role"].Empty() {
		t.Errorf("still kept: %+v", a)
	}
}

// What cannot be kept stays in the page: no redirect takes it away.
func TestAutosaveTooLate(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	b := newBrowser(t, p, "en").get("/").press("start", nil)
	form := url.Values{"go": {"autosave"}, "q.role": {"teacher"}}
	p.now = p.now.Add(30 * 24 * time.Hour)
	if w := b.do(http.MethodPost, "/page/1", form); w.Code != http.StatusConflict || w.Body.Len() != 0 {
		t.Errorf("after the close: %d %s", w.Code, w.Body)
	}
	p.now = p.now.Add(-30 * 24 * time.Hour)
	b.cookie = "nobody"
	if w := b.do(http.MethodPost, "/page/1", form); w.Code != http.StatusConflict || p.store.only().State != "started" {
		t.Errorf("without an answer begun: %d", w.Code)
	}
	p.store.broken = errors.New("no disk")
	if w := b.do(http.MethodPost, "/page/1", form); w.Code != http.StatusServiceUnavailable {
		t.Errorf("by a fault of ours: %d", w.Code)
	}
}
