package storetest

import (
	"cmp"
	"context"
	"slices"
	"testing"
	"time"

	"viesti/contacts"
	"viesti/outbox"
)

func recipientTests() []test {
	return []test{
		{"what happens to contacts and messages is seen at once", recipientsFollow},
		{"recipients come once each, by id", recipientsByID},
	}
}

// digested are all of them.
func digested(t *testing.T, s Store) (list []outbox.Recipient) {
	t.Helper()
	must(t, s.Recipients(context.Background(), func(some []outbox.Recipient) error {
		list = append(list, some...)
		return nil
	}))
	return list
}

// joined are the recipients as contacts and messages make them.
func joined(t *testing.T, s Store) (list []outbox.Recipient) {
	t.Helper()
	for _, k := range everyone(t, s) {
		c, st := k.Contact, k.Standing
		c.Token, c.Name, c.Organisation, c.Language = "", "", "", ""
		st.Opted, st.Dead = contacts.Cause{}, contacts.Cause{}
		r := outbox.Recipient{Known: contacts.Known{Contact: c, Standing: st}}
		must(t, s.Messages(context.Background(), outbox.Query{Recipients: []string{c.ID}}, func(m outbox.Message) error {
			r.Traces = append(r.Traces, m.Trace())
			return nil
		}))
		slices.SortFunc(r.Traces, func(a, b outbox.Trace) int {
			return cmp.Or(cmp.Compare(a.Wave, b.Wave), cmp.Compare(a.Kind, b.Kind))
		})
		list = append(list, r)
	}
	return list
}

func recipientsFollow(t *testing.T, s Store) {
	ctx := context.Background()
	early := invitation(person(1).ID, "a", noon) // a message may be there before its contact
	queue(t, s, early)
	save(t, s, person(1, "a"), person(2, "a"), person(3, "b"))
	later := invitation(person(1).ID, "a", noon)
	later.Wave = "2030"
	queue(t, s, later, invitation(person(2).ID, "a", noon), invitation("nobody", "a", noon))
	same(t, "queued", digested(t, s), joined(t, s))
	for name, act := range map[string]func() error{
		"sent": func() error {
			change := result(early.Key, outbox.Sent, contacts.Accepted)
			apply := change.Apply
			change.Apply = func(m *outbox.Message) contacts.Event {
				m.Settled = noon.Add(time.Hour)
				return apply(m)
			}
			_, err := s.Exchange(ctx, []outbox.Change{change}, outbox.Claim{})
			return err
		},
		"listed again": func() error {
			again := person(2, "b")
			again.SlackUser = "U2"
			_, err := s.SaveContacts(ctx, []contacts.Contact{again})
			return err
		},
		"asked in Slack": func() error { return s.KeepAccount(ctx, person(3).ID, "", day) },
		"suppressed": func() error {
			_, err := s.Suppress(ctx, []contacts.Suppression{{Email: person(3).Email, Standing: contacts.Standing{Bounced: true}}})
			return err
		},
		"a dead address": func() error {
			_, err := s.Exchange(ctx, []outbox.Change{result(later.Key, outbox.Failed, contacts.HardBounce)}, outbox.Claim{})
			return err
		},
	} {
		before := digested(t, s)
		must(t, act())
		after := digested(t, s)
		same(t, name, after, joined(t, s))
		if slices.EqualFunc(before, after, func(a, b outbox.Recipient) bool {
			return a.Equal(b.Contact) && a.Standing == b.Standing && slices.Equal(a.Traces, b.Traces)
		}) {
			t.Errorf("%s: nothing has changed", name)
		}
	}
	for _, e := range []contacts.Event{contacts.SaidAnswered, contacts.WantResults, contacts.Hold, contacts.NotInSlack, contacts.OptOut, contacts.Erase} {
		must(t, s.Record(ctx, contacts.Happening{Contact: person(2).ID, Event: e, Wave: wave, Day: day}))
		same(t, string(e), digested(t, s), joined(t, s))
	}
	same(t, "recipients who are left", len(digested(t, s)), 2)
}

func recipientsByID(t *testing.T, s Store) {
	const many = 1200
	var people []contacts.Contact
	for i := range many {
		people = append(people, person(many-i, "a"))
	}
	save(t, s, people...)
	var ids []string
	for _, r := range digested(t, s) {
		ids = append(ids, r.ID)
	}
	same(t, "ids", len(slices.Compact(ids)), many)
	same(t, "sorted", slices.IsSorted(ids), true)
	calls := 0
	wantErr(t, s.Recipients(context.Background(), func([]outbox.Recipient) error { calls++; return errMoody }), errMoody)
	same(t, "calls", calls, 1)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	wantErr(t, s.Recipients(ctx, func([]outbox.Recipient) error { return nil }), context.Canceled)
}
