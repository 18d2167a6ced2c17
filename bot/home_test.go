package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"viesti/demo/chat/blockkit"
	"viesti/i18n"
	"viesti/staff"
)

// roll is a staff's store as far as it is read.
type roll struct {
	staff.Store
	grants  []staff.Grant
	langs   map[string]i18n.Lang
	digests []staff.Digest
}

func (r roll) Grants(context.Context) ([]staff.Grant, error)   { return r.grants, nil }
func (r roll) Digests(context.Context) ([]staff.Digest, error) { return r.digests, nil }
func (r roll) Person(_ context.Context, user string) (staff.Person, error) {
	return staff.Person{User: user, Lang: r.langs[user]}, nil
}

func someRoll() roll {
	return roll{grants: []staff.Grant{
		{Who: "U0COORD", Network: "etno_east", Role: staff.Coordinator},
		{Who: "U0COORD", Network: "moniheli", Role: staff.Viewer},
		{Who: "U0VIEWER", Network: "hostile", Role: staff.Viewer},
		{Who: "U0ALL", Role: staff.Coordinator},
	}, langs: map[string]i18n.Lang{}}
}

// restingDesk has a network that is paused.
type restingDesk struct{ testDesk }

func (d restingDesk) Status(ctx context.Context, network string) (Status, error) {
	s, err := d.testDesk.Status(ctx, network)
	s.PausedNetworks = []string{"moniheli"}
	return s, err
}

// homeOf is a page of somebody's Home tab.
func homeOf(t *testing.T, b *Bot, user string, page int) message {
	t.Helper()
	r := b.replyTo(t.Context(), command{}, Inbound{Team: testTeam, User: user})
	return r.guarded(t.Context(), step{staff.Ask, func(r *reply, ctx context.Context) (message, error) { return r.home(ctx, page) }})
}

// published fails when Slack would refuse a Home tab.
func published(t *testing.T, m message) {
	t.Helper()
	raw, err := json.Marshal(map[string]any{"type": "home", "blocks": m.blocks})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range blockkit.View(raw) {
		t.Error(f)
	}
}

func TestHomeInThreeLanguages(t *testing.T) {
	for _, l := range i18n.Langs {
		who := someRoll()
		for _, user := range []string{"U0ADMIN", "U0COORD", "U0VIEWER", "U0OTHER"} {
			who.langs[user] = l
		}
		bot := testBot(t, restingDesk{testDesk{networks: append(someNetworks(), hostile())}}, func(o *Options) { o.Roster = &staff.Roster{Store: who} })
		var b strings.Builder
		for _, user := range []string{"U0ADMIN", "U0COORD", "U0VIEWER", "U0OTHER"} {
			m := homeOf(t, bot, user, 0)
			published(t, m)
			if strings.Contains(m.text(), "<!") || strings.Contains(m.text(), "\u202e") {
				t.Errorf("%s: a name does harm: %s", user, m.text())
			}
			fmt.Fprintf(&b, "=== %s\n%s\n", user, show(m.text(), m.blocks))
		}
		golden(t, "home."+string(l)+".txt", b.String())
	}
}

// TestHomeShowsWhatOneMay looks for the networks that somebody is shown, and for what they are
// offered to do.
func TestHomeShowsWhatOneMay(t *testing.T) {
	bot := testBot(t, restingDesk{testDesk{networks: append(someNetworks(), hostile())}}, func(o *Options) { o.Roster = &staff.Roster{Store: someRoll()} })
	for user, want := range map[string]map[string][]string{
		"U0COORD":  {"etno_east": {"rates", "link", "invite", "remind", "share", "pause", "status"}, "moniheli": {"rates", "link"}},
		"U0VIEWER": {"hostile": {"rates", "link"}},
		"U0ALL": {
			"pomako": {"rates", "link", "invite", "remind", "share", "pause", "status"}, "hostile": {"rates", "link", "invite", "remind", "share", "pause", "status"},
			"etno_east": {"rates", "link", "invite", "remind", "share", "pause", "status"}, "moniheli": {"rates", "link", "invite", "remind", "share", "resume", "status"},
		},
		"U0OTHER": {"": {"help"}},
	} {
		got := map[string][]string{}
		for _, b := range homeOf(t, bot, user, 0).blocks {
			for _, e := range b.Elements {
				if e, ok := e.(*element); ok {
					action, _ := parseAction(e.ActionID)
					got[e.Value] = append(got[e.Value], action)
				}
			}
		}
		for network, actions := range want {
			if !slices.Equal(got[network], actions) {
				t.Errorf("%s is offered %v in %q", user, got[network], network)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s is shown %v", user, got)
		}
	}
}

func TestHomeOfManyNetworks(t *testing.T) {
	var d testDesk
	for i := range 203 {
		n := hostile()
		n.ID = fmt.Sprintf("network-%03d", i)
		d.networks = append(d.networks, n)
	}
	bot := testBot(t, d, nil)
	seen := map[string]bool{}
	for page := range 9 {
		m := homeOf(t, bot, "U0ADMIN", page)
		published(t, m)
		if n := len(m.blocks); n == 0 || n > maxModalBlocks {
			t.Errorf("page %d: %d blocks", page, n)
		}
		ids := map[string]bool{}
		for _, b := range m.blocks {
			for _, e := range b.Elements {
				e, ok := e.(*element)
				if !ok {
					continue
				}
				if ids[e.ActionID] {
					t.Errorf("page %d: %s twice", page, e.ActionID)
				}
				ids[e.ActionID] = true
				if strings.HasPrefix(e.Value, "network-") {
					seen[e.Value] = true
				}
			}
		}
	}
	if len(seen) != 203 {
		t.Errorf("%d of 203 networks are on some page", len(seen))
	}
	if a, b := homeOf(t, bot, "U0ADMIN", -3), homeOf(t, bot, "U0ADMIN", 0); a.text() != b.text() {
		t.Error("before the first page comes another")
	}
	if a, b := homeOf(t, bot, "U0ADMIN", 99), homeOf(t, bot, "U0ADMIN", 8); a.text() != b.text() {
		t.Error("after the last page comes another")
	}
}
