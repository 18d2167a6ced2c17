// Package domain is what DNS has to say of a sender's domain, so that receivers believe its
// letters: the records to set (SPF, DKIM, DMARC, MX) and whether they are set, with reverse names
// and alignment.
//
// It sends nothing and signs nothing (mailer). It asks DNS alone, through a Resolver, and judges
// no provider: what only a relay's keeper can know is a note and no fault.
package domain

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"net/netip"
	"strings"

	"viesti/i18n"
)

// Setup is how letters leave.
type Setup struct {
	From       string // domain of the sender's address
	ReturnPath string // domain that bounces go to
	Relay      string // host of the relay
	Local      bool   // the relay is on this machine and sends from its address
	Host       string // this machine's name, which is that of the survey's pages
	Clear      bool   // letters go to the relay unencrypted, over a network
	PlainWeb   bool   // links begin with http, on a network
	Keys       []Key
	// Sample is a letter as it leaves, signed by each key in turn.
	Sample []byte
}

// Key is where the public half of a key is published.
type Key struct {
	Domain, Selector string
	Public           crypto.PublicKey
}

// Name is the key's name in DNS (RFC 6376, 3.6.2.1).
func (k Key) Name() string { return k.Selector + "._domainkey." + k.Domain }

// record is the key's record; empty for a kind of key that DKIM does not know.
func (k Key) record() string {
	switch public := k.Public.(type) {
	case *rsa.PublicKey:
		der, err := x509.MarshalPKIXPublicKey(public)
		if err != nil {
			return ""
		}
		return "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(der)
	case ed25519.PublicKey:
		return "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)
	default:
		return ""
	}
}

// sending is the host whose addresses letters leave from, as far as that can be known here.
func (s Setup) sending() string {
	if s.Local {
		return s.Host
	}
	return s.Relay
}

// spf lets the sending host send; a relay may be configured by its address.
func (s Setup) spf() string {
	mechanism := "a:" + s.sending()
	if ip, err := netip.ParseAddr(s.sending()); err == nil {
		mechanism = "ip6:" + ip.String()
		if ip.Is4() {
			mechanism = "ip4:" + ip.String()
		}
	}
	return "v=spf1 " + mechanism + " ~all"
}

// mx is the record that sends bounces to the sending host. It has to name one (RFC 5321, 5.1): where
// only an address is known, a likely name stands for it.
func (s Setup) mx(l i18n.Lang) Record {
	host, note := s.sending(), i18n.T(l, "domain.set_mx", i18n.Args{"domain": s.ReturnPath})
	if _, err := netip.ParseAddr(host); err == nil {
		host = "mail." + s.ReturnPath
		note += " " + i18n.T(l, "domain.set_mx_name", i18n.Args{"host": host})
	}
	return Record{s.ReturnPath, "MX", "10 " + host + ".", note}
}

// Record is a record to be set in DNS, or with an empty Type a piece of advice.
type Record struct {
	Name  string `json:"name,omitempty"`
	Type  string `json:"type,omitempty"`
	Value string `json:"value,omitempty"`
	Note  string `json:"note"` // for people: what it is for and what to mind
}

// Records are the records to set, explained in a language.
func (s Setup) Records(l i18n.Lang) []Record {
	say := func(key string, args i18n.Args) string { return i18n.T(l, key, args) }
	list := []Record{{
		s.ReturnPath, "TXT", s.spf(), say("domain.set_spf", i18n.Args{"domain": s.ReturnPath}),
	}}
	for _, k := range s.Keys {
		list = append(list, Record{k.Name(), "TXT", k.record(), say("domain.set_dkim", nil)})
	}
	if len(s.Keys) == 0 {
		list = append(list, Record{Note: say("domain.set_no_dkim", nil)})
	}
	return append(list,
		Record{"_dmarc." + s.From, "TXT", "v=DMARC1; p=none; rua=mailto:postmaster@" + s.From, say("domain.set_dmarc", nil)},
		s.mx(l),
		Record{Note: say("domain.set_ptr", i18n.Args{"host": s.sending()})},
	)
}

// maxText is how much of a TXT record one of its strings can hold (RFC 1035, 3.3).
const maxText = 255

// Line is the record as a line of a zone file (RFC 1035, 5); empty for advice.
func (r Record) Line() string {
	if r.Type == "" {
		return ""
	}
	value := r.Value
	if r.Type == "TXT" {
		var parts []string
		for rest := r.Value; rest != ""; {
			n := min(maxText, len(rest))
			parts = append(parts, `"`+rest[:n]+`"`)
			rest = rest[n:]
		}
		value = strings.Join(parts, " ")
	}
	return r.Name + ". IN " + r.Type + " " + value
}
