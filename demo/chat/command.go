package chat

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"viesti/demo/chat/blockkit"
)

// Command types text after the app's command, as a user in a channel, and gives what the app
// answered. The answer is shown to the user, or to the channel where it says so.
func (s *Server) Command(ctx context.Context, user, channel, text string) (Reply, error) {
	form, err := s.form(user, channel, text)
	if err != nil {
		return Reply{}, err
	}
	reply, err := s.deliver(ctx, parcel{door: "commands", envelope: "slash_commands", payload: form})
	if err != nil || len(reply.Raw) == 0 {
		return reply, err
	}
	if faults := blockkit.Reply(reply.Raw); faults != nil {
		return reply, fmt.Errorf("%w: %s", ErrTrouble, strings.Join(faults, "; "))
	}
	if err := json.Unmarshal(reply.Raw, &reply); err != nil {
		return reply, fmt.Errorf("%w: %w", ErrTrouble, err)
	}
	s.show(user, channel, reply)
	return reply, nil
}

// show puts an answer into the channel: for the user alone unless it says otherwise.
func (s *Server) show(user, channel string, r Reply) {
	p := Post{Channel: channel, Only: user, Text: r.Text}
	if r.Type == "in_channel" {
		p.Only = ""
	}
	var parts struct {
		Blocks json.RawMessage `json:"blocks"`
	}
	if json.Unmarshal(r.Raw, &parts) == nil && len(parts.Blocks) > 0 {
		p.setBlocks(parts.Blocks, s.newID)
	}
	s.say(p)
}

// escaper escapes what people type, as Slack does.
var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// form is a slash command as Slack sends it. Only members of the workspace have commands.
func (s *Server) form(user, channel, text string) (url.Values, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := url.Values{}
	f.Set("token", "verification")
	f.Set("team_id", teamID)
	f.Set("team_domain", "viesti-demo")
	f.Set("channel_id", channel)
	if c, ok := s.channel(channel); ok {
		f.Set("channel_name", c.Name)
		if c.User != "" {
			f.Set("channel_name", "directmessage")
		}
	}
	f.Set("user_id", user)
	if u, ok := s.user(user); ok {
		if u.Team != "" || u.Gone {
			return nil, fmt.Errorf("%w: commands are for members of the workspace", ErrCannot)
		}
		f.Set("user_name", handle(u.Name))
	}
	f.Set("command", s.options.Command)
	f.Set("text", s.linked(escaper.Replace(text)))
	f.Set("api_app_id", appID)
	f.Set("is_enterprise_install", "false")
	f.Set("response_url", s.newHook(hook{user: user, channel: channel}))
	f.Set("trigger_id", s.newTrigger(user, channel))
	return f, nil
}

// linked writes the people and channels that were named as Slack does for a command with
// should_escape: <@U012|name>, <#C012|name>, and <#C012|> for a private channel. The caller
// holds mu.
func (s *Server) linked(text string) string {
	list := strings.Split(text, " ")
	for i, word := range list {
		name, person := strings.CutPrefix(word, "@")
		for _, u := range s.users {
			if person && (handle(u.Name) == strings.ToLower(name) || u.ID == name) {
				list[i] = "<@" + u.ID + "|" + handle(u.Name) + ">"
			}
		}
		name, place := strings.CutPrefix(word, "#")
		for _, c := range s.channels {
			if !place || c.Name == "" || c.Name != strings.ToLower(name) && c.ID != name {
				continue
			}
			list[i] = "<#" + c.ID + "|" + c.Name + ">"
			if c.Private {
				list[i] = "<#" + c.ID + "|>"
			}
		}
	}
	return strings.Join(list, " ")
}
