package bot

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"
)

// block is a part of a message, a modal or a Home tab in Block Kit: the few kinds we use.
type block struct {
	Type      string   `json:"type"` // header, section, context, divider, actions, input, data_visualization
	ID        string   `json:"block_id,omitempty"`
	Text      *textual `json:"text,omitempty"`
	Elements  []any    `json:"elements,omitempty"`
	Accessory *element `json:"accessory,omitempty"` // of a section
	// The rest are an input's.
	Label    *textual `json:"label,omitempty"`
	Hint     *textual `json:"hint,omitempty"`
	Element  *element `json:"element,omitempty"`
	Optional bool     `json:"optional,omitempty"`
	// The rest are a chart's.
	Title string `json:"title,omitempty"`
	Chart *chart `json:"chart,omitempty"`
}

// textual is a text object. Verbatim keeps Slack from making links and mentions of what a
// network happens to be called.
type textual struct {
	Type     string `json:"type"`
	Text     string `json:"text"`
	Verbatim bool   `json:"verbatim,omitempty"`
}

func mrkdwn(s string) *textual { return &textual{Type: "mrkdwn", Text: s, Verbatim: true} }

// Slack's limits, in characters.
const (
	maxBlocks  = 50
	maxSection = 3000
	maxHeader  = 150
	maxLabel   = 150
)

// message gathers what is to be said, and gives it as one text and as blocks. With a form it is a
// modal to be filled in, and is shown as nothing else.
type message struct {
	title  string // of the modal, where it is shown as one
	lines  []string
	blocks []block
	form   *form
	wrong  map[string]string         // of a submission: what is wrong, by block_id
	then   func(ctx context.Context) // what remains to be done when it has been said; nil: nothing
}

// header is a heading, without formatting.
func (m *message) header(plain string) {
	m.lines = append(m.lines, "*"+escape(plain)+"*")
	m.blocks = append(m.blocks, block{Type: "header", Text: &textual{Type: "plain_text", Text: plainText(plain, maxHeader).Text}})
}

// say adds a paragraph of mrkdwn.
func (m *message) say(s string) { m.sayAs(s, s) }

// sayAs adds a paragraph that is worded differently where there is only text.
func (m *message) sayAs(rich, text string) {
	m.lines = append(m.lines, text)
	for _, part := range split(rich, maxSection) {
		m.blocks = append(m.blocks, block{Type: "section", Text: mrkdwn(part)})
	}
}

// note adds a paragraph in small print.
func (m *message) note(s string) { m.noteAs(s, s) }

// noteAs adds small print that is worded differently where there is only text.
func (m *message) noteAs(rich, text string) {
	m.lines = append(m.lines, text)
	m.blocks = append(m.blocks, block{Type: "context", Elements: []any{mrkdwn(clip(rich, maxSection))}})
}

// begin puts a paragraph of mrkdwn before all others.
func (m *message) begin(s string) {
	m.lines = append([]string{s}, m.lines...)
	m.blocks = append([]block{{Type: "section", Text: mrkdwn(s)}}, m.blocks...)
}

// rule draws a line between paragraphs.
func (m *message) rule() { m.blocks = append(m.blocks, block{Type: "divider"}) }

// input adds a field to a form. Its id is also what is wrong with it is told by.
func (m *message) input(label, id string, e *element) {
	m.blocks = append(m.blocks, block{Type: "input", ID: id, Label: &textual{Type: "plain_text", Text: plainText(label, maxLabel).Text}, Element: e})
}

// actions adds a row of what can be pressed. The text does without: what it would lead to can be
// typed as well.
func (m *message) actions(list ...*element) {
	row := block{Type: "actions"}
	for _, e := range list {
		row.Elements = append(row.Elements, e)
	}
	m.blocks = append(m.blocks, row)
}

func (m *message) text() string { return strings.Join(m.lines, "\n") }

// ack is the message as an answer. One that would have too many blocks is text alone.
func (m *message) ack() Ack {
	a := Ack{Text: m.text(), Blocks: m.blocks}
	if len(a.Blocks) > maxBlocks {
		a.Blocks = nil
	}
	return a
}

// split cuts s at line ends into parts of at most n characters.
func split(s string, n int) []string {
	var parts []string
	part := ""
	for line := range strings.SplitSeq(s, "\n") {
		line = clip(line, n)
		if part != "" && utf8.RuneCountInString(part)+1+utf8.RuneCountInString(line) > n {
			parts, part = append(parts, part), ""
		}
		if part != "" {
			part += "\n"
		}
		part += line
	}
	return append(parts, part)
}

// clip shortens s to n characters.
func clip(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}

// lookalikes stand in for the characters that mrkdwn takes as formatting; the first three are
// Slack's own escapes, without which a name could call out a whole channel.
var lookalikes = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;",
	"*", "∗", "_", "ˍ", "~", "∼", "`", "ˋ",
)

// escape makes a name or other foreign words safe within mrkdwn, on one line.
func escape(s string) string { return lookalikes.Replace(oneLine(s)) }

// oneLine makes every run of blanks and control characters one blank, and drops what has no width.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Cf, r) || r == utf8.RuneError:
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// literal makes an address safe within mrkdwn and leaves it whole.
func literal(s string) string { return entity.Replace(oneLine(s)) }

// code is words to be copied, as they are typed.
func code(s string) string { return "`" + strings.ReplaceAll(literal(s), "`", "ˋ") + "`" }

var entity = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// maxName is how much of a name is shown.
const maxName = 90

// name is a network's name for mrkdwn.
func name(s string) string { return escape(clip(oneLine(s), maxName)) }

// hyperlink is a URL as mrkdwn, with words or with itself.
func hyperlink(url, words string) string {
	if words == "" {
		return "<" + ampersands.Replace(url) + ">"
	}
	return "<" + ampersands.Replace(url) + "|" + words + ">"
}

// ampersands escapes a URL of ours, in which nothing else needs it.
var ampersands = strings.NewReplacer("&", "&amp;", "<", "%3C", ">", "%3E", "|", "%7C")
