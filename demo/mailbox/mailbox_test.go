package mailbox

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/smtp"
	"strings"
	"testing"
	"time"

	"viesti/i18n"
)

// start serves a mailbox and gives its SMTP address.
func start(t *testing.T, o Options) (*Mailbox, string) {
	t.Helper()
	o.Now, o.Log = func() time.Time { return time.Date(2027, 3, 14, 9, 0, 0, 0, time.UTC) }, slog.New(slog.DiscardHandler)
	m := New(o)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- m.Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	return m, l.Addr().String()
}

func send(t *testing.T, addr, to, letter string) {
	t.Helper()
	letter = strings.ReplaceAll(letter, "\n", "\r\n")
	if err := smtp.SendMail(addr, nil, "from@example.org", strings.Split(to, " "), []byte(letter)); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, m *Mailbox, path string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	m.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w
}

const invitation = `From: =?utf-8?q?Kysely_=C3=A4?= <from@example.org>
To: "Aino Esimerkki" <aino@example.org>
Subject: =?utf-8?q?Kutsu_=3Cscript=3Ealert(1)=3C/script=3E?=
Content-Language: sv
List-Unsubscribe: <mailto:x@example.org>, <http://127.0.0.1:1/u/abc>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Hej <b>du</b>! =C3=B6
http://127.0.0.1:1/r/token?a=3D1&b=3D2.
--b
Content-Type: text/html; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

<html><head><title>x</title></head><body><p>=F6</p><script>alert(2)</script></body></html>
--b--
`

func TestALetterIsShownAsAPersonSeesIt(t *testing.T) {
	m, addr := start(t, Options{})
	send(t, addr, "Aino@example.org", invitation)
	l, ok := m.Letter(1)
	if !ok {
		t.Fatal("no letter")
	}
	if l.From != "Kysely ä <from@example.org>" || l.Lang != i18n.Sv || l.Mailbox() != "aino@example.org" ||
		l.Unsubscribe != "http://127.0.0.1:1/u/abc" || !l.OneClick || l.Leave != (Leave{To: "x@example.org"}) || !strings.Contains(l.HTML, "<p>ö</p>") {
		t.Errorf("letter: %+v", l)
	}
	page := get(t, m, "/mailbox/1?lang=en").Body.String()
	for _, want := range []string{
		"Kutsu &lt;script&gt;", "Hej &lt;b&gt;du&lt;/b&gt;! ö", "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
		`<a href="http://127.0.0.1:1/r/token?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">`,
		`sandbox="allow-popups allow-popups-to-escape-sandbox"`, `action="http://127.0.0.1:1/u/abc"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Contains(page, "<script") {
		t.Error("the page runs a script")
	}
}

func TestALettersHTMLIsCaged(t *testing.T) {
	m, addr := start(t, Options{})
	send(t, addr, "aino@example.org", invitation)
	w := get(t, m, "/mailbox/1/html")
	policy := w.Header().Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "sandbox allow-popups") || strings.Contains(policy, "allow-scripts") {
		t.Errorf("policy: %s", policy)
	}
	if !strings.Contains(w.Body.String(), `<head><base target="_blank">`) {
		t.Errorf("links do not open beside the letter: %s", w.Body)
	}
}

func TestSearchAndPaging(t *testing.T) {
	m, addr := start(t, Options{})
	for i := range perPage + 2 {
		send(t, addr, fmt.Sprintf("p%d@example.org", i), fmt.Sprintf("Subject: Nr %d\nTo: p%d@example.org\n\ntext\n", i, i))
	}
	first := get(t, m, "/mailbox/?lang=en").Body.String()
	if !strings.Contains(first, ">Nr 51<") || strings.Contains(first, ">Nr 1<") || !strings.Contains(first, "52 letters") || !strings.Contains(first, "Page 1/2") {
		t.Errorf("first page: %s", first)
	}
	second := get(t, m, "/mailbox/?lang=en&page=2").Body.String()
	if !strings.Contains(second, ">Nr 1<") || strings.Contains(second, ">Nr 2<") {
		t.Error("second page")
	}
	if found := get(t, m, "/mailbox/?lang=en&q=P7@").Body.String(); !strings.Contains(found, ">Nr 7<") || !strings.Contains(found, "1 letter<") {
		t.Error("search by address")
	}
	if odd := get(t, m, `/mailbox/?page=x&q="><script>alert(1)</script>`); odd.Code != http.StatusOK || strings.Contains(odd.Body.String(), "<script") {
		t.Error("search words are not escaped")
	}
}

func TestOldLettersGiveWay(t *testing.T) {
	m, addr := start(t, Options{Keep: 2})
	for _, to := range []string{"a@example.org", "b@example.org c@example.org", "c@example.org"} {
		send(t, addr, to, "Subject: x\n\ntext\n")
	}
	if letters, people := m.Count(); letters != 2 || people != 1 {
		t.Errorf("kept %d letters of %d people", letters, people)
	}
	if _, ok := m.Letter(2); ok {
		t.Error("an old letter is still there")
	}
	if got := m.Since(1); len(got) != 2 || got[0].Number != 3 || got[1].Number != 4 {
		t.Errorf("since: %+v", got)
	}
}

func TestUnknownLettersAreNotFound(t *testing.T) {
	m, _ := start(t, Options{})
	for _, path := range []string{"/mailbox/1", "/mailbox/x", "/mailbox/99999999999999999999", "/mailbox/0/html", "/mailbox/-1"} {
		if w := get(t, m, path); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}
