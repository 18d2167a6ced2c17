package reading

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/report/reading"
	"viesti/server"
	"viesti/survey"
)

// shelf is a store and a source in memory.
type shelf struct {
	responses []survey.Response
	decisions map[string]reading.Decision
}

func (s *shelf) Responses(_ context.Context, _ string, each func(survey.Response) error) error {
	for _, r := range s.responses {
		if err := each(r); err != nil {
			return err
		}
	}
	return nil
}

func (s *shelf) Decisions(context.Context, string) (list []reading.Decision, err error) {
	for _, d := range s.decisions {
		list = append(list, d)
	}
	return list, nil
}

func (s *shelf) Decide(_ context.Context, _ string, list []reading.Decision) error {
	for _, d := range list {
		s.decisions[d.Hash] = d
	}
	return nil
}

// place is the pages of a survey that has closed.
type place struct {
	t       *testing.T
	handler http.Handler
	desk    *reading.Reader
	in      bool // somebody is signed in
	now     time.Time
	lang    i18n.Lang
}

var closes = time.Date(2027, 4, 1, 12, 0, 0, 0, time.UTC)

func open(t *testing.T, texts ...string) *place {
	t.Helper()
	s := &shelf{decisions: map[string]reading.Decision{}}
	for _, text := range texts {
		s.responses = append(s.responses, survey.Response{Answers: survey.Answers{"else": {Text: text}, "rare": {}}})
	}
	s.responses[0].Answers["rare"] = survey.Answer{Text: "one of few"}
	p := &place{t: t, in: true, now: closes, lang: i18n.En}
	p.desk = &reading.Reader{
		Period: survey.Period{Wave: "2027", Closes: closes, Zone: time.UTC}, Source: s, Store: s, Secret: []byte("x"), Minimum: 2,
		Names: func(context.Context) ([]string, error) { return nil, nil }, Now: func() time.Time { return p.now },
	}
	r, err := server.New(server.Options{Title: i18n.Text{i18n.Fi: "B"}, BaseURL: "https://b.example.org", Logger: slog.New(slog.DiscardHandler), Now: time.Now, Rand: rand.Reader})
	if err == nil {
		err = Register(r, Pages{
			Desk: func(wave string) (Desk, error) {
				if wave != "" {
					return nil, fault.New(fault.NotFound, "config.unknown_wave", i18n.Args{"wave": wave, "waves": "2027"})
				}
				return p.desk, nil
			},
			Past: func() []string { return []string{"2022", "2027"} }, SignedIn: func(*gin.Context) bool { return p.in }, Title: i18n.Text{i18n.Fi: "B"},
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	p.handler = r
	return p
}

// get follows to the page that an address leads to.
func (p *place) get(path string) *httptest.ResponseRecorder { return p.do(http.MethodGet, path, nil) }

func (p *place) do(method, path string, form url.Values) *httptest.ResponseRecorder {
	p.t.Helper()
	for {
		r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Accept-Language", string(p.lang))
		w := httptest.NewRecorder()
		p.handler.ServeHTTP(w, r)
		if w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/console/answers") {
			return w
		}
		method, path, form = http.MethodGet, w.Header().Get("Location"), nil
	}
}

var inputs = regexp.MustCompile(`<input type="(?:hidden|checkbox)" name="(\w+)" value="([^"]*)"( checked)?>`)

// form is what a browser would send of a page when nothing was touched.
func form(body string) url.Values {
	v := url.Values{}
	for _, m := range inputs.FindAllStringSubmatch(body, -1) {
		if !strings.Contains(m[0], "checkbox") || m[3] != "" {
			v.Add(m[1], m[2])
		}
	}
	return v
}

// press sends a page's form with one of its buttons.
func (p *place) press(body, do string, change func(url.Values)) string {
	p.t.Helper()
	v := form(body)
	v.Set("do", do)
	if change != nil {
		change(v)
	}
	w := p.do(http.MethodPost, "/console/answers/read?lang="+string(p.lang), v)
	if w.Code != http.StatusOK {
		p.t.Fatalf("%s: %d %s", do, w.Code, w.Body)
	}
	return w.Body.String()
}

func (p *place) published() []string {
	p.t.Helper()
	all, err := p.desk.Released(p.t.Context(), nil)
	if err != nil {
		p.t.Fatal(err)
	}
	return all["else"].Answers
}

func TestOnlyCoordinatorsAfterTheClose(t *testing.T) {
	p := open(t, "hush", "hush hush")
	p.in = false
	for _, path := range []string{"/console/answers", "/console/answers/read"} {
		if w := p.get(path); w.Code != http.StatusSeeOther || strings.Contains(w.Body.String(), "hush") {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	if w := p.do(http.MethodPost, "/console/answers/read", url.Values{"do": {"release"}}); w.Code != http.StatusForbidden {
		t.Errorf("a stranger decides: %d", w.Code)
	}
	p.in, p.now = true, closes.Add(-time.Second)
	if w := p.get("/console/answers"); w.Code != http.StatusOK || strings.Contains(w.Body.String(), "<table") {
		t.Errorf("before the close: %d %s", w.Code, w.Body)
	}
	if w := p.get("/console/answers/read"); w.Code == http.StatusOK || strings.Contains(w.Body.String(), "hush") {
		t.Errorf("read before the close: %d %s", w.Code, w.Body)
	}
	p.now = closes
	if w := p.get("/console/answers?wave=2022"); w.Code != http.StatusNotFound {
		t.Errorf("a wave that is not known: %d", w.Code)
	}
	body := p.get("/console/answers").Body.String()
	if !strings.Contains(body, `wave=2022`) || strings.Contains(body, `wave=2027`) || strings.Contains(body, "hush") || !strings.Contains(body, i18n.T(i18n.En, "reading.too_few", nil)) {
		t.Errorf("the list: %s", body)
	}
}

// TestReading is what a coordinator does without a script, in each language.
func TestReading(t *testing.T) {
	for _, l := range i18n.Langs {
		p := open(t, "Kiitos <b>Matti Virtaselle</b>, Kaisalle ja kanttorille", "just words", "0401234567", "just words")
		p.lang = l
		said := func(key string, args i18n.Args) string { return i18n.T(l, "reading."+key, args) }
		body := p.get("/console/answers/read?lang=" + string(l)).Body.String()
		for range 9 {
			switch {
			case strings.Contains(body, "Virtaselle</span>") || strings.Contains(body, "<b>"):
				t.Fatalf("%s: %s", l, body)
			case strings.Contains(body, "kanttorille"):
				body = p.named(body, said)
			case strings.Contains(body, "0401234567"):
				if body = p.press(body, "release", nil); !strings.Contains(body, said("nothing_left", nil)) {
					t.Errorf("%s: a number alone was released: %s", l, body)
				}
				body = p.press(body, "withhold", nil)
			case strings.Contains(body, said("nothing_marked", nil)):
				body = p.press(body, "release", nil)
			}
		}
		if !strings.Contains(body, said("all_read", nil)) || !strings.Contains(body, said("progress", i18n.Args{"read": 3, "texts": 3})) {
			t.Errorf("%s: %s", l, body)
		}
		if got := strings.Join(p.published(), "|"); got != "just words|Kiitos <b>[…]</b>, Kaisalle ja […]" && got != "Kiitos <b>[…]</b>, Kaisalle ja […]|just words" {
			t.Errorf("%s: published %q", l, got)
		}
		p.changeMind(said)
	}
}

// named takes a title out of an answer by hand and leaves one name in.
func (p *place) named(body string, said func(string, i18n.Args) string) string {
	p.t.Helper()
	if !strings.Contains(body, "<mark>Matti Virtaselle<span") || !strings.Contains(body, "<mark>Kaisalle<span") {
		p.t.Fatalf("marks: %s", body)
	}
	body = p.press(body, "mark", func(v url.Values) { v.Set("words", "KANTTORILLE, urkuri") })
	if !strings.Contains(body, said("missing", i18n.Args{"words": "urkuri"})) || !strings.Contains(body, "<mark>kanttorille<span") {
		p.t.Fatalf("by hand: %s", body)
	}
	body = p.press(body, "release", func(v url.Values) { v.Set("words", "urkuri") })
	if len(p.published()) > 1 || !strings.Contains(body, "urkuri") {
		p.t.Fatalf("released though a word was not found: %s", body)
	}
	body = p.press(body, "mark", func(v url.Values) { v["cut"] = []string{v["cut"][0], v["cut"][2], "1-2-3", "900-901", "x"} })
	if !strings.Contains(body, "Kiitos &lt;b&gt;[…]&lt;/b&gt;, Kaisalle ja […]") || !strings.Contains(body, "<mark>kanttorille<span") {
		p.t.Fatalf("without Kaisalle ticked: %s", body)
	}
	return p.press(body, "release", nil)
}

// changeMind looks at what was read again, and withholds all of it.
func (p *place) changeMind(said func(string, i18n.Args) string) {
	p.t.Helper()
	body := p.get("/console/answers/read?question=else&read=1").Body.String()
	for n := range 3 {
		if !strings.Contains(body, said("was_released", nil)) && !strings.Contains(body, said("was_withheld", nil)) {
			p.t.Fatalf("%d: not what was read: %s", n, body)
		}
		body = p.press(body, "withhold", nil)
	}
	if left := p.published(); len(left) > 0 || !strings.Contains(body, said("all_read", nil)) {
		p.t.Errorf("still published %q: %s", left, body)
	}
}

func TestPassedOverComesAgain(t *testing.T) {
	p := open(t, "first words", "second words")
	body := p.get("/console/answers/read").Body.String()
	for range 2 {
		other := p.press(body, "next", nil)
		if strings.Contains(body, "first words") == strings.Contains(other, "first words") {
			t.Errorf("the same again: %s", other)
		}
		body = other
	}
	if w := p.do(http.MethodPost, "/console/answers/read", url.Values{"answer": {"none"}, "do": {"withhold"}}); w.Code != http.StatusNotFound {
		t.Errorf("an answer that is not there: %d", w.Code)
	}
}
