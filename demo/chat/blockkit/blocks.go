package blockkit

import (
	"encoding/json"
	"fmt"
	"math"
	"unicode/utf8"
)

// Limits of the whole.
const (
	maxMessageBlocks = 50
	maxViewBlocks    = 100
	maxViewBytes     = 250_000
	maxText          = 40_000
	maxMarkdown      = 12_000
	maxID            = 255
	maxURL           = 3000
	maxCharts        = 2
)

var answer = object{fields: map[string]field{
	"response_type":    may(among("ephemeral", "in_channel")),
	"text":             may(str(0, maxText)),
	"blocks":           may(list(0, maxMessageBlocks, block)),
	"replace_original": may(boolean),
	"delete_original":  may(boolean),
	"thread_ts":        may(str(1, maxID)),
	"unfurl_links":     may(boolean),
	"unfurl_media":     may(boolean),
	"mrkdwn":           may(boolean),
}}

var modal = object{fields: map[string]field{
	"type":             must(among("modal")),
	"title":            must(text(24, "plain_text")),
	"submit":           may(text(24, "plain_text")),
	"close":            may(text(24, "plain_text")),
	"blocks":           must(list(0, maxViewBlocks, block)),
	"private_metadata": may(str(0, 3000)),
	"callback_id":      may(str(0, maxID)),
	"external_id":      may(str(0, maxID)),
	"clear_on_close":   may(boolean),
	"notify_on_close":  may(boolean),
	"submit_disabled":  may(boolean),
}}

var homeTab = object{fields: map[string]field{
	"type":             must(among("home")),
	"blocks":           must(list(0, maxViewBlocks, block)),
	"private_metadata": may(str(0, 3000)),
	"callback_id":      may(str(0, maxID)),
	"external_id":      may(str(0, maxID)),
}}

// block is one block; which are allowed depends on where it stands.
func block(c *checker, at string, v any) {
	o, ok := v.(map[string]any)
	if !ok {
		c.fault(at, "must be an object")
		return
	}
	name, _ := o["type"].(string)
	kind, ok := blocks[name]
	if !ok || kind.where&c.surface == 0 {
		c.fault(at+"/type", "unsupported type: %s", name)
		return
	}
	clear(c.actions)
	kind.check(c, at, v)
	if id, _ := o["block_id"].(string); id != "" {
		if c.blockIDs[id] {
			c.fault(at+"/block_id", "block_id already exists: %s", id)
		}
		c.blockIDs[id] = true
	}
}

type blockKind struct {
	where surface
	object
}

var blocks = map[string]blockKind{
	"divider": {everywhere, blockOf(nil, nil)},
	"header": {everywhere, blockOf(map[string]field{
		"text": must(text(150, "plain_text")),
	}, nil)},
	"section": {everywhere, blockOf(map[string]field{
		"text":      may(text(3000, "mrkdwn", "plain_text")),
		"fields":    may(list(1, 10, text(2000, "mrkdwn", "plain_text"))),
		"accessory": may(elementIn(inSection)),
		"expand":    may(boolean),
	}, func(c *checker, at string, o map[string]any) {
		if o["text"] == nil && o["fields"] == nil {
			c.fault(at, "missing required field: text or fields")
		}
	})},
	"context": {everywhere, blockOf(map[string]field{
		"elements": must(list(1, 10, oneOf(map[string]object{
			"mrkdwn": textKind(3000), "plain_text": textKind(3000), "image": imageElement,
		}))),
	}, nil)},
	"actions": {everywhere, blockOf(map[string]field{
		"elements": must(list(1, 25, elementIn(inActions))),
	}, nil)},
	"image": {everywhere, blockOf(map[string]field{
		"image_url":  may(str(1, maxURL)),
		"slack_file": may(slackFile.check),
		"alt_text":   must(str(1, 2000)),
		"title":      may(text(2000, "plain_text")),
	}, oneImage)},
	"input": {everywhere, blockOf(map[string]field{
		"label":           must(text(2000, "plain_text")),
		"hint":            may(text(2000, "plain_text")),
		"element":         must(elementIn(inInput)),
		"optional":        may(boolean),
		"dispatch_action": may(boolean),
	}, func(c *checker, _ string, _ map[string]any) { c.inputs++ })},
	"markdown": {inMessage, object{fields: map[string]field{
		"block_id": may(str(0, maxID)), "text": must(markdown),
	}}},
	"rich_text": {everywhere, blockOf(map[string]field{"elements": must(list(1, 100, richText))}, nil)},
	"table": {inMessage, blockOf(map[string]field{
		"rows":            must(list(1, 100, list(1, 20, cell))),
		"column_settings": may(list(0, 20, object{fields: map[string]field{"align": may(among("left", "center", "right")), "is_wrapped": may(boolean)}}.check)),
	}, func(c *checker, at string, _ map[string]any) {
		if c.tables++; c.tables > 1 {
			c.fault(at, "only_one_table_allowed")
		}
	})},
	"data_visualization": {inMessage, blockOf(map[string]field{
		"title": must(str(1, 50)), "chart": must(oneOf(charts)),
	}, func(c *checker, at string, _ map[string]any) {
		if c.charts++; c.charts > maxCharts {
			c.fault(at, "no more than %d data_visualization blocks allowed", maxCharts)
		}
	})},
}

func blockOf(fields map[string]field, also func(*checker, string, map[string]any)) object {
	all := map[string]field{"block_id": may(str(0, maxID))}
	for name, f := range fields {
		all[name] = f
	}
	return object{fields: all, also: also}
}

// markdown bounds the markdown blocks of a message together.
func markdown(c *checker, at string, v any) {
	str(1, maxMarkdown)(c, at, v)
	s, _ := v.(string)
	if c.markdown += utf8.RuneCountInString(s); c.markdown > maxMarkdown {
		c.fault(at, "markdown text must be less than %d characters together", maxMarkdown+1)
	}
}

// richText is looked at as deep as its parts' kinds.
func richText(c *checker, at string, v any) {
	part := object{fields: map[string]field{
		"elements": must(list(0, 1000, richPart)), "style": may(among("bullet", "ordered")),
		"indent": may(whole(0, 8)), "offset": may(whole(0, 1000)), "border": may(whole(0, 1)),
	}}
	oneOf(map[string]object{
		"rich_text_section": part, "rich_text_list": part, "rich_text_quote": part, "rich_text_preformatted": part,
	})(c, at, v)
}

// richPart is a piece of rich text, whose own properties are not looked at.
func richPart(c *checker, at string, v any) {
	o, ok := v.(map[string]any)
	if !ok {
		c.fault(at, "must be an object")
		return
	}
	for _, name := range []string{"type", "text", "url", "user_id", "channel_id"} {
		if s, ok := o[name].(string); o[name] != nil && (!ok || name == "type" && s == "") {
			c.fault(at+"/"+name, "must be a string")
		}
	}
	if parts, ok := o["elements"].([]any); ok {
		for i, part := range parts {
			richPart(c, fmt.Sprintf("%s/elements/%d", at, i), part)
		}
	} else if o["elements"] != nil {
		c.fault(at+"/elements", "must be an array")
	}
}

// cell is a cell of a table; an empty one is null.
func cell(c *checker, at string, v any) {
	if v == nil {
		return
	}
	oneOf(map[string]object{
		"raw_text":   {fields: map[string]field{"text": must(str(1, 3000))}},
		"raw_number": {fields: map[string]field{"value": must(number(-math.MaxFloat64, math.MaxFloat64)), "text": may(str(0, 3000))}},
		"rich_text":  {fields: map[string]field{"elements": must(list(1, 100, richText))}},
	})(c, at, v)
}

var slackFile = object{fields: map[string]field{"id": may(str(1, maxID)), "url": may(str(1, maxURL))}}

func oneImage(c *checker, at string, o map[string]any) {
	if (o["image_url"] == nil) == (o["slack_file"] == nil) {
		c.fault(at, "must have either image_url or slack_file")
	}
}

// text is a text object of one of some types.
func text(most int, types ...string) check {
	return func(c *checker, at string, v any) {
		o, ok := v.(map[string]any)
		if !ok {
			c.fault(at, "must be an object")
			return
		}
		among(types...)(c, at+"/type", o["type"])
		textKind(most).check(c, at, v)
	}
}

func textKind(most int) object {
	return object{
		fields: map[string]field{"text": must(str(1, most)), "emoji": may(boolean), "verbatim": may(boolean)},
		also: func(c *checker, at string, o map[string]any) {
			if o["type"] == "mrkdwn" && o["emoji"] != nil {
				c.fault(at+"/emoji", "invalid additional property: emoji")
			}
			if o["type"] == "plain_text" && o["verbatim"] != nil {
				c.fault(at+"/verbatim", "invalid additional property: verbatim")
			}
		},
	}
}

// same tells whether two values are the same JSON.
func same(a, b any) bool {
	x, _ := json.Marshal(a) // what was decoded can be encoded
	y, _ := json.Marshal(b)
	return string(x) == string(y)
}
