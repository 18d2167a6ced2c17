package campaign

import (
	"context"
	"slices"
	"time"

	"viesti/contacts"
	"viesti/link"
	"viesti/outbox"
)

// candidate is a Candidate with what people call it and, of a channel, which one it is in Slack.
type candidate struct {
	Candidate
	label   string
	channel string
	person  bool
	shared  bool // the network's survey was passed on to it
	posts   *posts
}

// chunk is how many recipients are held in memory at a time.
const chunk = 500

// candidates calls each for every recipient selected, with their history in the wave: contacts,
// then channels in Slack.
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
	w := walk{c: c, ctx: ctx, sel: sel, below: below, paused: paused, periods: c.Wave.periods(networks), each: each}
	err = c.Contacts.Contacts(ctx, func(k contacts.Known) error {
		if !k.In(sel.Networks) {
			return nil
		}
		return w.add(c.contactCandidate(k))
	})
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

func (c *Campaign) contactCandidate(k contacts.Known) candidate {
	r := candidate{label: k.Email, person: true, Candidate: Candidate{
		Recipient: k.ID, Network: k.Home(), Carrier: c.carrier(k), Unwanted: outbox.Unwanted(k.Standing, c.Wave.ID),
		Results: k.Standing.Results == c.Wave.ID,
	}}
	if r.Unwanted == "" && k.Email == "" && k.SlackUser == "" {
		r.Unwanted = outbox.ReasonNoAddress
	}
	return r
}

// carrier is how a person is written to who has not been written to yet in the wave.
func (c *Campaign) carrier(k contacts.Known) link.Channel {
	switch d := c.Wave.Direct; {
	case !d.Messages || k.Standing.NoSlack || !slices.Contains(c.Wave.Channels, link.Slack):
		return link.Mail
	case k.SlackUser != "", d.LookUp && k.AskSlack(c.Now()):
		return link.Slack
	}
	return link.Mail
}

// walk gives candidates their histories, a chunk at a time.
type walk struct {
	c      *Campaign
	ctx    context.Context //nolint:containedctx // lives for one call of candidates
	sel    Selection
	below  map[string]bool
	paused []string
	// periods are the dates of networks that have their own.
	periods map[string][2]time.Time
	each    func(candidate) error
	held    []candidate
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
	history, before := map[string]map[outbox.Kind]outbox.Message{}, map[string]time.Time{}
	err := w.c.Outbox.Messages(w.ctx, outbox.Query{Recipients: recipients}, func(m outbox.Message) error {
		if m.Wave != w.c.Wave.ID {
			if m.State == outbox.Sent || m.State == outbox.Uncertain {
				before[m.Recipient] = later(before[m.Recipient], m.Settled)
			}
			return nil
		}
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
		r.Before, r.Opens, r.Closes = before[r.Recipient], w.periods[r.Network][0], w.periods[r.Network][1]
		if r.shared {
			if len(r.History) == 0 { // it has a link, and nothing was ever posted there
				continue
			}
			r.Rest = r.posts.rest(r.channel, r.Recipient)
		}
		if invited, ok := r.History[outbox.Invitation]; r.person && ok && invited.Carrier == link.Mail {
			r.Carrier = link.Mail // one way for the whole wave
		}
		if !w.c.uses(w.sel, r.Carrier) {
			continue
		}
		if thankable := r.Unwanted == outbox.ReasonAnswered; (r.Unwanted == "" || thankable) && slices.Contains(w.paused, r.Network) {
			r.Unwanted = outbox.ReasonPaused
		}
		if err := w.each(r); err != nil {
			return err
		}
	}
	w.held = w.held[:0]
	return nil
}
