package bounce

import (
	"strings"
	"testing"

	"viesti/outbox"
)

func TestPaths(t *testing.T) {
	p := NewPaths("Bounces@example.org", []byte("key"))
	k := outbox.Key{Recipient: "0123456789abcdef", Wave: "2027", Kind: outbox.LastCall}
	path := p.Of(k)
	local, _, _ := strings.Cut(path, "@")
	if len(local) > maxLocal || strings.Contains(path, "2027") || !p.Takes(strings.ToLower(path)) || !p.Takes("bounces@EXAMPLE.org") {
		t.Errorf("path %s", path)
	}
	for _, text := range []string{path, strings.ToUpper(path), "<" + path + ">", "SRS0=x=y=relay.example=" + local + "@other.example", "prvs=1234=" + path} {
		names := p.Find(text)
		if len(names) != 1 || !p.Names(names[0], k) {
			t.Errorf("%q: %v", text, names)
		}
	}
	other := k
	other.Kind = outbox.Invitation
	if p.Names(p.Find(path)[0], other) || NewPaths("bounces@example.org", []byte("other")).Names(p.Find(path)[0], k) {
		t.Error("names another letter as well")
	}
	for _, address := range []string{"", "bounces", "bounces@other.example", "bounces+x@example.org", "xbounces@example.org", "barometer@example.org", path + ".example"} {
		if p.Takes(address) {
			t.Errorf("takes %q", address)
		}
	}
	if q := NewPaths("bounces@example.org", nil); q.Of(k) != "bounces@example.org" || q.Find(path) != nil {
		t.Error("without a key letters are named all the same")
	}
	if got := p.Of(outbox.Key{Recipient: "A strange, long id", Wave: "2027"}); got != p.Plain() {
		t.Errorf("path %s", got)
	}
}

func TestConfig(t *testing.T) {
	good := IMAP{Host: "imap.example.org", TLS: "implicit", Username: "u", Password: "p", Mailbox: "INBOX"}
	with := func(change func(*IMAP)) IMAP {
		c := good
		change(&c)
		return c
	}
	for name, test := range map[string]struct {
		config Config
		path   string
		field  string
	}{
		"nothing":           {Defaults(), "", ""},
		"names":             {Config{Verp: true}, "bounces@example.org", ""},
		"no return path":    {Config{Verp: true}, "", "verp"},
		"with an extension": {Config{Verp: true}, "bounces+x@example.org", "verp"},
		"too long":          {Config{Verp: true}, "a-very-long-local-part-of-an-address@example.org", "verp"},
		"a listener":        {Config{Listen: "127.0.0.1:2525"}, "bounces@example.org", ""},
		"LMTP":              {Config{Listen: "lmtp:127.0.0.1:2424"}, "bounces@example.org", ""},
		"no port":           {Config{Listen: "127.0.0.1"}, "bounces@example.org", "listen"},
		"a mailbox":         {Config{IMAP: good}, "", ""},
		"a clear password":  {Config{IMAP: with(func(c *IMAP) { c.TLS = "none" })}, "", "imap.tls"},
		"an odd tls":        {Config{IMAP: with(func(c *IMAP) { c.TLS = "yes" })}, "", "imap.tls"},
		"no user":           {Config{IMAP: with(func(c *IMAP) { c.Username = "" })}, "", "imap.username"},
		"no password":       {Config{IMAP: with(func(c *IMAP) { c.Password = "" })}, "", "imap.password"},
		"two passwords":     {Config{IMAP: with(func(c *IMAP) { c.PasswordFile = "f" })}, "", "imap.password_file"},
		"moved to itself":   {Config{IMAP: with(func(c *IMAP) { c.Processed = "INBOX" })}, "", "imap.mailbox"},
		"a wrong port":      {Config{IMAP: with(func(c *IMAP) { c.Port = -1 })}, "", "imap.port"},
	} {
		list := test.config.Validate(test.path)
		if test.field == "" && len(list) > 0 || test.field != "" && (len(list) != 1 || list[0].Place.Field != "mail.bounces."+test.field) {
			t.Errorf("%s: %v", name, list)
		}
	}
	if a, b := good.Addr(), (IMAP{Host: "h", TLS: "starttls"}).Addr(); a != "imap.example.org:993" || b != "h:143" {
		t.Errorf("%s, %s", a, b)
	}
}
