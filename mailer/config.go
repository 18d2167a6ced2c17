package mailer

import (
	"cmp"
	"net"
	netmail "net/mail"
	"slices"
	"strconv"
	"strings"

	"viesti/bounce"
	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/internal/secret"
)

// The ways to secure the connection to the relay (RFC 8314).
const (
	NoTLS       = "none"
	StartTLS    = "starttls" // demanded, never merely tried
	ImplicitTLS = "implicit"
)

const maxConnections = 100

// Config is the [mail] table of the configuration. PerMinute and PerDomainPerMinute are kept by
// the outbox; 0 is no limit.
type Config struct {
	Host               string        `toml:"host"`
	Port               int           `toml:"port"`   // 0: 25, 587 or 465, by TLS
	Relays             []string      `toml:"relays"` // further ones, "host" or "host:port", for when Host is ill
	TLS                string        `toml:"tls"`
	Username           string        `toml:"username"`
	Password           secret.String `toml:"password"`
	PasswordFile       string        `toml:"password_file"` // read into Password by whoever reads the configuration
	From               string        `toml:"from"`          // "Name <a@example.org>" or the address alone
	ReplyTo            string        `toml:"reply_to"`      // empty: From
	ReturnPath         string        `toml:"return_path"`   // where bounces go; empty: From
	Letters            string        `toml:"letters"`       // an organiser's own sources; empty: the built-in ones
	Connections        int           `toml:"connections"`
	DKIM               DKIM          `toml:"dkim"`
	PerMinute          int           `toml:"per_minute"`
	PerDomainPerMinute int           `toml:"per_domain_per_minute"`
	Bounces            bounce.Config `toml:"bounces"`
	// Digest is when coordinators get their network's week: "mon 09:00"; empty: never. Whoever reads
	// the configuration sees to it that it is a time of the week.
	Digest string `toml:"digest"`
}

// Defaults is the configuration before a file is read: submission with STARTTLS over four
// connections.
func Defaults() Config {
	return Config{
		TLS: StartTLS, Connections: 4, Digest: "mon 09:00", Bounces: bounce.Defaults(),
		DKIM: DKIM{Selector: "viesti", Ed25519Selector: "viesti-ed25519"},
	}
}

// Addr is the relay's host and port.
func (c Config) Addr() string { return net.JoinHostPort(c.Host, strconv.Itoa(c.port())) }

func (c Config) port() int {
	switch {
	case c.Port != 0:
		return c.Port
	case c.TLS == NoTLS:
		return 25
	case c.TLS == ImplicitTLS:
		return 465
	default:
		return 587
	}
}

// Validate finds all that is wrong, each fault with its key ("mail.host") as Place.Field. It is
// to be asked before PasswordFile is read into Password.
func (c Config) Validate() fault.List {
	var list fault.List
	wrong := func(field, key string, args i18n.Args) {
		list = append(list, fault.New(fault.Invalid, key, args).At(fault.Place{Field: "mail." + field}))
	}
	if c.Host == "" {
		wrong("host", "mailer.host_missing", nil)
	}
	if c.Port < 0 || c.Port > 65535 {
		wrong("port", "mailer.port", i18n.Args{"value": strconv.Itoa(c.Port)})
	}
	for _, r := range c.Relays {
		if !validRelay(r) {
			wrong("relays", "mailer.relay", i18n.Args{"value": r})
		}
	}
	if c.TLS != NoTLS && c.TLS != StartTLS && c.TLS != ImplicitTLS {
		wrong("tls", "mailer.tls", i18n.Args{"value": c.TLS})
	}
	c.validateLogin(wrong)
	c.validateAddresses(wrong)
	c.DKIM.validate(c.From, wrong)
	if c.Connections < 1 || c.Connections > maxConnections {
		wrong("connections", "mailer.connections", i18n.Args{"value": strconv.Itoa(c.Connections), "max": maxConnections})
	}
	if c.PerMinute < 0 {
		wrong("per_minute", "mailer.negative", nil)
	}
	if c.PerDomainPerMinute < 0 {
		wrong("per_domain_per_minute", "mailer.negative", nil)
	}
	path, ok := parseAddress(c.ReturnPath)
	if !ok {
		path = &netmail.Address{}
	}
	if to, ok := parseAddress(cmp.Or(c.ReplyTo, c.From)); ok && c.Bounces.Reads() && contacts.AddressKey(to.Address) == contacts.AddressKey(path.Address) {
		wrong("return_path", "mailer.redirect_loop", nil)
	}
	return append(list, c.Bounces.Validate(path.Address)...)
}

func (c Config) validateLogin(wrong func(field, key string, args i18n.Args)) {
	password := c.Password != "" || c.PasswordFile != ""
	switch {
	case c.Password != "" && c.PasswordFile != "":
		wrong("password_file", "mailer.password_twice", nil)
	case c.Username != "" && !password:
		wrong("password", "mailer.password_missing", nil)
	case c.Username == "" && password:
		wrong("username", "mailer.username_missing", nil)
	case c.Username != "" && c.TLS == NoTLS && slices.ContainsFunc(newRelays(c, nil).list, func(r *relay) bool { return !loopback(r.host) }):
		wrong("tls", "mailer.password_clear", nil)
	}
}

func (c Config) validateAddresses(wrong func(field, key string, args i18n.Args)) {
	if c.From == "" {
		wrong("from", "mailer.from_missing", nil)
	}
	for _, a := range []struct{ field, value string }{
		{"from", c.From}, {"reply_to", c.ReplyTo}, {"return_path", c.ReturnPath},
	} {
		if a.value == "" {
			continue
		}
		if _, ok := parseAddress(a.value); !ok {
			wrong(a.field, "mailer.address", i18n.Args{"value": a.value})
		}
	}
}

// parseAddress reads an address of the configuration, its domain as ASCII.
func parseAddress(s string) (*netmail.Address, bool) {
	a, err := netmail.ParseAddress(s)
	if err != nil || !contacts.ValidAddress(a.Address) {
		return nil, false
	}
	return &netmail.Address{Name: display(a.Name), Address: onWire(a.Address)}, true
}

// Local tells whether the relay is on this machine.
func (c Config) Local() bool { return loopback(c.Host) }

// validRelay tells whether s is a host, or a host and a port.
func validRelay(s string) bool {
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		return s != "" && !strings.ContainsAny(s, ":/@ ")
	}
	n, err := strconv.Atoi(port)
	return host != "" && err == nil && n > 0 && n <= 65535
}

// loopback tells whether a host is this machine, where a password may travel in the clear.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
