package chat

import (
	"fmt"
	"strings"
	"testing"
)

// names are the names, or else the ids, of what a method lists.
func names(o map[string]any, list string) string {
	var found []string
	for _, item := range o[list].([]any) {
		switch item := item.(type) {
		case string:
			found = append(found, item)
		case map[string]any:
			found = append(found, fmt.Sprint(item["id"]))
		}
	}
	return strings.Join(found, " ")
}

func TestLists(t *testing.T) {
	_, web := testServer(t, everybody)
	ask(t, web, "conversations.open", "users", "U1")
	for _, c := range []struct {
		call       []string
		list, want string
	}{
		{words("conversations.list"), "channels", "C1 C2 C4 C5"},
		{words("conversations.list exclude_archived true"), "channels", "C1 C2 C5"},
		{words("conversations.list types private_channel"), "channels", "C6"},
		{words("conversations.list types im"), "channels", "D1"},
		{words("users.conversations"), "channels", "C1 C4 C5"},
		{words("users.conversations user U1 types private_channel"), "channels", "C6"},
		{words("conversations.members channel C6"), "members", "U1 " + botUID},
		{words("conversations.members channel C1"), "members", "U1 U2 " + botUID},
		{words("conversations.members channel C5"), "members", "U1 U2 U6 " + botUID},
		{words("usergroups.users.list usergroup S1"), "users", "U1"},
		{words("usergroups.list"), "usergroups", "S1"},
	} {
		if len(c.call)%2 == 0 {
			c.call = append(c.call, "")
		}
		if got := ask(t, web, c.call[0], c.call[1:]...); got["ok"] != true || names(got, c.list) != c.want {
			t.Errorf("%v: %v", c.call, got)
		}
	}
}

// A page may be empty with more to come.
func TestShortPages(t *testing.T) {
	_, web := testServer(t, everybody)
	var pages []string
	for cursor := ""; ; {
		got := ask(t, web, "conversations.list", "limit", "1", "cursor", cursor)
		pages = append(pages, names(got, "channels"))
		if cursor = got["response_metadata"].(map[string]any)["next_cursor"].(string); cursor == "" {
			break
		}
	}
	if got := strings.Join(pages, ","); got != "C1,C2,,C4,C5," {
		t.Errorf("got %q", got)
	}
}

func TestPeople(t *testing.T) {
	_, web := testServer(t, everybody)
	user := func(method string, args ...string) map[string]any {
		got, _ := ask(t, web, method, args...)["user"].(map[string]any)
		return got
	}
	if u := user("users.lookupByEmail", "email", "AINO@example.org"); u["id"] != "U1" {
		t.Errorf("%v", u)
	}
	if u := user("users.lookupByEmail", "email", "guest@example.org"); u["is_restricted"] != true {
		t.Errorf("%v", u)
	}
	if u := user("users.info", "user", "U1"); u["locale"] != nil || u["profile"].(map[string]any)["email"] != "aino@example.org" {
		t.Errorf("%v", u)
	}
	if u := user("users.info", "user", "U1", "include_locale", "true"); u["locale"] != "fi-FI" {
		t.Errorf("%v", u)
	}
	if u := user("users.info", "user", "U6"); u["is_stranger"] != true || u["team_id"] != "T9" {
		t.Errorf("%v", u)
	}
	_, web = testServer(t, func(o *Options) { everybody(o); o.Scopes = words("users:read") })
	if u, _ := ask(t, web, "users.info", "user", "U1")["user"].(map[string]any); u["profile"].(map[string]any)["email"] != nil {
		t.Errorf("without its scope the address is told: %v", u)
	}
	_, web = testServer(t, func(o *Options) { everybody(o); o.FreePlan = true })
	if got := ask(t, web, "usergroups.list"); got["error"] != "plan_upgrade_required" {
		t.Errorf("%v", got)
	}
}

func TestThreadsAndLinks(t *testing.T) {
	s, web := testServer(t, everybody)
	root := ask(t, web, "chat.postMessage", "channel", "C1", "text", "root")["ts"].(string)
	reply := ask(t, web, "chat.postMessage", "channel", "C1", "text", "reply", "thread_ts", root)["ts"].(string)
	if got := ask(t, web, "conversations.history", "channel", "C1")["messages"].([]any); len(got) != 1 {
		t.Errorf("history has %v", got)
	}
	got := ask(t, web, "conversations.replies", "channel", "C1", "ts", root)["messages"].([]any)
	if len(got) != 2 || got[1].(map[string]any)["ts"] != reply || got[1].(map[string]any)["thread_ts"] != root {
		t.Errorf("the thread has %v", got)
	}
	link := ask(t, web, "chat.getPermalink", "channel", "C1", "message_ts", root)["permalink"].(string)
	v := visit{t: t, web: web}
	v.wants(v.read(web.Client().Get(link)), `id="p`+strings.ReplaceAll(root, ".", "")+`"`, "root")
	if got := ask(t, web, "chat.delete", "channel", "C1", "ts", reply); got["ok"] != true || len(s.Posts("C1")) != 1 {
		t.Errorf("%v", got)
	}
	join := ask(t, web, "conversations.join", "channel", "C1")
	if join["warning"] != "already_in_channel" {
		t.Errorf("%v", join)
	}
}

func TestPeopleAndChannelsInCommands(t *testing.T) {
	s, _ := testServer(t, everybody)
	for text, want := range map[string]string{
		"role @aino.aalto admin":   "role <@U1|aino.aalto> admin",
		"role @U1 viewer":          "role <@U1|aino.aalto> viewer",
		"share #toinen & <b>":      "share <#C2|toinen> &amp; &lt;b&gt;",
		"share #ryhma":             "share <#C6|>",
		"role @nobody #elsewhere!": "role @nobody #elsewhere!",
	} {
		f, err := s.form("U1", "C1", text)
		if err != nil || f.Get("text") != want {
			t.Errorf("%q: %q, %v", text, f.Get("text"), err)
		}
	}
}
