package app_test

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestRetention lets the time after the close pass: administrators are told in Slack once, status says
// when, and then the contacts go by themselves and every rate stays.
func TestRetention(t *testing.T) {
	var c clock
	c.set(time.Now())
	p := startWith(t, setting{now: c.now, days: 1, extra: often + "[privacy]\nretention = \"30d\"\n"})
	closes := time.Now().AddDate(0, 0, 1)
	p.command("networks", "import", p.file("networks.csv", networksCSV))
	p.command("contacts", "import", p.file("contacts.csv", contactsCSV))
	p.command("invite", "--channel", "mail", "--wait")
	for _, l := range p.relay.Letters() {
		p.answer(l.Data)
	}
	before := p.ratesByCLI()
	told := func() (n int) {
		for _, m := range p.chat.DMs(admin) {
			if strings.Contains(m.Text, "lopullisesti") {
				n++
			}
		}
		return n
	}
	p.noticeSays()
	p.stop()
	c.set(closes.AddDate(0, 0, 22))
	p.run()
	if s := p.command("status", "--json"); !strings.Contains(s, `"at": "`) || strings.Contains(s, `"soon"`) {
		t.Errorf("status: %s", s)
	}
	if told() != 0 {
		t.Error("told before it is near")
	}
	p.stop()
	c.set(closes.AddDate(0, 0, 24))
	p.run()
	eventually(t, "the administrator is told", func() bool { return told() == 1 })
	if s := p.command("status", "--json"); !strings.Contains(s, `"soon": true`) {
		t.Errorf("status: %s", s)
	}
	p.stop()
	c.set(closes.AddDate(0, 0, 30).Add(time.Minute))
	p.run()
	eventually(t, "the contacts are purged", func() bool { return strings.TrimSpace(p.command("contacts", "list", "--json")) == "[]" })
	if s := p.command("status"); !strings.Contains(s, "Contacts were purged on") {
		t.Errorf("status: %s", s)
	}
	after := p.ratesByCLI()
	if len(before.Rows) != len(after.Rows) || before.Total.Contacted != after.Total.Contacted || before.Total.Counts != after.Total.Counts || before.Total.Contacted == 0 {
		t.Errorf("rates before %+v\nand after %+v", before.Total, after.Total)
	}
	if told() != 1 {
		t.Errorf("told %d times", told())
	}
	if s := p.command("audit"); !strings.Contains(s, "program") || strings.Contains(s, "@") {
		t.Errorf("audit: %s", s)
	}
	eventually(t, "nothing is left in the files", p.namesNobody)
}

// page is what a page of the survey says.
func (p *program) page(path string) string {
	p.t.Helper()
	res, err := http.Get(p.base + path)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return string(raw)
}

// noticeSays wants the time that is set on the privacy notice.
func (p *program) noticeSays() {
	p.t.Helper()
	for lang, words := range map[string]string{"fi": "poistetaan 30 päivän kuluttua", "sv": "raderas 30 dagar efter", "en": "erased 30 days after"} {
		if page := p.page("/privacy?lang=" + lang); !strings.Contains(page, words) {
			p.t.Errorf("the privacy notice does not say how long: %s", page)
		}
	}
}

// namesNobody tells whether no address stands in the store's file, or in the journal.
func (p *program) namesNobody() bool {
	for _, name := range []string{"viesti.db", "viesti.db.journal"} {
		raw, err := os.ReadFile(filepath.Join(p.dir, "data", name))
		if err != nil || strings.Contains(string(raw), "@example") {
			return false
		}
	}
	return true
}
