package app

import (
	"context"
	"slices"
	"strings"

	"viesti/bot"
	"viesti/campaign"
	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/link"
	"viesti/outbox"
	"viesti/report"
	"viesti/survey"
)

// desk is what the bot asks the program for.
type desk struct{ a *App }

func (d desk) Rates(ctx context.Context, q report.Query) (report.Rates, error) {
	return d.a.Reporter.Rates(ctx, q)
}

func (d desk) Networks(ctx context.Context) ([]contacts.Network, error) {
	return d.a.Store.Networks(ctx)
}

func (d desk) Link(ctx context.Context, network string, ch link.Channel) (string, error) {
	if ch == link.Onward { // what people in Slack pass on
		made, err := d.a.Links.Forward(ctx, network, link.Slack)
		return d.a.Links.URL(made), err
	}
	made, err := d.a.Links.Ensure(ctx, link.Key{Network: network, Channel: ch})
	return d.a.Links.URL(made), err
}

func (d desk) Status(ctx context.Context, network string) (bot.Status, error) {
	if network != "" {
		return d.statusOf(ctx, network)
	}
	s, err := d.a.status(ctx)
	return bot.Status{
		Open: s.Survey.Open, Closes: s.Survey.Closes, Paused: s.Paused, AllPaused: s.Paused, PausedNetworks: s.Networks,
		Counts: s.Outbox, Problems: d.a.problems(s),
	}, err
}

// mostPosts is how many of a network's posts are shown.
const mostPosts = 5

// statusOf is how one network's messages fare.
func (d desk) statusOf(ctx context.Context, network string) (bot.Status, error) {
	p := d.a.fieldwork.Period
	status := bot.Status{
		Open: d.a.fieldwork.Phase() == survey.Open, Closes: p.Closes, Counts: map[outbox.State]int64{},
	}
	counts, err := d.a.Store.Counts(ctx, p.Wave)
	if err != nil {
		return status, err
	}
	for _, t := range counts {
		if t.Network == network {
			status.Counts[t.State] += t.N
		}
	}
	if n := status.Counts[outbox.Uncertain]; n > 0 {
		status.Problems = append(status.Problems, fault.New(fault.Conflict, "app.uncertain", i18n.Args{"n": n}))
	}
	if status.AllPaused, err = d.a.Store.Paused(ctx); err != nil {
		return status, err
	}
	paused, err := d.a.Store.PausedNetworks(ctx)
	if err != nil {
		return status, err
	}
	status.Paused = status.AllPaused || slices.Contains(paused, network)
	status.Posts, err = d.posts(ctx, network)
	return status, err
}

// posts are the last posts to a network's channel.
func (d desk) posts(ctx context.Context, network string) (list []bot.Posted, err error) {
	q := outbox.Query{Wave: d.a.fieldwork.Period.Wave, States: []outbox.State{outbox.Sent}, Recipients: []string{outbox.Channel(network)}}
	err = d.a.Store.Messages(ctx, q, func(m outbox.Message) error {
		channel, ts, _ := strings.Cut(m.Reply.Ref, " ")
		list = append(list, bot.Posted{Kind: m.Kind, At: m.Settled, Channel: channel, TS: ts})
		return nil
	})
	slices.SortFunc(list, func(a, b bot.Posted) int { return b.At.Compare(a.At) })
	return list[:min(len(list), mostPosts)], err
}

func (d desk) Send(ctx context.Context, s bot.Sending) (bot.Queued, error) {
	sel := campaign.Selection{Networks: s.Networks, Channel: s.Carrier, DryRun: s.Dry}
	var q campaign.Queued
	var err error
	if s.Remind {
		q, err = d.a.Campaign.Remind(ctx, sel, d.a.options.Now())
	} else {
		q, err = d.a.Campaign.Invite(ctx, sel)
	}
	out := bot.Queued{
		Mail: q.ByCarrier[link.Mail], Direct: q.ByCarrier[link.Slack] - q.Posts, Posts: q.Posts,
		Already: q.AlreadyQueued, LeftOut: map[string]int{},
	}
	for _, x := range q.Skipped {
		out.LeftOut[x.Reason]++
	}
	return out, err
}

func (d desk) Share(ctx context.Context, s bot.Share) (bot.Passed, error) {
	p, err := d.a.Campaign.Share(ctx, s.Network, s.Channel, s.Dry)
	out := bot.Passed{URL: p.URL, Queued: p.Queued.Queued > 0}
	if len(p.Skipped) > 0 {
		out.Reason = p.Skipped[0].Reason
	}
	return out, err
}

func (d desk) SetPaused(ctx context.Context, networks []string, pause bool) (err error) {
	if len(networks) > 0 {
		err = d.a.Store.PauseNetworks(ctx, networks, pause)
	} else {
		err = d.a.Store.SetPaused(ctx, pause)
	}
	if err == nil {
		d.a.Worker.Wake()
	}
	return err
}
