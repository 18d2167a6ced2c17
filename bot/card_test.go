package bot

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"viesti/report"
)

// editor is a server that takes changes of messages and answers them as it is told.
type editor struct {
	mu     sync.Mutex
	answer map[string]string // by ts; ok where there is none
	edits  []string          // channel, ts and first line of the text
}

func (e *editor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.mu.Lock()
	defer e.mu.Unlock()
	ts, channel := r.PostFormValue("ts"), r.PostFormValue("channel")
	e.edits = append(e.edits, channel+" "+ts)
	answer, ok := e.answer[ts]
	if !ok {
		answer = `{"ok":true,"channel":"` + channel + `","ts":"` + ts + `","text":""}`
	}
	if strings.HasSuffix(r.URL.Path, "/chat.update") {
		_, _ = w.Write([]byte(answer))
	}
}

// took are the changes since it was asked last.
func (e *editor) took() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	defer func() { e.edits = nil }()
	return strings.Join(e.edits, ", ")
}

func TestCardsAreKept(t *testing.T) {
	e := &editor{answer: map[string]string{}}
	s := httptest.NewServer(e)
	t.Cleanup(s.Close)
	networks := someNetworks()
	d := &testDesk{networks: networks, days: someDays(), cards: []Card{
		{Network: networks[0], To: "C0STAFF", Ref: "C0STAFF 1.000001"},
		{Network: networks[1], To: "C0OTHER", Ref: "C0OTHER 2.000002"},
	}}
	begin := func() *cards {
		b := testBot(t, d, func(o *Options) { o.Config.APIURL = s.URL + "/api/" })
		return &cards{bot: b, said: map[string]string{}}
	}
	round := func(k *cards, want string) {
		t.Helper()
		err := k.round(t.Context())
		if got := e.took(); got != want {
			t.Errorf("changed %q, want %q (%v)", got, want, err)
		}
	}
	k := begin()
	const both = "C0STAFF 1.000001, C0OTHER 2.000002"
	round(k, both)
	round(k, "") // nothing is new
	d.days = append(d.days, report.Row{Day: "2027-03-13", Counts: report.Counts{Complete: 5}})
	round(k, both)
	round(k, "")
	round(begin(), both) // a restart changes once more and makes no other message

	d.days = []report.Row{{Day: "2027-03-13", Counts: report.Counts{Complete: 7}}}
	e.answer["1.000001"] = `{"ok":false,"error":"ratelimited"}`
	round(k, "C0STAFF 1.000001") // no change beyond the first that is refused
	delete(e.answer, "1.000001")
	round(k, both)

	d.days = nil
	e.answer["1.000001"] = `{"ok":false,"error":"message_not_found"}`
	round(k, both) // one that people deleted holds up no other
	d.days = someDays()
	delete(e.answer, "1.000001")
	round(k, "C0OTHER 2.000002") // and is left alone
}

// TestCardSaysWhatIsNew keeps the time of the change out of what counts as one.
func TestCardSaysWhatIsNew(t *testing.T) {
	bot := testBot(t, testDesk{networks: someNetworks(), days: someDays()}, nil)
	r := &reply{Bot: bot, lang: "en"}
	f, err := bot.figures(t.Context(), someNetworks()[1], "en")
	if err != nil {
		t.Fatal(err)
	}
	first := r.card(f)
	f.Rates.AsOf = f.Rates.AsOf.Add(time.Minute)
	second := r.card(f)
	n := len(first.lines) - 1
	if strings.Join(first.lines[:n], "") != strings.Join(second.lines[:n], "") || first.lines[n] == second.lines[n] {
		t.Errorf("%q, %q", first.lines, second.lines)
	}
}
