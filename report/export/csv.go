package export

import (
	"bufio"
	"encoding/csv"
	"io"
)

// writeCSV writes a table after RFC 4180: commas, quotes where they are needed, lines ended by CR LF,
// UTF-8 without a mark before it, and a decimal point, in every language. It is for programs; a
// spreadsheet in Finnish or Swedish expects semicolons and commas, and there is an XLSX for it.
func writeCSV(w io.Writer, t table) error {
	buffered := bufio.NewWriterSize(w, 1<<16)
	out := csv.NewWriter(buffered)
	out.UseCRLF = true
	if err := out.Write(t.head); err != nil {
		return err
	}
	record := make([]string, len(t.head))
	err := t.rows(func(row []cell) error {
		for i, c := range row {
			switch c.kind {
			case aNumber:
				record[i] = digits(c.number)
			case aText:
				record[i] = guard(c.text)
			default:
				record[i] = ""
			}
		}
		if len(record) == 1 && record[0] == "" { // an empty line would be no row to most readers
			out.Flush()
			_, err := buffered.WriteString("\"\"\r\n")
			return err
		}
		return out.Write(record)
	})
	if err != nil {
		return err
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return err
	}
	return buffered.Flush()
}
