package domain

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"errors"
	"net"
	"slices"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"

	"viesti/i18n"
	"viesti/internal/fault"
)

// zone is a DNS of its own: "NAME TYPE" to values. A value "!" has no answer.
type zone map[string][]string

var _ Resolver = zone{}

func (z zone) look(kind, name string) ([]string, error) {
	name = strings.TrimSuffix(name, ".")
	values := z[name+" "+kind]
	switch {
	case len(values) == 0:
		return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	case values[0] == "!":
		return nil, &net.DNSError{Err: "i/o timeout", Name: name, IsTimeout: true, IsTemporary: true}
	}
	return values, nil
}

func (z zone) LookupTXT(_ context.Context, name string) ([]string, error) { return z.look("TXT", name) }

func (z zone) LookupMX(_ context.Context, name string) ([]*net.MX, error) {
	values, err := z.look("MX", name)
	var list []*net.MX
	for _, v := range values {
		list = append(list, &net.MX{Host: v})
	}
	return list, err
}

func (z zone) LookupIPAddr(_ context.Context, name string) ([]net.IPAddr, error) {
	values, err := z.look("A", name)
	var list []net.IPAddr
	for _, v := range values {
		list = append(list, net.IPAddr{IP: net.ParseIP(v)})
	}
	return list, err
}

func (z zone) LookupAddr(_ context.Context, name string) ([]string, error) {
	return z.look("PTR", name)
}

// signers are made once: an RSA key takes a while.
var signers = func() []crypto.Signer {
	r, err := rsa.GenerateKey(nil, 2048)
	if err != nil {
		panic(err)
	}
	_, e, err := ed25519.GenerateKey(nil)
	if err != nil {
		panic(err)
	}
	return []crypto.Signer{r, e}
}()

const letter = "From: a@survey.example.org\r\nSubject: x\r\n\r\nx\r\n"

// setup is a relay of a provider, with letters signed by both keys.
func setup(t *testing.T) Setup {
	t.Helper()
	s := Setup{From: "survey.example.org", ReturnPath: "survey.example.org", Relay: "relay.example.net", Host: "pages.example.org"}
	var fields string
	for i, selector := range []string{"r", "e"} {
		s.Keys = append(s.Keys, Key{"example.org", selector, signers[i].Public()})
		var b bytes.Buffer
		if err := dkim.Sign(&b, strings.NewReader(letter), &dkim.SignOptions{Domain: "example.org", Selector: selector, Signer: signers[i]}); err != nil {
			t.Fatal(err)
		}
		fields += strings.TrimSuffix(b.String(), letter)
	}
	s.Sample = []byte(fields + letter)
	return s
}

// right is DNS as it should be.
func right(s Setup) zone {
	z := zone{
		"survey.example.org TXT": {"hello", "v=spf1 include:example.net -all"}, "example.net TXT": {"v=spf1 ip4:203.0.113.9 -all"},
		"_dmarc.example.org TXT": {"v=DMARC1; p=quarantine"}, "survey.example.org MX": {"mx.example.org."},
		"relay.example.net A": {"203.0.113.9"}, "203.0.113.9 PTR": {"relay.example.net."},
	}
	for _, k := range s.Keys {
		z[k.Name()+" TXT"] = []string{k.record()}
	}
	return z
}

func keys(list fault.List) (all []string) {
	for _, f := range list {
		all = append(all, strings.TrimPrefix(f.Key, "domain."))
		for _, lang := range i18n.Langs {
			if f.Say(lang) == "" || strings.ContainsAny(f.Say(lang), "{}") {
				panic(f.Say(lang))
			}
		}
	}
	return all
}

func TestCheck(t *testing.T) {
	for name, test := range map[string]struct {
		change        func(s *Setup, z zone)
		faults, notes []string
	}{
		"right":           {func(*Setup, zone) {}, nil, nil},
		"nothing set":     {func(_ *Setup, z zone) { clear(z) }, []string{"spf_missing", "dkim_missing", "dkim_missing", "dmarc_missing", "mx_missing"}, nil},
		"no answers":      {func(_ *Setup, z zone) { silence(z) }, []string{"dns_down"}, nil},
		"two SPF":         {func(_ *Setup, z zone) { z["survey.example.org TXT"] = []string{"v=spf1 -all", "V=SPF1"} }, []string{"spf_many"}, nil},
		"broken SPF":      {func(_ *Setup, z zone) { z["survey.example.org TXT"] = []string{"v=spf1 ipv4:1 -all"} }, []string{"spf_broken"}, nil},
		"another relay":   {func(_ *Setup, z zone) { z["survey.example.org TXT"] = []string{"v=spf1 -all"} }, nil, []string{"spf_relay"}},
		"SPF likeness":    {func(_ *Setup, z zone) { z["survey.example.org TXT"] = []string{"v=spf10 -all"} }, []string{"spf_missing"}, nil},
		"another key":     {func(_ *Setup, z zone) { z["r._domainkey.example.org TXT"] = z["e._domainkey.example.org TXT"] }, []string{"dkim_wrong"}, nil},
		"revoked key":     {func(_ *Setup, z zone) { z["e._domainkey.example.org TXT"] = []string{"v=DKIM1; k=ed25519; p="} }, []string{"dkim_wrong"}, nil},
		"one key missing": {func(_ *Setup, z zone) { delete(z, "e._domainkey.example.org TXT") }, []string{"dkim_missing"}, nil},
		"not signed":      {func(s *Setup, _ zone) { s.Keys = nil }, nil, []string{"dkim_none"}},
		"DMARC broken":    {func(_ *Setup, z zone) { z["_dmarc.survey.example.org TXT"] = []string{"v=DMARC1; p=maybe"} }, []string{"dmarc_broken"}, nil},
		"strict": {func(s *Setup, z zone) {
			s.ReturnPath, z["bounce.test TXT"], z["bounce.test A"] = "bounce.test", []string{"v=spf1 a -all"}, []string{"203.0.113.9"}
			z["_dmarc.survey.example.org TXT"] = []string{"v=DMARC1; p=none; adkim=s"}
		}, []string{"unaligned"}, nil},
		"unaligned, relay may sign": {func(s *Setup, z zone) {
			s.Keys, s.ReturnPath, z["bounce.test TXT"], z["bounce.test A"] = nil, "bounce.test", []string{"v=spf1 a -all"}, []string{"203.0.113.9"}
		}, nil, []string{"dkim_none", "unaligned"}},
		"address instead of MX": {func(_ *Setup, z zone) {
			delete(z, "survey.example.org MX")
			z["survey.example.org A"] = []string{"203.0.113.1"}
		}, nil, nil},
		"null MX":            {func(_ *Setup, z zone) { z["survey.example.org MX"] = []string{"."} }, []string{"mx_missing"}, nil},
		"no reverse name":    {func(_ *Setup, z zone) { delete(z, "203.0.113.9 PTR") }, nil, []string{"ptr"}},
		"one that lies":      {func(_ *Setup, z zone) { z["203.0.113.9 PTR"] = []string{"other.example.net."} }, nil, []string{"ptr"}},
		"relay in the house": {func(_ *Setup, z zone) { z["relay.example.net A"] = []string{"10.0.0.9"} }, nil, nil},
		"relay on the machine": {func(s *Setup, z zone) {
			s.Local, z["pages.example.org A"] = true, []string{"203.0.113.7"}
		}, nil, []string{"spf_relay", "ptr"}},
		"in the clear": {func(s *Setup, _ zone) { s.Clear, s.PlainWeb = true, true }, nil, []string{"clear", "plain_web"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := setup(t)
			z := right(s)
			test.change(&s, z)
			faults, notes := s.Check(t.Context(), z)
			if got := keys(faults); !slices.Equal(got, test.faults) {
				t.Errorf("faults %q, want %q", got, test.faults)
			}
			if got := keys(notes); !slices.Equal(got, test.notes) {
				t.Errorf("notes %q, want %q", got, test.notes)
			}
		})
	}
}

func silence(z zone) {
	for name := range z {
		z[name] = []string{"!"}
	}
	z["_dmarc.survey.example.org TXT"] = []string{"!"}
}

// What is printed is what the check asks for.
func TestRecordsSatisfyCheck(t *testing.T) {
	s := setup(t)
	z := zone{"relay.example.net A": {"203.0.113.9"}, "203.0.113.9 PTR": {"relay.example.net."}}
	for _, lang := range i18n.Langs {
		for _, r := range s.Records(lang) {
			if r.Note == "" {
				t.Errorf("%+v has no note", r)
			}
			if r.Type != "" {
				z[r.Name+" "+r.Type] = []string{r.Value}
			}
		}
	}
	faults, notes := s.Check(t.Context(), z)
	if len(faults)+len(notes) > 0 {
		t.Errorf("%v %v", faults, notes)
	}
	for _, r := range s.Records(i18n.En) {
		for part := range strings.SplitSeq(r.Line(), `"`) {
			if len(part) > maxText {
				t.Errorf("a string of %d characters: %s", len(part), r.Line())
			}
		}
		if r.Type == "TXT" && strings.ReplaceAll(r.Line(), `" "`, "") != r.Name+`. IN TXT "`+r.Value+`"` {
			t.Errorf("line %s", r.Line())
		}
	}
	s.Keys = nil
	if !slices.ContainsFunc(s.Records(i18n.Fi), func(r Record) bool { return r.Type == "" && strings.Contains(r.Note, "keygen") }) {
		t.Error("nothing is said of letters that are not signed")
	}
}

// A relay that is configured by its address makes no record that DNS cannot hold.
func TestRelayByAddress(t *testing.T) {
	for address, want := range map[string]string{"203.0.113.9": "v=spf1 ip4:203.0.113.9 ~all", "2001:db8::9": "v=spf1 ip6:2001:db8::9 ~all"} {
		s := setup(t)
		s.Relay = address
		list := s.Records(i18n.En)
		if list[0].Value != want {
			t.Errorf("SPF %q, want %q", list[0].Value, want)
		}
		for _, r := range list[1:] {
			if strings.Contains(r.Line(), address) {
				t.Errorf("an address where a name has to be: %s", r.Line())
			}
		}
	}
}

func TestUnknownKey(t *testing.T) {
	if got := (Key{Public: errors.New("none")}).record(); got != "" {
		t.Errorf("record %q", got)
	}
}
