package mailer

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"strings"
	"testing"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/smtptest"
	"viesti/outbox"
)

var png = bytes.Repeat([]byte("\x89PNG not really\r\n.\r\n"), 40)

// someWeek is a digest in English words, so that what is golden is the letter around them.
func someWeek(context.Context, contacts.Network, i18n.Lang) (Digest, error) {
	return Digest{
		Rate: "Response rate 15%.", Since: "12 new answers.", Remaining: "15 more to the target.", Standing: "The median is 21%.",
		Reminder: "Next reminder: Monday.", Curve: Picture{PNG: png, Text: "By Wednesday, 45 answers."},
		Days: [][]string{{"Day", "Sent", "So far", "Letters"}, {"1.3.", "33", "33", "Invitation"}, {"2.3.", "12", "45", ""}},
	}, nil
}

func digestOf(lang i18n.Lang) outbox.Delivery {
	d := delivery(lang, outbox.Digest(2027, 8))
	d.Recipient, d.Network.CoordinatorEmail = outbox.Staff("pomako", ""), "katri@kunta.example.fi"
	d.Carrier, d.Network.Name = "mail", i18n.Text{lang: d.Network.Name.In(lang)}
	d.Contact, d.URL, d.Onward = d.Addressee(contacts.Contact{}, d.Network), "", ""
	return d
}

// related takes a letter with a picture apart: the letter as one without, and the picture.
func related(t *testing.T, letter []byte) (p parsed, id string, picture []byte) {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(letter))
	if err != nil {
		t.Fatal(err)
	}
	media, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || media != "multipart/related" {
		t.Fatalf("Content-Type %q: %v", m.Header.Get("Content-Type"), err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	inner, err := parts.NextRawPart()
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(inner)
	if err != nil {
		t.Fatal(err)
	}
	p = parse(t, append([]byte("Content-Type: "+inner.Header.Get("Content-Type")+"\r\n\r\n"), body...))
	p.header = m.Header
	image, err := parts.NextRawPart()
	if err != nil || !strings.HasPrefix(image.Header.Get("Content-Type"), "image/png") {
		t.Fatalf("the picture: %v, %v", image, err)
	}
	picture, err = io.ReadAll(base64.NewDecoder(base64.StdEncoding, image))
	if err != nil {
		t.Fatal(err)
	}
	id, bracketed := strings.CutPrefix(image.Header.Get("Content-ID"), "<") // RFC 2392
	id, closed := strings.CutSuffix(id, ">")
	if !bracketed || !closed {
		t.Errorf("Content-ID %q", image.Header.Get("Content-ID"))
	}
	return p, id, picture
}

func TestDigest(t *testing.T) {
	for _, lang := range i18n.Langs {
		c := newComposer(t)
		c.Weeks = someWeek
		letter, err := c.Compose(t.Context(), digestOf(lang), now)
		if err != nil {
			t.Fatal(err)
		}
		checkLines(t, letter)
		p, id, picture := related(t, letter)
		golden(t, "digest."+string(lang)+".txt", p.text)
		golden(t, "digest."+string(lang)+".html", p.html)
		if !bytes.Equal(picture, png) || !strings.Contains(p.html, `src="cid:`+id+`" alt="By Wednesday, 45 answers."`) {
			t.Errorf("%s: the picture %s is not the one that is shown", lang, id)
		}
		if to := p.header.Get("To"); !strings.Contains(to, "<katri@kunta.example.fi>") {
			t.Errorf("to %s", to)
		}
		for _, field := range []string{"List-Unsubscribe", "List-Unsubscribe-Post", "In-Reply-To"} {
			if got := p.header.Get(field); got != "" {
				t.Errorf("%s: %s", field, got)
			}
		}
		for form, body := range map[string]string{"text": p.text, "html": p.html} {
			for _, never := range []string{"/u/", "/r/", "http://", "Katri"} {
				if strings.Contains(body, never) {
					t.Errorf("%s/%s has %s", lang, form, never)
				}
			}
		}
	}
}

// A digest leaves by the relay as any letter does; figures that cannot be had now are tried again,
// and nothing left of the week that has gone.
func TestDigestIsSent(t *testing.T) {
	relay := smtptest.New(t)
	carrier := newCarrier(t, relay)
	carrier.Composer.Weeks = func(context.Context, contacts.Network, i18n.Lang) (Digest, error) {
		return Digest{}, errors.New("no store")
	}
	s := carrier.Sender()
	if out := s.Send(t.Context(), digestOf(i18n.Fi), outbox.OpenGate); out.State != outbox.Retrying || len(relay.Letters()) != 0 {
		t.Errorf("without figures: %+v", out)
	}
	carrier.Composer.Weeks = someWeek
	if out := s.Send(t.Context(), digestOf(i18n.Fi), outbox.OpenGate); out.State != outbox.Sent {
		t.Errorf("with figures: %+v", out)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	list := relay.Letters()
	if len(list) != 1 {
		t.Fatalf("%d letters", len(list))
	}
	if _, _, picture := related(t, list[0].Data); !bytes.Equal(picture, png) {
		t.Error("the picture did not arrive as it was")
	}
}
