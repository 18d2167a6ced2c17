package chat

import (
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"viesti/demo/chat/blockkit"
)

// usable is an element that somebody can use, and its block.
type usable struct {
	Element
	block Block
}

// usables are the elements of blocks that can be used.
func usables(blocks []Block) []usable {
	var list []usable
	for _, b := range blocks {
		if b.Type == "actions" {
			for _, e := range b.Elements {
				list = append(list, usable{e, b})
			}
		}
		for _, e := range []*Element{b.Accessory, b.Element} {
			if e != nil && e.Type != "image" {
				list = append(list, usable{*e, b})
			}
		}
	}
	return list
}

// keeps tells whether an element's choice is kept and sent along with what is done later.
func (u usable) keeps() bool { return u.Type != "button" && u.Type != "overflow" }

// initial is what is chosen before anybody chooses.
func (u usable) initial(channel string) []string {
	e := u.Element
	values := []string{e.InitialUser, e.InitialChannel, e.InitialConversation, e.InitialDate, e.InitialTime, e.InitialValue}
	values = append(values, e.InitialUsers...)
	values = append(values, e.InitialChannels...)
	values = append(values, e.InitialConversations...)
	if e.InitialOption != nil {
		values = append(values, e.InitialOption.Value)
	}
	for _, o := range e.InitialOptions {
		values = append(values, o.Value)
	}
	values = slices.DeleteFunc(values, func(v string) bool { return v == "" })
	if len(values) == 0 && e.ToCurrent && channel != "" {
		values = []string{channel}
	}
	return values
}

// property is where Slack puts what was chosen; several is for a list.
func property(kind string) (name string, several bool) {
	switch bare := strings.TrimPrefix(kind, "multi_"); bare {
	case "static_select", "overflow", "radio_buttons":
		name = "selected_option"
	case "checkboxes":
		return "selected_options", true
	case "users_select":
		name = "selected_user"
	case "channels_select":
		name = "selected_channel"
	case "conversations_select":
		name = "selected_conversation"
	case "datepicker":
		name = "selected_date"
	case "timepicker":
		name = "selected_time"
	default:
		return "value", false
	}
	if strings.HasPrefix(kind, "multi_") {
		return name + "s", true
	}
	return name, false
}

// choice is a choice as Slack sends it, once it is found to be possible. The caller holds mu.
func (s *Server) choice(u usable, user string, chosen []string) (object, error) {
	e := u.Element
	o := object{"type": e.Type}
	name, several := property(e.Type)
	if e.Type == "button" {
		return o, nil
	}
	if !several && len(chosen) > 1 || e.MaxSelected > 0 && len(chosen) > e.MaxSelected {
		return nil, fmt.Errorf("%w: too many choices for %s", ErrCannot, e.ActionID)
	}
	values := []any{}
	for _, value := range chosen {
		v, err := s.one(e, user, value)
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	switch {
	case several:
		o[name] = values
	case len(values) == 0:
		o[name] = nil
	default:
		o[name] = values[0]
	}
	return o, nil
}

// one is a single choice, of the kinds that the element offers.
func (s *Server) one(e Element, user, value string) (any, error) {
	fits := false
	switch name, _ := property(e.Type); strings.TrimSuffix(name, "s") {
	case "selected_option":
		for _, o := range e.Choices() {
			if o.Value == value {
				return o, nil
			}
		}
	case "selected_user":
		u, ok := s.user(value)
		fits = ok && !u.Gone
	case "selected_channel":
		c, ok := s.channel(value)
		fits = ok && !c.Private && !c.Archived
	case "selected_conversation":
		c, ok := s.channel(value)
		fits = ok && !c.Archived && s.sees(c, user) && offered(e.Filter, c)
	case "selected_date":
		_, err := time.Parse(time.DateOnly, value)
		fits = err == nil
	case "selected_time":
		_, err := time.Parse("15:04", value)
		fits = err == nil
	default:
		return value, typed(e, value)
	}
	if !fits {
		return nil, fmt.Errorf("%w: %s does not offer %q", ErrCannot, e.ActionID, value)
	}
	return value, nil
}

// offered tells whether a menu with a filter offers a channel.
func offered(f *blockkit.Filter, c *Channel) bool {
	if f == nil {
		return true
	}
	kind := map[string]string{"channels": "public", "groups": "private", "im": "im"}[c.kind()]
	return (len(f.Include) == 0 || slices.Contains(f.Include, kind)) && (!f.ExcludeExternal || !c.Shared)
}

// typed tells whether Slack lets a text be typed into an input.
func typed(e Element, value string) error {
	n, most := utf8.RuneCountInString(value), e.MaxLength
	if most == 0 {
		most = 3000
	}
	_, err := mail.ParseAddress(value)
	switch {
	case n < e.MinLength, n > most:
		return fmt.Errorf("%w: %s takes %d to %d characters", ErrCannot, e.ActionID, e.MinLength, most)
	case e.Type == "email_text_input" && err != nil:
		return fmt.Errorf("%w: %s takes an email address", ErrCannot, e.ActionID)
	}
	return nil
}

// states fills what is chosen in blocks: what was chosen before, else what is chosen at first. The
// caller holds mu.
func (s *Server) states(blocks []Block, at place, kept map[string]map[string]object) map[string]map[string]object {
	if kept == nil {
		kept = map[string]map[string]object{}
	}
	for _, u := range usables(blocks) {
		if !u.keeps() {
			continue
		}
		if kept[u.block.ID] == nil {
			kept[u.block.ID] = map[string]object{}
		}
		if _, ok := kept[u.block.ID][u.ActionID]; ok {
			continue
		}
		o, err := s.choice(u, at.user, u.initial(at.channel))
		if err != nil { // what is chosen at first may be gone by now
			o, _ = s.choice(u, at.user, nil)
		}
		kept[u.block.ID][u.ActionID] = o
	}
	return kept
}

// place is who acts where.
type place struct{ user, channel string }
