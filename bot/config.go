package bot

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/internal/secret"
	"viesti/staff"
)

// Mode is how commands come in.
type Mode string

// The modes.
const (
	Off    Mode = "off"
	Socket Mode = "socket" // over a connection that we open: no public address is needed
	HTTP   Mode = "http"   // by signed requests to our public address
)

// Config is the [slack] section.
type Config struct {
	Mode              Mode          `toml:"mode"`
	BotToken          secret.String `toml:"bot_token"` // xoxb-…
	BotTokenFile      string        `toml:"bot_token_file"`
	AppToken          secret.String `toml:"app_token"` // xapp-…, mode = "socket" alone
	AppTokenFile      string        `toml:"app_token_file"`
	SigningSecret     secret.String `toml:"signing_secret"` // mode = "http" alone
	SigningSecretFile string        `toml:"signing_secret_file"`
	APIURL            string        `toml:"api_url"`
	Name              string        `toml:"name"`    // of the app, as its manifest names it
	Command           string        `toml:"command"` // as named in the app's manifest
	Admins            []string      `toml:"admins"`  // U… and W… people, S… user groups
	// DirectMessages are for contacts whose account is known; Lookup asks Slack for the others',
	// which tells it their addresses.
	DirectMessages bool `toml:"direct_messages"`
	Lookup         bool `toml:"lookup"`
	// Digest is when digests are told that nobody set otherwise: "mon 09:00"; empty: never.
	Digest string `toml:"digest"`
}

// Defaults are the values of keys that a file leaves out.
func Defaults() Config {
	return Config{Mode: Off, APIURL: "https://slack.com/api/", Name: "Viesti", Command: "/viesti", DirectMessages: true, Digest: "mon 09:00"}
}

var (
	commandForm = regexp.MustCompile(`^/[a-z0-9_-]{1,31}$`)
	adminForm   = regexp.MustCompile(`^[UWS][A-Z0-9]+$`)
)

// maxAppName is how long an app's name may be, in characters.
const maxAppName = 35

// Validate finds everything that is wrong, once secrets have been read from their files. With
// mode = "off" nothing else matters.
func (c Config) Validate() fault.List {
	var list fault.List
	add := func(field, key string, args i18n.Args) {
		list = append(list, fault.New(fault.Invalid, key, args).At(fault.Place{Field: "slack." + field}))
	}
	switch c.Mode {
	case Off, "":
		return nil
	case Socket:
		checkToken(add, "app_token", c.AppToken, "xapp-")
	case HTTP:
		if c.SigningSecret == "" {
			add("signing_secret", "bot.config.secret_missing", nil)
		}
	default:
		add("mode", "bot.config.mode", i18n.Args{"value": string(c.Mode)})
	}
	checkToken(add, "bot_token", c.BotToken, "xoxb-")
	if u, err := url.Parse(c.APIURL); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		add("api_url", "bot.config.api_url", i18n.Args{"value": c.APIURL})
	}
	c.validateNames(add)
	if _, _, ok := staff.ParseWhen(c.Digest); !ok && c.Digest != "" {
		add("digest", "bot.config.digest", i18n.Args{"value": c.Digest})
	}
	for i, id := range c.Admins {
		if !adminForm.MatchString(id) {
			add("admins."+strconv.Itoa(i), "bot.config.admin", i18n.Args{"value": id})
		}
	}
	return list
}

// validateNames looks at what the manifest names.
func (c Config) validateNames(add func(field, key string, args i18n.Args)) {
	if n := utf8.RuneCountInString(c.Name); n == 0 || n > maxAppName {
		add("name", "bot.config.name", i18n.Args{"most": maxAppName})
	}
	if !commandForm.MatchString(c.Command) {
		add("command", "bot.config.command", i18n.Args{"value": c.Command})
	}
}

// checkToken catches a missing token and one of another kind. Tokens of no known kind pass: Slack
// has had several, and a server of Slack's shape may have its own.
func checkToken(add func(field, key string, args i18n.Args), field string, token secret.String, prefix string) {
	if token == "" {
		add(field, "bot.config.token_missing", i18n.Args{"prefix": prefix})
		return
	}
	for _, other := range []string{"xoxb-", "xoxp-", "xapp-", "xoxa-", "xoxs-"} {
		if other != prefix && strings.HasPrefix(token.Reveal(), other) {
			add(field, "bot.config.token_kind", i18n.Args{"prefix": prefix, "other": other})
		}
	}
}
