package browser

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// tools is where make setup puts what package.json names.
const tools = "../.tools/node_modules/"

// axe is axe-core's own text, to be run in a page.
var axe = sync.OnceValues(func() ([]byte, error) { return os.ReadFile(tools + "axe-core/axe.min.js") })

// rules are the WCAG 2.0 to 2.2 criteria of levels A and AA, and what is best practice besides.
// What axe cannot decide by itself counts as found, but for contrast: it cannot see through
// gradients and pictures, which we have none of, and under sticky things.
const rules = `axe.run(document, {
  runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice']},
  resultTypes: ['violations'],
}).then(r => r.violations.map(v => v.id + ': ' + v.help + '\n' +
  v.nodes.slice(0, 3).map(n => '  ' + n.target + ' ' + n.html.slice(0, 120) + '\n    ' + n.failureSummary.replace(/\s+/g, ' ')).join('\n')))`

// accessible lets axe look at the page as it is shown now.
func (b *tab) accessible() {
	b.t.Helper()
	source, err := axe()
	if err != nil {
		missing(b.t, "axe-core")
	}
	b.do(run(string(source)))
	found, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]string](rules, chromedp.EvalAwaitPromise))
	b.must(err)
	for _, f := range found {
		b.t.Error(f)
	}
}

// targets checks that whatever is pressed is at least 24 CSS pixels each way (WCAG 2.2, 2.5.8). A
// field's label is part of its target; links within sentences are excepted.
func (b *tab) targets() {
	b.t.Helper()
	small := eval[[]string](b, `[...document.querySelectorAll('a, button, input, select, textarea, summary')].filter(e => {
	  if (e.type === 'hidden' || e.tabIndex < 0 || e.closest('p, li, dd, td') && e.tagName === 'A' && getComputedStyle(e).display === 'inline') return false;
	  const boxes = [e, ...(e.labels || [])].map(x => x.getBoundingClientRect()).filter(r => r.width > 0 && r.right > 0);
	  return boxes.length > 0 && !boxes.some(r => r.width >= 24 && r.height >= 24);
	}).map(e => e.outerHTML.slice(0, 120))`)
	for _, e := range small {
		b.t.Errorf("a target is smaller than 24 pixels: %s", e)
	}
}

// valid lets the Nu HTML checker read all pages at once: starting Java is most of its work.
func valid(t *testing.T, pages map[string]string) {
	t.Helper()
	java, err := exec.LookPath("java")
	if err != nil {
		missing(t, "Java")
	}
	jar := tools + "vnu-jar/build/dist/vnu.jar"
	if _, err := os.Stat(jar); err != nil {
		missing(t, "the Nu HTML checker")
	}
	dir := t.TempDir()
	for name, body := range pages {
		if err := os.WriteFile(filepath.Join(dir, name+".html"), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	// It ends with 1 when it found something, and says what on stderr.
	said, err := exec.CommandContext(t.Context(), java, "-jar", jar, "--format", "json", "--skip-non-html", dir).CombinedOutput()
	var report struct {
		Messages []struct {
			Type, SubType, URL, Message, Extract string
			LastLine                             int
		}
	}
	if json.Unmarshal(said, &report) != nil {
		t.Fatalf("%v: %s", err, said)
	}
	for _, m := range report.Messages {
		if m.Type == "info" && m.SubType != "warning" {
			continue
		}
		name := m.URL[strings.LastIndexByte(m.URL, '/')+1:]
		t.Errorf("%s, line %d: %s: %s", name, m.LastLine, m.Message, m.Extract)
	}
	t.Logf("%d pages read", len(pages))
}
