package campaign

import (
	"cmp"
	"time"

	"viesti/link"
	"viesti/outbox"
)

// Candidate is a recipient as the planning sees them.
type Candidate struct {
	Recipient   string // a contact's id, outbox.Channel or outbox.Shared
	Network     string
	Carrier     link.Channel
	Unwanted    string // why nothing may be sent (outbox.Unwanted); empty when it may
	BelowTarget bool   // the network is below its target
	Results     bool   // they wish to hear of the results
	// Opens and Closes are the network's own, where it has them.
	Opens, Closes time.Time
	// Rest is until when nothing but an invitation goes there, because another network's post
	// stands in the same channel.
	Rest time.Time
	// Before is when something was last sent to them in another wave.
	Before  time.Time
	History History // in the wave
}

// History is what became of the messages to a recipient.
type History []outbox.Trace

// of is the one of a kind.
func (h History) of(kind outbox.Kind) (t outbox.Trace, ok bool) {
	for _, t := range h {
		if t.Kind == kind {
			return t, true
		}
	}
	return t, false
}

// Planned is a message that is to be sent.
type Planned struct {
	Kind   outbox.Kind
	At     time.Time // when it is due
	Leaves time.Time // its own moment within the hour after
	Queued bool      // it is in the outbox already
}

// Left is a message that is not to be sent, and why.
type Left struct {
	Kind   outbox.Kind // empty: none is, of all that would follow
	Reason string      // one of the outbox's, or one of those below
}

// Reasons for leaving out a message of a wave.
const (
	ReasonOnTarget  = "on_target" // the network has the answers it aims for
	ReasonRecent    = "recent"    // it is within 48 hours of another message
	ReasonFailed    = "failed"    // the invitation was refused
	ReasonUncertain = "uncertain" // nobody knows whether the invitation arrived
	// ReasonAfterClose is of a message whose time comes after the close, the wave's or the network's own.
	ReasonAfterClose = "after_close"
	// ReasonAfterLast is of a reminder whose time comes after the last call, which is the last.
	ReasonAfterLast = "after_last_call"
)

// Course is everything that a candidate is still to be sent, in order, and what they are not.
type Course struct {
	Planned []Planned
	Left    []Left
}

// Schedule is what follows for the candidate from now on, if nothing else happens: an invitation
// at once, each reminder when its time has come since the message before it was sent, and thanks
// after the close. It is pure.
func (w Wave) Schedule(c Candidate, now time.Time) Course { return w.planner().schedule(c, now) }

// planner makes the schedules of many candidates, one after the other. What is the same for all is
// worked out once, and a schedule lies where the one before it lay.
type planner struct {
	wave  Wave
	steps []step
	list  []Planned
	// closes and lastCall are those of the candidate before: most have the wave's.
	closes, lastCall time.Time
}

func (w Wave) planner() *planner { return &planner{wave: w, steps: w.Rules.steps()} }

// schedule holds until the next one is made.
func (l *planner) schedule(c Candidate, now time.Time) Course {
	p := planning{wave: l.wave.within(c.Opens, c.Closes), steps: l.steps, Candidate: c, now: now, last: c.Before}
	p.Planned = l.list[:0]
	if p.wave.Rules.LastCall > 0 && !l.closes.Equal(p.wave.Closes) {
		l.closes, l.lastCall = p.wave.Closes, p.wave.lastCallAt()
	}
	p.meant = l.lastCall
	switch c.Unwanted {
	case "":
		p.untilClose()
		p.thanks(l.wave.Closes)
	case outbox.ReasonAnswered: // they need no reminder, and thanks are none
		p.leave("", c.Unwanted)
		p.thanks(l.wave.Closes)
	default:
		p.leave("", c.Unwanted)
	}
	l.list = p.Planned
	return p.Course
}

// planning is a schedule that is being made.
type planning struct {
	Course
	Candidate
	wave  Wave
	steps []step
	now   time.Time
	last  time.Time // when the message before goes or went
	meant time.Time // the moment of the last call; zero: the rules have none
}

func (p *planning) leave(kind outbox.Kind, reason string) {
	p.Left = append(p.Left, Left{kind, reason})
}

// queued plans a message that waits in the outbox.
func (p *planning) queued(m outbox.Trace) {
	at := later(m.At, p.now)
	p.Planned = append(p.Planned, Planned{Kind: m.Kind, At: at, Leaves: at, Queued: true})
}

// plan plans a message after which the next ones rest.
func (p *planning) plan(kind outbox.Kind, at, leaves time.Time) {
	p.Planned = append(p.Planned, Planned{Kind: kind, At: at, Leaves: leaves})
	p.last = leaves
}

func (p *planning) untilClose() {
	w := &p.wave
	if !p.now.Before(w.Closes) {
		p.leave("", outbox.ReasonClosed)
		return
	}
	invited, ok := p.invitation()
	if !ok {
		return
	}
	lastAfter := time.Duration(0)
	for _, s := range p.steps {
		if m, ok := p.History.of(s.kind); ok {
			at, counts := passed(m, p.now)
			if m.Waiting() {
				p.queued(m)
			}
			if counts {
				p.last, lastAfter = later(p.last, at), s.after
			}
			continue
		}
		if _, over := p.History.of(outbox.LastCall); over { // whatever was late before it
			p.leave(s.kind, ReasonAfterLast)
			continue
		}
		if s.belowTarget && !p.BelowTarget {
			p.leave(s.kind, ReasonOnTarget)
			continue
		}
		due := later(invited.Add(s.after), p.last.Add(s.after-lastAfter-w.Rules.tolerance()))
		if why := p.step(s.kind, due); why != "" {
			p.leave(s.kind, why)
			continue
		}
		lastAfter = s.after
	}
	p.lastCall()
}

// tolerance is how much less than the rules have it two messages may be apart, so that a message's
// own moment within the hour does not put off those that come after it.
func (r Rules) tolerance() time.Duration {
	if r.brisk() {
		return 0
	}
	return time.Hour
}

// step plans a message at its time, or as soon as the rest before it allows. It gives why there is
// none when that is not before the close, or not before a last call that is still to come.
func (p *planning) step(kind outbox.Kind, due time.Time) (why string) {
	due = later(later(due, p.last.Add(p.wave.Rules.rest())), later(p.Rest, p.now))
	at, leaves := p.wave.slot(p.Recipient, kind, due)
	if !leaves.Before(p.wave.Closes) {
		return ReasonAfterClose
	}
	if !p.meant.IsZero() && !at.Before(p.meant) {
		if _, _, hindered := p.calls(); hindered == "" {
			return ReasonAfterLast
		}
	}
	p.plan(kind, at, leaves)
	return ""
}

// calls is the last call, if nothing is sent before it but what is planned so far: when it goes, and what
// hinders it. Whether it is left out is settled by the moment it is meant for: waiting does not bring it
// back.
func (p *planning) calls() (at, leaves time.Time, hindered string) {
	w, last := &p.wave, p.last
	if !p.Rest.IsZero() {
		last = later(last, p.Rest.Add(-channelRest))
	}
	at, leaves = w.slot(p.Recipient, outbox.LastCall, later(p.meant, p.now))
	switch {
	case p.meant.Sub(last) < restBetween:
		hindered = ReasonRecent
	case !leaves.Before(w.Closes):
		hindered = ReasonAfterClose
	}
	return at, leaves, hindered
}

// invitation plans the invitation and tells when it was or will be sent; ok is false when there
// is none to follow up.
func (p *planning) invitation() (at time.Time, ok bool) {
	m, exists := p.History.of(outbox.Invitation)
	if !exists {
		at = later(p.now, p.wave.Opens)
		if !p.Before.IsZero() {
			at = later(at, p.Before.Add(p.wave.Rules.rest()))
		}
		if !at.Before(p.wave.Closes) {
			p.leave("", ReasonAfterClose)
			return at, false
		}
		p.plan(outbox.Invitation, at, at)
		return at, true
	}
	at, ok = passed(m, p.now)
	if m.Waiting() {
		p.queued(m)
	}
	if !ok || m.State == outbox.Uncertain { // a person has to decide first
		p.leave("", whyNot(m))
		return at, false
	}
	p.last = later(at, p.Before)
	return at, true
}

// whyNot is why nothing follows a message that was not sent.
func whyNot(m outbox.Trace) string {
	switch m.State {
	case outbox.Failed:
		return ReasonFailed
	case outbox.Uncertain:
		return ReasonUncertain
	default:
		return cmp.Or(m.Reason, outbox.ReasonDropped)
	}
}

func (p *planning) lastCall() {
	w := &p.wave
	if w.Rules.LastCall == 0 {
		return
	}
	if m, ok := p.History.of(outbox.LastCall); ok {
		if m.Waiting() {
			p.queued(m)
		}
		if at, counts := passed(m, p.now); counts {
			p.last = later(p.last, at)
		}
		return
	}
	at, leaves, hindered := p.calls()
	if hindered != "" {
		p.leave(outbox.LastCall, hindered)
		return
	}
	p.plan(outbox.LastCall, at, leaves)
}

// lastCallAt is when the last call is meant for. Where waiting for the hours would take half of the
// time that is left, as over a weekend before the close, it goes earlier.
func (w *Wave) lastCallAt() time.Time {
	wish := w.Closes.Add(-w.Rules.LastCall)
	at := w.Rules.allowed(wish, w.Zone)
	if w.Closes.Sub(at) >= w.Rules.LastCall/2 {
		return at
	}
	return w.Rules.allowedBefore(wish, w.Zone)
}

// thanksLate is how long after their time thanks are still sent: later ones would surprise.
const thanksLate = 14 * 24 * time.Hour

// thanks follow the wave's close, and not a network's own, to every person who was or will be written to: nobody knows who has
// answered. If the rules have it so, only who wishes to hear of the results gets them.
func (p *planning) thanks(closes time.Time) {
	w := &p.wave
	if w.Rules.ThankYou == 0 || w.Rules.ThankAskers && !p.Results {
		return
	}
	if _, place := (outbox.Key{Recipient: p.Recipient}).Place(); place {
		return
	}
	if m, ok := p.History.of(outbox.ThankYou); ok {
		if m.Waiting() {
			p.queued(m)
		}
		return
	}
	reached := len(p.Planned) > 0
	for _, m := range p.History {
		reached = reached || m.State == outbox.Sent
		if at, counts := passed(m, p.now); counts {
			p.last = later(p.last, at)
		}
	}
	meant := w.Rules.allowed(closes.Add(w.Rules.ThankYou), w.Zone)
	if !reached || p.now.Sub(meant) > thanksLate {
		return
	}
	due := later(later(meant, p.now), p.last.Add(w.Rules.rest()))
	at, leaves := w.slot(p.Recipient, outbox.ThankYou, due)
	p.plan(outbox.ThankYou, at, leaves)
}

// passed is when a message in the outbox was or will be sent, or may have been; ok is false when it
// was refused or cancelled.
func passed(m outbox.Trace, now time.Time) (at time.Time, ok bool) {
	switch m.State {
	case outbox.Sent, outbox.Uncertain:
		return m.At, true
	case outbox.Pending, outbox.Retrying:
		return later(m.At, now), true
	case outbox.Sending:
		return now, true
	default:
		return time.Time{}, false
	}
}

// due is what the candidate is to be sent by a person's wish, beyond the invitation: at most one
// message. It need not wait for its own moment of the hour.
func (l *planner) due(c Candidate, now time.Time) (outbox.Kind, bool) {
	next, ok := l.next(c, now, now)
	return next.Kind, ok && !next.At.After(now)
}

// leaving is what leaves for the candidate after one look of the loop and until another, beyond
// the invitation: at most one message.
func (l *planner) leaving(c Candidate, since, now time.Time) (outbox.Kind, bool) {
	next, ok := l.next(c, since, now)
	return next.Kind, ok && !next.Leaves.After(now)
}

// next is what is to be sent next, as it looks from a moment.
func (l *planner) next(c Candidate, from, now time.Time) (Planned, bool) {
	if now.Before(l.wave.within(c.Opens, c.Closes).Opens) {
		return Planned{}, false
	}
	plan := l.schedule(c, from).Planned
	if len(plan) == 0 || plan[0].Queued || plan[0].Kind == outbox.Invitation {
		return Planned{}, false // one thing at a time, and invitations are a person's decision
	}
	return plan[0], true
}
