package mailbox

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"time"

	"github.com/emersion/go-smtp"
)

// maxLetter is the largest letter that is taken, in bytes.
const maxLetter = 4 << 20

type server = *smtp.Server

func newServer(m *Mailbox) server {
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{box: m}, nil }))
	s.Domain = "localhost"
	s.ReadTimeout, s.WriteTimeout = time.Minute, time.Minute
	s.MaxMessageBytes, s.MaxRecipients = maxLetter, 100
	s.EnableSMTPUTF8 = true
	s.ErrorLog = log.New(io.Discard, "", 0) // lines that were cut, which the sender tells as well
	return s
}

// Serve takes letters on l until ctx ends.
func (m *Mailbox) Serve(ctx context.Context, l net.Listener) error {
	unhook := context.AfterFunc(ctx, func() {
		_ = l.Close() // in case it is not being served yet
		_ = m.smtp.Close()
	})
	defer unhook()
	err := m.smtp.Serve(l)
	if errors.Is(err, smtp.ErrServerClosed) || ctx.Err() != nil {
		return nil
	}
	return err
}

// session is one conversation.
type session struct {
	box  *Mailbox
	from string
	to   []string
}

func (s *session) Reset()        { s.from, s.to = "", nil }
func (s *session) Logout() error { return nil }

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = append(s.to, to)
	return nil
}

// Data takes a letter once for each recipient, as each of them would find it.
func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	l, err := read(raw)
	if err != nil {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "This is no letter"}
	}
	l.Arrived, l.EnvelopeFrom = s.box.options.Now(), s.from
	for _, to := range s.to {
		l.EnvelopeTo = to
		s.box.add(l)
	}
	return nil
}
