package picture

import (
	"image/color"
	"math"
	"testing"
)

// luminance is that of WCAG 2.1.
func luminance(c color.RGBA) float64 {
	linear := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

func contrast(a, b color.RGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// Text can be read on what it stands on (WCAG 2.1, 1.4.3), lines and dots seen on theirs (1.4.11).
func TestContrast(t *testing.T) {
	for i := range shades {
		background, text := shade((float64(i) + 0.5) * shadeStep)
		if x := contrast(background, text); x < 4.5 {
			t.Errorf("text on shade %d: %.2f", i, x)
		}
	}
	for name, pair := range map[string][2]color.RGBA{
		"words": {ink, white}, "scales": {soft, white}, "letters": {mark, white}, "nobody": {soft, track}, "numbers": {accent, white},
	} {
		if x := contrast(pair[0], pair[1]); x < 4.5 {
			t.Errorf("%s: %.2f", name, x)
		}
	}
	if x := contrast(accent, track); x < 3 {
		t.Errorf("a bar on its track: %.2f", x)
	}
}
