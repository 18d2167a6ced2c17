package chat

import (
	"maps"
	"strings"
)

// method is a method of the Web API, as Slack's reference has it.
type method struct {
	do                 func(*call) object // runs with mu held
	scopes             []string           // of which one is needed
	perMinute          int
	json               bool // takes a JSON body
	required, optional []string
}

// How often a method may be called in a minute, by its tier. What Slack calls special is several
// hundred.
const (
	tier1   = 1
	tier2   = 20
	tier3   = 50
	tier4   = 100
	special = 600
)

func words(s string) []string { return strings.Fields(s) }

var anyChannel = words("channels:read groups:read im:read")

const (
	paging  = " cursor limit team_id"
	message = " text blocks attachments metadata thread_ts mrkdwn parse link_names"
)

// webAPI is the methods that an app such as ours can need.
func webAPI() map[string]method {
	api := map[string]method{
		"auth.test":             {do: (*call).authTest, perMinute: special, json: true},
		"apps.connections.open": {do: (*call).connectionsOpen, perMinute: tier3, json: true},

		"chat.postMessage": {
			do: (*call).postMessage, scopes: words("chat:write"), perMinute: special, json: true, required: words("channel"),
			optional: words(message + " markdown_text unfurl_links unfurl_media reply_broadcast username icon_url icon_emoji"),
		},
		"chat.update": {
			do: (*call).update, scopes: words("chat:write"), perMinute: tier3, json: true, required: words("channel ts"),
			optional: words(message + " as_user reply_broadcast unfurl_links unfurl_media"),
		},
		"chat.postEphemeral": {
			do: (*call).postEphemeral, scopes: words("chat:write"), perMinute: tier4, json: true, required: words("channel user"),
			optional: words(message + " unfurl_links unfurl_media username icon_url icon_emoji"),
		},
		"chat.delete": {
			do: (*call).remove, scopes: words("chat:write"), perMinute: tier3, json: true, required: words("channel ts"), optional: words("as_user"),
		},
		"chat.getPermalink": {do: (*call).permalink, perMinute: special, required: words("channel message_ts")},

		"conversations.list": {
			do: (*call).listChannels, scopes: anyChannel, perMinute: tier2, optional: words("types exclude_archived" + paging),
		},
		"users.conversations": {
			do: (*call).userChannels, scopes: anyChannel, perMinute: tier3, optional: words("user types exclude_archived" + paging),
		},
		"conversations.info": {
			do: (*call).info, scopes: anyChannel, perMinute: tier3, required: words("channel"), optional: words("include_locale include_num_members"),
		},
		"conversations.members": {do: (*call).channelMembers, scopes: anyChannel, perMinute: tier4, required: words("channel"), optional: words(paging)},
		"conversations.join":    {do: (*call).join, scopes: words("channels:join"), perMinute: tier3, json: true, required: words("channel")},
		"conversations.open": {
			do: (*call).open, scopes: words("im:write"), perMinute: tier3, json: true, optional: words("users channel return_im prevent_creation"),
		},
		"conversations.history": {
			do: (*call).history, scopes: words("channels:history groups:history im:history"), perMinute: tier3, json: true,
			required: words("channel"), optional: words("latest oldest inclusive include_all_metadata" + paging),
		},
		"conversations.replies": {
			do: (*call).replies, scopes: words("channels:history groups:history im:history"), perMinute: tier3,
			required: words("channel ts"), optional: words("latest oldest inclusive include_all_metadata" + paging),
		},

		"users.info":            {do: (*call).userInfo, scopes: words("users:read"), perMinute: tier4, required: words("user"), optional: words("include_locale")},
		"users.lookupByEmail":   {do: (*call).lookup, scopes: words("users:read.email"), perMinute: tier3, required: words("email"), optional: words("team_id")},
		"usergroups.list":       {do: (*call).groups, scopes: words("usergroups:read"), perMinute: tier2, optional: words("include_count include_disabled include_users team_id")},
		"usergroups.users.list": {do: (*call).groupUsers, scopes: words("usergroups:read"), perMinute: tier2, required: words("usergroup"), optional: words("include_disabled team_id")},

		"views.open":    {do: (*call).openView, perMinute: tier4, json: true, required: words("view trigger_id")},
		"views.push":    {do: (*call).pushView, perMinute: tier4, json: true, required: words("view trigger_id")},
		"views.update":  {do: (*call).updateView, perMinute: tier4, json: true, required: words("view"), optional: words("view_id external_id hash")},
		"views.publish": {do: (*call).publishView, perMinute: tier4, json: true, required: words("view user_id"), optional: words("hash")},
	}
	maps.Copy(api, fileAPI())
	return api
}
