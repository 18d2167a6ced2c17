package bot

import (
	"context"
	"maps"
	"slices"
	"strings"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/link"
	"viesti/outbox"
	"viesti/staff"
)

// Dispatch is what the bot sets in motion.
type Dispatch interface {
	// Send queues invitations or reminders, or says what it would queue.
	Send(ctx context.Context, s Sending) (Queued, error)
	// Share passes a network's survey on to a further channel, with a link of its own.
	Share(ctx context.Context, s Share) (Passed, error)
	// SetPaused holds the sending of networks, or of everything, or lets it go on.
	SetPaused(ctx context.Context, networks []string, paused bool) error
}

// Sending is invitations, or the reminders that are due.
type Sending struct {
	Remind   bool
	Networks []string     // nil: all
	Carrier  link.Channel // empty: all that are in use
	Dry      bool         // queue nothing
}

// Queued is what became of a Sending, or would become of it: numbers of messages, by the way they
// go, and of recipients left out, by the outbox's reasons.
type Queued struct {
	Mail    int            `json:"mail"`
	Direct  int            `json:"direct"` // in Slack, to people
	Posts   int            `json:"posts"`  // in Slack, to channels
	Already int            `json:"already"`
	LeftOut map[string]int `json:"left_out"`
}

// Total is all that was or would be queued.
func (q Queued) Total() int { return q.Mail + q.Direct + q.Posts }

func (r *reply) sending(ctx context.Context, o order, dry bool) (Queued, error) {
	scope, ok, err := r.scope(ctx, o)
	if err != nil {
		return Queued{}, err
	}
	if !ok { // an empty scope would be everybody
		return Queued{}, fault.New(fault.Denied, "bot.denied_nobody", nil)
	}
	return r.desk.Send(ctx, Sending{Remind: o.Verb == verbRemind, Networks: scope, Carrier: o.Carrier, Dry: dry})
}

func (r *reply) foreseeSending(ctx context.Context, o order) (f foreseen, err error) {
	q, err := r.sending(ctx, o, true)
	if err != nil {
		return f, err
	}
	f.fresh, f.possible = q, q.Total() > 0
	if !f.possible {
		f.paragraphs = append(f.paragraphs, r.numbers("bot.send.nobody", q))
		if o.Verb == verbRemind {
			f.paragraphs = append(f.paragraphs, r.nextReminder(ctx, o))
		}
		return f, nil
	}
	f.paragraphs = append(f.paragraphs, r.numbers("bot.send.would", q))
	if o.Network != "" && q.Posts > 0 {
		words, err := r.sample(ctx, o)
		if err != nil {
			return f, err
		}
		f.paragraphs = append(f.paragraphs, words)
	}
	return f, nil
}

// nextReminder tells when the next one is due of its own.
func (r *reply) nextReminder(ctx context.Context, o order) string {
	if o.Network != "" {
		if at, err := r.desk.Next(ctx, o.Network); err == nil && !at.IsZero() {
			return r.t("bot.send.next", i18n.Args{"date": i18n.DateTime(r.lang, at.In(r.survey.Zone))})
		}
	}
	return r.t("bot.send.by_itself", nil)
}

// numbers are what was or would be queued, a line each, without what is nothing.
func (r *reply) numbers(key string, q Queued) string {
	lines := []string{r.t(key, i18n.Args{"n": q.Total()})}
	add := func(key string, n int) {
		if n > 0 {
			lines = append(lines, "• "+r.t(key, nil)+": "+i18n.Number(r.lang, int64(n)))
		}
	}
	add("bot.send.mail", q.Mail)
	add("bot.send.direct", q.Direct)
	add("bot.send.posts", q.Posts)
	add("bot.send.already", q.Already)
	left := 0
	var why []string
	for _, reason := range slices.Sorted(maps.Keys(q.LeftOut)) {
		left += q.LeftOut[reason]
		why = append(why, r.t("bot.reason."+known(reason), nil)+" "+i18n.Number(r.lang, int64(q.LeftOut[reason])))
	}
	if left > 0 {
		lines = append(lines, "• "+r.t("bot.send.left_out", nil)+": "+i18n.Number(r.lang, int64(left))+" ("+strings.Join(why, ", ")+")")
	}
	return strings.Join(lines, "\n")
}

// known is a reason that has words of its own; others are told in general.
func known(reason string) string {
	if i18n.Has("bot.reason." + reason) {
		return reason
	}
	return "other"
}

// sample is what will be posted in the network's channel.
func (r *reply) sample(ctx context.Context, o order) (string, error) {
	n, err := r.theNetwork(ctx, o.Network)
	if err != nil {
		return "", err
	}
	kind := outbox.Invitation
	if o.Verb == verbRemind {
		kind = outbox.Reminder(1)
	}
	url, err := r.desk.Link(ctx, n.ID, link.Slack)
	return r.quoted(n, kind, url), err
}

// quoted are a post's words, as a quotation.
func (r *reply) quoted(n contacts.Network, kind outbox.Kind, url string) string {
	p := r.compose(outbox.Delivery{
		Message: outbox.Message{Key: outbox.Key{Recipient: outbox.Channel(n.ID), Kind: kind}}, Network: n, URL: url,
	})
	return r.t("bot.send.words", nil) + "\n>" + strings.ReplaceAll(clip(p.Text, maxSection/2), "\n", "\n>")
}

// theNetwork is a network by its id.
func (r *reply) theNetwork(ctx context.Context, id string) (contacts.Network, error) {
	list, err := r.desk.Networks(ctx)
	for _, n := range list {
		if n.ID == id {
			return n, err
		}
	}
	return contacts.Network{ID: id}, err
}

func (r *reply) send(ctx context.Context, o order) (m message, err error) {
	q, err := r.sending(ctx, o, false)
	if err != nil {
		return m, err
	}
	m.title = r.t("bot.title."+string(o.Verb), nil)
	m.say(r.numbers("bot.send.done", q))
	if s, err := r.desk.Status(ctx, o.Network); err == nil && (s.Paused || s.AllPaused) {
		m.say(r.t("bot.send.paused", nil))
	}
	m.actions(r.button("bot.do.status", string(verbStatus), o.Network))
	return m, nil
}

// invite asks in a modal what is to be sent and to whom.
func (r *reply) invite(ctx context.Context) (m message, err error) {
	list, err := r.networks(ctx, staff.Work)
	if err != nil {
		return m, err
	}
	preset, ask, err := r.preset(ctx, list, staff.Work)
	if err != nil || ask != nil {
		return orElse(ask), err
	}
	m.title = r.t("bot.title.invite", nil)
	m.form = &form{action: "invite.preview", submit: r.t("bot.form.preview", nil)}
	m.say(r.t("bot.form.invite", nil))
	m.input(r.t("bot.form.network", nil), "network", r.networkField(list, preset, true))
	ways := []option{
		choose(r.t("bot.form.every_way", nil), "all"), choose(r.t("bot.channel.mail", nil), string(link.Mail)),
		choose(r.t("bot.channel.slack", nil), string(link.Slack)),
	}
	m.input(r.t("bot.form.way", nil), "way", &element{Type: "static_select", ActionID: "way", Options: ways, Initial: &ways[0]})
	m.note(r.t("bot.form.when", nil))
	return m, nil
}

// preset is the network that a form begins with, if one was named or is meant. A name that nobody
// has is told at once.
func (r *reply) preset(ctx context.Context, list []contacts.Network, act staff.Act) (id string, ask *message, err error) {
	if r.Network != "" {
		n, ask, err := r.network(ctx, act)
		return n.ID, ask, err
	}
	for _, n := range list {
		if n.SlackChannel != "" && n.SlackChannel == r.in.Channel || len(list) == 1 {
			return n.ID, nil, nil
		}
	}
	return "", nil, nil
}

// everyNetwork is the choice of all networks that somebody works with.
const everyNetwork = "*"

// networkField is a menu of networks, or a field to type in where a menu cannot hold them.
func (r *reply) networkField(list []contacts.Network, preset string, all bool) *element {
	if len(list) >= maxOptions {
		return &element{Type: "plain_text_input", ActionID: "network", InitialValue: preset, MaxLength: maxName}
	}
	e := &element{Type: "static_select", ActionID: "network", Placeholder: plainText(r.t("bot.network.choose", nil), maxPlaceholder)}
	for _, n := range list {
		e.Options = append(e.Options, choose(n.Name.In(r.lang), n.ID))
	}
	if all && len(list) > 1 {
		e.Options = append(e.Options, choose(r.t("bot.scope.mine", nil), everyNetwork))
	}
	for i, o := range e.Options {
		if o.Value == preset {
			e.Initial = &e.Options[i]
		}
	}
	return e
}

// fieldNetwork reads the network that a form was filled in with; what is wrong with it stands in
// wrong.
func (r *reply) fieldNetwork(ctx context.Context) (id string, wrong map[string]string, err error) {
	typed := r.in.View.Values["network"]
	if typed == everyNetwork || contains(allWords, typed) {
		return "", nil, nil
	}
	list, err := r.networks(ctx, staff.Work)
	if found := find(list, typed); len(found) == 1 {
		return found[0].ID, nil, err
	}
	return "", map[string]string{"network": r.t("bot.form.unknown", nil)}, err
}

func (r *reply) previewInvite(ctx context.Context) (message, error) {
	id, wrong, err := r.fieldNetwork(ctx)
	if err != nil || wrong != nil {
		return message{wrong: wrong}, err
	}
	o := order{Verb: verbInvite, Network: id}
	if way := link.Channel(r.in.View.Values["way"]); way == link.Mail || way == link.Slack {
		o.Carrier = way
	}
	return r.preview(ctx, o, "")
}
