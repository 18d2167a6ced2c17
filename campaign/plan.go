package campaign

import (
	"cmp"
	"context"
	"slices"
	"time"

	"viesti/link"
	"viesti/outbox"
)

// Plan is everything that is still to be sent, if nothing else happens.
type Plan struct {
	Items []Item `json:"items"`
}

// Item is a number of like messages at one time.
type Item struct {
	At       time.Time    `json:"at"`
	Kind     string       `json:"kind"`   // invitation, reminder or thank-you
	Number   int          `json:"number"` // of the reminder, the last call being the highest; 0: of other kinds
	Network  string       `json:"network"`
	Channel  link.Channel `json:"channel"`
	Messages int          `json:"messages"`
}

// Reminders are the next reminders, by network.
func (p Plan) Reminders() map[string]time.Time {
	next := map[string]time.Time{}
	for _, item := range p.Items { // the earliest come first
		if _, known := next[item.Network]; item.Number > 0 && !known {
			next[item.Network] = item.At
		}
	}
	return next
}

// Plan foretells the wave as it looks at a moment.
func (c *Campaign) Plan(ctx context.Context, asOf time.Time) (Plan, error) {
	counts := map[Item]int{}
	err := c.candidates(ctx, Selection{}, func(r candidate) error {
		for _, p := range c.Wave.Schedule(r.Candidate, asOf) {
			counts[c.item(r, p)]++
			r.posts.add(r.channel, r.Recipient, p.At)
		}
		return nil
	})
	if err != nil {
		return Plan{}, err
	}
	plan := Plan{Items: make([]Item, 0, len(counts))}
	for item, n := range counts {
		item.Messages = n
		plan.Items = append(plan.Items, item)
	}
	slices.SortFunc(plan.Items, func(a, b Item) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Number, b.Number),
			cmp.Compare(a.Network, b.Network), cmp.Compare(a.Channel, b.Channel))
	})
	return plan, nil
}

func (c *Campaign) item(r candidate, p Planned) Item {
	item := Item{At: c.grain(p.At), Kind: "reminder", Network: r.Network, Channel: r.Carrier}
	switch p.Kind {
	case outbox.Invitation:
		item.Kind = "invitation"
	case outbox.ThankYou:
		item.Kind = string(outbox.ThankYou)
	case outbox.LastCall:
		item.Number = len(c.Wave.Rules.steps()) + 1
	default:
		item.Number = p.Kind.Number()
	}
	return item
}

// grain rounds a time up, so that people invited within the same minute are one line.
func (c *Campaign) grain(t time.Time) time.Time {
	unit := time.Minute
	if c.pulse() < time.Minute {
		unit = time.Second
	}
	if cut := t.Truncate(unit); !cut.Equal(t) {
		t = cut.Add(unit)
	}
	return t.In(c.Wave.Zone)
}

// pulse is how often the loop looks for what is due: each minute, or each second where the rules
// count in less than an hour.
func (c *Campaign) pulse() time.Duration {
	for _, s := range c.Wave.Rules.steps() {
		if s.after < time.Hour {
			return time.Second
		}
	}
	if thanks := c.Wave.Rules.ThankYou; thanks > 0 && thanks < time.Hour {
		return time.Second
	}
	return time.Minute
}

// Run queues the reminders and thanks that are due, and what the people who run the survey are to
// be told, until ctx ends.
func (c *Campaign) Run(ctx context.Context) error {
	if len(c.Wave.Channels) == 0 { // nothing can be sent, so nothing can be due
		<-ctx.Done()
		return nil
	}
	ticker := time.NewTicker(c.pulse())
	defer ticker.Stop()
	for {
		if _, err := c.Remind(ctx, Selection{}, c.Now()); err != nil && ctx.Err() == nil {
			c.Log.Error("reminders cannot be planned", "err", err)
		}
		if _, err := c.Notify(ctx); err != nil && ctx.Err() == nil {
			c.Log.Error("notices cannot be planned", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}
