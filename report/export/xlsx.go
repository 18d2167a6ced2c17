package export

import (
	"archive/zip"
	"errors"
	"io"
	"math"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"viesti/i18n"
	"viesti/internal/fault"
)

// What a sheet holds, and a cell in UTF-16.
const (
	maxRows    = excelize.TotalRows
	maxColumns = excelize.MaxColumns
	maxCell    = excelize.TotalCellChars
)

// workbook is an XLSX that is being written. Every text is written as text, so that none is a formula
// or a date.
type workbook struct {
	file *excelize.File
	bold int
	wrap int
	cut  int // texts that were longer than a cell
}

// writeXLSX writes four sheets: about the file, the cases, the codebook, the figures. Rows go to disk
// while they are written. Errors: export.rows.
func (a *answers) writeXLSX(w io.Writer, scratch string) error {
	if !a.tables && (a.of.N >= maxRows || len(a.variables) > maxColumns) {
		return tooLarge()
	}
	b := workbook{file: excelize.NewFile(excelize.Options{TmpDir: scratch})}
	err := a.fill(&b)
	if err == nil {
		// excelize would build the whole archive in memory; what it is given instead goes to w at once.
		b.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return &archive{zip.NewWriter(w)} })
		_, err = b.file.WriteTo(io.Discard)
	}
	return errors.Join(err, b.file.Close()) // which removes what was on disk
}

// sheet is one of a workbook.
type sheet struct {
	name  string
	table table
}

func (a *answers) fill(b *workbook) error {
	var err error
	if b.bold, err = b.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}}); err != nil {
		return err
	}
	if b.wrap, err = b.file.NewStyle(&excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}}); err != nil {
		return err
	}
	about := a.sheet("about")
	if err := b.file.SetSheetName("Sheet1", about); err != nil {
		return err
	}
	sheets := []sheet{{"data", a.data()}, {"codebook", a.codebook()}, {"tables", figures(a.figures, a.lang)}}
	if a.tables {
		sheets = sheets[2:]
	}
	for _, s := range sheets {
		if _, err := b.file.NewSheet(a.sheet(s.name)); err != nil {
			return err
		}
		if err := b.sheet(a.sheet(s.name), s.table); err != nil {
			return err
		}
	}
	return b.about(about, a) // last, because it says what became of the others
}

func (a *answers) sheet(name string) string { return i18n.T(a.lang, "export.sheet."+name, nil) }

// sheet fills a sheet, its head in bold and in sight.
func (b *workbook) sheet(name string, t table) error {
	out, err := b.file.NewStreamWriter(name)
	if err != nil {
		return err
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	values := make([]any, len(t.head))
	for i, h := range t.head {
		values[i] = excelize.Cell{StyleID: b.bold, Value: h}
	}
	if err := out.SetRow("A1", values); err != nil {
		return err
	}
	n := 1
	err = t.rows(func(row []cell) error {
		if n++; n > maxRows {
			return tooLarge()
		}
		for i, c := range row {
			values[i] = b.value(c)
		}
		at, err := excelize.CoordinatesToCellName(1, n)
		if err != nil {
			return err
		}
		return out.SetRow(at, values)
	})
	return errors.Join(err, out.Flush())
}

// value is a cell as excelize takes it.
func (b *workbook) value(c cell) any {
	switch c.kind {
	case aNumber:
		return c.number
	case aText:
		return b.fit(c.text)
	default:
		return nil
	}
}

// fit cuts a text that is longer than a cell, and counts it.
func (b *workbook) fit(s string) string {
	if len(s) <= maxCell {
		return s
	}
	units := 0
	for i, r := range s {
		units += utf16.RuneLen(r)
		if units > maxCell-1 && i+utf8.RuneLen(r) < len(s) {
			b.cut++
			return s[:i] + "…"
		}
	}
	return s
}

func (b *workbook) about(name string, a *answers) error {
	out, err := b.file.NewStreamWriter(name)
	if err != nil {
		return err
	}
	if err := errors.Join(out.SetColWidth(1, 1, 22), out.SetColWidth(2, 2, 100)); err != nil {
		return err
	}
	said := a.about()
	if b.cut > 0 {
		said = append(said, sentence{i18n.T(a.lang, "export.about.cut", nil), i18n.T(a.lang, "export.cut", i18n.Args{"n": b.cut, "max": maxCell})})
	}
	for i, s := range said {
		at, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		row := []any{excelize.Cell{StyleID: b.bold, Value: s.head}, excelize.Cell{StyleID: b.wrap, Value: s.text}}
		if err := out.SetRow(at, row); err != nil {
			return err
		}
	}
	return out.Flush()
}

func tooLarge() error {
	return fault.New(fault.TooLarge, "export.rows", i18n.Args{"rows": maxRows - 1, "columns": maxColumns})
}

// archive is the ZIP of a workbook. Excel takes no entry of four gigabytes or more as Go's archive/zip
// writes them while it streams, so there must be none.
type archive struct{ *zip.Writer }

// Create begins an entry.
func (a *archive) Create(name string) (io.Writer, error) {
	w, err := a.Writer.Create(name)
	return &entry{w: w}, err
}

// entry is a file in the archive.
type entry struct {
	w    io.Writer
	size int64
}

func (e *entry) Write(b []byte) (int, error) {
	if e.size += int64(len(b)); e.size >= math.MaxUint32 {
		return 0, tooLarge()
	}
	return e.w.Write(b)
}
