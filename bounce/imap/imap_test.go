package imap_test

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"viesti/bounce"
	"viesti/bounce/imap"
	"viesti/internal/fault"
)

// server is a mail server with one user and an INBOX.
type server struct {
	t    *testing.T
	user *imapmemserver.User
	host string
	port int
}

func start(t *testing.T, caps goimap.CapSet) *server {
	t.Helper()
	user := imapmemserver.NewUser("bounces", "right")
	if err := user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	all := imapmemserver.New()
	all.AddUser(user)
	s := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return all.NewSession(), nil, nil
		},
		Caps: caps, InsecureAuth: true, Logger: slog.NewLogLogger(slog.DiscardHandler, 0),
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go s.Serve(l) //nolint:errcheck // ends with the test
	t.Cleanup(func() { _ = s.Close(); _ = l.Close() })
	return &server{t: t, user: user, host: "127.0.0.1", port: l.Addr().(*net.TCPAddr).Port}
}

// literal is a mail to append.
type literal struct{ *strings.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }

func (s *server) deliver(texts ...string) {
	s.t.Helper()
	for _, text := range texts {
		if _, err := s.user.Append("INBOX", literal{strings.NewReader("Subject: " + text + "\r\n\r\n")}, &goimap.AppendOptions{}); err != nil {
			s.t.Fatal(err)
		}
	}
}

// folder is what is in a folder: the texts with their flags.
func (s *server) folder(name string) (list []string) {
	s.t.Helper()
	wire, err := net.Dial("tcp", net.JoinHostPort(s.host, itoa(s.port)))
	if err != nil {
		s.t.Fatal(err)
	}
	c := imapclient.New(wire, nil)
	defer c.Close()
	if err := c.Login("bounces", "right").Wait(); err != nil {
		s.t.Fatal(err)
	}
	box, err := c.Select(name, &goimap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil || box.NumMessages == 0 {
		return nil
	}
	whole := &goimap.FetchItemBodySection{Peek: true}
	mails, err := c.Fetch(goimap.SeqSet{{Start: 1}}, &goimap.FetchOptions{Flags: true, BodySection: []*goimap.FetchItemBodySection{whole}}).Collect()
	if err != nil {
		s.t.Fatal(err)
	}
	for _, m := range mails {
		text := subject(m.FindBodySection(whole))
		for _, f := range m.Flags {
			text += " " + string(f)
		}
		list = append(list, text)
	}
	slices.Sort(list)
	return list
}

// subject is what tells the mails of a test apart.
func subject(raw []byte) string {
	return strings.TrimSpace(strings.TrimPrefix(string(raw), "Subject: "))
}

func itoa(n int) string { return goimap.SeqSetNum(uint32(n)).String() } //nolint:gosec // a port

type taker struct {
	texts []string
	err   map[string]error
}

func (k *taker) take(_ context.Context, m bounce.Mail) (bounce.Record, error) {
	text := subject(m.Raw)
	k.texts = append(k.texts, text)
	return bounce.Record{}, k.err[text]
}

func (s *server) box(k *taker, processed string) *imap.Mailbox {
	return &imap.Mailbox{
		Config: bounce.IMAP{Host: s.host, Port: s.port, TLS: "none", Username: "bounces", Password: "right", Mailbox: "INBOX", Processed: processed},
		Take:   k.take, Log: slog.New(slog.DiscardHandler),
	}
}

var able = goimap.CapSet{goimap.CapIMAP4rev1: {}, goimap.CapMove: {}, goimap.CapUIDPlus: {}}

func TestFlags(t *testing.T) {
	s, k := start(t, nil), &taker{}
	box := s.box(k, "")
	s.deliver("one", "two")
	for range 2 {
		if err := box.Look(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(k.texts, []string{"one", "two"}) {
		t.Errorf("took %q", k.texts)
	}
	want := []string{"one " + strings.ToLower(string(imap.Handled)), "two " + strings.ToLower(string(imap.Handled))}
	if got := s.folder("INBOX"); !slices.Equal(lower(got), want) {
		t.Errorf("INBOX %q", got)
	}
}

func lower(list []string) (out []string) {
	for _, s := range list {
		out = append(out, strings.ToLower(s))
	}
	return out
}

func TestMoves(t *testing.T) {
	s, k := start(t, able), &taker{}
	stays := fault.Wrap(bounce.ErrNowhere, fault.Conflict, "bounce.nowhere", nil)
	k.err = map[string]error{"from a person": stays}
	box := s.box(k, "Handled")
	s.deliver("bounce", "from a person")
	for range 2 {
		if err := box.Look(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if len(k.texts) != 2 {
		t.Errorf("took %q", k.texts)
	}
	if got := s.folder("Handled"); !slices.Equal(got, []string{"bounce"}) {
		t.Errorf("Handled %q", got)
	}
	if got := s.folder("INBOX"); len(got) != 1 || !strings.HasPrefix(got[0], "from a person ") {
		t.Errorf("INBOX %q", got)
	}
}

// A server that cannot MOVE would have to delete: the mail is flagged instead.
func TestNeverDeletes(t *testing.T) {
	s, k := start(t, goimap.CapSet{goimap.CapIMAP4rev1: {}}), &taker{}
	s.deliver("bounce")
	if err := s.box(k, "Handled").Look(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := s.folder("INBOX"); len(got) != 1 || !strings.Contains(strings.ToLower(got[0]), "$viestihandled") {
		t.Errorf("INBOX %q", got)
	}
}

// What cannot be taken now is there for the next look, and nothing is taken twice for it.
func TestTriesAgain(t *testing.T) {
	s, k := start(t, able), &taker{err: map[string]error{"two": errors.New("the store is busy")}}
	box := s.box(k, "Handled")
	s.deliver("one", "two", "three")
	if err := box.Look(t.Context()); err == nil {
		t.Error("no error")
	}
	k.err = nil
	if err := box.Look(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(k.texts, []string{"one", "two", "two", "three"}) || len(s.folder("INBOX")) != 0 || len(s.folder("Handled")) != 3 {
		t.Errorf("took %q", k.texts)
	}
}

func TestPing(t *testing.T) {
	s := start(t, nil)
	box := s.box(&taker{}, "")
	if err := box.Ping(t.Context()); err != nil {
		t.Error(err)
	}
	box.Config.Password = "wrong"
	if err := box.Ping(t.Context()); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("a wrong password: %v", err)
	}
	box.Config.Password, box.Config.Mailbox = "right", "Elsewhere"
	if err := box.Ping(t.Context()); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("no such folder: %v", err)
	}
}

func TestRunEnds(t *testing.T) {
	s, took := start(t, nil), make(chan struct{}, 1)
	s.deliver("one")
	box := s.box(&taker{}, "")
	box.Take = func(context.Context, bounce.Mail) (bounce.Record, error) {
		took <- struct{}{}
		return bounce.Record{}, nil
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	done := make(chan error, 1)
	go func() { done <- box.Run(ctx) }()
	<-took
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
