package respond_test

import (
	"bytes"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"viesti/i18n"
	"viesti/server"
	"viesti/server/respond"
	"viesti/survey"
)

// place is a running survey with all that a test may want to turn.
type place struct {
	handler http.Handler
	store   *memory
	fw      *survey.Fieldwork
	now     time.Time
	base    string // the site's address
	post    *post
	notices respond.Notices
	log     bytes.Buffer
	level   slog.Level
}

var helsinki = time.FixedZone("EET", 2*60*60)

func newPlace(t testing.TB, questionnaire string) *place {
	t.Helper()
	q, err := survey.Load(questionnaire)
	if err != nil {
		t.Fatal(err)
	}
	p := &place{store: newMemory(), base: "https://baro.example.org", post: &post{}, now: time.Date(2026, 11, 20, 12, 0, 0, 0, helsinki)}
	now := func() time.Time { return p.now }
	chance := rand.NewChaCha8([32]byte{1})
	p.fw = &survey.Fieldwork{
		Questionnaire: q, Store: p.store, Now: now, Rand: chance, Keep: 30,
		Period: survey.Period{
			Wave: "2026", Zone: helsinki, Grace: 2 * time.Hour,
			Opens:  time.Date(2026, 11, 10, 9, 0, 0, 0, helsinki),
			Closes: time.Date(2026, 12, 8, 16, 0, 0, 0, helsinki),
		},
	}
	p.build(t, links{made: map[string]bool{}})
	return p
}

func (p *place) build(t testing.TB, l links) {
	t.Helper()
	logger := slog.New(slog.NewTextHandler(&p.log, &slog.HandlerOptions{Level: p.level}))
	engine, err := server.New(server.Options{
		Title: p.fw.Questionnaire.Title, Email: "baro@example.org", BaseURL: p.base,
		Foreign: []string{"/u/"}, Logger: logger, Now: p.fw.Now, Rand: rand.NewChaCha8([32]byte{2}),
	})
	if err != nil {
		t.Fatal(err)
	}
	pages := respond.Pages{
		Fieldwork: p.fw, Links: l, Organiser: i18n.Text{i18n.Fi: "Työ- ja elinkeinoministeriö"},
		Contact: respond.Contact{
			Name: "Aino Esimerkki", Organisation: "Esimerkki Oy", Email: "baro@example.org", Phone: "+358 40 123 4567",
		},
		BaseURL: p.base, Notices: p.notices,
	}
	if p.post != nil {
		pages.Post = p.post
	}
	if err := respond.Register(engine, pages); err != nil {
		t.Fatal(err)
	}
	p.handler = engine
}

// browser is one without JavaScript. It keeps cookies, follows redirects and submits the forms
// it is shown.
type browser struct {
	t      testing.TB
	site   *place
	accept string // Accept-Language
	cookie string
	set    *http.Cookie // the last cookie that was set
	at     string       // the address shown
	status int
	header http.Header
	body   string
	doc    *html.Node
}

func newBrowser(t testing.TB, p *place, accept string) *browser {
	return &browser{t: t, site: p, accept: accept}
}

func (b *browser) do(method, target string, form url.Values) *httptest.ResponseRecorder {
	b.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r := httptest.NewRequest(method, target, body)
	r.Header.Set("Accept-Language", b.accept)
	r.Header.Set("Accept", "text/html")
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	if b.cookie != "" {
		r.Header.Set("Cookie", "viesti="+b.cookie)
	}
	w := httptest.NewRecorder()
	b.site.handler.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		b.cookie, b.set = c.Value, c
	}
	return w
}

// visit sends a request and follows redirects as browsers do.
func (b *browser) visit(method, target string, form url.Values) *browser {
	b.t.Helper()
	for range 5 {
		w := b.do(method, target, form)
		if w.Code < 300 || w.Code >= 400 {
			b.at, b.status, b.header, b.body = target, w.Code, w.Header(), w.Body.String()
			doc, err := html.Parse(strings.NewReader(b.body))
			if err != nil {
				b.t.Fatal(err)
			}
			b.doc = doc
			return b
		}
		if w.Code == http.StatusSeeOther {
			method, form = http.MethodGet, nil
		}
		target, _, _ = strings.Cut(w.Header().Get("Location"), "#")
	}
	b.t.Fatal("too many redirects, the last to " + target)
	return b
}

func (b *browser) get(target string) *browser {
	b.t.Helper()
	return b.visit(http.MethodGet, target, nil)
}

// fill is what a person enters: a nil list clears a field.
type fill map[string][]string

// press submits the form of the button with a value ("next", "send" …), as shown but for fill.
func (b *browser) press(button string, entered fill) *browser {
	b.t.Helper()
	if b.button(button) == nil {
		b.t.Fatalf("%s (%d) has no button %q:\n%s", b.at, b.status, button, b.text())
	}
	form, action := b.fields(), b.at
	for n := b.button(button); n != nil; n = n.Parent {
		if n.Data == "form" && attr(n, "action") != "" {
			action = attr(n, "action")
		}
	}
	for name, values := range entered {
		if !b.has(name) {
			b.t.Fatalf("%s has no field %q", b.at, name)
		}
		form[name] = values
	}
	form.Set("go", button)
	return b.visit(http.MethodPost, action, form)
}

func (b *browser) button(value string) *html.Node {
	return b.find(func(n *html.Node) bool { return n.Data == "button" && attr(n, "value") == value })
}

// fields are the successful controls of the page.
func (b *browser) fields() url.Values {
	form := url.Values{}
	for n := range b.doc.Descendants() {
		name := attr(n, "name")
		switch {
		case name == "" || n.Type != html.ElementNode:
		case n.Data == "textarea":
			form.Add(name, strings.TrimPrefix(inner(n), "\n"))
		case n.Data == "select":
			form.Add(name, picked(n))
		case n.Data != "input":
		case attr(n, "type") == "radio" || attr(n, "type") == "checkbox":
			if has(n, "checked") {
				form.Add(name, attr(n, "value"))
			}
		default:
			form.Add(name, attr(n, "value"))
		}
	}
	return form
}

// picked is the value of a list's selected option, else of its first.
func picked(list *html.Node) string {
	value, first := "", true
	for n := range list.Descendants() {
		if n.Data != "option" || !first && !has(n, "selected") {
			continue
		}
		first = false
		if value = attr(n, "value"); !has(n, "value") {
			value = inner(n)
		}
	}
	return value
}

func (b *browser) has(name string) bool {
	return b.find(func(n *html.Node) bool {
		return (n.Data == "input" || n.Data == "textarea" || n.Data == "select") && attr(n, "name") == name
	}) != nil
}

func (b *browser) find(match func(*html.Node) bool) *html.Node {
	for n := range b.doc.Descendants() {
		if n.Type == html.ElementNode && match(n) {
			return n
		}
	}
	return nil
}

func (b *browser) element(name string) *html.Node {
	b.t.Helper()
	n := b.find(func(n *html.Node) bool { return n.Data == name })
	if n == nil {
		b.t.Fatalf("%s has no <%s>", b.at, name)
	}
	return n
}

func (b *browser) title() string { return inner(b.element("title")) }

// lang is the language the page says it is in.
func (b *browser) lang() string { return attr(b.element("html"), "lang") }

// text is what the page says.
func (b *browser) text() string { return strings.Join(strings.Fields(inner(b.element("body"))), " ") }

func (b *browser) says(want ...string) {
	b.t.Helper()
	for _, w := range want {
		if !strings.Contains(b.text(), w) {
			b.t.Errorf("%s (%d) does not say %q:\n%s", b.at, b.status, w, b.text())
		}
	}
}

func attr(n *html.Node, key string) string {
	if i := slices.IndexFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key }); i >= 0 {
		return n.Attr[i].Val
	}
	return ""
}

func has(n *html.Node, key string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key })
}

func inner(n *html.Node) string {
	var s strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			s.WriteString(d.Data)
		}
	}
	return s.String()
}
