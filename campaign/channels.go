package campaign

import (
	"context"
	"regexp"
	"slices"
	"time"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/link"
	"viesti/outbox"
)

// channelRest is how long a channel that a survey was passed on to is left alone after any other
// network's post there: it did not ask to hear of several.
const channelRest = 48 * time.Hour

// channels calls each for the networks' own Slack channels, then those that were shared to.
func (w *walk) channels(ctx context.Context, each func(candidate) error) error {
	if !w.c.uses(w.sel, link.Slack) {
		return nil
	}
	shared, err := w.c.Links.Shared(ctx)
	if err != nil {
		return err
	}
	var list []candidate
	for _, n := range w.networks {
		if n.SlackChannel != "" {
			list = append(list, channelCandidate(n.ID, outbox.Channel(n.ID), n.SlackChannel))
		}
	}
	for _, l := range shared {
		c := channelCandidate(l.Network, outbox.Shared(l.Network, l.Place), l.Place)
		c.shared = true
		list = append(list, c)
	}
	if err := w.posted(ctx, list, len(shared) > 0); err != nil {
		return err
	}
	for _, c := range list {
		if len(w.sel.Networks) > 0 && !slices.Contains(w.sel.Networks, c.Network) {
			continue
		}
		if err := w.give(c, each); err != nil {
			return err
		}
	}
	return nil
}

func channelCandidate(network, recipient, channel string) candidate {
	return candidate{
		Candidate: Candidate{Recipient: recipient, Network: network, Carrier: link.Slack},
		label:     recipient, channel: channel,
	}
}

// posted gives channels their histories and, where several networks may post to one, the times of
// the last posts.
func (w *walk) posted(ctx context.Context, list []candidate, several bool) error {
	if len(list) == 0 { // a query for nobody is one for all
		return nil
	}
	place, recipients := map[string]*candidate{}, make([]string, len(list))
	all := &posts{}
	for i := range list {
		list[i].posts = all
		place[list[i].Recipient], recipients[i] = &list[i], list[i].Recipient
	}
	now := w.c.Now()
	return w.c.Outbox.Messages(ctx, outbox.Query{Recipients: recipients}, func(m outbox.Message) error {
		c, t := place[m.Recipient], m.Trace()
		c.add(t, w.c.Wave.ID)
		if at, ok := passed(t, now); ok && several && t.Wave == w.c.Wave.ID {
			all.add(c.channel, c.Recipient, at)
		}
		return nil
	})
}

// posts are the last posts to channels, by Slack channel and recipient. Several networks may have
// posted to one.
type posts struct {
	last map[string]map[string]time.Time
}

func (p *posts) add(channel, recipient string, at time.Time) {
	if p == nil {
		return
	}
	if p.last == nil {
		p.last = map[string]map[string]time.Time{}
	}
	if p.last[channel] == nil {
		p.last[channel] = map[string]time.Time{}
	}
	p.last[channel][recipient] = later(p.last[channel][recipient], at)
}

// rest is until when a channel is left alone after what others than the recipient posted.
func (p *posts) rest(channel, recipient string) (until time.Time) {
	for other, at := range p.last[channel] {
		if other != recipient {
			until = later(until, at.Add(channelRest))
		}
	}
	return until
}

// Passed is what came of passing a survey on to a further channel.
type Passed struct {
	Network string `json:"network"`
	Channel string `json:"channel"`
	URL     string `json:"url"` // the channel's own link, for whoever would rather paste it
	Queued
}

var slackChannel = regexp.MustCompile(`^[CG][A-Z0-9]{6,}$`)

// Share passes a network's survey on to a further Slack channel: it makes the channel's link and
// queues an invitation there, once. Reminders follow by the rules, with a rest of 48 hours after
// what other networks posted there.
func (c *Campaign) Share(ctx context.Context, network, channel string, dry bool) (Passed, error) {
	out := Passed{Network: network, Channel: channel, Queued: newQueued()}
	if !c.uses(Selection{}, link.Slack) {
		return out, fault.New(fault.Unavailable, "campaign.no_slack", nil)
	}
	networks, err := c.Contacts.Networks(ctx)
	if err != nil {
		return out, err
	}
	if err := check(Selection{Networks: []string{network}}, networks); err != nil {
		return out, err
	}
	if err := sharable(network, channel, networks); err != nil {
		return out, err
	}
	paused, err := c.Outbox.PausedNetworks(ctx)
	if err != nil {
		return out, err
	}
	reason := c.Wave.of(networks, network).untimely(c.Now())
	if reason == "" && slices.Contains(paused, network) {
		reason = outbox.ReasonPaused
	}
	if !dry {
		made, err := c.Links.Share(ctx, network, channel)
		if err != nil {
			return out, err
		}
		out.URL = c.Links.URL(made)
	}
	r := channelCandidate(network, outbox.Shared(network, channel), channel)
	if reason != "" {
		out.Skipped = append(out.Skipped, Skipped{r.label, reason})
		return out, nil
	}
	m := c.message(r, choice{kind: outbox.Invitation})
	isNew, err := c.putOne(ctx, m, dry)
	switch {
	case err != nil:
	case isNew:
		out.count(m)
	default:
		out.AlreadyQueued = 1
	}
	return out, err
}

// putOne puts a message, or tells whether it would.
func (c *Campaign) putOne(ctx context.Context, m outbox.Message, dry bool) (isNew bool, err error) {
	if !dry {
		put, err := c.Outbox.Enqueue(ctx, []outbox.Message{m})
		if err != nil {
			return false, err
		}
		c.Wake()
		return put[0], nil
	}
	isNew = true
	err = c.Outbox.Messages(ctx, outbox.Query{Wave: m.Wave, Recipients: []string{m.Recipient}}, func(there outbox.Message) error {
		isNew = isNew && there.Kind != m.Kind
		return nil
	})
	return isNew, err
}

// sharable refuses what is no channel, and the network's own.
func sharable(network, channel string, networks []contacts.Network) error {
	if !slackChannel.MatchString(channel) {
		return fault.New(fault.Invalid, "campaign.bad_channel", i18n.Args{"channel": channel})
	}
	for _, n := range networks {
		if n.ID == network && n.SlackChannel == channel {
			return fault.New(fault.Conflict, "campaign.own_channel", i18n.Args{"network": network, "channel": channel})
		}
	}
	return nil
}
