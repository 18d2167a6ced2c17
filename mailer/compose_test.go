package mailer

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/internal/smtptest"
	"viesti/outbox"
)

var update = flag.Bool("update", false, "write the golden letters anew")

var kinds = []outbox.Kind{
	outbox.Invitation, outbox.Reminder(1), outbox.Reminder(2), outbox.Reminder(3), outbox.LastCall, outbox.ThankYou, outbox.Test,
}

// parsed is a letter as a mail program reads it.
type parsed struct {
	header     netmail.Header
	text, html string
}

func parse(t testing.TB, letter []byte) parsed {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(letter))
	if err != nil {
		t.Fatalf("the letter cannot be read: %v\n%s", err, letter)
	}
	media, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || media != "multipart/alternative" {
		t.Fatalf("Content-Type %q: %v", m.Header.Get("Content-Type"), err)
	}
	p := parsed{header: m.Header}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for i, want := range []string{"text/plain; charset=UTF-8", "text/html; charset=UTF-8"} {
		part, err := parts.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		if got := part.Header.Get("Content-Type"); got != want {
			t.Errorf("part %d is %q, want %q", i, got, want)
		}
		if got := part.Header.Get("Content-Transfer-Encoding"); got != "quoted-printable" {
			t.Errorf("part %d is encoded as %q", i, got)
		}
		raw, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		*[]*string{&p.text, &p.html}[i] = strings.ReplaceAll(string(raw), "\r\n", "\n")
	}
	if _, err := parts.NextPart(); err != io.EOF {
		t.Errorf("more than two parts (%v)", err)
	}
	return p
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (go test ./mailer -update writes it anew):\n%s", path, got)
	}
}

func TestLetters(t *testing.T) {
	c := newComposer(t)
	for _, lang := range i18n.Langs {
		for _, kind := range kinds {
			t.Run(fmt.Sprintf("%s/%s", kind, lang), func(t *testing.T) {
				letter, err := c.Compose(t.Context(), delivery(lang, kind), now)
				if err != nil {
					t.Fatal(err)
				}
				p := parse(t, letter)
				name := fmt.Sprintf("%s.%s", kind, lang)
				golden(t, name+".txt", p.text)
				golden(t, name+".html", p.html)
				if kind == outbox.Invitation {
					golden(t, name+".eml", strings.ReplaceAll(string(letter), "\r\n", "\n"))
				}
				checkLines(t, letter)
				checkSays(t, kind, p, testFacts().Organiser.In(lang))
			})
		}
	}
}

// checkLines holds a letter against RFC 5322, 2.1.1 and RFC 2045, 6.7.
func checkLines(t *testing.T, letter []byte) {
	t.Helper()
	for line := range bytes.Lines(letter) {
		if !bytes.HasSuffix(line, []byte("\r\n")) || bytes.ContainsRune(line[:len(line)-2], '\r') {
			t.Fatalf("line not ended by CRLF alone: %q", line)
		}
		if len(line) > 78 {
			t.Errorf("line of %d bytes: %q", len(line)-2, line)
		}
		if !isASCII(string(line)) {
			t.Errorf("line not ASCII: %q", line)
		}
	}
}

// checkSays looks for what no letter may lack, in both forms, and for what none may have.
func checkSays(t *testing.T, kind outbox.Kind, p parsed, organiser string) {
	t.Helper()
	wants := []string{
		"https://barometri.example.org/u/" + testToken, "https://barometri.example.org/privacy?lang=", organiser,
		"Katri Koordinaattori", "POMAKO", "aino@example.org", "29 000 0000", "Esimerkkikatu 1",
	}
	if kind != outbox.ThankYou { // the survey is closed
		wants = append(wants, "https://barometri.example.org/r/abcdefghjkmnp", "10–15", "2027")
	}
	for form, body := range map[string]string{"text": p.text, "html": p.html} {
		for _, want := range wants {
			if !strings.Contains(body, want) {
				t.Errorf("%s lacks %q", form, want)
			}
		}
		if strings.Contains(body, "Meikäläinen") {
			t.Errorf("%s names the recipient, and is to be passed on", form)
		}
	}
	for _, never := range []string{"<img", "<link", "<script", "url(", "src=", "http://", "ZgotmplZ"} {
		if strings.Contains(p.html, never) {
			t.Errorf("html has %q", never)
		}
	}
}

func TestComposeRefuses(t *testing.T) {
	c := newComposer(t)
	for name, change := range map[string]func(*outbox.Delivery){
		"no address":      func(d *outbox.Delivery) { d.Contact = contacts.Contact{Token: testToken} },
		"bad address":     func(d *outbox.Delivery) { d.Contact.Email = "a@b\r\nRCPT TO:<c@example.org>" },
		"no token":        func(d *outbox.Delivery) { d.Contact.Token = "" },
		"no Message-ID":   func(d *outbox.Delivery) { d.MessageID = "" },
		"empty brackets":  func(d *outbox.Delivery) { d.MessageID = "<>" },
		"address of list": func(d *outbox.Delivery) { d.Contact.Email = "a@example.org, b@example.org" },
	} {
		d := delivery(i18n.Fi, outbox.Invitation)
		change(&d)
		if _, err := c.Compose(t.Context(), d, now); err == nil {
			t.Errorf("%s: a letter was written", name)
		}
	}
}

func TestLetterWithLittle(t *testing.T) {
	facts := testFacts()
	facts.About, facts.Contact, facts.Minutes = nil, Person{}, [2]int{0, 0}
	c, err := NewComposer(facts, testConfig())
	if err != nil {
		t.Fatal(err)
	}
	letter, err := c.Compose(t.Context(), delivery(i18n.En, outbox.Invitation), now)
	if err != nil {
		t.Fatal(err)
	}
	p := parse(t, letter)
	for _, body := range []string{p.text, p.html} {
		if strings.Contains(body, "Questions about") || strings.Contains(body, "minutes") || strings.Contains(body, "\n\n\n") {
			t.Errorf("says what is not known:\n%s", body)
		}
	}
}

// TestNetworksOwnLetter: a network may have a sender's name and a last day of its own; the address
// stays the one that receivers check.
func TestNetworksOwnLetter(t *testing.T) {
	c := newComposer(t)
	d := delivery(i18n.En, outbox.Invitation)
	for _, x := range []struct{ sender, closes, from, says string }{
		{"", "", c.from.Name, i18n.DateTime(i18n.En, testFacts().Closes)},
		{"Äinö, Esimerkki", testFacts().Closes.AddDate(0, 0, -3).Format("2006-01-02"), "Äinö, Esimerkki", i18n.Date(i18n.En, testFacts().Closes.AddDate(0, 0, -3)) + ", 23:59"},
	} {
		d.Network.Sender, d.Network.Closes = x.sender, x.closes
		letter, err := c.Compose(t.Context(), d, now)
		if err != nil {
			t.Fatal(err)
		}
		p := parse(t, letter)
		from, err := netmail.ParseAddress(p.header.Get("From"))
		if err != nil || from.Name != x.from || from.Address != c.from.Address {
			t.Errorf("from %v, %v", from, err)
		}
		if !strings.Contains(p.text, x.says) || !strings.Contains(p.html, x.says) {
			t.Errorf("does not say %s:\n%s", x.says, p.text)
		}
		checkLines(t, letter)
	}
}

func TestMessageID(t *testing.T) {
	if got := newComposer(t).MessageID("abc"); got != "<abc@example.org>" {
		t.Errorf("MessageID is %s", got)
	}
}

func BenchmarkCompose(b *testing.B) {
	c := newComposer(b)
	d := delivery(i18n.Fi, outbox.Invitation)
	b.ReportAllocs()
	for b.Loop() {
		letter, err := c.Compose(b.Context(), d, now)
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(len(letter)))
	}
}

// A test letter says that it is one; all else is as in the letter it tries.
func TestTestLetter(t *testing.T) {
	relay := smtptest.New(t)
	carrier := newCarrier(t, relay)
	for _, kind := range []outbox.Kind{outbox.Invitation, outbox.Test} {
		if err := carrier.Test(t.Context(), delivery(i18n.En, kind)); err != nil {
			t.Fatal(err)
		}
	}
	sent := relay.Letters()
	marked, own := parse(t, sent[0].Data), parse(t, sent[1].Data)
	if got := marked.header.Get("Subject"); got != "[Test] Invitation to a survey: Partnership Barometer" {
		t.Errorf("Subject is %q", got)
	}
	for _, body := range []string{marked.text, marked.html} {
		if !strings.Contains(body, "This is a test message: its links") {
			t.Errorf("says nothing of being a test:\n%s", body)
		}
	}
	if got := own.header.Get("Subject"); got != "Test message: Partnership Barometer" || strings.Contains(own.text, "This is a test message:") {
		t.Errorf("Subject is %q:\n%s", got, own.text)
	}
	later, _ := carrier.Composer.Compose(t.Context(), delivery(i18n.En, outbox.Invitation), now)
	if bytes.Contains(later, []byte("[Test]")) {
		t.Error("a real letter is marked as a test")
	}
}

func TestTestLetterRefused(t *testing.T) {
	relay := smtptest.New(t, at(smtptest.Rcpt, smtptest.Answer{Reply: "550 5.1.1 no such user"}))
	f := fault.Of(newCarrier(t, relay).Test(t.Context(), delivery(i18n.En, outbox.Test)))
	if f == nil || f.Key != "mailer.not_taken" || !strings.Contains(f.Say(i18n.En), "550 5.1.1 no such user") {
		t.Errorf("fault is %+v", f)
	}
}
