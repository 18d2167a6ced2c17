// Package picture draws the figures of report: the response curve with the letters on it, answers
// against targets, a tile map of Finland, the spread tree. Figures go in and bytes come out, as SVG
// for pages and PNG for what shows no SVG, and each picture has its figures as a table beside it.
//
// It counts nothing, reads nothing and knows nobody's screen; every number it shows is in the
// report.Rates it was given.
package picture

import (
	"bytes"
	"fmt"
	"html"
	"image/color"
	"regexp"
	"strconv"
	"strings"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

	"viesti/i18n"
	"viesti/report"
)

// Picture is a drawing that is ready to be made in either form.
type Picture struct {
	Title string
	Text  string // what it shows, in words, for those who do not see it
	// Head and Rows are the figures that are drawn, as a table; the first column names the row.
	Head []string
	Rows [][]string

	width, height vg.Length
	draw          func(*paper)
}

// Of draws what suits a division: days as a curve, regions and centres on the map, channels as the
// tree of their links, anything else as bars.
func Of(r report.Rates, by report.By, l i18n.Lang) Picture {
	d := drawing{Rates: r, by: by, lang: l}
	switch by {
	case report.ByDay:
		return d.curve()
	case report.ByRegion, report.ByCentre, report.ByCentre2025, report.ByCentre2026:
		return d.tiles()
	case report.ByChannel:
		return d.tree()
	default:
		return d.bars()
	}
}

// drawing is what all pictures are made of.
type drawing struct {
	report.Rates
	by   report.By
	lang i18n.Lang
}

func (d drawing) t(key string, args i18n.Args) string { return i18n.T(d.lang, key, args) }
func (d drawing) number(n int64) string               { return i18n.Number(d.lang, n) }

func (d drawing) percent(x *float64) string {
	if x == nil {
		return "–"
	}
	return i18n.Percent(d.lang, *x)
}

// The colours keep their order in grey and for eyes that tell few; text on any of them is dark or
// white, whichever stands out.
var (
	ink    = color.RGBA{0x1c, 0x24, 0x30, 0xff}
	soft   = color.RGBA{0x56, 0x61, 0x73, 0xff}
	rule   = color.RGBA{0xd5, 0xdb, 0xe4, 0xff}
	track  = color.RGBA{0xe3, 0xe9, 0xf3, 0xff}
	accent = color.RGBA{0x0b, 0x50, 0x63, 0xff}
	band   = color.RGBA{0xc9, 0xde, 0xe4, 0xff}
	mark   = color.RGBA{0xa8, 0x4c, 0x0a, 0xff}
	white  = color.RGBA{0xff, 0xff, 0xff, 0xff}
	// shades are for shares, from none to many.
	shades = []color.RGBA{
		{0xf0, 0xf5, 0xf7, 0xff},
		{0xc9, 0xde, 0xe4, 0xff},
		{0x8c, 0xba, 0xc6, 0xff},
		{0x3a, 0x7c, 0x8e, 0xff},
		{0x1f, 0x68, 0x7b, 0xff},
		{0x06, 0x3b, 0x4a, 0xff},
	}
)

// SVG is the picture for a page: it can stand in HTML as it is, needs neither styles nor scripts, and
// tells its title and text to a screen reader. The same picture is the same bytes.
func (p Picture) SVG() []byte {
	canvas := vgsvg.NewWith(vgsvg.UseWH(p.width, p.height))
	p.draw(newPaper(draw.New(canvas), p.height))
	var raw bytes.Buffer
	_, _ = canvas.WriteTo(&raw) // a buffer takes everything
	return p.dress(raw.Bytes())
}

var (
	opening = regexp.MustCompile(`(?s)^.*?<svg[^>]*>`)
	styled  = regexp.MustCompile(`style="([^"]*)"`)
	written = regexp.MustCompile(`(?s)<text ([^>]*font-weight:(\w+);[^>]*font-size:([\d.]+)px[^"]*"[^>]*)>([^<]*)</text>`)
)

// asWide makes a text as wide as it was measured, in whatever font it is shown.
func asWide(element []byte) []byte {
	m := written.FindSubmatch(element)
	size, err := strconv.ParseFloat(string(m[3]), 64)
	if err != nil {
		return element
	}
	p := paper{fonts: text.Plain{Fonts: faces()}}
	width := p.width(html.UnescapeString(string(m[4])), pen{size: size, bold: string(m[2]) == "bold"})
	return fmt.Appendf(nil, `<text textLength="%.1f" lengthAdjust="spacingAndGlyphs" %s>%s</text>`, width, m[1], m[4])
}

// dress gives a bare SVG its names, and says by attributes what it said by styles, which a page's
// content security policy may forbid.
func (p Picture) dress(raw []byte) []byte {
	var id strings.Builder
	for _, r := range strings.ToLower(p.Title) {
		if r >= 'a' && r <= 'z' {
			id.WriteRune(r)
		}
	}
	head := fmt.Sprintf(`<svg class="picture" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" width="%g" height="%g" role="img" aria-labelledby="%s-title %s-text">`+
		"\n<title id=\"%s-title\">%s</title>\n<desc id=\"%s-text\">%s</desc>",
		p.width.Points(), p.height.Points(), p.width.Points(), p.height.Points(), id.String(), id.String(),
		id.String(), html.EscapeString(p.Title), id.String(), html.EscapeString(p.Text))
	raw = append([]byte(head), opening.ReplaceAll(raw, nil)...)
	raw = written.ReplaceAllFunc(raw, asWide)
	return styled.ReplaceAllFunc(raw, func(style []byte) []byte {
		var list []string
		for part := range strings.SplitSeq(string(styled.FindSubmatch(style)[1]), ";") {
			name, value, ok := strings.Cut(strings.TrimSpace(part), ":")
			switch {
			case !ok, value == "normal":
			case name == "font-family":
				list = append(list, `font-family="`+value+`, Arial, Helvetica, sans-serif"`)
			default:
				list = append(list, name+`="`+value+`"`)
			}
		}
		return []byte(strings.Join(list, " "))
	})
}

// density makes a PNG sharp on the screens of phones.
const density = 144

// PNG is the picture for where no SVG is shown. Its alternative text is Text.
func (p Picture) PNG() ([]byte, error) {
	canvas := vgimg.NewWith(vgimg.UseWH(p.width, p.height), vgimg.UseDPI(density), vgimg.UseBackgroundColor(white))
	p.draw(newPaper(draw.New(canvas), p.height))
	var raw bytes.Buffer
	if _, err := (vgimg.PngCanvas{Canvas: canvas}).WriteTo(&raw); err != nil {
		return nil, fmt.Errorf("picture: write png: %w", err)
	}
	return raw.Bytes(), nil
}
