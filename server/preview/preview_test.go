package preview

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/server"
	"viesti/survey"
)

// author is somebody at work on a questionnaire, with the preview open.
type author struct {
	t       *testing.T
	folder  string
	source  string
	handler http.Handler
}

func newAuthor(t *testing.T) *author {
	raw, err := os.ReadFile("../respond/testdata/types/" + survey.FileName)
	if err != nil {
		t.Fatal(err)
	}
	a := &author{t: t, folder: t.TempDir(), source: string(raw)}
	a.write("", "")
	engine, err := server.New(server.Options{
		Logger: slog.New(slog.DiscardHandler), Now: time.Now, Rand: rand.NewChaCha8([32]byte{}),
	})
	if err != nil {
		t.Fatal(err)
	}
	inspect := func() (*survey.Questionnaire, fault.List) { return survey.Inspect(a.folder) }
	if err := Register(engine, inspect); err != nil {
		t.Fatal(err)
	}
	a.handler = engine
	return a
}

// write saves the questionnaire with something changed in it.
func (a *author) write(was, is string) {
	a.t.Helper()
	if !strings.Contains(a.source, was) {
		a.t.Fatalf("no %q to change", was)
	}
	a.source = strings.Replace(a.source, was, is, 1)
	if err := os.WriteFile(filepath.Join(a.folder, survey.FileName), []byte(a.source), 0o600); err != nil {
		a.t.Fatal(err)
	}
}

func (a *author) do(method, target string, form url.Values, status int) *httptest.ResponseRecorder {
	a.t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	a.handler.ServeHTTP(w, r)
	if w.Code != status {
		a.t.Fatalf("%s %s: %d, want %d\n%s", method, target, w.Code, status, w.Body)
	}
	return w
}

func (a *author) get(target string) string {
	a.t.Helper()
	return a.do(http.MethodGet, target, nil, http.StatusOK).Body.String()
}

// press sends a sheet and gives where it leads.
func (a *author) press(target string, form url.Values) string {
	a.t.Helper()
	return a.do(http.MethodPost, target, form, http.StatusSeeOther).Header().Get("Location")
}

func (a *author) says(page string, want ...string) {
	a.t.Helper()
	for _, w := range want {
		if !strings.Contains(page, w) {
			a.t.Errorf("%q is not in\n%s", w, page)
		}
	}
}

func (a *author) silent(page string, not ...string) {
	a.t.Helper()
	for _, w := range not {
		if strings.Contains(page, w) {
			a.t.Errorf("%q is in\n%s", w, page)
		}
	}
}

func TestAllPages(t *testing.T) {
	a := newAuthor(t)
	for _, l := range i18n.Langs {
		page := a.get("/?lang=" + string(l))
		a.says(page, `<html lang="`+string(l)+`"`, "/page/1", "/page/2", "/page/3", "&#34;town&#34; in partners", i18n.T(l, "preview.no_faults", nil))
	}
	a.says(a.get("/?lang=sv"), "Bara om du i fråga 2 (”Vilka samarbetar du med?”) har valt: Kommunen.")
	page := a.get("/page/3?lang=fi")
	a.says(page, `src="/sheet/3/fi"`, `src="/sheet/3/sv"`, `src="/sheet/3/en"`, `name="q.partners"`)
	a.silent(a.get("/page/3?only=sv"), "/sheet/3/fi", "/sheet/3/en")
	a.silent(page, `name="q.region"`) // nothing on the page hangs on it
}

func TestSheetsAreTheRespondentsPages(t *testing.T) {
	a := newAuthor(t)
	whole := a.get("/sheet/2/en")
	a.says(whole, "[your answer to question 2]", "The municipality", "The school", `<form id="answers" method="post"`)
	given := a.get("/sheet/2/en?as=given&q.partners=town&q.partners=club")
	a.says(given, "You answered: The municipality, The association.")
	a.silent(given, "The school")
	a.says(a.get("/sheet/3/fi"), "Milloin aloititte?")
	a.silent(a.get("/sheet/3/fi?as=given&q.partners=club"), "Milloin aloititte?")
	policy := a.do(http.MethodGet, "/sheet/1/fi", nil, http.StatusOK).Header().Get("Content-Security-Policy")
	if !strings.Contains(policy, "frame-ancestors 'self'") || strings.Contains(policy, "unsafe") {
		t.Error(policy)
	}
}

func TestWalkingThrough(t *testing.T) {
	a := newAuthor(t)
	start := "/sheet/1/en?as=given"
	second := a.press(start, url.Values{"go": {"next"}, "q.partners": {"town"}, "q.region.~other": {"Kemi & Tornio"}})
	third := a.press(second, url.Values{"go": {"next"}, "q.weight.town": {"1"}})
	a.says(third, "/sheet/3/en?", "q.partners=town", "q.weight.town=1", "Kemi+%26+Tornio")
	a.says(a.get(third), "When did you begin?")
	refused := a.do(http.MethodPost, third, url.Values{"go": {"next"}, "q.years": {"many"}}, http.StatusUnprocessableEntity)
	a.says(refused.Body.String(), "in digits", `value="many"`)
	missing := a.do(http.MethodPost, third, url.Values{"go": {"next"}}, http.StatusUnprocessableEntity)
	a.says(missing.Body.String(), "before you go on")
	end := a.do(http.MethodPost, third, url.Values{"go": {"next"}, "q.years": {"2"}}, http.StatusOK)
	a.says(end.Body.String(), "kept nothing")
	if back := a.press(third, url.Values{"go": {"back"}}); !strings.HasPrefix(back, "/sheet/2/en?") {
		t.Error(back)
	}
	if swedish := a.press(third, url.Values{"go": {"lang-sv"}, "q.years": {"2"}}); !strings.HasPrefix(swedish, "/sheet/3/sv?") || !strings.Contains(swedish, "q.years=2") {
		t.Error(swedish)
	}
	if cleared := a.press(second, url.Values{"go": {"clear-level"}, "q.level": {"3"}}); strings.Contains(cleared, "q.level") {
		t.Error(cleared)
	}
	if next := a.press("/sheet/1/fi", url.Values{"go": {"next"}}); next != "/sheet/2/fi" {
		t.Errorf("of the whole: %s", next)
	}
	// Without a choice of partners nothing of the second page is left but the grade.
	a.silent(a.get("/sheet/2/en?as=given"), "Who matters most?")
}

func TestFaultsStandWhereTheyBelong(t *testing.T) {
	a := newAuthor(t)
	a.write(`options_from = "partners"`, `options_from = "nobody"`)
	a.write("max = 10\n", "max = 30\n")
	a.write("unit = {", "colour = 1\nunit = {")
	a.write(`title = { fi = "Luvut", sv = "Tal", en = "Numbers" }`, `title = { fi = "Luvut", en = "Numbers" }`)
	a.write("minutes = [2, 3]", "minutes = [3, 2]")
	all := a.get("/?lang=en")
	a.says(all, "There are 5 things to mend.", "questionnaire.toml:4: minutes:", ":58: page.1.question.0.options_from:", "nobody")
	second := a.get("/sheet/2/en")
	a.says(second, "options_from: Options cannot be taken", "max: The ends of the scale")
	if strings.Index(second, "options_from") > strings.Index(second, `id="q-weight"`) || strings.Index(second, "max: The ends") < strings.Index(second, `id="q-weight"`) {
		t.Error("a fault is not at its question")
	}
	a.says(a.get("/sheet/3/sv"), "page.2.title: Texten saknas", "page.2.question.0.colour")
	a.silent(a.get("/sheet/1/fi"), "questionnaire.toml")
	// The second page's first question is not shown to who chose nothing; its fault is.
	a.says(a.get("/sheet/2/fi?as=given"), "options_from: Vaihtoehtoja ei voi ottaa")
	a.write("minutes = [3, 2]", "minutes = [2, 3]") // read anew at once
	a.says(a.get("/?lang=en"), "There are 4 things to mend.")
}

func TestWhatCannotBeRead(t *testing.T) {
	a := newAuthor(t)
	a.write("minutes = [2, 3]", "minutes = ")
	a.says(a.get("/?lang=en"), "questionnaire.toml:4", "one thing to mend")
	a.says(a.get("/sheet/2/en"), "could not be read")
	a.do(http.MethodGet, "/page/2", nil, http.StatusSeeOther)
	a.do(http.MethodPost, "/sheet/2/en", url.Values{"go": {"next"}}, http.StatusOK)
	if err := os.RemoveAll(a.folder); err != nil {
		t.Fatal(err)
	}
	a.says(a.get("/?lang=en"), "No such questionnaire")
}

func TestAwayFromThePages(t *testing.T) {
	a := newAuthor(t)
	for _, path := range []string{"/page/0", "/page/9", "/page/x", "/sheet/4/fi", "/nowhere"} {
		a.do(http.MethodGet, path, nil, http.StatusNotFound)
	}
	a.says(a.get("/privacy?lang=en"), "viesti serve")
	a.write(`id = "measures"`, "id = \"measures\"\nrelevance = '\"town\" in partners'")
	a.says(a.get("/page/3?as=given&lang=en"), "does not see this page")
	a.says(a.get("/sheet/3/en?as=given"), "does not see this page")
}

// everywhere opens all there is to see, and presses "next" with junk.
func (a *author) everywhere(source string) {
	a.t.Helper()
	if err := os.WriteFile(filepath.Join(a.folder, survey.FileName), []byte(source), 0o600); err != nil {
		a.t.Fatal(err)
	}
	targets := []string{"/"}
	if q, _ := survey.Inspect(a.folder); q != nil {
		for page := range min(len(q.Pages), 5) {
			for _, state := range []string{"", "?as=given&q.partners=town&q.region=kainuu&q.years=3"} {
				targets = append(targets, fmt.Sprintf("/page/%d", page+1)+state, sheetAddress(page, i18n.Fi, nil)+state)
			}
		}
	}
	for _, target := range targets {
		for _, form := range []url.Values{nil, {"go": {"next"}, "q.weight.town": {"9"}, "q.m.x": {"9"}, "q.years": {"x"}}} {
			method := http.MethodGet
			if form != nil {
				method = http.MethodPost
			}
			r := httptest.NewRequest(method, target, strings.NewReader(form.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			w := httptest.NewRecorder()
			if a.handler.ServeHTTP(w, r); w.Code >= 500 {
				a.t.Fatalf("%s %s: %d with\n%s", method, target, w.Code, source)
			}
		}
	}
}

// Whatever line is missing or names something else, the rest can be looked at. survey tries every
// line; this a few of them, with the pages.
func TestAnySlipCanBeLookedAt(t *testing.T) {
	a := newAuthor(t)
	lines := strings.SplitAfter(a.source, "\n")
	for i := 0; i < len(lines); i += 5 {
		line := lines[i]
		before, after := strings.Join(lines[:i], ""), strings.Join(lines[i+1:], "")
		a.everywhere(before + after)
		if strings.Contains(line, "= \"") {
			key, _, _ := strings.Cut(line, "=")
			a.everywhere(before + key + "= \"partners\"\n" + after)
		}
	}
}

func FuzzPreview(f *testing.F) {
	raw, err := os.ReadFile("../respond/testdata/types/" + survey.FileName)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(raw))
	f.Add("[[page]]\nid = 'a'\n[[page.question]]\nid = 'm'\ntype = 'matrix'\noptions_from = 'm'\nrows_from = 'm'\n")
	f.Fuzz(func(t *testing.T, source string) {
		newAuthor(t).everywhere(source)
	})
}
