package chat

import (
	"maps"
	"slices"
	"strings"
)

func (c *call) authTest() object {
	return object{
		"ok": true, "url": c.base + "/", "team": "Viesti demo", "user": handle(c.options.AppName),
		"team_id": teamID, "user_id": botUID, "bot_id": botID, "is_enterprise_install": false,
	}
}

func (c *call) userInfo() object {
	u, ok := c.user(c.args.Get("user"))
	if !ok {
		return refusal("user_not_found")
	}
	o := u.object(c.granted("users:read.email"))
	if truth(c.args.Get("include_locale")) {
		o["locale"] = u.locale()
	}
	return object{"ok": true, "user": o}
}

// lookup finds the member of the workspace who has an address.
func (c *call) lookup() object {
	for i := range c.users {
		u := &c.users[i]
		if strings.EqualFold(u.Email, c.args.Get("email")) && !u.Gone && !u.Bot && u.Team == "" {
			return object{"ok": true, "user": u.object(true)}
		}
	}
	return refusal("users_not_found")
}

func (c *call) groups() object {
	if c.options.FreePlan {
		return refusal("plan_upgrade_required")
	}
	list := []object{}
	for _, id := range slices.Sorted(maps.Keys(c.options.Groups)) {
		o := object{"id": id, "team_id": teamID, "is_usergroup": true, "name": id, "handle": strings.ToLower(id), "date_delete": 0}
		if truth(c.args.Get("include_users")) {
			o["users"] = c.options.Groups[id]
		}
		if truth(c.args.Get("include_count")) {
			o["user_count"] = len(c.options.Groups[id])
		}
		list = append(list, o)
	}
	return object{"ok": true, "usergroups": list}
}

func (c *call) groupUsers() object {
	if c.options.FreePlan {
		return refusal("plan_upgrade_required")
	}
	users, ok := c.options.Groups[c.args.Get("usergroup")]
	if !ok {
		return refusal("no_such_subteam")
	}
	return object{"ok": true, "users": users}
}

// SetGroup changes who is in a user group.
func (s *Server) SetGroup(id string, users ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	groups := maps.Clone(s.options.Groups)
	if groups == nil {
		groups = map[string][]string{}
	}
	groups[id] = users
	s.options.Groups = groups
}
