package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"viesti/outbox"
)

// Carrier posts to networks' channels. It can be asked what became of a post.
type Carrier struct{ bot *Bot }

var (
	_ outbox.Carrier = (*Carrier)(nil)
	_ outbox.Looker  = (*Carrier)(nil)
)

// Carrier is the way for the outbox to send by Slack.
func (b *Bot) Carrier() *Carrier { return &Carrier{b} }

// Connections is one: Slack counts posts by app, and one at a time stays well below its limits.
func (c *Carrier) Connections() int { return 1 }

// Sender posts one message at a time.
func (c *Carrier) Sender() outbox.Sender { return sender{c.bot} }

// relay is where posts go, as status names it.
const relay = "slack"

type sender struct{ bot *Bot }

func (s sender) Close() error { return nil }

// Send posts to the network's channel. When Slack refuses in a way that can be mended here and
// now, the post goes again; after any doubt it does not.
func (s sender) Send(ctx context.Context, d outbox.Delivery, gate outbox.Gate) outbox.Outcome {
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
	if d.SlackID() == "" {
		return false, reply, &refusal{Method: "conversations.history", Code: "no_channel"}
	}
	ts, found, err := c.bot.port.find(ctx, d.SlackID(), deliveryID(d.Key), d.Claimed.Add(-margin))
	if found {
		reply.Ref = d.SlackID() + " " + ts
	}
	return found, reply, err
}

// deliveryID is the message's identity, the same at every attempt, and tells nothing: what is
// hashed names a network, a wave and a kind.
func deliveryID(k outbox.Key) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{"viesti", k.Recipient, k.Wave, string(k.Kind)}, "\x00")))
	return hex.EncodeToString(sum[:16])
}
