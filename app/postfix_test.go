package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/mail"
	"net/smtp"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"viesti/app"
	"viesti/bounce"
	"viesti/cli"
	"viesti/config"
	"viesti/outbox"
	"viesti/report"
	"viesti/server/control"
)

// TestMain lets this binary be `viesti`, for the pipe of a mail server.
func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == "viesti" {
		os.Exit(cli.Run(context.Background(), os.Args[1:], cli.Env{
			Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Lookup: os.LookupEnv,
		}))
	}
	os.Exit(m.Run())
}

// ordinary are those who have an ordinary mailbox; one of them is behind a greylist.
func ordinary() []string {
	names := []string{"grey1"}
	for i := range 120 {
		names = append(names, fmt.Sprint("p", i))
	}
	return names
}

// throughPostfix is the program with a real mail server before and behind it, and a clock that can
// be put forward, so that what is tried again need not be waited for.
type throughPostfix struct {
	*program
	mx    *postfix
	ahead atomic.Int64
	asked map[string]bool // whose letter a part of the test has used
}

func startThroughPostfix(t *testing.T) *throughPostfix {
	t.Helper()
	p := &throughPostfix{program: &program{t: t, dir: t.TempDir()}, asked: map[string]bool{}}
	must(t, os.Chmod(filepath.Dir(p.dir), 0o755)) //nolint:gosec // the pipe runs as nobody
	self, err := os.Executable()
	must(t, err)
	binary, err := os.ReadFile(self)
	must(t, err)
	viesti := filepath.Join(p.dir, "viesti")
	must(t, os.WriteFile(viesti, binary, 0o755)) //nolint:gosec // it is run as nobody
	p.mx = newPostfix(t, viesti, filepath.Join(p.dir, "config.toml"), append(ordinary(), "desk"))
	p.mx.start()
	now := time.Now()
	p.file("config.toml", fmt.Sprintf(`[survey]
wave = "2026"
opens = %s
closes = %s
organiser = "Ministry of Example Affairs"
contact.email = "desk@people.test"
[web]
listen = %q
[mail]
host = "127.0.0.1"
port = %d
tls = "none"
from = "Barometer <barometer@return.test>"
reply_to = "desk@people.test"
return_path = "b@return.test"
bounces.verp = true
`, now.Add(-24*time.Hour).Format(time.RFC3339), now.Add(20*24*time.Hour).Format(time.RFC3339), freeAddress(t), p.mx.port))
	must(t, os.Chmod(filepath.Join(p.dir, "config.toml"), 0o644)) //nolint:gosec // it is read as nobody
	p.run()
	return p
}

func (p *throughPostfix) now() time.Time { return time.Now().Add(time.Duration(p.ahead.Load())) }

// run starts the program, and lets the pipe's user speak to it.
func (p *throughPostfix) run() {
	t := p.t
	t.Helper()
	c, err := config.Load(filepath.Join(p.dir, "config.toml"), func(string) (string, bool) { return "", false })
	must(t, err)
	p.app, err = app.New(t.Context(), c, app.Options{Now: p.now})
	must(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	ready := make(chan struct{})
	p.cancel, p.done = cancel, make(chan error, 1)
	go func() { p.done <- p.app.Serve(ctx, func(app.Running) { close(ready) }) }()
	<-ready
	t.Cleanup(p.stop)
	must(t, os.Chmod(filepath.Dir(c.Store.Path), 0o755))                //nolint:gosec // the pipe runs as nobody
	must(t, os.Chmod(app.SocketPath(c.Store.Path), os.FileMode(0o666))) //nolint:gosec // as above
}

// forward puts the clock forward and lets the program see it.
func (p *throughPostfix) forward(d time.Duration) {
	p.ahead.Add(int64(d))
	p.app.Worker.Wake()
}

func (p *throughPostfix) status() (s control.Status) {
	p.t.Helper()
	must(p.t, json.Unmarshal([]byte(p.command("status", "--json")), &s))
	return s
}

// sendAll lets the program send until nothing waits, its pauses passing quickly.
func (p *throughPostfix) sendAll() {
	p.t.Helper()
	p.mx.wait("an empty queue", func() bool {
		o := p.status().Outbox
		p.forward(10 * time.Second)
		return o[outbox.Pending]+o[outbox.Sending]+o[outbox.Retrying] == 0
	})
}

func (p *throughPostfix) bounced() (list []control.Bounce) {
	p.t.Helper()
	must(p.t, json.Unmarshal([]byte(p.command("bounces", "list", "--json")), &list))
	return list
}

// TestPostfix goes through a campaign with a real mail server: letters reach mailboxes, come back
// through its pipe from one that is full and one that is not there, wait out its greylisting and
// its restart, and an answer by a person reaches a person.
func TestPostfix(t *testing.T) {
	p := startThroughPostfix(t)
	p.command("networks", "import", p.file("networks.csv", networksCSV))
	list := "email,network\n"
	for _, name := range append(ordinary(), "gone", "full") {
		list += name + "@people.test,pomako\n"
	}
	p.command("contacts", "import", p.file("contacts.csv", list))
	p.command("invite")
	p.mx.wait("the first letters", func() bool { return len(p.mx.letters("p0")) > 0 })
	p.mx.command("stop")
	p.forward(time.Second)
	p.mx.command("start")
	p.sendAll()

	p.mx.wait("two bounces", func() bool { return len(p.bounced()) == 2 })
	p.everybodyOnce()
	p.cameBack()
	p.answered()
	p.left()
	p.keptForLater()
}

// received is the server's own name for a letter. One that it was delivering when it was stopped may
// lie in a mailbox twice under the same name: that is the server's doing.
var received = regexp.MustCompile(`with ESMTP id (\w+)`)

// everybodyOnce: nobody has two letters, and nobody none but those that a person is asked about.
func (p *throughPostfix) everybodyOnce() {
	uncertain := map[string]bool{}
	for _, u := range p.status().Uncertain {
		uncertain[u.Contact] = true
	}
	names := ordinary()
	p.mx.wait("the last letters", func() bool {
		for _, name := range names {
			if len(p.mx.letters(name)) == 0 && !uncertain[name+"@people.test"] {
				return false
			}
		}
		return true
	})
	for _, name := range names {
		ids := map[string]bool{}
		for _, letter := range p.mx.letters(name) {
			ids[received.FindString(letter)] = true
		}
		if len(ids) > 1 {
			p.t.Errorf("%s was sent %d letters: %v", name, len(ids), ids)
		}
	}
	if n := p.mx.grey.asked["grey1@people.test"]; n != 2 {
		p.t.Errorf("the greylist was asked %d times", n)
	}
}

func (p *throughPostfix) cameBack() {
	classes := map[string]bounce.Record{}
	for _, b := range p.bounced() {
		classes[b.Contact] = b.Record
	}
	if b := classes["gone@people.test"]; b.Class != bounce.Dead || b.Effect != bounce.Stopped || b.Kind != outbox.Invitation || !strings.Contains(b.Words, "unknown user") {
		p.t.Errorf("gone: %+v", b)
	}
	if b := classes["full@people.test"]; b.Class != bounce.Full || b.Effect != bounce.Counted {
		p.t.Errorf("full: %+v", b)
	}
	var rates report.Rates
	must(p.t, json.Unmarshal([]byte(p.command("rates", "--json")), &rates))
	known := rates.Total.Contacted + p.status().Outbox[outbox.Uncertain]
	if rates.Total.Undelivered != 1 || known != int64(len(ordinary())+2) {
		p.t.Errorf("rates: %+v", rates.Total)
	}
	p.command("contacts", "restore", "gone@people.test")
	must(p.t, json.Unmarshal([]byte(p.command("rates", "--json")), &rates))
	if rates.Total.Undelivered != 0 {
		p.t.Errorf("restored: %+v", rates.Total)
	}
}

// returnPath is the path of a letter, from the mailbox it was delivered to.
func (p *throughPostfix) returnPath(name string) string {
	p.t.Helper()
	letter := p.mx.letters(name)[0]
	_, rest, _ := strings.Cut(letter, "Return-Path: <")
	path, _, _ := strings.Cut(rest, ">")
	if !strings.HasPrefix(path, "b+") {
		p.t.Fatalf("return path of %s:\n%s", name, letter)
	}
	return path
}

// reached is somebody who has a letter, each time another: whoever's letter was on its way when the
// server stopped may have none.
func (p *throughPostfix) reached() string {
	p.t.Helper()
	for _, name := range ordinary() {
		if len(p.mx.letters(name)) > 0 && !p.asked[name] {
			p.asked[name] = true
			return name
		}
	}
	p.t.Fatal("nobody has a letter")
	return ""
}

// send is somebody's mail.
func (p *throughPostfix) send(from, to, text string) {
	p.t.Helper()
	must(p.t, smtp.SendMail(fmt.Sprintf("127.0.0.1:%d", p.mx.port), nil, from, []string{to}, []byte(text)))
}

// answered: a person's answer to the return path reaches whom answers go to, and its bounce would
// not go in circles.
func (p *throughPostfix) answered() {
	name := p.reached()
	from := name + "@people.test"
	p.send(from, p.returnPath(name), "From: "+from+"\r\nSubject: Re: survey\r\nMessage-ID: <answer@people.test>\r\n\r\nWhy me?\r\n")
	p.mx.wait("the answer", func() bool { return len(p.mx.letters("desk")) == 1 })
	letter := p.mx.letters("desk")[0]
	for _, want := range []string{"Why me?", "Resent-To: desk@people.test", "From: " + from, bounce.LoopField} {
		if !strings.Contains(letter, want) {
			p.t.Errorf("the answer lacks %q:\n%s", want, letter)
		}
	}
}

// left: a mail to the address of a letter's List-Unsubscribe ends the messages.
func (p *throughPostfix) left() {
	name := p.reached()
	from := name + "@people.test"
	to, subject := leaveBy(p.t, p.mx.letters(name)[0])
	p.send(from, to, "From: "+from+"\r\nSubject: "+subject+"\r\nMessage-ID: <leave@people.test>\r\n\r\n")
	p.mx.wait("the opt-out", func() bool {
		known, err := p.app.Store.ContactByEmail(p.t.Context(), from)
		must(p.t, err)
		return known.Standing.OptedOut
	})
}

// leaveBy is what a mail program writes to end the messages (RFC 2369).
func leaveBy(t *testing.T, letter string) (to, subject string) {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(letter))
	must(t, err)
	_, address, _ := strings.Cut(m.Header.Get("List-Unsubscribe"), ", ")
	u, err := url.Parse(strings.Trim(address, "<>"))
	must(t, err)
	if u.Scheme != "mailto" || u.Query().Get("subject") == "" {
		t.Fatalf("no address to leave by: %q", m.Header.Get("List-Unsubscribe"))
	}
	return u.Opaque, u.Query().Get("subject")
}

// keptForLater: a bounce that comes while nobody can take it is kept by the mail server.
func (p *throughPostfix) keptForLater() {
	name := p.reached()
	path := p.returnPath(name)
	p.stop()
	p.send(path, "nobody-here@people.test", "From: barometer@return.test\r\nSubject: Invitation\r\n\r\nx\r\n")
	p.mx.wait("a bounce that is put off", func() bool { return strings.Contains(p.mx.log(), "status=deferred") })
	p.run()
	p.mx.wait("the bounce", func() bool {
		for _, b := range p.bounced() {
			if b.Contact == name+"@people.test" && b.Class == bounce.Dead {
				return true
			}
		}
		return false
	})
}
