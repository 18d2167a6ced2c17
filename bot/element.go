package bot

import (
	"strconv"
	"strings"

	"viesti/i18n"
)

// element is a part of a block that can be used: a button, a menu, a field.
type element struct {
	Type     string  `json:"type"` // button, static_select, conversations_select, plain_text_input
	ActionID string  `json:"action_id"`
	Text     *plain  `json:"text,omitempty"`
	Value    string  `json:"value,omitempty"`
	Style    string  `json:"style,omitempty"` // primary or danger
	Confirm  *dialog `json:"confirm,omitempty"`

	Placeholder *plain   `json:"placeholder,omitempty"`
	Options     []option `json:"options,omitempty"`
	Initial     *option  `json:"initial_option,omitempty"`

	InitialValue string `json:"initial_value,omitempty"`
	Multiline    bool   `json:"multiline,omitempty"`
	MaxLength    int    `json:"max_length,omitempty"`

	InitialConversation string  `json:"initial_conversation,omitempty"`
	Filter              *filter `json:"filter,omitempty"`
}

// plain is a text object without formatting.
type plain struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

// plainText is words of at most n characters. Slack makes no mention of what stands in angle
// brackets here; they are changed all the same, for whoever passes the words on.
func plainText(s string, n int) *plain {
	return &plain{Type: "plain_text", Text: clip(brackets.Replace(oneLine(s)), n)}
}

var brackets = strings.NewReplacer("<", "‹", ">", "›")

// option is one choice of a menu.
type option struct {
	Text  *plain `json:"text"`
	Value string `json:"value"`
}

// dialog asks whether somebody is sure.
type dialog struct {
	Title   *plain `json:"title"`
	Text    *plain `json:"text"`
	Confirm *plain `json:"confirm"`
	Deny    *plain `json:"deny"`
}

// filter keeps channels out of a list.
type filter struct {
	Include         []string `json:"include"`
	ExcludeExternal bool     `json:"exclude_external_shared_channels"`
	ExcludeBots     bool     `json:"exclude_bot_users"`
}

// Slack's limits for what can be used, in characters; Slack itself shows about 30 of a button.
const (
	maxButton      = 75
	shortButton    = 40
	maxOption      = 75
	maxPlaceholder = 150
	maxValue       = 2000
	maxOptions     = 100
	maxRow         = 5 // buttons in a row; Slack takes 25, but more than these are no row any more
	maxDialogTitle = 100
	maxDialogText  = 300
	maxDialogWord  = 30
)

// actionID names what can be pressed: what it does, the language of the reply, and a number that
// makes it unique within a message.
func actionID(action string, l i18n.Lang, n int) string {
	return action + "/" + string(l) + "/" + strconv.Itoa(n)
}

// parseAction takes an action id apart. What is not of our making has no language.
func parseAction(id string) (action string, l i18n.Lang) {
	action, rest, _ := strings.Cut(id, "/")
	lang, _, _ := strings.Cut(rest, "/")
	l, _ = i18n.ParseLang(lang)
	return action, l
}

// button is a button with the words of a key that does an action with a value. A value above
// maxValue characters is refused by Slack.
func (r *reply) button(key, action, value string) *element {
	return r.named(r.t(key, nil), action, value)
}

// named is a button with any words.
func (r *reply) named(words, action, value string) *element {
	return &element{Type: "button", ActionID: r.action(action), Text: plainText(words, maxButton), Value: value}
}

// action is an action id that no other element of this reply has.
func (r *reply) action(action string) string {
	r.serial++
	return actionID(action, r.lang, r.serial)
}

// choice is a menu that does an action with what is chosen from it.
func (r *reply) choice(key, action string, options []option) *element {
	return &element{
		Type: "static_select", ActionID: r.action(action), Placeholder: plainText(r.t(key, nil), maxPlaceholder),
		Options: options[:min(len(options), maxOptions)],
	}
}

func choose(words, value string) option { return option{plainText(words, maxOption), value} }
