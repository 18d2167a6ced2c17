package outbox

import (
	"time"

	"viesti/contacts"
	"viesti/link"
)

// Alert tells people of a fault that is no recipient's and that they may have to mend: a carrier
// that lets nothing through, or domains that refuse us. Nothing is lost meanwhile, and sending
// goes on by itself when it can. There is one alert when the trouble begins and one when it is
// over, however many messages meet it.
type Alert struct {
	Carrier link.Channel
	Domain  string // the first that refuses; empty: nothing gets through
	Since   time.Time
	Over    bool
	Reply   Reply // what was said
}

func (l *loop) alert(a Alert) {
	a.Carrier = l.channel
	log := l.w.Log.With("carrier", a.Carrier, "domain", a.Domain, "class", a.Reply.Class, "code", a.Reply.Code, "text", a.Reply.Text)
	switch {
	case a.Over:
		log.Info("sending goes on", "since", a.Since)
	case a.Domain != "":
		log.Error("a domain refuses our messages; they wait")
	default:
		log.Error("nothing gets through; messages wait")
	}
	if l.w.Alert != nil {
		l.w.Alert(a)
	}
}

// note keeps how the carrier and the recipient's domain fare.
func (l *loop) note(r result, now time.Time) {
	for _, a := range l.noteCarrier(r.outcome, now) {
		l.alert(a)
	}
	email := r.delivery.Contact.Email
	if email == "" {
		return
	}
	to, name := l.domains.of(email), contacts.Domain(email)
	was := *to
	to.note(r.outcome, r.delivery.Attempt, now)
	switch {
	case to.ours && !to.told && now.Sub(to.alerted) > alertAgain:
		known := l.domains.told()
		to.told, to.alerted = true, now
		if !known {
			l.alert(Alert{Domain: name, Since: to.since, Reply: to.reply})
		}
	case was.told && !to.told && !l.domains.told():
		l.alert(Alert{Domain: name, Since: was.since, Over: true, Reply: was.reply})
	}
}

// alertAgain is how long people are not told again of a domain: one that refuses a single
// recipient and takes others would else be told of at every attempt.
const alertAgain = 24 * time.Hour

// noteCarrier keeps the carrier's health: after a fault that is no recipient's it rests, longer
// each time, up to a minute.
func (l *loop) noteCarrier(o Outcome, now time.Time) (alerts []Alert) {
	l.mu.Lock()
	defer l.mu.Unlock()
	was := l.state
	switch {
	case !o.Hold:
		if l.holds > 0 {
			alerts = append(alerts, Alert{Since: was.Since, Over: true, Reply: was.Reply})
		}
		l.holds, l.state = 0, Health{}
		return alerts
	case now.Before(was.Until): // another connection met the same fault
		return nil
	case l.holds == 0:
		l.state.Since = now
		alerts = append(alerts, Alert{Since: now, Reply: o.Reply})
	}
	l.holds++
	rest := min(5*time.Second<<min(l.holds-1, 5), time.Minute)
	l.state.Until, l.state.Reply = now.Add(max(rest, o.Again)), o.Reply
	return alerts
}
