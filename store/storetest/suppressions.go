package storetest

import (
	"context"
	"testing"

	"viesti/contacts"
	"viesti/i18n"
)

func suppressionTests() []test {
	return []test{
		{"a suppression stops more and never less", suppressAdds},
		{"hashes carry over what has no address", suppressByHash},
		{"a hash of another installation says nothing", suppressForeign},
		{"an erasure by list forgets the contact", suppressErases},
		{"what a bounce did is undone", undone},
	}
}

// bar records that nobody may be sent anything at an address that no list has.
func bar(t *testing.T, s Store, email string) {
	t.Helper()
	got, err := s.Suppress(context.Background(), []contacts.Suppression{{Email: email, Standing: contacts.Standing{OptedOut: true}}})
	must(t, err)
	same(t, "outcome", got, []contacts.Outcome{contacts.Added})
}

func suppressed(t *testing.T, s Store) (list []contacts.Suppression) {
	t.Helper()
	must(t, s.Suppressed(context.Background(), func(x contacts.Suppression) error {
		list = append(list, x)
		return nil
	}))
	return list
}

func suppressAdds(t *testing.T, s Store) {
	ctx, c := context.Background(), person(1, "a")
	save(t, s, c)
	same(t, "at first", len(suppressed(t, s)), 0)
	dead := contacts.Cause{Ground: contacts.DeadAddress, Words: "no such user"}
	must(t, s.Record(ctx, contacts.Happening{Contact: c.ID, Event: contacts.HardBounce, Wave: wave, Day: day, Cause: dead}))
	opted := contacts.Cause{Ground: contacts.Operator, Day: day}
	add := contacts.Suppression{Email: c.Email, Standing: contacts.Standing{OptedOut: true, Opted: opted, Bounced: true}}
	for _, want := range []contacts.Outcome{contacts.Updated, contacts.Unchanged} {
		got, err := s.Suppress(ctx, []contacts.Suppression{add})
		must(t, err)
		same(t, "outcome", got, []contacts.Outcome{want})
	}
	dead.Day = day
	want := contacts.Standing{OptedOut: true, Opted: opted, Bounced: true, Dead: dead}
	same(t, "standing", byEmail(t, s, c.Email).Standing, want)
	list := suppressed(t, s)
	if len(list) != 1 || list[0].Email != c.Email || list[0].Standing != want || list[0].Hash == "" {
		t.Errorf("suppressed %+v", list)
	}
}

func suppressByHash(t *testing.T, s Store) {
	bar(t, s, person(1).Email)
	list := suppressed(t, s)
	if len(list) != 1 || list[0].Email != "" {
		t.Fatalf("suppressed %+v, want a hash alone", list)
	}
	got, err := s.Suppress(context.Background(), []contacts.Suppression{{Hash: list[0].Hash, Standing: contacts.Standing{Bounced: true}}})
	must(t, err)
	same(t, "outcome", got, []contacts.Outcome{contacts.Updated})
	known, err := s.ContactByEmail(context.Background(), person(1).Email)
	wantErr(t, err, contacts.ErrNoContact)
	same(t, "standing", known.Standing, contacts.Standing{OptedOut: true, Bounced: true})
}

func suppressForeign(t *testing.T, s Store) {
	bar(t, s, person(1).Email)
	ours := suppressed(t, s)[0].Hash
	list := []contacts.Suppression{{Hash: "00000000" + ours[8:]}, {Hash: ours[:len(ours)-2]}, {Hash: "x"}, {}}
	for i := range list {
		list[i].Standing.OptedOut = true
	}
	got, err := s.Suppress(context.Background(), list)
	must(t, err)
	same(t, "outcomes", got, []contacts.Outcome{contacts.Foreign, contacts.Foreign, contacts.Foreign, contacts.Foreign})
	same(t, "suppressed", len(suppressed(t, s)), 1)
}

func suppressErases(t *testing.T, s Store) {
	ctx, c := context.Background(), person(1, "a")
	save(t, s, c)
	_, err := s.Suppress(ctx, []contacts.Suppression{{Email: c.Email, Standing: contacts.Standing{Erased: true}}})
	must(t, err)
	known, err := s.ContactByEmail(ctx, c.Email)
	wantErr(t, err, contacts.ErrNoContact)
	same(t, "standing", known.Standing, contacts.Standing{Erased: true})
}

func undone(t *testing.T, s Store) {
	ctx, c := context.Background(), person(1, "a")
	save(t, s, c)
	happen := func(e contacts.Event, g contacts.Ground) {
		must(t, s.Record(ctx, contacts.Happening{Contact: c.ID, Event: e, Wave: wave, Day: day, Cause: contacts.Cause{Ground: g}}))
	}
	happen(contacts.Accepted, "")
	happen(contacts.HardBounce, contacts.DeadAddress)
	happen(contacts.OptOut, contacts.Complaint)
	contacted := contacts.Disposition{Wave: wave, Network: "a", Lang: i18n.Sv, Day: day, Contacted: true}
	both := contacted
	both.Undelivered, both.OptedOut = true, true
	same(t, "reach", reaches(t, s), map[contacts.Disposition]int64{both: 1})
	happen(contacts.Revive, "")
	happen(contacts.Readmit, "")
	same(t, "reach", reaches(t, s), map[contacts.Disposition]int64{contacted: 1})
	same(t, "standing", byEmail(t, s, c.Email).Standing, contacts.Standing{})
}
