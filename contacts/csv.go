package contacts

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"slices"
	"strings"
)

// csvLines are the rows of a CSV text (RFC 4180) whose separator is a comma, a semicolon or a tab.
//
// A quotation mark that is never closed would swallow the rows after it. So a row with a broken
// quote costs its first physical line alone, and reading goes on with the line after it. A quote
// is broken when it breaks the grammar, and also when what it encloses looks like further rows
// (swallows): a stray mark further down may close it in perfectly good grammar.
func csvLines(text []byte) iter.Seq[line] {
	return func(yield func(line) bool) {
		c := cursor{text: text, line: 1}
		c.sniff()
		for len(c.text) > 0 && c.run(yield) {
		}
	}
}

// cursor is how far a CSV text has been read.
type cursor struct {
	text  []byte // what is left
	line  int    // physical line on which it begins
	sep   rune
	width int // cells of the first row
}

// sniff chooses the separator: the one Excel's "sep=" line names, else the most frequent outside
// quotes in the first line that has any text.
func (c *cursor) sniff() {
	first := c.text
	for len(first) > 0 {
		l, rest, _ := bytes.Cut(first, []byte("\n"))
		if l = bytes.TrimSpace(l); len(l) > 0 {
			first = l
			break
		}
		first = rest
	}
	if named, ok := bytes.CutPrefix(bytes.ToLower(first), []byte("sep=")); ok && len(named) <= 1 {
		c.sep = '\t' // trimmed away above
		if len(named) == 1 {
			c.sep = rune(named[0])
		}
		if strings.ContainsRune(",;\t", c.sep) {
			c.skip(bytes.Count(c.text[:bytes.Index(c.text, []byte("="))], []byte("\n")) + 1)
			return
		}
	}
	seen, quoted := map[rune]int{}, false
	for _, b := range first {
		if b == '"' {
			quoted = !quoted
		}
		if !quoted {
			seen[rune(b)]++
		}
	}
	c.sep = slices.MaxFunc([]rune{',', ';', '\t'}, func(a, b rune) int { return seen[a] - seen[b] })
}

// skip moves past n lines.
func (c *cursor) skip(n int) {
	c.line += n
	for range n {
		_, c.text, _ = bytes.Cut(c.text, []byte("\n"))
	}
}

// run yields rows until the text ends or a quote is broken. It tells whether to go on with what
// is then left.
func (c *cursor) run(yield func(line) bool) bool {
	r := csv.NewReader(bytes.NewReader(c.text))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = c.sep, -1, true
	r.TrimLeadingSpace = c.sep != '\t'
	end, passed := 0, 0 // of the last row: its end, and the lines before that
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return false
		}
		var broken *csv.ParseError
		start := 0
		switch {
		case errors.As(err, &broken):
			start = broken.StartLine
		case err != nil:
			return false // the text is in memory: nothing else can fail
		default:
			start, _ = r.FieldPos(0)
		}
		if err != nil || c.swallows(cells) {
			c.text = c.text[end:]
			c.line += passed
			c.skip(start - passed - 1)
			l, _, _ := bytes.Cut(c.text, []byte("\n"))
			bad := line{n: c.line, cells: []string{string(l)}, broken: true}
			c.skip(1)
			return yield(bad)
		}
		if c.width == 0 {
			c.width = len(cells)
		}
		if !yield(line{n: c.line + start - 1, cells: cells}) {
			return false
		}
		now := int(r.InputOffset())
		passed += bytes.Count(c.text[end:now], []byte("\n"))
		end = now
	}
}

// swallows tells whether a cell of several lines has taken other rows in: when it has as many
// separators as a row, or an address below its first line, or leaves more cells than the header
// has.
func (c *cursor) swallows(cells []string) bool {
	if c.width == 0 {
		return false
	}
	for _, cell := range cells {
		_, below, several := strings.Cut(strings.TrimSpace(cell), "\n")
		if several && (len(cells) > c.width || strings.Contains(below, "@") || strings.Count(cell, string(c.sep)) >= c.width-1) {
			return true
		}
	}
	return false
}
