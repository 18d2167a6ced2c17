package bot

import (
	"cmp"
	"context"
	"encoding/hex"
	"io"
	"slices"
	"sync"
	"time"

	"viesti/i18n"
	"viesti/outbox"
	"viesti/staff"
)

// shareable adds to figures what can be done with them, buttons that show them to everybody in the
// channel and as a picture among it; with the word for it they are shown to everybody at once, as a message of
// its own. network is whose they are; empty: all that the reader may look at.
func (r *reply) shareable(ctx context.Context, m message, network string, rest func(m *message)) message {
	public := message{title: m.title, lines: slices.Clone(m.lines), blocks: slices.Clone(m.blocks)}
	if r.Public && r.in.Channel != "" {
		m.then = func(ctx context.Context) {
			ctx, cancel := context.WithTimeout(ctx, workTime)
			defer cancel()
			said := r.publish(ctx, public, network)
			a := said.ack()
			if err := r.port.respond(ctx, r.in.Reply, shown{Type: "ephemeral", Text: a.Text, Blocks: a.Blocks}); err != nil {
				r.log.Warn("slack reply cannot be shown", "verb", r.Verb, "err", err)
			}
		}
		return m
	}
	rest(&m)
	var row []*element
	if r.in.Channel != "" && r.in.View.ID == "" {
		if id := r.kept.keep(r.rand, keeping{m: public, user: r.in.User, network: network}, r.now()); id != "" {
			row = append(row, r.button("bot.rates.share", "rates.share", id))
		}
	}
	if r.drawable(ctx, network) {
		row = append(row, r.button("bot.rates.picture", "rates.picture", cmp.Or(network, everyNetwork)))
	}
	if row != nil {
		m.actions(row...)
	}
	return m
}

// ratesShare shows everybody what one person was shown, once, if they may still look at it.
func (r *reply) ratesShare(ctx context.Context) (message, error) {
	k, first := r.kept.take(r.in.Value, r.now())
	switch {
	case k.user != "" && (k.user != r.in.User || k.network != "" && !r.rights.May(staff.Look, k.network)):
		return r.denied(ctx), nil
	case first:
		return r.publish(ctx, k.m, k.network), nil
	case k.user != "":
		return r.short("bot.rates.shared", i18n.Args{"channel": room(r.in.Channel)}), nil
	}
	r.Network = ""
	m, err := r.rates(ctx)
	m.begin(r.t("bot.rates.share_again", nil))
	return m, err
}

// publish puts a message into the channel that somebody is in, and tells them what became of it.
// It is posted as our own message. Where the app may not post it goes by the address that came with
// the press, after which nothing more can be found out about it; that is safe only when the post
// was refused. Below what was posted stands the picture of the same figures, where there may be one.
func (r *reply) publish(ctx context.Context, m message, network string) message {
	args := i18n.Args{"channel": room(r.in.Channel)}
	a := m.ack().fitted()
	out := r.port.send(ctx, post{Channel: r.in.Channel, Delivery: r.reference(), Text: a.Text, Blocks: a.Blocks})
	if out.State == outbox.Sent {
		r.show(ctx, r.in.Channel, network)
	}
	if out.State == outbox.Failed && r.in.Reply != "" {
		keep := false
		err := r.port.respond(ctx, r.in.Reply, shown{Type: "in_channel", Replace: &keep, Text: a.Text, Blocks: a.Blocks})
		if err == nil {
			out.State = outbox.Sent
		}
	}
	r.log.Info("slack figures shown", "channel", r.in.Channel, "state", out.State, "code", out.Reply.Code)
	key := "bot.rates.share_failed"
	switch out.State {
	case outbox.Sent:
		key = "bot.rates.shared"
	case outbox.Uncertain:
		key = "bot.rates.share_uncertain"
	}
	return r.short(key, args)
}

// kept are the figures that people were shown, so that what they share is what they saw. It is
// bounded in number and time: a share that comes too late shows the figures anew.
type kept struct {
	mu   sync.Mutex
	list []keeping // the oldest first
}

type keeping struct {
	id      string
	m       message
	user    string // who was shown it
	network string
	until   time.Time
	taken   bool
}

const (
	keptTime = 30 * time.Minute
	keptMost = 200
)

// keep gives what the message can be taken by; nothing where there is no chance to be had.
func (k *kept) keep(random io.Reader, x keeping, now time.Time) string {
	var raw [12]byte
	if _, err := io.ReadFull(random, raw[:]); err != nil {
		return ""
	}
	x.id, x.until = hex.EncodeToString(raw[:]), now.Add(keptTime)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.list = append(k.list, x)
	for len(k.list) > keptMost || !k.list[0].until.After(now) {
		k.list = k.list[1:]
	}
	return x.id
}

// take gives what was kept, and tells whether it is taken for the first time.
func (k *kept) take(id string, now time.Time) (x keeping, first bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for i := range k.list {
		if x := &k.list[i]; x.id == id && x.until.After(now) {
			first, x.taken = !x.taken, true
			return *x, first
		}
	}
	return keeping{}, false
}
