package chat

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Action is something that a user does to an element of a message or of a view: presses a button,
// chooses from a menu.
type Action struct {
	Channel, TS string   // of the message; without TS the newest there that has the element
	View        string   // id of the modal or Home tab, instead of a message
	Block       string   // when several blocks have the element
	ID          string   // its action_id
	Chosen      []string // of menus and pickers: values of options, ids, a date, a time
}

// Press does an action as a user, and the confirmation that it asks for, if it does. The user must
// be able to see the element.
func (s *Server) Press(ctx context.Context, user string, a Action) error {
	payload, err := s.pressed(user, a)
	if err != nil {
		return err
	}
	reply, err := s.deliver(ctx, parcel{door: "interactions", envelope: "interactive", payload: payload})
	if err == nil && len(reply.Raw) > 0 {
		err = fmt.Errorf("%w: the answer to block_actions has to be empty, not %.200s", ErrTrouble, reply.Raw)
	}
	return err
}

func (s *Server) pressed(user string, a Action) (object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	payload, err := s.interaction("block_actions", user)
	if err != nil {
		return nil, err
	}
	at, err := s.surface(payload, user, a)
	if err != nil {
		return nil, err
	}
	u := at.usable
	act, err := s.choice(u, user, a.Chosen)
	if err != nil {
		return nil, err
	}
	if u.keeps() {
		at.state[u.block.ID][u.ActionID] = maps.Clone(act)
	}
	payload["state"] = object{"values": copied(at.state)}
	if at.view != nil {
		payload["view"] = at.view.object()
	}
	if e := u.Element; e.Type == "button" {
		act["text"] = e.Text
		if e.Value != "" {
			act["value"] = e.Value
		}
	}
	act["action_id"], act["block_id"], act["action_ts"] = u.ActionID, u.block.ID, stamp(s.options.Now().UnixMicro())
	payload["actions"] = []object{act}
	return payload, nil
}

// copied is a copy of what was chosen, to be thrown away or kept.
func copied(state map[string]map[string]object) map[string]map[string]object {
	c := map[string]map[string]object{}
	for block, actions := range state {
		c[block] = maps.Clone(actions)
	}
	return c
}

// interaction is what all payloads have. The caller holds mu.
func (s *Server) interaction(kind, user string) (object, error) {
	u, ok := s.user(user)
	if !ok || u.Gone {
		return nil, fmt.Errorf("%w: nobody is %s", ErrCannot, user)
	}
	return object{
		"type": kind, "token": "verification", "api_app_id": appID, "enterprise": nil, "is_enterprise_install": false,
		"team": object{"id": teamID, "domain": "viesti-demo"},
		"user": object{"id": u.ID, "username": handle(u.Name), "name": handle(u.Name), "team_id": u.team()},
	}, nil
}

// spot is an element where it stands, and what is chosen there.
type spot struct {
	usable
	view  *View // nil in a message
	state map[string]map[string]object
}

// surface finds the element and puts into the payload where it stands. The caller holds mu.
func (s *Server) surface(payload object, user string, a Action) (spot, error) {
	if a.View != "" {
		v := s.view(func(v *View) bool { return v.ID == a.View && v.user == user })
		if v == nil {
			return spot{}, fmt.Errorf("%w: %s has no view %s open", ErrCannot, user, a.View)
		}
		u, err := element(v.Blocks, a)
		v.state = s.states(v.Blocks, place{user, v.channel}, v.state)
		payload["container"] = object{"type": "view", "view_id": v.ID}
		payload["trigger_id"] = s.newTrigger(user, v.channel)
		return spot{u, v, v.state}, err
	}
	c, ok := s.channel(a.Channel)
	if !ok || !s.sees(c, user) {
		return spot{}, fmt.Errorf("%w: %s does not see the channel %s", ErrCannot, user, a.Channel)
	}
	p, u, err := s.acted(user, a)
	if err != nil {
		return spot{}, err
	}
	key := strings.Join([]string{user, p.Channel, p.TS}, " ")
	s.chosen[key] = s.states(p.Blocks, place{user, c.ID}, s.chosen[key])
	container := object{"type": "message", "message_ts": p.TS, "channel_id": c.ID, "is_ephemeral": p.Only != ""}
	if p.Thread != "" {
		container["thread_ts"] = p.Thread
	}
	payload["container"] = container
	payload["channel"] = object{"id": c.ID, "name": c.Name}
	if c.User != "" {
		payload["channel"] = object{"id": c.ID, "name": "directmessage"}
	}
	if p.Only == "" { // Slack does not keep the others
		payload["message"] = p.object(true)
	}
	payload["response_url"] = s.newHook(hook{user: user, channel: c.ID, message: p.TS})
	payload["trigger_id"] = s.newTrigger(user, c.ID)
	return spot{u, nil, s.chosen[key]}, nil
}

// acted is the message with the element. The caller holds mu.
func (s *Server) acted(user string, a Action) (Post, usable, error) {
	for _, p := range slices.Backward(s.posts) {
		if p.Channel != a.Channel || p.Only != "" && p.Only != user || a.TS != "" && p.TS != a.TS {
			continue
		}
		if u, err := element(p.Blocks, a); err == nil {
			return p, u, nil
		}
	}
	return Post{}, usable{}, fmt.Errorf("%w: no message in %s has an element %s", ErrCannot, a.Channel, a.ID)
}

func element(blocks []Block, a Action) (usable, error) {
	for _, u := range usables(blocks) {
		inert := u.block.Type == "input" && !u.block.Dispatch
		if u.ActionID == a.ID && (a.Block == "" || a.Block == u.block.ID) && !inert {
			return u, nil
		}
	}
	return usable{}, fmt.Errorf("%w: there is no element %s", ErrCannot, a.ID)
}

// Shortcut uses a global shortcut of the app.
func (s *Server) Shortcut(ctx context.Context, user, callbackID string) error {
	s.mu.Lock()
	payload, err := s.interaction("shortcut", user)
	if err == nil {
		payload["callback_id"], payload["trigger_id"] = callbackID, s.newTrigger(user, "")
		payload["action_ts"] = stamp(s.options.Now().UnixMicro())
	}
	s.mu.Unlock()
	if err != nil {
		return err
	}
	_, err = s.deliver(ctx, parcel{door: "interactions", envelope: "interactive", payload: payload})
	return err
}

// Dismiss closes the uppermost modal of a user, or all of them, without submitting it.
func (s *Server) Dismiss(ctx context.Context, user string, all bool) error {
	s.mu.Lock()
	stack := s.modals[user]
	if len(stack) == 0 {
		s.mu.Unlock()
		return fmt.Errorf("%w: %s has no modal open", ErrCannot, user)
	}
	v := stack[len(stack)-1]
	all = all || v.clearOnClose
	if s.modals[user] = stack[:len(stack)-1]; all {
		s.modals[user] = nil
	}
	payload, err := s.interaction("view_closed", user)
	if err == nil {
		payload["view"], payload["is_cleared"] = v.object(), all
	}
	s.mu.Unlock()
	if err != nil || !v.notifyOnClose {
		return err
	}
	_, err = s.deliver(ctx, parcel{door: "interactions", envelope: "interactive", payload: payload})
	return err
}

// Submit fills in a modal that a user has open and submits it. Values are by block_id or, where only
// one block has it, by action_id; what is not among them stays as it stands in the modal. What the
// app finds wrong comes back by block.
func (s *Server) Submit(ctx context.Context, user, view string, values map[string][]string) (map[string]string, error) {
	s.mu.Lock()
	v := s.view(func(v *View) bool { return v.ID == view && v.user == user && v.Type == "modal" })
	if v == nil {
		s.mu.Unlock()
		return nil, fmt.Errorf("%w: %s has no modal %s open", ErrCannot, user, view)
	}
	payload, err := s.submission(v, values)
	s.mu.Unlock()
	if err != nil {
		return nil, err
	}
	reply, err := s.deliver(ctx, parcel{door: "interactions", envelope: "interactive", payload: payload})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTrouble, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	err = s.submitted(v, reply.Raw)
	return v.Errors, err
}

func (s *Server) submission(v *View, values map[string][]string) (object, error) {
	if v.Submit == "" {
		return nil, fmt.Errorf("%w: the modal has no button to submit", ErrCannot)
	}
	state := s.states(v.Blocks, place{v.user, v.channel}, copied(v.state))
	urls := []object{}
	for _, u := range usables(v.Blocks) {
		chosen, given := values[u.block.ID]
		if !given {
			chosen, given = values[u.ActionID]
		}
		if given {
			o, err := s.choice(u, v.user, slices.DeleteFunc(slices.Clone(chosen), func(c string) bool { return c == "" }))
			if err != nil {
				return nil, err
			}
			state[u.block.ID][u.ActionID] = o
		}
		name, _ := property(u.Type)
		value := state[u.block.ID][u.ActionID][name]
		if list, ok := value.([]any); u.block.Type == "input" && !u.block.Optional && (value == nil || ok && len(list) == 0) {
			return nil, fmt.Errorf("%w: the modal wants %s", ErrCannot, u.ActionID)
		}
		if channel, ok := value.(string); ok && u.ResponseURL {
			urls = append(urls, object{
				"block_id": u.block.ID, "action_id": u.ActionID, "channel_id": channel,
				"response_url": s.newHook(hook{user: v.user, channel: channel}),
			})
		}
	}
	v.state, v.Errors = state, map[string]string{}
	payload, err := s.interaction("view_submission", v.user)
	if err == nil {
		payload["view"], payload["response_urls"] = v.object(), urls
		payload["trigger_id"] = s.newTrigger(v.user, v.channel)
	}
	return payload, err
}

// submitted does what the app answered to a submission. The caller holds mu.
func (s *Server) submitted(v *View, raw json.RawMessage) error {
	stack := s.modals[v.user]
	at := slices.Index(stack, v)
	if len(raw) == 0 {
		if at >= 0 {
			s.modals[v.user] = stack[:at]
		}
		return nil
	}
	var a struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   json.RawMessage   `json:"view"`
	}
	if err := json.Unmarshal(raw, &a); err != nil {
		return fmt.Errorf("%w: %w", ErrTrouble, err)
	}
	switch a.Action {
	case "clear":
		s.modals[v.user] = nil
		return nil
	case "errors":
		return v.refuse(a.Errors)
	case "update", "push":
		next, code, faults := s.readView(a.View, "modal")
		if code != "" {
			return fmt.Errorf("%w: %s %v", ErrTrouble, code, faults)
		}
		if a.Action == "update" {
			v.become(next)
			return nil
		}
		if next.user, next.channel = v.user, v.channel; s.push(next) {
			return nil
		}
	}
	return fmt.Errorf("%w: %.200s", ErrTrouble, raw)
}

// refuse shows what is wrong with inputs.
func (v *View) refuse(errors map[string]string) error {
	if len(errors) == 0 {
		return fmt.Errorf("%w: no errors are given", ErrTrouble)
	}
	for id := range errors {
		if !slices.ContainsFunc(v.Blocks, func(b Block) bool { return b.ID == id && b.Type == "input" }) {
			return fmt.Errorf("%w: errors are for blocks of inputs, and %s is none", ErrTrouble, id)
		}
		v.Errors[id] = errors[id]
	}
	return nil
}
