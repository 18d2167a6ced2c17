package blockkit

import (
	"encoding/json"
	"fmt"
)

// Block is a block as it is drawn and used: the properties of all kinds side by side.
type Block struct {
	Type      string    `json:"type"`
	ID        string    `json:"block_id,omitempty"`
	Text      *Text     `json:"text,omitempty"`
	Fields    []Text    `json:"fields,omitempty"`
	Accessory *Element  `json:"accessory,omitempty"`
	Elements  []Element `json:"elements,omitempty"`
	Label     *Text     `json:"label,omitempty"` // input
	Hint      *Text     `json:"hint,omitempty"`
	Element   *Element  `json:"element,omitempty"`
	Optional  bool      `json:"optional,omitempty"`
	Dispatch  bool      `json:"dispatch_action,omitempty"`
	Title     *Text     `json:"title,omitempty"` // image, data_visualization
	ImageURL  string    `json:"image_url,omitempty"`
	Alt       string    `json:"alt_text,omitempty"`
	Chart     *Chart    `json:"chart,omitempty"`
	Rows      [][]*Cell `json:"rows,omitempty"` // table
}

// Text is a text object. Where Slack takes a bare string, it is one of plain text.
type Text struct {
	Type     string `json:"type"`
	Text     string `json:"text"`
	Verbatim bool   `json:"verbatim,omitempty"`
}

// UnmarshalJSON takes a text object or a string.
func (t *Text) UnmarshalJSON(raw []byte) error {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		*t = Text{Type: "plain_text", Text: s}
		return nil
	}
	type bare Text
	return json.Unmarshal(raw, (*bare)(t))
}

// Element is an element of a block: a text, an image, or something to use.
type Element struct {
	Type     string `json:"type"`
	ActionID string `json:"action_id,omitempty"`
	Text     *Text  `json:"text,omitempty"`
	Verbatim bool   `json:"verbatim,omitempty"`
	Value    string `json:"value,omitempty"`
	URL      string `json:"url,omitempty"`
	Style    any    `json:"style,omitempty"` // a word, or an object in rich text
	ImageURL string `json:"image_url,omitempty"`
	Alt      string `json:"alt_text,omitempty"`
	Says     string `json:"accessibility_label,omitempty"`

	Placeholder  *Text    `json:"placeholder,omitempty"`
	Confirm      *Confirm `json:"confirm,omitempty"`
	Options      []Option `json:"options,omitempty"`
	OptionGroups []struct {
		Label   Text     `json:"label"`
		Options []Option `json:"options"`
	} `json:"option_groups,omitempty"`
	InitialOption        *Option  `json:"initial_option,omitempty"`
	InitialOptions       []Option `json:"initial_options,omitempty"`
	InitialUser          string   `json:"initial_user,omitempty"`
	InitialUsers         []string `json:"initial_users,omitempty"`
	InitialChannel       string   `json:"initial_channel,omitempty"`
	InitialChannels      []string `json:"initial_channels,omitempty"`
	InitialConversation  string   `json:"initial_conversation,omitempty"`
	InitialConversations []string `json:"initial_conversations,omitempty"`
	InitialDate          string   `json:"initial_date,omitempty"`
	InitialTime          string   `json:"initial_time,omitempty"`
	InitialValue         string   `json:"initial_value,omitempty"`
	ToCurrent            bool     `json:"default_to_current_conversation,omitempty"`
	ResponseURL          bool     `json:"response_url_enabled,omitempty"`
	Filter               *Filter  `json:"filter,omitempty"`
	MaxSelected          int      `json:"max_selected_items,omitempty"`
	Multiline            bool     `json:"multiline,omitempty"`
	MinLength            int      `json:"min_length,omitempty"`
	MaxLength            int      `json:"max_length,omitempty"`
	FocusOnLoad          bool     `json:"focus_on_load,omitempty"`

	Elements  []Element `json:"elements,omitempty"` // of rich text
	UserID    string    `json:"user_id,omitempty"`
	ChannelID string    `json:"channel_id,omitempty"`
}

// Option is a choice of a menu or a group of boxes.
type Option struct {
	Text        Text   `json:"text"`
	Value       string `json:"value"`
	Description *Text  `json:"description,omitempty"`
	URL         string `json:"url,omitempty"`
}

// Choices are all options, those of groups too.
func (e Element) Choices() []Option {
	list := append([]Option(nil), e.Options...)
	for _, g := range e.OptionGroups {
		list = append(list, g.Options...)
	}
	return list
}

// Filter bounds the conversations that a menu offers.
type Filter struct {
	Include         []string `json:"include,omitempty"`
	ExcludeExternal bool     `json:"exclude_external_shared_channels,omitempty"`
	ExcludeBots     bool     `json:"exclude_bot_users,omitempty"`
}

// Confirm is asked before an element acts.
type Confirm struct {
	Title   Text   `json:"title"`
	Text    Text   `json:"text"`
	Confirm Text   `json:"confirm"`
	Deny    Text   `json:"deny"`
	Style   string `json:"style,omitempty"`
}

// Chart is what a data_visualization block draws.
type Chart struct {
	Type     string   `json:"type"` // pie, bar, line or area
	Segments []Point  `json:"segments,omitempty"`
	Series   []Series `json:"series,omitempty"`
	Axes     struct {
		Categories []string `json:"categories,omitempty"`
		X          string   `json:"x_label,omitempty"`
		Y          string   `json:"y_label,omitempty"`
	} `json:"axis_config,omitempty"`
}

// Series is one line, or one colour of bars.
type Series struct {
	Name string  `json:"name"`
	Data []Point `json:"data"`
}

// Point is one figure.
type Point struct {
	Label string  `json:"label"`
	Value float64 `json:"value"`
}

// Cell is a cell of a table.
type Cell struct {
	Type     string      `json:"type"`
	Text     string      `json:"text,omitempty"`
	Value    json.Number `json:"value,omitempty"`
	Elements []Element   `json:"elements,omitempty"`
}

// Fill gives ids to blocks and elements that have none, as Slack does, and leaves all else as it is.
func Fill(blocks json.RawMessage, id func() string) (json.RawMessage, error) {
	var list []map[string]any
	if err := json.Unmarshal(blocks, &list); err != nil {
		return nil, fmt.Errorf("blockkit: %w", err)
	}
	for _, b := range list {
		if b["block_id"] == nil || b["block_id"] == "" {
			b["block_id"] = id()
		}
		for _, v := range append(asList(b["elements"]), b["accessory"], b["element"]) {
			e, ok := v.(map[string]any)
			if ok && acts(e) && e["action_id"] == nil {
				e["action_id"] = id()
			}
		}
	}
	return json.Marshal(list)
}

func asList(v any) []any {
	list, _ := v.([]any)
	return append([]any(nil), list...)
}

// acts tells an element that can be used from a text or an image.
func acts(e map[string]any) bool {
	name, _ := e["type"].(string)
	kind, ok := elements[name]
	return ok && kind.where != 0 && name != "image"
}
