package outbox

import (
	"context"
	"time"

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

// note keeps how the carrier and the message's destination fare.
func (l *loop) note(r result, name string, to *destination, now time.Time) {
	for _, a := range l.noteCarrier(r.outcome, now) {
		l.alert(a)
	}
	if to == nil {
		return
	}
	was := *to
	to.note(r.outcome, r.delivery.Attempt, now)
	switch {
	case to.ours && !to.told && now.Sub(to.alerted) > alertAgain:
		known := l.destinations.told()
		to.told, to.alerted = true, now
		if !known {
			l.alert(Alert{Domain: name, Since: to.since, Reply: to.reply})
		}
	case was.told && !to.told && !l.destinations.told():
		l.alert(Alert{Domain: name, Since: was.since, Over: true, Reply: was.reply})
	}
}

// alertAgain is how long people are not told again of a domain: one that refuses a single
// recipient and takes others would else be told of at every attempt.
const alertAgain = 24 * time.Hour

// firstHold is how long a carrier rests after the first fault of its own.
const firstHold = 5 * time.Second

// noteCarrier keeps the carrier's health: after a fault that is no recipient's it rests, longer
// each time, up to a minute, or up to an hour where it can be asked whether the fault is mended. A
// carrier that only asks for less is well, and a message that is in doubt says nothing of it.
func (l *loop) noteCarrier(o Outcome, now time.Time) (alerts []Alert) {
	l.mu.Lock()
	defer l.mu.Unlock()
	was := l.state
	switch {
	case o.Hold && o.Reply.Class == Busy: // halt has seen to it
		return nil
	case o.State == Uncertain:
		return nil
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
	most := time.Minute
	if l.probes(o.Reply.Class) {
		most = time.Hour
	}
	rest := min(firstHold<<min(l.holds-1, 10), most)
	l.state.Until, l.state.Reply = now.Add(max(rest, o.Again)), o.Reply
	return alerts
}

// probes tells whether the carrier can find out by itself that such a fault is mended.
func (l *loop) probes(c Class) bool {
	_, ok := l.carrier.(Prober)
	return ok && c == BadSetup
}

// probe asks a carrier whose setup was at fault whether it is mended, so that no message has to
// find out. If it is not, the carrier rests on.
func (l *loop) probe(ctx context.Context, now time.Time) {
	l.mu.Lock()
	ill := l.holds > 0 && l.probes(l.state.Reply.Class)
	l.mu.Unlock()
	if !ill || l.out() > 0 {
		return
	}
	o := l.carrier.(Prober).Probe(ctx)
	if o.Hold && ctx.Err() == nil {
		l.noteCarrier(o, now)
	}
}
