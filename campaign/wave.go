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
	Digest   staff.Digest   // of networks that have set none of their own; its Network is empty
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

// restBeforeLastCall is how long after another message the last call is left out: who was written
// to yesterday needs no second letter today.
const restBeforeLastCall = 48 * time.Hour

// Candidate is a recipient as the planning sees them.
type Candidate struct {
	Recipient   string // a contact's id, outbox.Channel or outbox.Shared
	Network     string
	Carrier     link.Channel
	Unwanted    string // why nothing may be sent (outbox.Unwanted); empty when it may
	BelowTarget bool   // the network is below its target
	// Rest is until when nothing but an invitation goes there, because another network's post
	// stands in the same channel.
	Rest    time.Time
	History map[outbox.Kind]outbox.Message
}

// Planned is a message that is to be sent.
type Planned struct {
	Kind   outbox.Kind
	At     time.Time
	Queued bool // it is in the outbox already
}

// Schedule is everything that the candidate is still to be sent from now on, in order, if nothing
// else happens: an invitation at once, each reminder when its time has come since the message
// before it was sent, and thanks after the close. It is pure.
func (w Wave) Schedule(c Candidate, now time.Time) []Planned {
	switch c.Unwanted {
	case "":
		return w.thanks(c, now, w.untilClose(c, now))
	case outbox.ReasonAnswered: // they need no reminder, and thanks are none
		return w.thanks(c, now, nil)
	default:
		return nil
	}
}

func (w Wave) untilClose(c Candidate, now time.Time) []Planned {
	if !now.Before(w.Closes) {
		return nil
	}
	var plan []Planned
	invited, sent := w.invitation(c, now, &plan)
	if !sent {
		return plan
	}
	last, lastAfter := invited, time.Duration(0)
	for _, s := range w.Rules.steps() {
		if m, ok := c.History[s.kind]; ok {
			at, counts := passed(m, now)
			if m.Waiting() {
				plan = append(plan, Planned{Kind: s.kind, At: at, Queued: true})
			}
			if counts {
				last, lastAfter = at, s.after
			}
			continue
		}
		if s.belowTarget && !c.BelowTarget {
			continue
		}
		due := later(later(invited.Add(s.after), last.Add(s.after-lastAfter)), c.Rest)
		at := w.Rules.allowed(later(due, now), w.Zone)
		if !at.Before(w.Closes) {
			return plan
		}
		plan = append(plan, Planned{Kind: s.kind, At: at})
		last, lastAfter = at, s.after
	}
	return w.lastCall(c, now, last, plan)
}

// invitation plans the invitation and tells when it was or will be sent; ok is false when there
// is none to follow up.
func (w Wave) invitation(c Candidate, now time.Time, plan *[]Planned) (at time.Time, ok bool) {
	m, exists := c.History[outbox.Invitation]
	if !exists {
		at = later(now, w.Opens)
		*plan = append(*plan, Planned{Kind: outbox.Invitation, At: at})
		return at, true
	}
	at, ok = passed(m, now)
	if m.Waiting() {
		*plan = append(*plan, Planned{Kind: outbox.Invitation, At: at, Queued: true})
	}
	return at, ok
}

func (w Wave) lastCall(c Candidate, now, last time.Time, plan []Planned) []Planned {
	if w.Rules.LastCall == 0 {
		return plan
	}
	if m, ok := c.History[outbox.LastCall]; ok {
		if m.Waiting() {
			plan = append(plan, Planned{Kind: outbox.LastCall, At: later(m.Due, now), Queued: true})
		}
		return plan
	}
	if !c.Rest.IsZero() {
		last = later(last, c.Rest.Add(-channelRest))
	}
	// Whether it is left out is settled by the moment it is meant for: waiting does not bring it back.
	meant := w.Rules.allowed(w.Closes.Add(-w.Rules.LastCall), w.Zone)
	at := w.Rules.allowed(later(meant, now), w.Zone)
	if !at.Before(w.Closes) || meant.Sub(last) < restBeforeLastCall {
		return plan
	}
	return append(plan, Planned{Kind: outbox.LastCall, At: at})
}

// thanksLate is how long after their time thanks are still sent: later ones would surprise.
const thanksLate = 14 * 24 * time.Hour

// thanks go by mail to everybody who was or will be written to: nobody knows who has answered.
func (w Wave) thanks(c Candidate, now time.Time, plan []Planned) []Planned {
	if w.Rules.ThankYou == 0 || c.Carrier != link.Mail {
		return plan
	}
	if m, ok := c.History[outbox.ThankYou]; ok {
		if m.Waiting() {
			plan = append(plan, Planned{Kind: outbox.ThankYou, At: later(m.Due, now), Queued: true})
		}
		return plan
	}
	reached := len(plan) > 0
	for _, m := range c.History {
		reached = reached || m.State == outbox.Sent
	}
	meant := w.Rules.allowed(w.Closes.Add(w.Rules.ThankYou), w.Zone)
	if !reached || now.Sub(meant) > thanksLate {
		return plan
	}
	return append(plan, Planned{Kind: outbox.ThankYou, At: w.Rules.allowed(later(meant, now), w.Zone)})
}

// passed is when a message in the outbox was or will be sent; ok is false when it was not and
// nothing is known to follow: refused, cancelled, or in doubt until a person has decided.
func passed(m outbox.Message, now time.Time) (at time.Time, ok bool) {
	switch m.State {
	case outbox.Sent:
		return m.Settled, true
	case outbox.Pending, outbox.Retrying:
		return later(m.Due, now), true
	case outbox.Sending:
		return now, true
	default:
		return time.Time{}, false
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// Due is what the candidate is to be sent now, beyond the invitation: at most one message.
func (w Wave) Due(c Candidate, now time.Time) (outbox.Kind, bool) {
	if now.Before(w.Opens) {
		return "", false
	}
	plan := w.Schedule(c, now)
	if len(plan) == 0 || plan[0].Queued || plan[0].Kind == outbox.Invitation {
		return "", false // one thing at a time, and invitations are a person's decision
	}
	return plan[0].Kind, !plan[0].At.After(now)
}
