package respond_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"viesti/i18n"
)

func TestReview(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	b := newBrowser(t, p, "en").get("/r/"+token).press("start", nil)
	b.get("/r/"+token+"/review").says("You have not answered any question yet", "send the form as it is")
	b.get("/r/"+token+"/page/1").press("next", fill{"q.role": {"adviser"}})
	b.get("/r/"+token+"/review").says("What is your role?", "Adviser", "Not answered")
	if strings.Contains(b.text(), "What do you teach?") {
		t.Error("a question is shown that does not concern the respondent")
	}

	// From the review to a question, in the language now read, and back.
	b.get("/r/" + token + "/review?lang=sv").says("Rådgivare")
	change := b.find(func(n *html.Node) bool { return n.Data == "a" && strings.HasSuffix(attr(n, "href"), "#q-role") })
	page, anchor, _ := strings.Cut(attr(change, "href"), "#")
	if b.get(page); b.lang() != "sv" || b.find(func(n *html.Node) bool { return attr(n, "id") == anchor }) == nil {
		t.Errorf("%s in %s has no %s", b.at, b.lang(), anchor)
	}
	b.get("/r/"+token+"/review?lang=sv").press("back", nil)
	if b.at != "/r/"+token+"/page/5?lang=sv" {
		t.Errorf("back to %s", b.at)
	}
	b.get("/r/"+token+"/review?lang=sv").press("save", nil)
	if b.at != "/r/"+token+"/later?lang=sv" {
		t.Errorf("saved at %s", b.at)
	}
	b.visit(http.MethodPost, "/r/"+token+"/review", url.Values{"lang": {"sv"}}) // no button
	if b.at != "/r/"+token+"/review?lang=sv" || len(p.store.sent) != 0 {
		t.Errorf("%s, %d sent", b.at, len(p.store.sent))
	}
	b.press("send", nil).says("Tack")
	if r := p.store.sent[0]; r.Lang != i18n.Sv || !r.Answers["role"].Has("adviser") {
		t.Errorf("sent: %+v", r)
	}
}

// What the organiser needs is asked for, and nothing is sent without it.
func TestReviewAsksForWhatIsRequired(t *testing.T) {
	p := newPlace(t, "testdata/types")
	b := newBrowser(t, p, "en").get("/").press("start", nil).get("/review")
	b.says("answer that the organiser needs is missing")
	if strings.Contains(b.text(), "as it is") {
		t.Error("the page offers to send what cannot be sent")
	}
	b.press("send", nil)
	if b.status != http.StatusUnprocessableEntity || len(p.store.sent) != 0 || !strings.HasPrefix(b.title(), "To check") {
		t.Fatalf("%d %q, %d sent", b.status, b.title(), len(p.store.sent))
	}
	b.says("Your answers have not been sent yet.")
	due := b.find(func(n *html.Node) bool { return n.Data == "a" && strings.Contains(attr(n, "href"), "due=1#q-") })
	page, anchor, _ := strings.Cut(attr(due, "href"), "#")
	if b.get(page); b.find(func(n *html.Node) bool { return attr(n, "id") == anchor }) == nil || !strings.Contains(b.body, `class="faults"`) {
		t.Errorf("%s does not lead to what is missing", attr(due, "href"))
	}
}

// A fault of ours while sending needs only that the button is pressed again.
func TestSendingAgain(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	b := newBrowser(t, p, "sv").get("/").press("start", nil).press("next", fill{"q.role": {"adviser"}}).get("/review")
	p.store.frozen = errors.New("disk on fire")
	if b.press("send", nil); b.status != http.StatusServiceUnavailable || b.lang() != "sv" {
		t.Fatalf("%d in %s", b.status, b.lang())
	}
	p.store.frozen = nil
	again := b.fields()
	if b.visit(http.MethodPost, b.at, again); !strings.HasPrefix(b.at, "/thanks") || len(p.store.sent) != 1 {
		t.Errorf("at %s, %d sent", b.at, len(p.store.sent))
	}
	// Sent already, from another window.
	if b.visit(http.MethodPost, "/review", again); !strings.HasPrefix(b.at, "/thanks") || len(p.store.sent) != 1 {
		t.Errorf("at %s, %d sent", b.at, len(p.store.sent))
	}
	if b.get("/review"); !strings.HasPrefix(b.at, "/thanks") {
		t.Errorf("at %s", b.at)
	}
}
