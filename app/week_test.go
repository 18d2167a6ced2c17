package app_test

import (
	"bytes"
	"fmt"
	"mime"
	"net/mail"
	"strings"
	"testing"
	"time"

	"viesti/i18n"
	"viesti/internal/smtptest"
	"viesti/staff"
)

// weeks are the letters that are digests.
func (p *program) weeks() (list []smtptest.Letter) {
	for _, l := range p.relay.Letters() {
		if bytes.Contains(l.Data, []byte("multipart/related")) {
			list = append(list, l)
		}
	}
	return list
}

// TestDigestByMail lets weeks pass as TestDigestsOverWeeks does: the coordinator of the list gets one
// letter a week, on time or some hours late and never later, whom nobody wrote an address for gets
// none, and what the network set in Slack holds for the letter too.
func TestDigestByMail(t *testing.T) {
	var c clock
	week := mondays(t)
	c.set(week(0, 8, 0))
	p := startWith(t, setting{now: c.now, days: 60, extra: often})
	list := strings.Replace(networksCSV, "slack_channel\n", "slack_channel,coordinator_email\n", 1)
	list = strings.Replace(list, channel+"\n", channel+",katri@kunta.example.fi\n", 1)
	p.command("networks", "import", p.file("networks.csv", list))
	p.command("contacts", "import", p.file("contacts.csv", contactsCSV))
	p.command("invite", "--channel", "mail", "--wait")
	for _, l := range p.relay.Letters() {
		p.answer(l.Data)
	}
	arrived := func(n int) {
		t.Helper()
		eventually(t, fmt.Sprint(n, " letters"), func() bool { return len(p.weeks()) == n })
		if queued, err := p.app.Campaign.Notify(t.Context()); queued != 0 || err != nil {
			t.Errorf("queued again: %d, %v", queued, err)
		}
	}
	c.set(week(0, 9, 0))
	arrived(1)
	p.weekSays(p.weeks()[0], week(0, 9, 0))

	p.stop()
	c.set(week(1, 14, 30)) // it stood still over the time of the second
	p.run()
	arrived(2)
	p.stop()
	c.set(week(2, 16, 0)) // too late for the third
	p.run()
	arrived(2)
	must(t, p.app.Store.PutDigest(t.Context(), staff.Digest{Network: "pomako", Day: time.Monday, At: 9 * 60})) // turned off
	c.set(week(3, 9, 1))
	arrived(2)
	must(t, p.app.Store.PutDigest(t.Context(), staff.Digest{Network: "pomako", On: true, Day: time.Tuesday, At: 10 * 60, To: office, Lang: i18n.En}))
	c.set(week(3, 24+10, 1))
	arrived(3)
}

// weekSays holds a letter against the week that it tells of.
func (p *program) weekSays(l smtptest.Letter, at time.Time) {
	p.t.Helper()
	if fmt.Sprint(l.To) != "[katri@kunta.example.fi]" {
		p.t.Errorf("it went to %v", l.To)
	}
	m, err := mail.ReadMessage(bytes.NewReader(l.Data))
	must(p.t, err)
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	must(p.t, err)
	_, n := at.ISOWeek()
	if want := fmt.Sprintf("Viikko %d: POMAKO", n); subject != want { // the network's first language
		p.t.Errorf("%q, not %q", subject, want)
	}
	_, text, _ := parts(p.t, []byte(inner(p.t, string(l.Data))))
	for _, want := range []string{
		i18n.T(i18n.Fi, "report.week.left", i18n.Args{"n": 8, "target": 10}),
		i18n.T(i18n.Fi, "report.week.rate", i18n.Args{"n": 2, "rate": i18n.Percent(i18n.Fi, 1), "reached": 2}),
		i18n.ShortDate(i18n.Fi, at),
	} {
		if !strings.Contains(text, want) {
			p.t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if strings.Contains(text, "/u/") || strings.Contains(text, "/r/") {
		p.t.Errorf("a link of somebody's in\n%s", text)
	}
}

// inner is the letter in words within one with a picture.
func inner(t *testing.T, raw string) string {
	t.Helper()
	at := strings.Index(raw, "Content-Type: multipart/alternative")
	if at < 0 {
		t.Fatalf("no letter in words in\n%s", raw)
	}
	return raw[at:]
}
