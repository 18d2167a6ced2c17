package respond_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"viesti/i18n"
)

// Whoever still writes when the survey closes, or when the answer is gone, has what they wrote
// before them.
func TestTypedTooLate(t *testing.T) {
	long := "Ensin\r\ntämä <b>. \x00" + strings.Repeat("å", 250) // more than is taken
	for _, l := range i18n.Langs {
		for name, tt := range map[string]struct {
			meanwhile func(p *place, b *browser)
			says      string
			want      int
		}{
			"closed":    {func(p *place, _ *browser) { p.now = time.Date(2026, 12, 9, 17, 0, 0, 0, helsinki) }, "respond.note_refused_title", http.StatusForbidden},
			"no answer": {func(_ *place, b *browser) { b.cookie = "gone" }, "respond.note_begin_title", http.StatusConflict},
			"removed": {func(p *place, _ *browser) {
				p.now = p.now.AddDate(0, 0, 16)
				p.fw.Keep = 15
				if _, err := p.fw.Sweep(t.Context()); err != nil {
					t.Error(err)
				}
			}, "respond.note_removed_title", http.StatusConflict},
		} {
			p := newPlace(t, "testdata/kinds")
			b := newBrowser(t, p, string(l)).get("/r/"+token).press("start", nil).get("/r/" + token + "/page/5")
			tt.meanwhile(p, b)
			b.press("next", fill{"q.more": {long}})
			if b.status != tt.want || b.lang() != string(l) {
				t.Errorf("%s: %d in %s", name, b.status, b.lang())
			}
			b.says(i18n.T(l, tt.says, nil), "tämä <b>. ", strings.Repeat("å", 250), i18n.T(l, "respond.typed.title", nil))
			if name == "closed" {
				golden(t, b, "typed")
			}
			// What says nothing needs no page of its own.
			b.visit(http.MethodPost, "/r/"+token+"/page/1", url.Values{"go": {"next"}, "q.nothing": {"x"}, "lang": {string(l)}})
			b.says(i18n.T(l, tt.says, nil))
			if strings.Contains(b.text(), i18n.T(l, "respond.typed.title", nil)) {
				t.Errorf("%s: gives back what was not written", name)
			}
		}
	}
	// Choices are given back in words.
	p := newPlace(t, "testdata/kinds")
	b := newBrowser(t, p, "en").get("/").press("start", nil)
	b.cookie = "gone"
	b.press("next", fill{"q.role": {"other"}, "q.role.~other": {"Clown"}, "q.tools": {"mail", "none"}})
	b.says("What is your role? Clown", "What do you use? mail")
}

// doors are all that takes a form, beside the pages of questions.
var doors = []string{"/", "/review", "/copy", "/continue", "/continue/abcd-efgh-jkmn2", "/accessibility", "/r/" + token + "/review", "/r/" + token}

// knock sends a form as somebody does who has begun, and as somebody who has not.
func knock(t testing.TB, p *place, path, kind, body string) {
	t.Helper()
	begun := newBrowser(t, p, "en")
	begun.do(http.MethodPost, "/", url.Values{"go": {"start"}})
	for _, cookie := range []string{"", begun.cookie, "\x7f", strings.Repeat("x", 4000)} {
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		r.Header["Cookie"] = []string{"viesti=" + cookie}
		w := httptest.NewRecorder()
		p.handler.ServeHTTP(w, r)
		if w.Code >= 500 || w.Code < 200 {
			t.Fatalf("%s: %d for %.80q", path, w.Code, body)
		}
	}
}

func TestBadForms(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	many := strings.Repeat("a=b&q.role=x&", 50_000)
	for _, path := range doors {
		for kind, bodies := range map[string][]string{
			"application/x-www-form-urlencoded": {
				"", "go=send&go=back&lang=sv&lang=fi", "go=\xff\x00&lang=\x00&code=%00%ff&message=%00%ff&address=%ff", "%zz", "a;b", many,
				"code=" + strings.Repeat("k", 100_000), "message=" + strings.Repeat("%C3%A5", 100_000) + "&address=" + strings.Repeat("a", 100_000),
				"seen=" + strings.Repeat("a=b ", 10_000),
			},
			"multipart/form-data; boundary=b": {"--b\r\nbroken", "--b\r\nContent-Disposition: form-data; name=\"go\"\r\n\r\nsend\r\n--b--\r\n"},
			"application/json":                {`{"go":"send"}`},
			"text/plain":                      {"go=send"},
			"":                                {"go=send"},
		} {
			for _, body := range bodies {
				knock(t, p, path, kind, body)
			}
		}
	}
}

func FuzzForms(f *testing.F) {
	for i := range doors {
		f.Add(i, "go=send&lang=sv")
		f.Add(i, "code=k7mp-9qxt-w4bnz&message=x&address=a%40b.fi")
	}
	p := newPlace(f, "testdata/kinds")
	f.Fuzz(func(t *testing.T, door int, body string) {
		knock(t, p, doors[uint(door)%uint(len(doors))], "application/x-www-form-urlencoded", body)
		clear(p.store.drafts)
		p.store.sent = nil
	})
}

func FuzzCode(f *testing.F) {
	for _, s := range []string{"k7mp-9qxt-w4bnz", "K7MP 9QXT W4BNZ", "%00", "..", "å", "a/b", "?lang=xx"} {
		f.Add(s)
	}
	p := newPlace(f, "testdata/kinds")
	f.Fuzz(func(t *testing.T, s string) {
		for _, path := range []string{"/continue/" + url.PathEscape(s), "/continue?code=" + url.QueryEscape(s), "/review?lang=" + url.QueryEscape(s), "/copy?download=" + url.QueryEscape(s)} {
			if w := newBrowser(t, p, "en").do(http.MethodGet, path, nil); w.Code >= 500 {
				t.Fatalf("%s: %d", path, w.Code)
			}
		}
	})
}
