package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/link"
	"viesti/outbox"
	"viesti/survey"
)

func historyTests() []test {
	var tests []test
	for seed := range uint64(6) {
		tests = append(tests, test{fmt.Sprint("seed ", seed), func(t *testing.T, s Store) {
			h := history{
				store: s, r: &dice{seed},
				drafts: map[int]survey.Response{}, people: map[string]contacts.Contact{}, erased: map[string]bool{},
				reach: map[string]contacts.Disposition{}, messages: map[outbox.Key]outbox.Message{},
			}
			h.live(t, 250)
		}})
	}
	return tests
}

// history is a random life of a store, beside a naive model of what it holds. The model keeps no
// counts: it counts its records anew each time.
type history struct {
	store  Store
	r      *dice
	drafts map[int]survey.Response
	gone   []survey.Response
	used   int // respondents so far
	sent   []survey.Response

	people   map[string]contacts.Contact
	erased   map[string]bool
	reach    map[string]contacts.Disposition
	messages map[outbox.Key]outbox.Message
}

func (h *history) live(t *testing.T, steps int) {
	t.Helper()
	acts := []func() error{h.begin, h.begin, h.change, h.change, h.submit, h.sweep, h.meet, h.happens, h.enqueue, h.enqueue, h.settle, h.claim}
	for i := range steps {
		if err := acts[h.r.IntN(len(acts))](); err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
		if i%50 == 49 {
			h.compare(t)
		}
	}
}

func (h *history) compare(t *testing.T) {
	t.Helper()
	responses := map[survey.Cell]int64{}
	for _, r := range h.drafts {
		responses[r.Cell()]++
	}
	for _, r := range append(slices.Clone(h.sent), h.gone...) {
		responses[r.Cell()]++
	}
	same(t, "responses", tallies(t, h.store), responses)
	stopped := map[survey.Stop]int64{}
	for _, r := range h.drafts {
		at, _ := r.Stop()
		stopped[at]++
	}
	for _, r := range h.gone {
		at, _ := r.Stop()
		stopped[at]++
	}
	same(t, "stops", stops(t, h.store), stopped)
	reach := map[contacts.Disposition]int64{}
	for _, d := range h.reach {
		reach[d]++
	}
	same(t, "reach", reaches(t, h.store), reach)
	outgoing := map[outbox.Cell]int64{}
	for _, m := range h.messages {
		outgoing[m.Cell()]++
	}
	same(t, "messages", counts(t, h.store), outgoing)
	left := map[outbox.Departure]int64{}
	for _, m := range h.messages {
		if d, ok := m.Departure(); ok {
			left[d]++
		}
	}
	same(t, "departures", departures(t, h.store), left)
	same(t, "recipients", digested(t, h.store), joined(t, h.store))
}

func (h *history) day() string { return fmt.Sprintf("2027-03-%02d", h.r.IntN(5)+1) }

func (h *history) begin() error {
	r := begun(pick(h.r, "a", "b", ""))
	r.Lang, r.Day = pick(h.r, i18n.Langs...), h.day()
	k := h.used
	h.used++
	h.drafts[k] = r
	return h.store.CreateDraft(context.Background(), key(k), r)
}

// change edits a draft, sometimes one that is gone, and sometimes the change itself fails.
func (h *history) change() error {
	k, on, page, fails := h.r.IntN(h.used+1), h.day(), h.r.IntN(4), h.r.IntN(4) == 0
	edit := func(r *survey.Response) error {
		r.State, r.Day, r.Page = survey.Partial, on, page
		if fails {
			return errMoody
		}
		return nil
	}
	err := h.store.UpdateDraft(context.Background(), key(k), edit)
	r, open := h.drafts[k]
	if !open || fails {
		return expected(err, survey.ErrNoDraft, survey.ErrSubmitted, survey.ErrRemoved, errMoody)
	}
	_ = edit(&r)
	h.drafts[k] = r
	return err
}

func (h *history) submit() error {
	k := h.r.IntN(h.used + 1)
	err := h.store.Submit(context.Background(), key(k), fmt.Sprint("r", len(h.sent)), send)
	r, open := h.drafts[k]
	if !open {
		return expected(err, survey.ErrNoDraft, survey.ErrSubmitted, survey.ErrRemoved)
	}
	r.State = survey.Complete
	h.sent = append(h.sent, r)
	delete(h.drafts, k)
	return err
}

// sweep removes the drafts of a day.
func (h *history) sweep() error {
	on := h.day()
	old := func(r survey.Response) bool { return r.Day == on }
	n, err := h.store.RemoveDrafts(context.Background(), old)
	for k, r := range h.drafts {
		if old(r) {
			h.gone = append(h.gone, r)
			delete(h.drafts, k)
			n--
		}
	}
	if err == nil && n != 0 {
		return fmt.Errorf("%d drafts too many were removed", n)
	}
	return err
}

// meet imports a contact, known or not.
func (h *history) meet() error {
	c := person(h.r.IntN(20), pick(h.r, "a", "b"))
	saved, err := h.store.SaveContacts(context.Background(), []contacts.Contact{c})
	if err != nil {
		return err
	}
	if barred := saved[0].Outcome == contacts.Barred; h.erased[c.ID] && !barred {
		return fmt.Errorf("%s came back", c.ID)
	}
	if _, known := h.people[c.ID]; !known && !h.erased[c.ID] {
		h.people[c.ID] = c
	}
	return nil
}

func (h *history) happens() error {
	id := person(h.r.IntN(20)).ID
	e := pick(h.r, contacts.Accepted, contacts.HardBounce, contacts.SaidAnswered, contacts.OptOut, contacts.Erase)
	happening := contacts.Happening{Contact: id, Event: e, Wave: wave, Day: h.day()}
	err := h.store.Record(context.Background(), happening)
	c, known := h.people[id]
	if !known {
		return expected(err, contacts.ErrNoContact)
	}
	if e == contacts.Erase {
		h.erase(id)
	} else {
		h.dispose(happening, c.Home())
	}
	return err
}

func (h *history) dispose(x contacts.Happening, network string) {
	d, ok := h.reach[x.Contact]
	if !ok {
		d = contacts.Disposition{Wave: wave, Network: network, Lang: i18n.Sv}
	}
	h.reach[x.Contact] = d.After(x.Event, x.Day)
}

func (h *history) erase(id string) {
	delete(h.people, id)
	h.erased[id] = true
	for k, m := range h.messages {
		if k.Recipient == id && m.Waiting() {
			m.State = outbox.Cancelled
			h.messages[k] = m
		}
	}
}

func (h *history) enqueue() error {
	m := invitation(person(h.r.IntN(20)).ID, pick(h.r, "a", "b"), noon)
	m.Kind = outbox.Reminder(h.r.IntN(3) + 1)
	put, err := h.store.Enqueue(context.Background(), []outbox.Message{m})
	if err != nil {
		return err
	}
	if _, there := h.messages[m.Key]; there == put[0] {
		return fmt.Errorf("%v: there %v, put %v", m.Key, there, put[0])
	}
	if put[0] {
		h.messages[m.Key] = m
	}
	return nil
}

// settle gives a message another state, with an event or without.
func (h *history) settle() error {
	k := outbox.Key{Recipient: person(h.r.IntN(20)).ID, Wave: wave, Kind: outbox.Reminder(h.r.IntN(3) + 1)}
	state, e := pick(h.r, outbox.States...), pick(h.r, "", contacts.Accepted, contacts.HardBounce)
	at := noon.Add(time.Duration(h.r.IntN(200)) * time.Minute)
	change := result(k, state, e)
	apply := change.Apply
	change.Apply = func(m *outbox.Message) contacts.Event {
		event := apply(m)
		m.Settled = at
		return event
	}
	_, err := h.store.Exchange(context.Background(), []outbox.Change{change}, outbox.Claim{Carrier: link.Mail})
	m, ok := h.messages[k]
	if !ok {
		return err
	}
	m.State, m.Settled = state, at
	h.messages[k] = m
	if _, known := h.people[k.Recipient]; known && e != "" {
		h.dispose(contacts.Happening{Contact: k.Recipient, Event: e, Day: day}, m.Network)
	}
	return err
}

func (h *history) claim() error {
	got, err := h.store.Exchange(context.Background(), nil, outbox.Claim{Carrier: link.Mail, Now: noon, Limit: 3, Decide: accept(noon)})
	for _, d := range got {
		m := h.messages[d.Key]
		if !m.Waiting() {
			return fmt.Errorf("%v was claimed though it is %s", d.Key, m.State)
		}
		m.State = outbox.Sending
		h.messages[d.Key] = m
	}
	return err
}

// dice fall the same way each time, so that a history that fails can be lived again. They are
// SplitMix64 (Steele, Lea and Flood, Fast splittable pseudorandom number generators, 2014).
type dice struct{ state uint64 }

// IntN is a number below n.
func (d *dice) IntN(n int) int {
	d.state += 0x9e3779b97f4a7c15
	z := d.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return int((z ^ z>>31) % uint64(n)) //nolint:gosec // below n
}

func pick[T any](r *dice, from ...T) T { return from[r.IntN(len(from))] }

// expected is nil when err is one of those that had to come.
func expected(err error, list ...error) error {
	for _, want := range list {
		if errors.Is(err, want) {
			return nil
		}
	}
	return fmt.Errorf("want one of %v, not: %w", list, err)
}
