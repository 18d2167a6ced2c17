package staff

import (
	"slices"
	"testing"
	"time"

	"viesti/i18n"
	"viesti/internal/fault"
)

func TestRights(t *testing.T) {
	grants := []Grant{
		{Who: "UADMIN", Role: Admin},
		{Who: "UODD", Role: Admin, Network: "pomako"}, // nobody gives it so, but a file may have it
		{Who: "UCOORD", Role: Coordinator, Network: "pomako"},
		{Who: "UCOORD", Role: Viewer},
		{Who: "SGROUP", Role: Viewer, Network: "etno"},
		{Who: "UNONE", Role: None},
	}
	in := map[string][]string{"SGROUP": {"UMEMBER", "UCOORD"}}
	for _, c := range []struct {
		user, network string
		want          Role
	}{
		{"UADMIN", "pomako", Admin},
		{"UADMIN", "", Admin},
		{"UODD", "etno", Admin},
		{"UCOORD", "pomako", Coordinator},
		{"UCOORD", "etno", Viewer},
		{"UCOORD", "", Viewer},
		{"UMEMBER", "etno", Viewer},
		{"UMEMBER", "pomako", None},
		{"UMEMBER", "", None},
		{"UNONE", "pomako", None},
		{"USTRANGER", "pomako", None},
		{"", "", None},
	} {
		r := Decide(grants, func(who string) bool { return who == c.user || slices.Contains(in[who], c.user) })
		if got := r.Role(c.network); got != c.want {
			t.Errorf("%s in %q: %s, want %s", c.user, c.network, got, c.want)
		}
		for act, role := range least {
			if got, want := r.May(act, c.network), c.want.rank() >= role.rank(); got != want {
				t.Errorf("%s in %q: act %d %v, want %v", c.user, c.network, act, got, want)
			}
		}
	}
	member := Decide(grants, func(who string) bool { return who == "SGROUP" })
	if !member.Anywhere(Look) || member.Anywhere(Work) || (Rights{}).Anywhere(Look) {
		t.Error("what a member of the group may do anywhere is wrong")
	}
	if got := Holders(grants, Coordinator, "pomako"); !slices.Equal(got, []string{"UADMIN", "UCOORD", "UODD"}) {
		t.Errorf("holders %v", got)
	}
	if got := Holders(grants, Coordinator, ""); !slices.Equal(got, []string{"UADMIN", "UODD"}) {
		t.Errorf("holders everywhere %v", got)
	}
}

func TestGive(t *testing.T) {
	have := []Grant{{Who: "U1", Role: Viewer}, {Who: "U1", Network: "a", Role: Coordinator}}
	for name, c := range map[string]struct {
		give Grant
		want []Grant
	}{
		"another network": {Grant{Who: "U1", Network: "b", Role: Viewer}, append(slices.Clone(have), Grant{Who: "U1", Network: "b", Role: Viewer})},
		"in place":        {Grant{Who: "U1", Network: "a", Role: Viewer}, []Grant{have[0], {Who: "U1", Network: "a", Role: Viewer}}},
		"taken":           {Grant{Who: "U1", Network: "a", Role: None}, have[:1]},
		"all taken":       {Grant{Who: "U1", Role: None}, nil},
		"admin":           {Grant{Who: "U1", Network: "a", Role: Admin}, []Grant{{Who: "U1", Role: Admin}, have[1]}},
	} {
		if got := Give(have, c.give); !slices.Equal(got, c.want) {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func TestGrantsThatCannotBe(t *testing.T) {
	for _, g := range []Grant{{Who: "", Role: Admin}, {Who: "U", Role: Admin}, {Who: "C012", Role: Admin}, {Who: "aino", Role: Admin}, {Who: "U012", Role: "owner"}, {Who: "U012"}} {
		err := g.check()
		if fault.KindOf(err) != fault.Invalid || fault.Of(err).Say(i18n.Fi) == "" {
			t.Errorf("%+v: %v", g, err)
		}
	}
	if r, ok := ParseRole("VIEWER"); !ok || r != Viewer {
		t.Errorf("%q %v", r, ok)
	}
}

func TestDigestsLast(t *testing.T) {
	helsinki, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	d := NewDigest("pomako")
	at := func(day, hour, minute int) time.Time { return time.Date(2027, 3, day, hour, minute, 0, 0, helsinki) }
	for now, want := range map[time.Time]time.Time{
		at(15, 9, 0):   at(15, 9, 0), // a Monday
		at(15, 8, 59):  at(8, 9, 0),
		at(18, 12, 0):  at(15, 9, 0),
		at(21, 23, 59): at(15, 9, 0),
		at(29, 9, 0):   at(29, 9, 0), // the clocks were changed the day before
	} {
		if got := d.Last(now); !got.Equal(want) {
			t.Errorf("at %s: %s, want %s", now, got, want)
		}
	}
}

func TestParseClock(t *testing.T) {
	for s, want := range map[string]string{"9": "9:00", "9:00": "9:00", "09.30": "9:30", "23:59": "23:59", "0:00": "0:00"} {
		if c, ok := ParseClock(s); !ok || c.String() != want {
			t.Errorf("%q: %s %v", s, c, ok)
		}
	}
	for _, s := range []string{"", "24:00", "9:60", "9:0", "-1", "nine", "9:00:00"} {
		if c, ok := ParseClock(s); ok {
			t.Errorf("%q: %s", s, c)
		}
	}
}

// Who has a role in a network sees those that lie under it, at any depth, and works with none of them.
func TestSeeing(t *testing.T) {
	above := map[string][]string{"top": nil, "child": {"top"}, "grandchild": {"child", "top"}, "other": nil}
	for role, acts := range map[Role][]Act{Viewer: {Look}, Coordinator: {Look, Work}} {
		r := Decide([]Grant{{Who: "U1", Network: "top", Role: role}}, func(who string) bool { return who == "U1" })
		if !r.Several() || r.May(Look, "child") {
			t.Errorf("%s: before: %+v", role, r)
		}
		r = r.Seeing(above)
		for _, act := range acts {
			if !r.May(act, "top") {
				t.Errorf("%s may not %d at the top", role, act)
			}
		}
		for _, network := range []string{"child", "grandchild"} {
			if !r.May(Look, network) || r.May(Work, network) {
				t.Errorf("%s: look at %s: %t, work: %t", role, network, r.May(Look, network), r.May(Work, network))
			}
		}
		if r.May(Look, "other") || r.May(Look, "") {
			t.Errorf("%s sees others", role)
		}
	}
	own := Decide([]Grant{{Who: "U1", Network: "child", Role: Coordinator}}, func(string) bool { return true }).Seeing(above)
	if own.May(Look, "top") || !own.May(Work, "child") || !own.May(Look, "grandchild") {
		t.Errorf("from the middle: %+v", own)
	}
	if everywhere := Decide([]Grant{{Who: "U1", Role: Viewer}}, func(string) bool { return true }); everywhere.Several() {
		t.Error("who sees all of them sees several")
	}
}
