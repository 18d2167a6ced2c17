package app_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"viesti/demo/chat"
	"viesti/report"
)

// types types a command in the coordinators' channel and gives what is answered.
func (p *program) types(user, text string) string {
	p.t.Helper()
	r, err := p.chat.Command(p.t.Context(), user, office, text)
	if err != nil {
		p.t.Fatalf("%s: %v", text, err)
	}
	return r.Text
}

// presses presses a button in the newest message that a user sees in the coordinators' channel, or
// in their modal.
func (p *program) presses(user, action string, modal bool) {
	p.t.Helper()
	var a chat.Action
	var raw []byte
	if v, open := p.chat.View(user); modal && open {
		a.View = v.ID
		raw, _ = json.Marshal(v.Blocks)
	} else {
		list := p.chat.Seen(office, user)
		m := list[len(list)-1]
		a.Channel, a.TS = office, m.TS
		raw, _ = json.Marshal(m.Blocks)
	}
	found := regexp.MustCompile(`"action_id":"(` + regexp.QuoteMeta(action) + `/[^"]*)"`).FindSubmatch(raw)
	if found == nil {
		p.t.Fatalf("nothing does %s in %s", action, raw)
	}
	a.ID = string(found[1])
	if err := p.chat.Press(p.t.Context(), user, a); err != nil {
		p.t.Fatalf("%s: %v", action, err)
	}
}

// reads waits until a user sees words in the coordinators' channel.
func (p *program) reads(user, words string) {
	p.t.Helper()
	eventually(p.t, words, func() bool {
		return slices.ContainsFunc(p.chat.Seen(office, user), func(m chat.Post) bool { return strings.Contains(m.Text, words) })
	})
}

// shows waits until a user's modal has words.
func (p *program) shows(user, words string) (id string) {
	p.t.Helper()
	eventually(p.t, words, func() bool {
		v, open := p.chat.View(user)
		raw, _ := json.Marshal(v.Blocks)
		id = v.ID
		return open && strings.Contains(string(raw), words)
	})
	return id
}

// TestANetworkIsRunFromSlack goes the whole way of a coordinator: from the code that makes the first
// administrator to invitations, a further channel and a pause, each of which the command line sees.
func TestANetworkIsRunFromSlack(t *testing.T) {
	p := startWith(t, setting{now: time.Now, days: 40})
	p.command("networks", "import", p.file("networks.csv", networksCSV))
	p.command("contacts", "import", p.file("contacts.csv", twelveEach()))
	var claim struct {
		Code string `json:"code"`
	}
	if err := json.Unmarshal([]byte(p.command("slack", "claim", "--json")), &claim); err != nil {
		t.Fatal(err)
	}
	const boss = "U0OTHER001"
	if got := p.types(boss, "roles"); !strings.Contains(got, "<@"+admin+">") || strings.Contains(got, "coordinator, ") {
		t.Errorf("a stranger is told %q", got)
	}
	if got := p.types(boss, "claim "+strings.ToUpper(claim.Code)); !strings.Contains(got, "You are now an administrator") {
		t.Fatalf("claim: %q", got)
	}
	if got := p.types(coordinator, "claim "+claim.Code); !strings.Contains(got, "not valid") {
		t.Errorf("claimed again: %q", got)
	}
	p.types(boss, "role @cilla coordinator pomako")

	p.types(coordinator, "invite")
	modal := p.shows(coordinator, "everybody who has not had it")
	if _, err := p.chat.Submit(t.Context(), coordinator, modal, map[string][]string{"network": {"pomako"}, "way": {"mail"}}); err != nil {
		t.Fatal(err)
	}
	p.shows(coordinator, "This reaches 12 recipients")
	p.presses(coordinator, "invite.confirm", true)
	p.shows(coordinator, "Queued: 12 messages.")
	eventually(t, "twelve letters", func() bool { return len(p.relay.Letters()) == 12 })
	eventually(t, "what was sent in status", func() bool { return strings.Contains(p.types(coordinator, "status"), "sent: 12") })

	p.types(coordinator, "share #office")
	p.presses(coordinator, "share.confirm", false)
	p.reads(coordinator, "own link")
	eventually(t, "the post in the further channel", func() bool { return len(p.chat.Posts(office)) == 1 })
	p.passesOn(p.chat.Posts(office)[0].Text)

	p.types(coordinator, "tauko")
	p.presses(coordinator, "pause.confirm", false)
	p.reads(coordinator, "tauolla")
	if got := p.command("status", "--json"); !strings.Contains(got, `"pomako"`) {
		t.Errorf("the command line does not know of the pause: %s", got)
	}
	if got := p.types(coordinator, "status move"); strings.Contains(got, "MOVE") {
		t.Errorf("told of another network: %q", got)
	}
}

// passesOn looks at a post's links: what its readers pass on is counted as theirs, one step further than
// the post's own.
func (p *program) passesOn(post string) {
	p.t.Helper()
	links := regexp.MustCompile(`/r/([a-z0-9]{13})`).FindAllStringSubmatch(post, 2)
	if len(links) != 2 {
		p.t.Fatalf("no two links in %s", post)
	}
	var all report.Spread
	must(p.t, json.Unmarshal([]byte(p.command("spread", "--network", "pomako", "--json")), &all))
	parents := map[string]string{}
	var walk func(parent string, list []report.Twig)
	walk = func(parent string, list []report.Twig) {
		for _, b := range list {
			parents[b.Token] = parent
			walk(b.Token, b.PassedOn)
		}
	}
	walk("", all.Trees[0].Roots)
	if own, onward := links[0][1], links[1][1]; parents[own] == "" || parents[onward] != own {
		p.t.Errorf("%s is to be passed on from %s: %v", onward, own, parents)
	}
}
