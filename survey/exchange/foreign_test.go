package exchange

import (
	"archive/zip"
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"viesti/i18n"
	"viesti/survey"
)

// formOf makes a workbook of lines whose cells are divided by bars; a line that begins with # is
// the name of a sheet.
func formOf(t *testing.T, lines string) []byte {
	t.Helper()
	f := excelize.NewFile()
	sheet, row := "", 0
	for line := range strings.SplitSeq(strings.TrimSpace(lines), "\n") {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "# "); ok {
			sheet, row = name, 0
			if _, err := f.NewSheet(sheet); err != nil {
				t.Fatal(err)
			}
			continue
		}
		row++
		for i, cell := range strings.Split(line, "|") {
			if err := f.SetCellStr(sheet, at(i, row), strings.ReplaceAll(strings.TrimSpace(cell), `\n`, "\n")); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.DeleteSheet("Sheet1"); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := f.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// said are the losses, a line each.
func said(form Form) string {
	var lines []string
	for _, l := range form.Losses {
		lines = append(lines, l.Say(i18n.En))
	}
	return strings.Join(lines, "\n") + "\n"
}

// golden compares with a file, or rewrites it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil || string(want) != got {
		t.Errorf("%s: %v\n%s", name, err, difference(want, []byte(got)))
	}
}

// A form as others write them: in one language, with questions outside groups, all that XLSForm
// can and much that we cannot.
func TestFormOfOthers(t *testing.T) {
	raw, err := os.ReadFile("testdata/foreign.txt")
	if err != nil {
		t.Fatal(err)
	}
	form, err := Read("foreign.xlsx", formOf(t, string(raw)), "")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/foreign.toml", string(survey.Encode(form.Questionnaire)))
	golden(t, "testdata/foreign.losses", said(form))
	if _, err := survey.Parse("q.toml", survey.Encode(form.Questionnaire)); err == nil {
		t.Error("a form in one language has no faults")
	}
}

// Who changes a form that we wrote finds the change, even where our column says otherwise.
func TestChangesOutsideCount(t *testing.T) {
	q := known(t)[2]
	w := newWriter(q)
	if err := w.form(); err != nil {
		t.Fatal(err)
	}
	for _, row := range w.survey.rows {
		switch row["name"] {
		case "second_page":
			row["relevant"] = "${first} = '1'"
		case "order":
			row["choice_filter"] = "selected(${again}, name) and name != 'else'"
		case "rows_two-three":
			row["label::Suomi (fi)"] = "Toinen"
		case "first_page":
			row["constraint"] = "count-selected(.) <= 3"
			row["constraint_message::Suomi (fi)"] = "Three at most!"
		case "mark":
			row["hint::English (en)"] = "From poor to good"
		case "ways":
			row["appearance"] = "table-list w1"
		}
	}
	xlsx, err := workbook([]*table{w.survey, w.choices, w.settings})
	if err != nil {
		t.Fatal(err)
	}
	form, err := Read("changed.xlsx", xlsx, "")
	if err != nil {
		t.Fatal(err)
	}
	got := string(survey.Encode(form.Questionnaire))
	for _, want := range []string{
		`relevance = 'first == "1"'`, `relevance = '"none" in again'`, `fi = "Toinen"`, "max = 3", `en = "From poor to good"`, "random = true",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not in the questionnaire", want)
		}
	}
	for _, gone := range []string{"answered(first)", "rows_from", `options_from = "again"`} {
		if strings.Contains(got, gone) {
			t.Errorf("%s is still in the questionnaire", gone)
		}
	}
	if s := said(form); strings.Count(s, "\n") != 1 || !strings.Contains(s, "Three at most!") {
		t.Errorf("said: %s", s)
	}
}

func TestFilesThatAreNone(t *testing.T) {
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"text":      {[]byte("hello"), "neither"},
		"empty":     {nil, "neither"},
		"zip":       {[]byte("PK\x03\x04 and then nothing"), "could not be read as a workbook"},
		"no survey": {formOf(t, "# form\ntype | name"), "no sheet named survey"},
		"no type":   {formOf(t, "# survey\nname | label\na | b"), "no sheet named survey"},
		"html":      {[]byte("<html><body>"), "could not be read as a LimeSurvey"},
		"other xml": {[]byte("<document><LimeSurveyDocType>Group</LimeSurveyDocType></document>"), "not the structure"},
		"long":      {formOf(t, "# survey\ntype | name\n"+strings.Repeat("note | a\n", maxRows+1)), "more than"},
	} {
		_, err := Read(name, c.data, "")
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzXLSForm(f *testing.F) {
	for _, name := range []string{"testdata/foreign.txt"} {
		raw, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(raw))
	}
	f.Add("# survey\ntype|name|label\nbegin_group|g|G\nselect_one l or_other|a|A\ntext|b|B\n# choices\nlist_name|name|label\nl|x|X")
	f.Fuzz(func(t *testing.T, lines string) {
		all := map[string]*sheet{}
		s := &sheet{}
		for line := range strings.SplitSeq(lines, "\n") {
			if name, ok := strings.CutPrefix(line, "# "); ok {
				s = &sheet{file: "f", name: name}
				all[name] = s
			} else if s.keys == nil {
				s.head(strings.Split(line, "|"))
			} else {
				s.row(len(s.rows)+2, strings.Split(line, "|"))
			}
		}
		form, err := readForm("f", all, nil, "")
		if err != nil {
			return
		}
		said(form)
		raw := survey.Encode(form.Questionnaire)
		if q, err := survey.Parse("f", raw); err == nil { // whatever passes the check can be written
			if _, _, err := Write(q); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func FuzzWorkbook(f *testing.F) {
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(_ *testing.T, data []byte) {
		if form, err := ReadXLSForm("f.xlsx", data, i18n.Fi); err == nil {
			said(form)
		}
	})
}

// A small file that unpacks to a large one is refused before it fills the memory.
func TestBomb(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(bytes.Repeat([]byte(" "), maxUnzipped/2)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := Read("bomb.xlsx", b.Bytes(), "")
	if err == nil || !strings.Contains(err.Error(), "unzip size exceeds") {
		t.Errorf("%d bytes: %v", b.Len(), err)
	}
	if _, err := Read("large.lss", append([]byte("<"), make([]byte, maxLSS)...), ""); err == nil {
		t.Error("a LimeSurvey file of any size is read")
	}
}
