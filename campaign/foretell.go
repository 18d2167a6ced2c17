package campaign

import (
	"context"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

	"viesti/outbox"
)

// foretelling counts what is to be sent, and what is not, of like messages.
type foretelling struct {
	c       *Campaign
	planner *planner
	asOf    time.Time
	sent    map[Item]int
	left    map[LeftOut]int
}

func (c *Campaign) foretelling(asOf time.Time) *foretelling {
	return &foretelling{c, c.Wave.planner(), asOf, map[Item]int{}, map[LeftOut]int{}}
}

// foretell counts for all recipients as they look at a moment. Contacts know nothing of each
// other, so each processor takes some; channels rest after each other's posts.
func (c *Campaign) foretell(ctx context.Context, asOf time.Time) (*foretelling, error) {
	w, err := c.walk(ctx, Selection{})
	if err != nil {
		return nil, err
	}
	group, inner := errgroup.WithContext(ctx)
	parts := make([]*foretelling, runtime.GOMAXPROCS(0))
	pages := make(chan []outbox.Recipient, len(parts))
	for i := range parts {
		parts[i] = c.foretelling(asOf)
		group.Go(func() error {
			for some := range pages {
				if err := w.contacts(some, parts[i].add); err != nil {
					return err
				}
			}
			return nil
		})
	}
	group.Go(func() error {
		defer close(pages)
		return c.Contacts.Recipients(inner, func(some []outbox.Recipient) error {
			select {
			case pages <- some:
				return nil
			case <-inner.Done():
				return inner.Err()
			}
		})
	})
	if err := group.Wait(); err != nil {
		return nil, err
	}
	all := parts[0]
	for _, part := range parts[1:] {
		all.merge(part)
	}
	return all, w.channels(ctx, all.add)
}

func (f *foretelling) add(r candidate) error {
	course := f.planner.schedule(r.Candidate, f.asOf)
	for _, p := range course.Planned {
		kind, number := f.planner.name(p.Kind)
		f.sent[Item{At: f.c.grain(p.At), Kind: kind, Number: number, Network: r.Network, Channel: r.Carrier}]++
		r.posts.add(r.channel, r.Recipient, p.Leaves)
	}
	for _, l := range course.Left {
		kind, number := f.planner.name(l.Kind)
		f.left[LeftOut{Kind: kind, Number: number, Network: r.Network, Channel: r.Carrier, Reason: l.Reason}]++
	}
	return nil
}

// name is what a plan calls a kind of message.
func (l *planner) name(k outbox.Kind) (kind string, number int) {
	switch k {
	case "", outbox.Invitation, outbox.ThankYou:
		return string(k), 0
	case outbox.LastCall:
		return "reminder", len(l.steps) + 1
	default:
		return "reminder", k.Number()
	}
}

func (f *foretelling) merge(part *foretelling) {
	for item, n := range part.sent {
		f.sent[item] += n
	}
	for l, n := range part.left {
		f.left[l] += n
	}
}
