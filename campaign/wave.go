// Package campaign decides who is written to and when: invitations, reminders and the last call
// of a wave, as a pure function of the contacts, the rules and what was sent, and one loop that
// puts what is due in the outbox.
//
// It sends nothing itself and remembers nothing: what was sent is in the outbox, so planning may
// run any number of times.
package campaign

import (
	"slices"
	"time"

	"viesti/contacts"
	"viesti/link"
	"viesti/outbox"
	"viesti/staff"
)

// Wave is one fielding of the survey.
type Wave struct {
	ID       string
	Opens    time.Time
	Closes   time.Time
	Zone     *time.Location
	Rules    Rules
	Channels []link.Channel // in use: link.Mail, link.Slack
	Digest   staff.Digest   // in Slack, of networks that have set none of their own; its Network is empty
	Letter   staff.Digest   // the same by mail
	Direct   Direct
}

// Direct says who is written to in Slack, and not by mail. Without Slack nobody is.
type Direct struct {
	Messages bool // those whose account is known
	LookUp   bool // Slack is asked for those whose account is not
}

// Rules say when reminders go out.
type Rules struct {
	After            []time.Duration // since the invitation, for everybody
	BelowTargetAfter []time.Duration // since the invitation, in networks below their target
	LastCall         time.Duration   // before the close; 0: none
	ThankYou         time.Duration   // after the close; 0: none
	ThankAskers      bool            // thanks go to those alone who wish to hear of the results
	FromHour, ToHour int             // of the day in the wave's zone; both 0: at any hour
	WeekdaysOnly     bool
	FinnishHolidays  bool // nothing is sent on a public holiday in Finland
}

// step is one message of the wave's sequence after the invitation.
type step struct {
	kind        outbox.Kind
	after       time.Duration
	belowTarget bool
}

func (r Rules) steps() []step {
	steps := make([]step, 0, len(r.After)+len(r.BelowTargetAfter))
	for _, after := range r.After {
		steps = append(steps, step{after: after})
	}
	for _, after := range r.BelowTargetAfter {
		steps = append(steps, step{after: after, belowTarget: true})
	}
	slices.SortStableFunc(steps, func(a, b step) int { return int(a.after - b.after) })
	for i := range steps {
		steps[i].kind = outbox.Reminder(i + 1)
	}
	return steps
}

// restBetween is how long a person is left alone after a message: who was written to yesterday
// needs no second letter today.
const restBetween = 48 * time.Hour

// brisk tells whether the rules count in less than an hour. Such rules are somebody's trial: they
// are carried out to the second, without rest and without spreading.
func (r Rules) brisk() bool {
	soon := func(d time.Duration) bool { return d < time.Hour }
	return slices.ContainsFunc(r.After, soon) || slices.ContainsFunc(r.BelowTargetAfter, soon) || r.ThankYou > 0 && soon(r.ThankYou)
}

// rest is how far apart two messages to a person are at least.
func (r Rules) rest() time.Duration {
	if r.brisk() {
		return 0
	}
	return restBetween
}

// within is the wave as it is for a network with dates of its own, which narrow the wave's and
// never widen them.
func (w Wave) within(opens, closes time.Time) Wave {
	w.Opens = later(w.Opens, opens)
	if !closes.IsZero() && closes.Before(w.Closes) {
		w.Closes = closes
	}
	return w
}

// periods are the dates of the networks that have their own, as moments in the wave's zone. A last
// day counts to its end.
func (w Wave) periods(networks []contacts.Network) map[string][2]time.Time {
	periods := map[string][2]time.Time{}
	for _, n := range networks {
		opens, closes := n.Period(w.Zone)
		if !opens.IsZero() || !closes.IsZero() {
			periods[n.ID] = [2]time.Time{opens, closes}
		}
	}
	return periods
}

// of is the wave as it is for one of the networks.
func (w Wave) of(networks []contacts.Network, id string) Wave {
	period := w.periods(networks)[id]
	return w.within(period[0], period[1])
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
