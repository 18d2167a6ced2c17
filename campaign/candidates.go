package campaign

import (
	"context"
	"slices"

	"viesti/contacts"
	"viesti/link"
	"viesti/outbox"
)

// candidate is a Candidate with what people call it and, of a channel, which one it is in Slack.
type candidate struct {
	Candidate
	label   string
	channel string
	shared  bool // the network's survey was passed on to it
	posts   *posts
}

// chunk is how many recipients are held in memory at a time.
const chunk = 500

// candidates calls each for every recipient selected, with their history in the wave: contacts
// for mail, then networks' channels for Slack.
func (c *Campaign) candidates(ctx context.Context, sel Selection, each func(candidate) error) error {
	networks, err := c.Contacts.Networks(ctx)
	if err != nil {
		return err
	}
	if err := check(sel, networks); err != nil {
		return err
	}
	below, err := c.BelowTarget(ctx)
	if err != nil {
		return err
	}
	paused, err := c.Outbox.PausedNetworks(ctx)
	if err != nil {
		return err
	}
	w := walk{c: c, ctx: ctx, below: below, paused: paused, each: each}
	if c.uses(sel, link.Mail) {
		err = c.Contacts.Contacts(ctx, func(k contacts.Known) error {
			if !k.In(sel.Networks) {
				return nil
			}
			return w.add(mailCandidate(k, c.Wave.ID))
		})
	}
	if err == nil && c.uses(sel, link.Slack) {
		err = w.channels(networks, sel)
	}
	if err != nil {
		return err
	}
	return w.flush()
}

func (c *Campaign) uses(sel Selection, channel link.Channel) bool {
	return slices.Contains(c.Wave.Channels, channel) && (sel.Channel == "" || sel.Channel == channel)
}

func mailCandidate(k contacts.Known, wave string) candidate {
	r := candidate{label: k.Email, Candidate: Candidate{
		Recipient: k.ID, Network: k.Home(), Carrier: link.Mail, Unwanted: outbox.Unwanted(k.Standing, wave),
	}}
	if r.Unwanted == "" && k.Email == "" {
		r.Unwanted = outbox.ReasonNoAddress
	}
	return r
}

// walk gives candidates their histories, a chunk at a time.
type walk struct {
	c      *Campaign
	ctx    context.Context //nolint:containedctx // lives for one call of candidates
	below  map[string]bool
	paused []string
	each   func(candidate) error
	held   []candidate
}

func (w *walk) add(r candidate) error {
	w.held = append(w.held, r)
	if len(w.held) == chunk {
		return w.flush()
	}
	return nil
}

func (w *walk) flush() error {
	if len(w.held) == 0 {
		return nil
	}
	recipients := make([]string, len(w.held))
	for i, r := range w.held {
		recipients[i] = r.Recipient
	}
	history := map[string]map[outbox.Kind]outbox.Message{}
	err := w.c.Outbox.Messages(w.ctx, outbox.Query{Wave: w.c.Wave.ID, Recipients: recipients}, func(m outbox.Message) error {
		if history[m.Recipient] == nil {
			history[m.Recipient] = map[outbox.Kind]outbox.Message{}
		}
		history[m.Recipient][m.Kind] = m
		return nil
	})
	if err != nil {
		return err
	}
	for _, r := range w.held {
		r.History, r.BelowTarget = history[r.Recipient], w.below[r.Network]
		if r.shared {
			if len(r.History) == 0 { // it has a link, and nothing was ever posted there
				continue
			}
			r.Rest = r.posts.rest(r.channel, r.Recipient)
		}
		if r.Unwanted == "" && slices.Contains(w.paused, r.Network) {
			r.Unwanted = outbox.ReasonPaused
		}
		if err := w.each(r); err != nil {
			return err
		}
	}
	w.held = w.held[:0]
	return nil
}
