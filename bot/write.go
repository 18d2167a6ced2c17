package bot

import (
	"context"
	"time"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/staff"
)

// foreseen is what an order would come to, before it is given.
type foreseen struct {
	paragraphs []string // mrkdwn
	fresh      any      // what makes the preview stale when it changes
	possible   bool     // there is something to confirm
}

// deed is how an order is foreseen and carried out. Both look at the same things, so that what is
// confirmed is what was shown.
type deed struct {
	foresee func(r *reply, ctx context.Context, o order) (foreseen, error)
	carry   func(r *reply, ctx context.Context, o order) (message, error)
}

// deeds are the orders there are. Nothing else that is typed or pressed sends or stops anything.
func deeds(v verb) deed {
	switch v {
	case verbInvite, verbRemind:
		return deed{(*reply).foreseeSending, (*reply).send}
	case verbShare:
		return deed{(*reply).foreseeShare, (*reply).passOn}
	default:
		return deed{(*reply).foreseePause, (*reply).setPaused}
	}
}

// order previews what needs no more than a network.
func (r *reply) order(ctx context.Context) (message, error) {
	o := order{Verb: r.Verb}
	if !r.All {
		n, ask, err := r.network(ctx, staff.Work)
		if err != nil || ask != nil {
			return orElse(ask), err
		}
		o.Network = n.ID
	}
	return r.preview(ctx, o, "")
}

func orElse(m *message) message {
	if m == nil {
		return message{}
	}
	return *m
}

// scope are the networks of an order as this user may give it: nil for all there are. ok is false
// when there is none.
func (r *reply) scope(ctx context.Context, o order) (networks []string, ok bool, err error) {
	if o.Network != "" {
		return []string{o.Network}, r.rights.May(staff.Work, o.Network), nil
	}
	if r.rights.May(staff.Work, "") {
		return nil, true, nil
	}
	list, err := r.networks(ctx, staff.Work)
	for _, n := range list {
		networks = append(networks, n.ID)
	}
	return networks, len(networks) > 0, err
}

// scopeName is what the scope of an order is called.
func (r *reply) scopeName(ctx context.Context, o order) (string, error) {
	list, err := r.desk.Networks(ctx)
	for _, n := range list {
		if n.ID == o.Network {
			return name(n.Name.In(r.lang)), err
		}
	}
	if r.rights.May(staff.Work, "") {
		return r.t("bot.scope.all", nil), err
	}
	return r.t("bot.scope.mine", nil), err
}

// preview shows what an order would come to, with a button to give it. notice says why it is shown
// again.
func (r *reply) preview(ctx context.Context, o order, notice string) (m message, err error) {
	scope, err := r.scopeName(ctx, o)
	if err != nil {
		return m, err
	}
	f, err := deeds(o.Verb).foresee(r, ctx, o)
	if err != nil {
		return m, err
	}
	m.title = r.t("bot.title."+string(o.Verb), nil)
	if notice != "" {
		m.say(r.t(notice, nil))
	}
	m.say("*" + r.t("bot.title."+string(o.Verb), nil) + "*\n" + scope)
	for _, p := range f.paragraphs {
		m.say(p)
	}
	if !f.possible {
		return m, nil
	}
	value, err := r.issue(o, r.in.User, fingerprint(f.fresh))
	if err != nil {
		return m, err
	}
	m.note(r.t("bot.preview.nothing_yet", i18n.Args{"minutes": int(ticketTime / time.Minute)}))
	yes := r.button("bot.do."+string(o.Verb), string(o.Verb)+".confirm", value)
	yes.Style = "primary"
	m.actions(yes, r.button("bot.do.cancel", string(o.Verb)+".cancel", ""))
	return m, nil
}

// confirm carries out what was previewed, once, if it is still what would happen.
func (r *reply) confirm(ctx context.Context) (message, error) {
	t, ok := r.redeem(r.in.Value, r.in.User)
	if !ok || t.Order.Verb != r.Verb {
		return r.short("bot.preview.not_yours", nil), nil
	}
	_, ok, err := r.scope(ctx, t.Order)
	if err != nil {
		return message{}, err
	}
	if !ok {
		return r.denied(ctx), nil
	}
	if r.now().Unix() >= t.Until {
		return r.preview(ctx, t.Order, "bot.preview.stale")
	}
	f, err := deeds(r.Verb).foresee(r, ctx, t.Order)
	if err != nil {
		return message{}, err
	}
	first, err := r.spend(ctx, t) // a stale preview's as well: another takes its place
	switch {
	case err != nil:
		return message{}, err
	case !first:
		return r.short("bot.preview.done", nil), nil
	case fingerprint(f.fresh) != t.Print:
		return r.preview(ctx, t.Order, "bot.preview.stale")
	}
	r.log.Info("slack order", "verb", r.Verb, "network", t.Order.Network, "user", r.in.User)
	m, err := deeds(r.Verb).carry(r, ctx, t.Order)
	if err != nil && fault.KindOf(err) == fault.Internal {
		ref := r.reference()
		r.log.Error("slack order failed", "verb", r.Verb, "ref", ref, "err", err)
		return r.short("bot.preview.broke", i18n.Args{"ref": ref}), nil
	}
	return m, err
}

// cancel takes a preview away.
func (r *reply) cancel(context.Context) (message, error) {
	return r.short("bot.preview.cancelled", nil), nil
}
