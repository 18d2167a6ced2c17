package contacts

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"viesti/i18n"
	"viesti/internal/fault"
)

// What is taken of one file.
const (
	maxBytes = 50 << 20
	maxRows  = 1_000_000
)

// line is one row of a file as it stands there. Of a broken one the text is all that is known.
type line struct {
	n      int // physical line or sheet row, from 1
	cells  []string
	broken bool
}

func (l line) blank() bool {
	return !l.broken && !slices.ContainsFunc(l.cells, func(c string) bool { return clean(c) != "" })
}

// lines are the rows of the file, whatever it is. The cells of a row are good until the next.
func (s Source) lines() iter.Seq2[line, error] {
	if s.isWorkbook() {
		return workbookLines(s.Data)
	}
	return func(yield func(line, error) bool) {
		text, err := decodeText(s.Data)
		if err != nil {
			yield(line{}, fmt.Errorf("decode text: %w", err))
			return
		}
		for l := range csvLines(text) {
			if !yield(l, nil) {
				return
			}
		}
	}
}

// isWorkbook goes by the content, and by the name where the content is neither.
func (s Source) isWorkbook() bool {
	head := string(s.Data[:min(len(s.Data), 4)])
	return head == zipMagic || head == oleMagic ||
		slices.Contains([]string{".xlsx", ".xlsm", ".xls"}, strings.ToLower(path.Ext(s.Name)))
}

// form is what a kind of list may hold.
type form struct {
	header   []string          // the columns, as they are documented
	optional []string          // further ones
	aliases  map[string]string // what else a column is called, folded
	needs    [][]string        // of each group a list must have one column
}

// record is one row, its cells found by column and clean.
type record struct {
	line    int
	cells   []string
	columns map[string]int
}

func (r record) has(column string) bool {
	_, ok := r.columns[column]
	return ok
}

// cell is the cell in a column, empty where the file has no such column or the row ends before it.
func (r record) cell(column string) string {
	if i, ok := r.columns[column]; ok && i < len(r.cells) {
		return r.cells[i]
	}
	return ""
}

// read calls each for every row that can be read, and puts into imp what is rejected by it or
// cannot be read. A fault is of the file as a whole.
func (f form) read(ctx context.Context, src Source, imp *Import, each func(record) *Rejected) error {
	if len(src.Data) > maxBytes {
		return fault.New(fault.TooLarge, "contacts.too_large", i18n.Args{"max": maxBytes >> 20}).At(fault.Place{File: src.Name})
	}
	h, rows := heading{}, 0
	for l, err := range src.lines() {
		if err != nil {
			return in(src, err)
		}
		if l.blank() {
			continue
		}
		if h.columns == nil {
			if h, err = f.heading(l); err != nil {
				return in(src, err)
			}
			imp.Ignored, h.cuts = h.unknown, src.isWorkbook()
			continue
		}
		if rows++; rows > maxRows {
			return in(src, fault.New(fault.TooLarge, "contacts.too_many_rows", i18n.Args{"max": maxRows}))
		}
		if rows%batch == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		r, bad := h.record(l)
		if bad == nil {
			bad = each(r)
		}
		if bad != nil {
			bad.Line = l.n
			imp.Rejected = append(imp.Rejected, *bad)
		}
	}
	if h.columns == nil {
		return in(src, fault.New(fault.Invalid, "contacts.empty", i18n.Args{"expected": strings.Join(f.header, ",")}))
	}
	return nil
}

// in puts the file's name to a fault.
func in(src Source, err error) error {
	var f *fault.Fault
	if errors.As(err, &f) {
		f.Place.File = src.Name
	}
	return err
}

// heading is a header row that was understood.
type heading struct {
	columns map[string]int
	order   []string // of the columns in the file
	unknown []string
	width   int  // cells up to the last one with a heading
	cuts    bool // a sheet's cells cannot slip sideways: what is right of its headings are notes
}

func (f form) heading(l line) (heading, error) {
	h := heading{columns: map[string]int{}}
	var found []string
	for i, cell := range l.cells {
		name := clean(cell)
		if name == "" {
			continue
		}
		h.width = i + 1
		found = append(found, shorten(name))
		column := f.column(name)
		if _, again := h.columns[column]; column == "" || again {
			h.unknown = append(h.unknown, shorten(name))
			continue
		}
		h.columns[column] = i
		h.order = append(h.order, column)
	}
	var missing []string
	for _, group := range f.needs {
		if !slices.ContainsFunc(group, func(c string) bool { _, ok := h.columns[c]; return ok }) {
			missing = append(missing, strings.Join(group, " / "))
		}
	}
	if missing == nil {
		return h, nil
	}
	return h, fault.New(fault.Invalid, "contacts.columns", i18n.Args{
		"missing":  strings.Join(missing, ", "),
		"found":    strings.Join(found, ", "),
		"expected": strings.Join(f.header, ","),
	}).At(fault.Place{Line: l.n})
}

// column is the column that a heading names, in capitals or not and by any of its names.
func (f form) column(name string) string {
	name = fold(name)
	for _, c := range slices.Concat(f.header, f.optional) {
		if fold(c) == name {
			return c
		}
	}
	return f.aliases[name]
}

// fold makes e-mail, E Mail and email one.
func fold(s string) string {
	return strings.NewReplacer(" ", "", "-", "", "_", "").Replace(strings.ToLower(s))
}

// record cleans a line's cells in place and refuses what cannot be a row under this heading.
func (h heading) record(l line) (record, *Rejected) {
	r := record{line: l.n, cells: l.cells, columns: h.columns}
	if l.broken {
		return r, reject("", clean(strings.Join(l.cells, " ")), quote)
	}
	if len(l.cells) > h.width && !h.cuts {
		for _, c := range l.cells[h.width:] {
			if c = clean(c); c != "" {
				return r, reject("", c, tooManyCells)
			}
		}
	}
	for _, column := range h.order {
		i := h.columns[column]
		if i >= len(r.cells) {
			continue
		}
		r.cells[i] = unguard(clean(r.cells[i]))
		if utf8.RuneCountInString(r.cells[i]) > maxCell {
			return r, reject(column, r.cells[i], tooLong)
		}
	}
	return r, nil
}
