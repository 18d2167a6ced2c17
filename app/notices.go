package app

import (
	"context"
	"sync"
	"time"

	"viesti/bot"
	"viesti/campaign"
	"viesti/outbox"
	"viesti/report"
	"viesti/report/picture"
	"viesti/staff"
)

// people are those who run the survey, as the planning knows them.
type people struct{ a *App }

func (p people) Digests(ctx context.Context) ([]staff.Digest, error) { return p.a.Store.Digests(ctx) }

// Grants are none where Slack is off: only its users have roles.
func (p people) Grants(ctx context.Context) ([]staff.Grant, error) {
	if p.a.Bot == nil {
		return nil, nil
	}
	return p.a.Bot.Grants(ctx)
}

func (p people) Members(ctx context.Context, group string) ([]string, error) {
	return p.a.Bot.Members(ctx, group)
}

// lagging are the networks that are far behind the others.
func (a *App) lagging(ctx context.Context) (ids []string, err error) {
	rates, err := a.Reporter.Rates(ctx, report.Query{})
	for _, row := range rates.Lagging() {
		ids = append(ids, row.Network)
	}
	return ids, err
}

// Next tells when a network's next reminder goes out.
func (d desk) Next(ctx context.Context, network string) (time.Time, error) {
	next, err := d.a.upcoming.get(ctx, d.a.Campaign, d.a.options.Now())
	return next[network], err
}

// Picture draws rates.
func (d desk) Picture(ctx context.Context, q report.Query) (bot.Picture, error) {
	rates, err := d.a.Reporter.Rates(ctx, q)
	if err != nil {
		return bot.Picture{}, err
	}
	p := picture.Of(rates, q.By, q.Lang)
	png, err := p.PNG()
	return bot.Picture{Title: p.Title, Text: p.Text, PNG: png}, err
}

// Trouble queues what those who can cure it are told.
func (d desk) Trouble(ctx context.Context, network, code, channel string) error {
	_, err := d.a.Campaign.Trouble(ctx, network, code, channel)
	return err
}

// upcoming keeps the next reminders for as long as a plan is worth: a plan looks at every contact,
// and digests of many networks leave at the same hour.
type upcoming struct {
	mu    sync.Mutex
	until time.Time
	next  map[string]time.Time // by network
}

const planKept = time.Minute

func (u *upcoming) get(ctx context.Context, c *campaign.Campaign, now time.Time) (map[string]time.Time, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if now.Before(u.until) {
		return u.next, nil
	}
	plan, err := c.Plan(ctx, now)
	if err != nil {
		return nil, err
	}
	u.next, u.until = plan.Reminders(), now.Add(planKept)
	return u.next, nil
}

// Cards are the status cards that stand where a digest was set up.
func (d desk) Cards(ctx context.Context) (list []bot.Card, err error) {
	networks, err := d.a.Store.Networks(ctx)
	if err != nil {
		return nil, err
	}
	digests, err := d.a.Store.Digests(ctx)
	if err != nil {
		return nil, err
	}
	posted := map[string]bot.Card{} // by recipient
	q := outbox.Query{Wave: d.a.Config.Survey.Wave, States: []outbox.State{outbox.Sent}}
	for _, n := range networks {
		for _, s := range digests {
			if s.Network == n.ID && s.To != "" {
				to := outbox.Staff(n.ID, s.To)
				posted[to], q.Recipients = bot.Card{Network: n, To: s.To}, append(q.Recipients, to)
			}
		}
	}
	if q.Recipients == nil {
		return nil, nil
	}
	err = d.a.Store.Messages(ctx, q, func(m outbox.Message) error {
		if c := posted[m.Recipient]; m.Kind == outbox.Card && m.Reply.Ref != "" {
			c.Ref = m.Reply.Ref
			list = append(list, c)
		}
		return nil
	})
	return list, err
}
