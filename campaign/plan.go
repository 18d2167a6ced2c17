package campaign

import (
	"cmp"
	"context"
	"slices"
	"time"

	"viesti/link"
	"viesti/outbox"
)

// Plan is everything that is still to be sent, if nothing else happens, and what is not and why.
type Plan struct {
	Wave   string    `json:"wave"`
	Opens  time.Time `json:"opens"`
	Closes time.Time `json:"closes"`
	Paused bool      `json:"paused"` // everything: nothing is sent before it goes on
	// Channels are those by which anything is sent; with none there is nothing to foretell.
	Channels []link.Channel `json:"channels"`
	// LastCall is the number that the last call has among the reminders; 0: there is none.
	LastCall int       `json:"last_call,omitempty"`
	Items    []Item    `json:"items"`
	LeftOut  []LeftOut `json:"left_out"`
}

// Item is a number of like messages that are due at one time. They leave within the hour after it.
type Item struct {
	At       time.Time    `json:"at"`
	Kind     string       `json:"kind"`   // invitation, reminder or thank-you
	Number   int          `json:"number"` // of the reminder, the last call being the highest; 0: of other kinds
	Network  string       `json:"network"`
	Channel  link.Channel `json:"channel"`
	Messages int          `json:"messages"`
}

// LeftOut is a number of recipients who are not sent something, and why.
type LeftOut struct {
	Kind       string       `json:"kind,omitempty"` // as of an item; empty: nothing is sent to them
	Number     int          `json:"number,omitempty"`
	Network    string       `json:"network"`
	Channel    link.Channel `json:"channel"`
	Reason     string       `json:"reason"`
	Recipients int          `json:"recipients"`
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
	w := c.Wave
	plan := Plan{Wave: w.ID, Opens: w.Opens, Closes: w.Closes, Channels: append([]link.Channel{}, w.Channels...)}
	if w.Rules.LastCall > 0 {
		_, plan.LastCall = w.planner().name(outbox.LastCall)
	}
	var err error
	if plan.Paused, err = c.Outbox.Paused(ctx); err != nil {
		return Plan{}, err
	}
	told, err := c.foretell(ctx, asOf)
	if err != nil {
		return Plan{}, err
	}
	plan.Items, plan.LeftOut = make([]Item, 0, len(told.sent)), make([]LeftOut, 0, len(told.left))
	for item, n := range told.sent {
		item.Messages = n
		plan.Items = append(plan.Items, item)
	}
	for l, n := range told.left {
		l.Recipients = n
		plan.LeftOut = append(plan.LeftOut, l)
	}
	plan.sort()
	return plan, nil
}

func (p Plan) sort() {
	slices.SortFunc(p.Items, func(a, b Item) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Number, b.Number), cmp.Compare(a.Kind, b.Kind),
			cmp.Compare(a.Network, b.Network), cmp.Compare(a.Channel, b.Channel))
	})
	slices.SortFunc(p.LeftOut, func(a, b LeftOut) int {
		return cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Reason, b.Reason),
			cmp.Compare(a.Network, b.Network), cmp.Compare(a.Channel, b.Channel))
	})
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
	if c.Wave.Rules.brisk() {
		return time.Second
	}
	return time.Minute
}

// Run queues the reminders and thanks that leave, and what the people who run the survey are to
// be told, until ctx ends.
func (c *Campaign) Run(ctx context.Context) error {
	if len(c.Wave.Channels) == 0 { // nothing can be sent, so nothing can be due
		<-ctx.Done()
		return nil
	}
	ticker := time.NewTicker(c.pulse())
	defer ticker.Stop()
	var looked time.Time
	for {
		looked = c.look(ctx, looked)
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

// look queues what leaves since the look before, and gives the moment of this one.
func (c *Campaign) look(ctx context.Context, looked time.Time) time.Time {
	now := c.Now()
	since := c.since(looked, now)
	if c.Wave.Rules.allowed(since, c.Wave.Zone).After(now) {
		return now // by night nobody needs to go through all contacts
	}
	if _, err := c.leave(ctx, since, now); err != nil {
		if ctx.Err() == nil {
			c.Log.Error("reminders cannot be planned", "err", err)
		}
		return looked // what leaves meanwhile is found by the next one
	}
	return now
}

// missed is how many looks may be missed for a message's own moment to count all the same.
const missed = 10

// since is the moment after which what leaves has not been looked for. After a start, a long sleep
// or a clock that was set it is the look before this one: what was due meanwhile leaves at its own
// moment within the next hour, and not all at once or in the middle of a night.
func (c *Campaign) since(looked, now time.Time) time.Time {
	if gap := now.Sub(looked); gap < 0 || gap > missed*c.pulse() {
		return now.Add(-c.pulse())
	}
	return looked
}
