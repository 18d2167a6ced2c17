// Package sav writes SPSS system files (.sav), case by case, so that a file of any length takes
// little memory. The format is that of the PSPP developers’ guide, “System File Format”: little
// endian, UTF-8, compressed by bytecode.
//
// It reads none, and knows nothing of surveys: whatever a label says is the caller’s.
package sav

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"time"
)

// What SPSS takes, in bytes of UTF-8.
const (
	MaxName       = 64
	MaxLabel      = 255 // of a variable
	MaxValueLabel = 120
	MaxText       = 32_767 // of a cell
	maxTitle      = 64
	maxShort      = 255 // the widest text that is one variable in the file
)

// bias is added to a small whole number, which is then an instruction of the compression.
const bias = 100

// Measure is the level at which a variable is measured.
type Measure int32

// The measures, as the file numbers them.
const (
	Nominal Measure = 1
	Ordinal Measure = 2
	Scale   Measure = 3
)

// Dictionary is all that a file says before its cases.
type Dictionary struct {
	Title     string
	Product   string // the program that writes
	Created   time.Time
	Cases     int
	Documents []string // lines of any length; they are wrapped at 80 bytes
	Variables []Variable
}

// Variable is a column. Labels that are too long for SPSS are cut at a character.
type Variable struct {
	Name     string // one that Names gave
	Label    string
	Width    int // bytes of the longest text, up to MaxText; 0 for a number
	Digits   int // of a number, with its sign, its decimals and the point
	Decimals int
	Measure  Measure
	Values   []Label
	// Missing are values that mean no answer on the scale. Up to three stand in the file as they are;
	// of more the file says from where to where they go.
	Missing []float64
}

// Label is what a value of a number means.
type Label struct {
	Value float64
	Text  string
}

// Writer writes one file. Its methods must be called cell by cell, in the order of the variables.
type Writer struct {
	out     *bufio.Writer
	columns []column
	cases   int
	at      int // the next cell's column
	done    int // whole cases
	codes   [8]byte
	coded   int
	data    []byte    // what the codes so far refer to
	padded  [256]byte // a segment of a text
}

// NewWriter writes the dictionary.
func NewWriter(w io.Writer, d Dictionary) (*Writer, error) {
	for _, v := range d.Variables {
		if v.Width < 0 || v.Width > MaxText || len(v.Name) > MaxName || v.Name == "" {
			return nil, fmt.Errorf("sav: variable %q of width %d", v.Name, v.Width)
		}
	}
	if int64(d.Cases) > math.MaxInt32 {
		return nil, fmt.Errorf("sav: %d cases", d.Cases)
	}
	s := &Writer{out: bufio.NewWriterSize(w, 1<<16), columns: layout(d.Variables), cases: d.Cases}
	var r records
	r.dictionary(d, s.columns)
	_, err := s.out.Write(r.out.Bytes())
	return s, err
}

// Number writes the next cell, a number. One that is no number is written as missing.
func (w *Writer) Number(x float64) error {
	if c := w.next(); c == nil || c.Width > 0 {
		return w.misplaced()
	}
	const least, most = 1 - bias, 251 - bias
	switch {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return w.code(255)
	case x == math.Trunc(x) && least <= x && x <= most:
		return w.code(byte(x + bias))
	}
	w.data = binary.LittleEndian.AppendUint64(w.data, math.Float64bits(x))
	return w.code(253)
}

// Missing writes the next cell, one without an answer: the system’s missing value of a number, and
// an empty text.
func (w *Writer) Missing() error {
	if w.at < len(w.columns) && w.columns[w.at].Width > 0 {
		return w.Text("")
	}
	return w.Number(math.NaN())
}

// Text writes the next cell, a text. What is longer than its variable is cut at a character.
func (w *Writer) Text(s string) error {
	c := w.next()
	if c == nil || c.Width == 0 {
		return w.misplaced()
	}
	s = Cut(s, c.Width)
	for _, part := range c.widths {
		piece := s[:min(len(s), part)]
		s = s[len(piece):]
		cell := w.padded[:(part+7)/8*8]
		for i := copy(cell, piece); i < len(cell); i++ {
			cell[i] = ' '
		}
		for ; len(cell) > 0; cell = cell[8:] {
			if err := w.eight(cell[:8]); err != nil {
				return err
			}
		}
	}
	return nil
}

// eight writes eight bytes of a text.
func (w *Writer) eight(b []byte) error {
	if string(b) == "        " {
		return w.code(254)
	}
	w.data = append(w.data, b...)
	return w.code(253)
}

// next is the column of the cell that is being written, nil when there is none.
func (w *Writer) next() *column {
	if w.at == len(w.columns) {
		return nil
	}
	w.at++
	return &w.columns[w.at-1]
}

func (w *Writer) misplaced() error {
	return fmt.Errorf("sav: cell %d of case %d is not what its variable takes", w.at, w.done+1)
}

// End ends a case, whose cells must all have been written.
func (w *Writer) End() error {
	if w.at != len(w.columns) {
		return fmt.Errorf("sav: case %d has %d cells of %d", w.done+1, w.at, len(w.columns))
	}
	w.at = 0
	w.done++
	return nil
}

// code adds an instruction of the compression; eight of them stand before what they refer to.
func (w *Writer) code(c byte) error {
	w.codes[w.coded] = c
	if w.coded++; w.coded < len(w.codes) {
		return nil
	}
	return w.flush()
}

func (w *Writer) flush() error {
	clear(w.codes[w.coded:])
	w.coded = 0
	if _, err := w.out.Write(w.codes[:]); err != nil {
		return err
	}
	_, err := w.out.Write(w.data)
	w.data = w.data[:0]
	return err
}

// Close ends the file. It fails when there were not as many cases as the dictionary promised.
func (w *Writer) Close() error {
	if w.at != 0 || w.done != w.cases {
		return fmt.Errorf("sav: %d cases of %d, and %d cells", w.done, w.cases, w.at)
	}
	if w.coded > 0 {
		if err := w.flush(); err != nil {
			return err
		}
	}
	return w.out.Flush()
}
