package bot

import (
	"context"
	"slices"
	"strings"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/outbox"
	"viesti/staff"
)

// status is how the survey fares: with the network that was named or is meant, else as a whole,
// for those who work with all of it.
func (r *reply) status(ctx context.Context) (m message, err error) {
	network := ""
	if !r.All || !r.rights.May(staff.Work, "") {
		if network, m, err = r.statusOf(ctx); err != nil || m.lines != nil {
			return m, err
		}
	}
	s, err := r.desk.Status(ctx, network)
	if err != nil {
		return m, err
	}
	m.title = r.t("bot.title.status", nil)
	m.header(r.t("bot.status.head", nil))
	if network != "" {
		scope, err := r.scopeName(ctx, order{Network: network})
		if err != nil {
			return m, err
		}
		m.say("*" + scope + "*")
	}
	m.say(r.field(s))
	line, err := r.pausedNetworks(ctx, s.PausedNetworks)
	if err != nil {
		return m, err
	}
	if line != "" {
		m.say(line)
	}
	m.say(r.queue(s.Counts))
	if line := r.upcoming(ctx, network, s); line != "" {
		m.say(line)
	}
	if lines := r.posts(ctx, s.Posts); len(lines) > 0 {
		m.say("*" + r.t("bot.status.posts", nil) + "*\n" + strings.Join(lines, "\n"))
	}
	if lines := r.problems(s, network); len(lines) > 0 {
		m.say("*" + r.t("bot.status.problems", nil) + "*\n" + strings.Join(lines, "\n"))
	}
	return m, nil
}

// statusOf is the network to tell of; empty: all of them. Where it has to be asked, the question is
// in m.
func (r *reply) statusOf(ctx context.Context) (network string, m message, err error) {
	list, err := r.networks(ctx, staff.Work)
	if err != nil {
		return "", m, err
	}
	network, ask, err := r.preset(ctx, list, staff.Work)
	if err == nil && ask == nil && network == "" && !r.rights.May(staff.Work, "") {
		ask = r.which(list, "bot.network.which", nil)
	}
	return network, orElse(ask), err
}

// field is whether the survey is in the field.
func (r *reply) field(s Status) string {
	line := r.t("bot.survey.not_open", nil)
	if s.Open {
		line = r.t("bot.survey.open", i18n.Args{"date": i18n.DateTime(r.lang, s.Closes)})
	}
	if s.Paused || s.AllPaused {
		line += "\n*" + r.t("bot.status.paused", nil) + "*"
	}
	return line
}

// pausedNetworks names the networks that are paused by themselves.
func (r *reply) pausedNetworks(ctx context.Context, ids []string) (string, error) {
	if len(ids) == 0 {
		return "", nil
	}
	list, err := r.desk.Networks(ctx)
	var names []string
	for _, n := range list {
		if slices.Contains(ids, n.ID) {
			names = append(names, name(n.Name.In(r.lang)))
		}
	}
	return "*" + r.t("bot.status.paused_networks", nil) + "*\n" + strings.Join(names, ", "), err
}

// queue is the messages by state, without the states that none is in.
func (r *reply) queue(counts map[outbox.State]int64) string {
	var lines []string
	for _, state := range outbox.States {
		if n := counts[state]; n > 0 {
			lines = append(lines, "• "+r.t("bot.state."+string(state), nil)+": "+i18n.Number(r.lang, n))
		}
	}
	if lines == nil {
		return r.t("bot.status.empty", nil)
	}
	return "*" + r.t("bot.status.messages", nil) + "*\n" + strings.Join(lines, "\n")
}

// upcoming is when the next reminder goes out.
func (r *reply) upcoming(ctx context.Context, network string, s Status) string {
	if network == "" || s.Paused || s.AllPaused {
		return ""
	}
	at, err := r.desk.Next(ctx, network)
	if err != nil || at.IsZero() {
		return ""
	}
	return r.t("bot.send.next", i18n.Args{"date": i18n.DateTime(r.lang, at.In(r.survey.Zone))})
}

// posts are the last posts, each a link to itself.
func (r *reply) posts(ctx context.Context, list []Posted) []string {
	var lines []string
	base, err := r.port.site(ctx)
	for _, p := range list {
		when := i18n.DateTime(r.lang, p.At.In(r.survey.Zone))
		if err == nil && p.TS != "" {
			when = hyperlink(base+"archives/"+p.Channel+"/p"+strings.ReplaceAll(p.TS, ".", ""), when)
		}
		lines = append(lines, "• "+when+" "+room(p.Channel)+": "+r.t("bot.kind."+wording(p.Kind), nil))
	}
	return lines
}

// shownProblems is how many problems are told one by one.
const shownProblems = 10

func (r *reply) problems(s Status, network string) []string {
	all := append([]*fault.Fault(nil), s.Problems...)
	if network == "" {
		for _, p := range r.Health().Problems {
			all = append(all, p.Fault())
		}
	}
	var lines []string
	for i, f := range all {
		if i == shownProblems {
			return append(lines, "…")
		}
		lines = append(lines, "• "+escape(clip(i18n.T(r.lang, f.Key, f.Args), 400)))
	}
	return lines
}
