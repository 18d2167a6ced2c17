package mailer

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/emersion/go-msgauth/dkim"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
)

// DKIM is the [mail.dkim] table: the keys that letters are signed with (RFC 6376, RFC 8463).
// Without a key file letters are not signed here.
type DKIM struct {
	Domain          string `toml:"domain"` // empty: the sender's
	Selector        string `toml:"selector"`
	KeyFile         string `toml:"key_file"` // RSA
	Ed25519Selector string `toml:"ed25519_selector"`
	Ed25519KeyFile  string `toml:"ed25519_key_file"`
}

// Key is a key that letters are signed with, and where receivers look for its public half.
type Key struct {
	Domain, Selector string
	Signer           crypto.Signer
}

// minRSA is what large receivers ask for.
const minRSA = 2048

// signedFields are the fields that a signature covers. Those that stand twice cannot be added a
// second time without breaking it, nor can those that a letter lacks be added.
var signedFields = []string{
	"From", "From", "To", "To", "Subject", "Subject", "Date", "Message-ID", "Reply-To", "In-Reply-To", "References",
	"MIME-Version", "Content-Type", "Content-Language", "Auto-Submitted", "List-Id", "List-Unsubscribe",
	"List-Unsubscribe-Post", "Feedback-ID",
}

func (d DKIM) validate(from string, wrong func(field, key string, args i18n.Args)) {
	for _, pair := range []struct{ file, selector, field string }{
		{d.KeyFile, d.Selector, "dkim.selector"}, {d.Ed25519KeyFile, d.Ed25519Selector, "dkim.ed25519_selector"},
	} {
		if pair.file != "" && !selectorOK(pair.selector) {
			wrong(pair.field, "mailer.dkim_selector", i18n.Args{"value": pair.selector})
		}
	}
	if d.KeyFile == "" && d.Ed25519KeyFile != "" {
		wrong("dkim.key_file", "mailer.dkim_alone", nil)
	}
	if d.KeyFile != "" && d.Ed25519KeyFile != "" && d.Selector == d.Ed25519Selector {
		wrong("dkim.ed25519_selector", "mailer.dkim_same", nil)
	}
	if a, ok := parseAddress(from); ok && d.Domain != "" {
		ours, theirs := "."+d.domain(from), "."+contacts.Domain(a.Address)
		if !strings.HasSuffix(ours, theirs) && !strings.HasSuffix(theirs, ours) {
			wrong("dkim.domain", "mailer.dkim_domain", i18n.Args{"domain": d.Domain, "from": theirs[1:]})
		}
	}
}

// selectorOK tells whether a selector can stand in DNS (RFC 6376, 3.1).
func selectorOK(s string) bool {
	for part := range strings.SplitSeq(s, ".") {
		if part == "" || label(part) != part || len(part) > 63 {
			return false
		}
	}
	return true
}

// domain is the one that signs.
func (d DKIM) domain(from string) string {
	if d.Domain != "" {
		return contacts.Domain("x@" + d.Domain)
	}
	if a, ok := parseAddress(from); ok {
		return contacts.Domain(a.Address)
	}
	return ""
}

// Keys reads the keys that the configuration names. Its error is a fault.List.
func (c Config) Keys() ([]Key, error) {
	var list fault.List
	var keys []Key
	for _, k := range []struct{ field, file, selector string }{
		{"mail.dkim.key_file", c.DKIM.KeyFile, c.DKIM.Selector},
		{"mail.dkim.ed25519_key_file", c.DKIM.Ed25519KeyFile, c.DKIM.Ed25519Selector},
	} {
		if k.file == "" {
			continue
		}
		signer, err := readKey(k.file)
		if err == nil && (k.field == "mail.dkim.key_file") != isRSA(signer) {
			err = fault.New(fault.Invalid, "mailer.key_kind", i18n.Args{"file": k.file})
		}
		if err != nil {
			list = append(list, err.At(fault.Place{Field: k.field}))
			continue
		}
		keys = append(keys, Key{c.DKIM.domain(c.From), k.selector, signer})
	}
	return keys, list.Err()
}

func isRSA(s crypto.Signer) bool {
	_, ok := s.(*rsa.PrivateKey)
	return ok
}

// readKey reads a private key, which only its owner may write and strangers may not read.
func readKey(file string) (crypto.Signer, *fault.Fault) {
	args := i18n.Args{"file": file}
	info, err := os.Stat(file)
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "mailer.key_file", args)
	}
	if info.Mode().Perm()&0o027 != 0 {
		return nil, fault.New(fault.Invalid, "mailer.key_open", args)
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "mailer.key_file", args)
	}
	block, _ := pem.Decode(raw)
	if block == nil {
		return nil, fault.New(fault.Invalid, "mailer.key_broken", args)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	}
	switch key := key.(type) {
	case *rsa.PrivateKey:
		if err != nil {
			break
		}
		if key.N.BitLen() < minRSA {
			return nil, fault.New(fault.Invalid, "mailer.key_short", i18n.Args{"file": file, "bits": key.N.BitLen(), "min": minRSA})
		}
		return key, nil
	case ed25519.PrivateKey:
		return key, nil
	}
	return nil, fault.Wrap(err, fault.Invalid, "mailer.key_broken", args)
}

// NewKeys makes a key of either kind, each as PEM.
func NewKeys() (rsaPEM, ed25519PEM []byte, err error) {
	r, err := rsa.GenerateKey(nil, minRSA) // the system's own chance, as below
	if err != nil {
		return nil, nil, fmt.Errorf("mailer: make an RSA key: %w", err)
	}
	_, e, err := ed25519.GenerateKey(nil)
	if err != nil {
		return nil, nil, fmt.Errorf("mailer: make an Ed25519 key: %w", err)
	}
	rsaDER, rsaErr := x509.MarshalPKCS8PrivateKey(r)
	edDER, edErr := x509.MarshalPKCS8PrivateKey(e)
	if err := errors.Join(rsaErr, edErr); err != nil {
		return nil, nil, fmt.Errorf("mailer: write a key: %w", err)
	}
	block := func(der []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}) }
	return block(rsaDER), block(edDER), nil
}

// sign puts a signature by each key on top of a letter. Each covers the letter alone, so that
// receivers that know one kind of key need not know the other. It says when it was signed, by the
// system's clock.
func sign(keys []Key, letter []byte) ([]byte, error) {
	if len(keys) == 0 {
		return letter, nil
	}
	var signatures strings.Builder
	for _, key := range keys {
		s, err := dkim.NewSigner(&dkim.SignOptions{
			Domain: key.Domain, Selector: key.Selector, Signer: key.Signer, HeaderKeys: signedFields,
			HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
		})
		if err != nil {
			return nil, fmt.Errorf("mailer: sign a letter: %w", err)
		}
		_, err = s.Write(letter)
		if err := errors.Join(err, s.Close()); err != nil {
			return nil, fmt.Errorf("mailer: sign a letter: %w", err)
		}
		signatures.WriteString(s.Signature())
	}
	return append([]byte(signatures.String()), letter...), nil
}
