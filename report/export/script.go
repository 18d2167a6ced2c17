package export

import (
	"fmt"
	"io"
	"path"
	"strings"
	"text/template"
	"unicode/utf8"

	_ "embed"

	"viesti/i18n"
	"viesti/report/results"
)

//go:embed answers.R
var scriptSource string

var script = template.Must(template.New("").Funcs(template.FuncMap{"r": quote}).Parse(scriptSource))

// writeScript writes a script for R that reads the files of that stem, and shows a first table.
func (a *answers) writeScript(w io.Writer, stem string) error {
	var said []string
	for _, s := range a.about() {
		said = append(said, s.said())
	}
	var numbers []string
	for _, v := range a.variables {
		if v.Measure == results.Metric {
			numbers = append(numbers, v.Name)
		}
	}
	return script.Execute(w, map[string]any{
		"Numbers": numbers,
		"About":   said,
		"Stem":    path.Base(stem),
		"Missing": i18n.T(a.lang, "export.script.missing", nil),
		"Cases":   i18n.T(a.lang, "export.script.cases", nil),
		"None":    i18n.T(a.lang, "export.script.none", nil),
	})
}

// quote is a text as R's source has it, in ASCII, so that it is the same in every locale.
func quote(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r < ' ' || r == 0x7f || r >= utf8.RuneSelf:
			fmt.Fprintf(&b, `\U%08X`, r)
		default:
			b.WriteRune(r)
		}
	}
	return `"` + b.String() + `"`
}
