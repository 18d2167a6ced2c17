package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"viesti/demo/chat"
	"viesti/i18n"
	"viesti/report"
	"viesti/staff"
)

// clock is one that a test sets.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

func (c *clock) set(t time.Time) { c.ahead.Store(int64(time.Until(t))) }

// often makes the program look for what is due each second.
const often = `[reminders]
after = ["30m"]
below_target_after = []
last_call = ""
hours = ""
weekdays_only = false
holidays = ""
`

func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !done(); <-time.After(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it did not happen: %s", what)
		}
	}
}

// mondays gives times on the Mondays from the next one on.
func mondays(t *testing.T) func(n, hour, minute int) time.Time {
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	monday := time.Now().In(zone).AddDate(0, 0, 1)
	for monday.Weekday() != time.Monday {
		monday = monday.AddDate(0, 0, 1)
	}
	return func(n, hour, minute int) time.Time {
		return time.Date(monday.Year(), monday.Month(), monday.Day()+7*n, hour, minute, 0, 0, zone)
	}
}

// TestDigestsOverWeeks lets weeks pass, with restarts between and at the wrong time: there is one
// status card and one digest a week, on time or some hours late and never later.
func TestDigestsOverWeeks(t *testing.T) {
	var c clock
	week := mondays(t)
	c.set(week(0, 8, 0))
	p := startWith(t, setting{now: c.now, days: 60, extra: often})
	p.command("networks", "import", p.file("networks.csv", networksCSV))
	p.command("contacts", "import", p.file("contacts.csv", contactsCSV))
	p.command("invite", "--channel", "mail", "--wait")
	for _, l := range p.relay.Letters() {
		p.answer(l.Data)
	}
	ctx := context.Background()
	if err := p.app.Store.PutDigest(ctx, staff.Digest{Network: "pomako", On: true, Day: time.Monday, At: 9 * 60, To: office, Lang: i18n.En}); err != nil {
		t.Fatal(err)
	}
	posts := func() []string {
		var texts []string
		for _, m := range p.chat.Posts(office) {
			texts = append(texts, m.Text)
		}
		return texts
	}
	arrived := func(n int) {
		t.Helper()
		eventually(t, fmt.Sprint(n, " posts"), func() bool { return len(posts()) == n })
		if queued, err := p.app.Campaign.Notify(ctx); queued != 0 || err != nil {
			t.Errorf("queued again: %d, %v", queued, err)
		}
	}
	arrived(1) // the card
	c.set(week(0, 9, 0))
	arrived(2)
	p.digestSays(posts()[1], week(0, 9, 0))

	p.stop()
	p.run()
	arrived(2)
	eventually(t, "the card is changed in its place", func() bool { return p.chat.Posts(office)[0].Edited == 1 })
	p.stop()
	c.set(week(1, 11, 30)) // it stood still over the time of the second digest
	p.run()
	arrived(3)
	p.stop()
	c.set(week(2, 16, 0)) // too late for the third
	p.run()
	arrived(3)
	c.set(week(3, 9, 1))
	arrived(4)
	for i, text := range posts()[1:] {
		_, n := week([]int{0, 1, 3}[i], 9, 0).ISOWeek()
		if want := fmt.Sprintf("Week %d: POMAKO", n); !strings.Contains(text, want) {
			t.Errorf("%q is not in %s", want, text)
		}
	}
}

// digestSays compares a digest with what the command line says.
func (p *program) digestSays(text string, at time.Time) {
	p.t.Helper()
	var rates report.Rates
	if err := json.Unmarshal([]byte(p.command("rates", "--network", "pomako", "--json")), &rates); err != nil {
		p.t.Fatal(err)
	}
	row := rates.Total
	if row.Complete == 0 || row.Rate == nil {
		p.t.Fatalf("nothing to compare: %+v", row)
	}
	for _, want := range []string{
		fmt.Sprintf("%s (%d of %d)", i18n.Percent(i18n.En, *row.Rate), row.Complete, row.Contacted-row.Undelivered),
		i18n.T(i18n.En, "report.week.since", i18n.Args{"n": row.Complete, "date": i18n.Date(i18n.En, at.AddDate(0, 0, -7))}),
		fmt.Sprintf("%s: %d", i18n.ShortDate(i18n.En, at), row.Complete),
		i18n.T(i18n.En, "report.week.left", i18n.Args{"n": row.Target - row.Complete, "target": row.Target}),
	} {
		if !strings.Contains(text, want) {
			p.t.Errorf("%q is not in the digest:\n%s", want, text)
		}
	}
}

// twelveEach is a list of twelve contacts in either network.
func twelveEach() string {
	list := "email,name,organisation,language,network,slack_user\n"
	for i := range 12 {
		list += fmt.Sprintf("p%d@example.org,P,,fi,pomako,\nm%d@example.org,M,,en,move,\n", i, i)
	}
	return list
}

// TestCoordinatorsAreTold lets half of the survey pass in a network that nobody answers in, and a
// channel be archived: its coordinator is told once of each, in a direct message.
func TestCoordinatorsAreTold(t *testing.T) {
	ctx := context.Background()
	var c clock
	day := mondays(t)
	c.set(day(0, 8, 0))
	p := startWith(t, setting{now: c.now, days: 40, extra: often})
	p.command("networks", "import", p.file("networks.csv", networksCSV))
	p.command("contacts", "import", p.file("contacts.csv", twelveEach()))
	p.command("invite", "--channel", "mail", "--wait")
	answered := 0
	for _, l := range p.relay.Letters() {
		if answered < 3 && bytes.Contains(l.Data, []byte("MOVE")) {
			p.answer(l.Data)
			answered++
		}
	}
	err := p.app.Store.ChangeGrants(ctx, coordinator, func([]staff.Grant) []staff.Grant {
		return []staff.Grant{{Who: coordinator, Network: "pomako", Role: staff.Coordinator}}
	})
	if err != nil {
		t.Fatal(err)
	}
	told := func() (texts []string) {
		for _, m := range p.chat.DMs(coordinator) {
			texts = append(texts, m.Text)
		}
		return texts
	}
	c.set(day(2, 16, 0)) // the digest of that day comes no more
	if n, err := p.app.Campaign.Notify(ctx); n != 0 || err != nil {
		t.Errorf("before half of it: %d, %v", n, err)
	}
	c.set(day(3, 10, 0)) // and a digest is due as well
	eventually(t, "digest and alert", func() bool { return len(told()) == 2 })

	p.chat.ChangeChannel(channel, func(ch *chat.Channel) { ch.Archived = true })
	p.command("invite", "--channel", "slack", "--wait")
	eventually(t, "the problem", func() bool { return len(told()) == 3 })
	p.stop()
	p.run()
	c.set(day(3, 18, 0))
	if n, err := p.app.Campaign.Notify(ctx); n != 0 || err != nil {
		t.Errorf("told again: %d, %v", n, err)
	}
	all := strings.Join(told(), "\n")
	for _, want := range []string{
		i18n.T(i18n.Fi, "bot.alert.low", i18n.Args{"network": "*POMAKO*", "rate": i18n.Percent(i18n.Fi, 0), "median": i18n.Percent(i18n.Fi, 0.125)}),
		i18n.T(i18n.Fi, "bot.problem.archived", i18n.Args{"channel": "<#" + channel + ">"}),
	} {
		if strings.Count(all, want) != 1 {
			t.Errorf("%q is not there once in\n%s", want, all)
		}
	}
	if len(p.chat.DMs(admin)) != 0 {
		t.Error("an administrator is told of a network that has a coordinator")
	}
}
