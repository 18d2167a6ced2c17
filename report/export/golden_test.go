package export

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"viesti/i18n"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	name = filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is not as it was looked at; see go test ./report/export -update (%v)\n%s", name, err, got)
	}
}

// sheets are the cells of a workbook as text, by the name of the sheet: of these, or of all.
func sheets(t *testing.T, raw []byte, only ...string) map[string][][]string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(raw), excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	read := map[string][][]string{}
	for _, name := range f.GetSheetList() {
		if read[name] = nil; len(only) > 0 && !slices.Contains(only, name) {
			continue
		}
		if read[name], err = f.GetRows(name); err != nil {
			t.Fatal(err)
		}
	}
	return read
}

// Every file in every language, as somebody looked at it.
func TestFilesInThreeLanguages(t *testing.T) {
	for _, l := range i18n.Langs {
		t.Run(string(l), func(t *testing.T) {
			for _, format := range Formats {
				for name, content := range write(t, format, small(), published(), l) {
					switch format {
					case XLSX:
						var text strings.Builder
						read := sheets(t, content.Bytes())
						for _, sheet := range []string{"about", "data", "codebook", "tables"} {
							name := i18n.T(l, "export.sheet."+sheet, nil)
							text.WriteString("== " + name + "\n")
							for _, row := range read[name] {
								text.WriteString(strings.Join(row, " | ") + "\n")
							}
						}
						golden(t, string(l)+"/"+name+".txt", []byte(text.String()))
					case SAV:
						// What is in them is what PSPP and R read (judges_test.go); the others are those of the CSV.
					default:
						golden(t, string(l)+"/"+name, content.Bytes())
					}
				}
			}
			m := small()
			m.Full = true
			golden(t, string(l)+"/full-codebook.txt", write(t, CSV, m, published(), l)["answers-codebook.txt"].Bytes())
		})
	}
}
