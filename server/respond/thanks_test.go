package respond_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestPassOn(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	made := map[string]bool{}
	p.build(t, links{made: made})
	newBrowser(t, p, "en").get("/r/" + token)
	if len(made) != 0 {
		t.Error("reading made a link")
	}
	b := newBrowser(t, p, "en").get("/r/"+token).press("start", nil)
	if !made[token] {
		t.Fatal("beginning made no link to pass on")
	}
	b.get("/r/"+token+"/review").press("send", nil)
	address := "https://baro.example.org/r/" + onward
	b.says(address)
	mail := b.find(func(n *html.Node) bool { return strings.HasPrefix(attr(n, "href"), "mailto:?") })
	if body, err := url.QueryUnescape(attr(mail, "href")); err != nil || !strings.Contains(body, "\r\n"+address+"\r\n") {
		t.Errorf("the letter: %v %q", err, body)
	}
	if chat := b.element("textarea"); !strings.Contains(inner(chat), "Trial survey") || !strings.Contains(inner(chat), address) {
		t.Errorf("the message: %q", inner(chat))
	}
	if b.find(func(n *html.Node) bool { return n.Data == "svg" }) == nil {
		t.Error("no QR code")
	}
	if strings.Contains(b.body, token+"<") || strings.Contains(b.body, "/r/"+token+"\"") {
		t.Error("the link they came by is passed on")
	}
}

// Whatever happens to links, an answer is begun and sent, and there is a link to pass on.
func TestPassOnWithoutALink(t *testing.T) {
	p := newPlace(t, "testdata/kinds")
	p.build(t, links{}) // makes none
	b := newBrowser(t, p, "en").get("/r/"+token).press("start", nil)
	if b.at != "/r/"+token+"/page/1" {
		t.Fatalf("at %s", b.at)
	}
	b.get("/r/"+token+"/review").press("send", nil).says("https://baro.example.org/r/" + token)
	front := newBrowser(t, p, "en").get("/").press("start", nil).get("/review").press("send", nil)
	front.says("https://baro.example.org/")
	p.build(t, links{err: errors.New("index on fire")})
	front.get("/thanks").says("https://baro.example.org/")
}
