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

// candidates calls each for every recipient selected, with their history in the wave: contacts,
// then channels in Slack.
func (c *Campaign) candidates(ctx context.Context, sel Selection, each func(candidate) error) error {
	w, err := c.walk(ctx, sel)
	if err != nil {
		return err
	}
	err = c.Contacts.Recipients(ctx, func(some []outbox.Recipient) error { return w.contacts(some, each) })
	if err != nil {
		return err
	}
	return w.channels(ctx, each)
}

// walk is a way through the candidates.
type walk struct {
	c        *Campaign
	sel      Selection
	networks []contacts.Network
	below    map[string]bool
	paused   []string
	// periods are the dates of networks that have their own.
	periods map[string][2]time.Time
}

func (c *Campaign) walk(ctx context.Context, sel Selection) (w walk, err error) {
	w = walk{c: c, sel: sel}
	if w.networks, err = c.Contacts.Networks(ctx); err != nil {
		return w, err
	}
	if err := check(sel, w.networks); err != nil {
		return w, err
	}
	w.periods = c.Wave.periods(w.networks)
	if w.below, err = c.BelowTarget(ctx); err != nil {
		return w, err
	}
	w.paused, err = c.Outbox.PausedNetworks(ctx)
	return w, err
}

// contacts calls each for those of some recipients who are candidates.
func (w *walk) contacts(some []outbox.Recipient, each func(candidate) error) error {
	for _, r := range some {
		if !r.In(w.sel.Networks) {
			continue
		}
		if err := w.give(w.c.contactCandidate(r), each); err != nil {
			return err
		}
	}
	return nil
}

func (c *Campaign) uses(sel Selection, channel link.Channel) bool {
	return slices.Contains(c.Wave.Channels, channel) && (sel.Channel == "" || sel.Channel == channel)
}

func (c *Campaign) contactCandidate(who outbox.Recipient) candidate {
	r := candidate{label: who.Email, person: true, Candidate: Candidate{
		Recipient: who.ID, Network: who.Home(), Carrier: c.carrier(who.Known), Unwanted: outbox.Unwanted(who.Standing, c.Wave.ID),
		Results: who.Standing.Results == c.Wave.ID,
	}}
	if r.Unwanted == "" && who.Email == "" && who.SlackUser == "" {
		r.Unwanted = outbox.ReasonNoAddress
	}
	r.History = who.Traces[:0] // in their place: those of the wave are kept
	for _, t := range who.Traces {
		r.add(t, c.Wave.ID)
	}
	return r
}

// add adds what became of a message to what is known of the candidate in a wave.
func (r *candidate) add(t outbox.Trace, wave string) {
	switch {
	case t.Wave == wave:
		r.History = append(r.History, t)
	case t.State == outbox.Sent || t.State == outbox.Uncertain:
		r.Before = later(r.Before, t.At)
	}
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

// give gives a candidate what is known of their network, and passes them on if they are one.
func (w *walk) give(r candidate, each func(candidate) error) error {
	period := w.periods[r.Network]
	r.BelowTarget, r.Opens, r.Closes = w.below[r.Network], period[0], period[1]
	if r.shared {
		if len(r.History) == 0 { // it has a link, and nothing was ever posted there
			return nil
		}
		r.Rest = r.posts.rest(r.channel, r.Recipient)
	}
	if invited, ok := r.History.of(outbox.Invitation); r.person && ok && invited.Carrier == link.Mail {
		r.Carrier = link.Mail // one way for the whole wave
	}
	if !w.c.uses(w.sel, r.Carrier) {
		return nil
	}
	if thankable := r.Unwanted == outbox.ReasonAnswered; (r.Unwanted == "" || thankable) && slices.Contains(w.paused, r.Network) {
		r.Unwanted = outbox.ReasonPaused
	}
	return each(r)
}
