package respond_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"viesti/i18n"
)

// done is a browser that has just sent its answers.
func done(t *testing.T, p *place, lang, base string) *browser {
	t.Helper()
	b := newBrowser(t, p, lang).get(base).press("start", nil).press("next", fill{"q.role": {"teacher"}})
	b.get(strings.TrimSuffix(base, "/")+"/page/5").press("next", fill{"q.more": {"Ensin\r\n<script>sitten"}})
	return b.press("send", nil)
}

func TestCopy(t *testing.T) {
	for _, l := range i18n.Langs {
		for _, base := range []string{"/", "/r/" + token} {
			p := newPlace(t, "testdata/kinds")
			b := done(t, p, string(l), base)
			offer := b.find(func(n *html.Node) bool { return n.Data == "a" && strings.Contains(attr(n, "href"), "/copy?") })
			if offer == nil {
				t.Fatalf("%s offers no copy", b.at)
			}
			b.get(attr(offer, "href")).says(i18n.T(l, "respond.copy.title", nil), "<script>sitten")
			if b.status != http.StatusOK || b.lang() != string(l) || b.header.Get("Cache-Control") != "no-store" {
				t.Errorf("%d in %s, %v", b.status, b.lang(), b.header)
			}
			if base == "/" {
				golden(t, b, "copy")
			}
			save := b.find(func(n *html.Node) bool { return strings.Contains(attr(n, "href"), "download=1") })
			file := b.do(http.MethodGet, attr(save, "href"), nil)
			if !strings.Contains(file.Header().Get("Content-Disposition"), i18n.T(l, "respond.copy.file", nil)+".html") ||
				strings.Contains(file.Body.String(), "/assets/") || strings.Contains(file.Body.String(), "<script>") ||
				!strings.Contains(file.Body.String(), "&lt;script&gt;sitten") {
				t.Errorf("%v\n%s", file.Header(), file.Body)
			}

			stranger := newBrowser(t, p, string(l)).get(strings.TrimSuffix(base, "/") + "/copy")
			if strings.Contains(stranger.body, "sitten") || !strings.Contains(stranger.at, "note=begin") {
				t.Errorf("a stranger sees %s", stranger.at)
			}
			p.now = p.now.Add(30 * time.Minute)
			b.get(strings.TrimSuffix(base, "/") + "/copy").says(i18n.T(l, "respond.copy.gone_title", nil))
			if b.status != http.StatusGone || strings.Contains(b.body, "sitten") {
				t.Errorf("after its time: %d", b.status)
			}
			if base == "/" {
				golden(t, b, "copy-gone")
			}
			b.get(strings.TrimSuffix(base, "/") + "/thanks")
			if strings.Contains(b.body, "/copy") {
				t.Error("a copy is offered that is gone")
			}
		}
	}
}

func TestForgetCopy(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	b := done(t, p, "en", "/").get("/copy").press("forget", nil)
	b.says("The copy is no longer there")
	newBrowser(t, p, "en").visit(http.MethodPost, "/copy", url.Values{"go": {"forget"}})
	if unfinished := saved(t, p, "en", "/").get("/copy"); unfinished.at != "/review" {
		t.Errorf("a copy of what was not sent: %s", unfinished.at)
	}
	other := done(t, p, "en", "/")
	p.build(t, links{}) // the process began anew
	other.get("/copy").says("The copy is no longer there")
}
