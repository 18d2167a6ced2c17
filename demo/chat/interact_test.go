package chat

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/slack-go/slack"
)

// fakeApp is an app that answers what it is told to, and keeps what it got as slack-go reads it.
type fakeApp struct {
	mu     sync.Mutex
	got    []slack.InteractionCallback
	events []map[string]any
	heads  []http.Header
	answer string
	status int
	then   func(slack.InteractionCallback) // before the answer
}

func (a *fakeApp) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	v, err := slack.NewSecretsVerifier(r.Header, "8f742231b10e8888abcd99yyyzzz85a5")
	if err == nil {
		_, _ = v.Write(body)
		err = v.Ensure()
	}
	if err != nil {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if strings.HasSuffix(r.URL.Path, "/events") {
		var e map[string]any
		_ = json.Unmarshal(body, &e)
		a.events, a.heads = append(a.events, e), append(a.heads, r.Header)
		if e["challenge"] != nil {
			_, _ = io.WriteString(w, e["challenge"].(string))
			return
		}
		w.WriteHeader(max(a.status, http.StatusOK))
		return
	}
	in, err := slack.InteractionCallbackParse(r)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	a.got = append(a.got, in)
	if a.then != nil {
		a.then(in)
	}
	_, _ = io.WriteString(w, a.answer)
}

func (a *fakeApp) last(t *testing.T) slack.InteractionCallback {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.got) == 0 {
		t.Fatal("nothing came")
	}
	return a.got[len(a.got)-1]
}

func withApp(t *testing.T, change func(*Options)) (*Server, *httptest.Server, *fakeApp) {
	t.Helper()
	s, web := testServer(t, func(o *Options) {
		everybody(o)
		if change != nil {
			change(o)
		}
	})
	app := &fakeApp{}
	server := httptest.NewServer(app)
	t.Cleanup(server.Close)
	s.SetRequestURL(server.URL + "/slack/commands")
	s.SetURL(web.URL + "/below")
	return s, web, app
}

const choices = `[{"type":"actions","block_id":"b","elements":[
	{"type":"button","action_id":"go","value":"v","text":{"type":"plain_text","text":"Go"}},
	{"type":"static_select","action_id":"pick","options":[{"text":{"type":"plain_text","text":"One"},"value":"1"},{"text":{"type":"plain_text","text":"Two"},"value":"2"}],"initial_option":{"text":{"type":"plain_text","text":"One"},"value":"1"}},
	{"type":"conversations_select","action_id":"where","filter":{"include":["public"],"exclude_external_shared_channels":true}},
	{"type":"users_select","action_id":"who"},
	{"type":"datepicker","action_id":"when"},
	{"type":"timepicker","action_id":"hour","initial_time":"09:00"},
	{"type":"overflow","action_id":"more","options":[{"text":{"type":"plain_text","text":"One"},"value":"1"}]}]}]`

func TestPress(t *testing.T) {
	s, web, app := withApp(t, nil)
	ts := ask(t, web, "chat.postMessage", "channel", "C1", "text", "x", "blocks", choices)["ts"].(string)
	for _, c := range []struct {
		id     string
		chosen []string
		want   func(a *slack.BlockAction) string
		value  string
	}{
		{"go", nil, func(a *slack.BlockAction) string { return a.Value }, "v"},
		{"pick", []string{"2"}, func(a *slack.BlockAction) string { return a.SelectedOption.Value }, "2"},
		{"where", []string{"C2"}, func(a *slack.BlockAction) string { return a.SelectedConversation }, "C2"},
		{"who", []string{"U2"}, func(a *slack.BlockAction) string { return a.SelectedUser }, "U2"},
		{"when", []string{"2027-03-14"}, func(a *slack.BlockAction) string { return a.SelectedDate }, "2027-03-14"},
		{"hour", []string{"16:30"}, func(a *slack.BlockAction) string { return a.SelectedTime }, "16:30"},
		{"more", []string{"1"}, func(a *slack.BlockAction) string { return a.SelectedOption.Value }, "1"},
	} {
		if err := s.Press(t.Context(), "U1", Action{Channel: "C1", ID: c.id, Chosen: c.chosen}); err != nil {
			t.Fatal(err)
		}
		in := app.last(t)
		a := in.ActionCallback.BlockActions[0]
		if a.ActionID != c.id || a.BlockID != "b" || c.want(a) != c.value {
			t.Errorf("%s: %+v", c.id, a)
		}
		if in.Type != slack.InteractionTypeBlockActions || in.User.ID != "U1" || in.User.TeamID != teamID || in.Channel.ID != "C1" ||
			in.Message.Timestamp != ts || in.Container.MessageTs != ts || in.TriggerID == "" || in.ResponseURL == "" {
			t.Errorf("%s: %+v", c.id, in)
		}
	}
	state := app.last(t).BlockActionState.Values["b"]
	if state["pick"].SelectedOption.Value != "2" || state["when"].SelectedDate != "2027-03-14" || state["hour"].SelectedTime != "16:30" {
		t.Errorf("the state is %+v", state)
	}
}

func TestWhatCannotBeDone(t *testing.T) {
	s, web, app := withApp(t, nil)
	for _, channel := range []string{"C1", "C5", "C6"} {
		ask(t, web, "chat.postMessage", "channel", channel, "text", "x", "blocks", choices)
	}
	ask(t, web, "chat.postEphemeral", "channel", "C1", "user", "U2", "text", "x", "blocks", strings.ReplaceAll(choices, `"go"`, `"secret"`))
	for name, c := range map[string]struct {
		user string
		a    Action
	}{
		"no such element":          {"U1", Action{Channel: "C1", ID: "stop"}},
		"no such option":           {"U1", Action{Channel: "C1", ID: "pick", Chosen: []string{"3"}}},
		"two of one":               {"U1", Action{Channel: "C1", ID: "pick", Chosen: []string{"1", "2"}}},
		"shared channel":           {"U1", Action{Channel: "C1", ID: "where", Chosen: []string{"C5"}}},
		"private channel":          {"U1", Action{Channel: "C1", ID: "where", Chosen: []string{"C6"}}},
		"archived channel":         {"U1", Action{Channel: "C1", ID: "where", Chosen: []string{"C4"}}},
		"nobody":                   {"U1", Action{Channel: "C1", ID: "who", Chosen: []string{"U9"}}},
		"no date":                  {"U1", Action{Channel: "C1", ID: "when", Chosen: []string{"14.3."}}},
		"deactivated":              {"U3", Action{Channel: "C1", ID: "go"}},
		"guest elsewhere":          {"U5", Action{Channel: "C6", ID: "go"}},
		"not in the channel":       {"U2", Action{Channel: "C6", ID: "go"}},
		"stranger":                 {"U6", Action{Channel: "C1", ID: "go"}},
		"another's alone":          {"U1", Action{Channel: "C1", ID: "secret"}},
		"a view that nobody has":   {"U1", Action{View: "V1", ID: "go"}},
		"a message that is not so": {"U1", Action{Channel: "C1", TS: "1.0", ID: "go"}},
	} {
		if err := s.Press(t.Context(), c.user, c.a); !errors.Is(err, ErrCannot) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(app.got) != 0 {
		t.Errorf("the app heard of %d", len(app.got))
	}
	if _, err := s.Command(t.Context(), "U6", "C5", "rates"); !errors.Is(err, ErrCannot) {
		t.Errorf("a stranger's command: %v", err)
	}
	if err := s.Press(t.Context(), "U6", Action{Channel: "C5", ID: "go"}); err != nil || app.last(t).User.TeamID != "T9" {
		t.Errorf("a stranger in a shared channel: %v, %+v", err, app.got)
	}
	if err := s.Press(t.Context(), "U2", Action{Channel: "C1", ID: "secret"}); err != nil || !app.last(t).Container.IsEphemeral || app.last(t).Message.Timestamp != "" {
		t.Errorf("an ephemeral message: %v, %+v", err, app.last(t).Container)
	}
	app.answer = `{"text":"no"}`
	if err := s.Press(t.Context(), "U1", Action{Channel: "C1", ID: "go"}); !errors.Is(err, ErrTrouble) {
		t.Errorf("an answer to a button: %v", err)
	}
}

const form = `{"type":"modal","callback_id":"form","private_metadata":"secret","notify_on_close":true,
	"title":{"type":"plain_text","text":"Form"},"submit":{"type":"plain_text","text":"Send"},"blocks":[
	{"type":"input","block_id":"words","label":{"type":"plain_text","text":"Words"},"element":{"type":"plain_text_input","action_id":"w","max_length":5}},
	{"type":"input","block_id":"mail","optional":true,"label":{"type":"plain_text","text":"Mail"},"element":{"type":"email_text_input","action_id":"m"}},
	{"type":"input","block_id":"where","label":{"type":"plain_text","text":"Where"},"element":{"type":"conversations_select","action_id":"c","default_to_current_conversation":true,"response_url_enabled":true}},
	{"type":"input","block_id":"who","optional":true,"label":{"type":"plain_text","text":"Who"},"element":{"type":"multi_users_select","action_id":"u","max_selected_items":2}},
	{"type":"section","block_id":"note","text":{"type":"mrkdwn","text":"note"},"accessory":{"type":"button","action_id":"in","text":{"type":"plain_text","text":"b"}}}]}`

// opened is a modal that a user has open after pressing a button.
func opened(t *testing.T, s *Server, web *httptest.Server, app *fakeApp, view string) View {
	t.Helper()
	ask(t, web, "chat.postMessage", "channel", "C1", "text", "x", "blocks", choices)
	if err := s.Press(t.Context(), "U1", Action{Channel: "C1", ID: "go"}); err != nil {
		t.Fatal(err)
	}
	if got := ask(t, web, "views.open", "trigger_id", app.last(t).TriggerID, "view", view); got["ok"] != true {
		t.Fatal(got)
	}
	v, ok := s.View("U1")
	if !ok {
		t.Fatal("no modal is open")
	}
	return v
}

// another is a modal with another title.
const another = `{"type":"modal","title":{"type":"plain_text","text":"b"},"blocks":[]}`

// submitAnswers are what an app answers to a submission, and what comes of it.
var submitAnswers = []struct {
	answer string
	want   error
	errors map[string]string
	title  string // of the modal that is open then
}{
	{`{"response_action":"errors","errors":{"words":"no"}}`, nil, map[string]string{"words": "no"}, "Form"},
	{`{"response_action":"errors","errors":{"note":"no"}}`, ErrTrouble, nil, "Form"},
	{`{"response_action":"errors","errors":{}}`, ErrTrouble, nil, "Form"},
	{`{"response_action":"dance"}`, ErrTrouble, nil, "Form"},
	{`{}`, ErrTrouble, nil, "Form"},
	{`ok`, ErrTrouble, nil, "Form"},
	{`{"response_action":"push","view":{"type":"modal"}}`, ErrTrouble, nil, "Form"},
	{`{"response_action":"push","view":` + another + `}`, nil, nil, "b"},
}

func TestSubmit(t *testing.T) {
	s, web, app := withApp(t, nil)
	v := opened(t, s, web, app, form)
	good := map[string][]string{"words": {"hello"}, "u": {"U1", "U2"}}
	for name, bad := range map[string]map[string][]string{
		"nothing":       {},
		"too long":      {"words": {"hello!"}},
		"no address":    {"words": {"a"}, "mail": {"nobody"}},
		"three of two":  {"words": {"a"}, "who": {"U1", "U2", "U5"}},
		"empty channel": {"words": {"a"}, "where": {""}},
	} {
		if _, err := s.Submit(t.Context(), "U1", v.ID, bad); !errors.Is(err, ErrCannot) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.Submit(t.Context(), "U2", v.ID, good); !errors.Is(err, ErrCannot) {
		t.Errorf("another's modal: %v", err)
	}
	for _, c := range submitAnswers {
		app.answer = c.answer
		found, err := s.Submit(t.Context(), "U1", v.ID, good)
		if !errors.Is(err, c.want) || fmt.Sprint(found) != fmt.Sprint(c.errors) && len(found)+len(c.errors) > 0 {
			t.Errorf("%s: %v, %v", c.answer, found, err)
		}
		if now, _ := s.View("U1"); now.Title != c.title {
			t.Errorf("%s: the modal is %q", c.answer, now.Title)
		}
	}
	in := app.last(t)
	state := in.View.State.Values
	if in.Type != slack.InteractionTypeViewSubmission || in.View.PrivateMetadata != "secret" || in.View.CallbackID != "form" ||
		state["words"]["w"].Value != "hello" || state["where"]["c"].SelectedConversation != "C1" || !slices.Equal(state["who"]["u"].SelectedUsers, []string{"U1", "U2"}) {
		t.Errorf("%+v", in.View)
	}
	if len(in.ResponseURLs) != 1 || in.ResponseURLs[0].ChannelID != "C1" {
		t.Errorf("response_urls: %+v", in.ResponseURLs)
	}
	if err := s.Dismiss(t.Context(), "U1", false); err != nil {
		t.Error(err)
	}
	app.answer = `{"response_action":"update","view":` + another + `}`
	if _, err := s.Submit(t.Context(), "U1", v.ID, good); err != nil {
		t.Error(err)
	}
	if now, _ := s.View("U1"); now.Title != "b" || now.ID != v.ID || now.Hash == v.Hash {
		t.Errorf("after an update: %+v", now)
	}
	if _, err := s.Submit(t.Context(), "U1", v.ID, good); !errors.Is(err, ErrCannot) {
		t.Errorf("a modal without a button: %v", err)
	}
}

func TestModalsClose(t *testing.T) {
	s, web, app := withApp(t, nil)
	v := opened(t, s, web, app, form)
	if err := s.Dismiss(t.Context(), "U1", false); err != nil || app.last(t).Type != slack.InteractionTypeViewClosed || app.last(t).View.ID != v.ID {
		t.Errorf("%v, %+v", err, app.last(t))
	}
	v = opened(t, s, web, app, form)
	good := map[string][]string{"words": {"hello"}}
	if _, err := s.Submit(t.Context(), "U1", v.ID, good); err != nil {
		t.Error(err)
	}
	if _, ok := s.View("U1"); ok {
		t.Error("an acknowledged modal stays open")
	}
	v = opened(t, s, web, app, form)
	app.answer = `{"response_action":"clear"}`
	if _, err := s.Submit(t.Context(), "U1", v.ID, good); err != nil {
		t.Error(err)
	}
	if _, ok := s.View("U1"); ok {
		t.Error("a cleared modal stays open")
	}
}

func TestDirectMessages(t *testing.T) {
	s, web, app := withApp(t, nil)
	got := ask(t, web, "chat.postMessage", "channel", "U1", "text", "hei", "blocks", choices)
	if got["channel"] != "D1" || len(s.DMs("U1")) != 1 {
		t.Fatalf("%v", got)
	}
	if again := ask(t, web, "conversations.open", "users", "U1"); again["already_open"] != true {
		t.Errorf("%v", again)
	}
	if got := ask(t, web, "chat.update", "channel", "D1", "ts", got["ts"].(string), "text", "moi"); got["ok"] != true || s.DMs("U1")[0].Text != "moi" || len(s.DMs("U1")[0].Blocks) != 1 {
		t.Errorf("%v, %+v", got, s.DMs("U1"))
	}
	if err := s.Press(t.Context(), "U1", Action{Channel: "D1", ID: "go"}); err != nil || app.last(t).Channel.ID != "D1" {
		t.Error(err)
	}
	if err := s.Press(t.Context(), "U2", Action{Channel: "D1", ID: "go"}); !errors.Is(err, ErrCannot) {
		t.Errorf("another's message: %v", err)
	}
	s.ChangeUser("U1", func(u *User) { u.Gone = true })
	if got := ask(t, web, "chat.postMessage", "channel", "D1", "text", "x"); got["error"] != "user_disabled" {
		t.Errorf("%v", got)
	}
	_, closed := testServer(t, func(o *Options) { everybody(o); o.MessagesOff = true })
	if got := ask(t, closed, "chat.postMessage", "channel", "U2", "text", "x"); got["error"] != "messages_tab_disabled" {
		t.Errorf("%v", got)
	}
}
