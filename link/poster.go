package link

import (
	"bytes"
	"encoding/xml"
	"strings"
	"time"

	"github.com/go-pdf/fpdf"

	"viesti/i18n"
	"viesti/internal/code"
)

// Sheet is what is said of the survey beside a link: on a poster, or in a text to be passed on.
type Sheet struct {
	Title     string
	Network   string
	Organiser string
	Minutes   [2]int
	Closes    time.Time // in the survey's zone
	URL       string
	Lang      i18n.Lang
}

// An address is set smaller until it fits its line, but not below what can be read from a wall.
const (
	textWidth = 168.0 // millimetres
	leastSize = 9.0   // points
)

// Typed is the link's address as people type it from paper: without what a browser adds itself, its
// token in groups.
func (p Sheet) Typed() string {
	at := strings.LastIndex(p.URL, "/") + 1
	return strings.TrimPrefix(p.URL[:at], "https://") + code.Show(p.URL[at:])
}

// Forward is a text to be pasted into a letter or a post by those who pass the survey on.
func (p Sheet) Forward() string {
	return i18n.T(p.Lang, "link.forward", i18n.Args{
		"title": p.Title, "organiser": p.Organiser, "from": p.Minutes[0], "to": p.Minutes[1],
		"date": i18n.Date(p.Lang, p.Closes), "url": p.URL,
	})
}

// PDF is the poster on one A4 page: what is asked, how long it takes, until when, the QR code and
// the address to type.
func (p Sheet) PDF() ([]byte, error) {
	c, err := encode(p.URL)
	if err != nil {
		return nil, err
	}
	pdf := fpdf.New("P", "mm", "A4", "")
	// The core fonts know Windows-1252, which has every letter of the three languages.
	latin := pdf.UnicodeTranslatorFromDescriptor("")
	pdf.SetTitle(p.Title, true)
	pdf.SetLang(string(p.Lang))
	pdf.SetMargins(20, 24, 20)
	pdf.SetAutoPageBreak(false, 0)
	pdf.AddPage()
	line := func(style string, size, height float64, text string) {
		pdf.SetFont("Helvetica", style, size)
		pdf.MultiCell(0, height, latin(text), "", "C", false)
	}
	line("B", 34, 14, p.Title)
	pdf.Ln(4)
	line("", 18, 9, i18n.T(p.Lang, "link.poster.ask", i18n.Args{"organiser": p.Organiser}))
	pdf.Ln(8)
	p.draw(pdf, func(x, y, w float64) {
		each(c, func(mx, my, width int) {
			m := w / float64(c.Size)
			pdf.Rect(x+float64(mx)*m, y+float64(my)*m, float64(width)*m, m, "F")
		})
	})
	typed := latin(p.Typed())
	size := 20.0
	for pdf.SetFont("Helvetica", "B", size); pdf.GetStringWidth(typed) > textWidth && size > leastSize; size-- {
		pdf.SetFontSize(size - 1)
	}
	line("B", size, 10, p.Typed())
	pdf.Ln(6)
	line("", 16, 8, i18n.T(p.Lang, "link.poster.facts", i18n.Args{
		"from": p.Minutes[0], "to": p.Minutes[1], "date": i18n.Date(p.Lang, p.Closes),
	}))
	pdf.Ln(4)
	line("I", 14, 7, p.Network)
	var out bytes.Buffer
	err = pdf.Output(&out)
	return out.Bytes(), err
}

// draw leaves a square for the code and moves on below it.
func (p Sheet) draw(pdf *fpdf.Fpdf, square func(x, y, side float64)) {
	const page, side = 210.0, 100.0
	y := pdf.GetY()
	square((page-side)/2, y, side)
	pdf.SetY(y + side + 8)
}

func escapeXML(b *bytes.Buffer, s string) { _ = xml.EscapeText(b, []byte(s)) }
