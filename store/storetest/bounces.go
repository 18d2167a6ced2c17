package storetest

import (
	"context"
	"testing"

	"viesti/bounce"
	"viesti/contacts"
	"viesti/i18n"
)

func bounceTests() []test {
	return []test{
		{"a bounce and its count are there together", bounceCounts},
		{"a bounce of nobody", bounceOfNobody},
		{"a bounce after an erasure moves nothing", bounceAfterErasure},
		{"an erasure forgets what came back", erasureForgetsBounces},
	}
}

// cameBack is all that came back.
func cameBack(t *testing.T, s Store) (list []bounce.Record) {
	t.Helper()
	must(t, s.Bounces(context.Background(), func(r bounce.Record) error {
		list = append(list, r)
		return nil
	}))
	return list
}

// bring enters a bounce of a dead address for somebody, and tells what was known before.
func bring(t *testing.T, s Store, recipient, id string) (before []bounce.Record, who contacts.Known) {
	t.Helper()
	must(t, s.ChangeBounces(context.Background(), recipient, func(b []bounce.Record, k contacts.Known) bounce.Decision {
		before, who = b, k
		return bounce.Decision{
			Put:      []bounce.Record{{ID: id, Recipient: recipient, At: noon, Class: bounce.Dead, Words: "no such user"}},
			Happened: []contacts.Happening{{Contact: recipient, Event: contacts.HardBounce, Wave: wave, Day: day}},
		}
	}))
	return before, who
}

func bounceCounts(t *testing.T, s Store) {
	ctx, c := context.Background(), person(1, "a")
	save(t, s, c, person(10, "a"))
	must(t, s.Record(ctx, contacts.Happening{Contact: c.ID, Event: contacts.Accepted, Wave: wave, Day: day}))
	bring(t, s, person(10).ID, "other")
	before, who := bring(t, s, c.ID, "one")
	same(t, "before the first", len(before), 0)
	same(t, "who", who, contacts.Known{Contact: c})
	before, who = bring(t, s, c.ID, "two")
	if len(before) != 1 || before[0].ID != "one" || !who.Standing.Bounced {
		t.Errorf("before the second %+v, %+v", before, who.Standing)
	}
	same(t, "reach", reaches(t, s), map[contacts.Disposition]int64{
		{Wave: wave, Network: "a", Lang: i18n.Sv, Day: day, Contacted: true, Undelivered: true}: 1,
		{Wave: wave, Network: "a", Lang: i18n.Sv, Day: day, Undelivered: true}:                  1,
	})
	must(t, s.ChangeBounces(ctx, c.ID, func([]bounce.Record, contacts.Known) bounce.Decision {
		return bounce.Decision{Drop: []string{"one", "nothing"}}
	}))
	same(t, "kept", len(cameBack(t, s)), 2)
}

func bounceOfNobody(t *testing.T, s Store) {
	before, who := bring(t, s, "", "x")
	same(t, "before", len(before), 0)
	same(t, "who", who, contacts.Known{})
	same(t, "kept", len(cameBack(t, s)), 1)
	same(t, "reach", len(reaches(t, s)), 0)
}

func bounceAfterErasure(t *testing.T, s Store) {
	save(t, s, person(1, "a"))
	must(t, s.Record(context.Background(), contacts.Happening{Contact: person(1).ID, Event: contacts.Erase}))
	_, who := bring(t, s, person(1).ID, "x")
	same(t, "who", who, contacts.Known{})
	same(t, "reach", len(reaches(t, s)), 0)
}

func erasureForgetsBounces(t *testing.T, s Store) {
	save(t, s, person(1, "a"), person(10, "a"))
	bring(t, s, person(1).ID, "x")
	bring(t, s, person(10).ID, "y")
	must(t, s.Record(context.Background(), contacts.Happening{Contact: person(1).ID, Event: contacts.Erase}))
	list := cameBack(t, s)
	if len(list) != 1 || list[0].ID != "y" {
		t.Errorf("kept %+v", list)
	}
}
