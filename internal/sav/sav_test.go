package sav

import (
	"bytes"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// cell is a number, a text, or nothing.
type cell struct {
	number float64
	text   string
	given  bool
}

func write(t testing.TB, d Dictionary, rows [][]cell) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := NewWriter(&out, d)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		for i, c := range row {
			switch {
			case !c.given:
				err = w.Missing()
			case d.Variables[i].Width > 0:
				err = w.Text(c.text)
			default:
				err = w.Number(c.number)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := w.End(); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// words are what texts are drawn from: of each length in UTF-8, from right to left, out of one
// character and several, and what other formats trip over.
var words = []string{"a", "ä", "€", "𝄞", "👩‍🔬", "מה", "=1+1", "\"", ",", "\n", ";", "'", "<b>", "mitä kuuluu", " ", "\t"}

func text(r *rand.Rand, most int) string {
	var b strings.Builder
	for n := r.IntN(most + 1); b.Len() < n; {
		b.WriteString(words[r.IntN(len(words))])
	}
	return strings.TrimRight(Cut(b.String(), most), " ")
}

func number(r *rand.Rand) float64 {
	switch r.IntN(4) {
	case 0:
		return float64(r.IntN(400) - 200)
	case 1:
		return math.Round(r.NormFloat64()*1e6) / 100
	case 2:
		return []float64{-99, -100, 151, 152, 0, 1e15, -0.1}[r.IntN(7)]
	default:
		return float64(r.IntN(11))
	}
}

// draw is a random dictionary with random cases.
func draw(r *rand.Rand) (Dictionary, [][]cell) {
	d := Dictionary{Title: text(r, 90), Product: "test", Created: time.Date(2027, 3, 14, 9, 0, 0, 0, time.UTC), Cases: r.IntN(40)}
	var wanted []string
	for range 1 + r.IntN(12) {
		wanted = append(wanted, strings.Repeat(string(rune('a'+r.IntN(2))), 1+r.IntN(80)))
	}
	for _, name := range Names(wanted) {
		v := Variable{Name: name, Label: text(r, 400), Digits: 8, Decimals: 2, Measure: Measure(1 + r.IntN(3))}
		switch r.IntN(3) {
		case 0:
			v.Width, v.Measure = []int{1, 7, 8, 9, 254, 255, 256, 503, 504, 505, 511, 757, 2000}[r.IntN(13)], Nominal
		case 1:
			for code := range 1 + r.IntN(9) {
				v.Values = append(v.Values, Label{float64(code), text(r, 200)})
			}
			for i := range v.Values {
				if v.Values[i].Text == "" {
					v.Values[i].Text = "x"
				}
			}
			v.Missing = [][]float64{nil, {0}, {98, 99}, {97, 98, 99}, {96, 97, 98, 99}}[r.IntN(5)]
		}
		d.Variables = append(d.Variables, v)
	}
	d.Documents = []string{text(r, 300), "", text(r, 80)}
	rows := make([][]cell, d.Cases)
	for i := range rows {
		for _, v := range d.Variables {
			c := cell{given: r.IntN(5) > 0}
			if c.given && v.Width > 0 {
				c.text = text(r, v.Width)
			} else if c.given {
				c.number = number(r)
			}
			rows[i] = append(rows[i], c)
		}
	}
	return d, rows
}

// What does not fit is refused, and not written askew.
func TestMisuse(t *testing.T) {
	if _, err := NewWriter(&bytes.Buffer{}, Dictionary{Variables: []Variable{{Name: "a", Width: MaxText + 1}}}); err == nil {
		t.Error("a text wider than the format has was taken")
	}
	for name, misuse := range map[string]func(w *Writer) error{
		"a text for a number":   func(w *Writer) error { return w.Text("x") },
		"a number for a text":   func(w *Writer) error { w.Number(1); return w.Number(1) },
		"one cell too many":     func(w *Writer) error { w.Number(1); w.Text(""); return w.Missing() },
		"a case that is short":  func(w *Writer) error { w.Number(1); return w.End() },
		"fewer cases than said": func(w *Writer) error { w.Number(1); w.Text(""); w.End(); return w.Close() },
		"half a case":           func(w *Writer) error { w.Number(1); return w.Close() },
	} {
		w, err := NewWriter(&bytes.Buffer{}, Dictionary{Cases: 2, Variables: []Variable{{Name: "n"}, {Name: "t", Width: 3}}})
		if err != nil {
			t.Fatal(err)
		}
		if misuse(w) == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

// A disk that is full is noticed, wherever it happens.
func TestFullDisk(t *testing.T) {
	d, rows := draw(rand.New(rand.NewPCG(3, 5)))
	whole := write(t, d, rows)
	for room := range len(whole) {
		w, err := NewWriter(&small{room}, d)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			for i, c := range row {
				if d.Variables[i].Width > 0 {
					err = errors.Join(err, w.Text(c.text))
				} else {
					err = errors.Join(err, w.Number(c.number))
				}
			}
			err = errors.Join(err, w.End())
		}
		if errors.Join(err, w.Close()) == nil {
			t.Fatalf("%d bytes of %d were written, and nothing was said", room, len(whole))
		}
	}
}

// small is a disk with room for some bytes.
type small struct{ room int }

func (s *small) Write(b []byte) (int, error) {
	n := min(len(b), s.room)
	s.room -= n
	if n < len(b) {
		return n, io.ErrShortWrite
	}
	return n, nil
}
