// Package link is the tracking links of networks: their tokens, addresses and QR codes.
//
// A link belongs to a network and a channel, never to a person: whoever opens it begins an
// answer of their own, and forwarding it is wanted. The personal opt-out link is no business of
// this room.
package link

import (
	"context"
	"errors"
	"io"
	"strings"
	"unicode"
)

// Channel is the way a link reaches people.
type Channel string

// The channels.
const (
	Mail   Channel = "mail"
	Slack  Channel = "slack"
	Poster Channel = "poster"
	Web    Channel = "web"
	Onward Channel = "onward" // passed on by someone who came through another link
)

// Channels are all channels, in the order in which figures show them.
var Channels = []Channel{Mail, Slack, Poster, Web, Onward}

// ParseChannel reads a channel's name; ok is false when there is none of that name.
func ParseChannel(s string) (c Channel, ok bool) {
	for _, c := range Channels {
		if strings.EqualFold(strings.TrimSpace(s), string(c)) {
			return c, true
		}
	}
	return "", false
}

// Link is one tracking link.
type Link struct {
	Token   string  `json:"token"`
	Network string  `json:"network"`
	Channel Channel `json:"channel"`
	Parent  string  `json:"parent,omitempty"` // the token of the link this one was made from
}

// Key is what a link is for; there is one link for each key.
type Key struct {
	Network string
	Channel Channel
	Parent  string
}

// Key is what the link is for.
func (l Link) Key() Key { return Key{l.Network, l.Channel, l.Parent} }

// alphabet has no two characters that are mistaken for one another in print: no 0 and o, no 1, i
// and l. Its 31 characters give 4.95 bits each, 13 of them 64.
const (
	alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
	length   = 13
)

// NewToken draws a token from a cryptographic source.
func NewToken(rand io.Reader) (string, error) {
	token := make([]byte, 0, length)
	var b [1]byte
	for len(token) < length {
		if _, err := io.ReadFull(rand, b[:]); err != nil {
			return "", err
		}
		if int(b[0]) < 256/len(alphabet)*len(alphabet) { // every character equally likely
			token = append(token, alphabet[int(b[0])%len(alphabet)])
		}
	}
	return string(token), nil
}

// Parse reads a token as people copy it: capitals, blanks and what a mail program put around it
// are forgiven. ok is false when no token of ours can look so.
func Parse(s string) (token string, ok bool) {
	s = strings.TrimFunc(strings.ToLower(s), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsPunct(r) || strings.ContainsRune("<>\u00a0\u200b", r)
	})
	if len(s) != length {
		return "", false
	}
	for i := range len(s) {
		if strings.IndexByte(alphabet, s[i]) < 0 {
			return "", false
		}
	}
	return s, true
}

// ErrNoLink is what a store says of a token that is not there.
var ErrNoLink = errors.New("link: no such link")

// Store keeps links.
type Store interface {
	// PutLinks puts links whose Key has none yet and gives, in the same order, those that
	// are there now.
	PutLinks(ctx context.Context, links []Link) ([]Link, error)
	// Link finds a link by its token: ErrNoLink.
	Link(ctx context.Context, token string) (Link, error)
	// Links are all links.
	Links(ctx context.Context) ([]Link, error)
}
