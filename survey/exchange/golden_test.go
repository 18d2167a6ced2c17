package exchange

import (
	"encoding/csv"
	"flag"
	"os"
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

func TestSheets(t *testing.T) {
	for _, q := range known(t) {
		w := newWriter(q)
		if err := w.form(); err != nil {
			t.Fatal(err)
		}
		got := dump(t, []*table{w.survey, w.choices, w.settings})
		name := "testdata/" + q.ID + ".csv"
		if *update {
			if err := os.WriteFile(name, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil || string(want) != got {
			t.Errorf("%s is another workbook than %s: %v\n%s", q.ID, name, err, difference(want, []byte(got)))
		}
	}
}
