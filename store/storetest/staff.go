package storetest

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"viesti/i18n"
	"viesti/staff"
)

func staffTests() []test {
	return []test{
		{"roles are somebody's own", grantsAreOnes},
		{"a claim and its role are there together", claimGrants},
		{"what somebody chose", personChooses},
		{"digests", digestSettings},
		{"what may be used once is used once", spendOnce},
	}
}

func grantsAreOnes(t *testing.T, s Store) {
	ctx := context.Background()
	give := func(who, network string, role staff.Role) {
		t.Helper()
		must(t, s.ChangeGrants(ctx, who, func(have []staff.Grant) []staff.Grant {
			for _, g := range have {
				same(t, "whose", g.Who, who)
			}
			return staff.Give(have, staff.Grant{Who: who, Network: network, Role: role})
		}))
	}
	give("U10", "a", staff.Viewer)
	give("U1", "b", staff.Viewer)
	give("U1", "a", staff.Coordinator)
	give("U1", "b", staff.Coordinator)
	list, err := s.Grants(ctx)
	must(t, err)
	same(t, "roles", list, []staff.Grant{
		{Who: "U1", Network: "a", Role: staff.Coordinator},
		{Who: "U1", Network: "b", Role: staff.Coordinator},
		{Who: "U10", Network: "a", Role: staff.Viewer},
	})
	give("U1", "", staff.None)
	list, err = s.Grants(ctx)
	must(t, err)
	same(t, "roles left", list, []staff.Grant{{Who: "U10", Network: "a", Role: staff.Viewer}})
}

func claimGrants(t *testing.T, s Store) {
	ctx := context.Background()
	must(t, s.ChangeClaim(ctx, func(c *staff.Claim) *staff.Grant {
		same(t, "before", *c, staff.Claim{})
		*c = staff.Claim{Hash: "h", Until: noon, Tries: 5}
		return nil
	}))
	must(t, s.ChangeClaim(ctx, func(c *staff.Claim) *staff.Grant {
		same(t, "kept", *c, staff.Claim{Hash: "h", Until: noon, Tries: 5})
		*c = staff.Claim{}
		return &staff.Grant{Who: "U1", Role: staff.Admin}
	}))
	must(t, s.ChangeClaim(ctx, func(c *staff.Claim) *staff.Grant {
		same(t, "used", *c, staff.Claim{})
		return nil
	}))
	list, err := s.Grants(ctx)
	must(t, err)
	same(t, "roles", list, []staff.Grant{{Who: "U1", Role: staff.Admin}})
}

func personChooses(t *testing.T, s Store) {
	ctx := context.Background()
	p, err := s.Person(ctx, "U1")
	must(t, err)
	same(t, "before", p, staff.Person{User: "U1"})
	must(t, s.PutPerson(ctx, staff.Person{User: "U1", Lang: i18n.Sv}))
	p, err = s.Person(ctx, "U1")
	must(t, err)
	same(t, "after", p, staff.Person{User: "U1", Lang: i18n.Sv})
}

func digestSettings(t *testing.T, s Store) {
	ctx := context.Background()
	a, b := staff.NewDigest("a"), staff.NewDigest("b")
	must(t, s.PutDigest(ctx, b))
	must(t, s.PutDigest(ctx, a))
	b.On, b.To, b.Day = true, "C1", time.Friday
	must(t, s.PutDigest(ctx, b))
	list, err := s.Digests(ctx)
	must(t, err)
	same(t, "digests", list, []staff.Digest{a, b})
}

func spendOnce(t *testing.T, s Store) {
	ctx := context.Background()
	var won atomic.Int32
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			first, err := s.Spend(ctx, "x", noon.Add(time.Minute), noon)
			if err != nil {
				t.Error(err)
			}
			if first {
				won.Add(1)
			}
		})
	}
	group.Wait()
	same(t, "winners", won.Load(), 1)
	for id, want := range map[string]bool{"x": false, "y": true} {
		first, err := s.Spend(ctx, id, noon.Add(time.Hour), noon.Add(59*time.Second))
		must(t, err)
		same(t, id, first, want)
	}
	first, err := s.Spend(ctx, "x", noon.Add(time.Hour), noon.Add(time.Minute))
	must(t, err)
	same(t, "x after its time", first, true)
}
