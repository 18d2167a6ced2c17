package bot

import (
	"bytes"
	"encoding/json"

	"github.com/slack-go/slack"
)

func inboundCommand(c slack.SlashCommand) Inbound {
	return Inbound{
		Kind: KindCommand, Key: c.TriggerID, Team: c.TeamID,
		User: c.UserID, Channel: c.ChannelID, Text: c.Text,
	}
}

func inboundInteraction(c slack.InteractionCallback) Inbound {
	return Inbound{
		Kind: KindInteraction, Key: c.TriggerID, Team: c.Team.ID,
		User: c.User.ID, Channel: c.Channel.ID,
	}
}

// maxPayload keeps an answer below the 20 kB of Socket Mode, above which Slack drops it without a
// word; its envelope needs some of that too.
const maxPayload = 19_000

// payload is the answer as Slack reads it; nil for one that only acknowledges. An answer that is
// too large goes without its blocks, whose words are all in the text.
func (a Ack) payload() json.RawMessage {
	if a.Text == "" {
		return nil
	}
	body := a.encode()
	if len(body) > maxPayload {
		a.Blocks = nil
		body = a.encode()
	}
	for n := len([]rune(a.Text)); len(body) > maxPayload; {
		n /= 2
		a.Text = clip(a.Text, n)
		body = a.encode()
	}
	return body
}

func (a Ack) encode() json.RawMessage {
	var b bytes.Buffer
	// Strings and slices of them cannot fail to encode.
	_ = json.NewEncoder(&b).Encode(struct {
		Type        string  `json:"response_type"`
		Text        string  `json:"text"`
		Blocks      []block `json:"blocks,omitempty"`
		UnfurlLinks bool    `json:"unfurl_links"`
		UnfurlMedia bool    `json:"unfurl_media"`
	}{"ephemeral", a.Text, a.Blocks, false, false})
	return bytes.TrimSpace(b.Bytes())
}
