package bot

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	"github.com/slack-go/slack/socketmode"
)

// FuzzHTTP sends bodies to every address, signed and not: nothing else than Slack's words gets in,
// and no words of Slack's are the end of us.
func FuzzHTTP(f *testing.F) {
	for _, body := range []string{
		"", "ssl_check=1", "command=%2Fviesti&text=rates&user_id=U0ADMIN&trigger_id=1", "command=%zz", "payload=%7B%7D",
		`payload={"type":"block_actions","user":{"id":"U0ADMIN"},"trigger_id":"1","actions":[{"action_id":"x","value":"y"}]}`,
		`payload={"type":"view_submission","view":{"callback_id":"x","state":{"values":{"a":{"b":{"type":"plain_text_input"}}}}}}`,
		`{"type":"url_verification","challenge":"abc"}`, `{"type":"event_callback","event":{"type":"app_uninstalled"}}`, "[", "null", `{"event":[]}`,
		`{"type":"event_callback","event_id":"Ev1","event":{"type":"channel_archive","channel":{"id":"C1"}}}`,
	} {
		for path := range uint8(3) {
			f.Add(path, body, true)
			f.Add(path, body, false)
		}
	}
	paths := []string{pathCommands, pathInteractions, pathEvents}
	f.Fuzz(func(t *testing.T, path uint8, body string, signed bool) {
		b := testBot(t, testDesk{networks: someNetworks()}, func(o *Options) { o.Config.APIURL = "http://127.0.0.1:1/api/" })
		if !signed {
			rec := slackAsks(b, paths[int(path)%len(paths)], body, unsigned)
			if rec.Code != http.StatusUnauthorized && (rec.Code != http.StatusOK || !isCertificateCheck([]byte(body)) || rec.Body.Len() > 0) {
				t.Errorf("unsigned: status %d, %s", rec.Code, rec.Body)
			}
			return
		}
		rec := slackAsks(b, paths[int(path)%len(paths)], body, nil)
		if rec.Code != http.StatusOK && rec.Code != http.StatusBadRequest {
			t.Errorf("status %d", rec.Code)
		}
		if ct := rec.Header().Get("Content-Type"); rec.Body.Len() > 0 && ct == "application/json; charset=utf-8" && !json.Valid(rec.Body.Bytes()) {
			t.Errorf("the answer is not JSON: %s", rec.Body)
		}
	})
}

// FuzzSocket gives the socket messages that slack-go could not parse.
func FuzzSocket(f *testing.F) {
	for _, message := range []string{
		`{}`, `null`, `[`, `{"type":"events_api","envelope_id":"E1","payload":{"event":{"type":"tokens_revoked","tokens":{"bot":["U1"]}}}}`,
		`{"type":"events_api","envelope_id":"E1","payload":[1]}`, `{"envelope_id":1}`, `{"type":1,"envelope_id":"E1"}`,
		`{"type":"interactive","envelope_id":"E1","payload":{"view":{"state":{"values":[]}}}}`,
	} {
		f.Add([]byte(message))
	}
	f.Fuzz(func(t *testing.T, message []byte) {
		b := testBot(t, testDesk{}, func(o *Options) { o.Config.Mode, o.Config.APIURL = Socket, "http://127.0.0.1:1/api/" })
		s := &socket{bot: b, client: socketmode.New(b.port.api)}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		bad := &socketmode.ErrorBadMessage{Cause: errors.New("unreadable"), Message: message}
		if err := s.on(ctx, socketmode.Event{Type: socketmode.EventTypeErrorBadMessage, Data: bad}); err != nil {
			t.Error(err)
		}
		b.crew.goHome(drainTime)
	})
}
