package chat

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// everybody is a workspace with somebody and something of each kind.
func everybody(o *Options) {
	o.Channels = []Channel{
		{ID: "C1", Name: "yleinen", Joined: true},
		{ID: "C2", Name: "toinen"},
		{ID: "C3", Private: true},
		{ID: "C4", Archived: true, Joined: true},
		{ID: "C5", Name: "vieraat", Joined: true, Shared: true},
		{ID: "C6", Name: "ryhma", Private: true, Joined: true, Members: []string{"U1"}},
	}
	o.Users = []User{
		{ID: "U1", Name: "Aino Aalto", Email: "aino@example.org", Locale: "fi-FI"},
		{ID: "U2", Name: "<Otto>"},
		{ID: "U3", Name: "Gone", Email: "gone@example.org", Gone: true},
		{ID: "U4", Name: "Robot", Bot: true, Email: "robot@example.org"},
		{ID: "U5", Name: "Guest", Guest: true, Email: "guest@example.org"},
		{ID: "U6", Name: "Stranger", Team: "T9", Email: "stranger@example.net"},
	}
	o.Groups = map[string][]string{"S1": {"U1"}}
}

const (
	aModal = `{"type":"modal","title":{"type":"plain_text","text":"a"},"blocks":[]}`
	aHome  = `{"type":"home","blocks":[]}`
)

// refused are calls that Slack refuses. @post is a message of the app's, @theirs one of a person's.
var refused = []struct {
	want string
	call []string
}{
	{"not_authed", words("auth.test token ")},
	{"invalid_auth", words("auth.test token xoxb-2")},
	{"not_allowed_token_type", words("auth.test token xapp-1")},
	{"not_authed", words("apps.connections.open token xapp-1")}, // in the body it does not count
	{"unknown_method", words("chat.everything")},
	{"invalid_arguments", words("chat.postMessage text x")},
	{"invalid_arguments", words("chat.postMessage channel C1 text x colour red")},
	{"channel_not_found", words("chat.postMessage channel C9 text x")},
	{"channel_not_found", words("chat.postMessage channel C3 text x")},
	{"channel_not_found", words("chat.postMessage channel U9 text x")},
	{"not_in_channel", words("chat.postMessage channel C2 text x")},
	{"is_archived", words("chat.postMessage channel C4 text x")},
	{"user_disabled", words("chat.postMessage channel U3 text x")},
	{"cannot_dm_bot", words("chat.postMessage channel U4 text x")},
	{"cannot_dm_bot", words("chat.postMessage channel " + botUID + " text x")},
	{"user_not_visible", words("chat.postMessage channel U6 text x")},
	{"no_text", words("chat.postMessage channel C1")},
	{"no_text", words("chat.postMessage channel C1 blocks []")},
	{"msg_too_long", words("chat.postMessage channel C1 text " + strings.Repeat("ä", maxText+1))},
	{"msg_too_long", words("chat.postMessage channel C1 markdown_text " + strings.Repeat("ä", maxMarkdown+1))},
	{"markdown_text_conflict", words("chat.postMessage channel C1 text x markdown_text y")},
	{"thread_not_found", words("chat.postMessage channel C1 text x thread_ts 1.000000")},
	{"invalid_blocks", words(`chat.postMessage channel C1 blocks [{"type":"section"}]`)},
	{"invalid_blocks_format", words(`chat.postMessage channel C1 blocks {`)},
	{"invalid_metadata_format", words(`chat.postMessage channel C1 text x metadata [`)},
	{"invalid_metadata_schema", words(`chat.postMessage channel C1 text x metadata {"event_type":"No","event_payload":{}}`)},
	{"invalid_metadata_schema", words(`chat.postMessage channel C1 text x metadata {"event_type":"a"}`)},
	{"invalid_metadata_schema", words(`chat.postMessage channel C1 text x metadata {"event_type":"a","event_payload":{"deep":{}}}`)},
	{"metadata_too_large", words(`chat.postMessage channel C1 text x metadata {"event_type":"a","event_payload":{"a":"` + strings.Repeat("x", maxMetadata) + `"}}`)},
	{"channel_not_found", words("chat.update channel U1 ts @post text x")},
	{"message_not_found", words("chat.update channel C1 ts 1.000000 text x")},
	{"cant_update_message", words("chat.update channel C1 text x ts @theirs")},
	{"msg_too_long", words("chat.update channel C1 ts @post text " + strings.Repeat("ä", maxUpdate+1))},
	{"message_not_found", words("chat.delete channel C1 ts 1.000000")},
	{"cant_delete_message", words("chat.delete channel C1 ts @theirs")},
	{"user_not_in_channel", words("chat.postEphemeral channel C6 user U2 text x")},
	{"not_in_channel", words("chat.postEphemeral channel C2 user U1 text x")},
	{"invalid_arguments", words("chat.postEphemeral channel C1 text x")},
	{"message_not_found", words("chat.getPermalink channel C1 message_ts 1.000000")},
	{"not_in_channel", words("conversations.history channel C2")},
	{"channel_not_found", words("conversations.history channel C3")},
	{"invalid_cursor", words("conversations.history channel C1 cursor x")},
	{"invalid_limit", words("conversations.history channel C1 limit 1000")},
	{"thread_not_found", words("conversations.replies channel C1 ts 1.000000")},
	{"invalid_types", words("conversations.list types secret")},
	{"invalid_limit", words("conversations.list limit 1000")},
	{"channel_not_found", words("conversations.join channel C3")},
	{"is_archived", words("conversations.join channel C4")},
	{"users_list_not_supplied", words("conversations.open")},
	{"user_not_found", words("conversations.open users U9")},
	{"user_disabled", words("conversations.open users U3")},
	{"missing_scope", words("conversations.open users U1,U2")},
	{"user_not_found", words("users.info user U9")},
	{"user_not_found", words("users.conversations user U9")},
	{"users_not_found", words("users.lookupByEmail email nobody@example.org")},
	{"users_not_found", words("users.lookupByEmail email gone@example.org")},
	{"users_not_found", words("users.lookupByEmail email robot@example.org")},
	{"users_not_found", words("users.lookupByEmail email stranger@example.net")},
	{"no_such_subteam", words("usergroups.users.list usergroup S9")},
	{"invalid_arguments", words("usergroups.users.list usergroup S1 cursor x")},
	{"invalid_trigger_id", words("views.open trigger_id x view " + aModal)},
	{"invalid_arguments", words("views.open trigger_id x view {}")},
	{"invalid_arguments", words("views.open trigger_id x view " + aHome)},
	{"invalid_arguments", words("views.publish user_id U1 view " + aModal)},
	{"invalid_arguments", words("views.publish user_id U9 view " + aHome)},
	{"not_found", words("views.update view_id V9 view " + aModal)},
}

func TestRefusals(t *testing.T) {
	s, web := testServer(t, everybody)
	post := ask(t, web, "chat.postMessage", "channel", "C1", "text", "x")["ts"].(string)
	s.say(Post{Channel: "C1", User: "U1", Text: "mine"})
	for _, c := range refused {
		args := strings.NewReplacer("@post", post, "@theirs", s.Posts("C1")[1].TS)
		call := words(args.Replace(strings.Join(c.call, " ")))
		if len(call)%2 == 0 {
			call = append(call, "")
		}
		if got := ask(t, web, call[0], call[1:]...); got["ok"] != false || got["error"] != c.want {
			t.Errorf("%.100v: got %v, want %s", c.call, got, c.want)
		}
	}
}

// Every scope that a method or a channel needs, without it.
func TestScopes(t *testing.T) {
	for _, c := range []struct {
		without string
		call    []string
	}{
		{"chat:write", words("chat.postMessage channel C1 text x")},
		{"channels:read", words("conversations.info channel C1")},
		{"groups:read", words("conversations.info channel C6")},
		{"groups:read", words("conversations.list types public_channel,private_channel")},
		{"channels:join", words("conversations.join channel C2")},
		{"channels:history", words("conversations.history channel C1")},
		{"groups:history", words("conversations.history channel C6")},
		{"im:write", words("conversations.open users U1")},
		{"users:read", words("users.info user U1")},
		{"users:read.email", words("users.lookupByEmail email aino@example.org")},
		{"usergroups:read", words("usergroups.users.list usergroup S1")},
	} {
		_, web := testServer(t, func(o *Options) {
			everybody(o)
			o.Scopes = []string{"commands"}
			for _, scope := range words("chat:write channels:read groups:read channels:join channels:history groups:history im:write users:read users:read.email usergroups:read") {
				if scope != c.without {
					o.Scopes = append(o.Scopes, scope)
				}
			}
		})
		got := ask(t, web, c.call[0], c.call[1:]...)
		if got["error"] != "missing_scope" || got["needed"] != c.without || !strings.Contains(got["provided"].(string), "commands") {
			t.Errorf("%v without %s: %v", c.call, c.without, got)
		}
		res, err := http.PostForm(web.URL+"/below/api/auth.test", url.Values{"token": {"xoxb-1"}})
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if h := res.Header.Get("X-OAuth-Scopes"); !strings.HasPrefix(h, "commands,") || strings.Contains(","+h+",", ","+c.without+",") {
			t.Errorf("auth.test names %q", h)
		}
	}
}

func TestTiers(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	_, web := testServer(t, func(o *Options) { everybody(o); o.Tiers, o.Now = true, func() time.Time { return now } })
	lookUp := func() *http.Response {
		res, err := http.PostForm(web.URL+"/below/api/users.lookupByEmail", url.Values{"token": {"xoxb-1"}, "email": {"aino@example.org"}})
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res
	}
	for i := range tier3 {
		if res := lookUp(); res.StatusCode != http.StatusOK {
			t.Fatalf("call %d: %s", i, res.Status)
		}
		now = now.Add(time.Second)
	}
	if res := lookUp(); res.StatusCode != http.StatusTooManyRequests || res.Header.Get("Retry-After") != "10" {
		t.Errorf("%s, Retry-After %q", res.Status, res.Header.Get("Retry-After"))
	}
	if got := ask(t, web, "users.info", "user", "U1"); got["ok"] != true {
		t.Errorf("another method is held up: %v", got)
	}
	now = now.Add(10 * time.Second)
	if res := lookUp(); res.StatusCode != http.StatusOK {
		t.Error("the minute has no end")
	}
}

func TestTokensInAddressesAndJSON(t *testing.T) {
	_, web := testServer(t, nil)
	for name, send := range map[string]func() (*http.Response, error){
		"address": func() (*http.Response, error) { return http.Get(web.URL + "/below/api/auth.test?token=xoxb-1") },
		"JSON": func() (*http.Response, error) {
			return http.Post(web.URL+"/below/api/auth.test", "application/json", strings.NewReader(`{"token":"xoxb-1"}`))
		},
	} {
		res, err := send()
		if err != nil {
			t.Fatal(err)
		}
		var o object
		if err := json.NewDecoder(res.Body).Decode(&o); err != nil || o["error"] != "not_authed" {
			t.Errorf("%s: %v, %v", name, o, err)
		}
		res.Body.Close()
	}
}

func TestFaults(t *testing.T) {
	s, web := testServer(t, nil)
	post := func() (status int, body string, after string, err error) {
		res, err := http.PostForm(web.URL+"/below/api/chat.postMessage", url.Values{"token": {"xoxb-1"}, "channel": {"C1"}, "text": {"x"}})
		if err != nil {
			return 0, "", "", err
		}
		defer res.Body.Close()
		raw, err := io.ReadAll(res.Body)
		return res.StatusCode, string(raw), res.Header.Get("Retry-After"), err
	}
	for name, c := range map[string]struct {
		fault  *Fault
		status int
		body   string
		done   int
	}{
		"429":           {&Fault{Status: 429, RetryAfter: "soon"}, 429, "", 0},
		"502":           {&Fault{Status: 502, Body: "<html>"}, 502, "<html>", 0},
		"502, done":     {&Fault{Status: 502, Done: true}, 502, "", 1},
		"empty":         {&Fault{}, 200, "", 0},
		"no error":      {&Fault{Body: `{"ok":false}`}, 200, `{"ok":false}`, 0},
		"cut before":    {&Fault{DropBefore: true}, 0, "", 0},
		"cut after":     {&Fault{DropAfter: true}, 0, "", 1},
		"one may pass":  {nil, 200, `"ok":true`, 1},
		"wrong content": {&Fault{Type: "text/html", Body: "hello"}, 200, "hello", 0},
	} {
		before := len(s.Posts("C1"))
		s.Fail("chat.postMessage", c.fault)
		status, body, after, err := post()
		if status != c.status || !strings.Contains(body, c.body) || (err != nil) != (c.status == 0) || len(s.Posts("C1"))-before != c.done {
			t.Errorf("%s: %d %q %v, %d posts", name, status, body, err, len(s.Posts("C1"))-before)
		}
		if c.fault != nil && after != c.fault.RetryAfter {
			t.Errorf("%s: Retry-After %q", name, after)
		}
	}
	calls := s.Calls("chat.postMessage")
	if len(calls) < 9 || calls[0].Args.Get("channel") != "C1" || calls[0].Args.Has("token") {
		t.Errorf("logged %+v", calls)
	}
}

func TestNoAnswer(t *testing.T) {
	s, web := testServer(t, nil)
	s.Fail("auth.test", &Fault{Hang: true})
	client := &http.Client{Timeout: 100 * time.Millisecond}
	if res, err := client.PostForm(web.URL+"/below/api/auth.test", url.Values{"token": {"xoxb-1"}}); err == nil {
		res.Body.Close()
		t.Error("an answer came")
	}
}
