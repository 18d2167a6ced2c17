package bounce

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

type sample struct {
	name string
	want Class
	raw  []byte
}

// samples are all mails of testdata, as they come over the wire.
func samples(t testing.TB) (list []sample) {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range txtar.Parse(raw).Files {
			class, _, _ := strings.Cut(f.Name, "/")
			list = append(list, sample{f.Name, Class(class), bytes.ReplaceAll(f.Data, []byte("\n"), []byte("\r\n"))})
		}
	}
	return list
}

func TestSamples(t *testing.T) {
	list := samples(t)
	if len(list) < 100 {
		t.Errorf("%d samples", len(list))
	}
	for _, s := range list {
		t.Run(s.name, func(t *testing.T) {
			r, ok := Read(s.raw)
			if !ok || r.Class != s.want {
				t.Errorf("read as %q (%s: %s %s %q), want %q", r.Class, r.Form, r.Code, r.Enhanced, r.Words, s.want)
			}
			if r.Words == "" && r.Class != Human && r.Class != Unclear {
				t.Error("no words led to it")
			}
		})
	}
}
