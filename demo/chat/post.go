package chat

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"time"
	"unicode/utf8"
)

// maxText is where Slack cuts a message; this server refuses it.
const maxText = 40_000

var eventName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// postMessage checks a post as Slack does, in the order in which its errors are met.
func (s *Server) postMessage(_ *http.Request, args url.Values) object {
	c, ok := s.channel(args.Get("channel"))
	switch {
	case !ok, c.Private && !c.Joined:
		return refusal("channel_not_found")
	case c.Archived:
		return refusal("is_archived")
	case !c.Joined:
		return refusal("not_in_channel")
	}
	p := Post{
		Channel: c.ID, Text: args.Get("text"),
		UnfurlLinks: args.Get("unfurl_links"), UnfurlMedia: args.Get("unfurl_media"),
	}
	if refused := p.fill(args); refused != nil {
		return refused
	}
	if s.tooSoon(c.ID) {
		return refusal(limited)
	}
	p = s.add(p)
	return object{"ok": true, "channel": c.ID, "ts": p.TS, "message": p.object(true)}
}

// fill reads what a post carries beside its channel.
func (p *Post) fill(args url.Values) object {
	if raw := args.Get("blocks"); raw != "" {
		if err := json.Unmarshal([]byte(raw), &p.Blocks); err != nil {
			return refusal("invalid_blocks_format")
		}
		if faults := checkBlocks(p.Blocks); faults != nil {
			return refusal("invalid_blocks", faults...)
		}
	}
	if raw := args.Get("metadata"); raw != "" {
		p.Metadata = &Metadata{}
		if err := json.Unmarshal([]byte(raw), p.Metadata); err != nil {
			return refusal("invalid_metadata_format")
		}
		if !eventName.MatchString(p.Metadata.EventType) {
			return refusal("invalid_metadata_schema")
		}
	}
	switch {
	case p.Text == "" && len(p.Blocks) == 0:
		return refusal("no_text")
	case utf8.RuneCountInString(p.Text) > maxText:
		return refusal("msg_too_long")
	}
	return nil
}

// tooSoon tells whether the channel has had its post of this second.
func (s *Server) tooSoon(channel string) bool {
	now := s.options.Now()
	if s.options.PerChannel && now.Sub(s.lastPost[channel]) < time.Second {
		return true
	}
	s.lastPost[channel] = now
	return false
}
