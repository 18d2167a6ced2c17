package mailer

import (
	"crypto/tls"
	"log/slog"
	"sync"
	"time"

	"viesti/outbox"
)

// Limits are how long a relay may take at each phase (RFC 5321, 4.5.3.2), and when a connection
// is not used any more.
type Limits struct {
	Dial    time.Duration // connection, greeting, TLS and login together
	Command time.Duration // MAIL, RCPT, RSET
	Data    time.Duration // DATA
	Block   time.Duration // writing the letter
	Dot     time.Duration // its acceptance: shorter makes doubles of what was taken
	Quit    time.Duration // QUIT, and NOOP on an idle connection
	Idle    time.Duration // after this a kept connection is asked whether it lives
	Letters int           // a connection carries; many relays allow no more
	Age     time.Duration // of a connection, at most
}

// DefaultLimits are those of RFC 5321, and for the rest what relays are used to.
func DefaultLimits() Limits {
	return Limits{
		Dial: 30 * time.Second, Command: 5 * time.Minute, Data: 2 * time.Minute, Block: 3 * time.Minute,
		Dot: 10 * time.Minute, Quit: 5 * time.Second, Idle: time.Minute, Letters: 1000,
		Age: 10 * time.Minute,
	}
}

// Carrier sends letters through a mail relay, or through the next one while that is ill.
type Carrier struct {
	Config   Config
	Composer *Composer
	Limits   Limits
	Now      func() time.Time
	Log      *slog.Logger
	// TLS is the base of the TLS configuration; nil trusts the system's authorities.
	TLS *tls.Config

	opened sync.Once
	relays *relays
}

var _ outbox.Carrier = (*Carrier)(nil)

func (c *Carrier) pool() *relays {
	c.opened.Do(func() { c.relays = newRelays(c.Config, c.Log) })
	return c.relays
}

// Health tells how each relay fares.
func (c *Carrier) Health() []RelayHealth { return c.pool().health() }

// Connections is how many connections to relays are kept.
func (c *Carrier) Connections() int { return c.Config.Connections }

// Sender is one connection, made when the first letter is sent.
func (c *Carrier) Sender() outbox.Sender { return &sender{carrier: c} }
