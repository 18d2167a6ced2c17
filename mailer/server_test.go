package mailer

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	gosmtp "github.com/emersion/go-smtp"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/internal/smtptest"
	"viesti/outbox"
)

// mailbox is a go-smtp server that wants a password and keeps letters.
type mailbox struct {
	mu      sync.Mutex
	letters [][]byte
	to      []string
}

type session struct {
	box *mailbox
	in  bool
	to  string
}

func (b *mailbox) NewSession(*gosmtp.Conn) (gosmtp.Session, error) { return &session{box: b}, nil }

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, username, password string) error {
		if username != "viesti" || password != "right" {
			return gosmtp.ErrAuthFailed
		}
		s.in = true
		return nil
	}), nil
}

func (s *session) Mail(string, *gosmtp.MailOptions) error {
	if !s.in {
		return gosmtp.ErrAuthRequired
	}
	return nil
}

func (s *session) Rcpt(to string, _ *gosmtp.RcptOptions) error {
	s.to = to
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	s.box.letters, s.box.to = append(s.box.letters, raw), append(s.box.to, s.to)
	return nil
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

// serve starts the mailbox behind the given TLS and gives a carrier that sends to it.
func serve(t *testing.T, mode string) (*mailbox, *Carrier) {
	t.Helper()
	cert, roots := certificate(t)
	box := &mailbox{}
	server := gosmtp.NewServer(box)
	server.Domain, server.AllowInsecureAuth, server.EnableSMTPUTF8 = "localhost", mode == NoTLS, true
	server.ErrorLog = log.New(io.Discard, "", 0)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := ln.Addr().(*net.TCPAddr).Port
	switch mode {
	case StartTLS:
		server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}}
	case ImplicitTLS:
		ln = tls.NewListener(ln, &tls.Config{Certificates: []tls.Certificate{cert}})
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(ln) }()
	t.Cleanup(func() {
		_ = server.Close()
		_ = ln.Close() // in case it is not being served yet
		if err := <-done; err != nil && !errors.Is(err, gosmtp.ErrServerClosed) {
			t.Error(err)
		}
	})
	config := testConfig()
	config.Host, config.Port, config.TLS, config.Username, config.Password = "localhost", port, mode, "viesti", "right"
	return box, &Carrier{
		Config: config, Composer: newComposer(t), Limits: short(), Log: quiet,
		Now: func() time.Time { return now }, TLS: &tls.Config{RootCAs: roots},
	}
}

func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
}

func TestRealServer(t *testing.T) {
	for _, mode := range []string{NoTLS, StartTLS, ImplicitTLS} {
		t.Run(mode, func(t *testing.T) {
			box, c := serve(t, mode)
			if err := c.Ping(t.Context()); err != nil {
				t.Fatalf("Ping: %v", err)
			}
			s := c.Sender()
			for n := range 3 {
				if got := s.Send(t.Context(), letterTo(n), outbox.OpenGate); got.State != outbox.Sent {
					t.Fatalf("outcome %+v", got)
				}
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			box.mu.Lock()
			defer box.mu.Unlock()
			if len(box.letters) != 3 || box.to[2] != letterTo(2).Contact.Email {
				t.Fatalf("%d letters to %v", len(box.letters), box.to)
			}
			want, _ := c.Composer.Compose(t.Context(), letterTo(2), now)
			if got := box.letters[2]; string(got) != string(want) {
				t.Errorf("received\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// TestPing: each way in which a set-up may be wrong is told with its own words, and a letter comes
// to the outcome that fits.
func TestPing(t *testing.T) {
	plain := func(options ...smtptest.Option) func(*testing.T) *Carrier {
		return func(t *testing.T) *Carrier { return newCarrier(t, smtptest.New(t, options...)) }
	}
	changed := func(mode string, change func(*Carrier)) func(*testing.T) *Carrier {
		return func(t *testing.T) *Carrier {
			_, c := serve(t, mode)
			change(c)
			return c
		}
	}
	for name, test := range map[string]struct {
		carrier func(*testing.T) *Carrier
		key     string
		field   string
		class   outbox.Class
	}{
		"nobody there":    {changed(NoTLS, func(c *Carrier) { c.Config.Port = 1 }), "mailer.unreachable", "mail.host", outbox.RelayDown},
		"greeting":        {plain(at(smtptest.Connect, smtptest.Answer{Reply: "554 5.3.2 no", Cut: true})), "mailer.refused", "mail.host", outbox.BadSetup},
		"no STARTTLS":     {changed(NoTLS, func(c *Carrier) { c.Config.TLS = StartTLS }), "mailer.no_starttls", "mail.tls", outbox.BadSetup},
		"not TLS":         {changed(StartTLS, func(c *Carrier) { c.Config.TLS = ImplicitTLS }), "mailer.certificate", "mail.host", outbox.BadSetup},
		"unknown CA":      {changed(StartTLS, func(c *Carrier) { c.TLS = nil }), "mailer.certificate", "mail.host", outbox.BadSetup},
		"another name":    {changed(ImplicitTLS, func(c *Carrier) { c.Config.Host = "127.0.0.1" }), "mailer.certificate", "mail.host", outbox.BadSetup},
		"wrong password":  {changed(StartTLS, func(c *Carrier) { c.Config.Password = "wrong" }), "mailer.login", "mail.username", outbox.BadSetup},
		"login unknown":   {plain(smtptest.Offers("AUTH GSSAPI")), "mailer.no_auth", "mail.username", outbox.BadSetup},
		"login wanted":    {changed(StartTLS, func(c *Carrier) { c.Config.Username = "" }), "mailer.sender", "mail.from", outbox.BadSetup},
		"sender refused":  {plain(at(smtptest.Mail, smtptest.Answer{Reply: "553 5.7.1 not yours"})), "mailer.sender", "mail.from", outbox.Policy},
		"silent after it": {plain(at(smtptest.Mail, smtptest.Answer{Silent: true, Cut: true})), "mailer.unreachable", "mail.host", outbox.RelayDown},
	} {
		t.Run(name, func(t *testing.T) {
			c := test.carrier(t)
			if test.key == "mailer.no_auth" {
				c.Config.Username, c.Config.Password = "viesti", "right"
			}
			f := fault.Of(c.Ping(t.Context()))
			if f == nil || f.Key != test.key || f.Place.Field != test.field {
				t.Fatalf("fault is %+v, want %s at %s", f, test.key, test.field)
			}
			if (f.Kind == fault.Unavailable) != (test.class == outbox.RelayDown) {
				t.Errorf("kind is %s", f.Kind)
			}
			for _, lang := range i18n.Langs {
				t.Log(f.Say(lang))
			}
		})
		t.Run(name+", letter", func(t *testing.T) {
			c := test.carrier(t)
			if test.key == "mailer.no_auth" {
				c.Config.Username, c.Config.Password = "viesti", "right"
			}
			s := c.Sender()
			defer s.Close() //nolint:errcheck // a test's end
			if got := s.Send(t.Context(), letterTo(1), outbox.OpenGate); got.State != outbox.Retrying || !got.Hold || got.Reply.Class != test.class {
				t.Errorf("outcome is %+v, want it held as %s", got, test.class)
			}
		})
	}
}
