package chat

import (
	"html/template"
	"slices"
	"strings"

	"viesti/demo/chat/blockkit"
)

// entry is a message on the page, with the answers in its thread below it.
type entry struct {
	view
	Author, Initial, Time, Anchor string
	App, Private, Edited          bool
	Blocks                        []shown
	Thread                        []entry
}

// Entries are the messages that the user sees in the channel.
func (w view) Entries() []entry {
	var list []entry
	roots := map[string]int{}
	for _, p := range w.server.Seen(w.Channel.ID, w.User.ID) {
		e := w.entry(p)
		if at, ok := roots[p.Thread]; ok && p.Thread != "" {
			list[at].Thread = append(list[at].Thread, e)
			continue
		}
		roots[p.TS] = len(list)
		list = append(list, e)
	}
	return list
}

func (w view) entry(p Post) entry {
	e := entry{
		view:   w,
		Author: w.App(), App: p.User == "", Private: p.Only != "", Edited: p.Edited > 0,
		Anchor: "p" + strings.ReplaceAll(p.TS, ".", ""),
		Time:   moment(p.TS).In(w.server.options.Now().Location()).Format("15:04"),
	}
	if !e.App {
		e.Author = w.called(p.User)
	}
	e.Initial = string([]rune(e.Author + " ")[:1])
	for _, f := range p.Files {
		e.Blocks = append(e.Blocks, shown{view: w, Type: "image", Label: f.Title, Image: "files/" + f.ID, Alt: f.Alt})
	}
	if p.Files != nil && p.Text == "" {
		return e
	}
	if len(p.Blocks) == 0 {
		e.Blocks = append([]shown{{view: w, Type: "section", Text: w.mrkdwn(p.Text, false)}}, e.Blocks...)
		return e
	}
	w.server.mu.Lock()
	state := w.server.states(p.Blocks, place{w.User.ID, p.Channel}, copied(w.server.chosen[strings.Join([]string{w.User.ID, p.Channel, p.TS}, " ")]))
	w.server.mu.Unlock()
	e.Blocks = w.blocks(p.Blocks, spotOn{ts: p.TS, state: state})
	return e
}

// sheet is a modal or a Home tab on the page.
type sheet struct {
	View
	Blocks []shown
	Key    string // differs when anything does
}

// Modal is the user's uppermost modal, nil when there is none.
func (w view) Modal() *sheet {
	if v, ok := w.server.View(w.User.ID); ok {
		return w.sheet(v)
	}
	return nil
}

// Home is the user's Home tab, nil when the app has published none.
func (w view) Home() *sheet {
	if v, ok := w.server.Home(w.User.ID); ok {
		return w.sheet(v)
	}
	return nil
}

func (w view) sheet(v View) *sheet {
	w.server.mu.Lock()
	state := w.server.states(v.Blocks, place{w.User.ID, v.channel}, copied(v.state))
	w.server.mu.Unlock()
	return &sheet{View: v, Key: v.ID + v.Hash, Blocks: w.blocks(v.Blocks, spotOn{view: v.ID, modal: v.Type == "modal", state: state, errors: v.Errors})}
}

// shown is a block on the page.
type shown struct {
	view
	Type               string
	Text               template.HTML
	Parts              []template.HTML
	Controls           []control
	Label, Hint, Error string
	Optional           bool
	Image, Alt         string
	Chart              *drawing
	Rows               [][]string
}

// control is an element that can be used.
type control struct {
	view
	blockkit.Element
	TS, InView string
	Modal      bool   // it is a field of the modal's form, which is sent as a whole
	Acts       bool   // the app is told at once
	Block      string // id
	Kind       string // button, overflow, menu, ticks, date, time or text
	Multiple   bool
	Choices    []chosen
	Value      string
	Label      string
	Required   bool
	ID         string // on the page
}

// chosen is a choice on the page.
type chosen struct {
	Value, Text, Description, URL string
	On                            bool
}

// spotOn is where blocks stand on the page.
type spotOn struct {
	ts, view string
	modal    bool
	state    map[string]map[string]object
	errors   map[string]string
}

func (w view) blocks(blocks []Block, at spotOn) []shown {
	var list []shown
	for _, b := range blocks {
		v := shown{view: w, Type: b.Type, Optional: b.Optional, Image: b.ImageURL, Alt: b.Alt, Error: at.errors[b.ID]}
		for text, to := range map[*Text]*string{b.Label: &v.Label, b.Hint: &v.Hint, b.Title: &v.Label} {
			if text != nil {
				*to = text.Text
			}
		}
		if b.Text != nil {
			v.Text = w.text(*b.Text)
		}
		for _, f := range b.Fields {
			v.Parts = append(v.Parts, w.text(f))
		}
		if b.Type == "context" || b.Type == "rich_text" {
			for _, e := range b.Elements {
				v.Parts = append(v.Parts, w.rich(e))
			}
		}
		if b.Accessory != nil && b.Accessory.Type == "image" {
			v.Image, v.Alt = b.Accessory.ImageURL, b.Accessory.Alt
		}
		for _, u := range usables([]Block{b}) {
			v.Controls = append(v.Controls, w.control(u, at))
		}
		if b.Chart != nil {
			v.Label = b.Title.Text
			v.Chart = draw(*b.Chart)
		}
		for _, row := range b.Rows {
			v.Rows = append(v.Rows, cells(row))
		}
		list = append(list, v)
	}
	return list
}

// rich is a text of a context, or a part of rich text.
func (w view) rich(e Element) template.HTML {
	t := Text{Type: e.Type, Verbatim: e.Verbatim}
	if e.Text != nil {
		t.Text = e.Text.Text
	}
	html := w.text(t)
	if e.Type == "image" {
		html = template.HTML(template.HTMLEscapeString(e.Alt)) //nolint:gosec // escaped
	}
	for _, part := range e.Elements {
		html += w.rich(part)
	}
	return html
}

func cells(row []*blockkit.Cell) []string {
	var list []string
	for _, c := range row {
		switch {
		case c == nil:
			list = append(list, "")
		case c.Text != "":
			list = append(list, c.Text)
		case c.Type == "raw_number":
			list = append(list, c.Value.String())
		default:
			var b strings.Builder
			spell(&b, c.Elements)
			list = append(list, b.String())
		}
	}
	return list
}

// spell writes the texts of rich text, one after the other.
func spell(b *strings.Builder, elements []Element) {
	for _, e := range elements {
		if e.Text != nil {
			b.WriteString(e.Text.Text)
		}
		spell(b, e.Elements)
	}
}

func (w view) text(t Text) template.HTML {
	if t.Type != "mrkdwn" {
		return template.HTML(template.HTMLEscapeString(t.Text)) //nolint:gosec // escaped
	}
	return w.mrkdwn(t.Text, t.Verbatim)
}

func (w view) mrkdwn(s string, verbatim bool) template.HTML {
	return mrkdwn{verbatim: verbatim, called: w.called}.render(s)
}

var controlKinds = map[string]string{
	"button": "button", "overflow": "overflow", "radio_buttons": "ticks", "checkboxes": "ticks",
	"datepicker": "date", "timepicker": "time", "plain_text_input": "text", "email_text_input": "email",
}

func (w view) control(u usable, at spotOn) control {
	c := control{
		view: w, Element: u.Element, TS: at.ts, InView: at.view, Modal: at.modal, Block: u.block.ID,
		Kind: controlKinds[u.Type], Multiple: u.several(), Acts: u.block.Type != "input" || u.block.Dispatch, Required: u.block.Type == "input" && !u.block.Optional,
		ID: "e" + at.view + strings.ReplaceAll(at.ts, ".", "") + u.block.ID + u.ActionID,
	}
	if c.Kind == "" {
		c.Kind = "menu"
	}
	on := values(u.Type, at.state[u.block.ID][u.ActionID])
	if len(on) > 0 {
		c.Value = on[0]
	}
	for _, o := range w.choices(u) {
		o.On = slices.Contains(on, o.Value)
		c.Choices = append(c.Choices, o)
	}
	switch {
	case u.block.Label != nil:
		c.Label = u.block.Label.Text
	case u.Placeholder != nil:
		c.Label = u.Placeholder.Text
	case u.block.Text != nil:
		c.Label = u.block.Text.Text
	}
	return c
}

// Field is the name of the control's field.
func (c control) Field() string { return fieldName(c.Block, c.ActionID) }

// Act is what a button of the control sends.
func (c control) Act() string { return c.Block + " " + c.ActionID }

// Say renders a text.
func (c control) Say(t Text) template.HTML { return c.text(t) }

// values are the values of a choice that was kept.
func values(kind string, o object) []string {
	name, _ := property(kind)
	list, ok := o[name].([]any)
	if !ok && o[name] != nil {
		list = []any{o[name]}
	}
	var found []string
	for _, v := range list {
		switch v := v.(type) {
		case string:
			found = append(found, v)
		case blockkit.Option:
			found = append(found, v.Value)
		}
	}
	return found
}

// choices are what a menu offers to the user.
func (w view) choices(u usable) []chosen {
	var list []chosen
	for _, o := range u.Element.Choices() {
		c := chosen{Value: o.Value, Text: o.Text.Text, URL: o.URL}
		if o.Description != nil {
			c.Description = o.Description.Text
		}
		list = append(list, c)
	}
	w.server.mu.Lock()
	defer w.server.mu.Unlock()
	switch {
	case strings.HasSuffix(u.Type, "users_select"):
		for _, user := range w.server.users {
			if !user.Gone {
				list = append(list, chosen{Value: user.ID, Text: user.Name})
			}
		}
	case strings.HasSuffix(u.Type, "channels_select"), strings.HasSuffix(u.Type, "conversations_select"):
		for _, c := range w.server.channels {
			if _, err := w.server.one(u.Element, w.User.ID, c.ID); err == nil {
				list = append(list, chosen{Value: c.ID, Text: w.server.named(&c)})
			}
		}
	}
	return list
}

// named is how a channel is written. The caller holds mu.
func (s *Server) named(c *Channel) string {
	if u, ok := s.user(c.User); ok {
		return "@" + u.Name
	}
	return "#" + c.Name
}
