package console

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/link"
	"viesti/outbox"
	"viesti/report"
	"viesti/server"
)

type desk struct {
	letters chan string // addresses and links
	paused  bool
	in      []string // who was let in
	refuses bool     // to write that down
}

func (*desk) Rates(_ context.Context, q report.Query) (report.Rates, error) {
	half := 0.5
	return report.Rates{Rows: []report.Row{{Network: "pomako", Name: "POMAKO <b>", Region: "pohjanmaa", Kind: "mixed", Channel: "mail", Language: "sv", Day: "2026-11-01", Contacted: 1234, Rate: &half}}}, nil
}

func (*desk) Spread(_ context.Context, q report.Query) (report.Spread, error) {
	half, twig := 0.5, report.Twig{Depth: 1, Counts: report.Counts{Visits: 4321}}
	return report.Spread{Trees: []report.Tree{{
		Network: "pomako", Name: "POMAKO <b>" + q.Network, Growth: report.Growth{Links: 2, Share: &half, Depth: 1},
		Roots: []report.Twig{{Channel: "mail", PassedOn: []report.Twig{twig}}},
	}}}, nil
}

func (*desk) Handout(_ context.Context, network string, channel link.Channel, l i18n.Lang) (link.Sheet, error) {
	return link.Sheet{Title: "B", Network: network, Organiser: "O", URL: "https://b.example.org/r/" + string(channel), Lang: l}, nil
}

func (d *desk) Sending(context.Context) (Sending, error) {
	return Sending{
		Counts: map[outbox.State]int64{outbox.Sent: 7}, Paused: d.paused,
		Networks: []contacts.Network{{ID: "etno", Name: i18n.Text{i18n.Sv: "ETNO <i>"}}},
		Problems: []*fault.Fault{fault.New(fault.Unavailable, "app.slack", i18n.Args{"code": "token_revoked"})},
	}, nil
}

func (d *desk) Pause(_ context.Context, paused bool) error { d.paused = paused; return nil }

func (d *desk) SignIn(_ context.Context, email string, _ i18n.Lang, address string) error {
	d.letters <- email + " " + address
	return nil
}

func (d *desk) SignedIn(_ context.Context, email string) error {
	if d.refuses {
		return errors.New("disk full")
	}
	d.in = append(d.in, email)
	return nil
}

// place is a console with a clock of its own.
type place struct {
	t       *testing.T
	handler http.Handler
	desk    *desk
	now     time.Time
	over    bool // the survey is
	cookie  string
}

func open(t *testing.T) *place {
	t.Helper()
	p := &place{t: t, desk: &desk{letters: make(chan string, 9)}, now: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)}
	now := func() time.Time { return p.now }
	log := slog.New(slog.DiscardHandler)
	r, err := server.New(server.Options{Title: i18n.Text{i18n.Fi: "B"}, Logger: log, Now: now, Rand: rand.Reader})
	if err == nil {
		_, err = Register(r, Pages{
			Desk: p.desk, Coordinators: []string{"kaisa@example.org"}, Title: i18n.Text{i18n.Fi: "B"},
			Over: func() bool { return p.over },
			Report: func(_ context.Context, put func(string, []byte) error) error {
				return put("fi.html", []byte("<p>raportti</p>"))
			},
			BaseURL: "https://b.example.org", Now: now, Rand: rand.Reader, Log: log,
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	p.handler = r
	return p
}

func (p *place) do(method, path string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if p.cookie != "" {
		r.Header.Set("Cookie", p.cookie)
	}
	w := httptest.NewRecorder()
	p.handler.ServeHTTP(w, r)
	return w
}

func TestSignInByLetter(t *testing.T) {
	for _, lang := range i18n.Langs {
		p := open(t)
		if w := p.do(http.MethodGet, "/console/?lang="+string(lang), nil); w.Code != http.StatusOK || strings.Contains(w.Body.String(), "POMAKO") {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		if w := p.do(http.MethodGet, "/console/spread", nil); w.Code != http.StatusSeeOther {
			t.Errorf("a stranger sees the spread: %d", w.Code)
		}
		if w := p.do(http.MethodGet, "/console/report/fi.html", nil); w.Code != http.StatusSeeOther {
			t.Errorf("a stranger sees the report: %d", w.Code)
		}
		stranger := p.do(http.MethodPost, "/console/sign-in?lang="+string(lang), url.Values{"email": {"who@example.org"}}).Body.String()
		known := p.do(http.MethodPost, "/console/sign-in?lang="+string(lang), url.Values{"email": {"KAISA@example.org"}}).Body.String()
		if stranger != known {
			t.Error("the page tells who is a coordinator")
		}
		p.do(http.MethodPost, "/console/sign-in", url.Values{"email": {"kaisa@example.org"}}) // too soon
		_, address, _ := strings.Cut(<-p.desk.letters, " ")
		link, err := url.Parse(address)
		if err != nil || len(p.desk.letters) != 0 {
			t.Fatalf("%v, %d more letters", err, len(p.desk.letters))
		}
		for range 2 { // a scanner reads it, then a person
			if w := p.do(http.MethodGet, link.RequestURI(), nil); w.Code != http.StatusOK || w.Header().Get("Set-Cookie") != "" {
				t.Fatalf("%d", w.Code)
			}
		}
		ticket := url.Values{"ticket": {link.Query().Get("ticket")}}
		w := p.do(http.MethodPost, "/console/enter", ticket)
		if w.Code != http.StatusSeeOther {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		if again := p.do(http.MethodPost, "/console/enter", ticket); again.Code != http.StatusForbidden {
			t.Errorf("a link worked twice: %d", again.Code)
		}
		set := w.Header().Get("Set-Cookie")
		if !strings.Contains(set, "HttpOnly") || !strings.Contains(set, "Secure") {
			t.Error(set)
		}
		if !slices.Equal(p.desk.in, []string{"kaisa@example.org"}) {
			t.Errorf("written down as let in: %q", p.desk.in)
		}
		p.cookie, _, _ = strings.Cut(set, ";")
		p.readReport()
		p.look(lang)
	}
}

// Nobody comes in unseen.
func TestWhoCannotBeWrittenDownStaysOut(t *testing.T) {
	p := open(t)
	p.desk.refuses = true
	p.do(http.MethodPost, "/console/sign-in", url.Values{"email": {"kaisa@example.org"}})
	_, address, _ := strings.Cut(<-p.desk.letters, " ")
	link, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	w := p.do(http.MethodPost, "/console/enter", url.Values{"ticket": {link.Query().Get("ticket")}})
	if w.Code != http.StatusInternalServerError || w.Header().Get("Set-Cookie") != "" {
		t.Errorf("%d, cookie %q", w.Code, w.Header().Get("Set-Cookie"))
	}
}

// look is what somebody who is signed in sees and does.
func (p *place) look(lang i18n.Lang) {
	for _, by := range report.Divisions {
		body := p.do(http.MethodGet, "/console/?lang="+string(lang)+"&by="+string(by), nil).Body.String()
		if !strings.Contains(body, i18n.Number(lang, 1234)) || !strings.Contains(body, i18n.Percent(lang, 0.5)) || strings.Contains(body, "<b>") {
			p.t.Errorf("%s by %s:\n%s", lang, by, body)
		}
		if !strings.Contains(body, i18n.T(lang, "console.paused_networks", nil)+" ETNO &lt;i&gt;") || !strings.Contains(body, "token_revoked") {
			p.t.Errorf("%s: what is paused or broken is not shown:\n%s", lang, body)
		}
	}
	spread := p.do(http.MethodGet, "/console/spread?network=pomako&lang="+string(lang), nil).Body.String()
	for _, want := range []string{i18n.Number(lang, 4321), i18n.Percent(lang, 0.5), i18n.T(lang, "report.picture.passed_on", i18n.Args{"n": 1}), "POMAKO &lt;b&gt;pomako", "<svg"} {
		if !strings.Contains(spread, want) {
			p.t.Errorf("%s: the spread does not show %q:\n%s", lang, want, spread)
		}
	}
	for what, want := range map[string]string{"text": "https://b.example.org/r/onward", "poster": "%PDF-", "qr": "<svg"} {
		w := p.do(http.MethodPost, "/console/handout?network=pomako&lang="+string(lang), url.Values{"what": {what}, "in": {"sv"}})
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) || (what == "text") == (w.Header().Get("Content-Disposition") != "") {
			p.t.Errorf("%s, %s: %d %v", lang, what, w.Code, w.Header())
		}
	}
	p.do(http.MethodPost, "/console/sending", url.Values{"pause": {"yes"}})
	if !p.desk.paused {
		p.t.Error("pause did nothing")
	}
	p.now = p.now.Add(13 * time.Hour)
	if w := p.do(http.MethodPost, "/console/handout?network=pomako", url.Values{"what": {"text"}}); w.Code != http.StatusForbidden {
		p.t.Errorf("a sign-in of yesterday still gives links: %d", w.Code)
	}
	if w := p.do(http.MethodPost, "/console/sending", url.Values{"pause": {"no"}}); w.Code != http.StatusForbidden || !p.desk.paused {
		p.t.Errorf("a sign-in of yesterday still counts: %d", w.Code)
	}
}

func TestForgedTickets(t *testing.T) {
	p := open(t)
	for _, ticket := range []string{"", ".", "x.y", strings.Repeat("A", 9000) + ".x"} {
		if w := p.do(http.MethodPost, "/console/enter", url.Values{"ticket": {ticket}}); w.Code != http.StatusForbidden {
			t.Errorf("%.20q: %d", ticket, w.Code)
		}
	}
	tickets, err := newTickets(rand.Reader, func() time.Time { return p.now })
	if err != nil {
		t.Fatal(err)
	}
	stay := tickets.issue(toStay, "kaisa@example.org")
	if _, ok := tickets.redeem(toEnter, stay); ok {
		t.Error("a ticket for one purpose served another")
	}
	enter := tickets.issue(toEnter, "kaisa@example.org")
	p.now = p.now.Add(31 * time.Minute)
	if _, ok := tickets.redeem(toEnter, enter); ok {
		t.Error("a link of half an hour ago still works")
	}
}

// readReport looks at the report before the survey is over and after it.
func (p *place) readReport() {
	p.t.Helper()
	if w := p.do(http.MethodGet, "/console/report/fi.html", nil); w.Code != http.StatusSeeOther {
		p.t.Errorf("there is a report before the close: %d", w.Code)
	}
	if strings.Contains(p.do(http.MethodGet, "/console/", nil).Body.String(), "/console/report/") {
		p.t.Error("the console leads to a report that is not there")
	}
	p.over = true
	defer func() { p.over = false }()
	if !strings.Contains(p.do(http.MethodGet, "/console/", nil).Body.String(), "/console/report/fi.html") {
		p.t.Error("the console does not lead to the report")
	}
	w := p.do(http.MethodGet, "/console/report/fi.html", nil)
	if policy := w.Header().Get("Content-Security-Policy"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "raportti") || strings.Contains(policy, "script") {
		p.t.Errorf("the report: %d %s %s", w.Code, w.Body, policy)
	}
	if w := p.do(http.MethodGet, "/console/report/passwd", nil); w.Code != http.StatusNotFound {
		p.t.Errorf("a page that is not there: %d", w.Code)
	}
}
