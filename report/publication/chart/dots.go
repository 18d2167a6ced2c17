package chart

import (
	"math"
	"strconv"
)

// Dot is a row of a picture of means.
type Dot struct {
	Label     string
	Value     float64
	Low, High *float64 // the interval around it; nil: none is shown
	Text      string   // beside it
	Before    []Before // values of earlier waves, drawn hollow
	Strong    bool
	Hidden    bool
}

// Before is a value of an earlier wave.
type Before struct {
	Value float64
	Text  string
}

// Axis is a stretch of a scale.
type Axis struct{ From, To float64 }

// Around is an axis of whole steps on which two values and all between them fit. It shows where means
// differ, and not how far they are from the ends of their scale: nothing on it is a length from 0.
func Around(low, high float64) Axis {
	every := max(step(high-low), 0.5)
	a := Axis{math.Floor(low/every) * every, math.Ceil(high/every) * every}
	for a.To-a.From < 4*every {
		a.To += every
		if a.To-a.From < 4*every {
			a.From -= every
		}
	}
	return a
}

// Dots are values on one axis, with what is known of how sure they are. A line marks the first row's
// value where it is strong: that of all.
func Dots(rows []Dot, axis Axis, w Words) []Drawing {
	return on(func(p *paper) {
		room := 0.0
		for _, row := range rows {
			room = max(room, width(row.Text, size))
		}
		margin := 16.0 // for half a number on the axis, or for the name of a wave
		for _, row := range rows {
			for _, b := range row.Before {
				margin = max(margin, width(b.Text, 12)+12)
			}
		}
		from, to := p.left+margin, p.Width-room-margin
		at := func(v float64) float64 { return from + (v-axis.From)/(axis.To-axis.From)*(to-from) }
		p.y += 4
		top := p.y
		for _, row := range rows {
			middle := p.row(row.Label)
			if row.Hidden {
				p.text(p.Width, middle+5, "end", "hidden", w.Hidden)
				continue
			}
			p.dotted(row, middle, at)
			class := "value"
			if row.Strong {
				class = "strong"
			}
			p.text(p.Width, middle+5, "end", class, row.Text)
		}
		if len(rows) > 0 && rows[0].Strong && !rows[0].Hidden {
			p.upright(at(rows[0].Value), top, "mean")
		}
		p.grid(axis, w, at, top)
	})
}

// dotted sets a row's dot with its interval, and those of before.
func (p *paper) dotted(row Dot, middle float64, at func(float64) float64) {
	for _, b := range row.Before {
		p.dot(at(b.Value), middle, 6, "before")
		side, anchor := -10.0, "end" // away from the present value
		if b.Value > row.Value {
			side, anchor = 10, "start"
		}
		p.text(at(b.Value)+side, middle+4, anchor, "value small", b.Text)
	}
	if row.Low != nil && row.High != nil {
		p.line(at(*row.Low), middle, at(*row.High)-at(*row.Low), 0, "whisker")
		p.line(at(*row.Low), middle-5, 0, 10, "whisker")
		p.line(at(*row.High), middle-5, 0, 10, "whisker")
	}
	p.dot(at(row.Value), middle, 6, "dot")
}

// grid is the axis under all rows, with lines through them.
func (p *paper) grid(axis Axis, w Words, at func(float64) float64, top float64) {
	every := max(step(axis.To-axis.From), 0.5)
	for v := axis.From; v <= axis.To+1e-9; v += every {
		p.upright(at(v), top, "grid")
		p.text(at(v), p.y+13, "middle", "tick", w.Number(v))
	}
	p.y += 18
}

// Tile is a place on a map on which all places are as large.
type Tile struct {
	Column, Row       int
	Name, Value, Note string
	Shade             int // 0 to 4, from little to much
	Hidden            bool
}

// Tiles are a map for wide paper alone: on narrow its names could not be read, and its table can.
func Tiles(tiles []Tile, w Words) []Drawing {
	const gap, high = 5, 66
	columns, rows := 1, 1
	for _, t := range tiles {
		columns, rows = max(columns, t.Column+1), max(rows, t.Row+1)
	}
	p := paper{Drawing: Drawing{Paper: "wide", Width: wide, Height: float64(rows*(high+gap) - gap)}}
	pitch := (wide + gap) / float64(columns)
	for _, t := range tiles {
		x, y := float64(t.Column)*pitch, float64(t.Row*(high+gap))
		class, value := "shade"+strconv.Itoa(t.Shade), t.Value
		if t.Hidden {
			class, value = "none", w.Hidden
		}
		p.rect(x, y, pitch-gap, high, class)
		for i, line := range wrapAt(t.Name, pitch-gap-12, 11) {
			if i < 2 {
				p.text(x+7, y+15+float64(i*12), "start", "name on "+class, line)
			}
		}
		p.text(x+7, y+high-9, "start", "figure on "+class, value)
		p.text(x+pitch-gap-7, y+high-9, "end", "name on "+class, t.Note)
	}
	return []Drawing{p.Drawing}
}
