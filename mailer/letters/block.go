package letters

import (
	"strings"

	"golang.org/x/text/unicode/bidi"
)

// blockKind is what a block is.
type blockKind int

const (
	paragraph blockKind = iota
	heading
	list
	quote
	picture
	table
)

// block is a part of a letter that stands by itself.
type block struct {
	kind    blockKind
	level   int      // of a heading
	ordered bool     // a list with numbers
	lines   []inline // of a paragraph or heading
	parts   []block  // of a quote
	items   [][]block
	value   Value // of a picture and a table
}

// inline is text in a line.
type inline []span

// span is text that looks the same from end to end. place is the placeholder it stands for.
type span struct {
	text, place, url string
	strong, em       bool
	name             bool // came from outside
}

// split makes the placeholders in a text spans of their own.
func (in inline) split() (out inline) {
	for _, s := range in {
		at := 0
		for _, m := range brace.FindAllStringSubmatchIndex(s.text, -1) {
			before, place := s, s
			before.text = s.text[at:m[0]]
			at = m[1]
			if m[2] < 0 { // an escaped character
				before.text += strings.TrimPrefix(s.text[m[0]:m[1]], `\`)
			}
			out = append(out, before)
			if m[2] >= 0 {
				place.text, place.place = "", s.text[m[2]:m[3]]
				out = append(out, place)
			}
		}
		s.text = s.text[at:]
		out = append(out, s)
	}
	return out
}

// fill puts values in; nil when one of them is empty, because a line that lacks its word says
// nothing.
func (in inline) fill(values Values) inline {
	out := make(inline, 0, len(in))
	for _, s := range in {
		if place, ok := target(s.url); ok {
			if s.url = values[place].URL; s.url == "" {
				return nil
			}
		}
		if s.place != "" {
			v := values[s.place]
			if v.Text == "" {
				return nil
			}
			s.text, s.name = v.Text, true
			if s.url == "" {
				s.url = v.URL
			}
		}
		if s.text != "" {
			out = append(out, s)
		}
	}
	return out
}

// fill puts values in. What has lost all its lines goes, and with it a heading that nothing
// follows any more.
func fill(blocks []block, values Values) (out []block) {
	for _, b := range blocks {
		if v, kind := b.whole(values); kind != paragraph {
			out = append(out, block{kind: kind, value: v})
			continue
		}
		var lines []inline
		for _, in := range b.lines {
			if in = in.fill(values); in != nil {
				lines = append(lines, in)
			}
		}
		var items [][]block
		for _, item := range b.items {
			if item = fill(item, values); len(item) > 0 {
				items = append(items, item)
			}
		}
		b.lines, b.items, b.parts = lines, items, fill(b.parts, values)
		if len(b.lines)+len(b.items)+len(b.parts) == 0 {
			continue
		}
		if b.kind == heading {
			out = withoutEmpty(out, b.level)
		}
		out = append(out, b)
	}
	return withoutEmpty(out, 2)
}

// whole is what takes the place of a paragraph with one placeholder and nothing else, if it is a
// picture or a table.
func (b block) whole(values Values) (Value, blockKind) {
	if b.kind != paragraph || len(b.lines) != 1 {
		return Value{}, paragraph
	}
	var places []string
	for _, s := range b.lines[0] {
		if strings.TrimSpace(s.text) != "" {
			return Value{}, paragraph
		}
		if s.place != "" {
			places = append(places, s.place)
		}
	}
	if len(places) != 1 {
		return Value{}, paragraph
	}
	switch v := values[places[0]]; {
	case v.Picture != "":
		return v, picture
	case len(v.Table) > 0:
		return v, table
	default:
		return v, paragraph
	}
}

// withoutEmpty takes a heading of this level or a lower one from the end.
func withoutEmpty(blocks []block, level int) []block {
	if n := len(blocks); n > 0 && blocks[n-1].kind == heading && blocks[n-1].level >= level {
		return blocks[:n-1]
	}
	return blocks
}

// plain is a line as text alone.
func plain(in inline) string {
	var b strings.Builder
	for _, s := range in {
		b.WriteString(s.isolated())
	}
	return b.String()
}

// isolated keeps a name that is written from right to left from turning the words around it
// (Unicode Bidirectional Algorithm, 2.4).
func (s span) isolated() string {
	if !s.turns() {
		return s.text
	}
	return "\u2068" + s.text + "\u2069"
}

func (s span) turns() bool {
	return s.name && strings.ContainsFunc(s.text, func(r rune) bool {
		p, _ := bidi.LookupRune(r)
		return p.Class() == bidi.R || p.Class() == bidi.AL
	})
}
