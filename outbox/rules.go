package outbox

import (
	"time"

	"viesti/contacts"
	"viesti/link"
)

// backoff are the waits before another attempt at what a carrier did not take for now: long
// enough for greylisting from the second one on, and growing to hours for a mailbox that is full.
var backoff = []time.Duration{
	30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 4 * time.Hour,
}

// maxAge is how long after it was first put off a message is tried again (RFC 5321, 4.5.4.1 speaks of 4–5 days for relays;
// an invitation that is two days late is better written anew).
const maxAge = 48 * time.Hour

func wait(attempt int) time.Duration {
	return backoff[min(max(attempt, 1), len(backoff))-1]
}

// Reasons why a message is not wanted, as commands and status name them.
const (
	ReasonOptedOut  = "opted_out"
	ReasonAnswered  = "answered"
	ReasonBounced   = "bounced"
	ReasonErased    = "erased"
	ReasonClosed    = "closed"
	ReasonNotOpen   = "not_open"
	ReasonNoAddress = "no_address"
	ReasonPaused    = "paused"
	ReasonLate      = "late"
	ReasonNotAsked  = "not_asked" // they wish no longer to hear of the results
)

// Unwanted tells why nothing more may be sent to somebody with this standing in the wave; empty
// when it may.
func Unwanted(s contacts.Standing, wave string) string {
	switch status := s.Status(wave); {
	case status == contacts.Erased:
		return ReasonErased
	case status == contacts.OptedOut:
		return ReasonOptedOut
	case status == contacts.Bounced:
		return ReasonBounced
	case s.Paused: // not even thanks
		return ReasonPaused
	case status == contacts.Answered:
		return ReasonAnswered
	default:
		return ""
	}
}

// unwanted is why a message that is due must not go out after all.
func (m Message) unwanted(w Wave, who contacts.Known, n contacts.Network, now time.Time) string {
	place, noContact := m.Place()
	late := !now.Before(w.Closes)
	if _, until := n.Period(w.Zone); !until.IsZero() {
		late = late || !now.Before(until)
	}
	if m.Wave != w.ID || late && !place.Staff && m.Kind != ThankYou {
		return ReasonClosed
	}
	if !m.Expires.IsZero() && !now.Before(m.Expires) {
		return ReasonLate
	}
	if noContact {
		if place.Staff && m.Carrier == link.Mail && n.CoordinatorEmail == "" {
			return ReasonNoAddress
		}
		return ""
	}
	if reason := Unwanted(who.Standing, m.Wave); reason != "" && (m.Kind != ThankYou || reason != ReasonAnswered) {
		return reason
	}
	if m.Kind == ThankYou && w.ThankAskers && who.Standing.Results != m.Wave {
		return ReasonNotAsked
	}
	if m.Carrier == link.Mail && who.Email == "" {
		return ReasonNoAddress
	}
	return ""
}

func (m *Message) cancel(reason string, now time.Time) {
	m.State, m.Reason, m.Settled = Cancelled, reason, now
}

func (m *Message) claim(messageID string, mark Mark, now time.Time) {
	m.State, m.Claimed, m.Mark = Sending, now, mark
	m.Attempt++
	if m.MessageID == "" { // kept over attempts, so that receivers can tell a repeat
		m.MessageID = messageID
	}
}

// settle is what follows from an attempt's outcome. final tells whether a message that is put off
// may be given up when it is old.
func (m *Message) settle(o Outcome, final bool, now time.Time) contacts.Event {
	m.Reply, m.Settled, m.Mark = o.Reply, now, Mark{}
	switch o.State {
	case Sent:
		m.State = Sent
		return contacts.Accepted
	case Pending: // it was claimed and not begun
		m.State, m.Due = Pending, now
		m.Attempt--
	case Uncertain:
		m.State = Uncertain
	case Failed:
		if o.ByMail {
			m.byMail(now)
			return ""
		}
		m.State = Failed
		if o.Reply.Class == AddressDead {
			return contacts.HardBounce
		}
	default:
		m.again(o, final, now)
	}
	return ""
}

// byMail moves a message that nobody has got to the carrier of mail.
func (m *Message) byMail(now time.Time) {
	m.Carrier, m.State, m.Due, m.Tried = link.Mail, Pending, now, time.Time{}
}

func (m *Message) again(o Outcome, final bool, now time.Time) {
	if o.Hold && !o.Domain { // nobody has looked at this message yet
		m.State, m.Due = Pending, now
		m.Attempt--
		return
	}
	if m.Tried.IsZero() {
		m.Tried = now
	}
	if final && now.Sub(m.Tried) > maxAge {
		m.State = Failed
		return
	}
	m.State, m.Due = Retrying, now.Add(max(wait(m.Attempt), o.Again))
}
