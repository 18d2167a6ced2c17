// Package blockkit knows Slack's Block Kit: what a message, a modal or a Home tab may be made of,
// and the limits of each part, as Slack's reference gives them. It is written from that reference
// alone and never from the program's own blocks, so that it can find what is wrong with them.
//
// A fault is one sentence in the form in which Slack tells it, with a pointer to its place. Lengths
// are counted in characters (Unicode code points). What this package does not know it refuses.
package blockkit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"sort"
	"strings"
	"unicode/utf8"
)

// Message tells what Slack would find wrong with a message's blocks, a JSON array.
func Message(blocks json.RawMessage) []string {
	c := newChecker(inMessage)
	v, ok := c.decode("/blocks", blocks)
	if ok {
		list(1, maxMessageBlocks, block)(c, "/blocks", v)
	}
	return c.faults
}

// View tells what Slack would find wrong with a view, a JSON object: a modal or a Home tab.
func View(view json.RawMessage) []string {
	c := newChecker(inModal)
	v, ok := c.decode("", view)
	if !ok {
		return c.faults
	}
	o, _ := v.(map[string]any)
	if o["type"] == "home" {
		c.surface = inHome
		homeTab.check(c, "", v)
		return c.faults
	}
	modal.check(c, "", v)
	if c.inputs > 0 && o["submit"] == nil {
		c.fault("", "missing required field: submit")
	}
	if len(view) > maxViewBytes {
		c.fault("", "view is larger than %d bytes", maxViewBytes)
	}
	return c.faults
}

// Reply tells what Slack would find wrong with the answer to a command, or with what is posted to a
// response_url: a JSON object with text, blocks and what becomes of them.
func Reply(reply json.RawMessage) []string {
	c := newChecker(inMessage)
	v, ok := c.decode("", reply)
	if !ok {
		return c.faults
	}
	answer.check(c, "", v)
	o, _ := v.(map[string]any)
	if blocks, _ := o["blocks"].([]any); o["text"] == nil && len(blocks) == 0 && o["delete_original"] == nil {
		c.fault("", "no_text")
	}
	return c.faults
}

// surface is where blocks are shown.
type surface int

const (
	inMessage surface = 1 << iota
	inModal
	inHome
)

const everywhere = inMessage | inModal | inHome

// checker collects faults, and what must be unique or bounded over the whole.
type checker struct {
	surface  surface
	faults   []string
	blockIDs map[string]bool
	actions  map[string]bool // of the block that is looked at
	inputs   int
	focused  int
	charts   int
	tables   int
	markdown int // characters
}

func newChecker(s surface) *checker {
	return &checker{surface: s, blockIDs: map[string]bool{}, actions: map[string]bool{}}
}

func (c *checker) fault(at, format string, args ...any) {
	c.faults = append(c.faults, "[ERROR] "+fmt.Sprintf(format, args...)+" [json-pointer:"+at+"]")
}

// decode reads JSON with its numbers as they were written.
func (c *checker) decode(at string, raw json.RawMessage) (any, bool) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil || d.Decode(new(any)) != io.EOF {
		c.fault(at, "invalid JSON")
		return nil, false
	}
	return v, true
}

// check looks at one value.
type check func(c *checker, at string, v any)

// field is a property of an object.
type field struct {
	check    check
	required bool
}

func must(k check) field { return field{k, true} }

func may(k check) field { return field{k, false} }

// object is the kind of an object: its properties, and what concerns several of them.
type object struct {
	fields map[string]field
	also   func(c *checker, at string, o map[string]any)
}

// check holds an object against its kind. The property type was what chose the kind.
func (k object) check(c *checker, at string, v any) {
	o, ok := v.(map[string]any)
	if !ok {
		c.fault(at, "must be an object")
		return
	}
	for _, name := range sorted(o) {
		f, known := k.fields[name]
		switch {
		case name == "type" && !known:
		case !known:
			c.fault(at+"/"+name, "invalid additional property: %s", name)
		default:
			f.check(c, at+"/"+name, o[name])
		}
	}
	for _, name := range sorted(k.fields) {
		if k.fields[name].required && o[name] == nil {
			c.fault(at, "missing required field: %s", name)
		}
	}
	if k.also != nil {
		k.also(c, at, o)
	}
}

func sorted[T any](m map[string]T) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// str is a string of at least and at most so many characters.
func str(least, most int) check {
	return func(c *checker, at string, v any) {
		s, ok := v.(string)
		n := utf8.RuneCountInString(s)
		switch {
		case !ok:
			c.fault(at, "must be a string")
		case n < least:
			c.fault(at, "must be more than %d characters", least-1)
		case n > most:
			c.fault(at, "must be less than %d characters", most+1)
		}
	}
}

// among is one of several words.
func among(words ...string) check {
	return func(c *checker, at string, v any) {
		for _, w := range words {
			if v == w {
				return
			}
		}
		c.fault(at, "must be one of %v", words)
	}
}

func boolean(c *checker, at string, v any) {
	if _, ok := v.(bool); !ok {
		c.fault(at, "must be a boolean")
	}
}

// number is a number within bounds.
func number(least, most float64) check {
	return func(c *checker, at string, v any) {
		n, ok := v.(json.Number)
		f, err := n.Float64()
		if !ok || err != nil || f < least || f > most {
			c.fault(at, "must be a number from %g to %g", least, most)
		}
	}
}

// whole is a whole number within bounds.
func whole(least, most float64) check {
	return func(c *checker, at string, v any) {
		number(least, most)(c, at, v)
		if n, ok := v.(json.Number); ok && strings.ContainsAny(n.String(), ".eE") {
			c.fault(at, "must be an integer")
		}
	}
}

// list is an array of so many things of a kind.
func list(least, most int, each check) check {
	return func(c *checker, at string, v any) {
		items, ok := v.([]any)
		switch {
		case !ok:
			c.fault(at, "must be an array")
			return
		case len(items) < least:
			c.fault(at, "no fewer than %d items allowed", least)
		case len(items) > most:
			c.fault(at, "no more than %d items allowed", most)
		}
		for i, item := range items {
			each(c, fmt.Sprintf("%s/%d", at, i), item)
		}
	}
}

// oneOf is an object of one of several kinds, named by its type.
func oneOf(kinds map[string]object) check {
	return func(c *checker, at string, v any) {
		o, ok := v.(map[string]any)
		if !ok {
			c.fault(at, "must be an object")
			return
		}
		name, _ := o["type"].(string)
		kind, ok := kinds[name]
		if !ok {
			c.fault(at+"/type", "unsupported type: %s", name)
			return
		}
		kind.check(c, at, v)
	}
}

// anything is what is not looked at.
func anything(*checker, string, any) {}
