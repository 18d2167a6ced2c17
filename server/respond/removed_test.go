package respond_test

import (
	"net/http"
	"net/url"
	"testing"

	"viesti/i18n"
)

// An answer that was left unfinished for too long is gone, and whoever comes back to it is told
// so kindly, on either device.
func TestRemoved(t *testing.T) {
	for _, l := range i18n.Langs {
		p := newPlace(t, "testdata/kinds")
		p.fw.Keep = 12
		p.build(t, links{})
		b := saved(t, p, string(l), "/r/"+token)
		if b.set.MaxAge != 12*24*60*60 {
			t.Errorf("the cookie lasts %d seconds", b.set.MaxAge)
		}
		b.says(i18n.T(l, "respond.later.until", i18n.Args{"day": i18n.Date(l, p.now.AddDate(0, 0, 12))}))
		code := b.shown()
		p.now = p.now.AddDate(0, 0, 13)
		if n, err := p.fw.Sweep(t.Context()); n != 1 || err != nil {
			t.Fatalf("%d removed: %v", n, err)
		}
		words := []string{i18n.T(l, "respond.note_removed_title", nil), i18n.T(l, "respond.note_removed", i18n.Args{"days": 12})}
		for _, path := range []string{"/", "/r/" + token, "/page/2", "/later", "/thanks", "/continue/" + code} {
			b.get(path).says(words...)
			want := http.StatusOK
			if path == "/continue/"+code {
				want = http.StatusGone
				golden(t, b, "resume-removed")
			}
			if b.status != want || b.lang() != string(l) {
				t.Errorf("%s: %d in %s", path, b.status, b.lang())
			}
		}
		b.visit(http.MethodPost, "/page/2", url.Values{"go": {"next"}, "q.grade": {"4"}}).says(words...)
		b.visit(http.MethodPost, "/", url.Values{"go": {"continue"}, "lang": {string(l)}}).says(words...)
		newBrowser(t, p, string(l)).get("/continue").press("continue", fill{"code": {code}}).says(words...)
		if b.get("/").press("start", nil); b.at != "/page/1" {
			t.Errorf("a new answer begins at %s", b.at)
		}
	}
}
