package bench

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
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
	for _, format := range []export.Format{export.CSV, export.SAV, export.XLSX} {
		dir := t.TempDir()
		var peak uint64
		m := exported(people, variables, func() {
			var s runtime.MemStats
			runtime.ReadMemStats(&s)
			peak = max(peak, s.HeapInuse+s.StackInuse)
		})
		begun := worked(t)
		e := export.Export{Microdata: m, Lang: i18n.Fi, Scratch: dir, Create: func(name string) (io.WriteCloser, error) { return os.Create(name) }}
		name := filepath.Join(dir, "answers."+string(format))
		if _, err := e.Write(format, name); err != nil {
			t.Fatal(err)
		}
		took := worked(t) - begun
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Printf("| `export --format %s`, 1,000,000 × 60, %d MB | %.1f s of processor (heap: %d MiB) | %.1f s | %.2f | heap < 500 MiB | |\n",
			format, info.Size()/1e6, took.Seconds(), peak>>20, bare.Seconds(), bare.Seconds()/took.Seconds())
	}
}

func bareExport(t *testing.T, people, variables int) time.Duration {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "bare"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	begun := worked(t)
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
	return worked(t) - begun
}

// worked is the time that the processors have worked for this process, whatever else they did. It is
// what counts here: each format is written by one goroutine that waits for nothing but the disk.
func worked(t *testing.T) time.Duration {
	t.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
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
