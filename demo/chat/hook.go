package chat

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"

	"viesti/demo/chat/blockkit"
)

// How often and for how long a response_url is good.
const (
	hookUses = 5
	hookTime = 30 * time.Minute
)

// hookMethod is the name that the use of a response_url has for Fail and Calls.
const hookMethod = "response_url"

// hook is a response_url: where it leads and what it may still do.
type hook struct {
	user, channel string
	message       string // ts of the app's message that was acted on; empty for a command
	at            time.Time
	uses          int
}

// newHook makes the response_url of something that a user did. The caller holds mu.
func (s *Server) newHook(h hook) string {
	h.at = s.options.Now()
	ticket := s.newID() + s.newID()
	s.hooks[ticket] = &h
	return s.base + "/hooks/" + ticket
}

// hooked takes what the app sends to a response_url.
func (s *Server) hooked(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxCall))
	if err != nil {
		http.Error(w, "invalid_payload", http.StatusBadRequest)
		return
	}
	fault, code := s.fault(hookMethod), "fault"
	s.mu.Lock()
	if fault == nil || fault.Done || fault.DropAfter {
		code = s.useHook(r.PathValue("ticket"), body)
	}
	s.note(Call{Method: hookMethod, At: s.options.Now(), Error: code})
	s.mu.Unlock()
	if fault != nil {
		fault.answer(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	switch code {
	case "":
		_, _ = io.WriteString(w, `{"ok":true}`)
		return
	case "expired_url", "used_url":
		w.WriteHeader(http.StatusNotFound)
	default:
		w.WriteHeader(http.StatusBadRequest)
	}
	_ = json.NewEncoder(w).Encode(refusal(code))
}

// useHook does what was sent, or tells Slack's word for why not. The caller holds mu.
func (s *Server) useHook(ticket string, body []byte) (code string) {
	h := s.hooks[ticket]
	switch {
	case h == nil, s.options.Now().Sub(h.at) > hookTime:
		return "expired_url"
	case h.uses >= hookUses:
		return "used_url"
	}
	h.uses++
	if faults := blockkit.Reply(body); faults != nil {
		if strings.Contains(faults[0], "/blocks") {
			return "invalid_blocks"
		}
		return "invalid_payload"
	}
	var m struct {
		Reply
		Blocks  json.RawMessage `json:"blocks"`
		Thread  string          `json:"thread_ts"`
		Replace bool            `json:"replace_original"`
		Delete  bool            `json:"delete_original"`
	}
	if json.Unmarshal(body, &m) != nil {
		return "invalid_payload"
	}
	original, there := s.find(h.channel, h.message)
	if m.Delete {
		if !there {
			return "invalid_payload" // a command has no message of the app's
		}
		s.drop(h.channel, h.message)
		return ""
	}
	p := Post{Channel: h.channel, Only: h.user, Thread: m.Thread}
	if m.Type == "in_channel" {
		p.Only = ""
	}
	if len(m.Blocks) > 0 && p.setBlocks(m.Blocks, s.newID) != nil {
		return "invalid_blocks"
	}
	p.Text = m.Text
	if m.Replace && there {
		original.Text, original.Blocks, original.Raw = p.Text, p.Blocks, p.Raw
		original.Edited++
		return ""
	}
	s.add(p)
	return ""
}
