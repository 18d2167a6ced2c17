package chat

import (
	"encoding/json"
	"io"
	"maps"
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

// call is one call of the Web API on its way.
type call struct {
	*Server
	r      *http.Request
	method method
	args   url.Values
	query  bool          // a token came in the address
	wait   time.Duration // for how long the caller must not call again; with the code ratelimited
}

// limited is the answer of a method that was called too often.
func (c *call) limited(wait time.Duration) object {
	c.wait = max(wait, time.Second)
	return refusal("ratelimited")
}

// api answers one call, after the fault that a test may want.
func (s *Server) api(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("method")
	c := &call{Server: s, r: r, method: s.methods[name]}
	fault := s.fault(name)
	err := c.arguments()
	logged := Call{Method: name, Args: maps.Clone(c.args), At: s.options.Now()}
	logged.Args.Del("token")
	var answer object
	switch {
	case fault != nil && !fault.DropAfter && !fault.Done:
		logged.Error = "fault"
	case err != nil:
		answer = refusal("invalid_form_data")
	default:
		answer = c.run(name)
	}
	if code, ok := answer["error"].(string); ok {
		logged.Error = code
	}
	s.mu.Lock()
	s.note(logged)
	s.mu.Unlock()
	if fault != nil {
		fault.answer(w, r)
		return
	}
	c.write(w, answer)
}

func (c *call) write(w http.ResponseWriter, answer object) {
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	if answer["ok"] == true || answer["error"] == "missing_scope" {
		h.Set("X-OAuth-Scopes", strings.Join(c.scopes(), ","))
		h.Set("X-Accepted-OAuth-Scopes", strings.Join(c.method.scopes, ","))
	}
	if c.wait > 0 {
		h.Set("Retry-After", strconv.Itoa(int((c.wait+time.Second-1)/time.Second)))
		w.WriteHeader(http.StatusTooManyRequests)
	}
	_ = json.NewEncoder(w).Encode(answer)
}

// run answers a call in the order in which Slack looks at it.
func (c *call) run(name string) object {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.method.do == nil {
		return refusal("unknown_method")
	}
	if code := c.authorise(name); code != "" {
		return refusal(code)
	}
	if len(c.method.scopes) > 0 && !slices.ContainsFunc(c.method.scopes, c.granted) {
		return c.missing(c.method.scopes[0])
	}
	if wait := c.tooMany(name); wait > 0 {
		return c.limited(wait)
	}
	if faults := c.unfit(); faults != nil {
		return refusal("invalid_arguments", faults...)
	}
	return c.method.do(c)
}

// authorise checks the token, which comes as a form field or a header; one method takes the app's
// token in the header alone.
func (c *call) authorise(name string) string {
	token, inHeader := strings.CutPrefix(c.r.Header.Get("Authorization"), "Bearer ")
	want := c.options.Token
	if name == "apps.connections.open" {
		want = c.options.AppToken
	} else if !inHeader && !c.query {
		token = c.args.Get("token")
	}
	c.args.Del("token")
	switch {
	case token == "":
		return "not_authed"
	case token != c.options.Token && token != c.options.AppToken:
		return "invalid_auth"
	case c.broken != "":
		return c.broken
	case token != want:
		return "not_allowed_token_type"
	}
	return ""
}

// granted tells whether the token has a scope.
func (c *call) granted(scope string) bool {
	return c.options.Scopes == nil || slices.Contains(c.options.Scopes, scope)
}

// scopes are those of the token.
func (c *call) scopes() []string {
	if c.options.Scopes != nil {
		return c.options.Scopes
	}
	all := map[string]bool{"commands": true}
	for _, m := range c.methods {
		for _, scope := range m.scopes {
			all[scope] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

func (c *call) missing(scope string) object {
	return object{"ok": false, "error": "missing_scope", "needed": scope, "provided": strings.Join(c.scopes(), ",")}
}

// tooMany is how long a method has to rest after the calls of the last minute.
func (c *call) tooMany(name string) time.Duration {
	if !c.options.Tiers {
		return 0
	}
	now := c.options.Now()
	recent := slices.DeleteFunc(c.recent[name], func(at time.Time) bool { return now.Sub(at) >= time.Minute })
	c.recent[name] = recent
	if len(recent) >= c.method.perMinute {
		return time.Minute - now.Sub(recent[len(recent)-c.method.perMinute])
	}
	c.recent[name] = append(recent, now)
	return 0
}

// unfit tells of arguments that are missing and of some that the method does not have.
func (c *call) unfit() []string {
	var faults []string
	for _, name := range c.method.required {
		if c.args.Get(name) == "" {
			faults = append(faults, "[ERROR] missing required field: "+name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.args)) {
		if !slices.Contains(c.method.required, name) && !slices.Contains(c.method.optional, name) {
			faults = append(faults, "[ERROR] unknown argument: "+name)
		}
	}
	return faults
}

// maxCall is the largest call.
const maxCall = 1 << 20

// arguments reads the call's from its query, form or JSON body. A method that takes no JSON does
// not see what such a body says, and no body in JSON may bring the token.
func (c *call) arguments() error {
	c.args = url.Values{}
	r := c.r
	r.Body = http.MaxBytesReader(nil, r.Body, maxCall)
	c.query = r.URL.Query().Has("token")
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/json" {
		err := r.ParseForm()
		if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
			err = r.ParseMultipartForm(maxCall)
		}
		c.args = r.Form
		return err
	}
	c.args = r.URL.Query()
	var body map[string]json.RawMessage
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil && err != io.EOF {
		return err
	}
	if !c.method.json {
		return nil
	}
	for name, raw := range body {
		var text string
		if json.Unmarshal(raw, &text) != nil {
			text = string(raw)
		}
		c.args.Set(name, text)
	}
	c.args.Del("token")
	return nil
}

func truth(s string) bool { return s == "1" || s == "true" }
