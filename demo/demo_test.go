package demo

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"viesti/i18n"
	"viesti/report"
)

// show runs a demonstration and gives its start page's address, and what ends it.
func show(t *testing.T) (start string, end func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ready, ended := make(chan string, 1), make(chan error, 1)
	var out bytes.Buffer
	go func() {
		ended <- Run(ctx, Options{
			Listen: "127.0.0.1:0", Lang: i18n.En, Stdout: &out, Log: slog.New(slog.DiscardHandler),
			Pace: 5 * time.Millisecond, Ready: func(at string) { ready <- at },
		})
	}()
	end = func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("ended with %v", err)
		}
		for _, want := range []string{start + "/mailbox/", start + "/chat/", "Invitations queued: 638", "Stopped."} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("the terminal was not told %q:\n%s", want, &out)
			}
		}
	}
	select {
	case start = <-ready:
		return start, end
	case err := <-ended:
		t.Fatalf("did not start: %v\n%s", err, &out)
		return "", nil
	}
}

func read(t *testing.T, res *http.Response, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %s %v", res.Request.URL, res.StatusCode, body, err)
	}
	return string(body)
}

func get(t *testing.T, url string) string {
	t.Helper()
	res, err := http.Get(url)
	return read(t, res, err)
}

// figure is a number of the start page.
func figure(t *testing.T, start, key string) string {
	t.Helper()
	m := regexp.MustCompile(`<dd id="` + key + `">([^<]*)<`).FindStringSubmatch(get(t, start+"/?lang=en"))
	if m == nil {
		t.Fatalf("the start page has no figure %s", key)
	}
	return m[1]
}

// wait polls until it is so.
func wait(t *testing.T, what string, so func() bool) {
	t.Helper()
	deadline := time.After(time.Minute)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !so() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("never came: %s", what)
		}
	}
}

// The whole way: letters arrive, the chat has its posts and answers, people answer by themselves
// and the rates move, and nothing is left behind.
func TestDemo(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	t.Setenv("VIESTI_MAIL_HOST", "mail.example.org") // is none of the demonstration's business
	start, end := show(t)
	wait(t, "all letters and posts", func() bool {
		return figure(t, start, "letters") == "628" && figure(t, start, "posts") == "10" && figure(t, start, "waiting") == "0"
	})
	if got := figure(t, start, "complete"); got != "0" {
		t.Errorf("%s complete responses before anybody answered", got)
	}
	letter := get(t, start+"/mailbox/1?lang=en")
	if !strings.Contains(letter, "List-Unsubscribe=One-Click") || !strings.Contains(letter, "/r/") {
		t.Error("the first letter lacks its links")
	}
	res, err := http.PostForm(start+"/mailbox/1/leave", nil)
	if page := read(t, res, err); !strings.Contains(page, "Viestit on lopetettu") && !strings.Contains(page, "Meddelandena är avslutade") && !strings.Contains(page, "The messages have been stopped") {
		t.Errorf("a mail did not end the messages:\n%s", page)
	}

	res, err = http.PostForm(start+"/crowd?lang=en", url.Values{"on": {"yes"}})
	if page := read(t, res, err); !strings.Contains(page, `value="no"`) {
		t.Error("the respondents cannot be switched off")
	}
	wait(t, "complete responses", func() bool { return len(figure(t, start, "complete")) > 1 })
	res, err = http.PostForm(start+"/crowd", url.Values{"on": {"no"}})
	read(t, res, err)

	res, err = http.PostForm(start+"/chat/say", url.Values{"text": {"/viesti rates all"}, "user": {admin}})
	if page := read(t, res, err); !strings.Contains(page, "All networks") {
		t.Error("no answer in the chat")
	}
	res, err = http.PostForm(start+"/chat/say", url.Values{"text": {"/viesti rates all"}, "user": {ordinary}})
	if page := read(t, res, err); strings.Contains(page, "All networks") {
		t.Error("the chat tells figures to somebody who is no coordinator")
	}
	for _, by := range append(report.Divisions, "") {
		for _, lang := range []string{"fi", "sv", "en"} {
			if page := get(t, start+"/rates?lang="+lang+"&by="+string(by)); !strings.Contains(page, `<svg class="picture"`) || !strings.Contains(page, "375") {
				t.Errorf("by %s in %s there is no picture, or no earlier wave", by, lang)
			}
		}
	}
	if pdf := get(t, start+"/poster.pdf?lang=sv"); !strings.HasPrefix(pdf, "%PDF") {
		t.Error("no poster")
	}
	end()
	left, err := os.ReadDir(tmp)
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestATakenAddress(t *testing.T) {
	p, err := open("127.0.0.1:0", true)
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	taken := p.start.Addr().String()
	if _, err := open(taken, true); err == nil {
		t.Error("an address was taken twice")
	}
	other, err := open(taken, false)
	if err != nil || !other.moved || other.start.Addr().String() == taken {
		t.Errorf("no other address was taken: %v %+v", err, other)
	}
	other.close()
}

func TestPagesAreRefusedKindly(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	start, end := show(t)
	defer end()
	for path, want := range map[string]int{"/rates?by=zzz": http.StatusBadRequest, "/zzz": http.StatusNotFound, "/crowd": http.StatusMethodNotAllowed} {
		res, err := http.Get(start + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, res.StatusCode, want)
		}
	}
	r, err := http.NewRequest(http.MethodPost, start+"/crowd", strings.NewReader("on=yes"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusForbidden {
		t.Errorf("another site switched the respondents on: %d", res.StatusCode)
	}
}

// The report of the past wave can be read, with divisions and without anybody in it.
func TestPastResults(t *testing.T) {
	start, end := show(t)
	defer end()
	page := get(t, start+"/report/en.html")
	for _, want := range []string{"Partnership Barometer", "420"} {
		if !strings.Contains(page, want) {
			t.Errorf("the report does not say %q", want)
		}
	}
	if raw := get(t, start+"/report/results.json"); !strings.Contains(raw, `"final": true`) || !strings.Contains(raw, `"divisions"`) {
		t.Error("the results are not final, or not divided")
	}
}
