package listen_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"

	"viesti/bounce"
	"viesti/bounce/listen"
	"viesti/internal/fault"
	"viesti/outbox"
)

var (
	paths = bounce.NewPaths("bounces@example.org", []byte("key"))
	name  = paths.Of(outbox.Key{Recipient: "0123456789abcdef", Wave: "2027", Kind: outbox.Invitation})
)

// serve starts the server; what it is given is answered with err.
func serve(t *testing.T, lmtp bool, err *error) (client *smtp.Client, took *[]bounce.Mail, stop func() error) {
	t.Helper()
	took = &[]bounce.Mail{}
	l, failed := net.Listen("tcp", "127.0.0.1:0")
	if failed != nil {
		t.Fatal(failed)
	}
	s := &listen.Server{Domain: "localhost", LMTP: lmtp, Takes: paths.Takes, Take: func(_ context.Context, m bounce.Mail) (bounce.Record, error) {
		if *err == nil {
			*took = append(*took, m)
		}
		return bounce.Record{}, *err
	}}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l) }()
	conn, failed := net.Dial("tcp", l.Addr().String())
	if failed != nil {
		t.Fatal(failed)
	}
	client = smtp.NewClient(conn)
	if lmtp {
		client = smtp.NewClientLMTP(conn)
	}
	t.Cleanup(func() { _ = client.Close(); cancel() })
	return client, took, func() error { _ = client.Quit(); cancel(); return <-done }
}

func send(c *smtp.Client, to ...string) error {
	if err := c.Mail("", nil); err != nil {
		return err
	}
	for _, rcpt := range to {
		if err := c.Rcpt(rcpt, nil); err != nil {
			return err
		}
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write([]byte("From: a@b\r\n\r\n.x\r\n")); err != nil {
		return err
	}
	return w.Close()
}

func code(err error) int {
	var e *smtp.SMTPError
	if errors.As(err, &e) {
		return e.Code
	}
	return 0
}

func TestTakesReturnPathsAlone(t *testing.T) {
	for _, lmtp := range []bool{false, true} {
		var answer error
		c, took, stop := serve(t, lmtp, &answer)
		if err := send(c, strings.ToUpper(name), "bounces@example.org"); err != nil {
			t.Fatalf("LMTP %v: %v", lmtp, err)
		}
		if len(*took) != 2 || !strings.EqualFold((*took)[0].To, name) || string((*took)[0].Raw) != "From: a@b\r\n\r\n.x\r\n" {
			t.Errorf("took %q", *took)
		}
		for _, to := range []string{"barometer@example.org", "bounces@other.example", "bounces+x@example.org", "postmaster@localhost"} {
			if err := send(c, to); code(err) != 550 {
				t.Errorf("%s: %v", to, err)
			}
			if err := c.Reset(); err != nil {
				t.Fatal(err)
			}
		}
		if err := stop(); err != nil {
			t.Errorf("stopped with %v", err)
		}
	}
}

func TestAnswers(t *testing.T) {
	var answer error
	c, took, _ := serve(t, false, &answer)
	for _, test := range []struct {
		err  error
		code int
	}{
		{fault.Wrap(bounce.ErrNoMail, fault.Invalid, "bounce.no_mail", nil), 554},
		{fault.Wrap(bounce.ErrNowhere, fault.Conflict, "bounce.nowhere", nil), 550},
		{errors.New("the store is full"), 451},
	} {
		answer = test.err
		if err := send(c, name); code(err) != test.code {
			t.Errorf("%v is answered with %v, want %d", test.err, err, test.code)
		}
	}
	answer = nil
	if err := send(c, name); err != nil || len(*took) != 1 {
		t.Errorf("afterwards: %v", err)
	}
}
