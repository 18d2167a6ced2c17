package crowd

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"viesti/i18n"
)

// fake is a survey of one page. It notes what is sent to it.
type fake struct {
	mu     sync.Mutex
	begun  int
	sent   int
	picked bool // from lists
	langs  []string
	faults []string
	all    chan struct{} // closed when enough have been sent
}

const enough = 20

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch r.Method + " " + r.URL.Path {
	case "GET /r/abc":
		f.langs = append(f.langs, r.Header.Get("Accept-Language"))
		fmt.Fprint(w, `<form action="/search"><button name=go value=next></button></form><form method=post><input type=hidden name=lang value=sv><button name=go value=start></button></form>`)
	case "POST /r/abc":
		f.begun++
		if r.PostFormValue("go") != "start" || r.PostFormValue("lang") != "sv" {
			f.faults = append(f.faults, "start: "+r.PostForm.Encode())
		}
		http.SetCookie(w, &http.Cookie{Name: "viesti", Value: "x", Path: "/"})
		w.Header().Set("Location", "/r/abc/page/1")
		w.WriteHeader(http.StatusSeeOther)
	case "GET /r/abc/page/1":
		fmt.Fprint(w, `<form method=post action=""><input type=radio name=q.a value=1><input type=radio name=q.a value=2>
			<input type=checkbox name=q.b value=x><textarea name=q.c></textarea>
			<select name=q.d><option value="">-</option><option value=k>K</option></select>
			<select name=q.e.m><option value="">-</option><option>1</option><option>2</option></select>
			<select name=q.e.n><option value="">-</option><option>1</option><option>2</option></select><button name=go value=send></button></form>`)
	case "POST /r/abc/page/1":
		f.page(r)
		w.Header().Set("Location", "/r/abc/thanks")
		w.WriteHeader(http.StatusSeeOther)
	case "GET /r/abc/thanks":
		if f.sent++; f.sent == enough {
			close(f.all)
		}
	default:
		f.faults = append(f.faults, r.Method+" "+r.URL.Path)
	}
}

func (f *fake) page(r *http.Request) {
	if _, err := r.Cookie("viesti"); err != nil {
		f.faults = append(f.faults, "no cookie")
	}
	a, b := r.PostFormValue("q.a"), r.PostFormValue("q.b")
	d, m, n := r.PostFormValue("q.d"), r.PostFormValue("q.e.m"), r.PostFormValue("q.e.n")
	if d != "" && d != "k" || m != "" && m == n || len(m+n) > 2 {
		f.faults = append(f.faults, "lists: "+r.PostForm.Encode())
	}
	f.picked = f.picked || d == "k" && m+n != ""
	if !slices.Contains([]string{"", "1", "2"}, a) || b != "" && b != "x" || r.PostFormValue("go") != "send" {
		f.faults = append(f.faults, "page: "+r.PostForm.Encode())
	}
}

// keen is people who answer from a message on, and pass the survey on to so many others.
type keen struct {
	from, others int
	asked        []string
}

func (k *keen) Answers(network string, nth int) bool {
	k.asked = append(k.asked, fmt.Sprint(network, " ", nth))
	return nth >= k.from
}

func (k *keen) PassesOn() int { return k.others }

// Who reads a message is asked once for each, until they have answered; what they pass on is the link that
// the message has for that.
func TestReadersAreAskedInTurn(t *testing.T) {
	k := &keen{from: 1, others: 2}
	c := &Crowd{Base: "http://127.0.0.1:1", Behaviour: k, read: map[string]int{}, done: map[string]bool{}}
	letter := Message{Text: "http://127.0.0.1:1/r/abc, or others: http://127.0.0.1:1/r/on, http://127.0.0.1:1/r/abc?lang=sv", Reader: "a@example.org"}
	var moved []string
	for range 4 {
		moved = append(moved, fmt.Sprint(c.moved(letter)))
	}
	want := "[[] [http://127.0.0.1:1/r/abc http://127.0.0.1:1/r/on http://127.0.0.1:1/r/on] [] []]"
	if got := fmt.Sprint(moved); got != want {
		t.Errorf("moved %s", got)
	}
	for range 2 { // readers of a post, whom nobody tells apart
		if got := c.moved(Message{Text: letter.Text}); got != nil {
			t.Errorf("a post moves %v", got)
		}
	}
	if got := c.moved(Message{Text: "Thanks!", Reader: "b@example.org"}); got != nil {
		t.Errorf("moved %v by nothing", got)
	}
	if got, want := fmt.Sprint(k.asked), "[http://127.0.0.1:1/r/abc 0 http://127.0.0.1:1/r/abc 1 http://127.0.0.1:1/r/abc 0 http://127.0.0.1:1/r/abc 0]"; got != want {
		t.Errorf("asked %s", got)
	}
}

// endless gives everybody the same message.
type endless struct{ text string }

func (e endless) Next() (Message, bool) { return Message{Text: e.text, Lang: i18n.Sv}, true }

func crowdOf(t *testing.T, base, text string) *Crowd {
	t.Helper()
	c := &Crowd{
		Inbox: endless{text}, Base: base, Pace: time.Millisecond,
		Rand: rand.New(rand.NewPCG(1, 2)), Log: slog.New(slog.DiscardHandler), Behaviour: &keen{},
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- c.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return c
}

func TestPeopleAnswerByHTTPAlone(t *testing.T) {
	f := &fake{all: make(chan struct{})}
	web := httptest.NewServer(f)
	defer web.Close()
	c := crowdOf(t, web.URL, "Hej!\nhttps://example.org/r/no\n<"+web.URL+"/r/abc>.")
	if c.On() {
		t.Error("on before anybody switched it on")
	}
	c.Switch(true)
	c.Switch(true)
	select {
	case <-f.all:
	case <-time.After(time.Minute):
		t.Fatal("nobody answers")
	}
	c.Switch(false)
	if c.On() {
		t.Error("still on")
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.picked {
		t.Error("nobody picked from a list")
	}
	if len(f.faults) > 0 {
		t.Errorf("%d faults, first %s", len(f.faults), f.faults[0])
	}
	if f.begun <= f.sent-1 || slices.ContainsFunc(f.langs, func(l string) bool { return l != "sv" }) {
		t.Errorf("begun %d, sent %d, languages %v", f.begun, f.sent, f.langs)
	}
}

func TestOnlyTheSurveyIsOpened(t *testing.T) {
	c := &Crowd{Base: "http://127.0.0.1:1"}
	for text, want := range map[string]string{
		"see http://127.0.0.1:1/r/abc2. Thanks": "http://127.0.0.1:1/r/abc2",
		"https://example.org/r/abc":             "",
		"http://127.0.0.1:1/u/abc":              "",
		"http://127.0.0.1:1/r/":                 "",
		"<http://127.0.0.1:1/r/abc|Answer>":     "http://127.0.0.1:1/r/abc",
	} {
		got := c.links(text)
		if len(got) != min(1, len(want)) || len(got) == 1 && got[0] != want {
			t.Errorf("%q: %q", text, got)
		}
	}
	abroad := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:12/r/abc", nil)
	if err := c.atHome(abroad, nil); err == nil {
		t.Error("was led away")
	}
	p := &person{base: c.Base, client: http.DefaultClient}
	if _, _, err := p.get(t.Context(), "http://127.0.0.1:12/r/abc"); err == nil {
		t.Error("opened a foreign address")
	}
}
