package chat

import (
	"slices"
	"strings"
)

// Channel is a channel of the workspace. The app is not in it until it joins.
type Channel struct {
	ID, Name string
	Private  bool // cannot be joined without an invitation
	Archived bool
	Joined   bool     // the app is in it
	Shared   bool     // with another organisation
	Members  []string // their ids; nil: everybody who is no guest
	User     string   // with whom it is a direct message
}

// User is somebody in the workspace, or somebody of another one who is in a shared channel.
type User struct {
	ID, Name string
	Email    string
	Locale   string // en-US when empty
	Admin    bool   // of the workspace, which means nothing to the app
	Guest    bool
	Gone     bool // deactivated
	Bot      bool
	Team     string // another organisation's id; empty: the workspace
}

func (u User) team() string {
	if u.Team != "" {
		return u.Team
	}
	return teamID
}

// ChangeChannel changes a channel without telling the app.
func (s *Server) ChangeChannel(channel string, change func(*Channel)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c, ok := s.channel(channel); ok {
		change(c)
	}
}

// ChangeUser changes a user without telling the app.
func (s *Server) ChangeUser(user string, change func(*User)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u, ok := s.user(user); ok {
		change(u)
	}
}

// channel finds a channel by id. The caller holds mu.
func (s *Server) channel(id string) (*Channel, bool) {
	for i := range s.channels {
		if s.channels[i].ID == id {
			return &s.channels[i], true
		}
	}
	return nil, false
}

// user finds a user by id. The caller holds mu.
func (s *Server) user(id string) (*User, bool) {
	for i := range s.users {
		if s.users[i].ID == id {
			return &s.users[i], true
		}
	}
	return nil, false
}

// direct is the id of the direct message between the app and a user.
func direct(user string) string {
	if user == "" {
		return ""
	}
	return "D" + user[1:]
}

// openDirect opens the direct message with a user, or tells why it cannot be. The caller holds mu.
func (s *Server) openDirect(user string) (c *Channel, opened bool, code string) {
	u, ok := s.user(user)
	switch {
	case user == botUID, ok && u.Bot:
		return nil, false, "cannot_dm_bot"
	case !ok:
		return nil, false, "user_not_found"
	case u.Gone:
		return nil, false, "user_disabled"
	case u.Team != "":
		return nil, false, "user_not_visible"
	case s.options.MessagesOff:
		return nil, false, "messages_tab_disabled"
	}
	if c, ok := s.channel(direct(user)); ok {
		return c, false, ""
	}
	s.channels = append(s.channels, Channel{ID: direct(user), User: user, Private: true, Joined: true})
	return &s.channels[len(s.channels)-1], true, ""
}

// has tells whether a user is in a channel. The caller holds mu.
func (s *Server) has(c *Channel, user string) bool {
	u, ok := s.user(user)
	switch {
	case user == botUID:
		return c.Joined
	case !ok, u.Gone:
		return false
	case c.User != "":
		return c.User == user
	case u.Team != "" && !c.Shared:
		return false
	case c.Members != nil:
		return slices.Contains(c.Members, user)
	}
	return !u.Guest && !u.Bot
}

// sees tells whether a user can look at a channel: those who are in it, and members of the workspace
// where it is public. The caller holds mu.
func (s *Server) sees(c *Channel, user string) bool {
	u, ok := s.user(user)
	return s.has(c, user) || ok && !c.Private && !u.Guest && !u.Gone && u.Team == ""
}

// members are who is in a channel. The caller holds mu.
func (s *Server) members(c *Channel) []string {
	list := []string{}
	for _, u := range s.users {
		if s.has(c, u.ID) {
			list = append(list, u.ID)
		}
	}
	if c.Joined {
		list = append(list, botUID)
	}
	return list
}

// kind is what a channel is to the scopes: channels, groups or im.
func (c *Channel) kind() string {
	switch {
	case c.User != "":
		return "im"
	case c.Private:
		return "groups"
	}
	return "channels"
}

func (c *Channel) object() object {
	if c.User != "" {
		return object{"id": c.ID, "is_im": true, "user": c.User, "is_user_deleted": false, "is_open": true}
	}
	return object{
		"id": c.ID, "name": c.Name, "name_normalized": c.Name, "is_channel": !c.Private, "is_group": c.Private,
		"is_private": c.Private, "is_archived": c.Archived, "is_member": c.Joined, "is_im": false,
		"is_shared": c.Shared, "is_ext_shared": c.Shared, "context_team_id": teamID,
	}
}

// object is a user as users.info gives them.
func (u *User) object(email bool) object {
	profile := object{"real_name": u.Name, "display_name": u.Name, "team": u.team()}
	if email && u.Email != "" {
		profile["email"] = u.Email
	}
	return object{
		"id": u.ID, "team_id": u.team(), "name": handle(u.Name), "real_name": u.Name, "deleted": u.Gone, "profile": profile,
		"is_bot": u.Bot, "is_admin": u.Admin, "is_owner": false, "is_restricted": u.Guest, "is_ultra_restricted": false,
		"is_stranger": u.Team != "", "tz": "Europe/Helsinki",
	}
}

func (u *User) locale() string {
	if u.Locale != "" {
		return u.Locale
	}
	return "en-US"
}

// handle is the name that Slack makes of a person's.
func handle(name string) string { return strings.ToLower(strings.ReplaceAll(name, " ", ".")) }
