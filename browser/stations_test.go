package browser

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"mime/quotedprintable"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"viesti/i18n"
	"viesti/survey"
)

// station is a page as somebody has it before them.
type station struct {
	name    string
	site    *site
	path    string
	cookie  string        // of the answer that was begun; empty: none
	desk    string        // the cookie of a coordinator
	ahead   time.Duration // how far the clock is
	late    time.Duration // how far it is when it is done what is done in the page
	refused bool          // it is a page of questions with faults
	act     string        // what is done in the page, which leads to the one to look at
}

// spoil fills in a page so that as much as possible is refused.
const spoil = `for (const e of document.querySelectorAll('main input, main textarea, main select')) {
  if (e.type === 'checkbox') e.checked = true;
  else if (e.tagName === 'SELECT') e.selectedIndex = Math.min(1, e.options.length - 1);
  else if (e.type === 'date') e.value = '1950-01-01';
  else if (e.type !== 'radio' && e.type !== 'hidden') e.value = 'x'.repeat(5000);
}
document.querySelector('main button[value=next], main button[value=send]').click()`

// stations are all pages there are: those without an answer, those of a full answer of both
// questionnaires, and those of the same answers when something is refused.
func stations(t *testing.T, s, k *site, l i18n.Lang) []station {
	t.Helper()
	contact := s.contact("aino." + string(l) + "@example.org")
	begun := s.draft(l, survey.Answers{})
	s.shift.Store(int64(closed)) // so that the ticket holds until then
	in := s.signIn(l)
	s.shift.Store(0)
	anything := s.written(l, alike)
	list := []station{
		{name: "landing", path: "/"},
		{name: "landing-continue", path: "/", cookie: begun},
		{name: "landing-begin", path: "/page/1"},
		{name: "landing-sent", path: "/", cookie: s.finish(l)},
		{name: "thanks", path: "/thanks", cookie: s.finish(l)},
		{name: "not-yet", path: "/", ahead: -48 * time.Hour},
		{name: "ending", path: "/", ahead: 241 * time.Hour, cookie: begun},
		{name: "over", path: "/", ahead: 300 * time.Hour},
		{name: "privacy", path: "/privacy"},
		{name: "accessibility", path: "/accessibility"},
		{name: "feedback-faulty", path: "/accessibility", act: `document.querySelector('#reply').value = 'x'; document.querySelector('main form button').click()`},
		{name: "feedback-sent", path: "/accessibility", act: `document.querySelector('#message').value = 'Hei!'; document.querySelector('main form button').click()`},
		{name: "typed", path: "/page/1", cookie: s.draft(l, survey.Answers{}), late: 300 * time.Hour, act: `document.querySelector('main input[type=radio]').checked = true; document.querySelector('main button[value=next]').click()`},
		{name: "questions", path: "/questions"},
		{name: "unknown", path: "/r/nosuchlink"},
		{name: "nowhere", path: "/nowhere"},
		{name: "optout", path: "/u/" + contact.Token},
		{name: "optout-unknown", path: "/u/nosuchtoken"},
		{name: "optout-done", path: "/u/" + s.contact("olli."+string(l)+"@example.org").Token, act: `document.querySelector('main form button[value=optout]').click()`},
		{name: "signin", path: "/console/"},
		{name: "signin-asked", path: "/console/", act: `document.querySelector('#email').value = 'x@example.org'; document.querySelector('main form button').click()`},
		{name: "signin-enter", path: "/console/enter?ticket=x"},
		{name: "signin-denied", path: "/console/enter?ticket=x", act: `document.querySelector('main form button').click()`},
		{name: "desk", path: "/console/", desk: in},
		{name: "spread", path: "/console/spread", desk: in},
		{name: "spread-text", path: "/console/spread?network=pomako", desk: in, act: `document.querySelector('button[value=text]').click()`},
		{name: "answers-early", path: "/console/answers", desk: in},
		{name: "answers", path: "/console/answers", desk: in, ahead: closed},
		{name: "answer", path: "/console/answers/read?question=" + anything, desk: in, ahead: closed},
		{name: "answer-by-hand", path: "/console/answers/read?question=" + anything, desk: in, ahead: closed, act: `document.querySelector('#words').value = 'kiitos, zzz'; document.querySelector('button[value=mark]').click()`},
		{name: "answer-kept", path: "/console/answers/read?question=" + anything, desk: in, ahead: closed, act: `document.querySelector('button[value=withhold]').click()`},
		{name: "blank", path: "/page/1", cookie: begun},
		{name: "review", path: "/review", cookie: s.draft(l, s.full())},
		{name: "review-nothing", path: "/review", cookie: begun},
		{name: "later", path: "/later", cookie: s.draft(l, s.full())},
		{name: "continue", path: "/continue"},
		{name: "continue-unknown", path: "/continue", act: `document.querySelector('#code').value = 'nonsense'; document.querySelector('main form button').click()`},
		{name: "continue-draft", path: "/continue/" + s.draft(l, s.full())},
		{name: "continue-sent", path: "/continue/" + s.finish(l)},
		{name: "copy", path: "/copy", cookie: s.finish(l)},
		{name: "copy-gone", path: "/copy", cookie: s.finish(l), act: `document.querySelector('main form button').click()`},
		{name: "due", path: "/review", cookie: k.draft(l, survey.Answers{}), site: k, act: `document.querySelector('main button[value=send]').click()`},
	}
	for i := range list {
		if list[i].site == nil {
			list[i].site = s
		}
	}
	return append(append(list, s.questions(l)...), k.questions(l)...)
}

// questions are the pages of a full answer, and each with faults.
func (s *site) questions(l i18n.Lang) []station {
	answers := s.full()
	kept := s.draft(l, answers)
	var list []station
	for page := s.q.Next(-1, answers); page < len(s.q.Pages); page = s.q.Next(page, answers) {
		name, path := s.q.ID+"-"+s.q.Pages[page].ID, fmt.Sprintf("/page/%d", page+1)
		list = append(list, station{name: name, site: s, path: path, cookie: kept})
		for _, item := range s.q.Items(page, answers) {
			switch item.Type {
			case survey.Multiple, survey.OpenText, survey.Rank, survey.Number:
				list = append(list, station{name: name + "-refused", refused: true, site: s, path: path, cookie: s.draft(l, answers), act: spoil})
			default:
				continue
			}
			break
		}
	}
	return list
}

// full is an answer in which every branch is open and every question answered, so that what builds
// on a choice has more than one thing to offer.
func (s *site) full() survey.Answers {
	answers := survey.Answers{}
	r := rand.New(rand.NewPCG(7, 7))
	for page := range s.q.Pages {
		for _, item := range s.q.Items(page, answers) {
			for range 100 {
				if a := plan(item, r); !a.Empty() && (item.Type != survey.Multiple || len(a.Choices) > 1) {
					answers[item.ID] = a
					break
				}
			}
		}
	}
	return answers
}

// finish sends an answer and gives its cookie.
func (s *site) finish(l i18n.Lang) string {
	s.t.Helper()
	cookie := s.draft(l, s.full())
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.base+"/review", strings.NewReader("go=send"))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.AddCookie(&http.Cookie{Name: "viesti", Value: cookie})
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	_ = res.Body.Close()
	if _, err := s.app.Store.Draft(s.t.Context(), survey.KeyOf(cookie)); !survey.Finished(err) {
		s.t.Fatalf("not sent: %d, %v", res.StatusCode, err)
	}
	return cookie
}

var ticket = regexp.MustCompile(`ticket=([A-Za-z0-9_.~-]+)`)

// signIn goes the way of a coordinator, by letter, and gives the cookie that lets them stay.
func (s *site) signIn(l i18n.Lang) string {
	s.t.Helper()
	if s.desk != "" { // a letter an hour is all that anybody gets
		return s.desk
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	letters := len(s.relay.Letters())
	post := func(path string, form url.Values) *http.Response {
		res, err := client.PostForm(s.base+path+"?lang="+string(l), form)
		if err != nil {
			s.t.Fatal(err)
		}
		_ = res.Body.Close()
		return res
	}
	post("/console/sign-in", url.Values{"email": {coordinator}})
	deadline := time.After(patience)
	for tick := time.NewTicker(10 * time.Millisecond); len(s.relay.Letters()) == letters; {
		select {
		case <-tick.C:
		case <-deadline:
			s.t.Fatal("no letter lets the coordinator in")
		}
	}
	raw := s.relay.Letters()[letters].Data
	text, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(raw)))
	if err != nil {
		text = raw
	}
	found := ticket.FindSubmatch(text)
	if found == nil {
		s.t.Fatalf("no link in the letter:\n%s", text)
	}
	res := post("/console/enter", url.Values{"ticket": {string(found[1])}})
	for _, c := range res.Cookies() {
		s.desk = c.Value
		return s.desk
	}
	s.t.Fatalf("not let in: %d", res.StatusCode)
	return ""
}

// visit brings a tab to a station.
func (b *tab) visit(st station, l i18n.Lang) {
	b.t.Helper()
	st.site.shift.Store(int64(st.ahead))
	b.forget()
	if st.cookie != "" {
		b.cookie(st.site.base, "viesti", st.cookie)
	}
	if st.desk != "" {
		b.cookie(st.site.base+"/console/", "viesti-console", st.desk)
	}
	sign := "?"
	if strings.Contains(st.path, "?") {
		sign = "&"
	}
	b.open(st.site.base + st.path + sign + "lang=" + string(l))
	if st.act != "" {
		st.site.shift.Store(int64(max(st.ahead, st.late)))
		b.load(run(st.act))
	}
	if st.refused && !eval[bool](b, "document.querySelector('main .faults a') !== null") {
		b.t.Errorf("nothing is refused on %s", st.name)
	}
	if lang := eval[string](b, "document.documentElement.lang"); lang != string(l) {
		b.t.Errorf("%s is in %q", st.name, lang)
	}
}
