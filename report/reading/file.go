package reading

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"viesti/i18n"
	"viesti/internal/fault"
)

// What is taken of a file.
const (
	maxBytes    = 100 << 20
	maxUnzipped = 256 << 20
)

// numbered is a row as it stands in a file.
type numbered struct {
	n     int
	cells []string
}

// lines are the rows under a heading that was understood. Unlike a list of contacts, a file of answers
// has cells of several lines, so it is read by the grammar of CSV alone.
func (f File) lines() ([]line, error) {
	if len(f.Data) > maxBytes {
		return nil, fault.New(fault.TooLarge, "reading.too_large", i18n.Args{"max": maxBytes >> 20}).At(fault.Place{File: f.Name})
	}
	rows, err := f.rows()
	if err != nil {
		return nil, err
	}
	var list []line
	var heading map[int]column
	for _, r := range rows {
		if strings.TrimSpace(strings.Join(r.cells, "")) == "" {
			continue
		}
		if heading == nil {
			if heading, err = f.heading(r.cells); err != nil {
				return nil, err
			}
			continue
		}
		x := line{n: r.n, cells: map[column]string{}}
		for i, cell := range r.cells {
			if c, ok := heading[i]; ok {
				x.cells[c] = cell
			}
		}
		x.cells[idColumn] = strings.TrimSpace(x.cells[idColumn])
		list = append(list, x)
	}
	if heading == nil {
		return nil, f.fault(nil, "reading.no_heading", i18n.Args{"columns": needed})
	}
	return list, nil
}

func (f File) heading(cells []string) (map[int]column, error) {
	found, have := map[int]column{}, map[column]bool{}
	for i, cell := range cells {
		if c, ok := columnOf(cell); ok && !have[c] {
			found[i], have[c] = c, true
		}
	}
	for _, c := range []column{idColumn, decisionColumn, publishColumn} {
		if !have[c] {
			return nil, f.fault(nil, "reading.no_heading", i18n.Args{"columns": needed})
		}
	}
	return found, nil
}

// needed are the columns that a file must have.
const needed = string(idColumn + ", " + decisionColumn + ", " + publishColumn)

func (f File) rows() ([]numbered, error) {
	if bytes.HasPrefix(f.Data, []byte("PK\x03\x04")) {
		rows, err := sheet(f.Data)
		if err != nil {
			return nil, f.fault(err, "reading.workbook", nil)
		}
		return rows, nil
	}
	text := bytes.TrimPrefix(f.Data, []byte("\ufeff"))
	if !utf8.Valid(text) { // Excel's plain "CSV" in western Europe
		var err error
		if text, err = charmap.Windows1252.NewDecoder().Bytes(text); err != nil {
			return nil, f.fault(err, "reading.csv", i18n.Args{"line": 1})
		}
	}
	in := csv.NewReader(bytes.NewReader(text))
	in.FieldsPerRecord, in.Comma = -1, separator(text)
	var rows []numbered
	for {
		cells, err := in.Read()
		var broken *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return rows, nil
		case errors.As(err, &broken):
			return nil, f.fault(err, "reading.csv", i18n.Args{"line": broken.StartLine})
		case err != nil:
			return nil, f.fault(err, "reading.csv", i18n.Args{"line": 1})
		}
		n, _ := in.FieldPos(0)
		rows = append(rows, numbered{n, cells})
	}
}

// separator is what stands most often in the first line.
func separator(text []byte) rune {
	first, _, _ := bytes.Cut(text, []byte("\n"))
	best := ','
	for _, r := range ";\t" {
		if bytes.Count(first, []byte(string(r))) > bytes.Count(first, []byte(string(best))) {
			best = r
		}
	}
	return best
}

// sheet reads a workbook's first sheet. A damaged one must not take the server down with it.
func sheet(data []byte) (rows []numbered, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("workbook reader: %v", p)
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: maxUnzipped, RawCellValue: true})
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	sheets := f.GetSheetList()
	if len(sheets) == 0 {
		return nil, errors.New("no sheet")
	}
	all, err := f.GetRows(sheets[0])
	for i, cells := range all {
		rows = append(rows, numbered{i + 1, cells})
	}
	return rows, err
}
