package chart

// Bar is a row of a picture with bars from the left.
type Bar struct {
	Label string
	Share float64 // its length
	Inner float64 // a part of it that is drawn darker: of a ranking, first choices
	Value string  // what stands at its end
	Apart bool    // not one of the others: don't know
	Light bool    // drawn so that Inner stands out, though it may be nothing or hidden
	// Hidden tells that there is a value which may not be shown; Share is not read.
	Hidden bool
}

// Bars are bars from the left, as long as their shares, the longest as long as there is room.
func Bars(rows []Bar, w Words) []Drawing {
	return on(func(p *paper) {
		longest, room := 0.0, 0.0
		for _, row := range rows {
			if !row.Hidden {
				longest, room = max(longest, row.Share), max(room, width(row.Value, size))
			}
		}
		scale := 0.0
		if longest > 0 {
			scale = (p.Width - p.left - room - 10) / longest
		}
		top := p.y
		for _, row := range rows {
			middle := p.row(row.Label)
			if row.Hidden {
				p.hidden(p.left+8, middle, w)
				continue
			}
			class := "bar"
			switch {
			case row.Apart:
				class = "apart"
			case row.Light:
				class = "light"
			}
			p.rect(p.left, middle-barHeight/2, row.Share*scale, barHeight, class)
			p.rect(p.left, middle-barHeight/2, row.Inner*scale, barHeight, "bar")
			p.text(p.left+row.Share*scale+8, middle+5, "start", "value", row.Value)
		}
		p.line(p.left, top, 0, p.y-top-rowGap/2, "base")
	})
}

// Column is a column of a distribution.
type Column struct {
	Label  string
	Share  float64
	Value  string
	Hidden bool
}

// Marker is a place on the axis under the columns, counted in columns: 2.5 is the middle of the third.
type Marker struct {
	At   float64
	Text string
}

// Columns are a distribution along a scale, with a mark at its mean where there is one.
func Columns(columns []Column, mark *Marker, w Words) []Drawing {
	const high, foot = 150, 26
	return on(func(p *paper) {
		p.left = 0
		longest := 0.0
		for _, c := range columns {
			longest = max(longest, c.Share)
		}
		pitch := p.Width / float64(len(columns))
		ground := float64(high + 46)
		for i, c := range columns {
			x := float64(i) * pitch
			p.text(x+pitch/2, ground+19, "middle", "label", c.Label)
			if c.Hidden || longest == 0 {
				if c.Hidden {
					p.text(x+pitch/2, ground-8, "middle", "hidden", w.Hidden)
				}
				continue
			}
			h := c.Share / longest * high
			p.rect(x+pitch*0.12, ground-h, pitch*0.76, h, "bar")
			class := "value"
			if p.Paper == "narrow" {
				class = "value small"
			}
			p.text(x+pitch/2, ground-h-6, "middle", class, c.Value)
		}
		p.line(0, ground, p.Width, 0, "base")
		if mark != nil {
			x := mark.At * pitch
			p.line(x, 20, 0, ground-20, "halo")
			p.line(x, 20, 0, ground-20, "mean")
			anchor := "middle"
			switch half := width(mark.Text, size) / 2; {
			case x < half:
				x, anchor = 0, "start"
			case x > p.Width-half:
				x, anchor = p.Width, "end"
			}
			p.text(x, 13, anchor, "strong", mark.Text)
		}
		p.y = ground + foot
	})
}
