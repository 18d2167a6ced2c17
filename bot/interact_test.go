package bot

import (
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"viesti/demo/chat"
	"viesti/outbox"
	"viesti/staff"
)

// busyDesk is a desk that remembers what was done, and after which there is nothing left to do.
type busyDesk struct {
	testDesk
	mu     sync.Mutex
	left   int // to be sent
	sent   []Sending
	shared []Share
	paused map[string]bool
	failed error // of the next real order
}

func newBusyDesk() *busyDesk {
	return &busyDesk{testDesk: testDesk{networks: someNetworks()}, left: 12, paused: map[string]bool{}}
}

func (d *busyDesk) Send(_ context.Context, s Sending) (Queued, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	q := Queued{Mail: d.left, LeftOut: map[string]int{outbox.ReasonOptedOut: 3}}
	if s.Dry {
		return q, nil
	}
	if err := d.failed; err != nil {
		return Queued{}, err
	}
	d.sent, d.left = append(d.sent, s), 0
	return q, nil
}

func (d *busyDesk) Share(_ context.Context, s Share) (Passed, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !s.Dry {
		d.shared = append(d.shared, s)
	}
	return Passed{URL: "https://kysely.example.org/r/shared", Queued: len(d.shared) < 2}, nil
}

func (d *busyDesk) SetPaused(_ context.Context, networks []string, paused bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if networks == nil {
		networks = []string{""}
	}
	for _, n := range networks {
		d.paused[n] = paused
	}
	return nil
}

func (d *busyDesk) Status(_ context.Context, network string) (Status, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return Status{Open: true, Paused: d.paused[network], AllPaused: d.paused[""], Counts: map[outbox.State]int64{outbox.Pending: 31}}, nil
}

func (d *busyDesk) sends() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.sent)
}

func (d *busyDesk) isPaused(network string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.paused[network]
}

// somewhere is a channel that is no network's.
const somewhere = "C0GENERAL1"

// typed is a command that somebody types, as the last message that they see.
func (w *workspace) typed(t *testing.T, user, text string) {
	t.Helper()
	if _, err := w.Command(t.Context(), user, somewhere, text); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

// last is the newest message that a user sees.
func (w *workspace) last(user string) chat.Post {
	list := w.Seen(somewhere, user)
	if len(list) == 0 {
		return chat.Post{}
	}
	return list[len(list)-1]
}

// sees waits until the newest message that a user sees has some words.
func (w *workspace) sees(t *testing.T, user, words string) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); !strings.Contains(w.last(user).Text, words); {
		if time.Now().After(deadline) {
			t.Fatalf("%s does not see %q but %q", user, words, w.last(user).Text)
		}
		<-time.After(time.Millisecond)
	}
}

// button finds the action id that begins so, in blocks.
func button(t *testing.T, blocks []chat.Block, action string) string {
	t.Helper()
	raw, err := json.Marshal(blocks)
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`"action_id":"(` + regexp.QuoteMeta(action) + `/[^"]*)"`).FindSubmatch(raw)
	if found == nil {
		t.Fatalf("nothing does %s: %s", action, raw)
	}
	return string(found[1])
}

// press presses what is in the newest message that a user sees.
func (w *workspace) press(t *testing.T, user, action string, chosen ...string) {
	t.Helper()
	p := w.last(user)
	err := w.Press(t.Context(), user, chat.Action{Channel: somewhere, TS: p.TS, ID: button(t, p.Blocks, action), Chosen: chosen})
	if err != nil {
		t.Fatalf("%s: %v", action, err)
	}
}

// view waits until a user's modal has some words.
func (w *workspace) view(t *testing.T, user, words string) chat.View {
	t.Helper()
	var v chat.View
	for deadline := time.Now().Add(5 * time.Second); ; <-time.After(time.Millisecond) {
		var open bool
		v, open = w.View(user)
		raw, _ := json.Marshal(v.Blocks)
		if open && strings.Contains(string(raw), words) {
			return v
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s has no modal with %q but %s", user, words, raw)
		}
	}
}

// inBothModes runs a test with a bot that is reached by HTTP and by Socket Mode.
func inBothModes(t *testing.T, test func(t *testing.T, w *workspace, b *Bot, d *busyDesk)) {
	t.Helper()
	for _, mode := range []Mode{HTTP, Socket} {
		t.Run(string(mode), func(t *testing.T) {
			w, d := newWorkspace(t), newBusyDesk()
			test(t, w, w.bot(t, d, mode), d)
		})
	}
}

func TestRemindersAreConfirmedOnce(t *testing.T) {
	inBothModes(t, func(t *testing.T, w *workspace, b *Bot, d *busyDesk) {
		w.typed(t, "U0COORD", "remind")
		w.sees(t, "U0COORD", "This reaches 12 recipients")
		p := w.last("U0COORD")
		confirm := chat.Action{Channel: somewhere, TS: p.TS, ID: button(t, p.Blocks, "remind.confirm")}
		raw, _ := json.Marshal(p.Blocks)
		if d.sends() != 0 || !strings.Contains(string(raw), "Nothing has been done yet") {
			t.Fatal("a preview did something, or does not say that it did not")
		}
		done := make(chan error, 2)
		for range 2 { // an impatient thumb
			go func() { done <- w.Press(context.Background(), "U0COORD", confirm) }()
		}
		first, second := <-done, <-done
		if first != nil && second != nil { // one may find the button gone
			t.Fatal(first, second)
		}
		until(t, func() bool { return d.sends() == 1 })
		until(t, func() bool { return !strings.Contains(w.last("U0COORD").Text, "This reaches") })
		if text := w.last("U0COORD").Text; !strings.Contains(text, "Queued: 12 messages.") && !strings.Contains(text, "confirmed already") {
			t.Errorf("told %q", text)
		}
		if got := d.sent[0]; !got.Remind || !slices.Equal(got.Networks, []string{"pomako"}) {
			t.Errorf("sent %+v", got)
		}
		// The ticket is spent, whoever brings it back and how.
		in := Inbound{
			Kind: KindInteraction, Team: "T0VIESTI01", User: "U0COORD", Channel: somewhere, Action: confirm.ID,
			Value: value(t, p.Blocks, "remind.confirm"),
		}
		m := pressNow(t, b, in)
		if !strings.Contains(m.text(), "confirmed already") || d.sends() != 1 {
			t.Errorf("a spent ticket: %q, %d sends", m.text(), d.sends())
		}
	})
}

// value is what a button in a message carries.
func value(t *testing.T, blocks []chat.Block, action string) string {
	t.Helper()
	for _, b := range blocks {
		for _, e := range b.Elements {
			if strings.HasPrefix(e.ActionID, action+"/") {
				return e.Value
			}
		}
	}
	t.Fatalf("nothing does %s", action)
	return ""
}

// pressNow does what a press leads to, and gives what would be shown.
func pressNow(t *testing.T, b *Bot, in Inbound) message {
	t.Helper()
	r, s, ok := b.step(t.Context(), in)
	if !ok {
		t.Fatalf("nothing is %s", in.Action)
	}
	return r.guarded(t.Context(), s)
}

// TestTicketsAreBound changes one thing after another between a preview and its confirmation.
func TestTicketsAreBound(t *testing.T) {
	const preview, nothing = "remind", "remind.confirm"
	for name, c := range map[string]struct {
		change func(b *Bot, d *busyDesk, in *Inbound, now *time.Time)
		want   string
	}{
		"nothing":      {func(*Bot, *busyDesk, *Inbound, *time.Time) {}, "Queued: 12"},
		"another user": {func(_ *Bot, _ *busyDesk, in *Inbound, _ *time.Time) { in.User = "U0BOTH" }, "not for you"},
		"another team": {func(_ *Bot, _ *busyDesk, in *Inbound, _ *time.Time) { in.Team = "T0OTHER" }, "the workspace in which"},
		"another verb": {func(_ *Bot, _ *busyDesk, in *Inbound, _ *time.Time) { in.Action = "invite.confirm/en/1" }, "not for you"},
		"a letter": {func(_ *Bot, _ *busyDesk, in *Inbound, _ *time.Time) {
			in.Value = strings.Replace(in.Value, in.Value[40:41], map[bool]string{true: "A", false: "B"}[in.Value[40] != 'A'], 1)
		}, "not for you"},
		"no ticket": {func(_ *Bot, _ *busyDesk, in *Inbound, _ *time.Time) { in.Value = "pomako" }, "not for you"},
		"the role": {func(b *Bot, _ *busyDesk, in *Inbound, _ *time.Time) {
			_, _ = b.roster.Give(context.Background(), staff.Grant{Who: "U0COORD", Network: "pomako", Role: staff.Viewer})
		}, "ask <@U0ADMIN>"},
		"the time":    {func(_ *Bot, _ *busyDesk, _ *Inbound, now *time.Time) { *now = now.Add(ticketTime) }, "out of date"},
		"the numbers": {func(_ *Bot, d *busyDesk, _ *Inbound, _ *time.Time) { d.left-- }, "out of date"},
		"our secret":  {func(b *Bot, _ *busyDesk, _ *Inbound, _ *time.Time) { b.secret = []byte("another") }, "not for you"},
		"no secret":   {func(b *Bot, _ *busyDesk, _ *Inbound, _ *time.Time) { b.secret = nil }, "not for you"},
		"the store":   {func(_ *Bot, d *busyDesk, _ *Inbound, _ *time.Time) { d.failed = errBroken }, "It broke off"},
	} {
		t.Run(name, func(t *testing.T) {
			d, now := newBusyDesk(), testTime
			b := testBot(t, d, func(o *Options) { o.Now = func() time.Time { return now } })
			m := said(t, b, "U0COORD", preview)
			in := Inbound{Kind: KindInteraction, Team: testTeam, User: "U0COORD", Channel: somewhere, Action: nothing + "/en/1"}
			for _, block := range m.blocks {
				for _, e := range block.Elements {
					if e, ok := e.(*element); ok && strings.HasPrefix(e.ActionID, nothing) {
						in.Value = e.Value
					}
				}
			}
			c.change(b, d, &in, &now)
			got := pressNow(t, b, in)
			if !strings.Contains(got.text(), c.want) {
				t.Errorf("told %q", got.text())
			}
			if want := map[bool]int{true: 1}[name == "nothing"]; d.sends() != want {
				t.Errorf("%d sends, want %d", d.sends(), want)
			}
		})
	}
}

func TestTwoPeopleDoItOnce(t *testing.T) {
	w, d := newWorkspace(t), newBusyDesk()
	w.bot(t, d, HTTP)
	w.typed(t, "U0COORD", "remind pomako")
	w.typed(t, "U0BOTH", "remind pomako")
	w.press(t, "U0COORD", "remind.confirm")
	w.sees(t, "U0COORD", "Queued: 12")
	w.press(t, "U0BOTH", "remind.confirm")
	w.sees(t, "U0BOTH", "out of date")
	w.sees(t, "U0BOTH", "nobody to write to")
	if d.sends() != 1 {
		t.Errorf("%d sends", d.sends())
	}
}

func TestInvitationByModal(t *testing.T) {
	inBothModes(t, func(t *testing.T, w *workspace, _ *Bot, d *busyDesk) {
		w.typed(t, "U0BOTH", "bjud in")
		v := w.view(t, "U0BOTH", "Inbjudan går till alla")
		if _, err := w.Submit(t.Context(), "U0BOTH", v.ID, map[string][]string{"network": {"etno_east"}, "way": {"mail"}}); err != nil {
			t.Fatal(err)
		}
		v = w.view(t, "U0BOTH", "Det här når 12 mottagare")
		if err := w.Press(t.Context(), "U0BOTH", chat.Action{View: v.ID, ID: button(t, v.Blocks, "invite.confirm")}); err != nil {
			t.Fatal(err)
		}
		w.view(t, "U0BOTH", "I kön: 12 meddelanden.")
		if d.sends() != 1 || d.sent[0].Remind || !slices.Equal(d.sent[0].Networks, []string{"etno_east"}) || d.sent[0].Carrier != "mail" {
			t.Errorf("sent %+v", d.sent)
		}
	})
}

func TestSharingByModal(t *testing.T) {
	w, d := newWorkspace(t), newBusyDesk()
	w.bot(t, d, HTTP)
	w.typed(t, "U0COORD", "jaa")
	v := w.view(t, "U0COORD", "Kanava saa viestin")
	if _, err := w.Submit(t.Context(), "U0COORD", v.ID, map[string][]string{"network": {"pomako"}, "room": {somewhere}}); err != nil {
		t.Fatal(err)
	}
	v = w.view(t, "U0COORD", "Kysely julkaistaan kanavalla")
	if err := w.Press(t.Context(), "U0COORD", chat.Action{View: v.ID, ID: button(t, v.Blocks, "share.confirm")}); err != nil {
		t.Fatal(err)
	}
	w.view(t, "U0COORD", "https://kysely.example.org/r/shared")
	if want := (Share{Network: "pomako", Channel: somewhere, By: "U0COORD"}); len(d.shared) != 1 || d.shared[0] != want {
		t.Errorf("shared %+v", d.shared)
	}
}

func TestPauseAndCancel(t *testing.T) {
	w, d := newWorkspace(t), newBusyDesk()
	w.bot(t, d, HTTP)
	w.typed(t, "U0COORD", "pause")
	w.press(t, "U0COORD", "pause.cancel")
	w.sees(t, "U0COORD", "Cancelled")
	w.typed(t, "U0COORD", "pause")
	w.press(t, "U0COORD", "pause.confirm")
	w.sees(t, "U0COORD", "paused. Nothing is sent")
	if !d.isPaused("pomako") || d.isPaused("") {
		t.Errorf("paused %v", d.paused)
	}
	w.press(t, "U0COORD", "resume")
	w.press2(t, "U0COORD", "resume.confirm")
	w.sees(t, "U0COORD", "sending goes on")
	w.typed(t, "U0BOTH", "pause all")
	w.press(t, "U0BOTH", "pause.confirm")
	w.sees(t, "U0BOTH", "paused. Nothing is sent")
	if !d.isPaused("pomako") || !d.isPaused("etno_east") || d.isPaused("moniheli") || d.isPaused("") {
		t.Errorf("paused %v", d.paused)
	}
}

// press2 waits for a button and presses it.
func (w *workspace) press2(t *testing.T, user, action string) {
	t.Helper()
	until(t, func() bool {
		raw, _ := json.Marshal(w.last(user).Blocks)
		return strings.Contains(string(raw), `"action_id":"`+action+"/")
	})
	w.press(t, user, action)
}

func TestWhatIsNotOursIsOnlyAcknowledged(t *testing.T) {
	b := testBot(t, newBusyDesk(), nil)
	for _, action := range []string{"", "answer", "nothing.confirm/en/1", "rates.nothing/en/1", "/", "//", "🙂"} {
		a := b.handle(t.Context(), Inbound{Kind: KindInteraction, Team: testTeam, User: "U0ADMIN", Action: action})
		if a.then != nil || a.payload() != nil {
			t.Errorf("%q does something", action)
		}
	}
}

func TestAnswersGoToSlackAlone(t *testing.T) {
	p := testBot(t, nil, nil).port
	for to, want := range map[string]bool{
		"https://hooks.slack.com/actions/T1/1/x": true, "https://hooks.slack.com.example.org/x": false, "http://hooks.slack.com/x": false,
		"https://user@hooks.slack.com/x": false, "https://slack.com/api/chat.postMessage": false, "": false, "file:///etc/passwd": false,
		"http://127.0.0.1/x": false, "\x00": false,
	} {
		if p.isSlack(to) != want {
			t.Errorf("%q: %v", to, !want)
		}
	}
}
