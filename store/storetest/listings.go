package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"viesti/contacts"
	"viesti/link"
	"viesti/outbox"
	"viesti/survey"
)

func listingTests() []test {
	return []test{
		{"messages by query", queries},
		{"contacts come by id", contactsByID},
		{"a listing may call the store", callBack},
		{"a listing stops at an error", listingStops},
		{"many records come once each", manyRecords},
		{"a context that has ended", contextEnded},
	}
}

func queries(t *testing.T, s Store) {
	var list []outbox.Message
	for i, r := range []string{"x", "xx", "y"} {
		for n := range 3 {
			m := invitation(r, "a", noon)
			m.Kind, m.State = outbox.Reminder(n+1), outbox.States[i+n]
			list = append(list, m)
		}
	}
	list[8].Wave = "2030"
	queue(t, s, list...)
	ids := func(q outbox.Query) (ids []string) {
		must(t, s.Messages(context.Background(), q, func(m outbox.Message) error {
			ids = append(ids, fmt.Sprintf("%s-%d", m.Recipient, m.Kind.Number()))
			return nil
		}))
		return ids
	}
	for _, c := range []struct {
		name string
		q    outbox.Query
		want []string
	}{
		{"all", outbox.Query{}, []string{"x-1", "x-2", "x-3", "xx-1", "xx-2", "xx-3", "y-1", "y-2", "y-3"}},
		{"wave", outbox.Query{Wave: "2030"}, []string{"y-3"}},
		{"states", outbox.Query{States: []outbox.State{outbox.Pending, outbox.States[1]}}, []string{"x-1", "x-2", "xx-1"}},
		{"recipient", outbox.Query{Recipients: []string{"x"}}, []string{"x-1", "x-2", "x-3"}},
		{"recipients", outbox.Query{Wave: wave, Recipients: []string{"y", "x", "nobody", "x"}}, []string{"x-1", "x-2", "x-3", "y-1", "y-2"}},
		{"limit", outbox.Query{Limit: 2}, []string{"x-1", "x-2"}},
		{"nothing", outbox.Query{Wave: "1999"}, nil},
	} {
		got := ids(c.q)
		slices.Sort(got) // only a recipient's own are promised to lie together
		same(t, c.name, got, c.want)
	}
}

func contactsByID(t *testing.T, s Store) {
	save(t, s, person(3, "a"), person(1, "a"), person(2, "a"))
	bar(t, s, person(2).Email)
	same(t, "contacts", everyone(t, s), []contacts.Known{
		{Contact: person(1, "a")},
		{Contact: person(2, "a"), Standing: contacts.Standing{OptedOut: true}},
		{Contact: person(3, "a")},
	})
}

func callBack(t *testing.T, s Store) {
	ctx := context.Background()
	save(t, s, person(1, "a"), person(2, "a"))
	must(t, s.CreateDraft(ctx, key(1), begun("a")))
	must(t, s.Submit(ctx, key(1), "r", send))
	must(t, s.Contacts(ctx, func(k contacts.Known) error {
		_, err := s.Enqueue(ctx, []outbox.Message{invitation(k.ID, "a", noon)})
		return err
	}))
	must(t, s.Messages(ctx, outbox.Query{}, func(m outbox.Message) error {
		_, err := s.Exchange(ctx, []outbox.Change{result(m.Key, outbox.Sent, contacts.Accepted)}, outbox.Claim{Carrier: link.Mail})
		return err
	}))
	must(t, s.Responses(ctx, wave, func(survey.Response) error { return s.SetPaused(ctx, true) }))
	same(t, "states", states(t, s), map[outbox.State]int64{outbox.Sent: 2})
}

func listingStops(t *testing.T, s Store) {
	ctx := context.Background()
	save(t, s, person(1, "a"), person(2, "a"))
	queue(t, s, invitation("x", "a", noon), invitation("y", "a", noon))
	for i := range 2 {
		must(t, s.CreateDraft(ctx, key(i), begun("a")))
		must(t, s.Submit(ctx, key(i), fmt.Sprint(i), send))
	}
	calls := 0
	wantErr(t, s.Contacts(ctx, func(contacts.Known) error { calls++; return errMoody }), errMoody)
	wantErr(t, s.Messages(ctx, outbox.Query{}, func(outbox.Message) error { calls++; return errMoody }), errMoody)
	wantErr(t, s.Messages(ctx, outbox.Query{Recipients: []string{"x", "y"}}, func(outbox.Message) error { calls++; return errMoody }), errMoody)
	wantErr(t, s.Responses(ctx, wave, func(survey.Response) error { calls++; return errMoody }), errMoody)
	same(t, "calls", calls, 4)
}

func manyRecords(t *testing.T, s Store) {
	const many = 1500
	var people []contacts.Contact
	var list []outbox.Message
	for i := range many {
		people = append(people, person(i, "a"))
		list = append(list, invitation(person(i).ID, "a", noon))
	}
	save(t, s, people...)
	queue(t, s, list...)
	same(t, "contacts", len(everyone(t, s)), many)
	seen := map[outbox.Key]bool{}
	must(t, s.Messages(context.Background(), outbox.Query{Wave: wave}, func(m outbox.Message) error {
		if seen[m.Key] {
			t.Errorf("message %v came twice", m.Key)
		}
		seen[m.Key] = true
		return nil
	}))
	same(t, "messages", len(seen), many)
}

func contextEnded(t *testing.T, s Store) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	wantErr(t, s.CreateDraft(ctx, key(1), begun("a")), context.Canceled)
	wantErr(t, s.Contacts(ctx, func(contacts.Known) error { return nil }), context.Canceled)
	_, err := s.Draft(ctx, key(1))
	wantErr(t, err, context.Canceled)
	_, err = s.Draft(context.Background(), key(1))
	wantErr(t, err, survey.ErrNoDraft)
}
