package app_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"viesti/i18n"
)

// TestThanks: after the close everybody who was written to is thanked once, also who said that they
// have answered, but nobody who opted out; and nothing else leaves any more.
func TestThanks(t *testing.T) {
	p := start(t)
	p.command("networks", "import", p.file("networks.csv", networksCSV))
	p.command("contacts", "import", p.file("contacts.csv", contactsCSV))
	p.command("invite", "--wait", "--channel", "mail")
	p.command("contacts", "opt-out", "sven@example.org")
	p.answered("emma@example.org")
	p.command("contacts", "import", p.file("late.csv", "email,network\nlate@example.org,pomako\n"))
	p.stop()

	name := filepath.Join(p.dir, "config.toml")
	raw, err := os.ReadFile(name)
	must(t, err)
	text := regexp.MustCompile(`closes = .*`).ReplaceAllString(string(raw), "closes = "+time.Now().Add(-time.Second).Format(time.RFC3339)+
		"\nresults_url = \"https://www.example.org/results\"")
	text += "[reminders]\nthank_you = \"1s\"\nhours = \"\"\nweekdays_only = false\nholidays = \"\"\n"
	p.file("config.toml", text)
	p.run()
	thanked := map[string]int{}
	for deadline := time.Now().Add(30 * time.Second); len(thanked) < 2 && time.Now().Before(deadline); <-time.After(50 * time.Millisecond) {
		thanked = p.thanked()
	}
	p.command("remind", "--wait") // which has nothing more to queue
	p.stop()
	thanked = p.thanked()
	if got := slices.Sorted(maps.Keys(thanked)); fmt.Sprint(got) != "[aino@example.org emma@example.org]" || thanked["aino@example.org"] != 1 || thanked["emma@example.org"] != 1 {
		t.Errorf("thanked %v", thanked)
	}
	if n := len(p.relay.Letters()); n != 3+2 {
		t.Errorf("%d letters left", n)
	}
}

// TestThanksForWhoAsked: where thanks are for those who asked for the results, the letters say how to ask,
// and only they get them, once, and not if they took it back.
func TestThanksForWhoAsked(t *testing.T) {
	p := startWith(t, setting{now: time.Now, days: 5, extra: "[reminders]\nthank_you = \"1s\"\nthank_you_to = \"wanted\"\nhours = \"\"\nweekdays_only = false\nholidays = \"\"\n", survey: "results_url = \"https://www.example.org/results\"\n"})
	p.command("networks", "import", p.file("networks.csv", networksCSV))
	p.command("contacts", "import", p.file("contacts.csv", contactsCSV))
	p.command("invite", "--wait", "--channel", "mail")
	for _, l := range p.relay.Letters() {
		header, text, _ := parts(t, l.Data)
		lang, _ := i18n.ParseLang(header.Get("Content-Language"))
		if !strings.Contains(text, i18n.T(lang, "letter.wish", nil)) {
			t.Errorf("says nothing of the results:\n%s", text)
		}
	}
	p.says("aino@example.org", "results")
	p.says("sven@example.org", "results")
	p.says("sven@example.org", "no_results")
	p.stop()
	p.close()
	p.run()
	eventually(t, "thanks", func() bool { return len(p.thanked()) > 0 })
	p.command("remind", "--wait")
	p.stop()
	if got := p.thanked(); fmt.Sprint(got) != "map[aino@example.org:1]" {
		t.Errorf("thanked %v", got)
	}
}

// TestThanksInSlack: who was written to there is thanked there, once, and gets no letter.
func TestThanksInSlack(t *testing.T) {
	p := startWith(t, setting{now: time.Now, days: 5, extra: "[reminders]\nthank_you = \"1s\"\nhours = \"\"\nweekdays_only = false\nholidays = \"\"\n", survey: "results_url = \"https://www.example.org/results\"\n"})
	p.command("networks", "import", p.file("networks.csv", networksCSV))
	p.command("contacts", "import", p.file("contacts.csv", "email,language,network,slack_user\ncilla@example.org,sv,move,"+coordinator+"\nemma@example.org,en,move,\n"))
	p.command("invite", "--wait")
	p.stop()
	p.close()
	p.run()
	eventually(t, "thanks by both ways", func() bool { return len(p.thanked()) > 0 && len(p.chat.DMs(coordinator)) > 1 })
	p.command("remind", "--wait")
	p.stop()
	got := p.chat.DMs(coordinator)
	if len(got) != 2 || !strings.Contains(got[1].Text, "https://www.example.org/results") || strings.Contains(got[1].Text, "/r/") || !strings.HasPrefix(got[1].Text, "*Tack: ") {
		t.Errorf("in Slack: %+v", got)
	}
	if got := p.thanked(); fmt.Sprint(got) != "map[emma@example.org:1]" {
		t.Errorf("by mail %v", got)
	}
	if posts := p.chat.Posts(channel); len(posts) > 1 {
		t.Errorf("a channel is thanked: %+v", posts)
	}
}

// close lets the survey end now.
func (p *program) close() {
	p.t.Helper()
	raw, err := os.ReadFile(filepath.Join(p.dir, "config.toml"))
	must(p.t, err)
	p.file("config.toml", regexp.MustCompile(`closes = .*`).ReplaceAllString(string(raw), "closes = "+time.Now().Add(-time.Second).Format(time.RFC3339)))
}

// answered lets somebody say that they have answered.
func (p *program) answered(email string) { p.t.Helper(); p.says(email, "answered") }

// says lets somebody press a button of their own page.
func (p *program) says(email, choice string) {
	p.t.Helper()
	known, err := p.app.Store.ContactByEmail(p.t.Context(), email)
	must(p.t, err)
	res, err := http.PostForm(p.base+"/u/"+known.Token, url.Values{"choice": {choice}})
	must(p.t, err)
	must(p.t, res.Body.Close())
}

// thanked counts the letters of thanks by recipient.
func (p *program) thanked() map[string]int {
	p.t.Helper()
	n := map[string]int{}
	for _, l := range p.relay.Letters() {
		header, text, _ := parts(p.t, l.Data)
		if strings.HasPrefix(header.Get("Feedback-Id"), "thank-you:") {
			n[l.To[0]]++
			if !strings.Contains(text, "https://www.example.org/results") || strings.Contains(text, "/r/") {
				p.t.Errorf("%s of %s:\n%s", i18n.Lang(header.Get("Content-Language")), l.To[0], text)
			}
		}
	}
	return n
}
