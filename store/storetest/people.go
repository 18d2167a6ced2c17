package storetest

import (
	"context"
	"strings"
	"testing"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/link"
)

func contactTests() []test {
	return []test{
		{"an account that Slack knows is kept", keepAccount},
		{"networks are put, changed, left", networksSaved},
		{"an import adds, merges and leaves", importMerges},
		{"a contact is found by address and by token", contactFound},
		{"an address in another spelling is the same person", spellings},
		{"who opted out is barred and kept up to date", optedOutImport},
		{"an address barred beforehand is not taken in", barredImport},
		{"who was erased is not brought back", erasedImport},
	}
}

func networksSaved(t *testing.T, s Store) {
	ctx := context.Background()
	a := contacts.Network{ID: "a", Name: i18n.Text{i18n.Fi: "Aa", i18n.Sv: "Åå"}, Kind: contacts.Public, Region: "uusimaa", Target: 5}
	b := contacts.Network{ID: "b", Name: i18n.Text{i18n.Fi: "Bee"}, Kind: contacts.Mixed, Region: "lappi"}
	got, err := s.SaveNetworks(ctx, []contacts.Network{b, a})
	must(t, err)
	same(t, "first import", got, []contacts.Outcome{contacts.Added, contacts.Added})
	a.SlackChannel = "C1"
	got, err = s.SaveNetworks(ctx, []contacts.Network{a, b})
	must(t, err)
	same(t, "second import", got, []contacts.Outcome{contacts.Updated, contacts.Unchanged})
	list, err := s.Networks(ctx)
	must(t, err)
	same(t, "networks by id", list, []contacts.Network{a, b})
}

func importMerges(t *testing.T, s Store) {
	ctx := context.Background()
	first, twice := person(1, "a"), person(2, "a")
	again := person(3, "b") // another id and token for the first address
	again.Email, again.Name, again.Organisation = first.Email, "", "Kunta"
	saved, err := s.SaveContacts(ctx, []contacts.Contact{first, twice, twice, again})
	must(t, err)
	same(t, "outcomes", saved, []contacts.Saved{{Outcome: contacts.Added}, {Outcome: contacts.Added}, {Outcome: contacts.Unchanged}, {Outcome: contacts.Updated}})
	want := first
	want.Organisation, want.Networks = "Kunta", []string{"a", "b"}
	same(t, "merged contact", byEmail(t, s, first.Email).Contact, want)
	_, err = s.ContactByToken(ctx, again.Token)
	wantErr(t, err, contacts.ErrNoContact)
	same(t, "contacts", len(everyone(t, s)), 2)
}

func contactFound(t *testing.T, s Store) {
	ctx := context.Background()
	save(t, s, person(1, "a"), person(2, "a"))
	got, err := s.ContactByToken(ctx, person(2).Token)
	must(t, err)
	same(t, "by token", got, contacts.Known{Contact: person(2, "a")})
	same(t, "by address", byEmail(t, s, person(1).Email), contacts.Known{Contact: person(1, "a")})
	for _, nothing := range []string{"", "nobody", person(1).ID} {
		_, err = s.ContactByToken(ctx, nothing)
		wantErr(t, err, contacts.ErrNoContact)
		_, err = s.ContactByEmail(ctx, nothing)
		wantErr(t, err, contacts.ErrNoContact)
	}
}

func spellings(t *testing.T, s Store) {
	ctx := context.Background()
	save(t, s, person(1, "a"))
	again := person(2, "a")
	again.Email, again.Name = strings.ToUpper(person(1).Email), person(1).Name
	saved, err := s.SaveContacts(ctx, []contacts.Contact{again})
	must(t, err)
	same(t, "outcome", saved, []contacts.Saved{{Outcome: contacts.Updated}})
	got := byEmail(t, s, strings.ToLower(again.Email))
	same(t, "id", got.ID, person(1).ID)
	same(t, "spelling", got.Email, again.Email)
}

func optedOutImport(t *testing.T, s Store) {
	ctx := context.Background()
	save(t, s, person(1, "a"))
	must(t, s.Record(ctx, contacts.Happening{Contact: person(1).ID, Event: contacts.OptOut, Wave: wave, Day: day}))
	row := person(1, "b")
	row.Organisation = "Kunta"
	saved, err := s.SaveContacts(ctx, []contacts.Contact{row})
	must(t, err)
	standing := contacts.Standing{OptedOut: true}
	same(t, "outcome", saved, []contacts.Saved{{Outcome: contacts.Barred, Standing: standing}})
	got := byEmail(t, s, row.Email)
	same(t, "organisation", got.Organisation, "Kunta")
	same(t, "networks", got.Networks, []string{"a", "b"})
	same(t, "standing", got.Standing, standing)
}

func barredImport(t *testing.T, s Store) {
	ctx := context.Background()
	bar(t, s, strings.ToUpper(person(1).Email))
	saved, err := s.SaveContacts(ctx, []contacts.Contact{person(1, "a"), person(2, "a")})
	must(t, err)
	same(t, "outcomes", saved, []contacts.Saved{
		{Outcome: contacts.Barred, Standing: contacts.Standing{OptedOut: true}}, {Outcome: contacts.Added},
	})
	_, err = s.ContactByEmail(ctx, person(1).Email)
	wantErr(t, err, contacts.ErrNoContact)
	same(t, "contacts", len(everyone(t, s)), 1)
}

func erasedImport(t *testing.T, s Store) {
	ctx := context.Background()
	save(t, s, person(1, "a"))
	must(t, s.Record(ctx, contacts.Happening{Contact: person(1).ID, Event: contacts.Erase}))
	_, err := s.ContactByEmail(ctx, person(1).Email)
	wantErr(t, err, contacts.ErrNoContact)
	_, err = s.ContactByToken(ctx, person(1).Token)
	wantErr(t, err, contacts.ErrNoContact)
	wantErr(t, s.Record(ctx, contacts.Happening{Contact: person(1).ID, Event: contacts.OptOut}), contacts.ErrNoContact)
	row := person(2, "a")
	row.Email = strings.ToLower(person(1).Email)
	saved, err := s.SaveContacts(ctx, []contacts.Contact{row})
	must(t, err)
	same(t, "outcome", saved, []contacts.Saved{{Outcome: contacts.Barred, Standing: contacts.Standing{Erased: true}}})
	known, err := s.ContactByEmail(ctx, row.Email)
	wantErr(t, err, contacts.ErrNoContact)
	same(t, "what is kept of the address", known, contacts.Known{Standing: contacts.Standing{Erased: true}})
	same(t, "contacts", len(everyone(t, s)), 0)
}

func byEmail(t *testing.T, s Store, email string) contacts.Known {
	t.Helper()
	known, err := s.ContactByEmail(context.Background(), email)
	must(t, err)
	return known
}

func everyone(t *testing.T, s Store) (list []contacts.Known) {
	t.Helper()
	must(t, s.Contacts(context.Background(), func(k contacts.Known) error {
		list = append(list, k)
		return nil
	}))
	return list
}

func linkTests() []test {
	return []test{
		{"there is one link for each key", oneLinkEach},
		{"a token that is not there", noLink},
	}
}

func oneLinkEach(t *testing.T, s Store) {
	ctx := context.Background()
	mail := link.Link{Token: "t1", Network: "a", Channel: link.Mail}
	onward := link.Link{Token: "t2", Network: "a", Channel: link.Onward, Parent: "t1"}
	late := link.Link{Token: "t3", Network: "a", Channel: link.Mail}
	slack := link.Link{Token: "t4", Network: "a", Channel: link.Slack}
	got, err := s.PutLinks(ctx, []link.Link{mail, onward})
	must(t, err)
	same(t, "first", got, []link.Link{mail, onward})
	got, err = s.PutLinks(ctx, []link.Link{slack, late, onward})
	must(t, err)
	same(t, "then", got, []link.Link{slack, mail, onward})
	list, err := s.Links(ctx)
	must(t, err)
	same(t, "links", len(list), 3)
	found, err := s.Link(ctx, "t2")
	must(t, err)
	same(t, "by token", found, onward)
	found, err = s.LinkFor(ctx, onward.Key())
	must(t, err)
	same(t, "by key", found, onward)
	shared := link.Link{Token: "t5", Network: "a", Channel: link.Onward, Parent: "t1", Place: "C1"}
	got, err = s.PutLinks(ctx, []link.Link{shared, onward, shared})
	must(t, err)
	same(t, "of a place", got, []link.Link{shared, onward, shared})
	found, err = s.LinkFor(ctx, shared.Key())
	must(t, err)
	same(t, "by key of a place", found, shared)
	_, err = s.LinkFor(ctx, link.Key{Network: "a", Channel: link.Onward, Parent: "t2"})
	wantErr(t, err, link.ErrNoLink)
}

func noLink(t *testing.T, s Store) {
	for _, token := range []string{"", "nothing", strings.Repeat("x", 1<<16)} {
		_, err := s.Link(context.Background(), token)
		wantErr(t, err, link.ErrNoLink)
	}
}

func keepAccount(t *testing.T, s Store) {
	ctx := context.Background()
	save(t, s, person(1, "a"))
	id := person(1).ID
	want := person(1, "a")
	for _, step := range []struct{ user, day, wantUser, wantAsked string }{
		{"", day, "", day},
		{"U1", day, "U1", ""},
		{"U2", day, "U1", ""}, // what is known stays
	} {
		must(t, s.KeepAccount(ctx, id, step.user, step.day))
		got, err := s.Contact(ctx, id)
		must(t, err)
		want.SlackUser, want.SlackAsked = step.wantUser, step.wantAsked
		same(t, "contact", got, contacts.Known{Contact: want})
	}
	must(t, s.Record(ctx, contacts.Happening{Contact: id, Event: contacts.NotInSlack}))
	got, err := s.Contact(ctx, id)
	must(t, err)
	same(t, "standing", got.Standing, contacts.Standing{NoSlack: true})
	must(t, s.KeepAccount(ctx, "nobody", "U1", day))
	_, err = s.Contact(ctx, "nobody")
	wantErr(t, err, contacts.ErrNoContact)
}
