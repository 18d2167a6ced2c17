package bot

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"viesti/contacts"
	"viesti/i18n"
)

// Card is a status card as it was posted.
type Card struct {
	Network contacts.Network
	To      string // for whom
	Ref     string // channel and ts, as the outbox has them
}

// card is how a network fares at this moment.
func (r *reply) card(f figures) (m message) {
	m.header(clip(oneLine(f.network.Name.In(r.lang)), maxHeader))
	m.say(r.rate(f.row, "*"+r.t("bot.rates.complete", nil)+"*"))
	m.say(join(f.SaysNews(r.lang), f.SaysTarget(r.lang)))
	if ways := r.ways(f.row); ways != nil {
		m.say(strings.Join(ways, "\n"))
	}
	m.say(f.SaysNext(r.lang))
	r.attention(&m, f.status, f.network.ID)
	m.note(r.openUntil(f.Rates.Open) + " " + r.t("bot.card.live", i18n.Args{"date": i18n.DateTime(r.lang, f.Rates.AsOf.In(r.survey.Zone))}))
	return m
}

// How often cards are looked at, and how far apart they are changed: Slack takes fifty changes a
// minute.
const (
	cardPace  = 3 * time.Minute
	cardSpace = 1500 * time.Millisecond
)

// KeepCards changes posted cards when what they say has changed, until ctx ends, and returns nil
// then. Changing a message is the same however often it is done, so nothing is remembered over
// restarts but where the card is, which the outbox knows.
func (b *Bot) KeepCards(ctx context.Context) error {
	k := cards{bot: b, said: map[string]string{}, space: cardSpace}
	ticker := time.NewTicker(cardPace)
	defer ticker.Stop()
	for {
		if err := k.round(ctx); err != nil && ctx.Err() == nil {
			b.log.Warn("status cards cannot be kept", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// cards are the status cards that are kept.
type cards struct {
	bot   *Bot
	space time.Duration
	said  map[string]string // what a card says, by its Ref; empty: people have taken it away
}

// round changes every card that does not say what is so. It ends with the first change that
// Slack does not take; the next round begins anew.
func (k *cards) round(ctx context.Context) error {
	list, err := k.bot.desk.Cards(ctx)
	if err != nil {
		return err
	}
	for _, c := range list {
		if changed, err := k.keep(ctx, c); err != nil {
			return err
		} else if !changed {
			continue
		}
		timer := time.NewTimer(k.space)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
	return nil
}

// keep changes one card if it has to be. A card that is gone stays gone: who deleted it did not
// want it, and another would only be deleted too.
func (k *cards) keep(ctx context.Context, c Card) (changed bool, err error) {
	said, known := k.said[c.Ref]
	if known && said == "" {
		return false, nil
	}
	r := &reply{Bot: k.bot, lang: k.bot.speaks(ctx, c.Network, c.To)}
	f, err := k.bot.figures(ctx, c.Network, r.lang)
	if err != nil {
		return false, err
	}
	m := r.card(f)
	says := strings.Join(m.lines[:len(m.lines)-1], "\n") // without the time of the change
	if says == said {
		return false, nil
	}
	channel, ts, _ := strings.Cut(c.Ref, " ")
	err = k.bot.port.edit(ctx, ts, post{Channel: channel, Text: m.text(), Blocks: m.blocks})
	var refused *refusal
	if errors.As(err, &refused) && slices.Contains(gone, refused.Code) {
		k.bot.log.Info("a status card is gone", "network", c.Network.ID, "code", refused.Code)
		k.said[c.Ref] = ""
		return true, nil
	}
	if err == nil {
		k.said[c.Ref] = says
	}
	return true, err
}

// gone are Slack's answers to the change of a message that cannot be changed any more.
var gone = []string{
	"message_not_found", "cant_update_message", "edit_window_closed", "channel_not_found", "is_archived", "not_in_channel",
}

// edit changes a message of ours.
func (p *port) edit(ctx context.Context, ts string, m post) error {
	return p.call(ctx, func(ctx context.Context) error {
		_, _, _, err := p.api.UpdateMessageContext(ctx, m.Channel, ts,
			slack.MsgOptionText(m.Text, false), slack.MsgOptionBlocks(native(m.Blocks)...))
		return err
	})
}
