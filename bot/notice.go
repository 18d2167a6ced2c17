package bot

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/link"
	"viesti/outbox"
	"viesti/report"
)

// write makes the post of a delivery.
func (b *Bot) write(ctx context.Context, d outbox.Delivery) (post, error) {
	place, ok := d.Place()
	if !ok || !place.Staff {
		return b.compose(d), nil
	}
	m, err := b.notice(ctx, d, place.To)
	return post{Channel: place.To, Delivery: deliveryID(d.Key), Text: m.text(), Blocks: m.blocks}, err
}

// notice makes what is told to the people who run the survey, from the figures of this moment.
func (b *Bot) notice(ctx context.Context, d outbox.Delivery, to string) (message, error) {
	r := &reply{Bot: b, lang: b.speaks(ctx, d.Network, to)}
	if code, channel, ok := d.Kind.Problem(); ok {
		return r.trouble(d.Network, code, channel), nil
	}
	if day, ok := d.Kind.Purge(); ok {
		return r.purge(day), nil
	}
	f, err := b.figures(ctx, d.Network, r.lang)
	if err != nil {
		return message{}, err
	}
	switch _, week, ok := d.Kind.Week(); {
	case ok:
		return r.week(f, week), nil
	case d.Kind == outbox.AlertLow:
		return r.alert(f), nil
	default:
		return r.card(f), nil
	}
}

// speaks is the language in which somebody is told of a network: their own choice, else that of
// the digest that was set up for them, else the network's first.
func (b *Bot) speaks(ctx context.Context, n contacts.Network, to string) i18n.Lang {
	var own, set i18n.Lang
	if b.roster != nil {
		if p, err := b.roster.Store.Person(ctx, to); err == nil {
			own = p.Lang
		}
		if list, err := b.roster.Store.Digests(ctx); err == nil {
			for _, d := range list {
				if d.Network == n.ID && d.To == to {
					set = d.Lang
				}
			}
		}
	}
	if len(n.Name) == 0 { // it is about the installation
		return cmp.Or(own, set, b.lang)
	}
	return cmp.Or(own, set, n.Langs()[0])
}

// figures are what is told of a network.
type figures struct {
	network contacts.Network
	rates   report.Rates // by network
	row     report.Row   // the network's
	days    report.Rates // the network's, by day
	next    time.Time    // when its next reminder goes out; zero: none is planned
	status  Status       // of its messages
}

func (b *Bot) figures(ctx context.Context, n contacts.Network, l i18n.Lang) (f figures, err error) {
	f.network = n
	if f.rates, err = b.desk.Rates(ctx, report.Query{By: report.ByNetwork, Lang: l}); err != nil {
		return f, err
	}
	if i := slices.IndexFunc(f.rates.Rows, func(row report.Row) bool { return row.Network == n.ID }); i >= 0 {
		f.row = f.rates.Rows[i]
	}
	if f.days, err = b.desk.Rates(ctx, report.Query{Network: n.ID, By: report.ByDay, Lang: l}); err != nil {
		return f, err
	}
	if f.next, err = b.desk.Next(ctx, n.ID); err != nil {
		return f, err
	}
	f.status, err = b.desk.Status(ctx, n.ID)
	return f, err
}

// called is a network's name for mrkdwn.
func (r *reply) called(n contacts.Network) string { return name(n.Name.In(r.lang)) }

// ways are the answers by the way they came, without the ways that nobody came.
func (r *reply) ways(row report.Row) (lines []string) {
	for i, line := range r.channels(row) {
		if row.ByChannel[link.Channels[i]] != (report.Counts{}) {
			lines = append(lines, line)
		}
	}
	return lines
}

// attention adds what keeps messages from going out, and what waits for a person: of a network, or
// with network empty of the whole.
func (r *reply) attention(m *message, s Status, network string) {
	if s.Paused || s.AllPaused {
		m.say("*" + r.t("bot.status.paused", nil) + "*")
	}
	if lines := r.problems(s, network); len(lines) > 0 {
		m.say("*" + r.t("bot.status.problems", nil) + "*\n" + strings.Join(lines, "\n"))
	}
}

// reminder is when the next reminder goes out.
func (r *reply) reminder(f figures) string {
	if f.next.IsZero() {
		return r.t("bot.notice.no_reminder", nil)
	}
	return r.t("bot.notice.reminder", i18n.Args{"date": i18n.DateTime(r.lang, f.next.In(r.survey.Zone))})
}

// remaining is how far it is to the network's target; empty where it has none.
func (r *reply) remaining(row report.Row) string {
	switch left := row.Target - row.Complete; {
	case row.Target == 0:
		return ""
	case left > 0:
		return r.t("bot.notice.left", i18n.Args{"n": left, "target": row.Target})
	default:
		return r.t("bot.notice.reached", i18n.Args{"target": row.Target})
	}
}
