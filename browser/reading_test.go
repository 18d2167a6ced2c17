package browser

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"viesti/i18n"
	"viesti/survey"
)

// closed is when the survey of a site is over for certain, and a coordinator is still signed in: the
// clock of their ticket is the site's.
const closed = 300 * time.Hour

// open are answers in people's own words, with what has to be taken out of some of them.
var open = []string{
	"Kiitos Matti Virtaselle, hän auttoi paljon! Puh. 040 123 4567.",
	"Samarbetet med Vasa stad fungerar bra 😀",
	"=HYPERLINK(\"http://example.org\") <script>alert(1)</script>",
	"شكرا لكم على الدعم",
	"Rahoitus on liian lyhytjänteistä.\n\nKoulutusta lisää, kiitos.",
	strings.Repeat("pitkäsanajokaeipääty", 30),
}

// alike are answers of which it does not matter which one comes first.
var alike = func() (list []string) {
	for i := range 6 {
		list = append(list, fmt.Sprintf("Kiitos Matti Virtaselle Vaasan kaupungista, hän auttoi paljon!\nOttakaa yhteyttä: aino@example.fi tai 040 123 456%d. شكرا 😀", i))
	}
	return list
}()

// written sends answers to the last open question, through the store alone, and gives the question.
func (s *site) written(l i18n.Lang, texts []string) (question string) {
	s.t.Helper()
	for _, p := range s.q.Pages {
		for _, q := range p.Questions {
			if q.Type == survey.OpenText {
				question = q.ID
			}
		}
	}
	for _, text := range texts {
		key := survey.KeyOf(s.draft(l, survey.Answers{question: {Text: text}}))
		err := s.app.Store.Submit(s.t.Context(), key, "id-"+string(key), func(r *survey.Response) error {
			r.State = survey.Complete
			return nil
		})
		if err != nil {
			s.t.Fatal(err)
		}
	}
	return question
}

// to goes on with Tab until something has the focus.
func (h hands) to(selector string) {
	h.t.Helper()
	for range 100 {
		h.tabOn()
		if eval[bool](h.tab, "document.activeElement.matches("+quote(selector)+")") {
			return
		}
	}
	h.t.Fatalf("the keyboard never came to %s", selector)
}

// TestReadByKeyboard reads all open answers with the keys alone and without a script: takes a word out by
// typing it, leaves in a name that was marked, and releases the rest.
func TestReadByKeyboard(t *testing.T) {
	t.Parallel()
	s := newSite(t, barometer)
	s.written(i18n.Fi, open)
	s.shift.Store(int64(closed))
	in := s.signIn(i18n.Fi)
	h := hands{tab: newTab(t, desk.plain())}
	h.cookie(s.base+"/console/", "viesti-console", in)
	h.open(s.base + "/console/answers?lang=fi")
	enter := func(selector string) {
		h.to(selector)
		h.load(chromedp.KeyEvent(kb.Enter))
	}
	enter("main a.button")
	for range open {
		if strings.Contains(eval[string](h.tab, "document.querySelector('.words').textContent"), "Virtaselle") {
			h.to("input[name=cut]")
			h.press(" ") // the name stays in
			h.to("#words")
			h.press("paljon")
			enter("button[value=mark]")
		}
		enter("button[value=release]")
	}
	h.quiet()
	published := s.released()
	for _, want := range []string{"Kiitos Matti Virtaselle, hän auttoi […]! Puh. […].", "شكرا لكم على الدعم"} {
		if !slices.Contains(published, want) {
			t.Errorf("published %q, not %q", published, want)
		}
	}
}

// released are the answers that may be published.
func (s *site) released() (list []string) {
	s.t.Helper()
	r, err := s.app.Answers("")
	if err != nil {
		s.t.Fatal(err)
	}
	all, err := r.Released(s.t.Context(), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, o := range all {
		list = append(list, o.Answers...)
	}
	return list
}
