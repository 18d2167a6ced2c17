package bot

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"maps"
	"slices"
	"time"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/staff"
)

// answerTime is how long an answer may take. Slack waits three seconds for it, the way there and
// back included, and then tells the user that the app failed.
const answerTime = 2500 * time.Millisecond

// Command answers a typed command, always in time and only to who typed it: when the figures take
// too long, with the advice to try again.
func (b *Bot) Command(ctx context.Context, in Inbound) Ack {
	r := b.replyTo(ctx, parse(in.Text), in)
	m := r.inTime(ctx, func(ctx context.Context) message { return r.guarded(ctx, r.Verb.act(), r.serve) })
	if m.form != nil {
		return Ack{then: func(ctx context.Context) { r.put(ctx, m) }}
	}
	a := m.ack()
	a.then = m.then
	return a
}

// inTime is what is to be said, or that it took too long. What goes on longer has its context ended.
func (r *reply) inTime(ctx context.Context, say func(context.Context) message) message {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	answer := make(chan message, 1)
	go func() { answer <- say(ctx) }()
	select {
	case m := <-answer:
		return m
	case <-ctx.Done():
		r.log.Warn("slack reply took too long", "verb", r.Verb)
		return r.short("bot.slow", nil)
	}
}

// reply is one command or press being answered.
type reply struct {
	*Bot
	command
	in     Inbound
	lang   i18n.Lang
	rights staff.Rights
	own    bool // the user is of our workspace
	serial int  // of what can be pressed
}

// replyTo finds the language of a reply: the one its reader has chosen, else that of the words
// they typed, else that of the channel's network, else the survey's.
func (b *Bot) replyTo(ctx context.Context, c command, in Inbound) *reply {
	r := &reply{Bot: b, command: c, in: in, lang: b.lang}
	if b.roster != nil && in.User != "" {
		if p, err := b.roster.Store.Person(ctx, in.User); err == nil && p.Lang != "" {
			r.lang = p.Lang
			return r
		}
	}
	if c.Lang != "" {
		r.lang = c.Lang
	}
	return r
}

// t is the sentence for a key. Every sentence may use {command}.
func (r *reply) t(key string, args i18n.Args) string {
	return i18n.T(r.lang, key, merge(args, i18n.Args{"command": r.config.Command}))
}

func merge(a, b i18n.Args) i18n.Args {
	all := i18n.Args{}
	maps.Copy(all, a)
	maps.Copy(all, b)
	return all
}

// short is an answer of one paragraph.
func (r *reply) short(key string, args i18n.Args) (m message) {
	m.say(r.t(key, args))
	return m
}

// admit is the answer to who may do this nowhere; nil when they may. Who is refused learns whom to
// ask, and nothing else; who is not of our workspace not even that.
func (r *reply) admit(ctx context.Context, act staff.Act) *message {
	var err error
	if r.own, err = r.access.isOwn(ctx, r.in.Team); err == nil && !r.own {
		m := r.short("bot.outside", nil)
		return &m
	}
	if err == nil {
		r.rights, err = r.access.rights(ctx, r.in.User)
	}
	if r.rights.Anywhere(act) {
		return nil
	}
	if err != nil {
		r.log.Error("slack rights cannot be read", "err", err)
		m := r.short("bot.access_unknown", nil)
		return &m
	}
	m := r.short("bot.denied", nil)
	return &m
}

// serve does what a verb asks for.
func (r *reply) serve(ctx context.Context) (message, error) {
	for _, v := range verbs {
		if v.verb == r.Verb {
			return serving[v.verb](r, ctx)
		}
	}
	return r.unknown(), nil
}

// serving is what each verb does.
var serving = map[verb]func(r *reply, ctx context.Context) (message, error){
	verbHelp:   func(r *reply, _ context.Context) (message, error) { return r.help(), nil },
	verbRates:  (*reply).rates,
	verbLink:   (*reply).link,
	verbStatus: (*reply).status,
}

// failed tells that it did not work. A fault that people can mend is told in its own words;
// any other is in the log, under a reference.
func (r *reply) failed(err error) message {
	if errors.Is(err, context.DeadlineExceeded) {
		return r.short("bot.slow", nil)
	}
	if f := fault.Of(err); f.Kind != fault.Internal {
		var m message
		m.say(escape(i18n.T(r.lang, f.Key, f.Args)))
		return m
	}
	ref := r.reference()
	r.log.Error("slack reply failed", "verb", r.Verb, "ref", ref, "err", err)
	return r.short("bot.error", i18n.Args{"ref": ref})
}

func (b *Bot) reference() string {
	var raw [4]byte
	if _, err := io.ReadFull(b.rand, raw[:]); err != nil {
		return "-"
	}
	return hex.EncodeToString(raw[:])
}

func (r *reply) help() message {
	var m message
	m.header(i18n.T(r.lang, "bot.help.title", nil))
	m.say(r.t("bot.help.commands", nil))
	m.note(r.t("bot.help.private", nil))
	m.note(r.t("bot.help.languages", nil))
	return m
}

// unknown suggests the command that is most like what was typed, in that command's language.
func (r *reply) unknown() message {
	word, l, ok := nearestWord(r.Word, r.lang)
	if !ok {
		return r.short("bot.unknown", i18n.Args{"word": name(clip(r.Word, 40))})
	}
	r.lang = l
	return r.short("bot.unknown_near", i18n.Args{"word": name(clip(r.Word, 40)), "guess": word})
}

// network is the one that was named, else that of the channel in which the command was typed, else
// the only one there is for this person. Where there is none, the answer to give is in ask. Nobody
// is told of networks with which they may not do what they want to.
func (r *reply) network(ctx context.Context, act staff.Act) (n contacts.Network, ask *message, err error) {
	list, err := r.networks(ctx, act)
	if err != nil {
		return n, nil, err
	}
	if r.Network == "" {
		for _, n := range list {
			if n.SlackChannel != "" && n.SlackChannel == r.in.Channel || len(list) == 1 {
				return n, nil, nil
			}
		}
		return n, r.which(list, "bot.network.which", nil), nil
	}
	switch found := find(list, r.Network); len(found) {
	case 0:
		return n, r.nearest(list), nil
	case 1:
		return found[0], nil, nil
	default:
		return n, r.which(found, "bot.network.several", i18n.Args{"network": name(r.Network)}), nil
	}
}

// networks are those with which this person may do something.
func (r *reply) networks(ctx context.Context, act staff.Act) ([]contacts.Network, error) {
	list, err := r.desk.Networks(ctx)
	return slices.DeleteFunc(slices.Clone(list), func(n contacts.Network) bool { return !r.rights.May(act, n.ID) }), err
}

func (r *reply) nearest(list []contacts.Network) *message {
	near, ok := nearestNetwork(list, r.Network)
	args := i18n.Args{"network": name(r.Network)}
	if !ok {
		return r.which(list, "bot.network.unknown", args)
	}
	args["guess"], args["id"], args["verb"] = name(near.Name.In(r.lang)), literal(near.ID), r.Verb.word(r.lang)
	m := r.short("bot.network.unknown_near", args)
	m.actions(r.named(near.Name.In(r.lang), string(r.Verb), near.ID))
	return &m
}

// which asks for a network, offering those there are: as buttons where they are few, else as a menu.
func (r *reply) which(list []contacts.Network, key string, args i18n.Args) *message {
	m := r.short(key, merge(args, i18n.Args{"verb": r.Verb.word(r.lang)}))
	var buttons []*element
	var options []option
	lines := ""
	for _, n := range list[:min(len(list), maxOptions)] {
		called := n.Name.In(r.lang)
		buttons = append(buttons, r.named(clip(oneLine(called), shortButton), string(r.Verb), n.ID))
		options = append(options, choose(called, n.ID))
		lines += "\n• " + code(n.ID) + " " + name(called)
	}
	switch {
	case len(list) == 0:
		return &m
	case len(list) <= maxRow:
		m.actions(buttons...)
	default:
		m.actions(r.choice("bot.network.choose", string(r.Verb), options))
	}
	m.lines = append(m.lines, lines[1:])
	return &m
}
