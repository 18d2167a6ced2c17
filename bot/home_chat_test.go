package bot

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"viesti/demo/chat"
)

// pressable finds what an action's element is called in a view.
func pressable(v chat.View, action, value string) (id string) {
	for _, b := range v.Blocks {
		for _, e := range b.Elements {
			if got, _ := parseAction(e.ActionID); got == action && (value == "" || e.Value == value) {
				return e.ActionID
			}
		}
	}
	return ""
}

// TestHomeInBothModes opens the Home tab of an administrator, turns its pages, presses a button,
// and opens it as somebody of another workspace.
func TestHomeInBothModes(t *testing.T) {
	d := testDesk{networks: someNetworks()}
	for i := range 40 {
		n := hostile()
		n.ID = fmt.Sprintf("n%02d", i)
		d.networks = append(d.networks, n)
	}
	for _, mode := range []Mode{HTTP, Socket} {
		t.Run(string(mode), func(t *testing.T) {
			w := newWorkspace(t)
			w.bot(t, d, mode)
			open := func(user string) {
				t.Helper()
				if err := w.OpenHome(t.Context(), user); err != nil {
					t.Fatal(err)
				}
			}
			shows := func(user string, when func(chat.View) bool) (v chat.View) {
				t.Helper()
				until(t, func() bool { var ok bool; v, ok = w.Home(user); return ok && when(v) })
				return v
			}
			open("U0ADMIN")
			first := shows("U0ADMIN", func(chat.View) bool { return true })
			next := pressable(first, stepPage, "1")
			if next == "" || pressable(first, "rates", "n00") == "" {
				t.Fatalf("%+v", first.Blocks)
			}
			if err := w.Press(t.Context(), "U0ADMIN", chat.Action{View: first.ID, ID: next}); err != nil {
				t.Fatal(err)
			}
			second := shows("U0ADMIN", func(v chat.View) bool { return v.Hash != first.Hash })
			if pressable(second, "rates", "pomako") == "" || pressable(second, stepPage, "0") == "" {
				t.Errorf("%+v", second.Blocks)
			}
			if err := w.Press(t.Context(), "U0ADMIN", chat.Action{View: second.ID, ID: pressable(second, "rates", "pomako")}); err != nil {
				t.Error(err)
			}
			until(t, func() bool { return len(w.Calls("views.open")) == 1 })

			open("U0OTHER") // of the workspace, without a role
			if v := shows("U0OTHER", func(chat.View) bool { return true }); pressable(v, "help", "") == "" || pressable(v, "rates", "") != "" {
				t.Errorf("%+v", v.Blocks)
			}
		})
	}
}

// TestHomeIsForOurWorkspace lets somebody of another workspace open the Home tab.
func TestHomeIsForOurWorkspace(t *testing.T) {
	published := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/views.publish") {
			published++
		}
		_, _ = w.Write([]byte(`{"ok":true,"view":{"id":"V1"}}`))
	}))
	t.Cleanup(s.Close)
	bot := testBot(t, testDesk{networks: someNetworks()}, func(o *Options) { o.Config.APIURL = s.URL + "/api/" })
	bot.access.slack = offline{}
	for _, c := range []struct {
		team, tab string
		want      int
	}{{"T0ELSE", "home", 0}, {"", "home", 0}, {testTeam, "messages", 0}, {testTeam, "home", 1}} {
		published = 0
		bot.homeOpened(t.Context(), Inbound{Kind: KindEvent, Team: c.team, User: "U0ADMIN", Event: event{Type: eventHomeOpened, Tab: c.tab}})
		if published != c.want {
			t.Errorf("team %q, tab %q: published %d times", c.team, c.tab, published)
		}
	}
}
