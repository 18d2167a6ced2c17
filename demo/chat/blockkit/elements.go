package blockkit

import (
	"regexp"
	"slices"
	"strings"
)

// place is the kind of block that an element stands in.
type place int

const (
	inSection place = 1 << iota
	inActions
	inInput
)

const maxOptions = 100

type elementKind struct {
	where place
	object
}

// elementIn is an element that may stand in a kind of block.
func elementIn(p place) check {
	return func(c *checker, at string, v any) {
		o, ok := v.(map[string]any)
		if !ok {
			c.fault(at, "must be an object")
			return
		}
		name, _ := o["type"].(string)
		kind, ok := elements[name]
		if !ok || kind.where&p == 0 {
			c.fault(at+"/type", "unsupported type: %s", name)
			return
		}
		kind.check(c, at, v)
		if id, _ := o["action_id"].(string); id != "" {
			if c.actions[id] {
				c.fault(at+"/action_id", "action_id already exists: %s", id)
			}
			c.actions[id] = true
		}
		if o["focus_on_load"] == true {
			if c.focused++; c.focused > 1 {
				c.fault(at+"/focus_on_load", "only one element can have focus_on_load")
			}
		}
		if o["response_url_enabled"] == true && (c.surface != inModal || p != inInput) {
			c.fault(at+"/response_url_enabled", "response_url_enabled is for inputs of modals")
		}
	}
}

var elements = map[string]elementKind{
	"image": {inSection, imageElement},
	"button": {inSection | inActions, elementOf(map[string]field{
		"text":                must(text(75, "plain_text")),
		"url":                 may(str(1, maxURL)),
		"value":               may(str(1, 2000)),
		"style":               may(among("primary", "danger")),
		"accessibility_label": may(str(1, 75)),
		"confirm":             may(confirm.check),
	}, nil)},
	"overflow": {inSection | inActions, elementOf(map[string]field{
		"options": must(list(1, 5, option("plain_text"))), "confirm": may(confirm.check),
	}, nil)},
	"checkboxes": {inSection | inActions | inInput, elementOf(map[string]field{
		"options": must(list(1, 10, option("plain_text", "mrkdwn"))), "initial_options": may(list(1, 10, anything)),
		"confirm": may(confirm.check), "focus_on_load": may(boolean),
	}, initialAmong)},
	"radio_buttons": {inSection | inActions | inInput, elementOf(map[string]field{
		"options": must(list(1, 10, option("plain_text", "mrkdwn"))), "initial_option": may(anything),
		"confirm": may(confirm.check), "focus_on_load": may(boolean),
	}, initialAmong)},
	"datepicker": {inSection | inActions | inInput, elementOf(map[string]field{
		"initial_date": may(matching(`^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$`)), "placeholder": may(text(150, "plain_text")),
		"confirm": may(confirm.check), "focus_on_load": may(boolean),
	}, nil)},
	"timepicker": {inSection | inActions | inInput, elementOf(map[string]field{
		"initial_time": may(matching(`^([01]\d|2[0-3]):[0-5]\d$`)), "placeholder": may(text(150, "plain_text")), "timezone": may(str(1, 100)),
		"confirm": may(confirm.check), "focus_on_load": may(boolean),
	}, nil)},
	"plain_text_input": {inInput, elementOf(map[string]field{
		"initial_value": may(str(0, 3000)), "multiline": may(boolean), "placeholder": may(text(150, "plain_text")),
		"min_length": may(whole(0, 3000)), "max_length": may(whole(1, 3000)),
		"dispatch_action_config": may(anything), "focus_on_load": may(boolean),
	}, nil)},
	"email_text_input": {inInput, elementOf(map[string]field{
		"initial_value": may(str(0, 3000)), "placeholder": may(text(150, "plain_text")),
		"dispatch_action_config": may(anything), "focus_on_load": may(boolean),
	}, nil)},
	"static_select":              {inSection | inActions | inInput, selectOf(options, one("option", anything))},
	"users_select":               {inSection | inActions | inInput, selectOf(one("user", str(1, maxID)))},
	"conversations_select":       {inSection | inActions | inInput, selectOf(conversations, one("conversation", str(1, maxID)), responseURL)},
	"channels_select":            {inSection | inActions | inInput, selectOf(one("channel", str(1, maxID)), responseURL)},
	"multi_static_select":        {inSection | inInput, selectOf(options, several("options", anything))},
	"multi_users_select":         {inSection | inInput, selectOf(several("users", str(1, maxID)))},
	"multi_conversations_select": {inSection | inInput, selectOf(conversations, several("conversations", str(1, maxID)))},
	"multi_channels_select":      {inSection | inInput, selectOf(several("channels", str(1, maxID)))},
}

func elementOf(fields map[string]field, also func(*checker, string, map[string]any)) object {
	fields["action_id"] = may(str(1, maxID))
	return object{fields: fields, also: also}
}

// selectOf is a menu with the properties of its kind.
func selectOf(parts ...map[string]field) object {
	fields := map[string]field{
		"placeholder": may(text(150, "plain_text")), "confirm": may(confirm.check), "focus_on_load": may(boolean),
	}
	for _, part := range parts {
		for name, f := range part {
			fields[name] = f
		}
	}
	return elementOf(fields, func(c *checker, at string, o map[string]any) {
		if !strings.HasSuffix(o["type"].(string), "static_select") {
			return
		}
		if (o["options"] == nil) == (o["option_groups"] == nil) {
			c.fault(at, "must have either options or option_groups")
		}
		initialAmong(c, at, o)
	})
}

var options = map[string]field{
	"options": may(list(1, maxOptions, option("plain_text"))),
	"option_groups": may(list(1, maxOptions, object{fields: map[string]field{
		"label": must(text(75, "plain_text")), "options": must(list(1, maxOptions, option("plain_text"))),
	}}.check)),
}

var conversations = map[string]field{
	"default_to_current_conversation": may(boolean),
	"filter": may(object{fields: map[string]field{
		"include":                          may(list(1, 4, among("im", "mpim", "private", "public"))),
		"exclude_external_shared_channels": may(boolean), "exclude_bot_users": may(boolean),
	}}.check),
}

var responseURL = map[string]field{"response_url_enabled": may(boolean)}

func one(what string, k check) map[string]field { return map[string]field{"initial_" + what: may(k)} }

func several(what string, k check) map[string]field {
	return map[string]field{"initial_" + what: may(list(1, maxOptions, k)), "max_selected_items": may(whole(1, maxOptions))}
}

var imageElement = object{fields: map[string]field{
	"image_url": may(str(1, maxURL)), "slack_file": may(slackFile.check), "alt_text": must(str(1, 2000)),
}, also: oneImage}

// option is a choice. Only those of an overflow menu lead to an address.
func option(types ...string) check {
	return object{fields: map[string]field{
		"text": must(text(75, types...)), "value": must(str(1, 75)),
		"description": may(text(75, types...)), "url": may(str(1, maxURL)),
	}}.check
}

// initialAmong wants what is chosen at first to be exactly one of the options.
func initialAmong(c *checker, at string, o map[string]any) {
	all, _ := o["options"].([]any)
	groups, _ := o["option_groups"].([]any)
	for _, g := range groups {
		if group, ok := g.(map[string]any); ok {
			more, _ := group["options"].([]any)
			all = append(slices.Clip(all), more...)
		}
	}
	chosen, _ := o["initial_options"].([]any)
	if first := o["initial_option"]; first != nil {
		chosen = append(slices.Clip(chosen), first)
	}
	for _, choice := range chosen {
		if !slices.ContainsFunc(all, func(other any) bool { return same(choice, other) }) {
			c.fault(at, "initial option does not match any of the options")
		}
	}
}

var confirm = object{fields: map[string]field{
	"title": must(text(100, "plain_text")), "text": must(text(300, "plain_text", "mrkdwn")),
	"confirm": must(text(30, "plain_text")), "deny": must(text(30, "plain_text")),
	"style": may(among("primary", "danger")),
}}

func matching(pattern string) check {
	re := regexp.MustCompile(pattern)
	return func(c *checker, at string, v any) {
		if s, ok := v.(string); !ok || !re.MatchString(s) {
			c.fault(at, "must match %s", pattern)
		}
	}
}
