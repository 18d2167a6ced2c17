package sav

import (
	"bytes"
	"encoding/csv"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden files anew")

// need leaves a test out, and says so, where a program is not installed.
func need(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Skipf("LEFT OUT: %s is not here to read what was written (make setup)", program)
	}
}

// run runs a program, which must have nothing to complain of.
func run(t *testing.T, program string, args ...string) {
	t.Helper()
	out, err := exec.Command(program, args...).CombinedOutput()
	if said := strings.ToLower(string(out)); err != nil || strings.Contains(said, "warning") || strings.Contains(said, "error") {
		t.Fatalf("%s %v: %v\n%s", program, args, err, out)
	}
}

func table(t *testing.T, file string) [][]string {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return rows
}

// drawn is a random file on disk.
type drawn struct {
	file string
	d    Dictionary
	rows [][]cell
}

func files(t *testing.T, n int) []drawn {
	t.Helper()
	dir, list := t.TempDir(), make([]drawn, n)
	for i := range list {
		d, rows := draw(rand.New(rand.NewPCG(uint64(i), 7)))
		list[i] = drawn{filepath.Join(dir, fmt.Sprintf("%d.sav", i)), d, rows}
		if err := os.WriteFile(list[i].file, write(t, d, rows), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return list
}

// compare holds what a program read against what was written, cell by cell.
func compare(t *testing.T, f drawn, read [][]string, missing string) {
	t.Helper()
	if len(read) != len(f.rows)+1 {
		t.Fatalf("%s: %d rows, %d were written", f.file, len(read)-1, len(f.rows))
	}
	for j, v := range f.d.Variables {
		if read[0][j] != v.Name {
			t.Errorf("%s: the variable %s is read as %s", f.file, v.Name, read[0][j])
		}
	}
	for i, row := range f.rows {
		for j, c := range row {
			got := read[i+1][j]
			if f.d.Variables[j].Width > 0 {
				if strings.TrimRight(got, " ") != c.text {
					t.Errorf("%s: case %d, %s: %q, written %q", f.file, i+1, f.d.Variables[j].Name, got, c.text)
				}
				continue
			}
			x, err := strconv.ParseFloat(got, 64)
			if c.given && (err != nil || math.Abs(x-c.number) > 1e-14*math.Abs(c.number)) || !c.given && strings.TrimSpace(got) != missing {
				t.Errorf("%s: case %d, %s: %q, written %v", f.file, i+1, f.d.Variables[j].Name, got, c)
			}
		}
	}
}

// PSPP reads every cell of random files as it was written.
func TestReadByPSPP(t *testing.T) {
	need(t, "pspp-convert")
	for _, f := range files(t, 120) {
		run(t, "pspp-convert", f.file, f.file+".csv")
		compare(t, f, table(t, f.file+".csv"), "")
	}
}

// havenScript writes what haven reads: the cells, and of each variable its label, its values with
// theirs, and what is missing.
const havenScript = `for (f in commandArgs(TRUE)) {
  d <- haven::read_sav(f, user_na = TRUE)
  say <- function(x) paste(x, collapse = "\u241f")
  about <- do.call(rbind, lapply(d, function(x) data.frame(
    label = say(attr(x, "label", exact = TRUE)), labels = say(names(attr(x, "labels"))),
    values = say(unname(attr(x, "labels"))), missing = say(attr(x, "na_values")), range = say(attr(x, "na_range")))))
  for (n in names(d)) if (is.numeric(d[[n]])) {
    x <- unclass(d[[n]])
    d[[n]] <- ifelse(is.na(x), "NA", sprintf("%.17g", x))
  }
  write.csv(haven::zap_labels(d), paste0(f, ".csv"), row.names = FALSE, fileEncoding = "UTF-8")
  write.csv(about, paste0(f, ".about.csv"), fileEncoding = "UTF-8")
}`

// R’s haven reads every cell of random files as it was written, and every label.
func TestReadByHaven(t *testing.T) {
	need(t, "Rscript")
	list := files(t, 120)
	args := []string{"--encoding=UTF-8", "-e", havenScript}
	for _, f := range list {
		args = append(args, f.file)
	}
	run(t, "Rscript", args...)
	for _, f := range list {
		compare(t, f, table(t, f.file+".csv"), "NA")
		for i, about := range table(t, f.file+".about.csv")[1:] {
			v := f.d.Variables[i]
			var labels, values, missing []string
			if v.Width == 0 {
				for _, l := range v.Values {
					labels = append(labels, strings.TrimRight(Cut(l.Text, MaxValueLabel), " "))
					values = append(values, strconv.FormatFloat(l.Value, 'f', -1, 64))
				}
				for _, x := range v.Missing {
					missing = append(missing, strconv.FormatFloat(x, 'f', -1, 64))
				}
			}
			between := ""
			if len(missing) > 3 {
				missing, between = nil, missing[0]+"\u241f"+missing[3]
			}
			want := []string{v.Name, Cut(v.Label, MaxLabel)}
			for _, list := range [][]string{labels, values, missing} {
				want = append(want, strings.Join(list, "\u241f"))
			}
			for j, w := range append(want, between) {
				if about[j] != strings.TrimRight(w, " ") {
					t.Errorf("%s: of %s is read %q, written was %q", f.file, v.Name, about[j], w)
				}
			}
		}
	}
}

// sample is a dictionary with one of everything.
func sample() Dictionary {
	return Dictionary{
		Title: "Kumppanuusbarometri – Partnerskapsbarometern – Partnership Barometer", Product: "test",
		Created: time.Date(2027, 3, 14, 0, 0, 0, 0, time.UTC), Cases: 2,
		Documents: []string{"Pienin ryhmä on viisi.", strings.Repeat("Ingen kan kännas igen. ", 6)},
		Variables: []Variable{
			{Name: "kind", Label: "Organisaatio", Digits: 2, Measure: Nominal, Values: []Label{{1, "Kunta"}, {2, "Järjestö"}}},
			{
				Name: "trust", Label: "Luottamus", Digits: 2, Measure: Ordinal, Missing: []float64{9},
				Values: []Label{{1, "Täysin eri mieltä"}, {5, "Täysin samaa mieltä"}, {9, "En osaa sanoa"}},
			},
			{Name: "years", Label: "Vuosia", Digits: 5, Decimals: 1, Measure: Scale},
			{Name: "own", Label: "Omin sanoin", Width: 300, Measure: Nominal},
		},
	}
}

// PSPP shows the levels, formats, missing values and documents that were written.
func TestDictionaryInPSPP(t *testing.T) {
	need(t, "pspp")
	dir := t.TempDir()
	yes := func(x float64) cell { return cell{number: x, given: true} }
	rows := [][]cell{{yes(1), yes(9), yes(2.5), {text: strings.Repeat("ä", 150), given: true}}, {yes(2), yes(5), {}, {}}}
	if err := os.WriteFile(filepath.Join(dir, "sample.sav"), write(t, sample(), rows), 0o600); err != nil {
		t.Fatal(err)
	}
	syntax := fmt.Sprintf("GET FILE='%s'.\nDISPLAY DICTIONARY.\nDISPLAY DOCUMENTS.\nFREQUENCIES trust.\n", filepath.Join(dir, "sample.sav"))
	if err := os.WriteFile(filepath.Join(dir, "sample.sps"), []byte(syntax), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, "pspp", "-O", "format=csv", "-o", filepath.Join(dir, "shown.csv"), filepath.Join(dir, "sample.sps"))
	got, err := os.ReadFile(filepath.Join(dir, "shown.csv"))
	if err != nil {
		t.Fatal(err)
	}
	got = bytes.ReplaceAll(got, []byte(dir), nil)
	const golden = "testdata/pspp.csv"
	if *update {
		err = os.WriteFile(golden, got, 0o600)
	}
	want, readErr := os.ReadFile(golden)
	if err != nil || readErr != nil || !bytes.Equal(got, want) {
		t.Errorf("PSPP shows otherwise than in %s (%v %v):\n%s", golden, err, readErr, got)
	}
}

// The same dictionary and cases make the same bytes.
func TestSameBytes(t *testing.T) {
	for i := range uint64(5) {
		d, rows := draw(rand.New(rand.NewPCG(i, 1)))
		if !bytes.Equal(write(t, d, rows), write(t, d, rows)) {
			t.Error("two files of the same are not the same")
		}
	}
}
