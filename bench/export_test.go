package bench

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"viesti/i18n"
	"viesti/report/export"
	"viesti/report/results"
)

// TestBenchExport measures writing a million cases of sixty variables in each format, against a bare
// loop that writes the same numbers with commas between them.
func TestBenchExport(t *testing.T) {
	enabled(t)
	const people, variables = 1_000_000, 60
	bare := bareExport(t, people, variables)
	fmt.Printf("| bare loop over %d × %d cells | %.1f s | | | | |\n", people, variables, bare.Seconds())
	for _, format := range export.Formats {
		dir := t.TempDir()
		var peak uint64
		m := exported(people, variables, func() {
			var s runtime.MemStats
			runtime.ReadMemStats(&s)
			peak = max(peak, s.HeapInuse+s.StackInuse)
		})
		begun := time.Now()
		e := export.Export{Microdata: m, Lang: i18n.Fi, Scratch: dir, Create: func(name string) (io.WriteCloser, error) { return os.Create(name) }}
		name := filepath.Join(dir, "answers."+string(format))
		if _, err := e.Write(format, name); err != nil {
			t.Fatal(err)
		}
		took := time.Since(begun)
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Printf("| export --format %s, %d × %d | %.1f s, %d MB, heap %d MiB | | %.1f × bare | < 500 MiB | |\n",
			format, people, variables, took.Seconds(), info.Size()/1e6, peak>>20, took.Seconds()/bare.Seconds())
	}
}

func bareExport(t *testing.T, people, variables int) time.Duration {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "bare"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	begun := time.Now()
	out := bufio.NewWriterSize(f, 1<<16)
	var b []byte
	m := exported(people, variables, func() {})
	err = m.Rows(func(row []results.Value) error {
		b = b[:0]
		for _, v := range row {
			if v.Given {
				b = strconv.AppendFloat(b, v.Number, 'f', -1, 64)
			}
			b = append(b, ',')
		}
		_, err := out.Write(append(b, '\n'))
		return err
	})
	if err != nil || out.Flush() != nil {
		t.Fatal(err)
	}
	return time.Since(begun)
}

// exported are cases that are computed and never kept: mostly codes of a scale, some numbers with a
// decimal. Now and then it is told.
func exported(people, variables int, told func()) results.Microdata {
	m := results.Microdata{Wave: "bench", Minimum: 5, N: people}
	for i := range variables {
		v := results.Variable{Name: fmt.Sprintf("q%d", i), Question: fmt.Sprintf("q%d", i), Measure: results.Ordinal, Label: i18n.Text{i18n.Fi: "Kysymys"}}
		for code := range 5 {
			v.Values = append(v.Values, results.Label{Code: code + 1, Text: i18n.Text{i18n.Fi: fmt.Sprint("Vaihtoehto ", code+1)}})
		}
		if i%6 == 5 {
			v.Measure, v.Values, v.Decimals = results.Metric, nil, 1
		}
		m.Variables = append(m.Variables, v)
	}
	m.Rows = func(each func([]results.Value) error) error {
		row := make([]results.Value, variables)
		for i := range people {
			if i%50_000 == 0 {
				told()
			}
			for j := range row {
				row[j] = results.Value{Number: float64((i*7+j*13)%5 + 1), Given: (i+j)%11 > 0}
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
