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
	Shares []float64 // by level; nothing is drawn of them where Hidden
	Values []string
	Apart  string // those who do not know, beside the bar
	Hidden bool
}

// Stacked are bars that are divided by a scale, set so that its middle lies on one line: what is
// against lies to the left, what is for to the right.
func Stacked(levels []Level, rows []Row, w Words) []Drawing {
	classes := shades(levels)
	return on(func(p *paper) {
		p.legend(levels, classes)
		room := 0.0
		for _, row := range rows {
			room = max(room, width(row.Apart, size))
		}
		apart := p.Width
		if room > 0 {
			lines := wrapAt(w.Apart, 84, 13)
			apart -= max(room, 70) + 12
			for i, line := range lines {
				p.text(p.Width, p.y+13+float64(i*15), "end", "head", line)
			}
			p.y += float64(len(lines)*15) + 8
		}
		before, after := reach(levels, rows)
		scale := 0.0
		if before+after > 0 {
			scale = (apart - p.left - 4) / (before + after)
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
			x := zero - left(levels, row)*scale
			for i, share := range row.Shares {
				p.rect(x, middle-barHeight/2, share*scale, barHeight, classes[i])
				if share*scale >= width(row.Values[i], 13)+4 {
					p.text(x+share*scale/2, middle+5, "middle", "on "+classes[i], row.Values[i])
				}
				x += share * scale
			}
		}
		p.line(zero, top-4, 0, p.y-top-rowGap+8, "middle")
	})
}

// left is how much of a row lies to the left of the middle.
func left(levels []Level, row Row) (sum float64) {
	for i, share := range row.Shares {
		switch place := levels[i].Place; {
		case place < 0:
			sum += share
		case place == 0:
			sum += share / 2
		}
	}
	return sum
}

// reach is how far rows go to either side at most.
func reach(levels []Level, rows []Row) (before, after float64) {
	for _, row := range rows {
		if row.Hidden {
			continue
		}
		sum := 0.0
		for _, share := range row.Shares {
			sum += share
		}
		l := left(levels, row)
		before, after = max(before, l), max(after, sum-l)
	}
	return before, after
}

// shades are three steps to each side, light near the middle, and one for the middle.
func shades(levels []Level) []string {
	far := 0.0
	for _, l := range levels {
		far = max(far, math.Abs(l.Place))
	}
	classes := make([]string, len(levels))
	for i, l := range levels {
		n := strconv.Itoa(int(math.Ceil(math.Abs(l.Place) / max(far, 1e-9) * 3)))
		switch {
		case l.Place < 0:
			classes[i] = "low" + n
		case l.Place > 0:
			classes[i] = "high" + n
		default:
			classes[i] = "mid"
		}
	}
	return classes
}

// legend names the levels, in as many lines as it takes.
func (p *paper) legend(levels []Level, classes []string) {
	const box = 14
	x := 0.0
	for i, l := range levels {
		lines := wrapAt(l.Label, p.Width-box-6, 13)
		need := box + 6 + width(lines[0], 13) + 16
		if x > 0 && x+need > p.Width {
			x, p.y = 0, p.y+21
		}
		p.rect(x, p.y, box, box, classes[i])
		p.text(x+box+6, p.y+12, "start", "legend", lines[0])
		x += need
	}
	p.y += 30
}
