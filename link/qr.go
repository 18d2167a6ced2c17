package link

import (
	"bytes"
	"fmt"

	"rsc.io/qr"

	"viesti/internal/fault"
)

// quiet is the empty border of a QR code, in modules (ISO/IEC 18004).
const quiet = 4

// encode is the QR code of an address. A quarter of it may be torn or stained (level Q), as a
// poster's will be.
func encode(url string) (*qr.Code, error) {
	c, err := qr.Encode(url, qr.Q)
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "link.qr", nil)
	}
	return c, nil
}

// PNG is the QR code of an address as a picture, its modules scale pixels wide.
func PNG(url string, scale int) ([]byte, error) {
	c, err := encode(url)
	if err != nil {
		return nil, err
	}
	c.Scale = scale
	return c.PNG(), nil
}

// SVG is the QR code of an address as a drawing that prints at any size. label says to screen
// readers what it is.
func SVG(url, label string) ([]byte, error) {
	c, err := encode(url)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	side := c.Size + 2*quiet
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges" role="img"><title>`, side, side)
	escapeXML(&b, label)
	fmt.Fprintf(&b, `</title><path fill="#fff" d="M0 0h%dv%dH0z"/><path d="`, side, side)
	each(c, func(x, y, width int) { fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", x+quiet, y+quiet, width, width) })
	b.WriteString(`"/></svg>` + "\n")
	return b.Bytes(), nil
}

// each calls run for every horizontal run of black modules.
func each(c *qr.Code, run func(x, y, width int)) {
	for y := range c.Size {
		for x := 0; x < c.Size; x++ {
			from := x
			for x < c.Size && c.Black(x, y) {
				x++
			}
			if x > from {
				run(from, y, x-from)
			}
		}
	}
}
