package browser

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"viesti/i18n"
)

// looks are the ways in which every page is looked at, by language. In full, every language in
// every way.
func looks(l i18n.Lang) []look {
	all := map[i18n.Lang][]look{
		i18n.Fi: {desk, phone.in(true)},
		i18n.Sv: {phone},
		i18n.En: {desk.in(true)},
	}
	if soak() {
		return []look{desk, desk.in(true), phone, phone.in(true)}
	}
	return all[l]
}

// TestPages looks at every page there is: axe finds nothing, nothing has to be scrolled sideways
// on a phone or at 400 %, what is pressed is large enough, the console is quiet, and the HTML is
// valid.
func TestPages(t *testing.T) {
	var mu sync.Mutex
	html := map[string]string{}
	t.Run("lang", func(t *testing.T) {
		for _, l := range i18n.Langs {
			t.Run(string(l), func(t *testing.T) {
				t.Parallel()
				s, k, b := newSite(t, barometer), newSite(t, kinds, ours), newTab(t, desk)
				for _, st := range stations(t, s, k, l) {
					if st.refused && l != i18n.Fi && !soak() {
						continue // the same words as on the other pages with faults
					}
					t.Run(st.name, func(t *testing.T) {
						b.t = t
						served := b.inspect(st, l)
						mu.Lock()
						defer mu.Unlock()
						html[st.name+"."+string(l)] = served
					})
				}
			})
		}
	})
	t.Run("html", func(t *testing.T) { valid(t, html) })
}

// inspect looks at a station in all ways, and gives its HTML as it was served.
func (b *tab) inspect(st station, l i18n.Lang) string {
	b.t.Helper()
	b.look(desk)
	b.visit(st, l)
	served, _ := st.site.html.Load().(string)
	b.look(large)
	b.fits()
	for _, how := range looks(l) {
		b.look(how)
		b.fits()
		b.targets()
		b.accessible()
		b.shoot(st.name + "." + string(l) + "." + how.String())
	}
	b.quiet()
	return served
}

// TestLook finds an organiser's colour and logo on every page of a survey, and nowhere else.
func TestLook(t *testing.T) {
	t.Parallel()
	s := newSite(t, barometer, ours)
	b := newTab(t, desk)
	for _, st := range stations(t, s, s, i18n.Sv) {
		b.visit(st, i18n.Sv)
		got := eval[[]string](b, `[getComputedStyle(document.querySelector('.top')).borderTopColor,
		  document.querySelector('.site img')?.alt, '' + (document.querySelector('.site img')?.naturalWidth > 0)]`)
		if want := []string{"rgb(91, 42, 134)", "Exempelministeriet", "true"}; !slices.Equal(got, want) {
			t.Errorf("%s: %q", st.name, got)
		}
	}
	b.quiet()
	if html := newSite(t, barometer).front(); strings.Contains(html, "<img") || strings.Contains(html, "look.") {
		t.Error("a survey without a look of its own has one")
	}
}

// TestPrint looks at one's own answers on paper: all of them, and nothing to press.
func TestPrint(t *testing.T) {
	t.Parallel()
	s := newSite(t, barometer)
	b := newTab(t, desk.in(true))
	b.cookie(s.base, "viesti", s.finish(i18n.Fi))
	b.open(s.base + "/copy?lang=fi")
	b.print()
	left := eval[[]string](b, `[...document.querySelectorAll('button, .button, nav, .foot')].filter(e => e.offsetParent).map(e => e.outerHTML.slice(0, 80))`)
	if len(left) > 0 {
		t.Errorf("on paper: %q", left)
	}
	if ink := eval[string](b, `getComputedStyle(document.querySelector('.answers dt')).color`); ink != "rgb(0, 0, 0)" {
		t.Errorf("the ink is %s", ink)
	}
	b.shoot("copy.fi.print")
}

// shoot keeps a picture of the page in the folder $VIESTI_SHOTS, for people to look at.
func (b *tab) shoot(name string) {
	dir := os.Getenv("VIESTI_SHOTS")
	if dir == "" {
		return
	}
	b.t.Helper()
	picture, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	b.must(err)
	b.must(os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o600))
}
