package bot

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"viesti/outbox"
)

// event is what happened in the workspace. Who did it and in which channel stands in the Inbound.
type event struct {
	Type       string
	Tab        string // of app_home_opened: home or messages
	ViewHash   string // of app_home_opened: names the view that is shown, empty for none
	NewChannel string // of channel_id_changed
	BotToken   bool   // of tokens_revoked: the bot's own is among them
}

// The types of events that have handlers.
const (
	eventUninstalled   = "app_uninstalled"
	eventTokensRevoked = "tokens_revoked"
	eventChannelID     = "channel_id_changed"
	eventHomeOpened    = "app_home_opened"
)

// events are what we ask Slack to tell us of, and what is done then. The manifest asks for these
// and no others: what we are not told, we cannot keep.
var events = map[string]func(b *Bot, ctx context.Context, in Inbound){
	eventUninstalled:    (*Bot).uninstalled,
	eventTokensRevoked:  (*Bot).uninstalled,
	"channel_archive":   channelIs(codeArchived),
	"group_archive":     channelIs(codeArchived),
	"channel_deleted":   channelIs(codeNoChannel),
	"group_deleted":     channelIs(codeNoChannel),
	"channel_left":      channelIs(codeNotInChannel),
	"group_left":        channelIs(codeNotInChannel),
	"channel_unarchive": channelIs(""),
	"group_unarchive":   channelIs(""),
	eventChannelID:      (*Bot).channelMoved,
	eventHomeOpened:     (*Bot).homeOpened,
}

// eventTypes are the types we ask for, in order.
func eventTypes() []string { return slices.Sorted(maps.Keys(events)) }

// eventTime is how long the work that an event makes may take.
const eventTime = 30 * time.Second

// happened takes an event. What it calls for is done after its acknowledgement: Slack waits three
// seconds for that, and what we do may ask Slack for something.
func (b *Bot) happened(in Inbound) Ack {
	do, ok := events[in.Event.Type]
	if !ok {
		b.log.Debug("slack event of no concern", "type", in.Event.Type)
		return Ack{}
	}
	return Ack{then: func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, eventTime)
		defer cancel()
		do(b, ctx, in)
	}}
}

// uninstalled notes that the app or its token is gone. Posting stops before Slack refuses it.
func (b *Bot) uninstalled(_ context.Context, in Inbound) {
	if in.Event.Type == eventTokensRevoked && !in.Event.BotToken {
		return // somebody took back their own
	}
	b.log.Error("slack took the installation away", "event", in.Event.Type)
	b.health.lose(in.Event.Type)
}

// gone tells whether Slack took the installation away, and what that means for a post. It asks
// before each try, of which there are few: the carrier rests between them, longer each time.
func (b *Bot) gone(ctx context.Context) (outbox.Outcome, bool) {
	code, lost := b.health.lost()
	if !lost {
		return outbox.Outcome{}, false
	}
	if _, err := b.port.authTest(ctx); err == nil {
		return outbox.Outcome{}, false // it is there again
	}
	reply := outbox.Reply{Class: outbox.BadSetup, Code: code}
	return outbox.Outcome{State: outbox.Retrying, Hold: true, Reply: reply}, true
}

// channelIs notes what is wrong with a channel, or with an empty code that nothing is any more.
func channelIs(code string) func(*Bot, context.Context, Inbound) {
	return func(b *Bot, _ context.Context, in Inbound) { b.health.channelIs(in.Channel, code) }
}

// channelMoved notes that a channel has another id now, which lists of networks do not know.
func (b *Bot) channelMoved(_ context.Context, in Inbound) {
	b.health.put(Problem{Channel: in.Channel, Code: eventChannelID, Needed: in.Event.NewChannel})
}

// envelope is the outer part of an event.
type envelope struct {
	Type      string          `json:"type"`
	Challenge string          `json:"challenge"`
	EventID   string          `json:"event_id"`
	TeamID    string          `json:"team_id"`
	Event     json.RawMessage `json:"event"`
}

// inbound is the event as this room knows it. Parts that are not there, or not as Slack describes
// them, are empty: an event that cannot be read is still acknowledged.
func (e envelope) inbound() Inbound {
	var inner struct {
		Type       string `json:"type"`
		User       any    `json:"user"`
		Channel    any    `json:"channel"`
		OldChannel string `json:"old_channel_id"`
		NewChannel string `json:"new_channel_id"`
		Tab        string `json:"tab"`
		View       struct {
			Hash string `json:"hash"`
		} `json:"view"`
		Tokens struct {
			Bot []string `json:"bot"`
		} `json:"tokens"`
	}
	_ = json.Unmarshal(e.Event, &inner)
	in := Inbound{
		Kind: KindEvent, Key: e.EventID, Team: e.TeamID, User: idOf(inner.User), Channel: idOf(inner.Channel),
		Event: event{
			Type: inner.Type, Tab: inner.Tab, ViewHash: inner.View.Hash,
			NewChannel: inner.NewChannel, BotToken: len(inner.Tokens.Bot) > 0,
		},
	}
	if in.Channel == "" {
		in.Channel = inner.OldChannel
	}
	if in.Event.Type == "" {
		in.Event.Type = e.Type // app_rate_limited has no inner part
	}
	return in
}

// idOf is an id that comes by itself or, in some events, within what it names.
func idOf(v any) string {
	if whole, ok := v.(map[string]any); ok {
		v = whole["id"]
	}
	id, _ := v.(string)
	return id
}
