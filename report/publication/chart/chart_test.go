package chart

import (
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

var words = Words{Hidden: "..", Apart: "Don’t know", Number: func(float64) string { return "1" }}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		in   string
		room float64
		want []string
	}{
		{"short", 100, []string{"short"}},
		{"", 100, []string{""}},
		{"two words", 60, []string{"two", "words"}},
		{"Pohjois-Pohjanmaa", 95, []string{"Pohjois-", "Pohjanmaa"}},
		{"a b c d e f", 24, []string{"a b", "c d", "e f"}},
		{strings.Repeat("word ", 30), 50, []string{"word", "word", "word", "word …"}},
	} {
		if got := wrap(c.in, c.room); !slices.Equal(got, c.want) {
			t.Errorf("%q in %v: %q", c.in, c.room, got)
		}
	}
}

func FuzzWrap(f *testing.F) {
	f.Add("Työ- ja elinkeinoministeriö 🙂", 50.0)
	f.Add("\xff\xfe", 1.0)
	f.Fuzz(func(t *testing.T, s string, room float64) {
		if !utf8.ValidString(s) || math.IsNaN(room) || room < 1 || len(s) > 1000 {
			t.Skip()
		}
		lines := wrap(s, room)
		if len(lines) == 0 || len(lines) > mostLines {
			t.Errorf("%d lines", len(lines))
		}
		for _, line := range lines {
			if !utf8.ValidString(line) {
				t.Errorf("%q is cut within a letter", line)
			}
		}
	})
}

// Nothing is drawn outside the paper, and nothing as long as nothing.
func inside(t *testing.T, drawings []Drawing) {
	t.Helper()
	for _, d := range drawings {
		for _, s := range d.Shapes {
			for _, x := range []float64{s.X, s.Y, s.W, s.H} {
				if math.IsNaN(x) || math.IsInf(x, 0) {
					t.Fatalf("%s: %+v", d.Paper, s)
				}
			}
			if s.Kind == "rect" && (s.X < -0.1 || s.X2() > d.Width+0.1 || s.Y < -0.1 || s.Y2() > d.Height+0.1) || s.Kind == "text" && (s.X < 0 || s.X > d.Width || s.Y > d.Height) {
				t.Errorf("%s (%v × %v): %+v", d.Paper, d.Width, d.Height, s)
			}
		}
	}
}

func TestInside(t *testing.T) {
	low, high := 2.0, 9.5
	long := strings.Repeat("a very long label ", 20)
	for name, drawings := range map[string][]Drawing{
		"bars":    Bars([]Bar{{Label: long, Share: 1, Inner: 0.5, Value: "100 %, first 50 %"}, {Label: "b", Hidden: true}, {Label: "c", Apart: true, Share: 0.1, Value: "10 %"}}, words),
		"no bars": Bars([]Bar{{Label: "a", Value: "0 %"}}, words),
		"columns": Columns([]Column{{Label: "1", Share: 0.2, Value: "20 %"}, {Label: "2", Hidden: true}, {Label: "3", Share: 0.8, Value: "80 %"}}, &Marker{At: 2.9, Text: "mean 2.9"}, words),
		"stacked": Stacked([]Level{{"against", -1}, {"neither", 0}, {long, 1}}, []Row{
			{Label: long, Parts: []Part{{1, "100 %", -1}, {0, "0 %", 0}, {0, "0 %", 1}}, Apart: "12 %"},
			{Label: "b", Parts: []Part{{0, "0 %", -1}, {0, "0 %", 0}, {1, "100 %", 1}}, Apart: ".."},
			{Label: "c", Hidden: true},
		}, words),
		"nothing stacked": Stacked([]Level{{"only", 0}}, []Row{{Label: "c", Hidden: true}}, words),
		"dots":            Dots([]Dot{{Label: "all", Value: 5, Low: &low, High: &high, Text: "5.0", Strong: true}, {Label: "b", Hidden: true}, {Label: long, Value: 9.5, Text: "9.5", Before: []Before{{2, "2020"}}}}, Around(2, 9.5), words),
		"tiles":           Tiles([]Tile{{Column: 5, Row: 5, Name: long, Value: "6.1", Shade: 4}, {Name: "b", Hidden: true, Note: "merged"}}, words),
	} {
		t.Run(name, func(t *testing.T) { inside(t, drawings) })
	}
}

func TestAround(t *testing.T) {
	for _, c := range []struct{ low, high float64 }{{5.5, 6.8}, {6, 6}, {0, 10}, {-3, 120}, {6.1, 6.2}} {
		a := Around(c.low, c.high)
		if a.From > c.low || a.To < c.high || a.To-a.From < 2 || a.To-a.From > 4*(c.high-c.low)+4 {
			t.Errorf("%v: %v", c, a)
		}
	}
}
