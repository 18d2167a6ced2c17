package browser

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"viesti/app"
	"viesti/config"
	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/smtptest"
	"viesti/link"
	"viesti/sample"
	"viesti/survey"
)

// site is the program on the sample's networks and contacts, served as it is to everybody.
type site struct {
	t     testing.TB
	app   *app.App
	q     *survey.Questionnaire
	base  string
	relay *smtptest.Relay // takes the letter that lets a coordinator in
	shift atomic.Int64    // how far its clock is ahead, in nanoseconds
	html  atomic.Value    // the last page it served
	desk  string          // the cookie of a coordinator, once one has signed in
}

const (
	wave        = "2026"
	coordinator = "koordinaattori@example.org"
)

// The questionnaires that pages are looked at with.
const (
	barometer = "partnership-barometer"
	kinds     = "../server/respond/testdata/types" // the types that the Barometer has not
)

// ours is a look of an organiser's own, with a logo that lies beside the configuration.
const ours = "[look]\naccent = \"#5b2a86\"\nlogo = \"logo.svg\"\n"

const logo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40" width="120" height="40"><circle cx="20" cy="20" r="18" fill="#5b2a86"/><path d="M50 10h60v8H50zm0 14h40v8H50z" fill="#333"/></svg>`

func newSite(t testing.TB, questionnaire string, more ...string) *site {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "logo.svg"), []byte(logo), 0o600); err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, relay: smtptest.New(t)}
	server := httptest.NewUnstartedServer(nil)
	s.base = "http://" + server.Listener.Addr().String()
	if abs, err := filepath.Abs(questionnaire); err == nil && questionnaire != barometer {
		questionnaire = abs
	}
	now := func() time.Time { return time.Now().Add(time.Duration(s.shift.Load())) }
	text := fmt.Sprintf(`[survey]
questionnaire = %q
wave = %q
opens = %s
closes = %s
organiser = { fi = "Esimerkkiministeriö", sv = "Exempelministeriet", en = "Ministry of Example Affairs" }
contact.name = "Kaisa Esimerkki"
contact.organisation = "Example Research"
contact.email = "barometer@example.org"
contact.phone = "+358 29 000 0000"
[web]
base_url = %q
[mail]
host = %q
port = %d
tls = "none"
from = "Partnership Barometer <barometer@example.org>"
[console]
coordinators = [%q]
`, questionnaire, wave, now().Add(-24*time.Hour).Format(time.RFC3339), now().Add(240*time.Hour).Format(time.RFC3339), s.base, s.relay.Host, s.relay.Port, coordinator)
	c, err := config.Parse(filepath.Join(dir, "config.toml"), []byte(text+strings.Join(more, "")), func(string) (string, bool) { return "", false })
	if err != nil {
		t.Fatal(err)
	}
	s.app, err = app.New(t.Context(), c, app.Options{Now: now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = s.note(s.app.Web())
	server.Start()
	t.Cleanup(func() { server.Close(); _ = s.app.Close(context.Background()) })
	if s.q, err = survey.Load(questionnaire); err != nil {
		t.Fatal(err)
	}
	if _, err = s.app.Lists.ImportNetworks(t.Context(), contacts.Source{Name: "networks.csv", Data: sample.Networks}, false); err != nil {
		t.Fatal(err)
	}
	return s
}

// note remembers the last page served, byte for byte.
func (s *site) note(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Accept-Encoding")
		c := httptest.NewRecorder()
		next.ServeHTTP(c, r)
		if strings.HasPrefix(c.Header().Get("Content-Type"), "text/html") {
			s.html.Store(c.Body.String())
		}
		maps.Copy(w.Header(), c.Header())
		w.WriteHeader(c.Code)
		_, _ = w.Write(c.Body.Bytes())
	})
}

// front is the first page as it is served.
func (s *site) front() string {
	s.t.Helper()
	w := httptest.NewRecorder()
	s.app.Web().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	return w.Body.String()
}

// contact is a person on the lists, for the token of their letters.
func (s *site) contact(email string) contacts.Known {
	s.t.Helper()
	list := "email,name,organisation,language,network,slack_user\n" + email + ",Aino Esimerkki,,fi,pomako,\n"
	_, err := s.app.Lists.ImportContacts(s.t.Context(), contacts.Source{Name: "contacts.csv", Data: []byte(list)}, contacts.ImportOptions{})
	if err != nil {
		s.t.Fatal(err)
	}
	known, err := s.app.Store.ContactByEmail(s.t.Context(), email)
	if err != nil {
		s.t.Fatal(err)
	}
	return known
}

// link is a tracking link of the nth network, which nobody else answers through.
func (s *site) link(n int) (address, token string) {
	s.t.Helper()
	networks, err := s.app.Store.Networks(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	l, err := s.app.Links.Ensure(s.t.Context(), link.Key{Network: networks[n].ID, Channel: link.Mail})
	if err != nil {
		s.t.Fatal(err)
	}
	return s.app.Links.URL(l), l.Token
}

// sent are the answers that arrived through a link.
func (s *site) sent(token string) []survey.Response {
	s.t.Helper()
	var list []survey.Response
	err := s.app.Store.Responses(s.t.Context(), wave, func(r survey.Response) error {
		if r.Link == token {
			list = append(list, r)
		}
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return list
}

// draft begins an answer as if in a browser, and gives the cookie's value.
func (s *site) draft(lang i18n.Lang, answers survey.Answers) (cookie string) {
	s.t.Helper()
	f := survey.Fieldwork{
		Questionnaire: s.q, Store: s.app.Store, Now: time.Now, Rand: chance(),
		Period: survey.Period{Wave: wave, Opens: time.Now().Add(-time.Hour), Closes: time.Now().Add(time.Hour), Zone: time.UTC},
	}
	token, err := f.Start(s.t.Context(), "", lang)
	if err == nil {
		err = s.app.Store.UpdateDraft(s.t.Context(), survey.KeyOf(token), func(r *survey.Response) error {
			r.Answers = answers
			return nil
		})
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return token
}

// kept is what a draft holds now.
func (s *site) kept(cookie string) survey.Answers {
	s.t.Helper()
	r, err := s.app.Store.Draft(s.t.Context(), survey.KeyOf(cookie))
	if err != nil {
		s.t.Fatal(err)
	}
	return r.Answers
}
