package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"viesti/app"
	"viesti/campaign"
	"viesti/config"
	"viesti/contacts"
	"viesti/demo/chat"
	"viesti/i18n"
	"viesti/internal/smtptest"
	"viesti/internal/walk"
	"viesti/link"
	"viesti/report"
)

// program is the whole of Viesti running in this process, with a mail relay and a Slack-shaped
// server around it.
type program struct {
	t      *testing.T
	app    *app.App
	dir    string
	base   string
	relay  *smtptest.Relay
	chat   *chat.Server
	cancel context.CancelFunc
	done   chan error
	now    func() time.Time
}

// setting is what a test wants otherwise.
type setting struct {
	now    func() time.Time
	days   int // to the close
	extra  string
	survey string // further lines of [survey]
}

const (
	admin       = "U0ADMIN001"
	channel     = "C0POMAKO01"
	office      = "C0OFFICE01" // of coordinators
	coordinator = "U0COORD001"
	botToken    = "xoxb-whole"
	signing     = "shhh"
)

func start(t *testing.T) *program {
	t.Helper()
	return startWith(t, setting{now: time.Now, days: 20})
}

func startWith(t *testing.T, s setting) *program {
	t.Helper()
	p := &program{t: t, dir: t.TempDir(), relay: smtptest.New(t), now: s.now}
	listener := freeAddress(t)
	p.base = "http://" + listener
	p.chat = chat.New(chat.Options{
		Token: botToken, SigningSecret: signing, RequestURL: p.base + "/slack/commands", Command: "/viesti",
		Channels: []chat.Channel{{ID: channel, Name: "pomako"}, {ID: office, Name: "office"}}, Users: []chat.User{{ID: admin, Name: "Kaisa"}, {ID: "U0OTHER001", Name: "Olli"}, {ID: coordinator, Name: "Cilla"}},
		Now: time.Now, Logger: slog.New(slog.DiscardHandler),
	})
	server := &http.Server{Handler: p.chat, ReadHeaderTimeout: time.Second}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve(l) //nolint:errcheck // ends with the test
	t.Cleanup(func() { _ = p.chat.Close(); _ = server.Close() })

	now := s.now()
	text := fmt.Sprintf(`[survey]
wave = "2026"
opens = %s
closes = %s
organiser = "Ministry of Example Affairs"
contact.email = "barometer@example.org"
%s[web]
listen = %q
base_url = %q
[mail]
host = %q
port = %d
tls = "none"
from = "Barometer <barometer@example.org>"
[slack]
mode = "http"
bot_token = %q
signing_secret = %q
api_url = "http://%s/api/"
admins = [%q]
`, now.Add(-24*time.Hour).Format(time.RFC3339), now.AddDate(0, 0, s.days).Format(time.RFC3339), s.survey, listener, p.base,
		p.relay.Host, p.relay.Port, botToken, signing, l.Addr(), admin) + s.extra
	if err := os.WriteFile(filepath.Join(p.dir, "config.toml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p.run()
	return p
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// run starts the program; stop ends it as SIGTERM would.
func (p *program) run() {
	p.t.Helper()
	c, err := config.Load(filepath.Join(p.dir, "config.toml"), func(string) (string, bool) { return "", false })
	if err != nil {
		p.t.Fatal(err)
	}
	if p.app, err = app.New(p.t.Context(), c, app.Options{Now: p.now}); err != nil {
		p.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ready := make(chan struct{})
	p.cancel, p.done = cancel, make(chan error, 1)
	go func() { p.done <- p.app.Serve(ctx, func(app.Running) { close(ready) }) }()
	<-ready
	p.t.Cleanup(p.stop)
}

func (p *program) stop() {
	if p.app == nil {
		return
	}
	p.cancel()
	if err := <-p.done; err != nil {
		p.t.Error(err)
	}
	if err := p.app.Store.Check(context.Background()); err != nil {
		p.t.Error(err)
	}
	if err := p.app.Close(context.Background()); err != nil {
		p.t.Error(err)
	}
	p.app = nil
}

func (p *program) file(name, text string) string {
	path := filepath.Join(p.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		p.t.Fatal(err)
	}
	return path
}

const (
	networksCSV = "id,name_fi,name_sv,name_en,kind,region,target,slack_channel\n" +
		"pomako,POMAKO,POMAKO,POMAKO,mixed,pohjanmaa,10," + channel + "\n" +
		"move,MOVE,MOVE,MOVE,public,keski-suomi,5,\n"
	contactsCSV = "email,name,organisation,language,network,slack_user\n" +
		"aino@example.org,Aino Esimerkki,Kunta,fi,pomako,\n" +
		"sven@example.org,Sven Exempel,Kommun,sv,pomako,\n" +
		"emma@example.org,Emma Example,Company,en,move,\n" +
		"aino@example.org,Aino Esimerkki,Kunta,fi,move,\n"
)

// parts are the text and the HTML of a letter.
func parts(t *testing.T, raw []byte) (header mail.Header, text, page string) {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	r := multipart.NewReader(m.Body, params["boundary"])
	for _, into := range []*string{&text, &page} {
		part, err := r.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		*into = strings.ReplaceAll(string(body), "\r\n", "\n")
	}
	return m.Header, text, page
}

func TestTheWholeWay(t *testing.T) {
	p := start(t)
	p.command("networks", "import", p.file("networks.csv", networksCSV))
	p.command("contacts", "import", p.file("contacts.csv", contactsCSV))
	var queued campaign.Queued
	if err := json.Unmarshal([]byte(p.command("invite", "--wait", "--json")), &queued); err != nil || queued.Queued != 4 {
		t.Fatalf("%+v %v", queued, err)
	}
	if posts := p.chat.Posts(channel); len(posts) != 1 || !strings.Contains(posts[0].Text, p.base+"/r/") {
		t.Fatalf("posts: %+v", posts)
	}
	letters := p.relay.Letters()
	if len(letters) != 3 {
		t.Fatalf("%d letters", len(letters))
	}
	onward := map[string]bool{}
	for _, l := range letters {
		onward[p.answer(l.Data)] = true
	}
	if len(onward) != 2 { // one for each network
		t.Errorf("passed on: %v", onward)
	}
	for address := range onward {
		p.passOn(address)
		break
	}
	p.refuseForged()

	rates := p.ratesByCLI()
	if rates.Total.Contacted != 3 || rates.Total.Complete != 3 || rates.Total.Rate == nil || *rates.Total.Rate != 1 {
		t.Errorf("total: %+v", rates.Total)
	}
	passed := map[int]report.Counts{1: {Visits: 1, Complete: 1}, 2: {Visits: 1, Complete: 1}}
	if rates.Total.ByChannel[link.Onward].Complete != 2 || !maps.Equal(rates.Total.ByDepth, passed) {
		t.Errorf("passed on: %+v", rates.Total)
	}
	p.compareSpread(rates)
	if pomako := rates.Rows[1]; pomako.Network != "pomako" || pomako.Contacted != 2 || pomako.ByChannel[link.Mail].Complete != 2 {
		t.Errorf("pomako: %+v", pomako)
	}
	reply, err := p.chat.Command(t.Context(), admin, channel, "rates")
	if err != nil || !strings.Contains(reply.Text, "100%") {
		t.Errorf("in Slack: %v %+v", err, reply)
	}
	reply, err = p.chat.Command(t.Context(), "U0OTHER001", channel, "rates")
	if err != nil || strings.Contains(reply.Text, "POMAKO") {
		t.Errorf("to somebody without a role: %v %+v", err, reply)
	}
	p.oneClick(letters[0].Data)
	p.nobodyIsFound()
}

// answer reads a letter and answers the survey through its link in the letter's language. It gives
// the link to pass on.
func (p *program) answer(raw []byte) (onward string) {
	t := p.t
	t.Helper()
	header, text, page := parts(t, raw)
	lang := i18n.Lang(header.Get("Content-Language"))
	survey := regexp.MustCompile(regexp.QuoteMeta(p.base) + `/r/[a-z0-9]{13}`)
	address := survey.FindString(text)
	if address == "" || survey.FindString(page) != address {
		t.Fatalf("text and HTML do not carry one link:\n%s", text)
	}
	r := walk.New(nil)
	if err := r.Open(address + "?lang=" + string(lang)); err != nil {
		t.Fatal(err)
	}
	if err := r.Press("start", nil); err != nil {
		t.Fatal(err)
	}
	pages := 0
	for ; !r.Done() && pages < 20; pages++ {
		if !strings.Contains(r.Body, `<html lang="`+string(lang)+`"`) {
			t.Fatalf("page %s is not in %s", r.At.Path, lang)
		}
		if err := r.On(r.First()); err != nil {
			t.Fatal(err)
		}
	}
	if pages < 7 || !r.Done() {
		t.Fatalf("%d pages, then %s", pages, r.At.Path)
	}
	onward = survey.FindString(r.Body)
	if said := survey.FindAllString(text, -1); len(said) != 2 || said[1] != onward {
		t.Errorf("the letter says %v, the page of thanks %s", said, onward)
	}
	return onward
}

func (p *program) ratesByCLI() report.Rates {
	var out report.Rates
	if err := json.Unmarshal([]byte(p.command("rates", "--json")), &out); err != nil {
		p.t.Fatal(err)
	}
	return out
}

func (p *program) refuseForged() {
	res, err := http.PostForm(p.base+"/slack/commands", map[string][]string{"command": {"/viesti"}, "user_id": {admin}})
	if err != nil {
		p.t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusUnauthorized {
		p.t.Errorf("an unsigned command was answered with %d", res.StatusCode)
	}
}

// oneClick unsubscribes as a mail program does (RFC 8058).
func (p *program) oneClick(raw []byte) {
	header, _, _ := parts(p.t, raw)
	address := strings.Trim(strings.Split(header.Get("List-Unsubscribe"), ",")[0], "<> ")
	if res, err := http.Get(address); err != nil || res.StatusCode != http.StatusOK {
		p.t.Fatalf("%v %+v", err, res)
	}
	res, err := http.PostForm(address, map[string][]string{"List-Unsubscribe": {"One-Click"}})
	if err != nil || res.StatusCode != http.StatusOK {
		p.t.Fatalf("%v %+v", err, res)
	}
	_ = res.Body.Close()
	to, err := mail.ParseAddress(header.Get("To"))
	if err != nil {
		p.t.Fatal(err)
	}
	known, err := p.app.Store.ContactByEmail(p.t.Context(), to.Address)
	if err != nil || known.Standing.Status("2026") != contacts.OptedOut {
		p.t.Errorf("%v %+v", err, known)
	}
}

// nobodyIsFound looks for anything that joins a person to an answer in the bytes at rest: no
// response holds a contact's id, token, address or name, and nothing that names a contact holds a
// response's id.
func (p *program) nobodyIsFound() {
	p.stop()
	path := filepath.Join(p.dir, "data", "viesti.db")
	records := dump(p.t, path)
	var people, responses []string
	for key, value := range records {
		bucket, name, _ := strings.Cut(strings.TrimPrefix(key, "v1/"), "/")
		switch bucket {
		case "contacts":
			var c contacts.Contact
			if err := json.Unmarshal([]byte(value), &c); err != nil {
				p.t.Fatal(err)
			}
			people = append(people, c.ID, c.Token, c.Email, c.Name)
		case "responses":
			responses = append(responses, name[strings.LastIndexByte(name, '/')+1:])
			if regexp.MustCompile(`\d\d:\d\d`).MatchString(value) {
				p.t.Errorf("a response keeps a time of day: %s", value)
			}
		}
	}
	if len(responses) != 5 || len(people) != 12 {
		p.t.Fatalf("%d responses, %d marks of people", len(responses), len(people))
	}
	for key, value := range records {
		record := key + "\x00" + value
		person, response := containsAny(record, people), containsAny(record, responses)
		bucket, _, _ := strings.Cut(strings.TrimPrefix(key, "v1/"), "/")
		if person && (response || bucket == "responses" || bucket == "drafts" || bucket == "submitted") {
			p.t.Errorf("a person and an answer meet in %s", bucket)
		}
	}
}

func containsAny(s string, list []string) bool {
	for _, x := range list {
		if x != "" && strings.Contains(s, x) {
			return true
		}
	}
	return false
}
