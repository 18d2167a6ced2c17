package campaign

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	dice "math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/link"
	"viesti/outbox"
	"viesti/store/bolt"
	"viesti/store/journal"
)

// letter is one message to one recipient.
type letter struct {
	recipient string
	kind      outbox.Kind
}

// field is a wave that is played in fake time: the store, the outbox and the planning are the real
// ones, and the carrier only takes letters.
type field struct {
	t        *testing.T
	ctx      context.Context //nolint:containedctx // lives for one history
	seed     uint64
	dice     *dice.Rand
	store    *bolt.Store
	notes    *journal.Journal
	plan     *Campaign
	looked   time.Time
	below    map[string]bool
	people   []string
	paused   map[string]bool // people and networks
	foretold map[letter]time.Time

	mu     sync.Mutex
	sent   map[letter]time.Time
	times  map[string][]time.Time // by recipient, over the whole history
	putOff bool                   // something no plan could know
}

func (f *field) Connections() int      { return 2 }
func (f *field) Sender() outbox.Sender { return f }
func (f *field) Close() error          { return nil }

func (f *field) Send(ctx context.Context, d outbox.Delivery, gate outbox.Gate) outbox.Outcome {
	if err := gate.Pass(ctx, "relay"); err != nil {
		return outbox.Outcome{State: outbox.Retrying}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.dice.IntN(25) == 0 {
		f.putOff = true
		return outbox.Outcome{State: outbox.Retrying, Reply: outbox.Reply{Class: outbox.Transient}}
	}
	l := letter{d.Recipient, d.Kind}
	if _, twice := f.sent[l]; twice {
		f.t.Errorf("seed %d: %v is sent twice", f.seed, l)
	}
	f.sent[l] = time.Now()
	f.times[d.Recipient] = append(f.times[d.Recipient], time.Now())
	return outbox.Outcome{State: outbox.Sent}
}

// TestSoakForetoldIsSent plays random histories of a wave over a change of the clocks: contacts
// come in, opt out, say that they have answered, are paused and resumed, as networks are; targets
// are reached, letters are put off, and the program is down for hours. Whatever a plan foretold
// until the next such event is what is sent until then, at its moment; and nobody ever gets two
// messages within 48 hours, or one outside of the hours.
func TestSoakForetoldIsSent(t *testing.T) {
	histories := 4
	if os.Getenv("VIESTI_SOAK") != "" {
		histories = 200
	}
	for seed := range uint64(histories) { //nolint:gosec // few
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { newField(t, seed).play() })
		})
	}
}

func newField(t *testing.T, seed uint64) *field {
	t.Helper()
	f := &field{
		t: t, ctx: t.Context(), seed: seed, dice: dice.New(dice.NewPCG(seed, 6)), below: map[string]bool{},
		paused: map[string]bool{}, sent: map[letter]time.Time{}, times: map[string][]time.Time{},
	}
	var err error
	f.store, err = bolt.Open(f.ctx, bolt.Options{Path: filepath.Join(t.TempDir(), "viesti.db")})
	f.must(err)
	t.Cleanup(func() { _ = f.store.Close() })
	f.notes = journal.New(filepath.Join(t.TempDir(), "journal"))
	t.Cleanup(func() { _ = f.notes.Close() })
	zone := helsinki(t)
	opens := time.Date(2000, 3, 20, 8, 0, 0, 0, zone) // clocks go forward on the 26th
	if f.dice.IntN(2) == 0 {
		opens = time.Date(2000, 10, 23, 8, 0, 0, 0, zone) // and back on the 29th
	}
	closes := opens.AddDate(0, 0, 9+f.dice.IntN(5))
	f.plan = &Campaign{
		Contacts: f.store, Outbox: f.store, Links: &link.Links{Store: f.store, Rand: rand.Reader}, Wake: func() {}, Now: time.Now,
		Log: slog.New(slog.DiscardHandler), BelowTarget: func(context.Context) (map[string]bool, error) { return f.below, nil },
		Wave: Wave{ID: "w", Zone: zone, Opens: opens, Closes: closes, Channels: []link.Channel{link.Mail}, Rules: f.rules()},
	}
	networks := []contacts.Network{{ID: "a"}, {ID: "b"}, {ID: "c"}}
	networks[2].Closes = closes.AddDate(0, 0, -2).Format(time.DateOnly)
	for i := range networks {
		networks[i].Name = i18n.Text{i18n.Fi: networks[i].ID}
		f.below[networks[i].ID] = f.dice.IntN(2) == 0
	}
	_, err = f.store.SaveNetworks(f.ctx, networks)
	f.must(err)
	return f
}

func (f *field) rules() Rules {
	r := Rules{LastCall: 2 * oneDay, ThankYou: time.Duration(f.dice.IntN(2)) * oneDay, ThankAskers: f.dice.IntN(3) == 0, FinnishHolidays: true}
	r.After = []time.Duration{time.Duration(20+f.dice.IntN(100)) * time.Hour, time.Duration(40+f.dice.IntN(150)) * time.Hour}
	r.BelowTargetAfter = []time.Duration{time.Duration(150+f.dice.IntN(80)) * time.Hour}
	if f.dice.IntN(3) > 0 {
		r.FromHour, r.ToHour, r.WeekdaysOnly = 8, 9+f.dice.IntN(9), f.dice.IntN(2) == 0
	}
	return r
}

func (f *field) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatalf("seed %d: %v", f.seed, err)
	}
}

func (f *field) play() {
	time.Sleep(time.Until(f.plan.Wave.Opens.Add(time.Duration(f.dice.IntN(600)) * time.Minute)))
	for range 8 {
		f.arrive()
	}
	f.foretell()
	for end := f.plan.Wave.Closes.AddDate(0, 0, 4); time.Now().Before(end); {
		for until := time.Now().Add(time.Duration(1+f.dice.IntN(50)) * time.Hour); time.Now().Before(until) && !f.putOff; {
			f.tick(time.Duration(1+f.dice.IntN(9)) * time.Minute)
		}
		f.judge()
		f.event()
		f.looked = f.plan.since(f.looked, time.Now())
		f.foretell()
	}
	for who, times := range f.times {
		for i := range times[1:] {
			if apart := times[i+1].Sub(times[i]); apart < 48*time.Hour {
				f.t.Errorf("seed %d: %s gets messages %v apart", f.seed, who, apart)
			}
		}
	}
	if len(f.times) < 6 {
		f.t.Errorf("seed %d: only %d people were written to", f.seed, len(f.times))
	}
	f.must(f.store.Check(context.WithoutCancel(f.ctx)))
	f.must(f.store.Close())
}

// tick is a look of the planning, and what the outbox does after it.
func (f *field) tick(step time.Duration) {
	time.Sleep(step)
	f.looked = f.plan.look(f.ctx, f.looked)
	had := len(f.sent)
	f.deliver()
	if len(f.sent) == had {
		return
	}
	for _, who := range f.people {
		if times := f.times[who]; len(times) > 0 && !times[len(times)-1].Before(f.looked) {
			f.again(who)
		}
	}
}

// deliver runs the outbox until nothing is due: each time as a program that was started anew.
func (f *field) deliver() {
	due := func() bool {
		at, waiting, err := f.store.NextDue(f.ctx, link.Mail)
		f.must(err)
		return waiting && !at.After(time.Now())
	}
	if !due() {
		return
	}
	w := &outbox.Worker{
		Store: f.store, Journal: f.notes, Networks: f.store.Networks, Links: &link.Links{Store: f.store, Rand: rand.Reader},
		Carriers: map[link.Channel]outbox.Carrier{link.Mail: f}, MessageID: func(r string) string { return r },
		Wave: outbox.Wave{ID: "w", Closes: f.plan.Wave.Closes, Zone: f.plan.Wave.Zone, ThankAskers: f.plan.Wave.Rules.ThankAskers},
		Now:  time.Now, Rand: rand.Reader, Log: slog.New(slog.DiscardHandler), Grace: time.Minute,
	}
	ctx, stop := context.WithCancel(f.ctx)
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx) }()
	for due() {
		time.Sleep(20 * time.Millisecond)
	}
	stop()
	f.must(<-done)
}

// foretell keeps what is to be sent, and holds the plan that people see against it.
func (f *field) foretell() {
	f.foretold = map[letter]time.Time{}
	f.mu.Lock()
	f.sent, f.putOff = map[letter]time.Time{}, false
	f.mu.Unlock()
	var leave []Item // one for each message, at its own moment
	f.must(f.plan.candidates(f.ctx, Selection{}, func(r candidate) error {
		for _, p := range f.plan.Wave.Schedule(r.Candidate, f.looked).Planned {
			kind, n := f.plan.Wave.planner().name(p.Kind)
			leave = append(leave, Item{At: p.Leaves, Kind: kind, Number: n, Network: r.Network, Channel: link.Mail})
			if p.Kind != outbox.Invitation || p.Queued {
				f.foretold[letter{r.Recipient, p.Kind}] = p.Leaves
			}
		}
		return nil
	}))
	slices.SortFunc(leave, func(a, b Item) int { return a.At.Compare(b.At) })
	shown, err := f.plan.Plan(f.ctx, f.looked)
	f.must(err)
	for _, item := range shown.Items {
		for range item.Messages {
			i := slices.IndexFunc(leave, func(l Item) bool {
				after := l.At.Sub(item.At)
				l.At, l.Messages = item.At, item.Messages
				return l == item && after > -time.Minute && after <= oneDay*5
			})
			if i < 0 {
				f.t.Fatalf("seed %d: the plan shows %+v, and it is not to be sent", f.seed, item)
			}
			leave = slices.Delete(leave, i, i+1)
		}
	}
	if len(leave) > 0 {
		f.t.Fatalf("seed %d: the plan does not show %+v", f.seed, leave)
	}
}

// judge holds what was sent against what was foretold.
func (f *field) judge() {
	put := map[letter]bool{}
	f.must(f.store.Messages(f.ctx, outbox.Query{States: []outbox.State{outbox.Retrying}}, func(m outbox.Message) error {
		put[letter{m.Recipient, m.Kind}] = true
		return nil
	}))
	w := f.plan.Wave
	for l, leaves := range f.foretold {
		at, sent := f.sent[l]
		late := at.Sub(leaves)
		switch {
		case !sent && !leaves.After(f.looked) && !put[l]:
			f.t.Errorf("seed %d: %v was foretold for %v, and at %v it is not sent", f.seed, l, leaves, f.looked)
		case sent && (late < 0 || late > 10*time.Minute):
			f.t.Errorf("seed %d: %v was foretold for %v and sent at %v", f.seed, l, leaves, at.In(w.Zone))
		case sent && l.kind != outbox.ThankYou && !leaves.Before(w.Closes):
			f.t.Errorf("seed %d: %v is sent after the close, at %v", f.seed, l, at.In(w.Zone))
		case sent && !put[l] && l.kind.Number() > 0 && !w.Rules.allowed(leaves, w.Zone).Equal(leaves) && late < time.Minute:
			f.t.Errorf("seed %d: %v is sent at %v", f.seed, l, at.In(w.Zone))
		}
	}
	for l, at := range f.sent {
		if _, ok := f.foretold[l]; !ok {
			f.t.Errorf("seed %d: nobody foretold %v, sent at %v", f.seed, l, at.In(w.Zone))
		}
	}
}

// again foretells what follows a letter that has just left. All that follows counts from when it was taken,
// a few minutes after its moment, and may have to wait for the next moment of an hour that is its own, and what
// follows that for as much longer. Nothing moves further, and nothing moves forward.
func (f *field) again(recipient string) {
	f.must(f.plan.candidates(f.ctx, Selection{}, func(r candidate) error {
		if r.Recipient != recipient {
			return nil
		}
		w, shift := f.plan.Wave.within(r.Opens, r.Closes), 10*time.Minute
		for _, p := range f.plan.Wave.Schedule(r.Candidate, f.looked).Planned {
			l := letter{recipient, p.Kind}
			was, ok := f.foretold[l]
			if !ok || p.Queued {
				continue
			}
			_, latest := w.slot(recipient, p.Kind, was.Add(shift))
			if p.Leaves.Before(was) || p.Leaves.After(latest) {
				f.t.Errorf("seed %d: %v moves from %v to %v", f.seed, l, was, p.Leaves)
			}
			f.foretold[l], shift = p.Leaves, max(shift, p.Leaves.Sub(was))
		}
		return nil
	}))
}

// arrive lists a new contact and invites them.
func (f *field) arrive() {
	id := fmt.Sprintf("p%03d", len(f.people))
	network := string(rune('a' + f.dice.IntN(3)))
	_, err := f.store.SaveContacts(f.ctx, []contacts.Contact{{ID: id, Token: "t" + id, Email: id + "@example.org", Networks: []string{network}}})
	f.must(err)
	f.people = append(f.people, id)
	_, err = f.plan.Invite(f.ctx, Selection{})
	f.must(err)
}

// event is something that changes what is to be sent.
func (f *field) event() {
	who := f.people[f.dice.IntN(len(f.people))]
	network := string(rune('a' + f.dice.IntN(3)))
	record := func(e contacts.Event) {
		f.must(f.store.Record(f.ctx, contacts.Happening{Contact: who, Event: e, Wave: "w", Day: time.Now().Format(time.DateOnly)}))
	}
	switch f.dice.IntN(12) {
	case 10, 11:
		record([]contacts.Event{contacts.WantResults, contacts.WantResults, contacts.NoResults}[f.dice.IntN(3)])
	case 0:
		record(contacts.OptOut)
	case 1:
		record(contacts.SaidAnswered)
	case 2, 3:
		if f.paused[who] = !f.paused[who]; f.paused[who] {
			record(contacts.Hold)
			return
		}
		record(contacts.Release)
		_, err := outbox.Release(f.ctx, f.store, who, "w", time.Now())
		f.must(err)
	case 4, 5:
		f.paused[network] = !f.paused[network]
		f.must(f.store.PauseNetworks(f.ctx, []string{network}, f.paused[network]))
	case 6:
		f.below[network] = !f.below[network]
	case 7: // the program is down
		time.Sleep(time.Duration(1+f.dice.IntN(30*60)) * time.Minute)
		f.looked = time.Time{}
	case 8:
		f.arrive()
	}
}
