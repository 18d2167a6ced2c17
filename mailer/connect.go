package mailer

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/wneessen/go-mail/smtp"

	"viesti/outbox"
)

// conn is a connection to a relay, greeted, secured and logged in.
//
// The steps are taken here, and not by go-mail's Dial, because a step that fails has to be named
// (a refused password is told differently from a relay that is down), and because that Dial does
// not close the connection when a later step fails.
type conn struct {
	*smtp.Client
	net    net.Conn
	relay  *relay
	fresh  bool      // nothing was sent through it yet
	count  int       // letters sent through it
	made   time.Time // when it was
	used   time.Time // last
	limits Limits
	inside bool // a transaction that was refused is still open
	broken bool // it is not known where the conversation stands
}

// dialError says at which phase, and in which manner, a connection did not come about.
type dialError struct {
	relay *relay
	at    phase
	key   string // of the words for it
	reply outbox.Reply
	cause error
}

func (e *dialError) Error() string { return e.at.String() + ": " + e.cause.Error() }
func (e *dialError) Unwrap() error { return e.cause }

// outcome is what a letter comes to that waited for the connection.
func (e *dialError) outcome() outbox.Outcome {
	r := e.reply
	r.Relay = e.relay.addr
	switch {
	case r.Code != "":
		return classify(e.at, r)
	case e.key == "mailer.unreachable":
		return held(r, outbox.RelayDown)
	default:
		return held(r, outbox.BadSetup)
	}
}

// What a relay may lack.
var (
	errNoStartTLS = errors.New("the relay offers no STARTTLS")
	errNoLogin    = errors.New("the relay offers no known mechanism of AUTH")
)

// dial connects to the first relay that lets it. Its error is a *dialError: what was wrong with
// the first.
func (c *Carrier) dial(ctx context.Context) (k *conn, err error) {
	for _, r := range c.pool().choose(c.Now(), c.Limits.Dial) {
		found, wrong := c.dialTo(ctx, r)
		if wrong == nil {
			return found, nil
		}
		outcome := held(outbox.Reply{}, outbox.RelayDown)
		if e, ok := asDialError(wrong); ok {
			outcome = e.outcome()
		}
		c.pool().ill(r, outcome.Reply, c.Now())
		err = cmp.Or(err, wrong)
	}
	return nil, err
}

func (c *Carrier) dialTo(ctx context.Context, r *relay) (*conn, error) {
	ctx, cancel := context.WithTimeout(ctx, c.Limits.Dial)
	defer cancel()
	wire, err := (&net.Dialer{}).DialContext(ctx, "tcp", r.addr)
	if err != nil {
		return nil, &dialError{relay: r, at: atConnect, key: "mailer.unreachable", cause: err}
	}
	defer context.AfterFunc(ctx, func() { _ = wire.Close() })() // a hanging relay, or the end of the program
	k := &conn{net: wire, relay: r, fresh: true, made: c.Now(), limits: c.Limits}
	if err := c.open(ctx, k); err != nil {
		_ = wire.Close()
		if e, ok := asDialError(err); ok {
			e.relay = r
		}
		return nil, err
	}
	return k, nil
}

// open goes through the steps from the greeting to the login.
func (c *Carrier) open(ctx context.Context, k *conn) error {
	wire := k.net
	if c.Config.TLS == ImplicitTLS {
		secured := tls.Client(wire, c.tlsConfig(k.relay))
		if err := secured.HandshakeContext(ctx); err != nil {
			return handshakeError(err)
		}
		wire = secured
	}
	client, err := smtp.NewClient(wire, k.relay.host)
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
		if err := client.StartTLS(c.tlsConfig(k.relay)); err != nil {
			return handshakeError(err)
		}
	}
	return c.login(client, k.relay)
}

func (c *Carrier) login(client *smtp.Client, r *relay) error {
	if c.Config.Username == "" {
		return nil
	}
	_, offered := client.Extension("AUTH")
	mechanism := c.mechanism(r, strings.Fields(strings.ToUpper(offered)))
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
func (c *Carrier) mechanism(r *relay, offered []string) smtp.Auth {
	user, password, plain := c.Config.Username, c.Config.Password.Reveal(), c.Config.TLS == NoTLS
	switch {
	case slices.Contains(offered, "SCRAM-SHA-256"):
		return smtp.ScramSHA256Auth(user, password)
	case slices.Contains(offered, "PLAIN"):
		return smtp.PlainAuth("", user, password, r.host, plain)
	case slices.Contains(offered, "LOGIN"):
		return smtp.LoginAuth(user, password, r.host, plain)
	default:
		return nil
	}
}

func (c *Carrier) tlsConfig(r *relay) *tls.Config {
	config := c.TLS.Clone()
	if config == nil {
		config = &tls.Config{}
	}
	config.MinVersion = tls.VersionTLS12
	if config.ServerName == "" {
		config.ServerName = r.host
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
