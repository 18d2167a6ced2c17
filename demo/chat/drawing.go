package chat

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"viesti/demo/chat/blockkit"
)

// Size of a drawing, in its own units.
const (
	drawWidth  = 640
	drawHeight = 280
	drawBottom = 230 // where zero is
	drawTop    = 20
)

// drawing is a chart as a picture, with its figures as a table.
type drawing struct {
	Kind          string
	X, Y          string // labels of the axes
	Names         []string
	Bars          []bar
	Lines         []line
	Labels        []label
	Figures       [][]string // a head, and a row for each category
	Width, Height int
	Bottom        int
}

type bar struct {
	X, Y, Width, Height float64
	Series              int
	Value               string
	part                float64 // of the width, where its middle is
}

type line struct {
	Points string
	Path   string // of a slice
	Series int
}

type label struct {
	X    float64
	Text string
}

// draw makes the picture of a chart.
func draw(c blockkit.Chart) *drawing {
	d := &drawing{Kind: c.Type, X: c.Axes.X, Y: c.Axes.Y, Width: drawWidth, Height: drawHeight, Bottom: drawBottom}
	if c.Type == "pie" {
		d.pie(c.Segments)
		return d
	}
	highest := 1.0
	for _, s := range c.Series {
		d.Names = append(d.Names, s.Name)
		for _, p := range s.Data {
			highest = math.Max(highest, p.Value)
		}
	}
	step := float64(drawWidth) / float64(max(len(c.Axes.Categories), 1))
	height := func(v float64) float64 { return math.Max(v, 0) / highest * (drawBottom - drawTop) }
	for i, name := range c.Axes.Categories {
		d.Labels = append(d.Labels, label{X: step * (float64(i) + .5), Text: name})
	}
	for n, s := range c.Series {
		at := map[string]float64{}
		for _, p := range s.Data {
			at[p.Label] = p.Value
		}
		var points []string
		for i, name := range c.Axes.Categories {
			v, width := at[name], step*.7/float64(len(c.Series))
			b := bar{X: step*(float64(i)+.15) + width*float64(n), Y: drawBottom - height(v), Width: width, Height: height(v), Series: n, Value: number(v), part: .5}
			if c.Type != "bar" {
				b.X, b.part = step*(float64(i)+.5), 0
				points = append(points, fmt.Sprintf("%.1f,%.1f", b.X, b.Y))
			}
			d.Bars = append(d.Bars, b)
		}
		d.Lines = append(d.Lines, line{Points: strings.Join(points, " "), Series: n})
	}
	d.table(c)
	return d
}

// table writes the figures down: a row for each category, a column for each series.
func (d *drawing) table(c blockkit.Chart) {
	d.Figures = [][]string{append([]string{c.Axes.X}, d.Names...)}
	for _, name := range c.Axes.Categories {
		row := []string{name}
		for _, s := range c.Series {
			for _, p := range s.Data {
				if p.Label == name {
					row = append(row, number(p.Value))
				}
			}
		}
		d.Figures = append(d.Figures, row)
	}
}

// pie draws slices, the first from the top on.
func (d *drawing) pie(segments []blockkit.Point) {
	const r, cy = 120.0, 140.0
	total := 0.0
	for _, s := range segments {
		total += s.Value
	}
	point := func(part float64) string {
		a := 2*math.Pi*part - math.Pi/2
		return fmt.Sprintf("%.1f %.1f", drawWidth/2+r*math.Cos(a), cy+r*math.Sin(a))
	}
	d.Figures = [][]string{{"", ""}}
	from := 0.0
	for n, s := range segments {
		to := from + s.Value/total
		large := 0
		if to-from > .5 {
			large = 1
		}
		end := to
		if len(segments) == 1 {
			end = to - 1e-4 // an arc back to its own beginning draws nothing
		}
		d.Lines = append(d.Lines, line{Series: n, Path: fmt.Sprintf("M%d %.0f L%s A%.0f %.0f 0 %d 1 %s Z", drawWidth/2, cy, point(from), r, r, large, point(end))})
		d.Names = append(d.Names, s.Label)
		d.Figures = append(d.Figures, []string{s.Label, number(s.Value)})
		from = to
	}
}

// Few tells whether there is room for the figures in the picture.
func (d *drawing) Few() bool { return len(d.Bars) <= 24 }

// Middle is where a bar's figure stands.
func (b bar) Middle() float64 { return b.X + b.Width*b.part }

// Above is a little above the bar.
func (b bar) Above() float64 { return b.Y - 6 }

// Under is where the labels stand.
func (d *drawing) Under() int { return drawBottom + 24 }

// number is a figure with no more digits than it needs.
func number(v float64) string { return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64) }
