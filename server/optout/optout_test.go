package optout_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/server"
	"viesti/server/optout"
)

// book knows one contact.
type book struct {
	who    contacts.Known
	told   []contacts.Happening
	broken error
}

var _ optout.Store = (*book)(nil)

func (b *book) ContactByToken(_ context.Context, token string) (contacts.Known, error) {
	switch {
	case b.broken != nil:
		return contacts.Known{}, b.broken
	case token != b.who.Token:
		return contacts.Known{}, contacts.ErrNoContact
	}
	return b.who, nil
}

func (b *book) Record(_ context.Context, h contacts.Happening) error {
	b.told = append(b.told, h)
	b.who.Standing = b.who.Standing.After(h.Event, h.Wave)
	return nil
}

func site(t *testing.T) (*book, http.Handler) {
	t.Helper()
	return siteWith(t, false)
}

func siteWith(t *testing.T, results bool) (*book, http.Handler) {
	t.Helper()
	b := &book{who: contacts.Known{Contact: contacts.Contact{
		ID: "c1", Token: "tok", Email: "maija@example.org", Name: "Maija Meikäläinen", Organisation: "Esimerkkilä", Language: i18n.Sv,
	}}}
	now := func() time.Time { return time.Date(2026, 11, 20, 23, 30, 0, 0, time.UTC) }
	r, err := server.New(server.Options{
		BaseURL: "https://baro.example.org", Foreign: []string{"/u/"}, Now: now, Rand: rand.NewChaCha8([32]byte{}),
		Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	err = optout.Register(r, optout.Pages{
		Store: b, Title: i18n.Text{i18n.Fi: "Kysely", i18n.Sv: "Enkät", i18n.En: "Survey"}, Email: "help@example.org",
		Wave: "2026", Now: now, Zone: time.FixedZone("EET", 2*60*60), Results: results,
	})
	if err != nil {
		t.Fatal(err)
	}
	return b, r
}

func send(h http.Handler, method, path, kind, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

const form = "application/x-www-form-urlencoded"

func TestReadingChangesNothing(t *testing.T) {
	b, h := site(t)
	for lang, title := range map[string]string{"": "Meddelanden om enkäten", "?lang=fi": "Viestit kyselystä", "?lang=en": "Messages about the survey"} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			w := send(h, method, "/u/tok"+lang, "", "")
			if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), title) {
				t.Errorf("%s %s: %d\n%s", method, lang, w.Code, w.Body)
			}
			for _, secret := range []string{"maija", "Maija", "Esimerkkilä"} {
				if strings.Contains(w.Body.String(), secret) {
					t.Errorf("the page tells %q", secret)
				}
			}
		}
	}
	if len(b.told) != 0 {
		t.Errorf("recorded by reading: %v", b.told)
	}
}

// What a mail program sends (RFC 8058), as a form of either kind, from wherever it is.
func TestOneClick(t *testing.T) {
	var parts bytes.Buffer
	m := multipart.NewWriter(&parts)
	_ = m.WriteField("List-Unsubscribe", "One-Click")
	_ = m.Close()
	for kind, body := range map[string]string{form: "List-Unsubscribe=One-Click", m.FormDataContentType(): parts.String(), "": ""} {
		b, h := site(t)
		for range 2 {
			r := httptest.NewRequest(http.MethodPost, "/u/tok", strings.NewReader(body))
			r.Header.Set("Content-Type", kind)
			r.Header.Set("Origin", "https://mail.example")
			r.Header.Set("Sec-Fetch-Site", "cross-site")
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != http.StatusOK || len(w.Result().Cookies()) != 0 || !strings.Contains(w.Body.String(), "Meddelandena är avslutade") {
				t.Errorf("%s: %d\n%s", kind, w.Code, w.Body)
			}
		}
		want := contacts.Happening{Contact: "c1", Event: contacts.OptOut, Wave: "2026", Day: "2026-11-21", Cause: contacts.Cause{Ground: contacts.Wish}}
		if len(b.told) == 0 || b.told[0] != want || !b.who.Standing.OptedOut {
			t.Errorf("%s: %v", kind, b.told)
		}
	}
}

func TestButtons(t *testing.T) {
	b, h := site(t)
	w := send(h, http.MethodPost, "/u/tok?lang=en", form, "choice=answered")
	if w.Code != http.StatusOK || b.told[0].Event != contacts.SaidAnswered || !strings.Contains(w.Body.String(), "this has been noted") {
		t.Errorf("%d %v", w.Code, b.told)
	}
	if page := send(h, http.MethodGet, "/u/tok?lang=en", "", "").Body.String(); strings.Contains(page, `value="answered"`) || !strings.Contains(page, `value="optout"`) {
		t.Error("the page does not know what was said before")
	}
	w = send(h, http.MethodPost, "/u/tok?lang=en", form, "choice=optout")
	if w.Code != http.StatusOK || !b.who.Standing.OptedOut || strings.Contains(w.Body.String(), "<form") {
		t.Errorf("%d %v", w.Code, b.told)
	}
}

// Who has an account in Slack can choose mail, and Slack again; others are not asked.
func TestMailInsteadOfSlack(t *testing.T) {
	b, h := site(t)
	if page := send(h, http.MethodGet, "/u/tok?lang=en", "", "").Body.String(); strings.Contains(page, "Slack") {
		t.Errorf("asked without an account:\n%s", page)
	}
	b.who.SlackUser = "U1"
	for _, step := range []struct {
		choice string
		event  contacts.Event
		next   string
	}{{"mail", contacts.NotInSlack, "slack"}, {"mail", contacts.NotInSlack, "slack"}, {"slack", contacts.InSlack, "mail"}} {
		w := send(h, http.MethodPost, "/u/tok?lang=en", form, "choice="+step.choice)
		told := b.told[len(b.told)-1]
		if w.Code != http.StatusOK || told.Event != step.event || !strings.Contains(w.Body.String(), `value="`+step.next+`"`) || b.who.Standing.OptedOut {
			t.Errorf("%s: %d %+v\n%s", step.choice, w.Code, told, w.Body)
		}
	}
}

// The results can be wished for where they are promised, and the wish taken back; reading does neither,
// and an opt-out goes before it.
func TestWishForResults(t *testing.T) {
	_, h := site(t)
	if page := send(h, http.MethodGet, "/u/tok?lang=en", "", "").Body.String(); strings.Contains(page, "results") {
		t.Errorf("promised what nobody sends:\n%s", page)
	}
	b, h := siteWith(t, true)
	for _, step := range []struct{ choice, next, wish string }{
		{"results", "no_results", "2026"},
		{"results", "no_results", "2026"},
		{"no_results", "results", ""},
		{"results", "no_results", "2026"},
		{"answered", "no_results", "2026"},
	} {
		w := send(h, http.MethodPost, "/u/tok?lang=en", form, "choice="+step.choice)
		if w.Code != http.StatusOK || b.who.Standing.Results != step.wish || b.who.Standing.OptedOut || !strings.Contains(w.Body.String(), `value="`+step.next+`"`) {
			t.Errorf("%s: %d %+v\n%s", step.choice, w.Code, b.who.Standing, w.Body)
		}
		told := len(b.told)
		page := send(h, http.MethodGet, "/u/tok?lang=en", "", "").Body.String()
		if said := strings.Contains(page, i18n.T(i18n.En, "optout.done_results", nil)); len(b.told) != told || said != (step.wish != "") {
			t.Errorf("after %s reading says %t and records %d", step.choice, said, len(b.told)-told)
		}
	}
	page := send(h, http.MethodPost, "/u/tok?lang=en", form, "choice=optout").Body.String()
	if !b.who.Standing.OptedOut || strings.Contains(page, "results") {
		t.Errorf("%+v\n%s", b.who.Standing, page)
	}
	b.who.Standing = contacts.Standing{Results: "2022"} // of another wave
	if page := send(h, http.MethodGet, "/u/tok?lang=en", "", "").Body.String(); !strings.Contains(page, `value="results"`) {
		t.Errorf("an old wish counts:\n%s", page)
	}
}

func TestUnknown(t *testing.T) {
	b, h := site(t)
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		w := send(h, method, "/u/other?lang=fi", form, "List-Unsubscribe=One-Click")
		if w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "Poistettuun osoitteeseen ei lähetetä enää mitään") {
			t.Errorf("%s: %d\n%s", method, w.Code, w.Body)
		}
	}
	b.broken = errors.New("secret words")
	w := send(h, http.MethodPost, "/u/tok", form, "List-Unsubscribe=One-Click")
	if w.Code != http.StatusServiceUnavailable || strings.Contains(w.Body.String(), "secret") { // the mail program tries again
		t.Errorf("%d\n%s", w.Code, w.Body)
	}
}
