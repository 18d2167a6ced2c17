package cli_test

import (
	"encoding/json"
	"errors"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"viesti/internal/smtptest"
	"viesti/outbox"
	"viesti/server/control"
)

// exits runs a command and gives its exit status and what it said on stdout.
func (in *installation) exits(args ...string) (int, string) {
	in.t.Helper()
	out, err := in.command(args...).Output()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		in.t.Fatal(err)
	}
	if ended == nil {
		return 0, string(out)
	}
	return ended.ExitCode(), string(out)
}

func (in *installation) troubles(args ...string) (list []control.Trouble) {
	in.t.Helper()
	if err := json.Unmarshal([]byte(in.run(append([]string{"outbox", "list", "--json"}, args...)...)), &list); err != nil {
		in.t.Fatal(err)
	}
	return list
}

func (in *installation) settle(args ...string) (out control.Settlement) {
	in.t.Helper()
	if err := json.Unmarshal([]byte(in.run(append([]string{"outbox", "settle", "--json"}, args...)...)), &out); err != nil {
		in.t.Fatal(err)
	}
	return out
}

// TestSettle: lines that are cut after the final dot leave uncertain letters, which a person settles
// beside a server and without one, by key and by address, twice.
func TestSettle(t *testing.T) {
	var mu sync.Mutex
	cut := map[string]smtptest.Answer{
		"person1@example.org": {Silent: true, Cut: true},
		"person2@example.org": {Reply: "451 no", Silent: true, Cut: true},
		"person3@example.org": {Reply: "451 no", Silent: true, Cut: true},
		"person4@example.org": {Reply: "451 no", Silent: true, Cut: true},
	}
	relay := smtptest.New(t, smtptest.Script(func(c smtptest.Call) smtptest.Answer {
		mu.Lock()
		defer mu.Unlock()
		a, ok := cut[c.To]
		if c.Step != smtptest.Dot || !ok {
			return smtptest.Answer{}
		}
		delete(cut, c.To)
		return a
	}))
	in := install(t, relay, "")
	_, csv := addresses(6)
	in.write("contacts.csv", csv)
	in.run("contacts", "import", "contacts.csv")
	in.run("invite", "--wait")
	in.wantStates(map[outbox.State]int64{outbox.Sent: 2, outbox.Uncertain: 4})
	list := in.troubles("--state", "uncertain")
	keys, ids := map[string]string{}, map[string]string{}
	for _, m := range list {
		if m.Reply.Relay != relay.Addr() || time.Since(m.At) > time.Hour || m.MessageID == "" {
			t.Errorf("listed without relay, time or Message-ID: %+v", m)
		}
		keys[m.Contact], ids[m.Contact] = m.Key, m.MessageID
	}

	for range 2 { // without a server
		in.settle("sent", keys["person1@example.org"])
	}
	in.wantStates(map[outbox.State]int64{outbox.Sent: 3, outbox.Uncertain: 3})
	cmd := in.serve()
	if out := in.settle("resend", "PERSON2@example.org", keys["person3@example.org"]); len(out.Settled) != 2 {
		t.Errorf("%+v", out)
	}
	if out := in.settle("drop", "--all"); len(out.Settled) != 1 {
		t.Errorf("%+v", out)
	}
	if out := in.settle("resend", "--all"); len(out.Settled)+len(out.Unchanged) != 0 {
		t.Errorf("%+v", out)
	}
	for s := in.states(); s[outbox.Sent] < 5; s = in.states() {
		<-time.After(20 * time.Millisecond)
	}
	if status, out := in.exits("outbox", "settle", "resend", "invitation:nobody", keys["person2@example.org"], "--json"); status != 3 || !strings.Contains(out, "invitation:nobody") {
		t.Errorf("exit %d: %s", status, out)
	}
	for _, wrong := range [][]string{{"sent"}, {"sent", "--all", "x"}, {"again", "x"}, {}} {
		if status, _ := in.exits(append([]string{"outbox", "settle"}, wrong...)...); status != 2 {
			t.Errorf("settle %q ended with %d, want 2", wrong, status)
		}
	}
	in.stop(cmd)
	in.wantStates(map[outbox.State]int64{outbox.Sent: 5, outbox.Cancelled: 1})
	counts := relay.Counts()
	for email, want := range map[string]int{"person0@": 1, "person1@": 1, "person2@": 1, "person3@": 1, "person4@": 0, "person5@": 1} {
		if got := counts[email+"example.org"]; got != want {
			t.Errorf("%s got %d letters, want %d", email, got, want)
		}
	}
	for _, l := range relay.Letters() {
		if id, ok := ids[l.To[0]]; ok && !slices.Contains(strings.Fields(string(l.Data)), id) {
			t.Errorf("the letter to %s has not the Message-ID %s", l.To[0], id)
		}
	}
}

func (in *installation) wantStates(want map[outbox.State]int64) {
	in.t.Helper()
	got := in.states()
	for _, s := range outbox.States {
		if got[s] != want[s] {
			in.t.Fatalf("states %v, want %v", got, want)
		}
	}
}
