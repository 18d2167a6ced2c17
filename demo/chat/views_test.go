package chat

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestViewsAndTriggers(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	s, web, app := withApp(t, func(o *Options) { o.Now = func() time.Time { return now } })
	s.client.Timeout = time.Minute
	app.answer = ""
	ask(t, web, "chat.postMessage", "channel", "C1", "text", "x", "blocks", choices)
	trigger := func() string {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.newTrigger("U1", "C1")
	}
	code := func(method string, args ...string) any { return ask(t, web, method, args...)["error"] }
	old := trigger()
	now = now.Add(triggerTime + time.Millisecond)
	if got := code("views.open", "trigger_id", old, "view", form); got != "expired_trigger_id" {
		t.Errorf("an old trigger: %v", got)
	}
	if got := code("views.push", "trigger_id", trigger(), "view", aModal); got != "not_found" {
		t.Errorf("a push onto nothing: %v", got)
	}
	once := trigger()
	first := ask(t, web, "views.open", "trigger_id", once, "view", form)
	if got := code("views.open", "trigger_id", once, "view", form); got != "exchanged_trigger_id" {
		t.Errorf("a trigger twice: %v", got)
	}
	for range maxViews - 1 {
		if got := code("views.push", "trigger_id", trigger(), "view", aModal); got != nil {
			t.Errorf("a push: %v", got)
		}
	}
	if got := code("views.push", "trigger_id", trigger(), "view", aModal); got != "push_limit_reached" {
		t.Errorf("a push too many: %v", got)
	}
	view := first["view"].(map[string]any)
	if got := code("views.update", "view_id", view["id"].(string), "hash", "old", "view", aModal); got != "hash_conflict" {
		t.Errorf("an old hash: %v", got)
	}
	if got := code("views.update", "view_id", view["id"].(string), "hash", view["hash"].(string), "view", aModal); got != nil {
		t.Errorf("an update: %v", got)
	}
	home := ask(t, web, "views.publish", "user_id", "U1", "view", aHome)["view"].(map[string]any)
	if got := code("views.publish", "user_id", "U1", "view", aHome, "hash", home["hash"].(string)); got != nil {
		t.Errorf("publishing again: %v", got)
	}
	if got := code("views.publish", "user_id", "U1", "view", aHome, "hash", home["hash"].(string)); got != "hash_conflict" {
		t.Errorf("publishing over another: %v", got)
	}
	if v, ok := s.Home("U1"); !ok || v.Type != "home" {
		t.Errorf("the Home tab is %+v", v)
	}
}

func TestResponseURL(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	s, web, app := withApp(t, func(o *Options) { o.Now = time.Now })
	send := func(to, body string) int {
		res, err := http.Post(to, "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode
	}
	press := func() string {
		if err := s.Press(t.Context(), "U1", Action{Channel: "C1", ID: "go"}); err != nil {
			t.Fatal(err)
		}
		return app.last(t).ResponseURL
	}
	ask(t, web, "chat.postMessage", "channel", "C1", "text", "x", "blocks", choices)
	to := press()
	if code := send(to, `{"text":"only you"}`); code != 200 || len(s.Posts("C1")) != 1 || s.Seen("C1", "U1")[1].Only != "U1" {
		t.Errorf("%d, %+v", code, s.Seen("C1", "U1"))
	}
	if code := send(to, `{"text":"all","response_type":"in_channel"}`); code != 200 || len(s.Posts("C1")) != 2 {
		t.Errorf("%d", code)
	}
	if code := send(to, `{"text":"all","blocks":[{"type":"x"}]}`); code != 400 {
		t.Errorf("bad blocks: %d", code)
	}
	if code := send(to, `{"text":"new","replace_original":true}`); code != 200 || s.Posts("C1")[0].Text != "new" || s.Posts("C1")[0].Edited != 1 {
		t.Errorf("%d, %+v", code, s.Posts("C1")[0])
	}
	if code := send(to, `{"delete_original":true}`); code != 200 || len(s.Posts("C1")) != 1 {
		t.Errorf("%d", code)
	}
	if code := send(to, `{"text":"a sixth"}`); code != 404 {
		t.Errorf("a sixth use: %d", code)
	}
	s.mu.Lock()
	command := s.newHook(hook{user: "U1", channel: "C1"})
	s.mu.Unlock()
	if code := send(command, `{"delete_original":true}`); code != 400 {
		t.Errorf("a command's message cannot be deleted: %d", code)
	}
	s.options.Now = func() time.Time { return now.Add(30 * 365 * 24 * time.Hour) }
	if code := send(command, `{"text":"late"}`); code != 404 {
		t.Errorf("after half an hour: %d", code)
	}
	s.Fail("response_url", &Fault{Status: 503})
	if code := send(command, `{"text":"x"}`); code != 503 {
		t.Errorf("a fault: %d", code)
	}
	if code := send(web.URL+"/below/hooks/none", `{"text":"x"}`); code != 404 {
		t.Errorf("an unknown address: %d", code)
	}
}
