package browser

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"viesti/i18n"
	"viesti/survey"
)

// focused tells where the keyboard is and what a person sees of it.
const focused = `(() => {
  const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
  const group = e.type === 'radio' ? [...document.getElementsByName(e.name)].map(x => x.value)
    : e.tagName === 'SELECT' ? [...e.options].map(x => x.value) : [];
  const x = Math.min(Math.max(r.left + r.width / 2, 0), innerWidth - 1), y = Math.min(r.top + Math.min(r.height, innerHeight) / 2, innerHeight - 1);
  const over = document.elementFromPoint(x, y);
  return {
    tag: e.tagName, type: e.type || '', name: e.name || '', value: e.value || '', text: e.innerText || '', group,
    inside: !!e.closest('main'), checked: !!e.checked, fragment: (e.getAttribute('href') || '').startsWith('#'),
    outline: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2,
    seen: r.bottom > 0 && r.top < innerHeight && !!over && (over === e || e.contains(over) || over.contains(e) || !!(e.labels && [...e.labels].some(l => l.contains(over)))),
  };
})()`

type stop struct {
	Tag, Type, Name, Value, Text string
	Group                        []string
	Inside, Checked, Fragment    bool
	Outline, Seen                bool
}

func (s stop) String() string {
	return fmt.Sprintf("<%s %s %s=%s> %.40q", s.Tag, s.Type, s.Name, s.Value, s.Text)
}

// hands is a person who has a keyboard and no mouse.
type hands struct {
	*tab
	todo map[string][]string // what is still to be entered on this page, by field
}

// tabOn goes on to the next thing that takes the focus, and looks whether it can be seen.
func (h hands) tabOn() stop {
	h.t.Helper()
	h.press(kb.Tab)
	s := eval[stop](h.tab, focused)
	if s.Tag == "BODY" {
		return s
	}
	if !s.Outline {
		h.t.Errorf("nothing shows the focus on %v", s)
	}
	if !s.Seen {
		h.t.Errorf("%v has the focus and is covered, or out of sight", s)
	}
	return s
}

// until presses Tab, enters what is to be entered on the way, and stops at a button of the page.
func (h hands) until(button string) {
	h.t.Helper()
	for range 600 {
		s := h.tabOn()
		if s.Tag == "BUTTON" && s.Inside && s.Name == "go" && s.Value == button {
			if len(h.todo) > 0 {
				h.t.Fatalf("the keyboard never came to %v", h.todo)
			}
			return
		}
		h.enter(s)
	}
	h.t.Fatalf("the keyboard never came to the button %q; left: %v", button, h.todo)
}

// enter does at a field what was planned for it.
func (h hands) enter(s stop) {
	h.t.Helper()
	values, planned := h.todo[s.Name]
	if !planned {
		return
	}
	at := slices.Index(s.Group, values[0])
	switch {
	case s.Type == "radio" && at == 0:
		h.press(" ")
	case s.Type == "radio":
		h.press(strings.Repeat(kb.ArrowDown, at))
	case s.Tag == "SELECT":
		h.press(strings.Repeat(kb.ArrowDown, at))
	case s.Type == "checkbox":
		i := slices.Index(values, s.Value)
		if i < 0 {
			return
		}
		h.press(" ")
		if values = slices.Delete(slices.Clone(values), i, i+1); len(values) > 0 {
			h.todo[s.Name] = values
			return
		}
	case s.Type == "date":
		h.press("03032020") // whatever the order of the browser's own language
	default:
		h.press(strings.ReplaceAll(values[0], "\n", "\r"))
	}
	delete(h.todo, s.Name)
}

// walk answers the whole of a questionnaire through a link, and gives what was answered.
func (h hands) walk(s *site, address string, l i18n.Lang, r *rand.Rand) survey.Answers {
	h.t.Helper()
	h.open(address + "?lang=" + string(l))
	h.until("start")
	h.load(chromedp.KeyEvent(kb.Enter))
	answers := survey.Answers{}
	for page := s.q.Next(-1, answers); page < len(s.q.Pages); {
		h.sees(s, page, l)
		for _, item := range s.q.Items(page, answers) {
			a := plan(item, r)
			for name, values := range entries(item, a) {
				h.todo[name] = values
			}
			if !a.Empty() {
				answers[item.ID] = a
			}
		}
		page = s.q.Next(page, answers)
		h.until("next")
		h.load(chromedp.KeyEvent(kb.Enter))
	}
	h.fits() // all answers, to be read once more
	h.until("send")
	h.load(chromedp.KeyEvent(kb.Enter))
	if !strings.HasSuffix(eval[string](h.tab, "location.pathname"), "/thanks") {
		h.t.Fatalf("not sent: %s", eval[string](h.tab, "document.body.innerText"))
	}
	return answers
}

// sees checks what every page of questions tells of itself: its language, its heading, how far
// one has come, and that nothing has to be scrolled sideways.
func (h hands) sees(s *site, page int, l i18n.Lang) {
	h.t.Helper()
	number, of := s.q.Number(page)
	position := i18n.T(l, "respond.page", i18n.Args{"page": number, "of": of})
	if title := eval[string](h.tab, "document.title"); !strings.Contains(title, position) {
		h.t.Errorf("the title %q does not say %q", title, position)
	}
	if lang := eval[string](h.tab, "document.documentElement.lang"); lang != string(l) {
		h.t.Errorf("%s is in %q", position, lang)
	}
	h.fits()
}

// fits checks that nothing has to be scrolled sideways.
func (b *tab) fits() {
	b.t.Helper()
	wide := eval[string](b, `document.documentElement.scrollWidth <= innerWidth ? '' : location.pathname + ' is ' +
	  document.documentElement.scrollWidth + ' wide: ' + [...document.querySelectorAll('main *')]
	  .filter(e => e.getBoundingClientRect().right > innerWidth + 1).slice(0, 3).map(e => e.outerHTML.slice(0, 80))`)
	if wide != "" {
		b.t.Error(wide)
	}
}

// The whole Barometer by keyboard: in each language, on a desk and a phone, with and without
// JavaScript. What is stored is what was answered.
func TestKeyboard(t *testing.T) {
	s := newSite(t, barometer)
	for i, l := range i18n.Langs {
		for j, how := range []look{desk, phone.plain(), phone, desk.plain()} {
			if !soak() && j != i {
				continue // each language once, each way of looking nearly
			}
			t.Run(string(l)+"/"+how.String(), func(t *testing.T) {
				s.t = t
				address, token := s.link(4*i + j)
				h := hands{newTab(t, how), map[string][]string{}}
				h.accept(l)
				seed := fnv.New64()
				fmt.Fprint(seed, t.Name())
				answers := h.walk(s, address, l, rand.New(rand.NewPCG(seed.Sum64(), 1)))
				h.quiet()
				stored(t, s.sent(token), answers, l)
			})
		}
	}
}

func stored(t *testing.T, sent []survey.Response, answers survey.Answers, l i18n.Lang) {
	t.Helper()
	if len(sent) != 1 {
		t.Fatalf("%d answers arrived", len(sent))
	}
	if sent[0].Lang != l || sent[0].State != survey.Complete {
		t.Errorf("stored in %s, %s", sent[0].Lang, sent[0].State)
	}
	for id, want := range answers {
		if got := sent[0].Answers[id]; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: stored %+v, answered %+v", id, got, want)
		}
		delete(sent[0].Answers, id)
	}
	for id, got := range sent[0].Answers {
		t.Errorf("%s: stored %+v, which nobody answered", id, got)
	}
}

// The types that the Barometer has not, by keyboard.
func TestKeyboardTypes(t *testing.T) {
	s := newSite(t, kinds)
	for i, how := range []look{desk, phone.plain()} {
		l := i18n.Langs[i]
		t.Run(string(l)+"/"+how.String(), func(t *testing.T) {
			s.t = t
			address, token := s.link(i)
			h := hands{newTab(t, how), map[string][]string{}}
			h.accept(l)
			answers := h.walk(s, address, l, rand.New(rand.NewPCG(uint64(i), 3)))
			h.quiet()
			stored(t, s.sent(token), answers, l)
		})
	}
}
