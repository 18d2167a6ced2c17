package browser

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"viesti/i18n"
)

// patience is how long a page may take. Nothing waits for it but what has failed.
const patience = time.Minute

// chromium is the one browser of a run; every tab has a profile of its own within it.
var chromium context.Context

func TestMain(m *testing.M) {
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		os.Exit(m.Run()) // each test says what is missing
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-gpu", true),
		chromedp.Flag("no-proxy-server", true), chromedp.Flag("lang", "en-GB"), chromedp.Flag("hide-scrollbars", false))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, quit := chromedp.NewContext(ctx)
	if err := chromedp.Do(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "chromium does not start:", err)
		os.Exit(1)
	}
	chromium = ctx
	code := m.Run()
	quit()
	stop()
	os.Exit(code)
}

// missing ends a test whose tool is not there. Where make setup was to install it that is a failure.
func missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("VIESTI_BROWSER") != "" {
		t.Fatalf("%s is missing, though make setup installs it", what)
	}
	t.Skipf("%s is missing; `make setup` installs it, and `make test` insists on it", what)
}

func soak() bool { return os.Getenv("VIESTI_SOAK") != "" }

func chance() io.Reader { return rand.Reader }

// tab is a tab of the browser with a profile of its own.
type tab struct {
	t      testing.TB
	ctx    context.Context
	mu     sync.Mutex
	errors []string // errors in the console: scripts that failed, what the policy blocked
}

// look is how a page is looked at.
type look struct {
	width, height int64
	dark          bool
	script        bool
}

func (l look) String() string {
	name := fmt.Sprintf("%d-light", l.width)
	if l.dark {
		name = fmt.Sprintf("%d-dark", l.width)
	}
	if !l.script {
		name += "-plain"
	}
	return name
}

// A desk, a phone, and a desk at 400 %: 1280 by 1024 become 320 by 256.
var (
	desk  = look{width: 1280, height: 900, script: true}
	phone = look{width: 320, height: 640, script: true}
	large = look{width: 320, height: 256, script: true}
)

func (l look) in(dark bool) look { l.dark = dark; return l }
func (l look) plain() look       { l.script = false; return l }

func newTab(t testing.TB, l look) *tab {
	t.Helper()
	if chromium == nil {
		missing(t, "Chromium")
	}
	ctx, cancel := chromedp.NewContext(chromium, chromedp.WithNewBrowserContext())
	ctx, timeout := context.WithTimeout(ctx, 10*patience)
	b := &tab{t: t, ctx: ctx}
	t.Cleanup(func() { timeout(); cancel() })
	b.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error { return chromedp.Listen(ctx, b.hear) }))
	_, err := chromedp.Call(ctx, log.Enable, chromedp.Void{})
	b.must(err)
	b.look(l)
	return b
}

// hear notes what the console is told. A page that answers 404 or 422 is told there too, and is
// no fault.
func (b *tab) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		b.errors = append(b.errors, e.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError && e.Entry.Source != log.EntrySourceNetwork {
			b.errors = append(b.errors, e.Entry.Text)
		}
	}
}

// quiet fails the test if the console was told anything.
func (b *tab) quiet() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, text := range b.errors {
		b.t.Errorf("the console says: %s", text)
	}
	b.errors = nil
}

func (b *tab) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	b.must(chromedp.Do(b.ctx, steps...))
}

// look changes how pages are looked at.
func (b *tab) look(l look) {
	b.t.Helper()
	scheme := "light"
	if l.dark {
		scheme = "dark"
	}
	b.do(chromedp.EmulateViewport(l.width, l.height))
	b.media(map[string]string{"prefers-color-scheme": scheme, "prefers-reduced-motion": "reduce"})
	_, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !l.script})
	b.must(err)
}

func (b *tab) media(features map[string]string) {
	b.t.Helper()
	p := emulation.SetEmulatedMediaParams{}
	for name, value := range features {
		p.Features = append(p.Features, &emulation.MediaFeature{Name: name, Value: value})
	}
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, p)
	b.must(err)
}

// print shows the page as it comes on paper.
func (b *tab) print() {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	b.must(err)
}

// accept sets the language the browser asks for, and leaves the device's own.
func (b *tab) accept(l i18n.Lang) {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, network.SetExtraHTTPHeaders,
		network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": string(l)}})
	b.must(err)
}

// cookie makes the tab the browser that began an answer.
func (b *tab) cookie(base, name, value string) {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: base})
	b.must(err)
}

// forget drops all cookies.
func (b *tab) forget() {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, network.ClearBrowserCookies, chromedp.Void{})
	b.must(err)
}

// run evaluates a script and drops what it gives.
func run(script string) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := chromedp.Evaluate[any](script+"\nvoid 0")(ctx, t)
		return chromedp.Void{}, err
	}
}

// load does what leads to another page and waits for it.
func (b *tab) load(steps ...chromedp.Action[chromedp.Void]) (status int64) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	res, err := chromedp.RunResponse(ctx, steps...)
	b.must(err)
	// A frame may stop loading, go on, and stop again: what counts is what the document says. (No
	// script of the page waits here, because some tabs run none.) Between two documents there is one without a body, which is complete as well.
	b.wait(ctx, "the page", `document.body !== null && document.readyState === "complete"`)
	if res == nil {
		return 0
	}
	return res.Status
}

// wait asks from outside the page, over and over, until something is true of it: what it waits for
// may lie beyond a change of documents, and whoever asks while they change gets no answer.
func (b *tab) wait(ctx context.Context, what, expression string) {
	b.t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		is, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expression))
		if err == nil && is {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			b.t.Fatalf("never came: %s (%v)", what, err)
		}
	}
}

// focused waits until the keyboard is at an element.
func (b *tab) focused(id string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	b.wait(ctx, "the focus at "+id, "document.activeElement !== null && document.activeElement.id === "+quote(id))
}

// open goes to an address, and may be answered with any status.
func (b *tab) open(address string) (status int64) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	res, err := chromedp.Run(ctx, chromedp.NavigateResponse(address))
	b.must(err)
	return res.Status
}

// press types: letters as they are, and the keys of package kb.
func (b *tab) press(keys string) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(keys))
}

func eval[T any](b *tab, expression string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// until waits for a condition in the page.
func (b *tab) until(what, expression string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if _, err := chromedp.Run(ctx, chromedp.Poll[any](expression)); err != nil {
		b.t.Fatalf("never came: %s: %v\n%s", what, err, eval[string](b, "document.body.innerText"))
	}
}

func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}
