package chat

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Event is something that the app is told of.
type Event struct {
	ID     string         // the same for every attempt; drawn when empty
	Retry  int            // which repetition this is; 0: the first attempt
	Reason string         // of the repetition; http_timeout when empty
	Body   map[string]any // with its type
}

// Event makes one attempt to tell the app of an event, and gives the event's id.
func (s *Server) Event(ctx context.Context, e Event) (id string, err error) {
	e, _, err = s.tell(ctx, e)
	return e.ID, err
}

func (s *Server) tell(ctx context.Context, e Event) (Event, Reply, error) {
	if e.ID == "" {
		e.ID = "Ev" + strings.ToUpper(s.newID())
	}
	if e.Reason == "" {
		e.Reason = "http_timeout"
	}
	r, err := s.deliver(ctx, parcel{
		door: "events", envelope: "events_api", retry: e.Retry, reason: e.Reason,
		payload: object{
			"token": "verification", "team_id": teamID, "api_app_id": appID, "type": "event_callback",
			"event": e.Body, "event_id": e.ID, "event_time": s.options.Now().Unix(), "is_ext_shared_channel": false,
			"authorizations": []object{{"enterprise_id": nil, "team_id": teamID, "user_id": botUID, "is_bot": true, "is_enterprise_install": false}},
		},
	})
	return e, r, err
}

// retries are when an event is told again, counted from the attempt before.
var retries = []time.Duration{0, time.Minute, 5 * time.Minute}

// inform tells the app of an event and, where it does not take it, tells it again as Slack does, in
// the background and until the server is closed. What the first attempt came to is the error.
func (s *Server) inform(ctx context.Context, body map[string]any) error {
	e, r, err := s.tell(ctx, Event{Body: body})
	if err == nil || r.noRetry {
		return err
	}
	go func() {
		for _, wait := range retries {
			timer := time.NewTimer(wait)
			select {
			case <-s.life.Done():
				timer.Stop()
				return
			case <-timer.C:
			}
			e.Retry++
			if _, r, err := s.tell(s.life, e); err == nil || r.noRetry {
				return
			}
		}
	}()
	return err
}

// Verify asks the request URL whether it is the app's, as Slack does when it is entered.
func (s *Server) Verify(ctx context.Context, challenge string) (string, error) {
	r, err := s.deliver(ctx, parcel{door: "events", envelope: "events_api", payload: object{
		"type": "url_verification", "token": "verification", "challenge": challenge,
	}})
	var answer struct {
		Challenge string `json:"challenge"`
	}
	if json.Unmarshal(r.Raw, &answer) != nil || answer.Challenge == "" {
		return strings.TrimSpace(string(r.Raw)), err
	}
	return answer.Challenge, err
}

// OpenHome opens the app's Home tab as a user.
func (s *Server) OpenHome(ctx context.Context, user string) error {
	s.mu.Lock()
	if _, _, code := s.openDirect(user); code != "" && code != "messages_tab_disabled" {
		s.mu.Unlock()
		return fmt.Errorf("%w: %s", ErrCannot, code)
	}
	e := object{"type": "app_home_opened", "user": user, "channel": direct(user), "tab": "home", "event_ts": stamp(s.options.Now().UnixMicro())}
	if v := s.homes[user]; v != nil {
		e["view"] = v.object()
	}
	s.mu.Unlock()
	return s.inform(ctx, e)
}

// Change is something that happens to a channel, or to the app.
type Change struct {
	// Type is Slack's name of the event: channel_archive, channel_unarchive, channel_rename,
	// channel_deleted, member_joined_channel, channel_left, app_uninstalled or tokens_revoked. For
	// private channels the names that begin with group_ are the ones that are sent.
	Type    string
	Channel string
	Name    string // of channel_rename
	User    string // of member_joined_channel; the app when empty
}

// Happen lets something happen and tells the app as Slack does.
func (s *Server) Happen(ctx context.Context, h Change) error {
	s.mu.Lock()
	body, err := s.happen(h)
	s.mu.Unlock()
	if err != nil {
		return err
	}
	return s.inform(ctx, body)
}

func (s *Server) happen(h Change) (map[string]any, error) {
	switch h.Type {
	case "app_uninstalled":
		s.broken = "account_inactive"
		return object{"type": h.Type}, nil
	case "tokens_revoked":
		s.broken = "token_revoked"
		return object{"type": h.Type, "tokens": object{"oauth": []string{}, "bot": []string{botUID}}}, nil
	}
	c, ok := s.channel(h.Channel)
	if !ok {
		return nil, fmt.Errorf("%w: there is no channel %s", ErrCannot, h.Channel)
	}
	user := h.User
	if user == "" {
		user = botUID
	}
	body := object{"type": h.Type, "channel": c.ID, "event_ts": stamp(s.options.Now().UnixMicro())}
	if c.Private {
		body["type"] = strings.Replace(h.Type, "channel_", "group_", 1)
	}
	switch h.Type {
	case "channel_archive", "channel_unarchive":
		c.Archived = h.Type == "channel_archive"
		body["user"] = user
	case "channel_rename":
		c.Name = h.Name
		body["channel"] = object{"id": c.ID, "name": c.Name, "created": s.options.Now().Unix()}
	case "channel_deleted":
		id := c.ID
		for i := range s.channels {
			if s.channels[i].ID == id {
				s.channels = append(s.channels[:i], s.channels[i+1:]...)
				break
			}
		}
	case "member_joined_channel":
		if user == botUID {
			c.Joined = true
		} else {
			c.Members = append(s.members(c), user)
		}
		body["user"], body["channel_type"], body["team"] = user, "C", teamID
	case "channel_left":
		c.Joined = false
	default:
		return nil, fmt.Errorf("%w: nothing is called %s", ErrCannot, h.Type)
	}
	return body, nil
}
