package publication

import (
	"math"
	"regexp"
	"strconv"
	"testing"
)

var token = regexp.MustCompile(`--([a-z0-9]+): #([0-9a-f]{3,6});`)

// tokens are the colours of the style sheet.
func tokens(t *testing.T) map[string][3]float64 {
	t.Helper()
	css, err := files.ReadFile("publication.css")
	if err != nil {
		t.Fatal(err)
	}
	colours := map[string][3]float64{}
	for _, m := range token.FindAllSubmatch(css, -1) {
		hex := string(m[2])
		if len(hex) == 3 {
			hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
		}
		n, err := strconv.ParseUint(hex, 16, 32)
		if err != nil {
			t.Fatal(err)
		}
		colours[string(m[1])] = [3]float64{float64(n >> 16), float64(n >> 8 & 255), float64(n & 255)}
	}
	return colours
}

// luminance is that of WCAG 2.1.
func luminance(c [3]float64) (sum float64) {
	for i, part := range [3]float64{0.2126, 0.7152, 0.0722} {
		x := c[i] / 255
		if x <= 0.04045 {
			x /= 12.92
		} else {
			x = math.Pow((x+0.055)/1.055, 2.4)
		}
		sum += part * x
	}
	return sum
}

func contrast(a, b [3]float64) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// Text can be read on whatever it stands on (WCAG 2.1, 1.4.3), shapes are seen on the sheet (1.4.11), and
// the steps of a scale are told apart without colour.
func TestContrast(t *testing.T) {
	c := tokens(t)
	for ink, grounds := range map[string][]string{
		"sheet": {"accent", "low3", "low2", "high2", "high3", "shade3", "shade4"},
		"ink":   {"sheet", "ground", "low1", "mid", "high1", "shade0", "shade1", "shade2"},
		"soft":  {"sheet", "ground"}, "accent": {"sheet", "ground"},
	} {
		for _, ground := range grounds {
			if x := contrast(c[ink], c[ground]); x < 4.5 {
				t.Errorf("%s on %s: %.2f", ink, ground, x)
			}
		}
	}
	for _, shape := range []string{"accent", "low2", "mark", "edge"} {
		if x := contrast(c[shape], c["sheet"]); x < 3 {
			t.Errorf("%s on the sheet: %.2f", shape, x)
		}
	}
	for _, steps := range [][]string{{"mid", "low1", "low2", "low3"}, {"mid", "high1", "high2", "high3"}, {"shade0", "shade1", "shade2", "shade3", "shade4"}} {
		for i := 1; i < len(steps); i++ {
			if luminance(c[steps[i-1]])-luminance(c[steps[i]]) < 0.05 {
				t.Errorf("%s and %s look alike in grey", steps[i-1], steps[i])
			}
		}
	}
}
