package report_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/link"
	"viesti/outbox"
	"viesti/report"
	"viesti/store/bolt"
	"viesti/survey"
)

// The waves of a world: both open on a first of the month, and days since then are compared.
const wave, waveBefore = "w", "v"

var (
	opens  = time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)
	closes = time.Date(2026, 11, 20, 18, 0, 0, 0, time.UTC)
	now    = time.Date(2026, 11, 6, 12, 0, 0, 0, time.UTC)
)

// world is a store with a random history, and the same history as plain lists: the log of events,
// from which every figure is counted again with a pencil.
type world struct {
	store     *bolt.Store
	networks  []contacts.Network
	links     []link.Link
	roots     map[string]string // of each link, the token of the one that was first passed on
	depths    map[string]int
	responses []answered
	people    []person
	letters   []letter
}

type answered struct {
	wave string
	link link.Link
	lang i18n.Lang
	day  int // of the month
	state
	page int
}

type state = survey.State

type person struct {
	network                               string
	lang                                  i18n.Lang
	contacted, bounced, optedOut, already bool
	day                                   int
}

type letter struct {
	network string
	kind    outbox.Kind
	at      time.Time
}

func day(n int) string { return fmt.Sprintf("2026-11-%02d", n) }

func happened(t *testing.T, r *rand.Rand) *world {
	t.Helper()
	ctx := context.Background()
	store, err := bolt.Open(ctx, bolt.Options{Path: filepath.Join(t.TempDir(), "viesti.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	w := &world{store: store, roots: map[string]string{}, depths: map[string]int{}}
	w.found(t, r)
	for i := range 150 {
		w.respond(t, r, i)
	}
	if r.IntN(2) == 0 { // unfinished answers of some day are removed, and stay counted
		gone := fmt.Sprintf("2026-11-%02d", 1+r.IntN(3))
		if _, err := store.RemoveDrafts(ctx, func(x survey.Response) bool { return x.Day == gone }); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 60 {
		w.meet(t, r, i)
	}
	for i := range 40 {
		w.send(t, r, i)
	}
	return w
}

// under tells whether a network is top or lies under it.
func (w *world) under(id, top string) bool {
	for _, n := range w.networks {
		if n.ID == id {
			return id == top || n.Parent != "" && w.under(n.Parent, top)
		}
	}
	return false
}

// target adds up the targets of some networks, those that lie under one of them with a target left out.
func (w *world) target(of func(contacts.Network) bool) (sum int64) {
	for _, n := range w.networks {
		part := slices.ContainsFunc(w.networks, func(m contacts.Network) bool {
			return m.ID != n.ID && of(m) && m.Target > 0 && w.under(n.ID, m.ID)
		})
		if of(n) && !part {
			sum += int64(n.Target)
		}
	}
	return sum
}

// found makes networks with their links, and links that were passed on from these.
func (w *world) found(t *testing.T, r *rand.Rand) {
	t.Helper()
	ctx := context.Background()
	for n := range 5 {
		id := fmt.Sprint("n", n)
		parent := ""
		if n > 0 && r.IntN(2) == 0 {
			parent = fmt.Sprint("n", r.IntN(n))
		}
		w.networks = append(w.networks, contacts.Network{
			ID: id, Name: i18n.Text{i18n.Fi: id}, Region: contacts.Regions[r.IntN(len(contacts.Regions))], Kind: contacts.Kinds[n%3], Target: 5 * r.IntN(3), Parent: parent,
		})
		for _, c := range link.Channels[:4] {
			l := link.Link{Token: fmt.Sprintf("t%d%s", n, c), Network: id, Channel: c}
			w.links, w.roots[l.Token] = append(w.links, l), l.Token
		}
	}
	if _, err := w.store.SaveNetworks(ctx, w.networks); err != nil {
		t.Fatal(err)
	}
	for i := range 12 {
		from := w.links[r.IntN(len(w.links))]
		l := link.Link{Token: fmt.Sprint("p", i), Network: from.Network, Channel: link.Onward, Parent: from.Token}
		if r.IntN(3) == 0 {
			l.Place = fmt.Sprint("C", r.IntN(3))
		}
		if w.depths[from.Token] >= 3 || w.taken(l.Key()) {
			continue
		}
		w.links = append(w.links, l)
		w.roots[l.Token], w.depths[l.Token] = w.roots[from.Token], w.depths[from.Token]+1
	}
	if _, err := w.store.PutLinks(ctx, w.links); err != nil {
		t.Fatal(err)
	}
}

func (w *world) taken(k link.Key) bool {
	for _, l := range w.links {
		if l.Key() == k {
			return true
		}
	}
	return false
}

func (w *world) respond(t *testing.T, r *rand.Rand, i int) {
	t.Helper()
	from := append(w.links, link.Link{Channel: link.Web})
	a := answered{
		wave: wave, link: from[r.IntN(len(from))], lang: i18n.Langs[r.IntN(3)], day: 1 + r.IntN(8),
		state: []survey.State{survey.Started, survey.Partial, survey.Complete}[r.IntN(3)], page: r.IntN(4),
	}
	if r.IntN(3) == 0 {
		a.wave = waveBefore
	}
	ctx, key := context.Background(), survey.KeyOf(fmt.Sprint(i))
	err := w.store.CreateDraft(ctx, key, survey.Response{Wave: a.wave, Link: a.link.Token, Lang: a.lang, Day: day(1), State: survey.Started})
	become := func(x *survey.Response) error {
		x.State, x.Day, x.Page = a.state, day(a.day), a.page
		if a.state == survey.Complete {
			x.Page = 0
		}
		return nil
	}
	if err == nil && a.state == survey.Complete {
		err = w.store.Submit(ctx, key, fmt.Sprint("r", i), become)
	} else if err == nil {
		err = w.store.UpdateDraft(ctx, key, become)
	}
	if err != nil {
		t.Fatal(err)
	}
	w.responses = append(w.responses, a)
}

func (w *world) meet(t *testing.T, r *rand.Rand, i int) {
	t.Helper()
	ctx := context.Background()
	p := person{network: fmt.Sprint("n", r.IntN(5)), lang: i18n.Langs[r.IntN(3)]}
	id := fmt.Sprint("c", i)
	_, err := w.store.SaveContacts(ctx, []contacts.Contact{{ID: id, Token: "o" + id, Email: id + "@example.org", Language: p.lang, Networks: []string{p.network}}})
	if err != nil {
		t.Fatal(err)
	}
	for range r.IntN(6) {
		on := 1 + r.IntN(5)
		e := []contacts.Event{contacts.Accepted, contacts.Accepted, contacts.HardBounce, contacts.OptOut, contacts.SaidAnswered, contacts.Revive, contacts.Readmit}[r.IntN(7)]
		if p.day == 0 && (e == contacts.Revive || e == contacts.Readmit) {
			continue // there is nothing to take back
		}
		if p.day == 0 || e == contacts.Accepted && !p.contacted {
			p.day = on
		}
		switch e {
		case contacts.Accepted:
			p.contacted = true
		case contacts.HardBounce:
			p.bounced = true
		case contacts.OptOut:
			p.optedOut = true
		case contacts.SaidAnswered:
			p.already = true
		case contacts.Revive:
			p.bounced = false
		case contacts.Readmit:
			p.optedOut = false
		}
		if err := w.store.Record(ctx, contacts.Happening{Contact: id, Event: e, Wave: wave, Day: day(on)}); err != nil {
			t.Fatal(err)
		}
	}
	w.people = append(w.people, p)
}

// send lets a message leave, or not.
func (w *world) send(t *testing.T, r *rand.Rand, i int) {
	t.Helper()
	ctx := context.Background()
	l := letter{
		network: fmt.Sprint("n", r.IntN(5)), at: opens.Add(time.Duration(r.IntN(110)) * time.Hour),
		kind: []outbox.Kind{outbox.Invitation, outbox.Reminder(1), outbox.LastCall, outbox.ThankYou}[r.IntN(4)],
	}
	m := outbox.Message{Key: outbox.Key{Recipient: fmt.Sprint("x", i), Wave: wave, Kind: l.kind}, Network: l.network, Carrier: link.Mail, State: outbox.Pending, Due: l.at}
	if _, err := w.store.Enqueue(ctx, []outbox.Message{m}); err != nil {
		t.Fatal(err)
	}
	state := []outbox.State{outbox.Sent, outbox.Sent, outbox.Failed, outbox.Uncertain}[r.IntN(4)]
	_, err := w.store.Exchange(ctx, []outbox.Change{{Key: m.Key, Apply: func(m *outbox.Message) contacts.Event {
		m.State, m.Settled = state, l.at
		return ""
	}}}, outbox.Claim{Carrier: link.Mail})
	if err != nil {
		t.Fatal(err)
	}
	if state == outbox.Sent {
		w.letters = append(w.letters, l)
	}
}

func (w *world) reporter() *report.Reporter {
	return &report.Reporter{
		Source: w.store, Now: func() time.Time { return now },
		Period:  survey.Period{Wave: wave, Opens: opens, Closes: closes},
		Earlier: []report.Known{{Wave: "2020", Complete: 800, About: true}, {Wave: waveBefore, Opens: day(1)}},
	}
}

func TestUnknownQueries(t *testing.T) {
	r := happened(t, rand.New(rand.NewPCG(9, 9))).reporter()
	if _, err := r.Rates(t.Context(), report.Query{Network: "nowhere"}); fault.KindOf(err) != fault.NotFound {
		t.Error(err)
	}
	if _, err := r.Rates(t.Context(), report.Query{By: "shoe size"}); fault.KindOf(err) != fault.Invalid {
		t.Error(err)
	}
}
