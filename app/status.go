package app

import (
	"context"
	"slices"

	"viesti/bot"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/link"
	"viesti/mailer"
	"viesti/outbox"
	"viesti/server/control"
	"viesti/survey"
)

// status gathers how the survey and its messages fare.
func (a *App) status(ctx context.Context) (control.Status, error) {
	p := a.fieldwork.Period
	s := control.Status{
		Survey: control.SurveyStatus{Wave: p.Wave, Opens: p.Opens, Closes: p.Closes, Open: a.fieldwork.Phase() == survey.Open},
		Outbox: map[outbox.State]int64{},
		Mail:   struct{}{}, Slack: struct{}{},
	}
	for _, state := range outbox.States {
		s.Outbox[state] = 0
	}
	counts, err := a.Store.Counts(ctx, p.Wave)
	if err != nil {
		return s, err
	}
	if s.Paused, err = a.Store.Paused(ctx); err != nil {
		return s, err
	}
	if s.Networks, err = a.Store.PausedNetworks(ctx); err != nil {
		return s, err
	}
	for _, t := range counts {
		s.Outbox[t.State] += t.N
		if slices.Contains(s.Networks, t.Network) && (outbox.Message{State: t.State}).Waiting() {
			s.Held += t.N
		}
	}
	health := a.Worker.Health()
	if a.mail != nil {
		s.Mail = mailStatus{Relay: a.Config.Mail.Addr(), Relays: a.mail.Health(), Health: health[link.Mail]}
	}
	if a.Bot != nil {
		s.Slack = slackStatus{Health: health[link.Slack], Bot: a.Bot.Health()}
	}
	if s.Outbox[outbox.Uncertain] > 0 { // else a long queue is not gone through for nothing
		s.Uncertain, err = a.troubles(ctx, mostTroubles, outbox.Uncertain)
	}
	if err == nil && s.Outbox[outbox.Failed] > 0 {
		s.Failed, err = a.troubles(ctx, mostTroubles, outbox.Failed)
	}
	if err == nil {
		s.Bounces, err = a.bounces(ctx, mostBounces)
	}
	if err == nil {
		s.Purge, err = a.purgeStatus(ctx)
	}
	return s, err
}

type mailStatus struct {
	Relay  string               `json:"relay"`
	Relays []mailer.RelayHealth `json:"relays"`
	outbox.Health
}

type slackStatus struct {
	outbox.Health
	Bot bot.Health `json:"bot"`
}

// problems are what a person has to mend or to decide, without what the bot knows itself.
func (a *App) problems(s control.Status) (list []*fault.Fault) {
	if mail, ok := a.Worker.Health()[link.Mail]; ok && !mail.OK {
		list = append(list, fault.New(fault.Unavailable, "app.relay", i18n.Args{"relay": a.Config.Mail.Addr()}))
	}
	if n := s.Outbox[outbox.Uncertain]; n > 0 {
		list = append(list, fault.New(fault.Conflict, "app.uncertain", i18n.Args{"n": n}))
	}
	if s.Purge != nil && s.Purge.Soon {
		list = append(list, fault.New(fault.Conflict, "app.purge_soon", i18n.Args{"date": i18n.Moment(a.Keeper.Due().In(a.Config.Survey.Zone))}))
	}
	return list
}
