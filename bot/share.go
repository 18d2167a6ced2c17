package bot

import (
	"context"

	"viesti/i18n"
	"viesti/staff"
)

// Share is a network's survey passed on to a further channel.
type Share struct {
	Network string
	Channel string // Slack's id
	By      string // who passed it on: a user's id
	Dry     bool   // make and queue nothing
}

// Passed is what became of a Share, or would become of it.
type Passed struct {
	URL    string // the channel's own link; empty when it is not made yet
	Queued bool   // a post there is or would be queued
	Reason string // why not, by the outbox's reasons; empty: it was posted before
}

// share asks for what was not named, and previews the rest.
func (r *reply) share(ctx context.Context) (m message, err error) {
	list, err := r.networks(ctx, staff.Work)
	if err != nil {
		return m, err
	}
	preset, ask, err := r.preset(ctx, list, staff.Work)
	switch {
	case err != nil || ask != nil:
		return orElse(ask), err
	case preset != "" && r.Room != "":
		return r.preview(ctx, order{Verb: verbShare, Network: preset, Room: r.Room}, "")
	}
	m.title = r.t("bot.title.share", nil)
	m.form = &form{action: "share.preview", submit: r.t("bot.form.preview", nil)}
	m.say(r.t("bot.form.share", nil))
	m.input(r.t("bot.form.network", nil), "network", r.networkField(list, preset, false))
	m.input(r.t("bot.form.room", nil), "room", &element{
		Type: "conversations_select", ActionID: "room", InitialConversation: r.Room,
		Filter: &filter{Include: []string{"public", "private"}, ExcludeExternal: true, ExcludeBots: true},
	})
	return m, nil
}

func (r *reply) previewShare(ctx context.Context) (message, error) {
	id, wrong, err := r.fieldNetwork(ctx)
	room := r.in.View.Values["room"]
	switch {
	case err != nil || wrong != nil:
		return message{wrong: wrong}, err
	case id == "":
		return message{wrong: map[string]string{"network": r.t("bot.form.unknown", nil)}}, nil
	case !roomForm.MatchString(room):
		return message{wrong: map[string]string{"room": r.t("bot.form.no_room", nil)}}, nil
	}
	return r.preview(ctx, order{Verb: verbShare, Network: id, Room: room}, "")
}

func (r *reply) passing(ctx context.Context, o order, dry bool) (Passed, error) {
	return r.desk.Share(ctx, Share{Network: o.Network, Channel: o.Room, By: r.in.User, Dry: dry})
}

func (r *reply) foreseeShare(ctx context.Context, o order) (f foreseen, err error) {
	p, err := r.passing(ctx, o, true)
	if err != nil {
		return f, err
	}
	args := i18n.Args{"channel": room(o.Room)}
	f.fresh, f.possible = []any{o, p.Queued, p.Reason}, true
	switch {
	case p.Queued:
		f.paragraphs = append(f.paragraphs, r.t("bot.share.would", args))
	case p.Reason != "":
		f.paragraphs = append(f.paragraphs, r.t("bot.share.cannot", i18n.Args{"reason": r.t("bot.reason."+known(p.Reason), nil)}))
		f.possible = false
	default:
		f.paragraphs = append(f.paragraphs, r.t("bot.share.before", args))
		f.possible = false
		if p.URL != "" {
			f.paragraphs = append(f.paragraphs, hyperlink(p.URL, ""))
		}
	}
	return f, nil
}

func (r *reply) passOn(ctx context.Context, o order) (m message, err error) {
	p, err := r.passing(ctx, o, false)
	if err != nil {
		return m, err
	}
	args := i18n.Args{"channel": room(o.Room)}
	key := "bot.share.done"
	if !p.Queued {
		key = "bot.share.before"
	}
	m.title = r.t("bot.title.share", nil)
	m.sayAs(r.t(key, args)+"\n"+hyperlink(p.URL, ""), r.t(key, args)+"\n"+p.URL)
	m.note(r.t("bot.share.note", nil))
	m.actions(r.button("bot.do.status", string(verbStatus), o.Network))
	return m, nil
}

// room is a Slack channel, shown by its name to those who may see it.
func room(id string) string { return "<#" + id + ">" }
