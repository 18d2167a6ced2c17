package exchange

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"viesti/i18n"
	"viesti/internal/fault"
)

// A workbook comes from outside. A questionnaire of a thousand questions in five languages takes
// a few megabytes and some thousand rows; what claims more is meant to fill the memory.
const (
	maxUnzipped = 64 << 20
	maxRows     = 10_000
	maxCell     = 32_767 // what a cell holds, in UTF-16
)

// table is a sheet to be written: columns in order, and rows of cells by column.
type table struct {
	name    string
	columns []string
	rows    []map[string]string
}

// used are the columns that have a cell, after those that are always there.
func (t *table) used(always int) []string {
	columns := slices.Clone(t.columns[:always])
	for _, c := range t.columns[always:] {
		if slices.ContainsFunc(t.rows, func(row map[string]string) bool { return row[c] != "" }) {
			columns = append(columns, c)
		}
	}
	return columns
}

// lines are the sheet's cells, the heads first.
func (t *table) lines(always int) [][]string {
	columns := t.used(always)
	lines := [][]string{columns}
	for _, row := range t.rows {
		line := make([]string, len(columns))
		for i, c := range columns {
			line[i] = row[c]
		}
		lines = append(lines, line)
	}
	return lines
}

// workbook writes sheets as XLSX. Every cell is text, so that 2026.10 stays what it is and a text
// that begins with = is no formula.
func workbook(sheets []*table) ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close() //nolint:errcheck // nothing of it is on disk
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return nil, err
	}
	wrapped, err := f.NewStyle(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return nil, err
	}
	for i, t := range sheets {
		if i == 0 {
			err = f.SetSheetName("Sheet1", t.name)
		} else {
			_, err = f.NewSheet(t.name)
		}
		if err == nil {
			err = fill(f, t, bold, wrapped)
		}
		if err != nil {
			return nil, err
		}
	}
	var out bytes.Buffer
	_, err = f.WriteTo(&out)
	return out.Bytes(), err
}

func fill(f *excelize.File, t *table, bold, wrapped int) error {
	lines := t.lines(min(2, len(t.columns)))
	for i, line := range lines {
		for j, cell := range line {
			if len(utf16.Encode([]rune(cell))) > maxCell {
				return fault.New(fault.TooLarge, "exchange.long_cell", i18n.Args{"max": maxCell}).At(place("", t.name, j, i+1))
			}
			if cell == "" {
				continue
			}
			if err := f.SetCellStr(t.name, at(j, i+1), cell); err != nil {
				return err
			}
		}
	}
	last, err := excelize.ColumnNumberToName(len(lines[0]))
	if err != nil {
		return err
	}
	return errors.Join(
		f.SetColWidth(t.name, "A", last, 28),
		f.SetColStyle(t.name, "A:"+last, wrapped),
		f.SetRowStyle(t.name, 1, 1, bold),
		f.SetPanes(t.name, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}),
	)
}

// at is a cell as people call it: H12. Columns count from 0, rows from 1.
func at(column, row int) string {
	name, err := excelize.CoordinatesToCellName(column+1, row)
	if err != nil {
		return fmt.Sprint(row)
	}
	return name
}

// place is a cell in a fault: survey!H12.
func place(file, sheet string, column, row int) fault.Place {
	return fault.Place{File: file, Field: sheet + "!" + at(column, row)}
}

// sheets reads the cells of a workbook's sheets, by the sheets' names in small letters.
func sheets(file string, data []byte) (read map[string]*sheet, order []string, err error) {
	defer func() {
		if p := recover(); p != nil { // the format is vast, and a damaged file must not end the program
			err = fmt.Errorf("workbook reader: %v", p)
		}
		var f *fault.Fault
		if err != nil && !errors.As(err, &f) {
			err = fault.Wrap(err, fault.Invalid, "exchange.workbook", i18n.Args{"file": file})
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped, RawCellValue: true,
	})
	if err != nil {
		return nil, nil, err
	}
	defer f.Close() //nolint:errcheck // nothing of it is on disk
	read = map[string]*sheet{}
	for _, name := range f.GetSheetList() {
		s := &sheet{file: file, name: name}
		if err := s.load(f); err != nil {
			return nil, nil, err
		}
		key := strings.ToLower(strings.TrimSpace(name))
		if read[key] == nil {
			read[key] = s
			order = append(order, key)
		}
	}
	return read, order, nil
}

// load reads the sheet row by row, so that only cells with something in them are kept.
func (s *sheet) load(f *excelize.File) error {
	rows, err := f.Rows(s.name)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // nothing of it is on disk
	for n := 1; rows.Next(); n++ {
		if n > maxRows {
			return fault.New(fault.TooLarge, "exchange.long_sheet", i18n.Args{"sheet": s.name, "max": maxRows}).
				At(fault.Place{File: s.file})
		}
		cells, err := rows.Columns()
		if err != nil {
			return err
		}
		if s.keys == nil {
			s.head(cells)
			continue
		}
		s.row(n, cells)
	}
	return rows.Error()
}
