package mailer

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"viesti/i18n"
	"viesti/outbox"
)

// TestDraft compares letters made of a draft with letters that go-mail writes in one go.
func TestDraft(t *testing.T) {
	c := newComposer(t)
	for _, lang := range i18n.Langs {
		for _, kind := range kinds {
			for _, token := range []string{testToken, "zzzzzzzzzzzzz", "2345678923456", "abc"} {
				d := delivery(lang, kind)
				d.Contact.Token = token
				short, err := c.Compose(t.Context(), d, now)
				if err != nil {
					t.Fatal(err)
				}
				if long := c.inOneGo(t, d); !bytes.Equal(short, long) {
					t.Errorf("%s/%s/%s differs:\n%s\nin one go:\n%s", kind, lang, token, short, long)
				}
			}
		}
	}
}

func (c *Composer) inOneGo(t *testing.T, d outbox.Delivery) []byte {
	t.Helper()
	shared, err := c.draft(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	l, _, err := c.write(t.Context(), d, strings.TrimSuffix(c.facts.BaseURL, "/")+"/u/"+d.Contact.Token, "")
	if err != nil {
		t.Fatal(err)
	}
	m := c.header(d, l.Subject, now)
	if err := setBody(m, l, Picture{}, ""); err != nil {
		t.Fatal(err)
	}
	// The boundary is a digest of the text, which a draft has with its placeholder.
	m.SetBoundary(boundary(t, shared.body))
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func boundary(t *testing.T, body []byte) string {
	t.Helper()
	_, rest, found := bytes.Cut(body, []byte("boundary="))
	line, _, ended := bytes.Cut(rest, []byte("\r\n"))
	if !found || !ended {
		t.Fatalf("no boundary in %s", body)
	}
	return string(line)
}

// TestDraftSoftBreak moves the opt-out link along its line, so that the encoding breaks the line
// at every place of the token.
func TestDraftSoftBreak(t *testing.T) {
	broken := false
	for n := range 80 {
		facts := testFacts()
		facts.BaseURL = "https://" + strings.Repeat("b", 50) + strings.Repeat("c", n%13) + ".example.org/p" + strings.Repeat("p", n)
		c, err := NewComposer(facts, testConfig())
		if err != nil {
			t.Fatal(err)
		}
		d := delivery(i18n.Fi, outbox.Invitation)
		letter, err := c.Compose(t.Context(), d, now)
		if err != nil {
			t.Fatal(err)
		}
		p := parse(t, letter)
		for form, body := range map[string]string{"text": p.text, "html": p.html} {
			if !strings.Contains(body, facts.BaseURL+"/u/"+testToken) {
				t.Errorf("%s lacks the opt-out link with %d characters more", form, n)
			}
		}
		broken = broken || bytes.Count(bytes.SplitN(letter, []byte("\r\n\r\n"), 2)[1], []byte(testToken)) < 2
	}
	if !broken {
		t.Error("no token was broken: the test has lost its point")
	}
}

func TestDraftsAreBounded(t *testing.T) {
	c := newComposer(t)
	d := delivery(i18n.En, outbox.Invitation)
	for i := range maxDrafts + 10 {
		d.URL = fmt.Sprintf("https://barometri.example.org/r/%d", i)
		if _, err := c.Compose(t.Context(), d, now); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(c.drafts); n > maxDrafts {
		t.Errorf("%d drafts are kept", n)
	}
}
