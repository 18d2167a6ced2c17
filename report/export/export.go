// Package export writes what report/results released as files for other programs: CSV, XLSX, SPSS
// system files and DDI-Codebook, with a codebook and a script for R. Cases go through it one by one,
// so a file may be of any length.
//
// It decides nothing about what may be seen: whatever it is given it writes, says under which rule
// that was released, and where it was released under none, says that in the file itself.
package export

import (
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/report/results"
)

// Format is a kind of file.
type Format string

// The formats.
const (
	CSV  Format = "csv"
	XLSX Format = "xlsx"
	SAV  Format = "sav" // SPSS, PSPP
	DDI  Format = "ddi" // DDI-Codebook 2.5
)

// Formats are all formats, in the order in which they are offered.
var Formats = []Format{CSV, XLSX, SAV, DDI}

// Export is what is written, and in which language.
type Export struct {
	Microdata results.Microdata
	Results   results.Results
	Lang      i18n.Lang
	// Tables tells that only the published figures are written and no case: as a CSV or an XLSX.
	Tables bool
	// Create makes a file of that name, which Write closes.
	Create func(name string) (io.WriteCloser, error)
	// Scratch is a folder for what a workbook needs on disk while it is written; the system's own
	// where it is empty.
	Scratch string
}

// file is one that Write makes.
type file struct {
	name  string
	write func(io.Writer) error
}

// Write writes the file of that name, and beside it those that belong to its format, and says what
// they are called. Errors: export.format, export.no_tables, export.rows (an XLSX has room for no more), export.cases,
// and those of Create and of the files it made.
func (e Export) Write(format Format, name string) ([]string, error) {
	if !format.Known() {
		return nil, fault.New(fault.Invalid, "export.format", i18n.Args{"format": format, "formats": fmt.Sprint(Formats)})
	}
	if e.Tables && format != CSV && format != XLSX {
		return nil, fault.New(fault.Invalid, "export.no_tables", i18n.Args{"format": format})
	}
	var names []string
	for _, f := range e.files(newAnswers(e), format, name) {
		if err := e.make(f); err != nil {
			return names, err
		}
		names = append(names, f.name)
	}
	return names, nil
}

// files are those of a format: the one that was asked for, and beside it what goes with it.
func (e Export) files(a *answers, format Format, name string) []file {
	stem := strings.TrimSuffix(name, path.Ext(name))
	tables := func(w io.Writer) error { return writeCSV(w, figures(e.Results, e.Lang)) }
	codebook := file{stem + "-codebook.txt", a.writeCodebook}
	script := file{stem + ".R", func(w io.Writer) error { return a.writeScript(w, stem) }}
	switch {
	case format == XLSX:
		return []file{{name, func(w io.Writer) error { return a.writeXLSX(w, e.Scratch) }}}
	case format == SAV:
		return []file{{name, a.writeSAV}, codebook, script}
	case format == DDI:
		return []file{{name, func(w io.Writer) error { return a.writeDDI(w, path.Base(stem)) }}}
	case e.Tables:
		return []file{{name, tables}, {stem + "-about.txt", a.writeAbout}}
	default:
		return []file{
			{name, func(w io.Writer) error { return writeCSV(w, a.data()) }},
			{stem + "-tables.csv", tables},
			{stem + "-codebook.csv", func(w io.Writer) error { return writeCSV(w, a.codebook()) }},
			codebook, script,
		}
	}
}

func (e Export) make(f file) error {
	w, err := e.Create(f.name)
	if err != nil {
		return err
	}
	if err := f.write(w); err != nil {
		w.Close() //nolint:errcheck // the file is no good anyway
		return err
	}
	return w.Close()
}

// Known tells whether there is such a format.
func (f Format) Known() bool { return slices.Contains(Formats, f) }
