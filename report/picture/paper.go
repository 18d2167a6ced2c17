package picture

import (
	"image/color"
	"math"
	"sync"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// faces are the typefaces, read once: Liberation Sans is as wide as Arial, which a browser without it
// shows instead.
var faces = sync.OnceValue(func() *font.Cache {
	var list font.Collection
	for weight, raw := range map[xfont.Weight][]byte{
		xfont.WeightNormal: liberationsansregular.TTF, xfont.WeightBold: liberationsansbold.TTF,
	} {
		face, err := opentype.Parse(raw)
		if err != nil {
			panic(err) // the bytes are compiled in
		}
		list = append(list, font.Face{Font: font.Font{Typeface: "Liberation", Variant: "Sans", Weight: weight}, Face: face})
	}
	return font.NewCache(list)
})

// paper is a canvas measured from its upper left corner, in points.
type paper struct {
	canvas draw.Canvas
	height vg.Length
	fonts  text.Plain
}

func newPaper(c draw.Canvas, height vg.Length) *paper {
	p := &paper{canvas: c, height: height, fonts: text.Plain{Fonts: faces()}}
	c.SetColor(white)
	c.Fill(c.Path())
	return p
}

func (p *paper) at(x, y float64) vg.Point {
	return vg.Point{X: vg.Points(x), Y: p.height - vg.Points(y)}
}

// pen is how a text is set.
type pen struct {
	size  float64
	color color.Color
	bold  bool
	align float64 // 0: x is the left end, −0.5 the middle, −1 the right end
}

func (p *paper) style(n pen) draw.TextStyle {
	f := font.Font{Typeface: "Liberation", Variant: "Sans"}
	if n.bold {
		f.Weight = xfont.WeightBold
	}
	if n.color == nil {
		n.color = ink
	}
	return draw.TextStyle{
		Font: font.From(f, font.Points(n.size)), Color: n.color, XAlign: draw.XAlignment(n.align), YAlign: draw.YBottom, Handler: p.fonts,
	}
}

// text sets a line of text with its foot at y.
func (p *paper) text(x, y float64, n pen, s string) { p.canvas.FillText(p.style(n), p.at(x, y), s) }

// fit shortens a text to a width.
func (p *paper) fit(s string, n pen, width float64) string {
	style := p.style(n)
	if style.Width(s).Points() <= width {
		return s
	}
	runes := []rune(s)
	for len(runes) > 1 && style.Width(string(runes)+"…").Points() > width {
		runes = runes[:len(runes)-1]
	}
	return string(runes) + "…"
}

func (p *paper) width(s string, n pen) float64 { return p.style(n).Width(s).Points() }

// box is a rectangle by its upper left corner.
type box struct{ x, y, w, h float64 }

func (p *paper) fill(b box, c color.Color) {
	if b.w <= 0 || b.h <= 0 {
		return
	}
	p.canvas.FillPolygon(c, []vg.Point{p.at(b.x, b.y), p.at(b.x+b.w, b.y), p.at(b.x+b.w, b.y+b.h), p.at(b.x, b.y+b.h)})
}

func (p *paper) polygon(c color.Color, points ...vg.Point) { p.canvas.FillPolygon(c, points) }

// line is drawn through points; dashed or not.
func (p *paper) line(c color.Color, width float64, dashed bool, points ...vg.Point) {
	style := draw.LineStyle{Color: c, Width: vg.Points(width)}
	if dashed {
		style.Dashes = []vg.Length{vg.Points(4), vg.Points(3)}
	}
	p.canvas.StrokeLines(style, points)
}

func (p *paper) dot(x, y, r float64, c color.Color) {
	var path vg.Path
	centre := p.at(x, y)
	path.Move(vg.Point{X: centre.X + vg.Points(r), Y: centre.Y})
	path.Arc(centre, vg.Points(r), 0, 2*math.Pi)
	path.Close()
	p.canvas.SetColor(c)
	p.canvas.Fill(path)
}

// step is a round distance between the lines of a scale: about n of them up to most.
func step(most float64, n int) float64 {
	rough := most / float64(n)
	unit := math.Pow(10, math.Floor(math.Log10(rough)))
	for _, f := range []float64{1, 2, 5} {
		if rough <= f*unit {
			return max(1, f*unit)
		}
	}
	return max(1, 10*unit)
}
