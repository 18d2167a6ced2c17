package chat

import (
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

// Block is a part of a message in Block Kit.
type Block struct {
	Type     string    `json:"type"`
	ID       string    `json:"block_id,omitempty"`
	Text     *Text     `json:"text,omitempty"`
	Fields   []Text    `json:"fields,omitempty"`
	Elements []Element `json:"elements,omitempty"`
}

// Text is a text object.
type Text struct {
	Type     string `json:"type"`
	Text     string `json:"text"`
	Verbatim bool   `json:"verbatim,omitempty"`
}

// Element is a part of a context or actions block: a text object, whose text is a string, or
// something to press, whose text is a text object.
type Element struct {
	Type     string          `json:"type"`
	Text     json.RawMessage `json:"text,omitempty"`
	Verbatim bool            `json:"verbatim,omitempty"`
	ActionID string          `json:"action_id,omitempty"`
	Value    string          `json:"value,omitempty"`
	URL      string          `json:"url,omitempty"`
}

// words is the element's text, whichever way it is given.
func (e Element) words() string {
	var s string
	if json.Unmarshal(e.Text, &s) == nil {
		return s
	}
	var t Text
	_ = json.Unmarshal(e.Text, &t)
	return t.Text
}

// Limits of Block Kit, in characters or pieces.
const (
	maxBlocks   = 50
	maxSection  = 3000
	maxFields   = 10
	maxField    = 2000
	maxHeader   = 150
	maxContext  = 10
	maxActions  = 25
	maxButton   = 75
	maxIDLength = 255
)

// checkBlocks tells what Slack would find wrong with a message's blocks.
func checkBlocks(blocks []Block) []string {
	var faults []string
	if len(blocks) > maxBlocks {
		faults = append(faults, fmt.Sprintf("[ERROR] no more than %d items allowed [json-pointer:/blocks]", maxBlocks))
	}
	ids := map[string]bool{}
	for i, b := range blocks {
		if b.ID != "" && (ids[b.ID] || utf8.RuneCountInString(b.ID) > maxIDLength) {
			faults = append(faults, fmt.Sprintf("[ERROR] block_id is not unique or too long [json-pointer:/blocks/%d/block_id]", i))
		}
		ids[b.ID] = true
		if fault := b.fault(); fault != "" {
			faults = append(faults, fmt.Sprintf("[ERROR] %s [json-pointer:/blocks/%d]", fault, i))
		}
	}
	return faults
}

func (b Block) fault() string {
	switch b.Type {
	case "divider":
		return ""
	case "header":
		return b.Text.fault(maxHeader, "plain_text")
	case "section":
		return b.sectionFault()
	case "context":
		return elementFaults(b.Elements, maxContext, maxSection)
	case "actions":
		return elementFaults(b.Elements, maxActions, maxButton)
	default:
		return "unsupported type: " + b.Type
	}
}

func (b Block) sectionFault() string {
	if b.Text == nil && len(b.Fields) == 0 {
		return "missing required field: text or fields"
	}
	if len(b.Fields) > maxFields {
		return "too many fields"
	}
	for _, f := range b.Fields {
		if fault := f.fault(maxField, "mrkdwn", "plain_text"); fault != "" {
			return fault
		}
	}
	if b.Text == nil {
		return ""
	}
	return b.Text.fault(maxSection, "mrkdwn", "plain_text")
}

func elementFaults(list []Element, most, longest int) string {
	if len(list) == 0 || len(list) > most {
		return fmt.Sprintf("must have 1 to %d elements", most)
	}
	for _, e := range list {
		if n := utf8.RuneCountInString(e.words()); n == 0 || n > longest {
			return fmt.Sprintf("an element's text must have 1 to %d characters", longest)
		}
	}
	return ""
}

func (t *Text) fault(longest int, types ...string) string {
	if t == nil {
		return "missing required field: text"
	}
	if n := utf8.RuneCountInString(t.Text); n == 0 || n > longest {
		return fmt.Sprintf("text must have 1 to %d characters", longest)
	}
	for _, want := range types {
		if t.Type == want {
			return ""
		}
	}
	return "wrong type of text: " + t.Type
}
