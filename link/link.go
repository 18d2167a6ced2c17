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

	"viesti/internal/code"
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
	Place   string  `json:"place,omitempty"`  // the Slack channel it was made for; empty: none in particular
}

// Key is what a link is for; there is one link for each key.
type Key struct {
	Network string
	Channel Channel
	Parent  string
	Place   string
}

// Key is what the link is for.
func (l Link) Key() Key { return Key{l.Network, l.Channel, l.Parent, l.Place} }

// NewToken draws a token of 64 bits from a cryptographic source.
func NewToken(rand io.Reader) (string, error) { return code.Draw(rand, code.Length) }

// Parse reads a token as people copy it; ok is false when no token of ours can look so.
func Parse(s string) (token string, ok bool) { return code.Parse(s, code.Length) }

// ErrNoLink is what a store says of a token that is not there.
var ErrNoLink = errors.New("link: no such link")

// Store keeps links.
type Store interface {
	// PutLinks puts links whose Key has none yet and gives, in the same order, those that
	// are there now.
	PutLinks(ctx context.Context, links []Link) ([]Link, error)
	// Link finds a link by its token: ErrNoLink.
	Link(ctx context.Context, token string) (Link, error)
	// LinkFor finds the link for a key: ErrNoLink.
	LinkFor(ctx context.Context, key Key) (Link, error)
	// Links are all links.
	Links(ctx context.Context) ([]Link, error)
}
