package contacts

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	utf "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"
)

// decodeText makes UTF-8 with line feeds of a text file. UTF-16 is known by its byte order mark.
// Otherwise each line that is no UTF-8 is taken for Windows-1252, Excel's "CSV" in western
// Europe: line by line, because lists are pasted together from files of both kinds.
func decodeText(data []byte) ([]byte, error) {
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		text, err := utf.UTF16(utf.LittleEndian, utf.UseBOM).NewDecoder().Bytes(data)
		return feeds(text), err
	}
	data = feeds(bytes.TrimPrefix(data, []byte("\ufeff")))
	if utf8.Valid(data) {
		return data, nil
	}
	text := make([]byte, 0, len(data)+len(data)/8)
	for line := range bytes.Lines(data) {
		if !utf8.Valid(line) {
			var err error
			if line, err = charmap.Windows1252.NewDecoder().Bytes(line); err != nil {
				return nil, err
			}
		}
		text = append(text, line...)
	}
	return text, nil
}

// feeds gives lines that end in a carriage return alone, Excel's "CSV (Macintosh)", a line feed.
func feeds(text []byte) []byte {
	if bytes.IndexByte(text, '\n') >= 0 {
		return text
	}
	return bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
}

// clean is a cell as it is kept: composed letters (NFC), no control or invisible characters, every
// run of white space one blank and none at the ends.
func clean(s string) string {
	s = norm.NFC.String(strings.Map(visible, s))
	if strings.Contains(s, "  ") || strings.ContainsFunc(s, func(r rune) bool { return r != ' ' && unicode.IsSpace(r) }) {
		return strings.Join(strings.Fields(s), " ")
	}
	return strings.TrimSpace(s)
}

// visible drops a character nobody sees, but for the two joiners that some scripts are written with.
func visible(r rune) rune {
	const nonJoiner, joiner = '\u200c', '\u200d'
	switch {
	case unicode.IsSpace(r), r == nonJoiner, r == joiner:
		return r
	case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
		return -1
	default:
		return r
	}
}

// dangerous is what a spreadsheet takes for the beginning of a formula (OWASP, «CSV Injection»).
const dangerous = "=+-@\t\r\n"

// guard puts an apostrophe before a cell that a spreadsheet would run as a formula.
func guard(cell string) string {
	if cell != "" && strings.IndexByte(dangerous, cell[0]) >= 0 {
		return "'" + cell
	}
	return cell
}

// unguard takes guard's apostrophe off again, so that an exported list comes back as it was.
func unguard(cell string) string {
	if len(cell) > 1 && cell[0] == '\'' && strings.IndexByte(dangerous, cell[1]) >= 0 {
		return cell[1:]
	}
	return cell
}
