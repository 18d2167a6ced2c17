package reading

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/report/reading/mark"
)

// column is a column of the file of answers.
type column string

const (
	idColumn       column = "id"
	questionColumn column = "question"
	textColumn     column = "text"
	marksColumn    column = "marks"
	decisionColumn column = "decision"
	publishColumn  column = "publish"
)

var columns = []column{idColumn, questionColumn, textColumn, marksColumn, decisionColumn, publishColumn}

func (c column) heading(l i18n.Lang) string { return i18n.T(l, "reading.column."+string(c), nil) }

// longest is how many bytes of a text go into a cell: Excel's cells hold 32,767 characters.
const longest = 30_000

// Format is a kind of file.
type Format string

// The formats.
const (
	CSV  Format = "csv"
	XLSX Format = "xlsx"
)

// Export writes all answers that may be published, with what was decided and, of those nobody has
// read, what the marks propose. It is for whoever would rather read in a spreadsheet, and comes back by
// Import.
func (r *Reader) Export(ctx context.Context, f Format, l i18n.Lang) ([]byte, error) {
	if err := r.begun(); err != nil {
		return nil, err
	}
	type entry struct {
		written
		Decision
	}
	var list []entry
	piles, err := r.count(ctx, func(w written, d Decision) { list = append(list, entry{w, d}) })
	if err != nil {
		return nil, err
	}
	marks, err := r.marks(ctx)
	if err != nil {
		return nil, err
	}
	var p Progress
	p.fill(r, piles)
	rank := map[string]int{}
	for i, pile := range p.Questions {
		rank[pile.Question] = i
	}
	list = slices.DeleteFunc(list, func(e entry) bool { return piles[e.question].Few })
	slices.SortFunc(list, func(a, b entry) int {
		return cmp.Or(rank[a.question]-rank[b.question], order(a.Verdict)-order(b.Verdict), strings.Compare(a.hash, b.hash))
	})
	rows := [][]string{make([]string, len(columns))}
	for i, c := range columns {
		rows[0][i] = c.heading(l)
	}
	for _, e := range list {
		title := cmp.Or(r.title(e.question).In(l), e.question)
		rows = append(rows, row(e.written, e.Decision, title, marks(e.text), l))
	}
	if f == XLSX {
		return workbook(rows)
	}
	return table(rows)
}

// order puts what is unread first.
func order(v Verdict) int {
	if v == Unread {
		return 0
	}
	return 1
}

func row(w written, d Decision, title string, marks []mark.Span, l i18n.Lang) []string {
	cuts, decision := d.Cuts, ""
	if d.Verdict == Unread {
		cuts = cutsOf(marks)
	} else {
		decision = i18n.T(l, "reading.decision."+string(d.Verdict), nil)
	}
	names := make([]string, len(marks))
	for i, m := range marks {
		names[i] = w.text[m.Start:m.End] + " (" + i18n.T(l, "reading.kind."+string(m.Kind), nil) + ")"
	}
	text, publish := w.text, Published(w.text, cuts)
	if len(text) > longest { // it is read on the page
		text, publish = i18n.T(l, "reading.too_long", nil), ""
		names = nil
	}
	said := strings.Join(names, "; ")
	if len(said) > longest {
		said = ""
	}
	return []string{w.hash, title, text, said, decision, publish}
}

// dangerous is what a spreadsheet takes for the beginning of a formula (OWASP, «CSV Injection»), and
// the apostrophe that guards against it.
const dangerous = "=+-@\t\r\n'"

func guard(cell string) string {
	if cell != "" && strings.IndexByte(dangerous, cell[0]) >= 0 {
		return "'" + cell
	}
	return cell
}

func unguard(cell string) string {
	if len(cell) > 1 && cell[0] == '\'' && strings.IndexByte(dangerous, cell[1]) >= 0 {
		return cell[1:]
	}
	return cell
}

// table is CSV that Excel opens as UTF-8. No cell begins as a formula does.
func table(rows [][]string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	out := csv.NewWriter(&b)
	for _, cells := range rows {
		for i := range cells {
			cells[i] = guard(cells[i])
		}
		if err := out.Write(cells); err != nil {
			return nil, fmt.Errorf("write answers: %w", err)
		}
	}
	out.Flush()
	return b.Bytes(), out.Error()
}

// workbook is a sheet whose cells are all texts, so that none is a formula.
func workbook(rows [][]string) (raw []byte, err error) {
	f := excelize.NewFile()
	defer f.Close() //nolint:errcheck // in memory
	const sheet = "Sheet1"
	style, err := f.NewStyle(&excelize.Style{NumFmt: 49, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	if err != nil {
		return nil, fmt.Errorf("write workbook: %w", err)
	}
	w, err := f.NewStreamWriter(sheet)
	if err != nil {
		return nil, fmt.Errorf("write workbook: %w", err)
	}
	for i, width := range []float64{10, 30, 60, 40, 14, 60} {
		if err := w.SetColWidth(i+1, i+1, width); err != nil {
			return nil, fmt.Errorf("write workbook: %w", err)
		}
	}
	for n, cells := range rows {
		line := make([]any, len(cells))
		for i, cell := range cells {
			line[i] = excelize.Cell{StyleID: style, Value: cell}
		}
		if err := w.SetRow(fmt.Sprintf("A%d", n+1), line); err != nil {
			return nil, fmt.Errorf("write workbook: %w", err)
		}
	}
	if err := w.Flush(); err != nil {
		return nil, fmt.Errorf("write workbook: %w", err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		return nil, fault.Wrap(err, fault.Internal, "fault.internal", nil)
	}
	return b.Bytes(), nil
}
