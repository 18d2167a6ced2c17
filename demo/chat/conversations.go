package chat

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// reachable finds the channel of a call and checks that the token may do with it what a family of
// scopes allows: channels:read, groups:history and the like. refused is the answer when it may not.
func (c *call) reachable(family string) (ch *Channel, refused object) {
	ch, ok := c.channel(c.args.Get("channel"))
	if !ok || ch.Private && !ch.Joined {
		return nil, refusal("channel_not_found")
	}
	if scope := ch.kind() + ":" + family; family != "" && !c.granted(scope) {
		return nil, c.missing(scope)
	}
	return ch, nil
}

func (c *call) info() object {
	ch, refused := c.reachable("read")
	if refused != nil {
		return refused
	}
	o := ch.object()
	if truth(c.args.Get("include_locale")) {
		o["locale"] = "en-US"
	}
	if truth(c.args.Get("include_num_members")) {
		o["num_members"] = len(c.members(ch))
	}
	return object{"ok": true, "channel": o}
}

func (c *call) join() object {
	ch, ok := c.channel(c.args.Get("channel"))
	switch {
	case !ok, ch.Private && !ch.Joined:
		return refusal("channel_not_found")
	case ch.User != "":
		return refusal("method_not_supported_for_channel_type")
	case ch.Archived:
		return refusal("is_archived")
	case ch.Joined:
		return object{
			"ok": true, "channel": ch.object(), "warning": "already_in_channel",
			"response_metadata": object{"warnings": []string{"already_in_channel"}},
		}
	}
	ch.Joined = true
	return object{"ok": true, "channel": ch.object()}
}

// open opens the direct message with one user.
func (c *call) open() object {
	users := c.args.Get("users")
	switch {
	case users == "" && c.args.Get("channel") == "":
		return refusal("users_list_not_supplied")
	case strings.Contains(users, ","):
		return c.missing("mpim:write")
	case users == "":
		ch, ok := c.channel(c.args.Get("channel"))
		if !ok {
			return refusal("channel_not_found")
		}
		users = ch.User
	}
	ch, opened, code := c.openDirect(users)
	if code != "" {
		return refusal(code)
	}
	channel := object{"id": ch.ID}
	if truth(c.args.Get("return_im")) {
		channel = ch.object()
	}
	return object{"ok": true, "channel": channel, "no_op": !opened, "already_open": !opened}
}

func (c *call) channelMembers() object {
	ch, refused := c.reachable("read")
	if refused != nil {
		return refused
	}
	return paged(c, "members", c.members(ch), 999, func(string) bool { return true })
}

func (c *call) listChannels() object {
	if refused := c.typesFit(); refused != nil {
		return refused
	}
	return c.channelPage(c.channels, func(ch Channel) bool { return !ch.Private || ch.Joined })
}

// userChannels are the channels that a user, or else the app, is in.
func (c *call) userChannels() object {
	if refused := c.typesFit(); refused != nil {
		return refused
	}
	user := c.args.Get("user")
	if _, ok := c.user(user); user != "" && !ok {
		return refusal("user_not_found")
	}
	return c.channelPage(c.channels, func(ch Channel) bool {
		return (!ch.Private || ch.Joined) && c.has(&ch, cmp.Or(user, botUID))
	})
}

var typeScopes = map[string]string{
	"public_channel": "channels:read", "private_channel": "groups:read", "im": "im:read", "mpim": "mpim:read",
}

// typesFit tells whether the types of channels exist and are allowed.
func (c *call) typesFit() object {
	for _, t := range c.types() {
		scope, ok := typeScopes[t]
		switch {
		case !ok:
			return refusal("invalid_types")
		case !c.granted(scope):
			return c.missing(scope)
		}
	}
	return nil
}

func (c *call) types() []string {
	return strings.Split(cmp.Or(c.args.Get("types"), "public_channel"), ",")
}

// channelPage gives a page of channels. What is left out is left out of the page, which therefore
// may be short, or empty, with more to come.
func (c *call) channelPage(all []Channel, wanted func(Channel) bool) object {
	types := c.types()
	kinds := map[string]string{"channels": "public_channel", "groups": "private_channel", "im": "im"}
	o := paged(c, "channels", all, 999, func(ch Channel) bool {
		return wanted(ch) && slices.Contains(types, kinds[ch.kind()]) && (!ch.Archived || !truth(c.args.Get("exclude_archived")))
	})
	if list, ok := o["channels"].([]Channel); ok {
		objects := []object{}
		for _, ch := range list {
			objects = append(objects, ch.object())
		}
		o["channels"] = objects
	}
	return o
}

// history gives a channel's messages, newest first; answers in threads are not among them.
func (c *call) history() object {
	ch, refused := c.reachable("history")
	switch {
	case refused != nil:
		return refused
	case !ch.Joined:
		return refusal("not_in_channel")
	}
	return c.messagePage(c.between(ch.ID, func(p Post) bool { return p.Thread == "" }))
}

// replies gives a message and the answers in its thread, oldest first.
func (c *call) replies() object {
	ch, refused := c.reachable("history")
	switch {
	case refused != nil:
		return refused
	case !ch.Joined:
		return refusal("not_in_channel")
	}
	ts := c.args.Get("ts")
	list := c.between(ch.ID, func(p Post) bool { return p.TS == ts || p.Thread == ts })
	if len(list) == 0 {
		return refusal("thread_not_found")
	}
	slices.Reverse(list)
	return c.messagePage(list)
}

// between are a channel's messages between oldest and latest, newest first.
func (c *call) between(channel string, wanted func(Post) bool) []Post {
	oldest, latest, inclusive := c.args.Get("oldest"), c.args.Get("latest"), truth(c.args.Get("inclusive"))
	var list []Post
	for _, p := range slices.Backward(c.posts) {
		after := oldest == "" || p.TS > oldest || inclusive && p.TS == oldest
		before := latest == "" || p.TS < latest || inclusive && p.TS == latest
		if p.Channel == channel && p.Only == "" && after && before && wanted(p) {
			list = append(list, p)
		}
	}
	return list
}

func (c *call) messagePage(list []Post) object {
	o := paged(c, "messages", list, 999, func(Post) bool { return true })
	posts, ok := o["messages"].([]Post)
	if !ok {
		return o
	}
	messages := []object{}
	for _, p := range posts {
		messages = append(messages, p.object(truth(c.args.Get("include_all_metadata"))))
	}
	o["messages"] = messages
	o["has_more"] = o["response_metadata"].(object)["next_cursor"] != ""
	return o
}

// paged answers with a page of a list, under a name. A cursor is where the page begins.
func paged[T any](c *call, name string, all []T, most int, wanted func(T) bool) object {
	limit, start := 100, 0
	if given := c.args.Get("limit"); given != "" && given != "0" {
		n, err := strconv.Atoi(given)
		if err != nil || n < 1 || n > most {
			return refusal("invalid_limit")
		}
		limit = n
	}
	if cursor := c.args.Get("cursor"); cursor != "" {
		n, err := strconv.Atoi(strings.TrimPrefix(cursor, "next:"))
		if err != nil || n < 1 || n > len(all) || !strings.HasPrefix(cursor, "next:") {
			return refusal("invalid_cursor")
		}
		start = n
	}
	end, list, next := min(start+limit, len(all)), []T{}, ""
	for _, item := range all[start:end] {
		if wanted(item) {
			list = append(list, item)
		}
	}
	if end < len(all) {
		next = "next:" + strconv.Itoa(end)
	}
	return object{"ok": true, name: list, "response_metadata": object{"next_cursor": next}}
}
