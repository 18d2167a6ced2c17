package respond_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"viesti/i18n"
	"viesti/survey"
)

// The whole way in each language, as a person without JavaScript goes it.
func TestWalk(t *testing.T) {
	for _, l := range i18n.Langs {
		for _, base := range []string{"/", "/r/" + token} {
			t.Run(string(l)+base, func(t *testing.T) {
				p := newPlace(t, "testdata/kinds")
				b := newBrowser(t, p, string(l)).get(base)
				if b.lang() != string(l) || b.status != http.StatusOK {
					t.Fatalf("landing page: %d in %q", b.status, b.lang())
				}
				b.press("start", nil)
				b.press("next", fill{"q.role": {"teacher"}, "q.tools": {"mail", "other"}, "q.tools.~other": {"Fax"}})
				b.press("next", fill{"q.grade": {"8"}})
				b.says(i18n.T(l, "respond.page", i18n.Args{"page": 3, "of": 4}))
				b.press("next", fill{"q.views.trust": {"2"}, "q.useful.mail": {"1"}})
				b.says(i18n.T(l, "respond.page", i18n.Args{"page": 3, "of": 4})) // it continues page 3
				b.press("next", fill{"q.subject": {"suomi"}})
				b.press("next", fill{"q.more": {"Rivi 1\r\nRivi 2"}})
				if b.at != strings.TrimSuffix(base, "/")+"/review" {
					t.Fatalf("after the last page: %s", b.at)
				}
				b.press("send", nil)
				b.says(i18n.T(l, "respond.thanks_title", nil))

				if len(p.store.sent) != 1 || len(p.store.drafts) != 0 {
					t.Fatalf("%d sent, %d drafts", len(p.store.sent), len(p.store.drafts))
				}
				r := p.store.sent[0]
				if r.Lang != l || r.State != survey.Complete || (r.Link == token) != (base != "/") {
					t.Errorf("sent: %+v", r)
				}
				a := r.Answers
				if a["role"].Value != "teacher" || !slices.Equal(a["tools"].Choices, []string{"mail", "other"}) ||
					a["tools"].Text != "Fax" || a["grade"].Value != "8" || a["views"].Rows["trust"] != "2" ||
					a["useful"].Rows["mail"] != "1" || a["subject"].Text != "suomi" || a["more"].Text != "Rivi 1\nRivi 2" {
					t.Errorf("answers: %+v", a)
				}
				if b.get(base); !strings.Contains(b.text(), i18n.T(l, "respond.note_sent_title", nil)) {
					t.Error("the landing page does not know that the answers were sent")
				}
			})
		}
	}
}

func TestNothingIsMandatory(t *testing.T) {
	p := newPlace(t, "partnership-barometer")
	b := newBrowser(t, p, "fi").get("/").press("start", nil)
	for range p.fw.Questionnaire.Pages {
		if b.find(func(n *html.Node) bool { return n.Data == "button" && attr(n, "value") == "send" }) != nil {
			break
		}
		b.press("next", nil)
	}
	b.press("send", nil).says("Kiitos")
	if len(p.store.sent) != 1 || len(p.store.sent[0].Answers) != 0 {
		t.Errorf("sent: %+v", p.store.sent)
	}
}

func TestBackAndForth(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	b := newBrowser(t, p, "en").get("/").press("start", nil)
	b.press("next", fill{"q.role": {"other"}, "q.role.~other": {"Clown"}})
	b.press("back", fill{"q.grade": {"3"}}) // what was answered before going back is kept
	if b.at != "/page/1" || b.fields().Get("q.role") != "other" || b.fields().Get("q.role.~other") != "Clown" {
		t.Errorf("%s: %v", b.at, b.fields())
	}
	if got := p.store.only().Answers["grade"].Value; got != "3" {
		t.Errorf("grade %q was kept", got)
	}
	b.press("next", nil)
	if b.fields().Get("q.grade") != "3" {
		t.Error("the grade is not shown again")
	}
	b.press("clear-grade", nil)
	if b.at != "/page/2" || b.fields().Has("q.grade") || p.store.only().Answers["grade"].Value != "" {
		t.Errorf("after removing the answer: %s %v", b.at, b.fields())
	}
}

// Words beside "other" count even if its box was not ticked.
func TestOtherWithoutTick(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	newBrowser(t, p, "en").get("/").press("start", nil).press("next", fill{"q.role.~other": {"Clown"}, "q.tools.~other": {"Fax"}})
	a := p.store.only().Answers
	if a["role"].Value != "other" || a["role"].Text != "Clown" || !a["tools"].Has("other") || a["tools"].Text != "Fax" {
		t.Errorf("answers: %+v", a)
	}
}

func TestLanguageSwitchKeepsAnswers(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	b := newBrowser(t, p, "fi").get("/r/"+token).press("start", nil)
	b.press("lang-sv", fill{"q.role": {"adviser"}})
	if b.lang() != "sv" || b.at != "/r/"+token+"/page/1" || b.fields().Get("q.role") != "adviser" {
		t.Fatalf("%s in %s: %v", b.at, b.lang(), b.fields())
	}
	b.press("next", nil).says("Vilket betyg ger du?")
	if p.store.only().Lang != i18n.Sv {
		t.Error("the response is not in the language chosen")
	}
	// What cannot be taken yet is not lost either.
	b.press("back", nil).press("lang-en", fill{"q.tools": {"mail", "none"}})
	if b.lang() != "en" || b.status != http.StatusUnprocessableEntity || !slices.Equal(b.fields()["q.tools"], []string{"mail", "none"}) {
		t.Errorf("%d in %s: %v", b.status, b.lang(), b.fields())
	}
}

// The language a page was sent in wins over the one its address still names.
func TestLanguageOfForm(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	b := newBrowser(t, p, "fi").get("/").press("start", nil).get("/page/1?lang=sv")
	b.press("lang-en", fill{"q.tools": {"mail", "none"}})
	if b.lang() != "en" || b.header.Get("Content-Language") != "en" {
		t.Errorf("in %s", b.lang())
	}
	b.visit(http.MethodPost, "/page/1", map[string][]string{"q.tools": {"mail", "none"}}) // says no language
	if b.lang() != "en" {
		t.Errorf("the response's language was forgotten: in %s", b.lang())
	}
}

func TestLanguageOfLanding(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	for _, tt := range []struct{ accept, query, want string }{
		{"", "", "fi"}, {"sv-FI,sv;q=0.9", "", "sv"}, {"de", "", "fi"}, {"sv", "?lang=en", "en"}, {"en", "?lang=xx", "en"},
	} {
		b := newBrowser(t, p, tt.accept).get("/" + tt.query)
		if b.lang() != tt.want || b.header.Get("Content-Language") != tt.want {
			t.Errorf("Accept-Language %q, %q: %s, want %s", tt.accept, tt.query, b.lang(), tt.want)
		}
		for _, l := range i18n.Langs { // each offered in its own name
			if b.find(func(n *html.Node) bool { return attr(n, "hreflang") == string(l) && inner(n) == l.Name() }) == nil {
				t.Errorf("%s is not offered", l.Name())
			}
		}
	}
}

func TestFaults(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	b := newBrowser(t, p, "en").get("/").press("start", nil)
	b.press("next", fill{"q.role": {"teacher"}, "q.tools": {"mail", "phone", "chat"}})
	if b.status != http.StatusUnprocessableEntity || !strings.HasPrefix(b.title(), "To check") {
		t.Fatalf("%d %q", b.status, b.title())
	}
	b.says("One point still needs checking", "You can choose up to 2 here. You have now chosen 3")
	if p.store.only().Answers["role"].Value != "teacher" {
		t.Error("the good answer was not saved")
	}
	if got := b.fields(); len(got["q.tools"]) != 3 || got.Get("q.role") != "teacher" {
		t.Errorf("what was typed is gone: %v", got)
	}
	summary := b.find(func(n *html.Node) bool { return n.Data == "a" && attr(n, "href") == "#q-tools.mail" })
	if summary == nil || b.find(func(n *html.Node) bool { return attr(n, "id") == "q-tools.mail" && attr(n, "aria-invalid") == "true" }) == nil {
		t.Error("the summary does not lead to the field")
	}
	b.press("next", fill{"q.tools": {"mail"}}).press("next", nil).press("next", nil)

	long := strings.Repeat("å", 21)
	b.press("next", fill{"q.subject": {long}})
	b.says("There is room for 20 characters, and now there are 21")
	if b.fields().Get("q.subject") != long {
		t.Error("the long text is gone")
	}
	b.press("next", fill{"q.subject": {"Finnish"}})

	b.press("next", fill{"q.more": {strings.Repeat("x", 201)}})
	if len(p.store.sent) != 0 || len(b.fields().Get("q.more")) != 201 {
		t.Error("sent with a fault, or the text is gone")
	}
}

func TestSaveAndContinue(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	b := newBrowser(t, p, "en").get("/r/"+token).press("start", nil)
	b.press("next", fill{"q.role": {"adviser"}}).press("save", fill{"q.grade": {"5"}})
	b.says("Your answers are saved")
	b.get("/r/" + token).says("Your answer is unfinished")
	b.press("continue", nil)
	if b.at != "/r/"+token+"/page/3" {
		t.Errorf("continued at %s", b.at)
	}
	b.get("/?lang=sv").press("continue", nil)
	if b.lang() != "sv" {
		t.Errorf("continued in %s", b.lang())
	}
}

func TestStartOnce(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	b := newBrowser(t, p, "fi").get("/")
	landing := b.fields()
	landing.Set("go", "start")
	b.press("start", nil)
	b.visit(http.MethodPost, "/", landing) // pressed twice
	if len(p.store.drafts) != 1 || b.at != "/page/1" {
		t.Fatalf("%d visits, at %s", len(p.store.drafts), b.at)
	}
	b.press("next", fill{"q.role": {"adviser"}})
	b.visit(http.MethodPost, "/", landing) // from a landing page left open
	if len(p.store.drafts) != 1 {
		t.Fatal("a second visit without asking for it")
	}
	b.says("Vastauksenne on kesken")
	b.press("anew", nil)
	if len(p.store.drafts) != 2 || b.at != "/page/1" || b.fields().Has("q.role") {
		t.Errorf("%d visits, at %s: %v", len(p.store.drafts), b.at, b.fields())
	}
}

func TestIrrelevantPage(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	b := newBrowser(t, p, "en").get("/").press("start", nil)
	if b.get("/page/4"); b.at != "/page/5" {
		t.Errorf("page 4 leads to %s", b.at)
	}
	for _, path := range []string{"/page/0", "/page/6", "/page/x", "/page/-1"} {
		if b.get(path); b.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, b.status)
		}
	}
}
