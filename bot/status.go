package bot

import (
	"context"
	"strings"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/outbox"
)

func (r *reply) status(ctx context.Context) (message, error) {
	s, err := r.desk.Status(ctx)
	if err != nil {
		return message{}, err
	}
	var m message
	m.header(r.t("bot.status.head", nil))
	m.say(r.field(s))
	m.say(r.queue(s.Counts))
	if lines := r.problems(s); len(lines) > 0 {
		m.say("*" + r.t("bot.status.problems", nil) + "*\n" + strings.Join(lines, "\n"))
	}
	return m, nil
}

// field is whether the survey is in the field.
func (r *reply) field(s Status) string {
	line := r.t("bot.survey.not_open", nil)
	if s.Open {
		line = r.t("bot.survey.open", i18n.Args{"date": i18n.DateTime(r.lang, s.Closes)})
	}
	if s.Paused {
		line += "\n*" + r.t("bot.status.paused", nil) + "*"
	}
	return line
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

// shownProblems is how many problems are told one by one.
const shownProblems = 10

func (r *reply) problems(s Status) []string {
	all := append([]*fault.Fault(nil), s.Problems...)
	for _, p := range r.Health().Problems {
		all = append(all, p.Fault())
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
