package bot

import (
	"context"

	"viesti/i18n"
	"viesti/outbox"
)

// foreseePause says how many messages would wait, or go on. Their number may change while somebody
// reads it, which changes nothing about the pause.
func (r *reply) foreseePause(ctx context.Context, o order) (f foreseen, err error) {
	networks, _, err := r.scope(ctx, o)
	if err != nil {
		return f, err
	}
	if networks == nil {
		networks = []string{""}
	}
	pausing := o.Verb == verbPause
	var waiting int64
	var last Status
	for _, id := range networks {
		s, err := r.desk.Status(ctx, id)
		if err != nil {
			return f, err
		}
		last = s
		if s.Paused != pausing {
			f.possible = true
			waiting += s.Counts[outbox.Pending] + s.Counts[outbox.Retrying]
		}
	}
	f.fresh = []any{o, f.possible}
	switch args := (i18n.Args{"n": waiting}); {
	case pausing && !f.possible:
		f.paragraphs = append(f.paragraphs, r.t("bot.pause.already", nil))
	case !f.possible && !last.AllPaused:
		f.paragraphs = append(f.paragraphs, r.t("bot.pause.running", nil))
	case pausing:
		f.paragraphs = append(f.paragraphs, r.t("bot.pause.would", args))
	case f.possible:
		f.paragraphs = append(f.paragraphs, r.t("bot.pause.would_resume", args))
	}
	if !pausing && last.AllPaused && networks[0] != "" {
		f.paragraphs = append(f.paragraphs, r.t("bot.pause.all", nil))
	}
	line, err := r.pausedNetworks(ctx, last.PausedNetworks)
	if line != "" {
		f.paragraphs = append(f.paragraphs, line)
	}
	return f, err
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
