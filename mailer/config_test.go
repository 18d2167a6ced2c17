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
		"right":    {func(*Config) {}, nil},
		"empty":    {func(c *Config) { *c = Config{} }, []string{"mail.host", "mail.tls", "mail.from", "mail.connections"}},
		"defaults": {func(c *Config) { *c = Defaults() }, []string{"mail.host", "mail.from"}},
		"port":     {func(c *Config) { c.Port = 65536 }, []string{"mail.port"}},
		"relays":   {func(c *Config) { c.Relays = []string{"b", "b:25", "", "b:x", "a b", "b:0"} }, []string{"mail.relays", "mail.relays", "mail.relays", "mail.relays"}},
		"clear to the second": {func(c *Config) {
			c.Host, c.Relays, c.Username, c.Password, c.TLS = "127.0.0.1", []string{"b"}, "u", "p", NoTLS
		}, []string{"mail.tls"}},
		"tls":                 {func(c *Config) { c.TLS = "ssl" }, []string{"mail.tls"}},
		"no password":         {func(c *Config) { c.Username = "u" }, []string{"mail.password"}},
		"password in a file":  {func(c *Config) { c.Username, c.PasswordFile = "u", "f" }, nil},
		"two passwords":       {func(c *Config) { c.Username, c.Password, c.PasswordFile = "u", "p", "f" }, []string{"mail.password_file"}},
		"no username":         {func(c *Config) { c.Password = "p" }, []string{"mail.username"}},
		"password in clear":   {func(c *Config) { c.Username, c.Password, c.TLS = "u", "p", NoTLS }, []string{"mail.tls"}},
		"password to oneself": {func(c *Config) { c.Host, c.Username, c.Password, c.TLS = "127.0.0.1", "u", "p", NoTLS }, nil},
		"addresses": {
			func(c *Config) {
				c.From, c.ReplyTo, c.ReturnPath = "Name", "a@b", "a@example.org, b@example.org"
				c.Bounces.Verp = false
			},
			[]string{"mail.from", "mail.reply_to", "mail.return_path"},
		},
		"answers in circles": {
			func(c *Config) { c.ReplyTo, c.Bounces.Verp = "Palautukset@EXAMPLE.org", true }, []string{"mail.return_path"},
		},
		"return paths without one": {
			func(c *Config) { c.ReturnPath, c.Bounces.Verp = "", true }, []string{"mail.bounces.verp"},
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
	for _, test := range []struct {
		c    Config
		want []string
	}{
		{Config{Host: "h", TLS: NoTLS}, []string{"h:25"}},
		{Config{Host: "h", TLS: StartTLS}, []string{"h:587"}},
		{Config{Host: "h", TLS: ImplicitTLS, Relays: []string{"i", "j:1465"}}, []string{"h:465", "i:465", "j:1465"}},
		{Config{Host: "h", TLS: NoTLS, Port: 2525, Relays: []string{"[::1]:26"}}, []string{"h:2525", "[::1]:26"}},
		{Config{Host: "::1", TLS: NoTLS}, []string{"[::1]:25"}},
	} {
		if got := test.c.Addrs(); !slices.Equal(got, test.want) {
			t.Errorf("addresses of %+v are %s, want %s", test.c, got, test.want)
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
