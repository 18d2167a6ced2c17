package bot

import (
	"context"
	"time"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/outbox"
	"viesti/staff"
)

// report lets people know of a channel that cannot be posted to, before the outbox notes that the
// post failed: so they are told even if the program ends in between. Of a person who cannot be
// reached there is nobody to tell.
func (b *Bot) report(ctx context.Context, d outbox.Delivery, out outbox.Outcome) {
	place, ok := d.Place()
	if !ok || out.State != outbox.Failed || out.Reply.Class != outbox.Destination || staff.IsWho(place.To) || b.desk == nil {
		return
	}
	if err := b.desk.Trouble(ctx, place.Network, out.Reply.Code, d.SlackID()); err != nil {
		b.log.Error("a problem cannot be told", "network", place.Network, "code", out.Reply.Code, "err", err)
	}
}

// trouble tells of a problem that Slack has with us, and its cure.
func (r *reply) trouble(n contacts.Network, code, channel string) (m message) {
	m.say(r.t("bot.trouble.network", i18n.Args{"network": "*" + r.called(n) + "*"}))
	m.say(r.cure(code, channel))
	m.note(r.t("bot.trouble.once", i18n.Args{"id": n.ID}))
	return m
}

// purge tells that people's data are erased by themselves on a day.
func (r *reply) purge(day time.Time) (m message) {
	m.say(r.t("bot.purge.soon", i18n.Args{"title": name(r.survey.Title.In(r.lang)), "date": i18n.Date(r.lang, day)}))
	m.note(r.t("bot.purge.stays", nil))
	return m
}

// cure says what a code of Slack's means for a channel, and what to do.
func (r *reply) cure(code, channel string) string {
	p := Problem{Method: methodPost, Channel: room(channel), Code: literal(code)}
	if _, known := cures[code]; !known {
		return r.t("bot.trouble.other", p.args())
	}
	return r.t(p.key(), p.args())
}

const methodPost = "chat.postMessage"
