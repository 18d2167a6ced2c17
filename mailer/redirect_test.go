package mailer

import (
	"strings"
	"testing"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/internal/smtptest"
	"viesti/outbox"
)

func TestRedirect(t *testing.T) {
	relay := smtptest.New(t)
	c := newCarrier(t, relay)
	raw := "From somebody Mon Mar 1\nReturn-Path: <a@b.example>\n\t(folded)\nFrom: Aino <a@b.example>\nSubject: Re: kysely\n\n.Miksi minä?\r\nLoppu"
	if err := c.Redirect(t.Context(), []byte(raw), "X-Mark", "r4nd0m"); err != nil {
		t.Fatal(err)
	}
	letters := relay.Letters()
	if len(letters) != 1 || letters[0].From != "<palautukset@example.org>" || strings.Join(letters[0].To, "") != "kysymykset@example.org" {
		t.Fatalf("%+v", letters)
	}
	want := "Resent-Date: Wed, 24 Feb 2027 09:30:00 +0200\r\nResent-From: palautukset@example.org\r\nResent-To: kysymykset@example.org\r\n" +
		"Resent-Message-ID: <r4nd0m@example.org>\r\nX-Mark: yes\r\nFrom: Aino <a@b.example>\r\nSubject: Re: kysely\r\n\r\n.Miksi minä?\r\nLoppu"
	if got := strings.TrimSuffix(string(letters[0].Data), "\r\n"); got != want {
		t.Errorf("sent\n%s\nwant\n%s", got, want)
	}
}

func TestRedirectFails(t *testing.T) {
	for _, answer := range []smtptest.Answer{{Reply: "451 4.3.0 later"}, {Reply: "550 5.7.1 no"}, {Silent: true, Cut: true}} {
		c := newCarrier(t, smtptest.New(t, at(smtptest.Dot, answer)))
		if err := c.Redirect(t.Context(), []byte("From: a@b\r\n\r\nx"), "X-Mark", "r"); fault.KindOf(err) != fault.Unavailable {
			t.Errorf("%+v: %v", answer, err)
		}
	}
	config := testConfig()
	config.ReplyTo = "Palautukset@example.org"
	composer, err := NewComposer(testFacts(), config)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := composer.AnswersTo(); ok {
		t.Error("answers go where they came from")
	}
	c := newCarrier(t, smtptest.New(t))
	c.Composer = composer
	if err := c.Redirect(t.Context(), []byte("From: a@b\r\n\r\nx"), "X-Mark", "r"); fault.KindOf(err) != fault.Conflict {
		t.Errorf("%v", err)
	}
}

func TestPathOf(t *testing.T) {
	c := newComposer(t)
	c.PathOf = func(k outbox.Key) string { return k.Recipient + "@paths.example" }
	if from, _, _ := c.envelope(delivery(i18n.Fi, outbox.Invitation)); from != "c1@paths.example" {
		t.Errorf("from %s", from)
	}
	d := delivery(i18n.Fi, outbox.Invitation)
	d.Key = outbox.Key{}
	if from, _, _ := c.envelope(d); from != c.ReturnPath() {
		t.Errorf("without a letter from %s", from)
	}
}
