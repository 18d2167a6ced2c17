package chart

import (
	"math"
	"strconv"
)

// Level is a category of a scale.
type Level struct {
	Label string
	// Place is where it lies on the scale: below 0 to the left of the middle, above 0 to the right, 0
	// across it.
	Place float64
}

// Row is a row of shares of a scale.
type Row struct {
	Label  string
	Parts  []Part // none where Hidden
	Apart  string // those who do not know, beside the bar
	Hidden bool
	// Blurred tells that a part lies on both sides of the middle, so that nobody knows how much lies on
	// one.
	Blurred bool
}

// Part is a category's share in a row; its place is as a level's.
type Part struct {
	Share float64
	Value string
	Place float64
}

// Upper is the share of a row that lies to the right of the middle.
func (r Row) Upper() (sum float64) {
	for _, part := range r.Parts {
		if part.Place > 0 {
			sum += part.Share
		}
	}
	return sum
}

// left is how much of a row lies to the left of the middle, whole how long it is.
func (r Row) left() (left, whole float64) {
	for _, part := range r.Parts {
		whole += part.Share
		switch {
		case part.Place < 0:
			left += part.Share
		case part.Place == 0:
			left += part.Share / 2
		}
	}
	return left, whole
}

// Stacked are bars that are divided by a scale, set so that its middle lies on one line: what is
// against lies to the left, what is for to the right.
func Stacked(levels []Level, rows []Row, w Words) []Drawing {
	far := 0.0
	for _, l := range levels {
		far = max(far, math.Abs(l.Place))
	}
	return on(func(p *paper) {
		p.legend(levels, far)
		end := p.apart(rows, w)
		var before, after float64
		for _, row := range rows {
			left, whole := row.left()
			before, after = max(before, left), max(after, whole-left)
		}
		scale := 0.0
		if before+after > 0 {
			scale = (end - p.left - 4) / (before + after)
		}
		zero := p.left + before*scale
		top := p.y
		for _, row := range rows {
			middle := p.row(row.Label)
			p.text(p.Width, middle+5, "end", "value", row.Apart)
			if row.Hidden {
				p.hidden(zero+6, middle, w)
				continue
			}
			left, _ := row.left()
			p.parts(row, zero-left*scale, middle, scale, far)
		}
		p.upright(zero, top-4, "middle")
	})
}

func (p *paper) parts(row Row, x, middle, scale, far float64) {
	for _, part := range row.Parts {
		class := shade(part.Place, far)
		p.rect(x, middle-barHeight/2, part.Share*scale, barHeight, class)
		if part.Share*scale >= width(part.Value, 13)+2 {
			p.text(x+part.Share*scale/2, middle+5, "middle", "on "+class, part.Value)
		}
		x += part.Share * scale
	}
}

// apart sets the head over those who do not know, and tells how far bars may go.
func (p *paper) apart(rows []Row, w Words) (end float64) {
	room := 0.0
	for _, row := range rows {
		room = max(room, width(row.Apart, size))
	}
	if room == 0 {
		return p.Width
	}
	lines := wrapAt(w.Apart, 84, 13)
	for i, line := range lines {
		p.text(p.Width, p.y+13+float64(i*15), "end", "head", line)
	}
	p.y += float64(len(lines)*15) + 8
	return p.Width - max(room, 70) - 12
}

// shade is one of three steps to each side, light near the middle, or the middle's own.
func shade(place, far float64) string {
	step := strconv.Itoa(max(1, int(math.Round(math.Abs(place)/max(far, 1e-9)*3-0.5))))
	switch {
	case place < 0:
		return "low" + step
	case place > 0:
		return "high" + step
	default:
		return "mid"
	}
}

// legend names the levels, in as many lines as it takes.
func (p *paper) legend(levels []Level, far float64) {
	const box = 14
	x := 0.0
	for _, l := range levels {
		line := wrapAt(l.Label, p.Width-box-6, 13)[0]
		need := box + 6 + width(line, 13) + 16
		if x > 0 && x+need-16 > p.Width {
			x, p.y = 0, p.y+21
		}
		p.rect(x, p.y, box, box, shade(l.Place, far))
		p.text(x+box+6, p.y+12, "start", "legend", line)
		x += need
	}
	p.y += 30
}
