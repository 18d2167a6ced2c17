package app_test

import (
	"io"
	"mime/quotedprintable"
	"net/http"
	"net/mail"
	"net/url"
	"strings"
	"testing"
)

// What somebody writes about accessibility reaches the organiser, who can answer them.
func TestFeedbackArrives(t *testing.T) {
	p := start(t)
	res, err := http.PostForm(p.base+"/accessibility", url.Values{
		"message": {"En näe nappia."}, "address": {"mia@example.org"}, "lang": {"fi"},
	})
	if err != nil || res.StatusCode != http.StatusOK || !strings.Contains(res.Request.URL.RawQuery, "sent=1") {
		t.Fatalf("%v %+v", err, res)
	}
	_ = res.Body.Close()
	letters := p.relay.Letters()
	if len(letters) != 1 {
		t.Fatalf("%d letters", len(letters))
	}
	m, err := mail.ReadMessage(strings.NewReader(string(letters[0].Data)))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil || !strings.Contains(string(body), "En näe nappia.") || !strings.Contains(string(body), "14 päivän") {
		t.Errorf("%v %s", err, body)
	}
	for header, want := range map[string]string{"To": "<barometer@example.org>", "Reply-To": "<mia@example.org>", "Content-Language": "fi"} {
		if got := m.Header.Get(header); got != want {
			t.Errorf("%s: %q", header, got)
		}
	}
}
