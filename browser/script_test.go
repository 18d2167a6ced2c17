package browser

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"viesti/i18n"
	"viesti/survey"
)

// begun is a tab on a page of an answer with nothing in it yet.
func (s *site) begun(t *testing.T, name string, l i18n.Lang, answers survey.Answers) (b *tab, cookie string) {
	t.Helper()
	s.t = t
	b, cookie = newTab(t, desk), s.draft(l, answers)
	b.cookie(s.base, "viesti", cookie)
	at := slices.IndexFunc(s.q.Pages, func(p survey.Page) bool { return p.ID == name })
	b.open(fmt.Sprintf("%s/page/%d", s.base, at+1))
	return b, cookie
}

// said waits until the page tells something, to the eyes or to a screen reader.
func (b *tab) said(what string) {
	b.t.Helper()
	b.until(what, "[...document.querySelectorAll('[role=status], .state')].some(e => e.textContent.includes("+quote(what)+"))")
}

func (b *tab) focus(id string) {
	b.t.Helper()
	b.do(run("document.getElementById(" + quote(id) + ").focus()"))
}

// longest is the page and the field of a questionnaire's last open question.
func (s *site) longest() (pageID string, question *survey.Question) {
	for i := range s.q.Pages {
		for j := range s.q.Pages[i].Questions {
			if q := &s.q.Pages[i].Questions[j]; q.Type == survey.OpenText && q.Long {
				pageID, question = s.q.Pages[i].ID, q
			}
		}
	}
	return pageID, question
}

// Whatever is typed is kept without a button, also when it is taken out again; until it is, leaving
// the page asks back.
func TestAutosave(t *testing.T) {
	t.Parallel()
	s := newSite(t, barometer)
	name, q := s.longest()
	field := "q-" + q.ID + "-text"
	b, cookie := s.begun(t, name, i18n.Sv, survey.Answers{})
	b.focus(field)
	b.press("Samarbetet löper")
	if !eval[bool](b, leavingAsks) {
		t.Error("leaving unsaved text asks nothing")
	}
	b.said(i18n.T(i18n.Sv, "respond.autosaved", nil))
	if got := s.kept(cookie)[q.ID].Text; got != "Samarbetet löper" {
		t.Errorf("kept: %q", got)
	}
	if eval[bool](b, leavingAsks) {
		t.Error("leaving saved text asks")
	}
	b.press(strings.Repeat(kb.Backspace, len("Samarbetet löper")))
	b.kept("what was taken out", func() bool { return s.kept(cookie)[q.ID].Text == "" })
	b.press("x")
	b.load(run("document.querySelector('main button[value=next]').click()")) // at once: nothing is lost
	if got := s.kept(cookie)[q.ID].Text; got != "x" {
		t.Errorf("kept by the button: %q", got)
	}
	b.quiet()
}

// leavingAsks tells whether the page objects to being left.
const leavingAsks = `!dispatchEvent(new Event('beforeunload', {cancelable: true}))`

// kept waits for the store.
func (b *tab) kept(what string, so func() bool) {
	b.t.Helper()
	deadline := time.After(patience)
	for tick := time.NewTicker(10 * time.Millisecond); !so(); {
		select {
		case <-tick.C:
		case <-deadline:
			b.t.Fatalf("never kept: %s", what)
		}
	}
}

// What is refused stays in the page without a word, and what is good beside it is kept.
func TestAutosaveRefusesQuietly(t *testing.T) {
	t.Parallel()
	s := newSite(t, kinds)
	b, cookie := s.begun(t, "measures", i18n.En, survey.Answers{"partners": {Choices: []string{"town"}}})
	b.focus("q-years-text")
	b.press("61")
	b.focus("q-since-text")
	b.press("03032020")
	b.kept("the day", func() bool { return s.kept(cookie)["since"].Value == "2020-03-03" })
	if got := s.kept(cookie)["years"]; !got.Empty() {
		t.Errorf("kept: %+v", got)
	}
	if shown := eval[string](b, "document.getElementById('q-years-text').value"); shown != "61" {
		t.Errorf("the field shows %q", shown)
	}
	b.quiet()
}

// Without a connection the page says so, asks before it is left, and tries again.
func TestAutosaveWithoutConnection(t *testing.T) {
	t.Parallel()
	s := newSite(t, barometer)
	name, q := s.longest()
	b, _ := s.begun(t, name, i18n.Fi, survey.Answers{})
	b.must(chromedp.Do(b.ctx, chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		return chromedp.Listen(ctx, func(event any) {
			if e, ok := event.(*fetch.EventRequestPaused); ok {
				go func() {
					_, _ = chromedp.Call(b.ctx, fetch.FailRequest, fetch.FailRequestParams{RequestID: e.RequestID, ErrorReason: "Failed"})
				}()
			}
		})
	})))
	_, err := chromedp.Call(b.ctx, fetch.Enable, fetch.EnableParams{Patterns: []*fetch.RequestPattern{{URLPattern: "*/page/*"}}})
	b.must(err)
	b.focus("q-" + q.ID + "-text")
	b.press("a")
	b.said(i18n.T(i18n.Fi, "respond.autosave_failed", nil))
	if !eval[bool](b, leavingAsks) {
		t.Error("leaving unsaved text asks nothing")
	}
	_, err = chromedp.Call(b.ctx, fetch.Disable, chromedp.Void{})
	b.must(err)
	b.said(i18n.T(i18n.Fi, "respond.autosaved", nil))
}

func TestCounter(t *testing.T) {
	t.Parallel()
	s := newSite(t, barometer)
	name, q := s.longest()
	b, _ := s.begun(t, name, i18n.En, survey.Answers{})
	most := q.Max
	if most == 0 {
		most = survey.DefaultTextMax
	}
	field := "document.getElementById(" + quote("q-"+q.ID+"-text") + ")"
	b.focus("q-" + q.ID + "-text")
	b.do(run(fmt.Sprintf("%s.value = 'å😀'.repeat(%d)", field, most/2-2)))
	b.press("!")
	b.said(i18n.T(i18n.En, "respond.remaining", i18n.Args{"n": 3}))
	b.press("12345")
	b.said(i18n.T(i18n.En, "respond.too_many", i18n.Args{"n": 2}))
}

// A long list can be searched, also with letters that one's keyboard has not; Enter takes the one
// that is left and sends nothing.
func TestFilter(t *testing.T) {
	t.Parallel()
	s := newSite(t, "testdata/long")
	b, cookie := s.begun(t, "place", i18n.Fi, survey.Answers{})
	b.focus("q-region-list-filter")
	b.press("poh")
	b.said(i18n.T(i18n.Fi, "respond.found", i18n.Args{"n": 2}))
	if n := eval[int](b, "document.getElementById('q-region-list').options.length"); n != 3 {
		t.Errorf("%d options are left", n)
	}
	b.press("janm" + kb.Enter)
	b.kept("the region", func() bool { return s.kept(cookie)["region"].Value == "pohjanmaa" })
	if at := eval[string](b, "document.activeElement.id"); at != "q-region-list" {
		t.Errorf("the focus is at %s", at)
	}
	b.quiet()
}

// Words written beside "other" choose it, whatever was chosen before.
func TestWordsChooseOther(t *testing.T) {
	t.Parallel()
	s := newSite(t, barometer)
	b, cookie := s.begun(t, "background", i18n.Sv, survey.Answers{"org_type": {Value: "ngo"}})
	b.focus("q-org_type-words")
	b.press("Stiftelse")
	b.kept("the kind of organisation", func() bool {
		a := s.kept(cookie)["org_type"]
		return a.Value == "other" && a.Text == "Stiftelse"
	})
	k := newSite(t, kinds)
	b, cookie = k.begun(t, "lists", i18n.Sv, survey.Answers{"region": {Value: "kainuu"}})
	b.focus("q-region-words")
	b.press("Lappland")
	b.kept("the region", func() bool { return k.kept(cookie)["region"].Value == "other" })
	b.quiet()
}

// A ranking is moved with buttons, which say what they did and keep the focus.
func TestMoving(t *testing.T) {
	t.Parallel()
	s := newSite(t, kinds)
	b, cookie := s.begun(t, "order", i18n.Fi, survey.Answers{"partners": {Choices: []string{"town", "school", "club"}}})
	move := func(sign, name string) {
		t.Helper()
		b.do(run(`[...document.querySelectorAll('.ranks button')].find(b => b.textContent === ` + quote(sign) +
			` && b.getAttribute('aria-label').endsWith(` + quote(name) + `)).focus()`))
		b.press(kb.Enter)
		if !eval[bool](b, `document.activeElement.getAttribute('aria-label')?.endsWith(`+quote(name)+`)`) {
			t.Error("the focus is gone")
		}
	}
	is := func(want ...string) {
		t.Helper()
		b.kept(fmt.Sprint(want), func() bool { return slices.Equal(s.kept(cookie)["weight"].Choices, want) })
	}
	move("↑", "Yhdistys")
	b.said(i18n.T(i18n.Fi, "respond.rank_placed", i18n.Args{"name": "Yhdistys", "n": 1, "of": 2}))
	is("club")
	move("↑", "Kunta")
	is("club", "town")
	move("↑", "Kunta")
	is("town", "club")
	move("↑", "Oppilaitos") // takes the last place
	is("town", "school")
	move("↓", "Oppilaitos")
	b.said(i18n.T(i18n.Fi, "respond.rank_unplaced", i18n.Args{"name": "Oppilaitos"}))
	is("town")
	b.focus("q-weight.school") // by hand, a taken place is given up by the other
	b.press(kb.ArrowDown)
	is("school")
	b.quiet()
}

// Buttons that need a script are there with one alone.
func TestCopyButtons(t *testing.T) {
	t.Parallel()
	s := newSite(t, barometer)
	for _, how := range []look{desk, desk.plain()} {
		b := newTab(t, how)
		b.cookie(s.base, "viesti", s.finish(i18n.En))
		b.open(s.base + "/thanks?lang=en")
		if shown := eval[bool](b, "document.querySelector('.copy').offsetHeight > 0"); shown != how.script {
			t.Errorf("%v: a button to copy is there: %v", how, shown)
		}
		if how.script {
			b.do(run("document.querySelector('.copy').click()"))
			b.said(i18n.T(i18n.En, "respond.copied", nil))
		}
		b.quiet()
	}
}

// A page with faults begins with them, in its title and for the keyboard.
func TestFaultsHaveTheFocus(t *testing.T) {
	t.Parallel()
	s := newSite(t, kinds)
	b, _ := s.begun(t, "measures", i18n.En, survey.Answers{"partners": {Choices: []string{"town"}}})
	b.load(run(spoil))
	b.focused("faults")
	b.press(kb.Tab + kb.Enter)
	b.focused("q-years-text")
}

// Colours of the system's own, as people choose them who see little: what is chosen, what is
// wrong, how far one is and where one is are told by more than a colour.
func TestForcedColours(t *testing.T) {
	t.Parallel()
	s := newSite(t, kinds)
	b, _ := s.begun(t, "order", i18n.En, survey.Answers{"partners": {Choices: []string{"town", "club"}}, "level": {Value: "7"}})
	for _, colours := range []string{"active", "none"} {
		b.media(map[string]string{"forced-colors": colours, "prefers-reduced-motion": "reduce"})
		for what, shown := range map[string]string{
			"the grade chosen is marked by a line or by weight": `(e => getComputedStyle(e).outlineStyle !== 'none' || +getComputedStyle(e).fontWeight > 600)(document.querySelector('.grade:has(:checked)'))`,
			"the progress is written out":                       `/\d\/\d/.test(document.querySelector('.progress').textContent)`,
			"the language is marked by weight":                  `+getComputedStyle(document.querySelector('.langs [aria-current]')).fontWeight > 600`,
			"what looks like a link has no edge":                `getComputedStyle(document.querySelector('main button[value=save]')).borderTopColor === getComputedStyle(document.body).backgroundColor || !matchMedia('(forced-colors: active)').matches`,
			"buttons have an edge":                              `getComputedStyle(document.querySelector('main button[value=next]')).borderTopStyle === 'solid'`,
			"links are underlined":                              `getComputedStyle(document.querySelector('.foot a')).textDecorationLine === 'underline'`,
			"nothing moves":                                     `getComputedStyle(document.documentElement).scrollBehavior === 'auto'`,
		} {
			if !eval[bool](b, shown) {
				t.Errorf("forced-colors %s: not so: %s", colours, what)
			}
		}
	}
	b.load(run(spoil))
	if !eval[bool](b, `[...document.querySelectorAll('.fault')].every(e => e.textContent.startsWith('To check:'))`) {
		t.Error("a fault is told by its colour alone")
	}
}

// The dialog that asks is the browser's own.
func TestLeavingAsks(t *testing.T) {
	t.Parallel()
	s := newSite(t, barometer)
	name, q := s.longest()
	b, _ := s.begun(t, name, i18n.Fi, survey.Answers{})
	asked := make(chan string, 1)
	b.must(chromedp.Do(b.ctx, chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		return chromedp.Listen(ctx, func(event any) {
			if e, ok := event.(*page.EventJavascriptDialogOpening); ok {
				asked <- string(e.Type)
				go func() {
					_, _ = chromedp.Call(b.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
				}()
			}
		})
	})))
	b.focus("q-" + q.ID + "-text")
	b.press("a")
	b.load(run("location.href = '/privacy'"))
	select {
	case kind := <-asked:
		if kind != "beforeunload" {
			t.Errorf("a dialog of the kind %q", kind)
		}
	default:
		t.Error("nobody asked")
	}
}
