package bot

import (
	"context"
	"encoding/json"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"viesti/demo/chat"
	"viesti/i18n"
	"viesti/outbox"
)

func refuse(code string) *chat.Fault {
	return &chat.Fault{Body: `{"ok":false,"error":"` + code + `","needed":"connections:write","provided":"none"}`}
}

// TestSocketRefusedForGood: whatever Slack refuses, also that after which slack-go tries for ever,
// is told with its cure, is asked again rarely, and is over when it is mended.
func TestSocketRefusedForGood(t *testing.T) {
	for code, cure := range map[string]string{
		"invalid_auth": "app_token", "not_authed": "app_token", "token_revoked": "app_token", "account_inactive": "bot_token",
		"token_expired": "viesti slack manifest", "missing_scope": "connections:write", "not_allowed_token_type": "xapp-",
		"access_denied": methodOpen, "something_new": "something_new",
	} {
		t.Run(code, func(t *testing.T) {
			inLocal(t, func(t *testing.T, w *local) {
				var mended atomic.Bool
				w.calls = func(method string) *chat.Fault {
					if method == methodOpen && !mended.Load() {
						return refuse(code)
					}
					return nil
				}
				b, stop := w.run(t, testDesk{}, nil)
				defer stop()
				time.Sleep(time.Hour)
				most := int64(13) // every five minutes
				if code == "something_new" {
					most = 200 // which may pass by itself
				}
				if n := w.opens.Load(); n < 10 || n > most {
					t.Errorf("%d tries in an hour", n)
				}
				problems := b.Health().Problems
				if len(problems) != 1 || problems[0].Code != code || b.Health().State != StateConnecting {
					t.Fatalf("health %+v", b.Health())
				}
				for _, l := range i18n.Langs {
					if words := problems[0].Fault().Say(l); !strings.Contains(words, cure) {
						t.Errorf("%s: %s", l, words)
					}
				}
				mended.Store(true)
				w.connected(t, b, 6*time.Minute)
				if p := b.Health().Problems; len(p) != 0 {
					t.Errorf("mended, and yet %+v", p)
				}
			})
		})
	}
}

// TestSocketAfterAnOutage: slack-go's own waits grow to five minutes, in which nobody gets an answer.
func TestSocketAfterAnOutage(t *testing.T) {
	inLocal(t, func(t *testing.T, w *local) {
		var over atomic.Bool
		w.calls = func(string) *chat.Fault {
			if over.Load() {
				return nil
			}
			return &chat.Fault{DropBefore: true}
		}
		b, stop := w.run(t, testDesk{}, nil)
		defer stop()
		time.Sleep(2 * time.Hour)
		if p := b.Health().Problems; len(p) != 1 || p[0].Code != codeUnreachable {
			t.Errorf("problems %+v", p)
		}
		if n := w.opens.Load(); n > 400 {
			t.Errorf("%d tries in two hours", n)
		}
		over.Store(true)
		w.connected(t, b, 2*mostRest)
	})
}

func TestSocketWaitsAsSlackAsks(t *testing.T) {
	inLocal(t, func(t *testing.T, w *local) {
		w.calls = func(string) *chat.Fault {
			if w.opens.Load() == 1 {
				return &chat.Fault{Status: 429, RetryAfter: "300"}
			}
			return nil
		}
		begun := time.Now()
		b, stop := w.run(t, testDesk{}, nil)
		defer stop()
		w.connected(t, b, 10*time.Minute)
		if took := time.Since(begun); took < 300*time.Second {
			t.Errorf("asked again after %s", took)
		}
	})
}

// TestSocketClosedAtOnce: slack-go would ask thousands of times a second.
func TestSocketClosedAtOnce(t *testing.T) {
	inLocal(t, func(t *testing.T, w *local) {
		b, stop := w.run(t, testDesk{networks: someNetworks()}, nil)
		defer stop()
		for end := time.Now().Add(10 * time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
			w.Disconnect("too_many_websockets")
		}
		if n := w.opens.Load(); n > 17 { // 1 + 2 + 4 … 32 s, then every minute
			t.Errorf("%d connections in ten minutes", n)
		}
		if p := b.Health().Problems; len(p) != 1 || p[0].Code != codeShortLived {
			t.Errorf("problems %+v", p)
		}
		w.connected(t, b, 2*mostRest)
		time.Sleep(shortLife + time.Second)
		if p := b.Health().Problems; len(p) != 0 {
			t.Errorf("a connection holds, and yet %+v", p)
		}
	})
}

func TestSocketComesBack(t *testing.T) {
	inLocal(t, func(t *testing.T, w *local) {
		b, stop := w.run(t, testDesk{networks: someNetworks()}, nil)
		defer stop()
		w.connected(t, b, time.Second)
		for range 5 {
			time.Sleep(time.Hour) // pings keep it alive
			since := b.Health().Since
			w.Disconnect("refresh_requested")
			synctest.Wait()
			w.connected(t, b, time.Second)
			if !b.Health().Since.After(since) || len(b.Health().Problems) != 0 {
				t.Errorf("health %+v", b.Health())
			}
			if _, err := w.Command(t.Context(), "U0ADMIN", "C0POMAKO01", "rates"); err != nil {
				t.Error(err)
			}
		}
		if n := w.opens.Load(); n != 6 {
			t.Errorf("%d connections were opened", n)
		}
	})
}

func TestSocketAcknowledgesWhatItCannotRead(t *testing.T) {
	inLocal(t, func(t *testing.T, w *local) {
		b, stop := w.run(t, testDesk{}, nil)
		defer stop()
		w.connected(t, b, time.Second)
		for name, message := range map[string]string{
			"unknown type":    `{"type":"telepathy","envelope_id":"E1","payload":{}}`,
			"odd envelope":    `{"type":"slash_commands","envelope_id":"E1","retry_attempt":"many","payload":{}}`,
			"wrong command":   `{"type":"slash_commands","envelope_id":"E1","payload":[]}`,
			"wrong view":      `{"type":"interactive","envelope_id":"E1","payload":{"type":"view_submission","view":{"state":{"values":[]}}}}`,
			"event":           `{"type":"events_api","envelope_id":"E1","payload":{"type":"event_callback","event_id":"Ev1","team_id":"T1","event":{"type":"app_home_opened","user":"U1","channel":"D1","tab":"home"}}}`,
			"unknown event":   `{"type":"events_api","envelope_id":"E1","payload":{"type":"event_callback","event_id":"Ev2","event":{"type":"telepathy"}}}`,
			"no event":        `{"type":"events_api","envelope_id":"E1","payload":{"type":"event_callback"}}`,
			"event of a list": `{"type":"events_api","envelope_id":"E1","payload":[1]}`,
			"rate limit":      `{"type":"events_api","envelope_id":"E1","payload":{"type":"app_rate_limited","minute_rate_limited":1518467820}}`,
			"interaction":     `{"type":"interactive","envelope_id":"E1","payload":{"type":"block_actions","trigger_id":"1","user":{"id":"U1"},"actions":[]}}`,
		} {
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
			payload, err := w.Push(ctx, "E1", json.RawMessage(message))
			cancel()
			if err != nil || payload != nil {
				t.Errorf("%s: %v, %s", name, err, payload)
			}
		}
	})
}

// push delivers an event over the socket.
func (w *local) push(t *testing.T, id, event string) {
	t.Helper()
	raw := `{"type":"events_api","envelope_id":"E` + id + `","payload":{"type":"event_callback","event_id":"` + id + `","event":` + event + `}}`
	if _, err := w.Push(t.Context(), "E"+id, json.RawMessage(raw)); err != nil {
		t.Fatal(err)
	}
	synctest.Wait()
}

func TestEventsOfTheInstallation(t *testing.T) {
	inLocal(t, func(t *testing.T, w *local) {
		b, stop := w.run(t, testDesk{}, nil)
		defer stop()
		w.connected(t, b, time.Second)
		codes := func() (list []string) {
			for _, p := range b.Health().Problems {
				list = append(list, p.Channel+p.Method+" "+p.Code)
			}
			return list
		}
		for i, step := range []struct{ id, event, want string }{
			{"Ev1", `{"type":"channel_archive","channel":"C1","user":"U1"}`, "C1 is_archived"},
			{"Ev1", `{"type":"channel_archive","channel":"C1","user":"U1"}`, "C1 is_archived"},
			{"Ev2", `{"type":"channel_unarchive","channel":"C1","user":"U1"}`, ""},
			{"Ev1", `{"type":"channel_archive","channel":"C1","user":"U1"}`, ""}, // delivered again
			{"Ev3", `{"type":"channel_id_changed","old_channel_id":"C2","new_channel_id":"C3"}`, "C2 channel_id_changed"},
			{"Ev4", `{"type":"channel_unarchive","channel":{"id":"C2"}}`, ""},
			{"Ev5", `{"type":"tokens_revoked","tokens":{"oauth":["U1"]}}`, ""}, // a person's own
			{"Ev6", `{"type":"tokens_revoked","tokens":{"oauth":["U1"],"bot":["U2"]}}`, "installation tokens_revoked"},
			{"Ev7", `{"type":"app_uninstalled"}`, "installation app_uninstalled"},
		} {
			w.push(t, step.id, step.event)
			if got := strings.Join(codes(), ", "); got != step.want {
				t.Errorf("step %d: %q, want %q", i, got, step.want)
			}
		}
		var gone atomic.Bool
		gone.Store(true)
		posted := 0
		w.calls = func(method string) *chat.Fault {
			if method == "chat.postMessage" {
				posted++
			}
			if gone.Load() {
				return refuse("account_inactive")
			}
			return nil
		}
		d := someDelivery()
		d.Network.SlackChannel = "C0POMAKO01"
		send := b.Carrier().Sender().Send
		if out := send(t.Context(), d, outbox.OpenGate); out != broken("app_uninstalled", "") || posted != 0 {
			t.Errorf("got %+v after %d posts", out, posted)
		}
		gone.Store(false)
		if out := send(t.Context(), d, outbox.OpenGate); out.State != outbox.Sent || len(codes()) != 0 {
			t.Errorf("got %+v, %v", out, codes())
		}
	})
}

// TestCommandsAreAnsweredOnce delivers the same command in two envelopes.
func TestCommandsAreAnsweredOnce(t *testing.T) {
	inLocal(t, func(t *testing.T, w *local) {
		b, stop := w.run(t, testDesk{networks: someNetworks()}, nil)
		defer stop()
		w.connected(t, b, time.Second)
		deliver := func(envelope string) json.RawMessage {
			raw := `{"type":"slash_commands","envelope_id":"` + envelope + `","payload":{"command":"/viesti","text":"help","user_id":"U0ADMIN","trigger_id":"1.1"}}`
			payload, err := w.Push(t.Context(), envelope, json.RawMessage(raw))
			if err != nil {
				t.Fatal(err)
			}
			return payload
		}
		if first, second := deliver("E1"), deliver("E2"); first == nil || second != nil {
			t.Errorf("got %s and %s", first, second)
		}
	})
}

// TestSocketFlooded: what is more than can be answered does not keep the connection from being read.
func TestSocketFlooded(t *testing.T) {
	inLocal(t, func(t *testing.T, w *local) {
		desk := &tired{testDesk: testDesk{networks: someNetworks()}}
		desk.hangs.Store(true)
		b, stop := w.run(t, desk, nil)
		defer stop()
		w.connected(t, b, time.Second)
		since := b.Health().Since
		answers := make(chan error, atOnce+100)
		for range cap(answers) {
			go func() {
				_, err := w.Command(t.Context(), "U0ADMIN", "C0POMAKO01", "status")
				answers <- err
			}()
		}
		failed := 0
		for range cap(answers) {
			if err := <-answers; err != nil {
				failed++
			}
		}
		if failed != 100 { // the others were told that it takes too long
			t.Errorf("%d of %d were not answered", failed, cap(answers))
		}
		desk.hangs.Store(false)
		time.Sleep(5 * time.Minute)
		if r, err := w.Command(t.Context(), "U0ADMIN", "C0POMAKO01", "status"); err != nil || !strings.Contains(r.Text, "1,200") {
			t.Errorf("afterwards: %v, %s", err, r.Text)
		}
		if h := b.Health(); !h.Since.Equal(since) {
			t.Errorf("the connection did not hold: %+v", h)
		}
	})
}

// tired is a desk that hangs while it is told to.
type tired struct {
	testDesk
	hangs atomic.Bool
}

func (d *tired) Status(ctx context.Context, network string) (Status, error) {
	if d.hangs.Load() {
		<-ctx.Done()
		return Status{}, ctx.Err()
	}
	return d.testDesk.Status(ctx, network)
}

// TestLateAcknowledgement: an answer that comes after its connection goes over the next.
func TestLateAcknowledgement(t *testing.T) {
	inLocal(t, func(t *testing.T, w *local) {
		asked, answer := make(chan struct{}), make(chan struct{})
		b, stop := w.run(t, slowDesk{testDesk{networks: someNetworks()}, asked, answer}, nil)
		defer stop()
		w.connected(t, b, time.Second)
		got := make(chan error, 1)
		go func() {
			_, err := w.Command(t.Context(), "U0ADMIN", "C0POMAKO01", "status")
			got <- err
		}()
		<-asked
		time.Sleep(leastRest) // then the gate is open
		w.Disconnect("warning")
		synctest.Wait()
		w.connected(t, b, time.Second)
		close(answer)
		if err := <-got; err != nil {
			t.Error(err)
		}
	})
}

// TestStopLetsAnswersOut stops the bot while it is answering.
func TestStopLetsAnswersOut(t *testing.T) {
	inLocal(t, func(t *testing.T, w *local) {
		asked, answer := make(chan struct{}), make(chan struct{})
		b, stop := w.run(t, slowDesk{testDesk{networks: someNetworks()}, asked, answer}, nil)
		w.connected(t, b, time.Second)
		got := make(chan error, 1)
		go func() {
			_, err := w.Command(t.Context(), "U0ADMIN", "C0POMAKO01", "status")
			got <- err
		}()
		<-asked
		begun := time.Now()
		go func() { time.Sleep(time.Second); close(answer) }()
		stop()
		if err := <-got; err != nil {
			t.Error(err)
		}
		if took := time.Since(begun); took > drainTime+lingerTime {
			t.Errorf("it took %s", took)
		}
	})
}

type slowDesk struct {
	testDesk
	asked, answer chan struct{}
}

func (d slowDesk) Status(ctx context.Context, network string) (Status, error) {
	close(d.asked)
	<-d.answer
	return d.testDesk.Status(ctx, network)
}
