package chat

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// client is an app's side of a Socket Mode connection.
type client struct {
	t *testing.T
	*websocket.Conn
}

func connected(t *testing.T, web *httptest.Server) client {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, web.URL+"/below/api/apps.connections.open", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer xapp-1")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var o struct{ URL string }
	if err := json.NewDecoder(res.Body).Decode(&o); err != nil {
		t.Fatal(err)
	}
	conn, _, err := websocket.DefaultDialer.Dial(o.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if _, _, err := websocket.DefaultDialer.Dial(o.URL, nil); err == nil {
		t.Error("an address is good twice")
	}
	return client{t, conn}
}

// next is the next message, as JSON.
func (c client) next() map[string]any {
	c.t.Helper()
	var m map[string]any
	_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
	if err := c.ReadJSON(&m); err != nil {
		c.t.Fatal(err)
	}
	return m
}

func (c client) ack(envelope any, payload string) {
	c.t.Helper()
	m := map[string]any{"envelope_id": envelope}
	if payload != "" {
		m["payload"] = json.RawMessage(payload)
	}
	if err := c.WriteJSON(m); err != nil {
		c.t.Fatal(err)
	}
}

func TestSocketHandsOver(t *testing.T) {
	s, web := testServer(t, everybody)
	a := connected(t, web)
	if hello := a.next(); hello["type"] != "hello" || hello["num_connections"] != 1.0 {
		t.Errorf("%v", hello)
	}
	done := make(chan error, 1)
	go func() {
		r, err := s.Command(t.Context(), "U1", "C1", "rates")
		if err == nil && r.Text != "here" {
			err = errors.New("the answer is " + r.Text)
		}
		done <- err
	}()
	m := a.next()
	payload := m["payload"].(map[string]any)
	if m["type"] != "slash_commands" || m["accepts_response_payload"] != true || payload["text"] != "rates" || payload["response_url"] == "" {
		t.Errorf("%v", m)
	}
	// The acknowledgement may come over another connection.
	b := connected(t, web)
	b.next()
	b.ack(m["envelope_id"], `{"text":"here"}`)
	if err := <-done; err != nil {
		t.Error(err)
	}
	ask(t, web, "chat.postMessage", "channel", "C1", "text", "x", "blocks", choices)
	got := make(chan string, 2)
	for name, c := range map[string]client{"a": a, "b": b} {
		go func() {
			for range 2 {
				m := c.next()
				c.ack(m["envelope_id"], "")
				got <- name + " " + m["type"].(string)
			}
		}()
	}
	seen := map[string]bool{}
	for range 2 {
		if err := s.Press(t.Context(), "U1", Action{Channel: "C1", ID: "go"}); err != nil {
			t.Fatal(err)
		}
		seen[<-got] = true
		if _, err := s.Event(t.Context(), Event{Body: map[string]any{"type": "app_uninstalled"}}); err != nil {
			t.Fatal(err)
		}
		seen[<-got] = true
	}
	if len(seen) != 2 || s.Connected() != 2 {
		t.Errorf("came over %v", seen)
	}
}

func TestSocketWithoutAcknowledgement(t *testing.T) {
	s, web := testServer(t, everybody)
	c := connected(t, web)
	c.next()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	done := make(chan error, 1)
	go func() { _, err := s.Command(ctx, "U1", "C1", "rates"); done <- err }()
	c.ack(c.next()["envelope_id"], `{"text":"`+strings.Repeat("x", maxAck)+`"}`) // too large: as if it had not come
	if err := <-done; !errors.Is(err, ErrTimeout) {
		t.Errorf("got %v", err)
	}
	// An event that was not taken comes again, as another envelope with the same event.
	short, stop := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer stop()
	if err := s.OpenHome(short, "U1"); !errors.Is(err, ErrTimeout) {
		t.Errorf("got %v", err)
	}
	first, second := c.next(), c.next()
	id := func(m map[string]any) any { return m["payload"].(map[string]any)["event_id"] }
	if id(first) != id(second) || first["envelope_id"] == second["envelope_id"] || first["retry_attempt"] != 0.0 || second["retry_attempt"] != 1.0 {
		t.Errorf("%v\n%v", first, second)
	}
	c.ack(second["envelope_id"], "")
}

func TestSocketsEnd(t *testing.T) {
	s, web := testServer(t, func(o *Options) { o.MaxSockets = 1 })
	a := connected(t, web)
	a.next()
	if m := connected(t, web).next(); m["type"] != "disconnect" || m["reason"] != "too_many_websockets" {
		t.Errorf("one too many: %v", m)
	}
	for _, reason := range []string{"warning", "refresh_requested", "link_disabled"} {
		s.Disconnect(reason)
		if m := a.next(); m["reason"] != reason || s.Connected() != 0 {
			t.Errorf("%s: %v", reason, m)
		}
		a = connected(t, web)
		a.next()
	}
	pings := make(chan string, 8)
	a.SetPingHandler(func(string) error { pings <- "ping"; return nil })
	ended := make(chan error, 1)
	go func() { // pings are read on the way to the next message
		_, _, err := a.ReadMessage()
		ended <- err
	}()
	<-pings
	s.Cut()
	if err := <-ended; err == nil {
		t.Error("a cut connection still speaks")
	}
}
