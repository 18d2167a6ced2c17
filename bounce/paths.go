package bounce

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"regexp"
	"strings"

	"viesti/outbox"
)

// Paths are the return paths of letters: variable ones (Bernstein's VERP) that name the letter, so
// that whatever comes back says what it is about, however it is worded.
//
//	bounces+5f2c09aa17be4410-k7e3x2m4q5p2nvba@example.org
//
// The name is the recipient's id and a MAC over recipient, wave and kind. It holds no address,
// survives servers that change the case, and cannot be made up: who wants to silence somebody
// needs a letter to them.
type Paths struct {
	local, host string
	key         []byte // nil: one path for all
	named       *regexp.Regexp
}

const (
	macSize  = 10 // bytes: 80 bits, 16 letters
	maxLocal = 64 // octets (RFC 5321, 4.5.3.1.1)
	longest  = 24 // of a recipient's id that goes into a path
)

var encoding = base32.StdEncoding.WithPadding(base32.NoPadding)

// NewPaths makes return paths of the configured one. With a nil key all letters have that one.
func NewPaths(returnPath string, key []byte) *Paths {
	local, host, _ := strings.Cut(returnPath, "@")
	return &Paths{
		local: local, host: host, key: key,
		named: regexp.MustCompile(`(?i)(?:^|[^a-z0-9])` + regexp.QuoteMeta(local) + `\+([a-z0-9]{1,24})-([a-z2-7]{16})(?:[^a-z0-9]|$)`),
	}
}

// takesExtension tells whether a local part has room for the name of a letter.
func takesExtension(local string) bool {
	return !strings.ContainsAny(local, `+"`) && len(local)+len("+-")+longest+16 <= maxLocal
}

// Plain is the return path that names no letter.
func (p *Paths) Plain() string { return p.local + "@" + p.host }

// Of is the return path of a letter.
func (p *Paths) Of(k outbox.Key) string {
	if p.key == nil || !plainID.MatchString(k.Recipient) {
		return p.Plain()
	}
	return p.local + "+" + k.Recipient + "-" + p.mac(k) + "@" + p.host
}

// plainID is an id that can stand in an address in any case. Others cannot be named: a letter's
// return path is then the plain one.
var plainID = regexp.MustCompile(`^[a-z0-9]{1,24}$`)

func (p *Paths) mac(k outbox.Key) string {
	mac := hmac.New(sha256.New, p.key)
	mac.Write([]byte(k.Recipient + "\x00" + k.Wave + "\x00" + string(k.Kind)))
	return strings.ToLower(encoding.EncodeToString(mac.Sum(nil)[:macSize]))
}

// Name is the name of a letter found in an address or a text. Whether it is genuine has still to
// be seen (Paths.Names).
type Name struct {
	Recipient string
	mac       string
}

// maxNames bounds how many different names a text is asked for: ours has one.
const maxNames = 8

// Find finds names of letters in a text.
func (p *Paths) Find(text string) (names []Name) {
	if p.key == nil {
		return nil
	}
	seen := map[Name]bool{}
	for len(names) < maxNames {
		at := p.named.FindStringSubmatchIndex(text)
		if at == nil {
			break
		}
		n := Name{strings.ToLower(text[at[2]:at[3]]), strings.ToLower(text[at[4]:at[5]])}
		if !seen[n] {
			seen[n] = true
			names = append(names, n)
		}
		text = text[at[5]:]
	}
	return names
}

// Names tells whether a name is that of a letter.
func (p *Paths) Names(n Name, k outbox.Key) bool {
	return p.key != nil && n.Recipient == k.Recipient && hmac.Equal([]byte(n.mac), []byte(p.mac(k)))
}

// Takes tells whether mail to an address is ours to read: the return path, or one that looks like
// the path of a letter.
func (p *Paths) Takes(address string) bool {
	at := strings.LastIndexByte(address, '@')
	if at < 0 || !strings.EqualFold(address[at+1:], p.host) {
		return false
	}
	return strings.EqualFold(address[:at], p.local) || len(p.Find(address)) == 1
}
