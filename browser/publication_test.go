package browser

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"viesti/i18n"
	"viesti/report"
	"viesti/report/publication"
	"viesti/report/results"
)

// published writes the report that the golden pages of report/publication are of, and serves it.
func published(t *testing.T) (base string, pages map[string]string) {
	t.Helper()
	raw, err := os.ReadFile("../report/publication/testdata/results.json")
	if err != nil {
		t.Fatal(err)
	}
	var r results.Results
	if err := json.Unmarshal(raw, &r); err != nil {
		t.Fatal(err)
	}
	share := 0.31
	rates := report.Rates{Total: report.Row{Contacted: 180, Undelivered: 12, Counts: report.Counts{Visits: 60, Complete: 52}, Rate: &share}}
	dir, pages := t.TempDir(), map[string]string{}
	o := publication.Options{Contact: publication.Contact{Name: "Kaisa Esimerkki", Email: "barometer@example.org"}, Site: "https://survey.example.org"}
	if err := publication.Write(r, rates, o, func(name string, body []byte) error {
		pages[name] = string(body)
		return os.WriteFile(filepath.Join(dir, name), body, 0o600)
	}); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.FileServer(http.Dir(dir)))
	t.Cleanup(server.Close)
	return server.URL, pages
}

// sheet is what is left of A4 between its margins, in CSS pixels: 174 by 255 mm.
var sheet = look{width: 658, height: 964, script: true}

// TestReport looks at the report that is published: on a desk, on a phone, at 400 %, and on paper, where
// no picture is wider than the sheet and none of those for phones is left.
func TestReport(t *testing.T) {
	t.Parallel()
	base, pages := published(t)
	b := newTab(t, desk)
	html := map[string]string{}
	for name, body := range pages {
		html["report."+name] = body
		l, ok := i18n.ParseLang(name[:2])
		if ok && l != i18n.Fi && name != string(l)+".html" && !soak() {
			continue // the same blocks, in other words
		}
		if !ok {
			l = i18n.Fi // the page that leads to all languages
		}
		b.look(desk)
		b.open(base + "/" + name)
		b.look(large)
		b.fits()
		for _, how := range looks(l) {
			how.dark = false // the report is white, as paper is
			b.look(how)
			b.fits()
			b.targets()
			b.accessible()
			b.shoot("report." + name + "." + how.String())
		}
		b.look(sheet)
		b.print()
		wrong := eval[[]string](b, `[...document.querySelectorAll('svg, table')].filter(e => {
		  const r = e.getBoundingClientRect();
		  return r.width > 0 && (e.matches('.narrow') || r.right > document.documentElement.clientWidth + 1);
		}).map(e => e.outerHTML.slice(0, 120))`)
		for _, e := range wrong {
			t.Errorf("%s: on paper: %s", name, e)
		}
	}
	b.quiet()
	valid(t, html)
}
