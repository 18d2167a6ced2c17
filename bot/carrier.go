package bot

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"viesti/contacts"
	"viesti/outbox"
)

// Carrier posts to channels and to people. It can be asked what became of a post.
type Carrier struct{ bot *Bot }

var (
	_ outbox.Carrier = (*Carrier)(nil)
	_ outbox.Router  = (*Carrier)(nil)
	_ outbox.Looker  = (*Carrier)(nil)
	_ outbox.Prober  = (*Carrier)(nil)
)

// Carrier is the way for the outbox to send by Slack.
func (b *Bot) Carrier() *Carrier { return &Carrier{b} }

// Slack allows a channel about one post a second, a workspace "several hundred" a minute, and 50
// look-ups a minute.
const (
	connections  = 4
	perMinute    = 240
	channelSpace = 1100 * time.Millisecond
	lookupSpace  = 1220 * time.Millisecond
)

// Connections is how many posts are under way at a time.
func (c *Carrier) Connections() int { return connections }

// PerMinute bounds all posts together.
func (c *Carrier) PerMinute() int { return perMinute }

// Route is the channel a post goes to. Somebody gets one direct message at a time, which need not
// keep a distance; those whose account must be looked up first share the pace of that.
func (c *Carrier) Route(m outbox.Message, who contacts.Known, n contacts.Network) (outbox.Route, bool) {
	if p, ok := m.Place(); ok {
		return outbox.Route{Name: cmp.Or(p.To, n.SlackChannel), Every: channelSpace}, true
	}
	switch {
	case !c.bot.config.DirectMessages || who.Standing.NoSlack:
		return outbox.Route{}, false
	case who.SlackUser != "":
		return outbox.Route{}, true
	}
	return outbox.Route{Name: methodLookup, Every: lookupSpace}, c.bot.config.Lookup && who.AskSlack(c.bot.now())
}

// Probe asks Slack whether the installation works again.
func (c *Carrier) Probe(ctx context.Context) outbox.Outcome {
	err := c.bot.port.alive(ctx)
	if err == nil {
		return outbox.Outcome{State: outbox.Sent}
	}
	out := outcomeOf(err)
	out.State, out.Hold = outbox.Retrying, true
	return out
}

// outcomeOf is what a call that failed means for the message it was made for.
func outcomeOf(err error) outbox.Outcome {
	var r *refusal
	if errors.As(err, &r) {
		return r.outcome
	}
	return outbox.Outcome{State: outbox.Retrying, Reply: outbox.Reply{Class: outbox.Transient, Code: "no_answer"}}
}

// Sender posts one message at a time.
func (c *Carrier) Sender() outbox.Sender { return sender{c.bot} }

// relay is where posts go, as status names it.
const relay = "slack"

type sender struct{ bot *Bot }

func (s sender) Close() error { return nil }

// Send posts to a channel or a person. When Slack refuses in a way that can be mended here and
// now, the post goes again; after any doubt it does not.
func (s sender) Send(ctx context.Context, d outbox.Delivery, gate outbox.Gate) outbox.Outcome {
	_, toPlace := d.Place()
	if !toPlace && d.Contact.SlackUser == "" {
		if out := s.lookUp(ctx, &d); out.State != "" {
			return out
		}
	}
	if d.SlackID() == "" {
		return outbox.Outcome{State: outbox.Failed, Reply: outbox.Reply{Class: outbox.Destination, Code: "no_channel"}}
	}
	if out, gone := s.bot.gone(ctx); gone {
		return out
	}
	p, err := s.bot.write(ctx, d)
	if err != nil {
		s.bot.log.Error("slack post cannot be written", "network", d.Network.ID, "kind", d.Kind, "err", err)
		return outbox.Outcome{State: outbox.Retrying, Reply: outbox.Reply{Class: outbox.Transient, Code: "not_written"}}
	}
	if err := gate.Pass(ctx, relay); err != nil {
		return outbox.Outcome{State: outbox.Retrying, Reply: outbox.Reply{Class: outbox.Transient}}
	}
	out := s.bot.port.send(ctx, p)
	for s.mend(ctx, out, &p) {
		out = s.bot.port.send(ctx, p)
	}
	out.ByMail = !toPlace && out.State == outbox.Failed && out.Reply.Class == outbox.Destination
	s.bot.report(ctx, d, out)
	s.bot.log.Info("slack post", "network", d.Network.ID, "kind", d.Kind,
		"state", out.State, "code", out.Reply.Code, "text", out.Reply.Text)
	return out
}

// mend removes the cause of a refusal, each at most once: a public channel is joined, blocks that
// Slack does not take are left away, charts first, since the text says everything.
func (s sender) mend(ctx context.Context, out outbox.Outcome, p *post) bool {
	switch {
	case out.State != outbox.Failed:
		return false
	case out.Reply.Code == "not_in_channel" && !p.joined:
		p.joined = true
		err := s.bot.port.join(ctx, p.Channel)
		return err == nil
	case strings.HasPrefix(out.Reply.Code, "invalid_blocks") && p.Blocks != nil:
		plain := withoutCharts(p.Blocks)
		if len(plain) == len(p.Blocks) {
			plain = nil
		}
		p.Blocks = plain
		return true
	}
	return false
}

// margin is how far Slack's clock may be behind ours.
const margin = 2 * time.Minute

// Look finds a post in its channel's history.
func (c *Carrier) Look(ctx context.Context, d outbox.Delivery) (found bool, reply outbox.Reply, err error) {
	channel := d.SlackID()
	if channel == "" {
		return false, reply, &refusal{Method: "conversations.history", Code: "no_channel"}
	}
	if isPerson(channel) {
		if channel, err = c.bot.port.direct(ctx, channel); err != nil {
			return false, reply, err
		}
	}
	ts, found, err := c.bot.port.find(ctx, channel, deliveryID(d.Key), d.Claimed.Add(-margin))
	if found {
		reply.Ref = channel + " " + ts
	}
	return found, reply, err
}

func isPerson(id string) bool { return strings.HasPrefix(id, "U") || strings.HasPrefix(id, "W") }

// deliveryID is the message's identity, the same at every attempt, and tells nothing: what is
// hashed names a network, a wave and a kind.
func deliveryID(k outbox.Key) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{"viesti", k.Recipient, k.Wave, string(k.Kind)}, "\x00")))
	return hex.EncodeToString(sum[:16])
}
