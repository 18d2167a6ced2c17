package contacts

import (
	"bytes"
	"fmt"
	"iter"

	"github.com/xuri/excelize/v2"

	"viesti/internal/fault"
)

// The first bytes of a ZIP archive, which an XLSX workbook is, and of the compound files that
// XLS and password-protected workbooks are.
const (
	zipMagic = "PK\x03\x04"
	oleMagic = "\xd0\xcf\x11\xe0"
)

// maxUnzipped is what a workbook may unpack to: a full sheet of a million contacts takes some
// 200 MB, and a small file that claims more is meant to fill the memory.
const maxUnzipped = 256 << 20

// workbookLines are the rows of a workbook's first sheet. Numbers are read as they are kept, not
// as they are shown, so that 1000 does not become "1 000".
func workbookLines(data []byte) iter.Seq2[line, error] {
	return func(yield func(line, error) bool) {
		s, err := openSheet(data)
		if err != nil {
			yield(line{}, err)
			return
		}
		defer s.close()
		for n := 1; ; n++ {
			cells, more, err := s.next()
			if err != nil {
				yield(line{}, unreadable(err))
				return
			}
			if !more || !yield(line{n: n, cells: cells}, nil) {
				return
			}
		}
	}
}

type sheet struct {
	file *excelize.File
	rows *excelize.Rows
}

func openSheet(data []byte) (s *sheet, err error) {
	if bytes.HasPrefix(data, []byte(oleMagic)) {
		return nil, fault.New(fault.Invalid, "contacts.old_excel", nil)
	}
	defer func() {
		if err != nil {
			err = unreadable(err)
		}
	}()
	defer catch(&err)
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: maxUnzipped, RawCellValue: true})
	if err != nil {
		return nil, err
	}
	s = &sheet{file: f}
	sheets := f.GetSheetList()
	if len(sheets) == 0 {
		s.close()
		return nil, fmt.Errorf("no sheet")
	}
	if s.rows, err = f.Rows(sheets[0]); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// next gives the next row; empty rows in between come as rows without cells.
func (s *sheet) next() (cells []string, more bool, err error) {
	defer catch(&err)
	if !s.rows.Next() {
		return nil, false, s.rows.Error()
	}
	cells, err = s.rows.Columns()
	return cells, true, err
}

// close removes what a large workbook unpacked to the disk.
func (s *sheet) close() {
	if s.rows != nil {
		_ = s.rows.Close()
	}
	_ = s.file.Close()
}

func unreadable(err error) error {
	return fault.Wrap(err, fault.Invalid, "contacts.workbook", nil)
}

// catch makes an error of a panic: a workbook comes from outside, its format is vast, and a
// damaged one must not take the server down with it.
func catch(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("workbook reader: %v", p)
	}
}
