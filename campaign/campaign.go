package campaign

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"time"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/link"
	"viesti/outbox"
)

// Contacts is what planning reads of people and networks.
type Contacts interface {
	Recipients(ctx context.Context, each func([]outbox.Recipient) error) error
	Networks(ctx context.Context) ([]contacts.Network, error)
}

// Outbox is what planning reads and puts of messages.
type Outbox interface {
	Enqueue(ctx context.Context, list []outbox.Message) (put []bool, err error)
	Messages(ctx context.Context, q outbox.Query, each func(outbox.Message) error) error
	Paused(ctx context.Context) (bool, error)
	PausedNetworks(ctx context.Context) ([]string, error)
}

// Links are the further channels that networks are shared to.
type Links interface {
	Share(ctx context.Context, network, channel string) (link.Link, error)
	Shared(ctx context.Context) ([]link.Link, error)
	URL(l link.Link) string
}

// Campaign plans one wave.
type Campaign struct {
	Wave     Wave
	Contacts Contacts
	Outbox   Outbox
	Links    Links
	// BelowTarget tells which networks have fewer complete responses than they aim for.
	BelowTarget func(ctx context.Context) (map[string]bool, error)
	Staff       Staff // nil: nobody is told of anything
	// Lagging tells which networks are far behind the others.
	Lagging func(ctx context.Context) ([]string, error)
	// Purge is when what is known of people is erased by itself; it may be nil.
	Purge func(ctx context.Context) (Purge, error)
	Wake  func() // called when something was queued
	Now   func() time.Time
	Log   *slog.Logger
}

// Selection narrows whom a command is about.
type Selection struct {
	Networks []string     // empty: all
	Channel  link.Channel // empty: all that are in use
	DryRun   bool         // say what would be queued, queue nothing
}

// Queued is what a command put in the outbox.
type Queued struct {
	Queued        int            `json:"queued"`
	AlreadyQueued int            `json:"already_queued"`
	Skipped       []Skipped      `json:"skipped"`
	ByNetwork     map[string]int `json:"by_network"`
	// ByCarrier are the same by the way they go; Posts are those of Slack that go to channels.
	ByCarrier map[link.Channel]int `json:"by_carrier"`
	Posts     int                  `json:"posts"`
}

func newQueued() Queued {
	return Queued{Skipped: []Skipped{}, ByNetwork: map[string]int{}, ByCarrier: map[link.Channel]int{}}
}

// count counts a message that was or would be put.
func (q *Queued) count(m outbox.Message) {
	q.Queued++
	q.ByNetwork[m.Network]++
	q.ByCarrier[m.Carrier]++
	if _, post := m.Place(); post {
		q.Posts++
	}
}

// Skipped is a recipient who was left out, and why (the outbox's reasons).
type Skipped struct {
	Contact string `json:"contact"` // an address, or a channel as the outbox names it
	Reason  string `json:"reason"`
}

// choice is what is to be done about a candidate: a message and when it is due, or why none.
type choice struct {
	kind   outbox.Kind
	due    time.Time // zero: at once
	reason string
}

// Invite queues the invitation of everybody selected who has none. One to somebody who was written
// to in another wave within two days waits for the rest of them.
func (c *Campaign) Invite(ctx context.Context, sel Selection) (Queued, error) {
	now := c.Now()
	return c.queue(ctx, sel, now, func(r candidate) choice {
		if reason := cmp.Or(c.Wave.within(r.Opens, r.Closes).untimely(now), r.Unwanted); reason != "" {
			return choice{reason: reason}
		}
		due := r.Before
		if !due.IsZero() {
			due = due.Add(c.Wave.Rules.rest())
		}
		return choice{kind: outbox.Invitation, due: due}
	})
}

// untimely is why nobody can be invited at a moment.
func (w Wave) untimely(now time.Time) string {
	switch {
	case !now.Before(w.Closes):
		return outbox.ReasonClosed
	case now.Before(w.Opens):
		return outbox.ReasonNotOpen
	}
	return ""
}

// Remind queues the reminders that are due at a moment, which need not be the present one. Whoever
// asks for it does not want to wait, so they are not spread over the hour.
func (c *Campaign) Remind(ctx context.Context, sel Selection, asOf time.Time) (Queued, error) {
	planner := c.Wave.planner()
	return c.queue(ctx, sel, asOf, func(r candidate) choice {
		kind, due := planner.due(r.Candidate, asOf)
		wave := c.Wave.within(r.Opens, r.Closes)
		reason := cmp.Or(wave.untimely(asOf), wave.closed(c.Now()))
		switch {
		case kind == outbox.ThankYou && due && !c.Now().Before(c.Wave.Closes):
			return choice{kind: kind}
		case reason != "":
			return choice{reason: reason}
		case len(r.History) == 0: // never invited: nothing to remind of
			return choice{}
		case r.Unwanted != "":
			return choice{reason: r.Unwanted}
		case due && kind != outbox.ThankYou:
			return choice{kind: kind}
		}
		return choice{}
	})
}

func (w Wave) closed(now time.Time) string {
	if now.Before(w.Closes) {
		return ""
	}
	return outbox.ReasonClosed
}

// leave queues what leaves between two looks of the loop.
func (c *Campaign) leave(ctx context.Context, since, now time.Time) (Queued, error) {
	planner := c.Wave.planner()
	return c.queue(ctx, Selection{}, now, func(r candidate) choice {
		kind, leaving := planner.leaving(r.Candidate, since, now)
		if !leaving || kind != outbox.ThankYou && !now.Before(c.Wave.within(r.Opens, r.Closes).Closes) {
			return choice{}
		}
		return choice{kind: kind}
	})
}

// check refuses networks that do not exist, with the one that was probably meant.
func check(sel Selection, networks []contacts.Network) error {
	for _, id := range sel.Networks {
		if !slices.ContainsFunc(networks, func(n contacts.Network) bool { return n.ID == id }) {
			return fault.New(fault.NotFound, "campaign.unknown_network", i18n.Args{"network": id})
		}
	}
	return nil
}
