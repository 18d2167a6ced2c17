package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"viesti/audit"
	"viesti/bounce"
	"viesti/contacts"
	"viesti/i18n"
	"viesti/link"
	"viesti/outbox"
	"viesti/privacy"
	"viesti/staff"
	"viesti/survey"
)

func lifeTests() []test {
	return []test{
		{"what is held about somebody", held},
		{"a purge takes people and leaves counts", purge},
		{"a purge leaves what may still be finished", purgeInTime},
		{"wishes outlive a purge", wishesLast},
		{"entries of the book", entries},
	}
}

// aino is listed, was written to, wished no more, answered mail in a way and has a role.
func aino(t *testing.T, s Store) contacts.Contact {
	t.Helper()
	ctx := context.Background()
	c := contacts.Contact{ID: "aino", Token: "token-a", Email: "Aino@example.org", Name: "Aino", Language: i18n.Sv, Networks: []string{"net", "gone"}, SlackUser: "U0AINO"}
	_, err := s.SaveNetworks(ctx, []contacts.Network{{ID: "net", Name: i18n.Text{i18n.Fi: "Verkko"}, Coordinator: "Kaisa"}})
	must(t, err)
	_, err = s.SaveContacts(ctx, []contacts.Contact{c, {ID: "bo", Token: "token-b", Email: "bo@example.org", Networks: []string{"net"}}})
	must(t, err)
	_, err = s.Enqueue(ctx, []outbox.Message{
		{Key: outbox.Key{Recipient: "aino", Wave: wave, Kind: outbox.Invitation}, Network: "net", Carrier: link.Mail, State: outbox.Pending, Due: noon, Queued: noon},
		{Key: outbox.Key{Recipient: "bo", Wave: wave, Kind: outbox.Invitation}, Network: "net", Carrier: link.Mail, State: outbox.Uncertain, Due: noon, Queued: noon},
	})
	must(t, err)
	must(t, s.Record(ctx, contacts.Happening{Contact: "aino", Event: contacts.Accepted, Wave: wave, Day: day}))
	must(t, s.Record(ctx, contacts.Happening{Contact: "aino", Event: contacts.OptOut, Wave: wave, Day: day, Cause: contacts.Cause{Ground: contacts.Wish, Words: "please"}}))
	must(t, s.Record(ctx, contacts.Happening{Contact: "bo", Event: contacts.HardBounce, Wave: wave, Day: day}))
	must(t, s.ChangeBounces(ctx, "aino", func([]bounce.Record, contacts.Known) bounce.Decision {
		return bounce.Decision{Put: []bounce.Record{{ID: "b", Recipient: "aino", At: noon}}}
	}))
	must(t, s.ChangeGrants(ctx, "U0AINO", func([]staff.Grant) []staff.Grant {
		return []staff.Grant{{Who: "U0AINO", Network: "net", Role: staff.Viewer}}
	}))
	must(t, s.PutPerson(ctx, staff.Person{User: "U0AINO", Lang: i18n.En}))
	return c
}

func held(t *testing.T, s Store) {
	ctx := context.Background()
	c := aino(t, s)
	h, err := s.Held(ctx, "aino@EXAMPLE.org")
	must(t, err)
	same(t, "the contact", *h.Contact, c)
	if !h.Hashed || !h.Standing.OptedOut || len(h.Networks) != 1 || h.Networks[0].ID != "net" || len(h.Dispositions) != 1 ||
		len(h.Letters) != 1 || h.Letters[0].Kind != outbox.Invitation || len(h.Returned) != 1 || len(h.Roles) != 1 || h.Speaks != i18n.En {
		t.Errorf("held %+v", h)
	}
	_, err = s.SaveNetworks(ctx, []contacts.Network{{ID: "net", Coordinator: "Aino", CoordinatorEmail: "aino@example.ORG"}})
	must(t, err)
	h, err = s.Held(ctx, c.Email)
	must(t, err)
	if len(h.Leads) != 1 || h.Leads[0].ID != "net" {
		t.Errorf("networks led %+v", h.Leads)
	}
	must(t, s.Record(ctx, contacts.Happening{Contact: "aino", Event: contacts.Erase, Wave: wave, Day: day}))
	list, err := s.Networks(ctx)
	must(t, err)
	same(t, "the network of who was erased", list, []contacts.Network{{ID: "net"}})
	h, err = s.Held(ctx, c.Email)
	must(t, err)
	same(t, "what is held of who was erased", h, privacy.Held{Hashed: true, Standing: contacts.Standing{Erased: true, OptedOut: true}})
	h, err = s.Held(ctx, "nobody@example.org")
	must(t, err)
	same(t, "what is held of nobody", h, privacy.Held{})
	if a, b := s.Fingerprint("Aino@example.org"), s.Fingerprint("aino@EXAMPLE.ORG"); a != b || a == s.Fingerprint("bo@example.org") {
		t.Errorf("fingerprints %s, %s", a, b)
	}
}

// figures are all counts of the wave that people are shown.
func figures(t *testing.T, s Store) string {
	t.Helper()
	ctx := context.Background()
	tallies, err := s.Tallies(ctx, wave)
	must(t, err)
	stops, err := s.Stops(ctx, wave)
	must(t, err)
	reaches, err := s.Reaches(ctx, wave)
	must(t, err)
	departures, err := s.Departures(ctx, wave)
	must(t, err)
	return fmt.Sprintf("%+v\n%+v\n%+v\n%+v", tallies, stops, reaches, departures)
}

func purge(t *testing.T, s Store) {
	ctx := context.Background()
	aino(t, s)
	must(t, s.CreateDraft(ctx, "draft", begun("link")))
	must(t, s.CreateDraft(ctx, "sent", begun("link")))
	must(t, s.Submit(ctx, "sent", "id", func(r *survey.Response) error { r.State = survey.Complete; return nil }))
	before := figures(t, s)
	last, err := s.LastPurge(ctx)
	must(t, err)
	same(t, "the last purge, before any", last, privacy.Purged{})
	want := privacy.Purged{Wave: wave, At: noon, Contacts: 2, Messages: 2, Drafts: 1, Wishes: 1}
	holds, err := s.Holds(ctx)
	must(t, err)
	same(t, "foretold", holds, privacy.Purged{Contacts: 2, Messages: 2, Drafts: 1})
	done, err := s.Purge(ctx, privacy.Order{Wave: wave, At: noon, Drafts: true})
	must(t, err)
	same(t, "purged", done, want)
	last, err = s.LastPurge(ctx)
	must(t, err)
	same(t, "the last purge", last, want)
	same(t, "the figures", figures(t, s), before)
	must(t, s.Contacts(ctx, func(contacts.Known) error { t.Error("a contact is left"); return nil }))
	must(t, s.Messages(ctx, outbox.Query{}, func(outbox.Message) error { t.Error("a message is left"); return nil }))
	must(t, s.Bounces(ctx, func(bounce.Record) error { t.Error("a bounce is left"); return nil }))
	_, err = s.Draft(ctx, "sent")
	wantErr(t, err, survey.ErrNoDraft)
	_, waiting, err := s.NextDue(ctx, link.Mail)
	if waiting || err != nil {
		t.Errorf("something waits: %v", err)
	}
	counts, err := s.Counts(ctx, wave)
	must(t, err)
	same(t, "the messages", counts, []outbox.Tally{{N: 2, Cell: outbox.Cell{Wave: wave, Network: "net", Carrier: link.Mail, Kind: outbox.Invitation, State: outbox.Cancelled}}})
	list, err := s.Networks(ctx)
	must(t, err)
	same(t, "the networks", list, []contacts.Network{{ID: "net", Name: i18n.Text{i18n.Fi: "Verkko"}}})
	again(t, s)
}

// again lives on after a purge: a new list, another purge, and the same figures.
func again(t *testing.T, s Store) {
	t.Helper()
	ctx := context.Background()
	_, err := s.SaveContacts(ctx, []contacts.Contact{{ID: "cilla", Token: "token-c", Email: "cilla@example.org", Networks: []string{"net"}}})
	must(t, err)
	must(t, s.Record(ctx, contacts.Happening{Contact: "cilla", Event: contacts.Accepted, Wave: wave, Day: day}))
	before := figures(t, s)
	_, err = s.Purge(ctx, privacy.Order{Wave: wave, At: noon, Drafts: true})
	must(t, err)
	same(t, "the figures after another", figures(t, s), before)
	must(t, s.Compact(ctx, day))
	tidied, err := s.Tidied(ctx)
	must(t, err)
	same(t, "the day of the compaction", tidied, day)
	same(t, "the figures after a compaction", figures(t, s), before)
}

func purgeInTime(t *testing.T, s Store) {
	ctx := context.Background()
	must(t, s.CreateDraft(ctx, "draft", begun("link")))
	done, err := s.Purge(ctx, privacy.Order{Wave: wave, At: noon})
	must(t, err)
	same(t, "purged", done, privacy.Purged{Wave: wave, At: noon})
	must(t, s.Submit(ctx, "draft", "id", func(r *survey.Response) error { r.State = survey.Complete; return nil }))
}

func wishesLast(t *testing.T, s Store) {
	ctx := context.Background()
	c := aino(t, s)
	_, err := s.Purge(ctx, privacy.Order{Wave: wave, At: noon})
	must(t, err)
	saved, err := s.SaveContacts(ctx, []contacts.Contact{c, {ID: "bo2", Token: "token-b2", Email: "bo@example.org"}})
	must(t, err)
	if saved[0].Outcome != contacts.Barred || saved[0].Standing.Opted.Words != "" || saved[1].Outcome != contacts.Added {
		t.Errorf("after a purge the old list brings back %+v", saved)
	}
	known, err := s.Contact(ctx, "bo2")
	must(t, err)
	same(t, "the standing of an address that was dead", known.Standing, contacts.Standing{})
}

func entries(t *testing.T, s Store) {
	ctx := context.Background()
	for i := range 3 {
		must(t, s.AddEntry(ctx, audit.Entry{At: noon.Add(time.Duration(i/2) * time.Hour), Who: "os:anna", Act: audit.Erased, Detail: fmt.Sprint(i)}))
	}
	read := func() (details []string) {
		must(t, s.Entries(ctx, func(e audit.Entry) error { details = append(details, e.Detail); return nil }))
		return details
	}
	if all := read(); !slices.Equal(all, []string{"0", "1", "2"}) {
		t.Errorf("entries %q", all)
	}
	n, err := s.ForgetEntries(ctx, noon.Add(time.Hour))
	must(t, err)
	if left := read(); n != 2 || !slices.Equal(left, []string{"2"}) {
		t.Errorf("%d forgotten, left %q", n, left)
	}
}
