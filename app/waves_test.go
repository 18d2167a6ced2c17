package app_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"viesti/campaign"
	"viesti/internal/walk"
	"viesti/link"
	"viesti/outbox"
	"viesti/report"
	"viesti/server/control"
)

// TestTwoWaves prepares a wave while another runs and puts it in the field: contacts, wishes and
// links carry over, each wave has its own targets, letters and figures, a link of the earlier one
// leads to the present one, and nobody is written to twice within 48 hours.
func TestTwoWaves(t *testing.T) {
	p := start(t)
	p.command("networks", "import", p.file("networks.csv", networksCSV))
	p.command("contacts", "import", p.file("contacts.csv", contactsCSV))
	p.command("invite", "--wait", "--channel", "mail")
	letters := p.relay.Letters()
	p.answer(letters[0].Data)
	old := regexp.MustCompile(regexp.QuoteMeta(p.base) + `/r/[a-z0-9]{13}`).FindString(string(letters[0].Data))
	begun := walk.New(nil)
	must(t, begun.Open(old))
	must(t, begun.Press("start", nil))
	must(t, begun.On(begun.First()))
	p.command("contacts", "opt-out", "sven@example.org")
	p.answered("emma@example.org")
	p.stop()

	p.next("2026")
	p.run()
	var plan campaign.Plan
	must(t, json.Unmarshal([]byte(p.command("plan", "--wave", "2028", "--json")), &plan))
	if invited := messages(plan, "invitation"); plan.Wave != "2028" || invited != 3 { // two people and a channel
		t.Errorf("planned: %+v", plan)
	}
	p.stop()

	p.next("2028")
	p.run()
	p.listed()

	late := walk.New(nil) // through a link of the earlier wave
	must(t, late.Open(old))
	must(t, late.Press("start", nil))
	var before, now report.Rates
	must(t, json.Unmarshal([]byte(p.command("rates", "--wave", "2026", "--json")), &before))
	must(t, json.Unmarshal([]byte(p.command("rates", "--json")), &now))
	if before.Total.Visits != 2 || now.Total.Visits != 1 || now.Total.ByChannel[link.Mail].Visits != 1 {
		t.Errorf("visits: %+v before, %+v now", before.Total, now.Total)
	}
	// Its days are known, so the present wave is compared with it; of 2024 nothing is known but its days.
	if k := now.Earlier; len(k) != 1 || k[0].Wave != "2026" || k[0].Complete != before.Total.Complete || k[0].Complete == 0 || k[0].SameDay == nil {
		t.Errorf("compared with %+v", now.Earlier)
	}
	if len(before.Earlier) != 0 {
		t.Errorf("the earlier wave is compared with %+v", before.Earlier)
	}
	// What was begun in the earlier wave is not gone on with.
	if err := begun.On(nil); err != nil || !strings.HasPrefix(begun.At.Path, "/r/") { // it can be begun anew
		t.Errorf("an answer of the earlier wave goes on at %s, %v", begun.At, err)
	}
	must(t, json.Unmarshal([]byte(p.command("rates", "--wave", "2026", "--json")), &before))
	if before.Total.Partial != 1 {
		t.Errorf("begun in the earlier wave: %+v", before.Total)
	}

	p.inviteAgain()
}

// listed looks at the list of waves.
func (p *program) listed() {
	t := p.t
	t.Helper()
	waves := map[string]control.Wave{}
	var list []control.Wave
	must(t, json.Unmarshal([]byte(p.command("waves", "--json")), &list))
	for _, w := range list {
		waves[w.ID] = w
	}
	if w := waves["2026"]; w.State != control.HasBeen || w.Current || w.Contacted != 3 || w.Answers != 1 || w.Target != 15 {
		t.Errorf("the earlier wave: %+v", w)
	}
	if w := waves["2028"]; w.State != control.InTheField || !w.Current || w.Contacted != 0 || w.Answers != 0 || w.Target != 25 {
		t.Errorf("the present wave: %+v", w)
	}
}

// inviteAgain invites in the next wave, right after the first.
func (p *program) inviteAgain() {
	t := p.t
	t.Helper()
	p.command("invite", "--channel", "mail")
	soon := time.Now().Add(47 * time.Hour)
	invited := 0
	must(t, p.app.Store.Messages(t.Context(), outbox.Query{Wave: "2028"}, func(m outbox.Message) error {
		invited++
		if m.State != outbox.Pending || m.Due.Before(soon) {
			t.Errorf("invited in both waves within 48 hours: %s due %v", m.State, m.Due)
		}
		return nil
	}))
	if invited != 2 {
		t.Errorf("%d are invited", invited)
	}
}

func messages(plan campaign.Plan, kind string) (n int) {
	for _, item := range plan.Items {
		if item.Kind == kind {
			n += item.Messages
		}
	}
	return n
}

// next writes the configuration with both waves, one of them in the field.
func (p *program) next(field string) {
	p.t.Helper()
	raw, err := os.ReadFile(filepath.Join(p.dir, "config.toml"))
	must(p.t, err)
	date := func(days int) string { return time.Now().AddDate(0, 0, days).Format(time.RFC3339) }
	opens, closes := -1, 20
	if field == "2028" { // the earlier one has closed meanwhile
		opens, closes = -20, -1
	}
	text := string(raw)
	text = regexp.MustCompile(`(?m)^(opens|closes) = .*\n`).ReplaceAllString(text, "")
	text = regexp.MustCompile(`(?s)\[waves\.2024\].*`).ReplaceAllString(text, "")
	text = regexp.MustCompile(`wave = ".*"`).ReplaceAllString(text, fmt.Sprintf("wave = %q", field))
	text += fmt.Sprintf("[waves.2024]\nopens = %s\ncloses = %s\n", date(-700), date(-690))
	text += fmt.Sprintf("[waves.2026]\nopens = %s\ncloses = %s\n", date(opens), date(closes))
	text += fmt.Sprintf("[waves.2028]\nopens = %s\ncloses = %s\ntargets.pomako = 20\n", date(closes+1), date(closes+20))
	if field == "2028" {
		text = regexp.MustCompile(`opens = [^\n]*(\ncloses = [^\n]*\ntargets)`).ReplaceAllString(text, "opens = "+date(0)+"$1")
	}
	p.file("config.toml", text)
}
