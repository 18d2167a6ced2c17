package export

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/report/disclosure"
	"viesti/report/results"
)

// Whatever was released under no rule says so in every file of every format, in the file's language,
// and wherever there are cases beside each of them.
func TestFullSaysSo(t *testing.T) {
	m := small()
	m.Full = true
	for _, l := range i18n.Langs {
		warning, each := i18n.T(l, "export.full", nil), i18n.T(l, "export.mark", nil)
		for _, format := range []Format{CSV, SAV, DDI} {
			for name, content := range write(t, format, m, published(), l) {
				want, times := warning, 1
				switch name {
				case "answers.csv":
					want, times = each, m.N
				case "answers-tables.csv":
					continue // they are as they were published
				case "answers.sav":
					want = strings.Fields(warning)[0] // its lines are wrapped
				}
				if n := strings.Count(content.String(), want); n < times {
					t.Errorf("%s: %s says %d times that it is %q", l, name, n, want)
				}
			}
		}
		read := sheets(t, write(t, XLSX, m, published(), l)["answers.xlsx"].Bytes())
		if about := fmt.Sprint(read[i18n.T(l, "export.sheet.about", nil)]); !strings.Contains(about, warning) {
			t.Errorf("%s: the workbook is about %s", l, about)
		}
		if data := fmt.Sprint(read[i18n.T(l, "export.sheet.data", nil)]); strings.Count(data, each) != m.N {
			t.Errorf("%s: the sheet is %s", l, data)
		}
	}
}

// The rule is in or beside every file, in its language, and nothing says that a file is full which is not.
func TestRuleIsPrinted(t *testing.T) {
	for _, l := range i18n.Langs {
		rule := i18n.T(l, "export.rule", i18n.Args{"minimum": 5})
		for _, format := range Formats {
			d := write(t, format, small(), published(), l)
			said := fmt.Sprint(d)
			if format == XLSX {
				said = fmt.Sprint(sheets(t, d["answers.xlsx"].Bytes()))
			}
			if !strings.Contains(said, rule) {
				t.Errorf("%s: nothing of the rule in %s", l, format)
			}
			if strings.Contains(said, i18n.T(l, "export.mark", nil)) || strings.Contains(said, i18n.T(l, "export.full", nil)) {
				t.Errorf("%s: %s is said to be full", l, format)
			}
		}
	}
	m := small()
	m.Variables[0].Background, m.Anonymity = false, 12 // all of them were left out
	if said := write(t, CSV, m, published(), i18n.En)["answers-codebook.txt"].String(); !strings.Contains(said, i18n.T(i18n.En, "export.no_background", nil)) {
		t.Errorf("without backgrounds it says\n%s", said)
	}
	r := published()
	r.Final, r.Late = false, true
	said := write(t, CSV, small(), r, i18n.En)["answers-codebook.txt"].String()
	for _, key := range []string{"export.open", "export.late"} {
		if !strings.Contains(said, i18n.T(i18n.En, key, nil)) {
			t.Errorf("it is not said: %s", key)
		}
	}
}

// What is hidden is empty wherever it would stand, and what is made of it too.
func TestHiddenIsEmpty(t *testing.T) {
	d := write(t, CSV, small(), published(), i18n.En)
	table := parsed(t, d["answers-tables.csv"].Bytes())
	hidden := 0
	for _, row := range table[1:] {
		if row[13] != "1" {
			continue
		}
		hidden++
		first, ranked := row[12], row[0] == "needs"
		if ranked && (row[5] != "8" || first != "") || !ranked && row[2] != "" && (row[5] != "" || row[6] != "") || row[8] != "" {
			t.Errorf("a row that hides something shows it: %q", row)
		}
	}
	if hidden != 9 {
		t.Errorf("%d rows hide something, not 9", hidden)
	}
	r := published()
	r.Pages[0].Questions[0].Items[0].Counts[1] = disclosure.Count{}
	description := write(t, DDI, small(), r, i18n.En)["answers.ddi"].String()
	if n := strings.Count(description, "catStat"); n != 2*15 {
		t.Errorf("%d ends of frequencies; of sixteen counts one is hidden", n)
	}
}

// formula is what a spreadsheet takes for one when it opens a CSV.
var formula = regexp.MustCompile(`^[ \x{a0}]*[=+\-@\t\r\n＝＋－＠]`)

// Nothing in any file is a formula to a spreadsheet, whoever wrote it.
func TestFormulas(t *testing.T) {
	m := small()
	m.Full, m.Variables = true, []results.Variable{{Name: "own", Measure: results.Text, Label: all("=1", "@sv", "-en"), Width: 4000}}
	var cases [][]results.Value
	for _, s := range nasty {
		cases = append(cases, given(s))
	}
	m.N, m.Rows = len(cases), rows(cases)
	r := published()
	r.Pages[0].Questions[0].Text = all("=cmd|' /C calc'!A0", "+1", "-1")
	for name, content := range write(t, CSV, m, r, i18n.Fi) {
		if !strings.HasSuffix(name, ".csv") {
			continue
		}
		cells, err := csv.NewReader(content).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, cell := range slices.Concat(cells...) {
			if formula.MatchString(cell) {
				t.Errorf("%s: a cell begins like a formula: %q", name, cell)
			}
		}
	}
	for i, row := range parsed(t, write(t, CSV, m, r, i18n.Fi)["answers.csv"].Bytes())[1:] {
		if row[1] != clean(nasty[i]) {
			t.Errorf("%q is read as %q", nasty[i], row[1])
		}
	}
	read := sheets(t, write(t, XLSX, m, r, i18n.Fi)["answers.xlsx"].Bytes())
	for i, row := range read[i18n.T(i18n.Fi, "export.sheet.data", nil)][1:] {
		if got := strings.Join(row[1:], ""); got != clean(nasty[i]) {
			t.Errorf("%q is in the sheet as %q", nasty[i], got)
		}
	}
}

func FuzzTexts(f *testing.F) {
	for _, s := range nasty {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c := clean(s)
		if clean(c) != c || strings.ContainsAny(c, "\x00\r\x7f\uFFFE\uFFFF") || strings.HasSuffix(c, " ") {
			t.Errorf("%q is cleaned to %q", s, c)
		}
		g := guard(c)
		if formula.MatchString(g) || strings.TrimPrefix(g, "'") != c {
			t.Errorf("%q is guarded as %q", c, g)
		}
		if l := line(s); strings.ContainsAny(l, "\n\t") {
			t.Errorf("%q on a line is %q", s, l)
		}
	})
}

// A survey without questions or without respondents is a file that can be opened.
func TestEmptySurvey(t *testing.T) {
	none := small()
	none.N, none.Rows = 0, rows(nil)
	for name, m := range map[string]results.Microdata{"nobody answered": none, "nothing at all": {}} {
		for _, format := range Formats {
			d := write(t, format, m, results.Results{}, i18n.Sv)
			if d["answers."+string(format)].Len() == 0 && len(m.Variables) > 0 {
				t.Errorf("%s: %s is empty", name, format)
			}
			if format == XLSX {
				sheets(t, d["answers.xlsx"].Bytes())
			}
		}
	}
	need(t, "Rscript")
	dir := t.TempDir()
	for _, format := range []Format{CSV, SAV} {
		write(t, format, none, results.Results{}, i18n.En).save(t, dir)
		run(t, dir, "Rscript", "answers.R", string(format))
	}
}

// Names that would be the same variable, and the name that full files need, are told apart.
func TestNamesClash(t *testing.T) {
	long := strings.Repeat("q", 64)
	m := small()
	m.Full, m.N, m.Rows = true, 1, rows([][]results.Value{given(1, 2, 3, 4)})
	m.Variables = []results.Variable{{Name: long + "1"}, {Name: long + "2"}, {Name: "Confidential"}, {Name: "confidential"}}
	for i := range m.Variables {
		m.Variables[i].Measure = results.Metric
	}
	head := parsed(t, write(t, CSV, m, published(), i18n.En)["answers.csv"].Bytes())[0]
	want := []string{"confidential", long, long[:62] + "_2", "confidential_2", "confidential_3"}
	if fmt.Sprint(head) != fmt.Sprint(want) {
		t.Errorf("the variables are %q, want %q", head, want)
	}
}

// What a sheet or a cell has no room for is refused or cut, and said.
func TestTooLarge(t *testing.T) {
	m := small()
	m.N = maxRows
	d := drawer{}
	_, err := Export{Microdata: m, Lang: i18n.Fi, Create: d.create}.Write(XLSX, "a.xlsx")
	if f := fault.Of(err); f == nil || f.Kind != fault.TooLarge {
		t.Errorf("a sheet of %d rows: %v", maxRows+1, err)
	}
	m = small()
	long := strings.Repeat("𝄞ä", 25_000) // 150 kB, 75,000 in UTF-16
	m.Full, m.N, m.Rows = true, 1, rows([][]results.Value{given(long)})
	m.Variables = []results.Variable{{Name: "own", Measure: results.Text, Width: len(long)}}
	read := sheets(t, write(t, XLSX, m, published(), i18n.Sv)["answers.xlsx"].Bytes())
	cell := read["Svar"][1][1]
	if !strings.HasSuffix(cell, "…") || !strings.HasPrefix(long, strings.TrimSuffix(cell, "…")) || len(cell) < 65_000 {
		t.Errorf("a long text is in the sheet as %d bytes that end with %q", len(cell), cell[len(cell)-9:])
	}
	if !strings.Contains(fmt.Sprint(read["Om filen"]), i18n.T(i18n.Sv, "export.cut", i18n.Args{"n": 1, "max": maxCell})) {
		t.Errorf("nothing is said of the text that was cut: %s", read["Om filen"])
	}
	whole := parsed(t, write(t, CSV, m, published(), i18n.Sv)["answers.csv"].Bytes())[1][1]
	if whole != long {
		t.Error("the CSV does not have the text whole")
	}
	if said := write(t, SAV, m, published(), i18n.Sv)["answers.sav"].String(); !strings.Contains(said, "32767") {
		t.Error("the system file does not say that it was cut")
	}
}

// Cases that are not what was promised make no file that looks right.
func TestOtherCasesThanPromised(t *testing.T) {
	for name, list := range map[string][][]results.Value{
		"one too few": {given(1, 2, 3, 4, 5)}, "one too many": {given(1, 2, 3, 4, 5), given(1, 2, 3, 4, 5), given(1, 2, 3, 4, 5)},
		"a short row": {given(1, 2, 3, 4, 5), given(1)},
	} {
		m := small()
		m.N, m.Rows = 2, rows(list)
		for _, format := range []Format{CSV, XLSX, SAV} {
			if _, err := (Export{Microdata: m, Lang: i18n.En, Create: drawer{}.create}).Write(format, "a."+string(format)); err == nil {
				t.Errorf("%s: %s was written", name, format)
			}
		}
	}
}

// full is a disk with room for some bytes.
type full struct{ room int }

func (f *full) Write(b []byte) (int, error) {
	if f.room -= len(b); f.room < 0 {
		return 0, errors.New("full")
	}
	return len(b), nil
}

func TestWhatGoesWrong(t *testing.T) {
	if _, err := (Export{Lang: i18n.En}).Write("pdf", "a.pdf"); fault.KindOf(err) != fault.Invalid || Format("pdf").Known() {
		t.Errorf("an unknown format: %v", err)
	}
	for _, format := range Formats {
		if !format.Known() {
			t.Errorf("%s is not known", format)
		}
		e := Export{Microdata: small(), Results: published(), Lang: i18n.En, Create: func(string) (io.WriteCloser, error) { return nil, errors.New("no") }}
		if names, err := e.Write(format, "a"); err == nil || len(names) > 0 {
			t.Errorf("%s: %v, %v", format, names, err)
		}
		for room := 0; room < 500; room += 50 {
			e.Create = func(string) (io.WriteCloser, error) { return closer{&full{room}}, nil }
			if _, err := e.Write(format, "a"); err == nil {
				t.Errorf("%s: a disk with %d bytes was full, and nothing was said", format, room)
			}
		}
		failing := drawer{}
		e.Microdata.Rows = func(func([]results.Value) error) error { return errors.New("no more") }
		if e.Create = failing.create; format != DDI {
			if _, err := e.Write(format, filepath.Join("folder", "a")); err == nil {
				t.Errorf("%s: the cases could not be read, and nothing was said", format)
			}
		}
	}
}
