package export

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"viesti/i18n"
	"viesti/report/results"
)

// need leaves a test out, and says so, where a program is not installed.
func need(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Skipf("LEFT OUT: %s is not here to read what was written (make setup)", program)
	}
}

// run runs a program in a folder; it must have nothing to complain of.
func run(t *testing.T, dir, program string, args ...string) string {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if said := strings.ToLower(string(out)); err != nil || strings.Contains(said, "warning") || strings.Contains(said, "error") {
		t.Fatalf("%s %v: %v\n%s", program, args, err, out)
	}
	return string(out)
}

// parsed is a CSV as it stands in the file, but without the guards before what looks like a formula.
func parsed(t *testing.T, raw []byte) [][]string {
	t.Helper()
	read, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	if err != nil {
		t.Fatalf("%v\n%s", err, raw)
	}
	for _, row := range read {
		for i, c := range row {
			row[i] = strings.TrimPrefix(c, "'")
		}
	}
	return read
}

func parsedFile(t *testing.T, name string) [][]string {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	read, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return read
}

// agree holds a table against the CSV, cell by cell. Numbers may be written otherwise.
func agree(t *testing.T, who string, want, got [][]string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d rows, the CSV has %d", who, len(got), len(want))
	}
	for i, row := range want {
		for j, cell := range row {
			read := ""
			if j < len(got[i]) { // a sheet's rows end with the last cell that is not empty
				read = got[i][j]
			}
			if read = strings.TrimRight(strings.TrimSuffix(read, "(none)"), " "); read == cell {
				continue
			}
			x, err := strconv.ParseFloat(read, 64)
			y, err2 := strconv.ParseFloat(cell, 64)
			if err != nil || err2 != nil || math.Abs(x-y) > 1e-14*math.Abs(y) {
				t.Errorf("%s: row %d, %s: %q, the CSV has %q", who, i, want[0][j], read, cell)
			}
		}
	}
}

// files are random surveys, each in all formats in a folder of its own, and its cases.
func files(t *testing.T, n int) (dirs []string, cases [][][]string) {
	t.Helper()
	for i := range n {
		dir := t.TempDir()
		m := drawn(rand.New(rand.NewPCG(uint64(i), 2)), i%3 > 0)
		for _, format := range Formats {
			written := write(t, format, m, published(), i18n.Langs[i%3])
			written.save(t, dir)
			if format == CSV {
				cases = append(cases, parsed(t, written["answers.csv"].Bytes()))
			}
		}
		dirs = append(dirs, dir)
	}
	return dirs, cases
}

// PSPP finds the cells of the CSV in the system file.
func TestPSPPAgrees(t *testing.T) {
	need(t, "pspp-convert")
	dirs, cases := files(t, 60)
	for i, dir := range dirs {
		run(t, dir, "pspp-convert", "answers.sav", "pspp.csv")
		agree(t, "PSPP", cases[i], parsedFile(t, filepath.Join(dir, "pspp.csv")))
	}
}

// The script that goes with the files reads both of them in R, the CSV with R alone and the system file
// with haven, into the same data frame, whose codes are the cells of the CSV.
func TestScriptReadsBoth(t *testing.T) {
	need(t, "Rscript")
	dirs, cases := files(t, 30)
	var folders strings.Builder
	for _, dir := range dirs {
		fmt.Fprintf(&folders, "%q,", dir)
	}
	check := `for (dir in c(` + strings.TrimSuffix(folders.String(), ",") + `)) {
  setwd(dir)
  read <- list()
  for (answers_source in c("csv", "sav")) {
    invisible(capture.output(source("answers.R", encoding = "UTF-8")))
    for (n in names(answers_codes)) if (is.numeric(answers_codes[[n]])) {
      x <- answers_codes[[n]]
      answers_codes[[n]] <- ifelse(is.na(x), NA, sprintf("%.17g", x))
    }
    write.csv(answers_codes, paste0("R-", answers_source, ".csv"), row.names = FALSE, na = "(none)", fileEncoding = "UTF-8")
    read[[answers_source]] <- answers
  }
  for (from in names(read)) for (n in names(read[[from]])) attr(read[[from]][[n]], "label") <- NULL # SPSS cuts it
  same <- all.equal(read$csv, read$sav)
  if (!isTRUE(same)) stop(dir, ": ", paste(same, collapse = "; "))
}`
	script := filepath.Join(t.TempDir(), "check.R")
	if err := os.WriteFile(script, []byte(check), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, "", "Rscript", "--encoding=UTF-8", script)
	for i, dir := range dirs {
		agree(t, "R reading "+dir+" CSV", cases[i], parsedFile(t, filepath.Join(dir, "R-csv.csv")))
		agree(t, "haven "+dir, cases[i], parsedFile(t, filepath.Join(dir, "R-sav.csv")))
	}
}

// The script shows a first table, in the language of the files, whichever of them is there.
func TestScriptShowsATable(t *testing.T) {
	need(t, "Rscript")
	for _, l := range i18n.Langs {
		dir := t.TempDir()
		write(t, CSV, small(), published(), l).save(t, dir)
		csv := run(t, dir, "Rscript", "answers.R")
		golden(t, string(l)+"/answers.R.out", []byte(csv))
		if l != i18n.Sv {
			continue
		}
		write(t, SAV, small(), published(), l).save(t, dir)
		if sav := run(t, dir, "Rscript", "answers.R"); sav != csv {
			t.Errorf("from the system file it shows\n%s\nfrom the CSV\n%s", sav, csv)
		}
	}
}

// LibreOffice opens workbooks and finds the cells of the CSV.
func TestLibreOfficeAgrees(t *testing.T) {
	need(t, "soffice")
	dirs, cases := files(t, 9)
	together := t.TempDir()
	// The second sheet, UTF-8, commas, quotes, numbers as they are and not as they are shown.
	const filter = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,2"
	args := []string{"-env:UserInstallation=file://" + filepath.Join(together, "home"), "--headless", "--convert-to", filter}
	for i, dir := range dirs {
		name := fmt.Sprintf("%d.xlsx", i)
		if err := os.Rename(filepath.Join(dir, "answers.xlsx"), filepath.Join(together, name)); err != nil {
			t.Fatal(err)
		}
		args = append(args, name)
	}
	cmd := exec.Command("soffice", args...)
	cmd.Dir = together
	if out, err := cmd.CombinedOutput(); err != nil { // it always warns of something
		t.Fatalf("%v\n%s", err, out)
	}
	for i := range dirs {
		read := fmt.Sprintf("%d-%s.csv", i, i18n.T(i18n.Langs[i%3], "export.sheet.data", nil))
		agree(t, "LibreOffice", cases[i], parsedFile(t, filepath.Join(together, read)))
	}
}

// The descriptions are valid by the schema of what is written, in every language and for every survey; and
// by the DDI Alliance's own schema where VIESTI_DDI_XSD says where that lies.
func TestDescriptionIsValid(t *testing.T) {
	need(t, "xmllint")
	schemas := [][]string{{"--relaxng", "ddi.rng"}}
	if xsd := os.Getenv("VIESTI_DDI_XSD"); xsd != "" {
		schemas = append(schemas, []string{"--schema", xsd})
	}
	surveys := []results.Microdata{small(), {}}
	for i := range uint64(20) {
		surveys = append(surveys, drawn(rand.New(rand.NewPCG(i, 4)), i%2 == 0))
	}
	for i, m := range surveys {
		name := filepath.Join(t.TempDir(), "answers.xml")
		if err := os.WriteFile(name, write(t, DDI, m, published(), i18n.Langs[i%3])["answers.ddi"].Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, schema := range schemas {
			cmd := exec.Command("xmllint", append([]string{"--noout", "--nonet"}, append(schema, name)...)...)
			cmd.Dir = "testdata"
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%s: %v\n%s", schema[1], err, out)
			}
		}
	}
}
