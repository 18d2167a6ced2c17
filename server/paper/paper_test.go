package paper

import (
	"flag"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"viesti/i18n"
	"viesti/server"
	"viesti/survey"
)

var update = flag.Bool("update", false, "write the golden pages anew")

func load(t *testing.T, name string) *survey.Questionnaire {
	t.Helper()
	q, err := survey.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// golden compares a page with the one kept, but for the style sheets, which are looked at.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "golden", name+".html")
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
		t.Errorf("%s differs; look at it and run go test -update\n%s", file, got)
	}
}

func get(t *testing.T, h http.Handler, path string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	if w.Code != http.StatusOK {
		t.Fatalf("%s: %d", path, w.Code)
	}
	return w
}

// address is where a page's second style sheet lies.
func address(t *testing.T, page string) string {
	t.Helper()
	_, rest, _ := strings.Cut(page, `href="/assets/paper.`)
	name, _, ok := strings.Cut(rest, `"`)
	if !ok {
		t.Fatal("no style sheet")
	}
	return "/assets/paper." + name
}

func TestOnTheSite(t *testing.T) {
	engine, err := server.New(server.Options{
		Logger: slog.New(slog.DiscardHandler), Now: time.Now, Rand: rand.NewChaCha8([32]byte{}),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := Register(engine, load(t, "../respond/testdata/kinds"), nil); err != nil {
		t.Fatal(err)
	}
	for _, l := range i18n.Langs {
		w := get(t, engine, "/questions?lang="+string(l))
		body := w.Body.String()
		style := address(t, body)
		if css := get(t, engine, style); !strings.HasPrefix(css.Header().Get("Content-Type"), "text/css") || css.Body.Len() == 0 {
			t.Errorf("%s: %v", style, css.Header())
		}
		if strings.Contains(body, "<style") || strings.Contains(body, " style=") {
			t.Error("a style that the page's own policy forbids")
		}
		body = strings.NewReplacer(server.Asset("viesti.css"), "/assets/viesti.css", style, "/assets/paper.css").Replace(body)
		golden(t, "site."+string(l), body)
	}
}

func TestAsAFile(t *testing.T) {
	for _, l := range i18n.Langs {
		body, err := File(load(t, "../respond/testdata/types"), l)
		if err != nil {
			t.Fatal(err)
		}
		before, rest, _ := strings.Cut(string(body), "<style>\n")
		css, after, ok := strings.Cut(rest, "</style>")
		if !ok || !strings.Contains(css, ".paper") || strings.Contains(string(body), "http") {
			t.Error("the file does not stand alone")
		}
		golden(t, "file."+string(l), before+"<style></style>"+after)
	}
}

// Nothing of the questionnaire is left out, and no two elements have the same name.
func TestEverythingIsThere(t *testing.T) {
	q := load(t, "partnership-barometer")
	for _, l := range i18n.Langs {
		body, err := File(q, l)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := html.Parse(strings.NewReader(string(body)))
		if err != nil {
			t.Fatal(err)
		}
		var text strings.Builder
		ids := map[string]bool{}
		for n := range doc.Descendants() {
			if n.Type == html.TextNode {
				text.WriteString(n.Data)
			}
			for _, a := range n.Attr {
				if a.Key == "id" && ids[a.Val] {
					t.Errorf("%s is there twice", a.Val)
				}
				ids[a.Val] = ids[a.Val] || a.Key == "id"
			}
		}
		says := func(list ...i18n.Text) {
			for _, want := range list {
				if s := strings.TrimSpace(want[l]); !strings.Contains(text.String(), s) {
					t.Errorf("%s: %q is not there", l, s)
				}
			}
		}
		for page := range q.Pages {
			p, items := q.Whole(page)
			says(p.Title, p.Intro)
			for _, item := range items {
				says(item.Text, item.Help, item.Definition)
				for _, o := range append(item.Columns, item.Rows...) {
					says(o.Text)
				}
			}
		}
	}
}
