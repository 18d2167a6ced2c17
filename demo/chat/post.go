package chat

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"viesti/demo/chat/blockkit"
)

// Limits of a message, in characters. Slack cuts a longer text; this server refuses it.
const (
	maxText     = 40_000
	maxUpdate   = 4000
	maxMetadata = 8000 // bytes; Slack's own is not published
	maxMarkdown = 12_000
)

// Post is one message in a channel.
type Post struct {
	TS       string
	Channel  string
	Thread   string // ts of the message that it answers; empty: none
	User     string // who wrote it; empty: the app
	Only     string // the one user who sees it; empty: everybody
	Text     string
	Blocks   []Block
	Raw      json.RawMessage // the blocks as they were sent, with the ids that Slack gives
	Metadata *Metadata
	Files    []File
	Edited   int // how often it was changed
	// UnfurlLinks and UnfurlMedia are the flags as they were sent; empty: not sent, which
	// makes Slack visit every link in the post.
	UnfurlLinks, UnfurlMedia string
}

// Metadata is what an app attached to its post.
type Metadata struct {
	EventType    string         `json:"event_type"`
	EventPayload map[string]any `json:"event_payload"`
}

// Posts are the messages in a channel that everybody sees, oldest first.
func (s *Server) Posts(channel string) []Post { return s.Seen(channel, "") }

// DMs are the messages between the app and a user, oldest first.
func (s *Server) DMs(user string) []Post { return s.Posts(direct(user)) }

// Seen are the messages in a channel that a user sees, those to them alone too, oldest first.
func (s *Server) Seen(channel, user string) []Post {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Post
	for _, p := range s.posts {
		if p.Channel == channel && (p.Only == "" || p.Only == user) {
			list = append(list, p)
		}
	}
	return list
}

// add puts a message into its channel and gives it its ts. The caller holds mu.
func (s *Server) add(p Post) Post {
	s.lastTS = max(s.lastTS+1, s.options.Now().UnixMicro())
	p.TS = stamp(s.lastTS)
	s.posts = append(s.posts, p)
	return p
}

// say adds a message that did not come by the API.
func (s *Server) say(p Post) Post {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.add(p)
}

// find is the message with a ts. The caller holds mu.
func (s *Server) find(channel, ts string) (*Post, bool) {
	for i := range s.posts {
		if s.posts[i].Channel == channel && s.posts[i].TS == ts {
			return &s.posts[i], true
		}
	}
	return nil, false
}

// drop takes a message away. The caller holds mu.
func (s *Server) drop(channel, ts string) {
	s.posts = slices.DeleteFunc(s.posts, func(p Post) bool { return p.Channel == channel && p.TS == ts })
}

// target is the channel that a message is to go to; for a user's id it is the direct message.
func (c *call) target(id string) (*Channel, object) {
	if strings.HasPrefix(id, "U") || strings.HasPrefix(id, "W") {
		ch, _, code := c.openDirect(id)
		switch code {
		case "":
			return ch, nil
		case "user_not_found":
			code = "channel_not_found"
		}
		return nil, refusal(code)
	}
	ch, ok := c.channel(id)
	switch {
	case !ok, ch.Private && !ch.Joined:
		return nil, refusal("channel_not_found")
	case ch.Archived:
		return nil, refusal("is_archived")
	case ch.User != "":
		return c.openDirectOf(ch)
	case !ch.Joined && !slices.Contains(c.options.Scopes, "chat:write.public"):
		return nil, refusal("not_in_channel")
	}
	return ch, nil
}

// openDirectOf looks again whether somebody can be written to.
func (c *call) openDirectOf(ch *Channel) (*Channel, object) {
	if _, _, code := c.openDirect(ch.User); code != "" {
		return nil, refusal(code)
	}
	return ch, nil
}

// postMessage checks a post as Slack does, in the order in which its errors are met.
func (c *call) postMessage() object {
	ch, refused := c.target(c.args.Get("channel"))
	if refused != nil {
		return refused
	}
	p := Post{Channel: ch.ID, UnfurlLinks: c.args.Get("unfurl_links"), UnfurlMedia: c.args.Get("unfurl_media")}
	if refused := c.fill(&p, maxText); refused != nil {
		return refused
	}
	if wait := c.tooSoon(ch.ID); wait > 0 {
		return c.limited(wait)
	}
	p = c.add(p)
	return object{"ok": true, "channel": ch.ID, "ts": p.TS, "message": p.object(true)}
}

// message is the one that a call names, which everybody in its channel sees.
func (c *call) message(ts string) (*Channel, *Post, object) {
	ch, ok := c.channel(c.args.Get("channel"))
	if !ok || ch.Private && !ch.Joined {
		return nil, nil, refusal("channel_not_found")
	}
	p, ok := c.find(ch.ID, ts)
	if !ok || p.Only != "" {
		return nil, nil, refusal("message_not_found")
	}
	return ch, p, nil
}

func (c *call) update() object {
	ch, p, refused := c.message(c.args.Get("ts"))
	switch {
	case refused != nil:
		return refused
	case ch.Archived:
		return refusal("is_archived")
	case p.User != "":
		return refusal("cant_update_message")
	}
	changed := *p
	if refused := c.fill(&changed, maxUpdate); refused != nil {
		return refused
	}
	changed.Edited++
	*p = changed
	return object{"ok": true, "channel": ch.ID, "ts": p.TS, "text": p.Text, "message": p.object(true)}
}

func (c *call) postEphemeral() object {
	ch, refused := c.target(c.args.Get("channel"))
	if refused != nil {
		return refused
	}
	if !c.has(ch, c.args.Get("user")) {
		return refusal("user_not_in_channel")
	}
	p := Post{Channel: ch.ID, Only: c.args.Get("user")}
	if refused := c.fill(&p, maxText); refused != nil {
		return refused
	}
	if p.Metadata != nil {
		return refusal("invalid_arguments", "[ERROR] unknown argument: metadata")
	}
	return object{"ok": true, "message_ts": c.add(p).TS}
}

func (c *call) remove() object {
	ch, p, refused := c.message(c.args.Get("ts"))
	switch {
	case refused != nil:
		return refused
	case p.User != "":
		return refusal("cant_delete_message")
	}
	ts := p.TS
	c.drop(ch.ID, ts)
	return object{"ok": true, "channel": ch.ID, "ts": ts}
}

func (c *call) permalink() object {
	ch, p, refused := c.message(c.args.Get("message_ts"))
	if refused != nil {
		return refused
	}
	return object{"ok": true, "channel": ch.ID, "permalink": c.base + "/archives/" + ch.ID + "/p" + strings.ReplaceAll(p.TS, ".", "")}
}

// fill reads what a post carries beside its channel. What an update leaves out stays as it was.
func (c *call) fill(p *Post, longest int) object {
	args := c.args
	if raw := args.Get("blocks"); raw != "" {
		if refused := p.setBlocks(json.RawMessage(raw), c.newID); refused != nil {
			return refused
		}
	}
	if raw := args.Get("metadata"); raw != "" {
		m, code := readMetadata(raw)
		if code != "" {
			return refusal(code)
		}
		p.Metadata = m
	}
	p.Text = args.Get("text")
	if markdown := args.Get("markdown_text"); markdown != "" {
		switch {
		case p.Text != "" || len(p.Blocks) > 0:
			return refusal("markdown_text_conflict")
		case utf8.RuneCountInString(markdown) > maxMarkdown:
			return refusal("msg_too_long")
		}
		p.Text = markdown
	}
	switch {
	case args.Get("attachments") != "" && args.Get("attachments") != "[]":
		return refusal("invalid_arguments", "[ERROR] attachments are not taken here; use blocks")
	case p.Text == "" && len(p.Blocks) == 0:
		return refusal("no_text")
	case utf8.RuneCountInString(p.Text) > longest:
		return refusal("msg_too_long")
	}
	if p.Thread = cmp.Or(args.Get("thread_ts"), p.Thread); args.Get("thread_ts") != "" {
		if parent, ok := c.find(p.Channel, p.Thread); !ok || parent.Only != "" && parent.Only != p.Only {
			return refusal("thread_not_found")
		}
	}
	return nil
}

// setBlocks takes a post's blocks when they are good. An empty array takes them away.
func (p *Post) setBlocks(raw json.RawMessage, id func() string) object {
	p.Blocks, p.Raw = nil, nil
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		return refusal("invalid_blocks_format")
	}
	if len(list) == 0 {
		return nil
	}
	if faults := blockkit.Message(raw); faults != nil {
		return refusal("invalid_blocks", faults...)
	}
	filled, err := blockkit.Fill(raw, id)
	if err == nil {
		err = json.Unmarshal(filled, &p.Blocks)
	}
	if err != nil {
		return refusal("invalid_blocks_format")
	}
	p.Raw = filled
	return nil
}

var eventName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// readMetadata takes an event with a name and a flat payload; an empty object is none.
func readMetadata(raw string) (*Metadata, string) {
	m := &Metadata{}
	if err := json.Unmarshal([]byte(raw), m); err != nil {
		return nil, "invalid_metadata_format"
	}
	switch {
	case m.EventType == "" && m.EventPayload == nil:
		return nil, ""
	case len(raw) > maxMetadata:
		return nil, "metadata_too_large"
	case !eventName.MatchString(m.EventType), m.EventPayload == nil:
		return nil, "invalid_metadata_schema"
	}
	for name, v := range m.EventPayload {
		switch v.(type) {
		case string, float64, bool:
		default:
			return nil, "invalid_metadata_schema"
		}
		if !eventName.MatchString(name) {
			return nil, "invalid_metadata_schema"
		}
	}
	return m, ""
}

// tooSoon is how long a channel has to wait for its next post.
func (s *Server) tooSoon(channel string) time.Duration {
	now := s.options.Now()
	if since := now.Sub(s.lastPost[channel]); s.options.PerChannel && since < time.Second {
		return time.Second - since
	}
	s.lastPost[channel] = now
	return 0
}

// object is a message as history gives it. Without allMetadata only its kind is told.
func (p Post) object(allMetadata bool) object {
	o := object{"type": "message", "ts": p.TS, "text": p.Text, "team": teamID}
	if p.Thread != "" {
		o["thread_ts"] = p.Thread
	}
	if p.Edited > 0 {
		o["edited"] = object{"user": botUID, "ts": p.TS}
	}
	if p.User != "" {
		o["user"] = p.User
		return o
	}
	o["user"], o["bot_id"], o["app_id"] = botUID, botID, appID
	if p.Raw != nil {
		o["blocks"] = p.Raw
	}
	if p.Metadata != nil {
		m := object{"event_type": p.Metadata.EventType}
		if allMetadata {
			m["event_payload"] = p.Metadata.EventPayload
		}
		o["metadata"] = m
	}
	return o
}

// stamp is microseconds since 1970 as Slack writes them.
func stamp(us int64) string { return fmt.Sprintf("%d.%06d", us/1e6, us%1e6) }

// moment is the time of a ts.
func moment(ts string) time.Time {
	us, err := strconv.ParseInt(strings.ReplaceAll(ts, ".", ""), 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMicro(us)
}
