package exchange

import (
	"encoding/csv"
	"flag"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// dump is a workbook as text: each sheet with its name, each row as CSV.
func dump(t *testing.T, sheets []*table) string {
	t.Helper()
	var b strings.Builder
	for _, s := range sheets {
		b.WriteString("# " + s.name + "\n")
		w := csv.NewWriter(&b)
		if err := w.WriteAll(s.lines(min(2, len(s.columns)))); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// The Barometer's words change too often for this; TestEverythingComesBack has it.
func TestSheets(t *testing.T) {
	for _, q := range known(t)[1:] {
		w := newWriter(q)
		if err := w.form(); err != nil {
			t.Fatal(err)
		}
		golden(t, "testdata/"+q.ID+".csv", dump(t, []*table{w.survey, w.choices, w.settings}))
	}
}
