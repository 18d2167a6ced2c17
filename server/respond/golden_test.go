package respond_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"viesti/i18n"
	"viesti/server"
)

var update = flag.Bool("update", false, "write the golden pages anew")

// golden compares a page with the one kept. The names of the style sheet and the script change with
// every edit of them, which is no matter of the page.
func golden(t *testing.T, b *browser, name string) {
	t.Helper()
	got := strings.NewReplacer(
		server.Asset("viesti.css"), "/assets/viesti.css", server.Asset("viesti.js"), "/assets/viesti.js",
	).Replace(b.body)
	file := filepath.Join("testdata", "golden", name+"."+b.lang()+".html")
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

func TestGolden(t *testing.T) {
	for _, l := range i18n.Langs {
		t.Run(string(l), func(t *testing.T) {
			p := newPlace(t, "testdata/kinds")
			b := newBrowser(t, p, string(l)).get("/r/" + token)
			golden(t, b, "landing")
			golden(t, b.press("start", nil), "choices")
			golden(t, b.press("next", fill{"q.role": {"teacher"}, "q.tools": {"mail", "phone", "other"}, "q.tools.~other": {"<b>Fax</b>"}}), "refused")
			golden(t, b.press("next", fill{"q.tools": {"mail", "other"}}), "grade")
			golden(t, b.press("next", fill{"q.grade": {"8"}}), "matrix")
			golden(t, b.press("next", nil), "text")
			golden(t, b.press("next", nil), "last")
			golden(t, b.press("next", fill{"q.more": {"Kaksi\r\nriviä <b>"}}), "review")
			golden(t, b.press("send", nil), "thanks")
			golden(t, b.get("/r/"+token), "landing-sent")
			golden(t, b.get("/r/nosuchlink"), "unknown")
			golden(t, b.get("/nowhere"), "not-found")
			golden(t, b.get("/privacy"), "privacy")
			golden(t, b.get("/accessibility"), "accessibility")
			p.now = p.now.Add(30 * 24 * time.Hour)
			golden(t, b.get("/"), "closed")
		})
	}
}
