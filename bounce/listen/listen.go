// Package listen is a small mail server for what comes back: it speaks SMTP or LMTP on a port of
// its own and takes mail to the return paths of letters.
//
// It is no mailbox and no relay: it keeps nothing, knows no other address, and answers "try again"
// when what it was given could not be taken.
package listen

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"time"

	"github.com/emersion/go-smtp"

	"viesti/bounce"
	"viesti/internal/fault"
)

// Server is the mail server.
type Server struct {
	Domain string // how it calls itself
	LMTP   bool
	Takes  func(address string) bool // whether mail to an address is ours
	Take   func(ctx context.Context, mail bounce.Mail) (bounce.Record, error)
}

// Conversations are short: who says nothing for this long is gone.
const idle = time.Minute

// grace is how long a mail under way may take when the server is told to stop.
const grace = 10 * time.Second

// atOnce is how many mails are held in memory at the same time.
const atOnce = 4

// Serve takes mail on l until ctx ends.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	slots := make(chan struct{}, atOnce)
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &session{server: s, ctx: context.WithoutCancel(ctx), slots: slots}, nil
	}))
	server.Domain, server.LMTP = s.Domain, s.LMTP
	server.ReadTimeout, server.WriteTimeout = idle, idle
	server.MaxMessageBytes, server.MaxRecipients, server.MaxLineLength = bounce.MaxMail, 20, 64<<10
	server.EnableSMTPUTF8 = true
	server.ErrorLog = log.New(io.Discard, "", 0) // lines that were cut
	stopped := make(chan struct{})
	unhook := context.AfterFunc(ctx, func() {
		defer close(stopped)
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
		defer cancel()
		_ = l.Close() // in case it is not being served yet
		if server.Shutdown(end) != nil {
			_ = server.Close()
		}
	})
	err := server.Serve(l)
	if unhook() {
		return err
	}
	<-stopped
	return nil
}

// session is one conversation.
type session struct {
	server *Server
	ctx    context.Context //nolint:containedctx // go-smtp gives none to its sessions
	slots  chan struct{}
	to     []string
}

func (s *session) Reset()                               { s.to = nil }
func (s *session) Logout() error                        { return nil }
func (s *session) Mail(string, *smtp.MailOptions) error { return nil }

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if !s.server.Takes(to) {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such address here"}
	}
	s.to = append(s.to, to)
	return nil
}

// Data takes a mail, once for each of its recipients: each may name a letter of its own.
func (s *session) Data(r io.Reader) error {
	s.slots <- struct{}{}
	defer func() { <-s.slots }()
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	for _, to := range s.to {
		_, err = s.server.Take(s.ctx, bounce.Mail{To: to, Raw: raw})
		switch {
		case err == nil:
		case errors.Is(err, bounce.ErrNoMail):
			return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "This is no mail"}
		case fault.KindOf(err) == fault.Conflict:
			return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 2, 1}, Message: "Nobody reads mail to this address"}
		default:
			return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "Try again later"}
		}
	}
	return nil
}
