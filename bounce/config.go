package bounce

import (
	"net"
	"strconv"
	"strings"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/internal/secret"
)

// Config is the [mail.bounces] table of the configuration.
type Config struct {
	Verp   bool   `toml:"verp"`   // each letter has a return path of its own
	Listen string `toml:"listen"` // host and port for SMTP, lmtp:host:port for LMTP; empty: off
	IMAP   IMAP   `toml:"imap"`
}

// IMAP is a mailbox to which bounces are delivered.
type IMAP struct {
	Host         string        `toml:"host"` // empty: off
	Port         int           `toml:"port"` // 0: 993 or 143, by TLS
	TLS          string        `toml:"tls"`  // implicit, starttls or none
	Username     string        `toml:"username"`
	Password     secret.String `toml:"password"`
	PasswordFile string        `toml:"password_file"` // read into Password by whoever reads the configuration
	Mailbox      string        `toml:"mailbox"`
	Processed    string        `toml:"processed"` // where what was handled is moved; empty: it is flagged
}

// Defaults is the configuration before a file is read.
func Defaults() Config { return Config{IMAP: IMAP{TLS: "implicit", Mailbox: "INBOX"}} }

// Naming tells whether letters have return paths of their own: as configured, and always with a
// listener, which takes them for certain.
func (c Config) Naming() bool { return c.Verp || c.Listen != "" }

// Reads tells whether mail that comes back is meant to be read here.
func (c Config) Reads() bool { return c.Naming() || c.IMAP.Host != "" }

// Addr is the mailbox's host and port.
func (c IMAP) Addr() string {
	port := c.Port
	switch {
	case port != 0:
	case c.TLS == "implicit":
		port = 993
	default:
		port = 143
	}
	return net.JoinHostPort(c.Host, strconv.Itoa(port))
}

// LMTP is the prefix of Listen that asks for LMTP.
const LMTP = "lmtp:"

// Validate finds all that is wrong, each fault with its key below mail.bounces as Place.Field.
// It is to be asked before PasswordFile is read into Password.
func (c Config) Validate(returnPath string) fault.List {
	var list fault.List
	wrong := func(field, key string, args i18n.Args) {
		list = append(list, fault.New(fault.Invalid, key, args).At(fault.Place{Field: "mail.bounces." + field}))
	}
	local, _, _ := strings.Cut(returnPath, "@")
	switch {
	case !c.Naming():
	case returnPath == "":
		wrong("verp", "bounce.no_return_path", nil)
	case !takesExtension(local):
		wrong("verp", "bounce.no_extension", i18n.Args{"value": local, "max": maxLocal - longest - 18})
	}
	if c.Listen != "" {
		_, port, err := net.SplitHostPort(strings.TrimPrefix(c.Listen, LMTP))
		if n, bad := strconv.Atoi(port); err != nil || bad != nil || n < 0 || n > 65535 {
			wrong("listen", "bounce.listen", i18n.Args{"value": c.Listen})
		}
	}
	if c.IMAP.Host != "" {
		c.IMAP.validate(wrong)
	}
	return list
}

func (c IMAP) validate(wrong func(field, key string, args i18n.Args)) {
	if c.Port < 0 || c.Port > 65535 {
		wrong("imap.port", "mailer.port", i18n.Args{"value": strconv.Itoa(c.Port)})
	}
	ip := net.ParseIP(c.Host)
	switch c.TLS {
	case "implicit", "starttls":
	case "none":
		if c.Host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			wrong("imap.tls", "mailer.password_clear", nil)
		}
	default:
		wrong("imap.tls", "mailer.tls", i18n.Args{"value": c.TLS})
	}
	switch {
	case c.Username == "":
		wrong("imap.username", "mailer.username_missing", nil)
	case c.Password == "" && c.PasswordFile == "":
		wrong("imap.password", "mailer.password_missing", nil)
	case c.Password != "" && c.PasswordFile != "":
		wrong("imap.password_file", "mailer.password_twice", nil)
	}
	if c.Mailbox == "" || c.Mailbox == c.Processed {
		wrong("imap.mailbox", "bounce.mailbox", nil)
	}
}
