// Package chart draws the pictures of the published report as shapes on two papers, one for pages
// and print and one for phones, with text that stays text. It has one way to set labels beside what
// they name, whatever the picture.
//
// It knows shares, labels and nothing of where they come from: no survey, no language and no rule of
// what may be shown. A value that is hidden is not given to it, and leaves no trace in the geometry:
// a row with one has the sign in place of all that would be drawn.
package chart

import (
	"math"
	"strings"
)

// Shape is one element of a drawing, in the drawing's units from the upper left corner.
type Shape struct {
	Kind       string // rect, line, dot or text
	X, Y, W, H float64
	// Class names the colour; the style sheet has them all.
	Class  string
	Anchor string // of a text: start, middle or end
	Text   string
}

// X2 and Y2 are the other end of a line.
func (s Shape) X2() float64 { return tenth(s.X + s.W) }

// Y2 is the height of the other end of a line.
func (s Shape) Y2() float64 { return tenth(s.Y + s.H) }

// Drawing is a picture on one paper.
type Drawing struct {
	Paper         string // wide or narrow
	Width, Height float64
	Shapes        []Shape
}

// Words are what pictures say themselves.
type Words struct {
	Number func(float64) string // as it stands on an axis
	Hidden string               // the sign for what may not be shown
	Apart  string               // the head over those who do not know
}

// The papers' widths and the size of text, in units that are CSS pixels at full size.
const (
	wide, narrow = 720, 330
	labelWidth   = 250 // of the column of labels on wide paper; on narrow they stand above
	size         = 14
	lineHeight   = 17
	barHeight    = 22
	rowGap       = 12
)

// paper is a drawing that is being made.
type paper struct {
	Drawing
	left float64   // where what is drawn begins
	y    float64   // how far down it has come
	rows []float64 // the middles of its rows
}

// on draws on both papers.
func on(draw func(p *paper)) []Drawing {
	var list []Drawing
	for _, p := range []*paper{
		{Drawing: Drawing{Paper: "wide", Width: wide}, left: labelWidth + 12},
		{Drawing: Drawing{Paper: "narrow", Width: narrow}},
	} {
		draw(p)
		p.Height = math.Ceil(p.y)
		list = append(list, p.Drawing)
	}
	return list
}

func tenth(x float64) float64 { return math.Round(x*10) / 10 }

func (p *paper) add(s Shape) {
	s.X, s.Y, s.W, s.H = tenth(s.X), tenth(s.Y), tenth(s.W), tenth(s.H)
	p.Shapes = append(p.Shapes, s)
}

func (p *paper) rect(x, y, w, h float64, class string) {
	if w > 0 && h > 0 {
		p.add(Shape{Kind: "rect", X: x, Y: y, W: w, H: h, Class: class})
	}
}

func (p *paper) line(x, y, w, h float64, class string) {
	p.add(Shape{Kind: "line", X: x, Y: y, W: w, H: h, Class: class})
}

func (p *paper) dot(x, y, r float64, class string) {
	p.add(Shape{Kind: "dot", X: x, Y: y, W: r, Class: class})
}

func (p *paper) text(x, y float64, anchor, class, s string) {
	p.add(Shape{Kind: "text", X: x, Y: y, Anchor: anchor, Class: class, Text: s})
}

// row sets a row's label, beside or above, and gives the middle of the bar that belongs to it.
func (p *paper) row(label string) (middle float64) {
	if p.left == 0 {
		for _, line := range wrap(label, narrow) {
			p.text(0, p.y+13, "start", "label", line)
			p.y += lineHeight
		}
		middle = p.y + 2 + barHeight/2
		p.y += barHeight + rowGap + 2
		p.rows = append(p.rows, middle)
		return middle
	}
	lines := wrap(label, labelWidth)
	high := max(barHeight, float64(len(lines)*lineHeight))
	middle = p.y + high/2
	foot := middle - float64(len(lines)*lineHeight)/2 + 13
	for i, line := range lines {
		p.text(labelWidth, foot+float64(i*lineHeight), "end", "label", line)
	}
	p.y += high + rowGap
	p.rows = append(p.rows, middle)
	return middle
}

// upright is a line down all rows, under what is drawn there: on narrow paper with gaps, since labels
// stand between the bars.
func (p *paper) upright(x, top float64, class string) {
	q := &paper{}
	if p.left > 0 {
		q.line(x, top, 0, p.y-top-rowGap+6, class)
	} else {
		for _, middle := range p.rows {
			q.line(x, middle-barHeight/2-3, 0, barHeight+6, class)
		}
	}
	p.Shapes = append(q.Shapes, p.Shapes...)
}

// hidden sets the sign where a row would be drawn.
func (p *paper) hidden(x, middle float64, w Words) {
	p.text(x, middle+5, "start", "hidden", w.Hidden)
}

// step is what lies between two lines of an axis of about five.
func step(length float64) float64 {
	if length <= 0 {
		return 0
	}
	unit := math.Pow(10, math.Floor(math.Log10(length/5)))
	for _, f := range []float64{1, 2, 5} {
		if length/5 <= f*unit {
			return f * unit
		}
	}
	return 10 * unit
}

// Widths of letters in parts of their height: those of DejaVu Sans, than which few typefaces that a
// browser falls back to are wider.
func runeWidth(r rune) float64 {
	switch {
	case strings.ContainsRune("iljtfr.,;:'’|!()[] -–/", r):
		return 0.38
	case strings.ContainsRune("mwMW%", r):
		return 0.97
	case r >= 'A' && r <= 'Z' || strings.ContainsRune("ÅÄÖ", r):
		return 0.74
	case r < 0x2000:
		return 0.62
	default:
		return 1
	}
}

func width(s string, size float64) (w float64) {
	for _, r := range s {
		w += runeWidth(r) * size
	}
	return w
}

// mostLines keeps a label beside its bar, whatever its author thought a label is.
const mostLines = 4

// wrap breaks a label into lines; what does not fit ends with an ellipsis, and stands whole in the
// table.
func wrap(s string, room float64) (lines []string) { return wrapAt(s, room, size) }

func wrapAt(s string, room, size float64) (lines []string) {
	line := ""
	for _, word := range strings.Fields(s) {
		for _, piece := range pieces(word, room, size) {
			joined := piece
			if line != "" {
				joined = line + " " + piece
			}
			if line != "" && width(joined, size) > room {
				lines = append(lines, line)
				joined = piece
			}
			line = joined
		}
	}
	lines = append(lines, line)
	if len(lines) > mostLines {
		lines = lines[:mostLines]
		lines[mostLines-1] += " …"
	}
	return lines
}

// pieces are a word, or parts of one that is wider than the line: after its hyphens, else anywhere.
func pieces(word string, room, size float64) (list []string) {
	for width(word, size) > room {
		end, w := 0, 0.0
		for i, r := range word {
			if w += runeWidth(r) * size; w > room && i > 0 {
				break
			}
			end = i + len(string(r))
		}
		if i := strings.LastIndexByte(word[:end], '-'); i > 0 {
			end = i + 1
		}
		list, word = append(list, word[:end]), word[end:]
	}
	if word != "" {
		list = append(list, word)
	}
	return list
}
