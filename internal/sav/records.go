package sav

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// records is what stands before the cases.
type records struct{ out bytes.Buffer }

func (r *records) ints(list ...int32) {
	var b [4]byte
	for _, n := range list {
		binary.LittleEndian.PutUint32(b[:], uint32(n)) //nolint:gosec // the same bits
		r.out.Write(b[:])
	}
}

func (r *records) floats(list ...float64) {
	var b [8]byte
	for _, x := range list {
		binary.LittleEndian.PutUint64(b[:], math.Float64bits(x))
		r.out.Write(b[:])
	}
}

// text writes s in exactly n bytes, with spaces after it.
func (r *records) text(s string, n int) {
	s = Cut(s, n)
	r.out.WriteString(s + strings.Repeat(" ", n-len(s)))
}

// column is a variable as it lies in the file: a text of more than 255 bytes in several segments, each
// a variable to the old parts of the format, by a short name that nobody is shown.
type column struct {
	Variable
	widths []int // of the segments; 0 for a number
	shorts []string
	first  int32 // in units of eight bytes, from 1
}

func layout(vars []Variable) []column {
	columns, named, at := make([]column, len(vars)), 0, int32(1)
	for i, v := range vars {
		c := column{Variable: v, widths: segments(v.Width), first: at}
		for range c.widths {
			named++
			c.shorts = append(c.shorts, fmt.Sprintf("V%d", named))
		}
		at += c.units()
		columns[i] = c
	}
	return columns
}

// segments are the widths of the variables that a text is kept in: one up to 255 bytes, else as many
// of 255 as the format has for it and a rest.
func segments(width int) []int {
	if width <= maxShort {
		return []int{width}
	}
	const counted = 252 // what a segment counts for in the number of segments, though it holds 255
	n := (width + counted - 1) / counted
	return append(slices.Repeat([]int{maxShort}, n-1), width-(n-1)*counted)
}

// units are the eights of bytes that a case has for the column.
func (c column) units() int32 {
	var n int
	for _, w := range c.widths {
		n += max(w+7, 8) / 8
	}
	return int32(n)
}

func (r *records) dictionary(d Dictionary, columns []column) {
	r.header(d, columns)
	for _, c := range columns {
		r.variable(c)
	}
	for _, c := range columns {
		r.values(c)
	}
	r.documents(d.Documents)
	r.machine()
	r.display(columns)
	r.names(columns)
	r.ints(7, 16, 8, 2) // the number of cases, in 64 bits
	r.wide(1, int64(d.Cases))
	r.extension(20, "UTF-8")
	r.ints(999, 0)
}

func (r *records) wide(list ...int64) {
	for _, n := range list {
		r.ints(int32(n), int32(n>>32)) //nolint:gosec // both halves
	}
}

func (r *records) header(d Dictionary, columns []column) {
	var units int32
	for _, c := range columns {
		units += c.units()
	}
	created := d.Created.UTC()
	r.text("$FL2@(#) SPSS DATA FILE "+d.Product, 64)
	r.ints(2, units, 1, 0, int32(d.Cases)) //nolint:gosec // NewWriter looked at it
	r.floats(bias)
	r.text(created.Format("02 Jan 06"), 9)
	r.text(created.Format(time.TimeOnly), 8)
	r.text(d.Title, maxTitle)
	r.out.Write(make([]byte, 3))
}

// variable writes the records of a column.
func (r *records) variable(c column) {
	const number, text = 5, 1 // formats F and A
	label, missing, values := Cut(c.Label, MaxLabel), int32(0), []float64(nil)
	if c.Width == 0 {
		missing, values = c.missing()
	}
	for i, width := range c.widths {
		format := int32(number<<16 | max(c.Digits, 1)<<8 | c.Decimals) //nolint:gosec // small
		if width > 0 {
			format = int32(text<<16 | width<<8) //nolint:gosec // at most 255
		}
		r.ints(2, int32(width), int32(min(len(label), 1)), missing, format, format) //nolint:gosec // small
		r.text(c.shorts[i], 8)
		if label != "" {
			r.ints(int32(len(label))) //nolint:gosec // at most MaxLabel
			r.text(label, (len(label)+3)/4*4)
		}
		r.floats(values...)
		for range (width - 1) / 8 { // a place for each further unit
			r.ints(2, -1, 0, 0, 0, 0)
			r.text("", 8)
		}
		label = "" // the first segment has it
	}
}

// missing is how a variable record says which values are missing: up to three of them, or from where
// to where they go. Where something else lies between, three is all that can be said.
func (v Variable) missing() (int32, []float64) {
	if len(v.Missing) <= 3 {
		return int32(len(v.Missing)), v.Missing //nolint:gosec // at most 3
	}
	low, high := slices.Min(v.Missing), slices.Max(v.Missing)
	for _, l := range v.Values {
		if low < l.Value && l.Value < high && !slices.Contains(v.Missing, l.Value) {
			return 3, v.Missing[:3]
		}
	}
	return -2, []float64{low, high}
}

// values writes the labels of a column's values.
func (r *records) values(c column) {
	if len(c.Values) == 0 || c.Width > 0 {
		return
	}
	r.ints(3, int32(len(c.Values))) //nolint:gosec // a question has no billions of options
	for _, l := range c.Values {
		text := Cut(l.Text, MaxValueLabel)
		r.floats(l.Value)
		r.out.WriteByte(byte(len(text))) //nolint:gosec // at most MaxValueLabel
		r.text(text, (len(text)+8)/8*8-1)
	}
	r.ints(4, 1, c.first)
}

func (r *records) documents(lines []string) {
	const width = 80
	var wrapped []string
	for _, line := range lines {
		wrapped = append(wrapped, wrap(line, width)...)
	}
	if len(wrapped) == 0 {
		return
	}
	r.ints(6, int32(len(wrapped))) //nolint:gosec // a page or two
	for _, line := range wrapped {
		r.text(line, width)
	}
}

// machine says in which form numbers and characters are.
func (r *records) machine() {
	const utf8, little, ieee = 65001, 2, 1
	r.ints(7, 3, 4, 8, 1, 0, 0, -1, ieee, 1, little, utf8)
	r.ints(7, 4, 8, 3)
	r.floats(-math.MaxFloat64, math.MaxFloat64, math.Nextafter(-math.MaxFloat64, 0))
}

// display says how programs show the columns. Each segment has its line.
func (r *records) display(columns []column) {
	const left, right, widest = 0, 1, 40
	var list []int32
	for _, c := range columns {
		for _, width := range c.widths {
			shown, side := max(c.Digits, 8), int32(right)
			if width > 0 {
				shown, side = min(max(width, 8), widest), left
			}
			list = append(list, int32(c.Measure), int32(shown), side)
		}
	}
	if len(list) > 0 {
		r.ints(7, 11, 4, int32(len(list))) //nolint:gosec // three for each variable
		r.ints(list...)
	}
}

// names writes the long names, and the widths of texts in several segments.
func (r *records) names(columns []column) {
	var long, wide []string
	for _, c := range columns {
		long = append(long, c.shorts[0]+"="+c.Name)
		if len(c.widths) > 1 {
			wide = append(wide, fmt.Sprintf("%s=%05d\x00\t", c.shorts[0], c.Width))
		}
	}
	r.extension(13, strings.Join(long, "\t"))
	r.extension(14, strings.Join(wide, ""))
}

// extension writes a record of bytes.
func (r *records) extension(subtype int32, s string) {
	if s == "" {
		return
	}
	r.ints(7, subtype, 1, int32(len(s))) //nolint:gosec // names and labels
	r.out.WriteString(s)
}
