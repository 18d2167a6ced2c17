package mailer

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-msgauth/dkim"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/internal/smtptest"
	"viesti/outbox"
)

// made are keys of both kinds, made once: an RSA key takes a while.
var made = sync.OnceValues(func() (keys [2][]byte, err error) {
	keys[0], keys[1], err = NewKeys()
	return keys, err
})

// signing is a configuration with keys of both kinds.
func signing(t testing.TB) Config {
	t.Helper()
	dir := t.TempDir()
	keys, err := made()
	if err != nil {
		t.Fatal(err)
	}
	c := testConfig()
	c.DKIM = DKIM{
		Selector: "s2027", KeyFile: filepath.Join(dir, "rsa.pem"),
		Ed25519Selector: "e2027", Ed25519KeyFile: filepath.Join(dir, "ed25519.pem"),
	}
	for name, raw := range map[string][]byte{c.DKIM.KeyFile: keys[0], c.DKIM.Ed25519KeyFile: keys[1]} {
		if err := os.WriteFile(name, raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func signer(t testing.TB, c Config) *Composer {
	t.Helper()
	composer, err := NewComposer(testFacts(), c)
	if err != nil {
		t.Fatal(err)
	}
	return composer
}

// published is what DNS says of the keys.
func published(t testing.TB, c *Composer) map[string]string {
	t.Helper()
	zone := map[string]string{}
	for _, key := range c.keys {
		name := key.Selector + "._domainkey." + key.Domain
		switch public := key.Signer.Public().(type) {
		case *rsa.PublicKey:
			der, err := x509.MarshalPKIXPublicKey(public)
			if err != nil {
				t.Fatal(err)
			}
			zone[name] = "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(der)
		case ed25519.PublicKey:
			zone[name] = "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)
		}
	}
	return zone
}

// verify gives the domains whose signatures hold.
func verify(t testing.TB, zone map[string]string, letter []byte) (good, bad int) {
	t.Helper()
	all, err := dkim.VerifyWithOptions(bytes.NewReader(letter), &dkim.VerifyOptions{
		LookupTXT: func(name string) ([]string, error) { return []string{zone[name]}, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range all {
		if v.Err == nil && v.Domain == "example.org" {
			good++
		} else {
			bad++
		}
	}
	return good, bad
}

func TestSignatures(t *testing.T) {
	c := signer(t, signing(t))
	zone := published(t, c)
	for _, lang := range i18n.Langs {
		for _, kind := range kinds {
			d := delivery(lang, kind)
			d.Contact.Name, d.Follows = strings.Repeat("Ääkkönen, \"x\" ", 20), "<first@example.org>"
			letter, err := c.Compose(t.Context(), d, now)
			if err != nil {
				t.Fatal(err)
			}
			if good, bad := verify(t, zone, letter); good != 2 || bad != 0 {
				t.Errorf("%s/%s: %d signatures hold, %d do not\n%s", kind, lang, good, bad, letter)
			}
		}
	}
}

// Whatever matters to the reader or to one-click breaks both signatures when it is changed, or is
// added a second time.
func TestSignaturesCover(t *testing.T) {
	c := signer(t, signing(t))
	zone := published(t, c)
	letter, err := c.Compose(t.Context(), delivery(i18n.En, outbox.Invitation), now)
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range []string{
		"From: evil@example.com", "To: evil@example.com", "Subject: evil", "In-Reply-To: <evil@example.com>",
	} {
		if good, _ := verify(t, zone, append([]byte(field+"\r\n"), letter...)); good != 0 {
			t.Errorf("%q can be added", field)
		}
	}
	head, body, _ := bytes.Cut(letter, []byte("\r\n\r\n"))
	for _, field := range []string{
		"From", "To", "Subject", "Date", "Message-ID", "Reply-To", "Content-Type", "Content-Language", "Auto-Submitted",
		"List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID", "MIME-Version",
	} {
		changed := bytes.Replace(head, []byte("\r\n"+field+": "), []byte("\r\n"+field+": x"), 1)
		if bytes.Equal(changed, head) {
			t.Errorf("no field %s", field)
		}
		if good, _ := verify(t, zone, slices.Concat(changed, []byte("\r\n\r\n"), body)); good != 0 {
			t.Errorf("%s can be changed", field)
		}
	}
	if good, _ := verify(t, zone, append(slices.Clone(letter), "x"...)); good != 0 {
		t.Error("the body can be changed")
	}
}

// dkimpy, which Debian has as python3-dkim, checks the signatures by other code than go-msgauth's.
const dkimpy = `
import sys, dkim
zone = dict(l.split("\t", 1) for l in open(sys.argv[1]).read().splitlines())
msg = open(sys.argv[2], "rb").read()
d = dkim.DKIM(msg)
for i in range(2):
    ok = d.verify(idx=i, dnsfunc=lambda name, timeout=5: zone[name.decode().rstrip(".")].encode())
    print(d.domain.decode(), d.selector.decode(), ok)
`

func TestSignaturesForDkimpy(t *testing.T) {
	const python = "/usr/bin/python3" // Debian's, which has Debian's modules
	if exec.Command(python, "-c", "import dkim, nacl").Run() != nil {
		t.Skip("python3-dkim and python3-nacl are not installed; make setup does it")
	}
	c := signer(t, signing(t))
	dir := t.TempDir()
	var zone strings.Builder
	for name, record := range published(t, c) {
		fmt.Fprintf(&zone, "%s\t%s\n", name, record)
	}
	letter, err := c.Compose(t.Context(), delivery(i18n.Sv, outbox.Reminder(2)), now)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{"zone": zone.String(), "letter": string(letter), "verify.py": dkimpy} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(python, "verify.py", "zone", "letter")
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if want := "example.org s2027 True\nexample.org e2027 True\n"; err != nil || string(out) != want {
		t.Errorf("%v\n%s\nwant\n%s", err, out, want)
	}
}

// Letters reach the relay signed, also those beside a wave.
func TestSignedOnTheWire(t *testing.T) {
	relay := smtptest.New(t)
	carrier := newCarrier(t, relay)
	carrier.Composer = signer(t, signing(t))
	s := carrier.Sender()
	if got := s.Send(t.Context(), letterTo(1), outbox.OpenGate); got.State != outbox.Sent {
		t.Fatalf("outcome %+v", got)
	}
	_ = s.Close()
	if err := carrier.Test(t.Context(), delivery(i18n.Fi, outbox.Test)); err != nil {
		t.Fatal(err)
	}
	if err := carrier.Notify(t.Context(), Notice{To: "a@example.org", Lang: i18n.Fi, Subject: "x", Text: ".dot\n"}, "id"); err != nil {
		t.Fatal(err)
	}
	zone := published(t, carrier.Composer)
	for i, l := range relay.Letters() {
		if good, bad := verify(t, zone, l.Data); good != 2 || bad != 0 {
			t.Errorf("letter %d: %d signatures hold, %d do not", i, good, bad)
		}
	}
}

func TestDKIMValidate(t *testing.T) {
	for name, test := range map[string]struct {
		dkim   DKIM
		fields []string
	}{
		"off":            {DKIM{Selector: "s"}, nil},
		"rsa":            {DKIM{Selector: "s", KeyFile: "f"}, nil},
		"both":           {DKIM{Selector: "s", KeyFile: "f", Ed25519Selector: "e", Ed25519KeyFile: "g"}, nil},
		"no selector":    {DKIM{KeyFile: "f"}, []string{"mail.dkim.selector"}},
		"odd selector":   {DKIM{Selector: "a b", KeyFile: "f"}, []string{"mail.dkim.selector"}},
		"dotted":         {DKIM{Selector: "a.b", KeyFile: "f"}, nil},
		"ed25519 alone":  {DKIM{Ed25519Selector: "e", Ed25519KeyFile: "f"}, []string{"mail.dkim.key_file"}},
		"same selector":  {DKIM{Selector: "s", KeyFile: "f", Ed25519Selector: "s", Ed25519KeyFile: "g"}, []string{"mail.dkim.ed25519_selector"}},
		"another domain": {DKIM{Domain: "example.com", Selector: "s", KeyFile: "f"}, []string{"mail.dkim.domain"}},
		"likeness":       {DKIM{Domain: "notexample.org", Selector: "s", KeyFile: "f"}, []string{"mail.dkim.domain"}},
		"subdomain":      {DKIM{Domain: "mail.Example.org", Selector: "s", KeyFile: "f"}, nil},
	} {
		c := testConfig()
		c.DKIM = test.dkim
		var got []string
		for _, f := range c.Validate() {
			got = append(got, f.Place.Field)
		}
		if !slices.Equal(got, test.fields) {
			t.Errorf("%s: faults at %q, want %q", name, got, test.fields)
		}
	}
}

func TestKeyFiles(t *testing.T) {
	good := signing(t)
	raw, err := os.ReadFile(good.DKIM.KeyFile)
	if err != nil {
		t.Fatal(err)
	}
	short, err := rsa.GenerateKey(nil, 1024)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(raw)
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	old := func(key any) []byte {
		return pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key.(*rsa.PrivateKey))})
	}
	for name, test := range map[string]struct {
		raw  []byte
		mode os.FileMode
		key  string
	}{
		"right":        {raw, 0o600, ""},
		"for a group":  {raw, 0o640, ""},
		"PKCS1":        {old(key), 0o400, ""},
		"open":         {raw, 0o644, "mailer.key_open"},
		"writable":     {raw, 0o660, "mailer.key_open"},
		"short":        {old(short), 0o600, "mailer.key_short"},
		"empty":        {nil, 0o600, "mailer.key_broken"},
		"binary":       {[]byte("\x00\xff"), 0o600, "mailer.key_broken"},
		"public":       {bytes.ReplaceAll(raw, []byte("PRIVATE"), []byte("PUBLIC"))[:100], 0o600, "mailer.key_broken"},
		"other PEM":    {pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("x")}), 0o600, "mailer.key_broken"},
		"another kind": {nil, 0, "mailer.key_kind"},
		"none":         {nil, 1, "mailer.key_file"},
	} {
		c := good
		c.DKIM.KeyFile = filepath.Join(t.TempDir(), "key")
		switch test.mode {
		case 0:
			c.DKIM.KeyFile = good.DKIM.Ed25519KeyFile
		case 1:
		default:
			if err := errors.Join(os.WriteFile(c.DKIM.KeyFile, test.raw, 0o600), os.Chmod(c.DKIM.KeyFile, test.mode)); err != nil {
				t.Fatal(err)
			}
		}
		_, err := NewComposer(testFacts(), c)
		f := fault.Of(err)
		if f == nil {
			f = &fault.Fault{}
		}
		if f.Key != test.key || f.Key != "" && f.Place.Field != "mail.dkim.key_file" {
			t.Errorf("%s: %+v, want %s", name, f, test.key)
		}
	}
}

func BenchmarkSign(b *testing.B) {
	both := signing(b)
	alone := both
	alone.DKIM.Ed25519KeyFile = ""
	for name, c := range map[string]Config{"rsa": alone, "rsa+ed25519": both} {
		b.Run(name, func(b *testing.B) {
			composer := signer(b, c)
			d := delivery(i18n.Fi, outbox.Invitation)
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if _, err := composer.Compose(b.Context(), d, now); err != nil {
						b.Error(err)
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "letters/s")
		})
	}
}
