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

// lapses cuts the line once after each of some letters, taken or not.
func lapses(taken ...string) func(smtptest.Call) smtptest.Answer {
	var mu sync.Mutex
	cut := map[string]smtptest.Answer{}
	for i, to := range taken {
		cut[to] = smtptest.Answer{Reply: "451 no", Silent: true, Cut: true}
		if i == 0 {
			cut[to] = smtptest.Answer{Silent: true, Cut: true}
		}
	}
	return func(c smtptest.Call) smtptest.Answer {
		mu.Lock()
		defer mu.Unlock()
		a := cut[c.To]
		if c.Step != smtptest.Dot {
			return smtptest.Answer{}
		}
		delete(cut, c.To)
		return a
	}
}

// TestSettle: lines that are cut after the final dot leave uncertain letters, the first of which had
// been taken. A person settles them beside a server and without one, by key and by address, twice.
func TestSettle(t *testing.T) {
	relay := smtptest.New(t, smtptest.Script(lapses("person1@example.org", "person2@example.org", "person3@example.org", "person4@example.org")))
	in := install(t, relay, "")
	_, csv := addresses(6)
	in.write("contacts.csv", csv)
	in.run("contacts", "import", "contacts.csv")
	in.run("invite", "--wait")
	in.wantStates(map[outbox.State]int64{outbox.Sent: 2, outbox.Uncertain: 4})
	keys, ids := map[string]string{}, map[string]string{}
	for _, m := range in.troubles("--state", "uncertain") {
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
	for _, test := range []struct {
		args             []string
		settled, nothing int
	}{
		{[]string{"resend", "PERSON2@example.org", keys["person3@example.org"]}, 2, 0},
		{[]string{"drop", "--all"}, 1, 0},
		{[]string{"drop", keys["person4@example.org"]}, 0, 1},
		{[]string{"resend", "--all"}, 0, 0},
	} {
		if out := in.settle(test.args...); len(out.Settled) != test.settled || len(out.Unchanged) != test.nothing {
			t.Errorf("settle %q: %+v", test.args, out)
		}
	}
	in.wait(time.Minute, func(s map[outbox.State]int64) bool { return s[outbox.Sent] == 5 })
	in.stop(cmd)
	in.wantStates(map[outbox.State]int64{outbox.Sent: 5, outbox.Cancelled: 1})
	counts := relay.Counts()
	if len(counts) != 5 || counts["person4@example.org"] != 0 {
		t.Errorf("taken: %v", counts)
	}
	for _, l := range relay.Letters() {
		if id, ok := ids[l.To[0]]; counts[l.To[0]] != 1 || ok && !slices.Contains(strings.Fields(string(l.Data)), id) {
			t.Errorf("%s has %d letters, or not with the Message-ID %s", l.To[0], counts[l.To[0]], id)
		}
	}
}

func TestSettleWrong(t *testing.T) {
	in := install(t, smtptest.New(t), "")
	if status, out := in.exits("outbox", "settle", "resend", "invitation:nobody", "nobody@example.org", "--json"); status != 3 || !strings.Contains(out, "invitation:nobody") {
		t.Errorf("exit %d: %s", status, out)
	}
	for _, wrong := range [][]string{{"sent"}, {"sent", "--all", "x"}, {"again", "x"}, {}} {
		if status, _ := in.exits(append([]string{"outbox", "settle"}, wrong...)...); status != 2 {
			t.Errorf("settle %q ended with %d, want 2", wrong, status)
		}
	}
	if status, _ := in.exits("outbox", "list", "--state", "lost"); status != 1 {
		t.Errorf("a state that there is not: status %d", status)
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
