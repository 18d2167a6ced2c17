package mailer

import (
	"slices"
	"testing"

	"viesti/i18n"
	"viesti/internal/fault"
)

func TestValidate(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*Config)
		fields []string
	}{
		"right":               {func(*Config) {}, nil},
		"empty":               {func(c *Config) { *c = Config{} }, []string{"mail.host", "mail.tls", "mail.from", "mail.connections"}},
		"defaults":            {func(c *Config) { *c = Defaults() }, []string{"mail.host", "mail.from"}},
		"port":                {func(c *Config) { c.Port = 65536 }, []string{"mail.port"}},
		"tls":                 {func(c *Config) { c.TLS = "ssl" }, []string{"mail.tls"}},
		"no password":         {func(c *Config) { c.Username = "u" }, []string{"mail.password"}},
		"password in a file":  {func(c *Config) { c.Username, c.PasswordFile = "u", "f" }, nil},
		"two passwords":       {func(c *Config) { c.Username, c.Password, c.PasswordFile = "u", "p", "f" }, []string{"mail.password_file"}},
		"no username":         {func(c *Config) { c.Password = "p" }, []string{"mail.username"}},
		"password in clear":   {func(c *Config) { c.Username, c.Password, c.TLS = "u", "p", NoTLS }, []string{"mail.tls"}},
		"password to oneself": {func(c *Config) { c.Host, c.Username, c.Password, c.TLS = "127.0.0.1", "u", "p", NoTLS }, nil},
		"addresses": {
			func(c *Config) { c.From, c.ReplyTo, c.ReturnPath = "Name", "a@b", "a@example.org, b@example.org" },
			[]string{"mail.from", "mail.reply_to", "mail.return_path"},
		},
		"numbers": {
			func(c *Config) { c.Connections, c.PerMinute, c.PerDomainPerMinute = 0, -1, -1 },
			[]string{"mail.connections", "mail.per_minute", "mail.per_domain_per_minute"},
		},
	} {
		c := testConfig()
		test.change(&c)
		var got []string
		for _, f := range c.Validate() {
			got = append(got, f.Place.Field)
			for _, lang := range i18n.Langs {
				if f.Say(lang) == "" || f.Kind != fault.Invalid {
					t.Errorf("%s: %+v", name, f)
				}
			}
		}
		if !slices.Equal(got, test.fields) {
			t.Errorf("%s: faults at %q, want %q", name, got, test.fields)
		}
	}
}

func TestPort(t *testing.T) {
	for c, want := range map[Config]string{
		{Host: "h", TLS: NoTLS}: "h:25", {Host: "h", TLS: StartTLS}: "h:587", {Host: "h", TLS: ImplicitTLS}: "h:465",
		{Host: "h", TLS: NoTLS, Port: 2525}: "h:2525", {Host: "::1", TLS: NoTLS}: "[::1]:25",
	} {
		if got := c.Addr(); got != want {
			t.Errorf("address of %+v is %s, want %s", c, got, want)
		}
	}
}

func TestNewComposerRefuses(t *testing.T) {
	config := testConfig()
	config.From, config.ReplyTo = "nobody", "nobody"
	facts := testFacts()
	facts.BaseURL = "barometri"
	_, err := NewComposer(facts, config)
	if got := len(fault.All(err)); got != 3 {
		t.Errorf("%d faults: %v", got, err)
	}
}

func TestHelo(t *testing.T) {
	for host, want := range map[string]string{
		"https://barometri.example.org/x": "barometri.example.org", "http://127.0.0.1:8080": "[127.0.0.1]", "http://[::1]:8080": "[IPv6:::1]",
	} {
		facts := testFacts()
		facts.BaseURL = host
		c, err := NewComposer(facts, testConfig())
		if err != nil {
			t.Fatal(err)
		}
		if got := c.helo(); got != want {
			t.Errorf("helo of %s is %s, want %s", host, got, want)
		}
	}
}
