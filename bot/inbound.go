package bot

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"

	"github.com/slack-go/slack"
)

// Kind is what Slack tells us of.
type Kind string

// The kinds of what comes in.
const (
	KindCommand     Kind = "command"     // somebody typed a command
	KindInteraction Kind = "interaction" // somebody pressed or submitted something
	KindEvent       Kind = "event"       // something happened in the workspace
)

// Inbound is one thing that came in from Slack, the same by HTTP and by Socket Mode, and verified.
type Inbound struct {
	Kind    Kind
	Key     string // names it over repeated deliveries; empty: unknown
	Team    string // the user's, which in a shared channel need not be ours
	User    string
	Channel string
	Text    string // of a command, without the command itself
	Trigger string // opens a modal, once and within three seconds
	Reply   string // the response_url: for half an hour, five times
	Action  string // what was pressed: an action_id; of a submission, the modal's callback_id
	Value   string // of what was pressed or chosen
	View    view   // in which it was pressed; zero: in a message
	Event   event
}

// view is a modal or Home tab as it comes back from Slack.
type view struct {
	ID, Hash, Type string // Type: modal or home
	Metadata       string // private_metadata, as it was given
	Submitted      bool
	Values         map[string]string // of a submission: what was filled in, by action_id
}

func inboundCommand(c slack.SlashCommand) Inbound {
	return Inbound{
		Kind: KindCommand, Key: c.TriggerID, Team: c.TeamID, User: c.UserID, Channel: c.ChannelID,
		Text: c.Text, Trigger: c.TriggerID, Reply: c.ResponseURL,
	}
}

func inboundInteraction(c slack.InteractionCallback) Inbound {
	in := Inbound{
		Kind: KindInteraction, Key: c.TriggerID, Team: cmp.Or(c.User.TeamID, c.Team.ID), User: c.User.ID,
		Channel: cmp.Or(c.Channel.ID, c.Container.ChannelID), Trigger: c.TriggerID, Reply: c.ResponseURL,
		Action: c.CallbackID,
		View:   view{ID: c.View.ID, Hash: c.View.Hash, Type: string(c.View.Type), Metadata: c.View.PrivateMetadata},
	}
	switch c.Type {
	case slack.InteractionTypeBlockActions:
		if len(c.ActionCallback.BlockActions) > 0 {
			a := c.ActionCallback.BlockActions[0]
			in.Action, in.Value = a.ActionID, chosen(*a)
		}
	case slack.InteractionTypeViewSubmission:
		in.Action, in.View.Submitted, in.View.Values = c.View.CallbackID, true, map[string]string{}
		if c.View.State == nil {
			break
		}
		for _, block := range c.View.State.Values {
			for id, a := range block {
				in.View.Values[id] = chosen(a)
			}
		}
	case slack.InteractionTypeViewClosed:
		in.Action = ""
	}
	return in
}

// chosen is the one value that an element has.
func chosen(a slack.BlockAction) string {
	return cmp.Or(a.Value, a.SelectedOption.Value, a.SelectedConversation, a.SelectedChannel, a.SelectedUser, a.SelectedTime)
}

// Ack is the answer that goes back at once, for the sender's eyes alone. The zero Ack only
// acknowledges.
type Ack struct {
	Text   string
	Blocks []block
	view   *modal            // of a submission: what the modal becomes
	errors map[string]string // of a submission: what is wrong, by block_id
	// then is what remains to be done when the answer is on its way; nil: nothing.
	then func(ctx context.Context)
}

// maxPayload keeps an answer below the 20 kB of Socket Mode, above which Slack drops it without a
// word; its envelope needs some of that too.
const maxPayload = 19_000

// payload is the answer as Slack reads it; nil for one that only acknowledges. An answer that is
// too large goes without its blocks, whose words are all in the text.
func (a Ack) payload() json.RawMessage {
	switch {
	case a.errors != nil:
		return encode(map[string]any{"response_action": "errors", "errors": a.errors})
	case a.view != nil:
		return encode(map[string]any{"response_action": "update", "view": a.view})
	case a.Text == "":
		return nil
	}
	return a.fitted().encode()
}

// fitted is the answer cut to what Slack takes.
func (a Ack) fitted() Ack {
	if len(a.encode()) > maxPayload {
		a.Blocks = nil
	}
	for n := len([]rune(a.Text)); len(a.encode()) > maxPayload; {
		n /= 2
		a.Text = clip(a.Text, n)
	}
	return a
}

func (a Ack) encode() json.RawMessage {
	return encode(shown{Type: "ephemeral", Text: a.Text, Blocks: a.Blocks})
}

// shown is a message as an answer to a command or to a press.
type shown struct {
	Type        string  `json:"response_type"` // ephemeral or in_channel
	Replace     *bool   `json:"replace_original,omitempty"`
	Text        string  `json:"text"`
	Blocks      []block `json:"blocks,omitempty"`
	UnfurlLinks bool    `json:"unfurl_links"`
	UnfurlMedia bool    `json:"unfurl_media"`
}

// encode writes what is made of strings, numbers and their like, which cannot fail.
func encode(v any) json.RawMessage {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v)
	return bytes.TrimSpace(b.Bytes())
}
