package look

import (
	"encoding/hex"
	"fmt"
	"math"
	"strings"
)

// colour is red, green and blue, 0 to 255.
type colour [3]uint8

// parse reads #0b5063, or #rgb for short.
func parse(s string) (c colour, ok bool) {
	s, ok = strings.CutPrefix(strings.TrimSpace(s), "#")
	if len(s) == 3 {
		s = string([]byte{s[0], s[0], s[1], s[1], s[2], s[2]})
	}
	raw, err := hex.DecodeString(s)
	if !ok || err != nil || len(raw) != len(c) {
		return colour{}, false
	}
	return colour(raw), true
}

func (c colour) String() string { return fmt.Sprintf("#%02x%02x%02x", c[0], c[1], c[2]) }

// luminance is how bright a colour is: 0 black, 1 white. The formula is WCAG 2.2's definition of
// relative luminance, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance.
func (c colour) luminance() float64 {
	var linear [3]float64
	for i, v := range c {
		s := float64(v) / 255
		if s <= 0.04045 {
			linear[i] = s / 12.92
		} else {
			linear[i] = math.Pow((s+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*linear[0] + 0.7152*linear[1] + 0.0722*linear[2]
}

// contrast is the ratio between two colours, 1 to 21:
// https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio.
func contrast(a, b colour) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// mixed is a part of other in c: 0 is c, 1 is other.
func (c colour) mixed(other colour, part float64) colour {
	for i := range c {
		c[i] = uint8(math.Round(float64(c[i])*(1-part) + float64(other[i])*part))
	}
	return c
}
