package export

import (
	"fmt"
	"strings"
	"testing"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/report/results"
)

// Before the close there are figures and no cases: the tables say of themselves what they are, and under
// which rule; other formats have none.
func TestTablesAlone(t *testing.T) {
	r := published()
	r.Final, r.Questionnaire, r.Organiser, r.Opens, r.Closes = false, "partnership-barometer", small().Organiser, "2027-03-01", "2027-03-31"
	for _, l := range i18n.Langs {
		d := drawer{}
		e := Export{Results: r, Lang: l, Tables: true, Create: d.create}
		for _, format := range []Format{CSV, XLSX} {
			if _, err := e.Write(format, "tables."+string(format)); err != nil {
				t.Fatal(err)
			}
		}
		golden(t, string(l)+"/tables-about.txt", d["tables-about.txt"].Bytes())
		whole := write(t, CSV, small(), r, l)["answers-tables.csv"].String()
		if d["tables.csv"].String() != whole {
			t.Errorf("%s: the tables alone are\n%s\nand beside the cases\n%s", l, d["tables.csv"], whole)
		}
		read := sheets(t, d["tables.xlsx"].Bytes())
		about := fmt.Sprint(read[i18n.T(l, "export.sheet.about", nil)])
		if len(read) != 2 || len(read[i18n.T(l, "export.sheet.tables", nil)]) < 10 || !strings.Contains(about, i18n.T(l, "export.open", nil)) {
			t.Errorf("%s: the workbook has %v", l, read)
		}
		few := drawer{}
		hidden := Export{Results: results.Results{Title: r.Title, Minimum: 5}, Lang: l, Tables: true, Create: few.create}
		if _, err := hidden.Write(CSV, "few.csv"); err != nil {
			t.Fatal(err)
		}
		if said := few["few-about.txt"].String(); strings.Contains(said, i18n.T(l, "export.about.cases", nil)+":") {
			t.Errorf("%s: how many there are is hidden, and it is said: %s", l, said)
		}
		for _, format := range []Format{SAV, DDI} {
			if _, err := e.Write(format, "tables"); fault.KindOf(err) != fault.Invalid {
				t.Errorf("tables as %s: %v", format, err)
			}
		}
	}
}
