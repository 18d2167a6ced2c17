package chat

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// object is an answer of the Web API.
type object map[string]any

// refusal is an answer that says no.
func refusal(code string, messages ...string) object {
	o := object{"ok": false, "error": code}
	if len(messages) > 0 {
		o["response_metadata"] = object{"messages": messages}
	}
	return o
}

// limited is the answer of a method that was called too often.
const limited = "ratelimited"

// methods are the Web API. Each runs with mu held.
var methods = map[string]func(s *Server, r *http.Request, args url.Values) object{
	"auth.test":             (*Server).authTest,
	"apps.connections.open": (*Server).connectionsOpen,
	"chat.postMessage":      (*Server).postMessage,
	"conversations.history": (*Server).history,
	"conversations.info":    (*Server).info,
	"conversations.join":    (*Server).join,
	"usergroups.users.list": (*Server).groupUsers,
	"users.info":            (*Server).userInfo,
}

// api answers one call, after the fault that a test may want.
func (s *Server) api(w http.ResponseWriter, r *http.Request) {
	method := r.PathValue("method")
	fault := &Fault{}
	if s.options.Fail != nil {
		if f := s.options.Fail(method); f != nil {
			fault = f
		}
	}
	args, err := arguments(r)
	switch {
	case fault.DropBefore:
		panic(http.ErrAbortHandler)
	case fault.Status != 0 || fault.Body != "":
		fault.answer(w)
		return
	case err != nil:
		write(w, refusal("invalid_form_data"))
		return
	}
	answer := s.call(method, r, args)
	if fault.DropAfter {
		panic(http.ErrAbortHandler)
	}
	write(w, answer)
}

func (f *Fault) answer(w http.ResponseWriter) {
	if f.RetryAfter != "" {
		w.Header().Set("Retry-After", f.RetryAfter)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(max(f.Status, http.StatusOK))
	_, _ = io.WriteString(w, f.Body)
}

func write(w http.ResponseWriter, o object) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if o["error"] == limited {
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusTooManyRequests)
	}
	_ = json.NewEncoder(w).Encode(o)
}

func (s *Server) call(method string, r *http.Request, args url.Values) object {
	do, ok := methods[method]
	if !ok {
		return refusal("unknown_method")
	}
	if code := s.authorise(method, r, args); code != "" {
		return refusal(code)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return do(s, r, args)
}

// authorise checks the token, which comes as a form field or a header; one method takes the app's
// token in the header alone.
func (s *Server) authorise(method string, r *http.Request, args url.Values) string {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	want := s.options.Token
	if method == "apps.connections.open" {
		want = s.options.AppToken
	} else if token == "" {
		token = args.Get("token")
	}
	switch token {
	case "":
		return "not_authed"
	case want:
		return ""
	case s.options.Token, s.options.AppToken:
		return "not_allowed_token_type"
	}
	return "invalid_auth"
}

// maxCall is the largest call.
const maxCall = 1 << 20

// arguments are a call's, from its query, form or JSON body.
func arguments(r *http.Request) (url.Values, error) {
	r.Body = http.MaxBytesReader(nil, r.Body, maxCall)
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "application/json" {
		err := r.ParseForm()
		return r.Form, err
	}
	args := r.URL.Query()
	var body map[string]any
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil && err != io.EOF {
		return nil, err
	}
	for k, v := range body {
		if text, ok := v.(string); ok {
			args.Set(k, text)
			continue
		}
		raw, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		args.Set(k, string(raw))
	}
	return args, nil
}

func (s *Server) authTest(r *http.Request, _ url.Values) object {
	return object{
		"ok": true, "url": "http://" + r.Host + "/", "team": "Viesti demo", "user": strings.ToLower(s.options.AppName),
		"team_id": teamID, "user_id": botUID, "bot_id": botID, "is_enterprise_install": false,
	}
}

func (s *Server) info(_ *http.Request, args url.Values) object {
	c, ok := s.channel(args.Get("channel"))
	if !ok || c.Private && !c.Joined {
		return refusal("channel_not_found")
	}
	return object{"ok": true, "channel": c.object()}
}

func (c *Channel) object() object {
	return object{
		"id": c.ID, "name": c.Name, "is_channel": true, "is_private": c.Private,
		"is_archived": c.Archived, "is_member": c.Joined,
	}
}

func (s *Server) join(_ *http.Request, args url.Values) object {
	c, ok := s.channel(args.Get("channel"))
	switch {
	case !ok, c.Private && !c.Joined:
		return refusal("channel_not_found")
	case c.Archived:
		return refusal("is_archived")
	case c.Joined:
		return object{"ok": true, "channel": c.object(), "warning": "already_in_channel"}
	}
	c.Joined = true
	return object{"ok": true, "channel": c.object()}
}

func (s *Server) groupUsers(_ *http.Request, args url.Values) object {
	users, ok := s.options.Groups[args.Get("usergroup")]
	if !ok {
		return refusal("no_such_subteam")
	}
	return object{"ok": true, "users": users}
}

func (s *Server) userInfo(_ *http.Request, args url.Values) object {
	for _, u := range s.options.Users {
		if u.ID == args.Get("user") {
			return object{"ok": true, "user": object{
				"id": u.ID, "team_id": teamID, "name": u.Name, "real_name": u.Name, "is_bot": false,
			}}
		}
	}
	return refusal("user_not_found")
}

// history gives a channel's messages, newest first.
func (s *Server) history(_ *http.Request, args url.Values) object {
	c, ok := s.channel(args.Get("channel"))
	if !ok {
		return refusal("channel_not_found")
	}
	if !c.Joined {
		return refusal("not_in_channel")
	}
	limit := 100
	if given := args.Get("limit"); given != "" {
		n, err := strconv.Atoi(given)
		if err != nil || n < 1 || n > 999 {
			return refusal("invalid_limit")
		}
		limit = n
	}
	list := s.between(c.ID, args)
	start := 0
	if cursor := args.Get("cursor"); cursor != "" {
		start = slices.IndexFunc(list, func(p Post) bool { return p.TS == cursor })
		if start < 0 {
			return refusal("invalid_cursor")
		}
	}
	end := min(start+limit, len(list))
	messages, next := []object{}, ""
	for _, p := range list[start:end] {
		messages = append(messages, p.object(truth(args.Get("include_all_metadata"))))
	}
	if end < len(list) {
		next = list[end].TS
	}
	return object{
		"ok": true, "messages": messages, "has_more": next != "",
		"response_metadata": object{"next_cursor": next},
	}
}

// between are a channel's messages between oldest and latest, newest first.
func (s *Server) between(channel string, args url.Values) []Post {
	oldest, latest, inclusive := args.Get("oldest"), args.Get("latest"), truth(args.Get("inclusive"))
	var list []Post
	for _, p := range slices.Backward(s.posts) {
		after := oldest == "" || p.TS > oldest || inclusive && p.TS == oldest
		before := latest == "" || p.TS < latest || inclusive && p.TS == latest
		if p.Channel == channel && p.Only == "" && after && before {
			list = append(list, p)
		}
	}
	return list
}

func truth(s string) bool { return s == "1" || s == "true" }

// object is a message as history gives it. Without allMetadata only its kind is told.
func (p Post) object(allMetadata bool) object {
	o := object{"type": "message", "ts": p.TS, "text": p.Text, "team": teamID}
	if p.User != "" {
		o["user"] = p.User
		return o
	}
	o["user"], o["bot_id"], o["app_id"] = botUID, botID, appID
	if p.Blocks != nil {
		o["blocks"] = p.Blocks
	}
	if p.Metadata != nil {
		m := object{"event_type": p.Metadata.EventType}
		if allMetadata {
			m["event_payload"] = p.Metadata.EventPayload
		}
		o["metadata"] = m
	}
	return o
}

// stamp is microseconds since 1970 as Slack writes them.
func stamp(us int64) string { return fmt.Sprintf("%d.%06d", us/1e6, us%1e6) }

// moment is the time of a ts.
func moment(ts string) time.Time {
	us, err := strconv.ParseInt(strings.ReplaceAll(ts, ".", ""), 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMicro(us)
}
