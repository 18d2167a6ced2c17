package respond_test

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"viesti/i18n"
	"viesti/internal/code"
)

// saved is a browser that has begun, answered something, and asked to go on later.
func saved(t *testing.T, p *place, lang, base string) *browser {
	t.Helper()
	b := newBrowser(t, p, lang).get(base).press("start", nil)
	return b.press("next", fill{"q.role": {"teacher"}}).press("save", fill{"q.grade": {"5"}})
}

// shown is the code on the page.
func (b *browser) shown() string {
	b.t.Helper()
	n := b.find(func(n *html.Node) bool { return attr(n, "id") == "code" })
	if n == nil {
		b.t.Fatalf("%s shows no code:\n%s", b.at, b.text())
	}
	return inner(n)
}

func TestLater(t *testing.T) {
	for _, l := range i18n.Langs {
		for _, base := range []string{"/", "/r/" + token} {
			t.Run(string(l)+base, func(t *testing.T) {
				p := newPlace(t, "testdata/kinds")
				b := saved(t, p, string(l), base)
				later := strings.TrimSuffix(base, "/") + "/later?lang=" + string(l)
				if b.at != later || b.status != http.StatusOK || b.lang() != string(l) {
					t.Fatalf("%d at %s in %s", b.status, b.at, b.lang())
				}
				shown := b.shown()
				read, ok := code.Parse(shown, code.Length)
				if !ok || read != b.cookie || shown == read {
					t.Fatalf("the code is shown as %q", shown)
				}
				address := "https://baro.example.org/continue/" + read
				b.says(address, "baro.example.org/continue")
				if b.find(func(n *html.Node) bool { return n.Data == "svg" }) == nil {
					t.Error("no QR code")
				}
				for name, want := range map[string]string{"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Robots-Tag": "noindex"} {
					if got := b.header.Get(name); got != want {
						t.Errorf("%s: %q", name, got)
					}
				}
				if base == "/" {
					golden(t, b, "later")
				}
				b.get("/later") // whatever address the code was asked for at
				back := b.find(func(n *html.Node) bool { return n.Data == "a" && attr(n, "class") == "button" })
				if b.get(attr(back, "href")); b.at != strings.TrimSuffix(base, "/")+"/page/3" {
					t.Errorf("back to %s", b.at)
				}
				elsewhere(t, p, l, base, read)
			})
		}
	}
}

// elsewhere goes on with a code on another device.
func elsewhere(t *testing.T, p *place, l i18n.Lang, base, code string) {
	t.Helper()
	other := newBrowser(t, p, "de").get("/continue/" + code)
	if other.lang() != string(l) { // the answer's own language, as its device has none of ours
		t.Errorf("on the other device in %s", other.lang())
	}
	golden(t, other, "resume")
	if other.press("continue", nil); other.at != strings.TrimSuffix(base, "/")+"/page/3" || other.cookie != code {
		t.Fatalf("went on at %s", other.at)
	}
	other.press("back", fill{"q.views.trust": {"2"}})
	if other.fields().Get("q.grade") != "5" {
		t.Error("what was answered on the first device is not there")
	}
}

// However the code is typed; and what is no code is met kindly.
func TestTypedCode(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	code := saved(t, p, "sv", "/r/"+token).shown()
	for _, typed := range []string{code, strings.ToUpper(code), " " + strings.ReplaceAll(code, "-", " "), strings.ReplaceAll(code, "-", "") + "\r\n"} {
		b := newBrowser(t, p, "sv").get("/continue").press("continue", fill{"code": {typed}})
		if b.at != "/r/"+token+"/page/3" {
			t.Errorf("%q leads to %s", typed, b.at)
		}
	}
	for _, l := range i18n.Langs {
		for _, typed := range []string{"", "abc", "zzzz-zzzz-zzzzz", code[:10], "0" + code[1:], "<script>", "\x00\xff", strings.Repeat("k7mp", 25_000)} {
			b := newBrowser(t, p, string(l)).get("/continue?lang="+string(l)).press("continue", fill{"code": {typed}})
			if b.status != http.StatusNotFound || b.lang() != string(l) || b.set != nil || len(b.body) > 10_000 {
				t.Errorf("%.20q: %d in %s, %d bytes", typed, b.status, b.lang(), len(b.body))
			}
			b.says(i18n.T(l, "respond.resume.unknown_title", nil))
			if kept := b.fields().Get("code"); strings.HasPrefix(typed, "abc") && kept != typed {
				t.Errorf("typed %q, kept %q", typed, kept)
			}
			if len(typed) > 0 && len(typed) < 100 {
				b.get("/continue/" + url.PathEscape(typed))
				b.says(i18n.T(l, "respond.resume.unknown_title", nil))
			}
		}
	}
}

func TestCodeAfterSending(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	b := saved(t, p, "en", "/")
	code := b.shown()
	b.get("/page/3").press("next", nil).press("next", nil).press("next", nil).press("send", nil)
	other := newBrowser(t, p, "fi")
	if other.get("/continue/" + code); other.status != http.StatusGone {
		t.Errorf("%d", other.status)
	}
	other.says("Nämä vastaukset on lähetetty")
	if other.get("/continue").press("continue", fill{"code": {code}}); other.set != nil || other.status != http.StatusGone {
		t.Errorf("%d, cookie %v", other.status, other.set)
	}
	p.fw.Period.Wave = "2027"
	other.get("/continue/" + code)
	if other.status != http.StatusGone {
		t.Errorf("in the next wave: %d", other.status)
	}
}

func TestCodeAfterTheClose(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	b := saved(t, p, "en", "/")
	code := b.shown()
	p.now = time.Date(2026, 12, 8, 17, 0, 0, 0, helsinki) // may be finished
	other := newBrowser(t, p, "en").get("/continue/"+code).press("continue", nil)
	if other.at != "/page/3" {
		t.Errorf("in the grace: %s", other.at)
	}
	other.press("save", nil).says(code)
	p.now = time.Date(2026, 12, 9, 17, 0, 0, 0, helsinki)
	for _, path := range []string{"/continue/" + code, "/later"} {
		if other.get(path); other.status != http.StatusOK {
			t.Errorf("%s: %d", path, other.status)
		}
		other.says("The survey has closed")
	}
	if w := other.do(http.MethodPost, "/continue", url.Values{"code": {code}}); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/?lang=en" {
		t.Errorf("%d to %s", w.Code, w.Header().Get("Location"))
	}
}

// Two people at one computer: the code of the second must not make the first's answer unreachable
// without a word.
func TestAnotherAnswerHere(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	code := saved(t, p, "en", "/").shown()
	b := saved(t, p, "en", "/")
	own := b.shown()
	b.get("/continue/" + code).says("Another answer is unfinished in this browser")
	if b.get("/later"); b.shown() != own {
		t.Error("the way to the own code leads elsewhere")
	}
	if b.get("/continue/" + own); strings.Contains(b.text(), "Another answer") {
		t.Error("an answer is called another of itself")
	}
}

// What two devices answer at the same time is all there.
func TestTwoDevices(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	one := newBrowser(t, p, "en").get("/").press("start", nil)
	two := newBrowser(t, p, "en")
	two.cookie = one.cookie
	two.get("/page/1")
	one.press("next", fill{"q.role": {"teacher"}})
	two.press("next", fill{"q.tools": {"mail"}}) // its page still shows no role
	two.get("/page/2")
	one.press("next", fill{"q.grade": {"8"}})
	two.press("next", nil)
	a := p.store.only().Answers
	if !a["role"].Has("teacher") || !a["tools"].Has("mail") || a["grade"].Empty() {
		t.Errorf("%+v", a)
	}
	two.get("/page/2").press("clear-grade", nil)
	if !p.store.only().Answers["grade"].Empty() {
		t.Error("an answer cannot be taken back")
	}
}

// Nobody who reads the log, at any level, can go on with somebody's answer.
func TestCodesAreNotLogged(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	p.level = slog.LevelDebug
	p.build(t, links{})
	b := saved(t, p, "en", "/r/"+token)
	code := b.cookie
	other := newBrowser(t, p, "en").get("/continue/" + code)
	other.get("/continue/"+code+"/").press("continue", nil)
	other.get("/continue").press("continue", fill{"code": {code}})
	p.store.broken = http.ErrServerClosed
	other.get("/continue/" + code)
	if other.status != http.StatusServiceUnavailable {
		t.Errorf("%d", other.status)
	}
	other.visit(http.MethodPost, "/continue", url.Values{"code": {code}})
	if log := p.log.String(); !strings.Contains(log, "route=/continue/:code") || strings.Contains(log, code) || strings.Contains(log, token) {
		t.Errorf("log:\n%s", log)
	}
}
