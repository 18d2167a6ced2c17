package campaign

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"viesti/internal/fault"
	"viesti/link"
	"viesti/outbox"
)

// most is how many messages are put in one transaction: fewer cost more writes of the same pages, more
// would keep answers waiting that are written meanwhile.
const most = 10_000

// queue walks the candidates and puts what choose says, in batches. While one is written, the next
// is gathered.
func (c *Campaign) queue(ctx context.Context, sel Selection, asOf time.Time, choose func(candidate) choice) (Queued, error) {
	q := newQueued()
	if !c.uses(sel, link.Mail) && !c.uses(sel, link.Slack) {
		return q, fault.New(fault.Unavailable, "campaign.no_channel", nil)
	}
	group, inner := errgroup.WithContext(ctx)
	batches := make(chan []outbox.Message)
	put := func(list []outbox.Message) error {
		select {
		case batches <- list:
			return nil
		case <-inner.Done():
			return inner.Err()
		}
	}
	g := gathering{c: c, asOf: asOf, choose: choose, put: put}
	group.Go(func() error {
		defer close(batches)
		if err := c.candidates(inner, sel, g.add); err != nil {
			return err
		}
		return put(g.batch)
	})
	group.Go(func() error {
		for list := range batches {
			if err := c.put(inner, list, sel.DryRun, &q); err != nil {
				return err
			}
		}
		return nil
	})
	err := group.Wait()
	q.Skipped, q.AlreadyQueued = append(q.Skipped, g.skipped...), q.AlreadyQueued+g.exist
	if q.Queued > 0 && !sel.DryRun {
		c.Log.Info("messages queued", "messages", q.Queued, "as_of", asOf)
		c.Wake()
	}
	return q, err
}

// gathering makes batches of messages, and remembers for whom there was none to make.
type gathering struct {
	c       *Campaign
	asOf    time.Time
	choose  func(candidate) choice
	put     func([]outbox.Message) error
	batch   []outbox.Message
	skipped []Skipped
	exist   int
}

func (g *gathering) add(r candidate) error {
	chosen := g.choose(r)
	if chosen.kind == "" {
		if chosen.reason != "" {
			g.skipped = append(g.skipped, Skipped{r.label, chosen.reason})
		}
		return nil
	}
	if _, exists := r.History.of(chosen.kind); exists {
		g.exist++
		return nil
	}
	if g.batch == nil {
		g.batch = make([]outbox.Message, 0, most)
	}
	g.batch = append(g.batch, g.c.message(r, chosen))
	r.posts.add(r.channel, r.Recipient, g.asOf)
	if len(g.batch) < most {
		return nil
	}
	full := g.batch
	g.batch = nil
	return g.put(full)
}

func (c *Campaign) message(r candidate, what choice) outbox.Message {
	now := c.Now().UTC()
	return outbox.Message{
		Key:     outbox.Key{Recipient: r.Recipient, Wave: c.Wave.ID, Kind: what.kind},
		Network: r.Network, Carrier: r.Carrier, State: outbox.Pending, Due: later(now, what.due.UTC()), Queued: now,
	}
}

// put puts messages in the outbox and counts them in q.
func (c *Campaign) put(ctx context.Context, list []outbox.Message, dry bool, q *Queued) error {
	if len(list) == 0 {
		return nil
	}
	if dry {
		for _, m := range list {
			q.count(m)
		}
		return nil
	}
	put, err := c.Outbox.Enqueue(ctx, list)
	if err != nil {
		return err
	}
	for i, m := range list {
		if put[i] {
			q.count(m)
		} else {
			q.AlreadyQueued++
		}
	}
	return nil
}
