package bot

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"maps"
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
	m := r.inTime(ctx, func(ctx context.Context) message { return r.guarded(ctx, step{r.Verb.act(), (*reply).serve}) })
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
	r := &reply{Bot: b, command: c, in: in, lang: c.Lang}
	if b.roster != nil && in.User != "" {
		if p, err := b.roster.Store.Person(ctx, in.User); err == nil && p.Lang != "" {
			r.lang = p.Lang
			return r
		}
	}
	if c.Lang == "" || c.Also != "" {
		if l := b.localLang(ctx, in.Channel); c.Lang == "" || l == c.Also {
			r.lang = l
		}
	}
	return r
}

// lookTime is how long it may take to find out a channel's language.
const lookTime = 300 * time.Millisecond

// localLang is the language that the network of a channel is spoken to in first, else the survey's.
func (b *Bot) localLang(ctx context.Context, channel string) i18n.Lang {
	if b.desk == nil || channel == "" {
		return b.lang
	}
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	list, err := b.desk.Networks(ctx)
	if err != nil {
		return b.lang
	}
	for _, n := range list {
		if n.SlackChannel == channel {
			return n.Langs()[0]
		}
	}
	return b.lang
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
	if r.rights.Several() {
		r.rights = r.rights.Seeing(r.above(ctx))
	}
	if r.rights.Anywhere(act) {
		return nil
	}
	if err != nil {
		r.log.Error("slack rights cannot be read", "err", err)
		m := r.short("bot.access_unknown", nil)
		return &m
	}
	m := r.denied(ctx)
	return &m
}

// above are the networks that each lies under. While they cannot be read nobody sees more by them.
func (r *reply) above(ctx context.Context) map[string][]string {
	list, err := r.desk.Networks(ctx)
	if err != nil {
		r.log.Warn("networks cannot be read", "err", err)
	}
	above := map[string][]string{}
	forest := contacts.Arrange(list)
	for _, n := range list {
		above[n.ID] = forest.Above(n.ID)
	}
	return above
}

// serve does what a verb asks for.
func (r *reply) serve(ctx context.Context) (message, error) {
	switch r.Verb {
	case verbHelp:
		return r.help(ctx), nil
	case verbRates:
		return r.rates(ctx)
	case verbLink:
		return r.link(ctx)
	case verbInvite:
		return r.invite(ctx)
	case verbShare:
		return r.share(ctx)
	case verbRemind, verbPause, verbResume:
		return r.order(ctx)
	case verbStatus:
		return r.status(ctx)
	case verbDigest:
		return r.digest(ctx)
	case verbLanguage:
		return r.language(ctx)
	case verbRole:
		return r.role(ctx)
	case verbClaim:
		return r.claim(ctx)
	}
	return r.unknown(), nil
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
