package bot

import (
	"context"

	"viesti/i18n"
	"viesti/outbox"
)

// foreseePause says how many messages would wait, or go on. Their number may change while somebody
// reads it, which changes nothing about the pause.
func (r *reply) foreseePause(ctx context.Context, o order) (f foreseen, err error) {
	s, err := r.desk.Status(ctx, o.Network)
	if err != nil {
		return f, err
	}
	pausing := o.Verb == verbPause
	f.fresh = []any{o, s.Paused}
	f.possible = s.Paused != pausing || o.Network == ""
	switch waiting := s.Counts[outbox.Pending] + s.Counts[outbox.Retrying]; {
	case pausing && !f.possible:
		f.paragraphs = append(f.paragraphs, r.t("bot.pause.already", nil))
	case !f.possible:
		f.paragraphs = append(f.paragraphs, r.t("bot.pause.running", nil))
	case pausing:
		f.paragraphs = append(f.paragraphs, r.t("bot.pause.would", i18n.Args{"n": waiting}))
	default:
		f.paragraphs = append(f.paragraphs, r.t("bot.pause.would_resume", i18n.Args{"n": waiting}))
	}
	if s.AllPaused && !pausing && o.Network != "" {
		f.possible = false
		f.paragraphs = []string{r.t("bot.pause.all", nil)}
	}
	return f, nil
}

func (r *reply) setPaused(ctx context.Context, o order) (m message, err error) {
	networks, ok, err := r.scope(ctx, o)
	if err != nil || !ok {
		return r.denied(ctx), err
	}
	pausing := o.Verb == verbPause
	if err := r.desk.SetPaused(ctx, networks, pausing); err != nil {
		return m, err
	}
	scope, err := r.scopeName(ctx, o)
	if pausing {
		m.say(r.t("bot.pause.done", i18n.Args{"network": scope}))
		m.actions(r.button("bot.do.resume", string(verbResume), o.Network))
	} else {
		m.say(r.t("bot.pause.resumed", i18n.Args{"network": scope}))
	}
	return m, err
}
