package report_test

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"viesti/report"
)

// Every figure has its definition in the document, and every division its name.
func TestEveryFigureIsDefined(t *testing.T) {
	raw, err := os.ReadFile("../docs/rates.md")
	if err != nil {
		t.Fatal(err)
	}
	doc := string(raw)
	names := map[string]bool{}
	jsonNames(reflect.TypeFor[report.Rates](), names)
	if len(names) < 50 {
		t.Fatalf("only %d names of figures", len(names))
	}
	for _, by := range report.Divisions {
		names[string(by)] = true
	}
	for name := range names {
		if !strings.Contains(doc, "`"+name+"`") {
			t.Errorf("docs/rates.md does not say what %s is", name)
		}
	}
}

// jsonNames gathers the names that a type has in JSON.
func jsonNames(typ reflect.Type, names map[string]bool) {
	switch typ.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		jsonNames(typ.Elem(), names)
	case reflect.Struct:
		for f := range typ.Fields() {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name != "" {
				names[name] = true
			}
			if f.Type.PkgPath() != "time" && f.IsExported() {
				jsonNames(f.Type, names)
			}
		}
	default:
	}
}
