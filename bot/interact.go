package bot

import (
	"context"
	"runtime/debug"
	"strings"
	"time"

	"viesti/i18n"
	"viesti/staff"
)

// workTime is how long what was pressed may take, once Slack knows that we have it.
const workTime = 20 * time.Second

// step is what a press leads to: what it takes to be allowed, and what is done. Whether it is
// allowed for the network in question is the step's to ask (reply.may).
type step struct {
	act staff.Act
	do  func(r *reply, ctx context.Context) (message, error)
}

// steps are what our buttons, menus and modals do beside what can be typed, by action id. A verb
// as action id does what typing it does, with the value as its network.
var steps = map[string]step{
	"invite.preview": {staff.Work, (*reply).previewInvite},
	"share.preview":  {staff.Work, (*reply).previewShare},
	"invite.confirm": {staff.Work, (*reply).confirm},
	"remind.confirm": {staff.Work, (*reply).confirm},
	"share.confirm":  {staff.Work, (*reply).confirm},
	"pause.confirm":  {staff.Work, (*reply).confirm},
	"resume.confirm": {staff.Work, (*reply).confirm},
	"invite.cancel":  {staff.Work, (*reply).cancel},
	"remind.cancel":  {staff.Work, (*reply).cancel},
	"share.cancel":   {staff.Work, (*reply).cancel},
	"pause.cancel":   {staff.Work, (*reply).cancel},
	"resume.cancel":  {staff.Work, (*reply).cancel},
	"rates.page":     {staff.Look, (*reply).ratesPage},
	"rates.share":    {staff.Look, (*reply).ratesShare},
	"rates.picture":  {staff.Look, (*reply).ratesPicture},
	"digest.on":      {staff.Work, turn("on")},
	"digest.off":     {staff.Work, turn("off")},
	"language.set":   {staff.Look, (*reply).language},
	stepPage:         {staff.Look, (*reply).turnPage},
}

// pressed takes what somebody pressed, chose or submitted. Slack hears at once that we have it; a
// submission is answered with what the modal becomes, everything else where it was pressed.
func (b *Bot) pressed(ctx context.Context, in Inbound) Ack {
	r, s, ok := b.step(ctx, in)
	if !ok {
		return Ack{} // a link, or what an older program posted
	}
	if in.View.Submitted {
		return r.submitted(ctx, s)
	}
	return Ack{then: func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, workTime)
		defer cancel()
		m := r.guarded(ctx, s)
		r.put(ctx, m)
		if m.then != nil {
			m.then(ctx)
		}
	}}
}

// step finds what was pressed. A verb does what typing it does, with the value as its network.
func (b *Bot) step(ctx context.Context, in Inbound) (r *reply, s step, ok bool) {
	action, l := parseAction(in.Action)
	word, _, _ := strings.Cut(action, ".")
	c := command{Verb: verb(word), Lang: l, Network: in.Value}
	if in.Value == everyNetwork {
		c.All, c.Network = true, ""
	}
	if s, ok = steps[action]; !ok {
		s, ok = step{c.Verb.act(), (*reply).serve}, c.Verb.known() && action == word
	}
	if !ok {
		return nil, s, false
	}
	return b.replyTo(ctx, c, in), s, true
}

// submitted answers a modal in time.
func (r *reply) submitted(ctx context.Context, s step) Ack {
	m := r.inTime(ctx, func(ctx context.Context) message { return r.guarded(ctx, s) })
	if m.wrong != nil {
		return Ack{errors: m.wrong}
	}
	return Ack{view: r.modal(m), then: m.then}
}

// guarded does what is allowed, and says what went wrong otherwise.
func (r *reply) guarded(ctx context.Context, s step) (m message) {
	defer func() {
		if p := recover(); p != nil {
			r.log.Error("slack reply panicked", "verb", r.Verb, "panic", p, "stack", string(debug.Stack()))
			m = r.short("bot.error", i18n.Args{"ref": "-"})
		}
	}()
	if refused := r.admit(ctx, s.act); refused != nil {
		return *refused
	}
	m, err := s.do(r, ctx)
	if err != nil {
		return r.failed(err)
	}
	return m
}

// put shows a message where something was pressed: in place of the message the button was in, in
// place of the modal, or over the Home tab. What is to be filled in is always a modal.
func (r *reply) put(ctx context.Context, m message) {
	var err error
	switch {
	case m.blocks == nil && m.lines == nil:
		return
	case r.in.View.Type == "modal":
		err = r.port.update(ctx, r.in.View.ID, r.modal(m))
	case m.form != nil || r.in.Reply == "":
		err = r.port.open(ctx, r.in.Trigger, r.modal(m))
	default:
		replace := true
		a := m.ack().fitted()
		err = r.port.respond(ctx, r.in.Reply, shown{Type: "ephemeral", Replace: &replace, Text: a.Text, Blocks: a.Blocks})
	}
	if err != nil {
		r.log.Warn("slack reply cannot be shown", "verb", r.Verb, "err", err)
	}
}
