package chat

import (
	"errors"
	"net/http"
	"testing"
	"time"
)

func TestEvents(t *testing.T) {
	s, _, app := withApp(t, nil)
	id, err := s.Event(t.Context(), Event{Body: map[string]any{"type": "app_home_opened", "user": "U1"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Event(t.Context(), Event{ID: id, Retry: 1, Body: map[string]any{"type": "app_home_opened", "user": "U1"}}); err != nil {
		t.Fatal(err)
	}
	if app.events[0]["event_id"] != app.events[1]["event_id"] || app.heads[0].Get("X-Slack-Retry-Num") != "" ||
		app.heads[1].Get("X-Slack-Retry-Num") != "1" || app.heads[1].Get("X-Slack-Retry-Reason") != "http_timeout" {
		t.Errorf("%v %v", app.events, app.heads)
	}
	if got, err := s.Verify(t.Context(), "abc"); err != nil || got != "abc" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestChanges(t *testing.T) {
	s, web, app := withApp(t, nil)
	for _, c := range []struct {
		change Change
		kind   string
		code   string // of a post to the channel then
	}{
		{Change{Type: "channel_archive", Channel: "C1"}, "channel_archive", "is_archived"},
		{Change{Type: "channel_unarchive", Channel: "C1"}, "channel_unarchive", ""},
		{Change{Type: "channel_rename", Channel: "C1", Name: "uusi"}, "channel_rename", ""},
		{Change{Type: "channel_left", Channel: "C1"}, "channel_left", "not_in_channel"},
		{Change{Type: "member_joined_channel", Channel: "C1"}, "member_joined_channel", ""},
		{Change{Type: "channel_archive", Channel: "C6"}, "group_archive", "is_archived"},
		{Change{Type: "channel_deleted", Channel: "C1"}, "channel_deleted", "channel_not_found"},
		{Change{Type: "tokens_revoked", Channel: "C2"}, "tokens_revoked", "token_revoked"},
		{Change{Type: "app_uninstalled", Channel: "C2"}, "app_uninstalled", "account_inactive"},
	} {
		if err := s.Happen(t.Context(), c.change); err != nil {
			t.Errorf("%s: %v", c.kind, err)
		}
		e := app.events[len(app.events)-1]["event"].(map[string]any)
		code, _ := ask(t, web, "chat.postMessage", "channel", c.change.Channel, "text", "x")["error"].(string)
		if e["type"] != c.kind || code != c.code {
			t.Errorf("%s: %v, then %q", c.kind, e, code)
		}
	}
	if err := s.Happen(t.Context(), Change{Type: "channel_rained", Channel: "C2"}); !errors.Is(err, ErrCannot) {
		t.Error(err)
	}
}

func TestEventsAreRepeated(t *testing.T) {
	s, _, app := withApp(t, nil)
	app.mu.Lock()
	app.status = http.StatusInternalServerError
	before := len(app.events)
	app.mu.Unlock()
	if err := s.OpenHome(t.Context(), "U1"); err == nil {
		t.Error("a refused event is not told")
	}
	for deadline := time.Now().Add(5 * time.Second); ; <-time.After(time.Millisecond) { // the first repetition comes at once
		app.mu.Lock()
		n := len(app.events)
		app.mu.Unlock()
		if n >= before+2 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the event is not repeated")
		}
	}
	if app.events[before]["event_id"] != app.events[before+1]["event_id"] || app.heads[before+1].Get("X-Slack-Retry-Num") != "1" {
		t.Errorf("%v", app.heads[before+1])
	}
}
