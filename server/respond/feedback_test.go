package respond_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"viesti/i18n"
	"viesti/server/respond"
)

// post keeps what it is to bring.
type post struct {
	letters []respond.Feedback
	err     error
}

func (p *post) Deliver(_ context.Context, f respond.Feedback) error {
	if p.err == nil {
		p.letters = append(p.letters, f)
	}
	return p.err
}

func TestFeedback(t *testing.T) {
	for _, l := range i18n.Langs {
		p := newPlace(t, "testdata/kinds")
		b := newBrowser(t, p, string(l)).get("/accessibility")
		b.press("feedback", fill{"message": {"En näe\r\nnappia. \x00"}, "address": {" mia@example.org "}})
		want := respond.Feedback{Lang: l, Text: "En näe\nnappia.", ReplyTo: "mia@example.org"}
		if len(p.post.letters) != 1 || p.post.letters[0] != want {
			t.Errorf("%q", p.post.letters)
		}
		if b.at != "/accessibility?sent=1&lang="+string(l) || b.set != nil || b.lang() != string(l) {
			t.Errorf("at %s in %s, cookie %v", b.at, b.lang(), b.set)
		}
		golden(t, b, "feedback-sent")
		b.visit(http.MethodPost, "/accessibility", url.Values{"message": {"En näe\nnappia."}, "address": {"mia@example.org"}, "lang": {string(l)}})
		if len(p.post.letters) != 1 || !strings.Contains(b.at, "sent=1") {
			t.Errorf("pressed twice: %d letters, at %s", len(p.post.letters), b.at)
		}
		golden(t, b.get("/accessibility").press("feedback", fill{"message": {" "}, "address": {"mia@"}}), "feedback-refused")
	}
}

// Whatever is wrong with it, what was written is still there.
func TestFeedbackKeepsWhatWasWritten(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	b := newBrowser(t, p, "en")
	for _, tt := range []struct {
		name, text, to string
		err            error
		want           int
	}{
		{"nothing", "", "", nil, http.StatusUnprocessableEntity},
		{"too much", strings.Repeat("å", 4001), "", nil, http.StatusUnprocessableEntity},
		{"100 kB", strings.Repeat("x", 100_000), strings.Repeat("x", 100_000), nil, http.StatusUnprocessableEntity},
		{"no address", "Help", "mia", nil, http.StatusUnprocessableEntity},
		{"a name with it", "Help", "Mia <mia@example.org>", nil, http.StatusUnprocessableEntity},
		{"another header", "Help", "mia@example.org\r\nBcc: all@example.org", nil, http.StatusUnprocessableEntity},
		{"no relay", "Help", "mia@example.org", errors.New("relay on fire"), http.StatusServiceUnavailable},
	} {
		p.post.err = tt.err
		b.visit(http.MethodPost, "/accessibility", url.Values{"message": {tt.text}, "address": {tt.to}, "lang": {"en"}})
		if b.status != tt.want || len(p.post.letters) != 0 || strings.Contains(b.body, "fire") {
			t.Errorf("%s: %d, %d letters", tt.name, b.status, len(p.post.letters))
		}
		to := attr(b.find(func(n *html.Node) bool { return attr(n, "id") == "reply" }), "value")
		if got := b.fields(); got.Get("message") != tt.text || strings.ReplaceAll(to, "\n", "") != strings.NewReplacer("\r", "", "\n", "").Replace(tt.to) && to != tt.to {
			t.Errorf("%s: kept %.40q and %.40q", tt.name, got.Get("message"), to)
		}
	}
	if !strings.Contains(p.log.String(), "relay on fire") || strings.Contains(p.log.String(), "mia@") {
		t.Errorf("log: %s", p.log.String())
	}
	p.post.err = nil
	b.press("feedback", nil)
	if len(p.post.letters) != 1 {
		t.Error("the same could not be sent when the relay was back")
	}
}

func TestFeedbackIsPaced(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	b := newBrowser(t, p, "en")
	write := func(i int) int {
		b.visit(http.MethodPost, "/accessibility", url.Values{"message": {fmt.Sprint("number ", i)}})
		return b.status
	}
	for i := range 10 {
		write(i)
	}
	if got := write(10); got != http.StatusTooManyRequests || len(p.post.letters) != 10 {
		t.Errorf("%d, %d letters", got, len(p.post.letters))
	}
	b.says("baro@example.org")
	if b.fields().Get("message") != "number 10" {
		t.Error("what was written is gone")
	}
	p.now = p.now.Add(time.Hour)
	if got := write(10); got != http.StatusOK || len(p.post.letters) != 11 {
		t.Errorf("an hour later: %d", got)
	}
}

// Nothing joins feedback to an answer.
func TestFeedbackReadsNoCookie(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	b := saved(t, p, "en", "/r/"+token)
	p.store.broken = errors.New("nobody may ask")
	b.get("/accessibility").press("feedback", fill{"message": {"Help"}})
	if b.status != http.StatusOK || b.set.Value != b.cookie || p.post.letters[0] != (respond.Feedback{Lang: i18n.En, Text: "Help"}) {
		t.Errorf("%d %+v", b.status, p.post.letters)
	}
}

func TestNoFeedbackWithoutMail(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	p.post = nil
	p.build(t, links{})
	b := newBrowser(t, p, "en").get("/accessibility")
	if b.has("message") {
		t.Error("there is a form")
	}
	b.says("baro@example.org")
	if b.visit(http.MethodPost, "/accessibility", url.Values{"message": {"Help"}}); b.status != http.StatusOK || strings.Contains(b.at, "sent") {
		t.Errorf("%d at %s", b.status, b.at)
	}
}

// What the organiser wrote stands in place of our words, in each language.
func TestOwnNotices(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	text := func(s string) i18n.Text { return i18n.Text{i18n.Fi: s + " fi", i18n.Sv: s + " sv", i18n.En: s + " en"} }
	p.notices = respond.Notices{
		Controller: text("controller"), Officer: text("officer"), LegalBasis: text("basis"), ContactSource: text("source"),
		Recipients: text("recipients"), Retention: text("retention"), Authority: text("authority"), Status: respond.Not,
		Shortcomings: text("shortcomings"), Assessed: text("assessed"), Handler: text("handler"), Supervisor: text("supervisor"),
	}
	p.build(t, links{})
	for _, l := range i18n.Langs {
		b := newBrowser(t, p, string(l)).get("/privacy")
		for _, own := range []string{"controller", "officer", "basis", "source", "recipients", "retention", "authority"} {
			b.says(own + " " + string(l))
		}
		if strings.Contains(b.body, "tietosuoja.fi") {
			t.Error("another authority is named as well")
		}
		b.get("/accessibility")
		for _, own := range []string{"shortcomings", "assessed", "handler", "supervisor"} {
			b.says(own + " " + string(l))
		}
		b.says(i18n.T(l, "respond.accessibility.not", nil))
		if strings.Contains(b.body, "Traficom") {
			t.Error("another authority is named as well")
		}
	}
	p.notices = respond.Notices{Status: respond.Fully}
	p.build(t, links{})
	newBrowser(t, p, "sv").get("/accessibility").says("uppfyller alla krav", "Vi känner inte till något innehåll")
}
