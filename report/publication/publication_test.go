package publication

import (
	"encoding/json"
	"errors"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"viesti/i18n"
	"viesti/report"
	"viesti/report/disclosure"
	"viesti/report/results"
	"viesti/survey"
)

var update = flag.Bool("update", false, "write the golden pages anew")

// example is a small survey with one question of each kind: that of the golden pages, which browser
// looks at as well.
func example(t testing.TB) results.Results {
	r := newWorld(t, "testdata/small", 60, 3, "org_type", "region").out
	r.Late, r.Through, r.Share, r.Divided = true, "2026-11-28", 0.2, disclosure.Shown(48)
	r.Pages[1].Questions[2].Removed = true
	r.Pages[1].Questions[3].Items[0].Day = "2026-11-20"
	rows := r.Pages[1].Questions[1].Items // of one of them too few do not know
	rows[1].Categories, rows[1].Counts = rows[1].Categories[:len(rows[1].Categories)-1], rows[1].Counts[:len(rows[1].Counts)-1]
	return r
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; look at it and run go test -update", file)
	}
}

func TestPages(t *testing.T) {
	r := example(t)
	raw, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/results.json", string(raw)+"\n")
	for name, body := range write(t, r, rates(60)) {
		before, rest, _ := strings.Cut(body, "<style>")
		_, after, ok := strings.Cut(rest, "</style>")
		if !ok {
			t.Errorf("%s has no style", name)
		}
		golden(t, filepath.Join("testdata", "golden", name), before+"<style></style>"+after)
	}
}

// TestShots writes the report of the Barometer into a folder, for people to look at.
func TestShots(t *testing.T) {
	dir := os.Getenv("VIESTI_SHOTS")
	if dir == "" {
		t.Skip("VIESTI_SHOTS names no folder")
	}
	for name, body := range write(t, newWorld(t, "partnership-barometer", 412, 1, "org_type", "region").out, rates(412)) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSameBytes(t *testing.T) {
	r := newWorld(t, "partnership-barometer", 150, 9, "org_type", "region", "years").out
	one, two := write(t, r, rates(150)), write(t, r, rates(150))
	if !reflect.DeepEqual(one, two) {
		t.Error("the same results make different pages")
	}
}

func TestErrorsAreTheCallers(t *testing.T) {
	full := errors.New("disk full")
	if err := Write(example(t), rates(60), Options{}, func(string, []byte) error { return full }); !errors.Is(err, full) {
		t.Error(err)
	}
}

func TestOneLanguage(t *testing.T) {
	files := write(t, example(t), rates(60), i18n.Sv)
	if len(files) != 4 || files["sv.html"] == "" || strings.Contains(files["index.html"], "fi.html") || strings.Contains(files["sv.html"], "fi.html") {
		t.Errorf("%d files", len(files))
	}
}

// What cannot be shown is said in words, and no page is empty of sense.
func TestLittleToSay(t *testing.T) {
	r := example(t)
	interim, few, nobody, withheld := r, r, r, r
	interim.Final, interim.Backgrounds = false, nil
	few.Respondents, few.Pages, few.Backgrounds = disclosure.Count{}, nil, nil
	nobody.Respondents, nobody.Backgrounds, nobody.Earlier = disclosure.Shown(0), nil, nil
	nobody.Pages = []results.Page{{ID: "p", Questions: []results.Question{{ID: "q", Type: survey.Single, Items: []results.Item{{Figures: results.Figures{Answered: disclosure.Shown(0)}}}}}}}
	withheld.Pages, withheld.Backgrounds = []results.Page{{ID: "p", Questions: []results.Question{
		{ID: "a", Type: survey.Matrix, Items: []results.Item{{Withheld: true}, {Withheld: true}}},
		{ID: "b", Type: survey.Grade, Items: []results.Item{{Withheld: true}}},
	}}}, nil
	for name, c := range map[string]struct {
		r     results.Results
		rates report.Rates
		key   string
		args  i18n.Args
	}{
		"interim":  {interim, rates(60), "publication.interim", i18n.Args{"day": "1 December 2026", "min": 5}},
		"few":      {few, rates(60), "publication.summary.too_few", i18n.Args{"min": 5}},
		"nobody":   {nobody, report.Rates{}, "publication.summary.nobody", nil},
		"withheld": {withheld, rates(60), "publication.question.withheld", i18n.Args{"min": 5}},
	} {
		t.Run(name, func(t *testing.T) {
			body := write(t, c.r, c.rates)["en.html"]
			if want := i18n.T(i18n.En, c.key, c.args); !strings.Contains(body, want) {
				t.Errorf("does not say %q", want)
			}
			inspect(t, "en.html", body)
		})
	}
	if body := write(t, few, rates(60))["en.html"]; strings.Contains(body, "20</td>") || strings.Contains(body, "31%") {
		t.Error("response rates tell how few answered")
	}
}

// Whatever is hidden, in whatever combination, the pages hold together and every figure is in its table.
func TestWhateverIsHidden(t *testing.T) {
	world := newWorld(t, "partnership-barometer", 230, 5, "org_type", "region").out
	raw, err := json.Marshal(world)
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(6) {
		var r results.Results
		if err := json.Unmarshal(raw, &r); err != nil {
			t.Fatal(err)
		}
		chance := rand.New(rand.NewPCG(seed, 1))
		strike(chance, reflect.ValueOf(&r).Elem(), 0.04*float64(seed%4))
		for name, body := range write(t, r, rates(230), i18n.Langs[seed%3]) {
			inspect(t, name, body)
		}
	}
}

// strike hides counts and summaries by chance, and withholds items.
func strike(chance *rand.Rand, v reflect.Value, share float64) {
	switch x := v.Addr().Interface().(type) {
	case *disclosure.Count:
		if chance.Float64() < share {
			*x = disclosure.Count{}
		}
		return
	case **results.Summary:
		if chance.Float64() < share {
			*x = nil
		}
		return
	case *results.Item:
		x.Withheld = chance.Float64() < share/3
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				strike(chance, v.Field(i), share)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			strike(chance, v.Index(i), share)
		}
	}
}
