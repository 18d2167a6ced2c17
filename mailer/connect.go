package mailer

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/wneessen/go-mail/smtp"

	"viesti/outbox"
)

// conn is a connection to the relay, greeted, secured and logged in.
//
// The steps are taken here, and not by go-mail's Dial, because a step that fails has to be named
// (a refused password is told differently from a relay that is down), and because that Dial does
// not close the connection when a later step fails.
type conn struct {
	*smtp.Client
	net    net.Conn
	relay  string
	fresh  bool      // nothing was sent through it yet
	count  int       // letters sent through it
	used   time.Time // last
	limits Limits
}

// dialError says at which phase, and in which manner, a connection did not come about.
type dialError struct {
	at    phase
	key   string // of the words for it
	reply outbox.Reply
	cause error
}

func (e *dialError) Error() string { return e.at.String() + ": " + e.cause.Error() }
func (e *dialError) Unwrap() error { return e.cause }

// outcome is what a letter comes to that waited for the connection.
func (e *dialError) outcome() outbox.Outcome {
	switch {
	case e.reply.Code != "":
		return classify(e.at, e.reply)
	case e.key == "mailer.unreachable":
		return held(e.reply, outbox.RelayDown)
	default:
		return held(e.reply, outbox.BadSetup)
	}
}

// What a relay may lack.
var (
	errNoStartTLS = errors.New("the relay offers no STARTTLS")
	errNoLogin    = errors.New("the relay offers no known mechanism of AUTH")
)

// dial connects to the relay. Its error is a *dialError.
func (c *Carrier) dial(ctx context.Context) (*conn, error) {
	ctx, cancel := context.WithTimeout(ctx, c.Limits.Dial)
	defer cancel()
	wire, err := (&net.Dialer{}).DialContext(ctx, "tcp", c.Config.Addr())
	if err != nil {
		return nil, &dialError{at: atConnect, key: "mailer.unreachable", cause: err}
	}
	defer context.AfterFunc(ctx, func() { _ = wire.Close() })() // a hanging relay, or the end of the program
	k := &conn{net: wire, relay: c.Config.Addr(), fresh: true, limits: c.Limits}
	if err := c.open(ctx, k); err != nil {
		_ = wire.Close()
		return nil, err
	}
	return k, nil
}

// open goes through the steps from the greeting to the login.
func (c *Carrier) open(ctx context.Context, k *conn) error {
	wire := k.net
	if c.Config.TLS == ImplicitTLS {
		secured := tls.Client(wire, c.tlsConfig())
		if err := secured.HandshakeContext(ctx); err != nil {
			return handshakeError(err)
		}
		wire = secured
	}
	client, err := smtp.NewClient(wire, c.Config.Host)
	if err != nil {
		return c.refusal(atConnect, "mailer.refused", err)
	}
	k.Client = client
	if err := client.Hello(c.Composer.helo()); err != nil {
		return c.refusal(atConnect, "mailer.refused", err)
	}
	if c.Config.TLS == StartTLS {
		if offered, _ := client.Extension("STARTTLS"); !offered {
			return &dialError{at: atConnect, key: "mailer.no_starttls", cause: errNoStartTLS}
		}
		if err := client.StartTLS(c.tlsConfig()); err != nil {
			return handshakeError(err)
		}
	}
	return c.login(client)
}

func (c *Carrier) login(client *smtp.Client) error {
	if c.Config.Username == "" {
		return nil
	}
	_, offered := client.Extension("AUTH")
	mechanism := c.mechanism(strings.Fields(strings.ToUpper(offered)))
	if mechanism == nil {
		return &dialError{at: atLogin, key: "mailer.no_auth", cause: errNoLogin}
	}
	if err := client.Auth(mechanism); err != nil {
		return c.refusal(atLogin, "mailer.login", err)
	}
	return nil
}

// mechanism chooses the way to log in; nil when the relay offers none of them. Without TLS a
// password goes in the clear, which Validate allows on the loopback interface alone.
func (c *Carrier) mechanism(offered []string) smtp.Auth {
	user, password, plain := c.Config.Username, c.Config.Password.Reveal(), c.Config.TLS == NoTLS
	switch {
	case slices.Contains(offered, "SCRAM-SHA-256"):
		return smtp.ScramSHA256Auth(user, password)
	case slices.Contains(offered, "PLAIN"):
		return smtp.PlainAuth("", user, password, c.Config.Host, plain)
	case slices.Contains(offered, "LOGIN"):
		return smtp.LoginAuth(user, password, c.Config.Host, plain)
	default:
		return nil
	}
}

func (c *Carrier) tlsConfig() *tls.Config {
	config := c.TLS.Clone()
	if config == nil {
		config = &tls.Config{}
	}
	config.MinVersion = tls.VersionTLS12
	if config.ServerName == "" {
		config.ServerName = c.Config.Host
	}
	return config
}

// refusal is a step that the relay refused, or at which it fell silent.
func (c *Carrier) refusal(at phase, key string, err error) error {
	if reply, ok := said(err); ok {
		return &dialError{at: at, key: key, reply: reply, cause: err}
	}
	return &dialError{at: at, key: "mailer.unreachable", cause: err}
}

// handshakeError is a TLS connection that did not come about: a wrong name or certificate is for
// someone to mend, a cut line may heal.
func handshakeError(err error) error {
	var netErr net.Error
	if reply, ok := said(err); ok {
		return &dialError{at: atConnect, key: "mailer.refused", reply: reply, cause: err}
	}
	if errors.As(err, &netErr) && netErr.Timeout() {
		return &dialError{at: atConnect, key: "mailer.unreachable", cause: err}
	}
	return &dialError{at: atConnect, key: "mailer.certificate", cause: err}
}

// helo is the name that this machine gives itself: that of the survey's pages, which resolves; an
// address literal where that is an address (RFC 5321, 4.1.3).
func (c *Composer) helo() string {
	ip := net.ParseIP(c.host)
	switch {
	case ip == nil:
		return c.host
	case ip.To4() != nil:
		return "[" + c.host + "]"
	default:
		return "[IPv6:" + c.host + "]"
	}
}

// ask sends one command and reads the reply; the error says that none came.
func (k *conn) ask(limit time.Duration, format string, args ...any) (outbox.Reply, error) {
	if err := k.UpdateDeadline(limit); err != nil {
		return outbox.Reply{}, err
	}
	if err := k.Text.PrintfLine(format, args...); err != nil {
		return outbox.Reply{}, err
	}
	return k.listen()
}

func (k *conn) listen() (outbox.Reply, error) {
	code, message, err := k.Text.ReadResponse(0)
	if err != nil {
		return outbox.Reply{}, fmt.Errorf("read the relay's reply: %w", err)
	}
	return readReply(code, message), nil
}

// hangUp closes the connection, with a word of farewell when it is still in order.
func (k *conn) hangUp(polite bool) {
	if polite {
		_, _ = k.ask(k.limits.Quit, "QUIT")
	}
	_ = k.Close()
}
