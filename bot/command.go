package bot

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"runtime/debug"
	"time"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
)

// answerTime is how long an answer may take. Slack waits three seconds for it, the way there and
// back included, and then tells the user that the app failed.
const answerTime = 2500 * time.Millisecond

// Command answers a typed command, always in time and only to who typed it: when the figures take
// too long, with the advice to try again.
func (b *Bot) Command(ctx context.Context, in Inbound) Ack {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	c := parse(in.Text)
	r := b.replyTo(c, in)
	answer := make(chan Ack, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				b.log.Error("slack command panicked", "verb", c.Verb, "panic", p, "stack", string(debug.Stack()))
				answer <- r.short("bot.error", i18n.Args{"ref": "-"})
			}
		}()
		answer <- r.answer(ctx)
	}()
	select {
	case a := <-answer:
		return a
	case <-ctx.Done():
		b.log.Warn("slack command took too long", "verb", c.Verb)
		return r.short("bot.slow", nil)
	}
}

// reply is one command being answered.
type reply struct {
	*Bot
	command
	in   Inbound
	lang i18n.Lang
}

func (b *Bot) replyTo(c command, in Inbound) *reply {
	r := &reply{Bot: b, command: c, in: in, lang: c.Lang}
	if r.lang == "" {
		r.lang = b.lang
	}
	return r
}

// t is the sentence for a key. Every sentence may use {command}.
func (r *reply) t(key string, args i18n.Args) string {
	all := i18n.Args{"command": r.config.Command}
	for k, v := range args {
		all[k] = v
	}
	return i18n.T(r.lang, key, all)
}

// short is an answer of one paragraph.
func (r *reply) short(key string, args i18n.Args) Ack {
	var m message
	m.say(r.t(key, args))
	return m.ack()
}

// answer does what was asked. Help is for everybody; everything else for administrators, and
// others learn nothing from being refused.
func (r *reply) answer(ctx context.Context) Ack {
	switch r.Verb {
	case verbHelp:
		return r.help()
	case verbUnknown:
		return r.unknown()
	}
	allowed, err := r.access.allows(ctx, r.in.User)
	if allowed {
		return r.serve(ctx)
	}
	if err != nil {
		r.log.Error("slack user group cannot be read", "err", err)
		return r.short("bot.access_unknown", nil)
	}
	return r.short("bot.denied", nil)
}

func (r *reply) serve(ctx context.Context) Ack {
	var (
		a   Ack
		err error
	)
	switch r.Verb {
	case verbRates:
		a, err = r.rates(ctx)
	case verbLink:
		a, err = r.link(ctx)
	case verbStatus:
		a, err = r.status(ctx)
	}
	if err != nil {
		return r.failed(err)
	}
	return a
}

// failed tells that it did not work. A fault that people can mend is told in its own words;
// any other is in the log, under a reference.
func (r *reply) failed(err error) Ack {
	if errors.Is(err, context.DeadlineExceeded) {
		return r.short("bot.slow", nil)
	}
	if f := fault.Of(err); f.Kind != fault.Internal {
		var m message
		m.say(escape(i18n.T(r.lang, f.Key, f.Args)))
		return m.ack()
	}
	ref := r.reference()
	r.log.Error("slack command failed", "verb", r.Verb, "ref", ref, "err", err)
	return r.short("bot.error", i18n.Args{"ref": ref})
}

func (b *Bot) reference() string {
	var raw [4]byte
	if _, err := io.ReadFull(b.rand, raw[:]); err != nil {
		return "-"
	}
	return hex.EncodeToString(raw[:])
}

func (r *reply) help() Ack {
	var m message
	m.header(i18n.T(r.lang, "bot.help.title", nil))
	m.say(r.t("bot.help.commands", nil))
	m.note(r.t("bot.help.private", nil))
	m.note(r.t("bot.help.languages", nil))
	return m.ack()
}

// unknown suggests the command that is most like what was typed, in that command's language.
func (r *reply) unknown() Ack {
	word, l, ok := nearestWord(r.Word, r.lang)
	if !ok {
		return r.short("bot.unknown", i18n.Args{"word": name(clip(r.Word, 40))})
	}
	r.lang = l
	return r.short("bot.unknown_near", i18n.Args{"word": name(clip(r.Word, 40)), "guess": word})
}

// network is the one that was named, else that of the channel in which the command was typed.
// Where there is none, the answer to give is in ask.
func (r *reply) network(ctx context.Context) (n contacts.Network, ask *Ack, err error) {
	list, err := r.desk.Networks(ctx)
	if err != nil {
		return n, nil, err
	}
	if r.Network == "" {
		for _, n := range list {
			if n.SlackChannel != "" && n.SlackChannel == r.in.Channel || len(list) == 1 {
				return n, nil, nil
			}
		}
		return n, r.which(list, "bot.network.which", i18n.Args{"verb": r.Verb.word(r.lang)}), nil
	}
	switch found := find(list, r.Network); len(found) {
	case 0:
		return n, r.nearest(list), nil
	case 1:
		return found[0], nil, nil
	default:
		return n, r.which(found, "bot.network.several", i18n.Args{
			"network": name(r.Network), "verb": r.Verb.word(r.lang),
		}), nil
	}
}

func (r *reply) nearest(list []contacts.Network) *Ack {
	near, ok := nearestNetwork(list, r.Network)
	args := i18n.Args{"network": name(r.Network), "verb": r.Verb.word(r.lang)}
	if !ok {
		return r.which(list, "bot.network.unknown", args)
	}
	args["guess"], args["id"] = name(near.Name.In(r.lang)), literal(near.ID)
	a := r.short("bot.network.unknown_near", args)
	return &a
}

// listed is how many networks are named when one has to be chosen.
const listed = 40

// which asks for a network, naming those there are.
func (r *reply) which(list []contacts.Network, key string, args i18n.Args) *Ack {
	var m message
	m.say(r.t(key, args))
	lines := ""
	for i, n := range list {
		if i == listed {
			lines += "\n…"
			break
		}
		lines += "\n• " + code(n.ID) + " " + name(n.Name.In(r.lang))
	}
	if lines != "" {
		m.say(lines[1:])
	}
	a := m.ack()
	return &a
}
