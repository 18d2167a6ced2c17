package export

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"testing"

	"viesti/i18n"
	"viesti/report/results"
)

// Cases go through one by one: forty times as many need no more memory. (Workbooks: TestBenchExport.)
func TestCasesAreNotHeld(t *testing.T) {
	for _, format := range []Format{CSV, SAV} {
		need := func(n int) (most uint64) {
			m := wide(n, 20)
			each := m.Rows
			m.Rows = func(f func([]results.Value) error) error {
				at := 0
				return each(func(row []results.Value) error {
					if at++; at%(n/10) == 0 {
						var s runtime.MemStats
						runtime.GC()
						runtime.ReadMemStats(&s)
						most = max(most, s.HeapAlloc)
					}
					return f(row)
				})
			}
			e := Export{Microdata: m, Lang: i18n.En, Create: func(string) (io.WriteCloser, error) { return closer{io.Discard}, nil }}
			if _, err := e.Write(format, "a."+string(format)); err != nil {
				t.Fatal(err)
			}
			return most
		}
		if few, many := need(500), need(20_000); many > few+6<<20 {
			t.Errorf("%s: %d bytes for 500 cases, %d for 20,000", format, few, many)
		}
	}
}

// A workbook goes to disk while it is written, and nothing of it stays there.
func TestNothingIsLeftOnDisk(t *testing.T) {
	seen, at := false, 0
	scratch := t.TempDir()
	m := wide(30_000, 40)
	each := m.Rows
	m.Rows = func(f func([]results.Value) error) error {
		return each(func(row []results.Value) error {
			err := f(row)
			if at++; at%5_000 == 0 {
				there, _ := os.ReadDir(scratch)
				seen = seen || len(there) > 0
			}
			return err
		})
	}
	e := Export{Microdata: m, Lang: i18n.En, Scratch: scratch, Create: func(string) (io.WriteCloser, error) { return closer{io.Discard}, nil }}
	if _, err := e.Write(XLSX, "a.xlsx"); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(scratch); err != nil || len(left) > 0 || !seen {
		t.Errorf("on disk while it was written: %t, and after it: %v %v", seen, left, err)
	}
}

// wide is a survey of n people and so many variables, of which nothing is kept.
func wide(n, variables int) results.Microdata {
	m := small()
	m.N, m.Variables = n, nil
	for i := range variables {
		v := results.Variable{Name: fmt.Sprintf("q%d", i), Question: fmt.Sprintf("q%d", i), Measure: results.Ordinal, Label: kinds[0].Text, Values: agreement}
		if i%6 == 5 {
			v.Measure, v.Values, v.Decimals = results.Metric, nil, 1
		}
		m.Variables = append(m.Variables, v)
	}
	m.Rows = func(each func([]results.Value) error) error {
		row := make([]results.Value, variables)
		for i := range n {
			for j := range row {
				row[j] = results.Value{Number: float64((i*7+j*13)%9 + 1), Given: (i+j)%11 > 0}
				if j%6 == 5 {
					row[j].Number += 0.5
				}
			}
			if err := each(row); err != nil {
				return err
			}
		}
		return nil
	}
	return m
}
