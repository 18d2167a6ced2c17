package export

import (
	"math"
	"strconv"
)

// table is what CSV files and sheets are written of: a head, and rows that come one by one. A row is
// valid until the next.
type table struct {
	head []string
	rows func(each func(row []cell) error) error
}

// cell is empty, a number or a text.
type cell struct {
	kind   kind
	number float64
	text   string
}

type kind uint8

const (
	empty kind = iota
	aNumber
	aText
)

// words is a text, or nothing where there are none.
func words(s string) cell {
	if s == "" {
		return cell{}
	}
	return cell{kind: aText, text: s}
}

// number is a number; what is none is nothing.
func number(x float64) cell {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return cell{}
	}
	return cell{kind: aNumber, number: x}
}

// yes is 1, or nothing.
func yes(on bool) cell {
	if on {
		return number(1)
	}
	return cell{}
}

// digits is a number as programs read it, with a point and without an exponent.
func digits(x float64) string {
	if whole := int64(x); float64(whole) == x && -1e15 < x && x < 1e15 {
		return strconv.FormatInt(whole, 10)
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

// list is a table of rows that are there already.
func list(head []string, rows [][]cell) table {
	return table{head, func(each func([]cell) error) error {
		for _, row := range rows {
			if err := each(row); err != nil {
				return err
			}
		}
		return nil
	}}
}
