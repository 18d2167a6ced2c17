package bot

import (
	"cmp"
	"context"
	"strings"

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
	report.Week
	network contacts.Network
	row     report.Row // the network's
	status  Status     // of its messages
}

func (b *Bot) figures(ctx context.Context, n contacts.Network, l i18n.Lang) (f figures, err error) {
	f.network, f.Week = n, report.Week{Network: n.ID, Zone: b.survey.Zone}
	if f.Rates, err = b.desk.Rates(ctx, report.Query{By: report.ByNetwork, Lang: l}); err != nil {
		return f, err
	}
	f.row = f.Row()
	if f.Days, err = b.desk.Rates(ctx, report.Query{Network: n.ID, By: report.ByDay, Lang: l}); err != nil {
		return f, err
	}
	if f.Next, err = b.desk.Next(ctx, n.ID); err != nil {
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
