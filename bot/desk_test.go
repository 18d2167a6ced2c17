package bot

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/link"
	"viesti/outbox"
	"viesti/report"
	"viesti/staff"
	"viesti/store/bolt"
)

var testTime = time.Date(2027, 3, 14, 9, 5, 0, 0, time.UTC)

func someNetworks() []contacts.Network {
	return []contacts.Network{
		{ID: "pomako", Name: i18n.Text{i18n.Fi: "Pohjanmaan *kotoutumis*verkosto", i18n.Sv: "Österbottens <!channel> nätverk & co"}, SlackChannel: "C0POMAKO01"},
		{ID: "etno_east", Name: i18n.Text{i18n.Fi: "Itä-Suomen ETNO", i18n.Sv: "ETNO i östra Finland", i18n.En: "ETNO Eastern Finland"}, SlackChannel: "C0ETNOEAST"},
		{ID: "moniheli", Name: i18n.Text{i18n.Fi: "Monihelin jäsenyhdistykset", i18n.En: "Member associations of Moniheli"}},
	}
}

// testDesk is a desk with three networks.
type testDesk struct {
	networks []contacts.Network
	days     []report.Row
	cards    []Card
	told     *[]string // what people were told of
	hang     bool
	panics   bool
	err      error
}

func (d testDesk) wait(ctx context.Context) error {
	if d.panics {
		panic("desk")
	}
	if d.hang {
		<-ctx.Done()
		return ctx.Err()
	}
	return d.err
}

func (d testDesk) Rates(ctx context.Context, q report.Query) (report.Rates, error) {
	if err := d.wait(ctx); err != nil {
		return report.Rates{}, err
	}
	median, win := 0.305, int64(17)
	r := report.Rates{
		Wave: "2027", AsOf: testTime, Open: true, Median: &median,
		Forecast: &report.Forecast{Complete: 60, Low: 52, High: 71}, Earlier: []report.Known{
			{Wave: "2020", Complete: 800, About: true}, {Wave: "2024", Complete: 412, SameDay: &report.SameDay{Wave: "2024", Days: 9, Now: 31, Then: 44}},
		},
	}
	if q.By == report.ByDay {
		r.Rows = d.days
		return r, nil
	}
	for i, n := range d.networks {
		row := report.Row{
			Network: n.ID, Name: n.Name.In(q.Lang), Contacted: int64(1240 * i), Undelivered: int64(40 * i),
			OptedOut: int64(i), Target: int64(20 * (i % 2)), ByChannel: map[link.Channel]report.Counts{
				link.Mail: {Visits: int64(400 * i), Partial: 3, Complete: int64(372 * i)}, link.Poster: {Complete: int64(i)},
			},
		}
		row.Counts = row.ByChannel[link.Mail]
		if n := row.Contacted - row.Undelivered; n > 0 {
			rate := float64(row.Complete) / float64(n)
			row.Rate = &rate
		}
		r.Rows = append(r.Rows, row)
		if q.Network == "" || q.Network == n.ID {
			r.Total = row
		}
	}
	r.Total.StillToWin, r.Total.BreakOff, r.Total.SameDay = &win, 6, r.Earlier[1].SameDay
	return r, nil
}

func (d testDesk) Picture(ctx context.Context, q report.Query) (Picture, error) {
	return Picture{Title: "Curve of " + q.Network, Text: "By Sunday, 12 answers.", PNG: somePNG}, d.wait(ctx)
}

var somePNG = []byte("\x89PNG\r\n\x1a\n and then colours")

func (d testDesk) Networks(ctx context.Context) ([]contacts.Network, error) {
	return d.networks, d.wait(ctx)
}

func (d testDesk) Link(ctx context.Context, network string, ch link.Channel) (string, error) {
	return "https://kysely.example.org/r/" + network + string(ch), d.wait(ctx)
}

func (d testDesk) Trouble(ctx context.Context, network, code, channel string) error {
	if d.told != nil {
		*d.told = append(*d.told, network+" "+code+" "+channel)
	}
	return d.wait(ctx)
}

func (d testDesk) Cards(ctx context.Context) ([]Card, error) { return d.cards, d.wait(ctx) }

func (d testDesk) Status(ctx context.Context, network string) (Status, error) {
	s := Status{Open: true, Closes: testTime.AddDate(0, 0, 18), Counts: map[outbox.State]int64{outbox.Sent: 1200, outbox.Pending: 31, outbox.Uncertain: 2}}
	if network == "" {
		s.Paused, s.AllPaused = true, true
		s.Problems = []*fault.Fault{fault.New(fault.Conflict, "bot.problem.archived", i18n.Args{"channel": "C0ETNOEAST"})}
	} else {
		s.Posts = []Posted{{Kind: outbox.Invitation, At: testTime.AddDate(0, 0, -4), Channel: "C0POMAKO01", TS: "1804928700.000200"}}
	}
	return s, d.wait(ctx)
}

func (d testDesk) Next(ctx context.Context, network string) (time.Time, error) {
	if network == "moniheli" {
		return time.Time{}, d.wait(ctx)
	}
	return testTime.AddDate(0, 0, 3), d.wait(ctx)
}

func (d testDesk) Send(ctx context.Context, s Sending) (Queued, error) {
	q := Queued{Mail: 1240, Direct: 3, Posts: 1, Already: 2, LeftOut: map[string]int{outbox.ReasonOptedOut: 2, outbox.ReasonBounced: 1, "novel": 1}}
	switch {
	case s.Remind && len(s.Networks) == 1 && s.Networks[0] == "moniheli":
		q = Queued{Already: 7}
	case s.Carrier == link.Mail:
		q.Direct, q.Posts = 0, 0
	}
	return q, d.wait(ctx)
}

func (d testDesk) Share(ctx context.Context, s Share) (Passed, error) {
	p := Passed{Queued: s.Channel != "C0ETNOEAST"}
	if !s.Dry || !p.Queued {
		p.URL = "https://kysely.example.org/r/shared"
	}
	return p, d.wait(ctx)
}

func (d testDesk) SetPaused(ctx context.Context, _ []string, _ bool) error { return d.wait(ctx) }

func testSurvey() Survey {
	return Survey{
		Title:   i18n.Text{i18n.Fi: "Kumppanuusbarometri", i18n.Sv: "Partnerskapsbarometern", i18n.En: "Partnership Barometer"},
		Minutes: [2]int{10, 15}, Closes: testTime.AddDate(0, 0, 18), Zone: time.UTC,
		Organiser: i18n.Text{i18n.Fi: "Ministry & co"}, Contact: "first_last@example.org", BaseURL: "https://kysely.example.org",
	}
}

func testConfig() Config {
	c := Defaults()
	c.Mode, c.BotToken, c.AppToken, c.SigningSecret = HTTP, "xoxb-1", "xapp-1", "secret"
	c.Admins = []string{"U0ADMIN"}
	return c
}

func testBot(t testing.TB, d Desk, change func(*Options)) *Bot {
	t.Helper()
	o := Options{
		Config: testConfig(), Desk: d, Survey: testSurvey(), Roster: testRoster(t), Secret: []byte("secret"),
		Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return testTime }, Rand: zero{},
	}
	if change != nil {
		change(&o)
	}
	b := New(o)
	if strings.HasPrefix(o.Config.APIURL, "https://slack.com/") {
		b.access.slack = offline{}
	}
	return b
}

// testRoster is a roster with a store, in which one person coordinates pomako and one looks at it.
func testRoster(t testing.TB) *staff.Roster {
	t.Helper()
	store, err := bolt.Open(context.Background(), bolt.Options{Path: filepath.Join(t.TempDir(), "viesti.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	r := &staff.Roster{Store: store, Now: func() time.Time { return testTime }, Rand: rand.Reader, Day: func() string { return "2027-03-14" }}
	for _, g := range []staff.Grant{
		{Who: "U0COORD", Network: "pomako", Role: staff.Coordinator},
		{Who: "U0VIEWER", Network: "pomako", Role: staff.Viewer},
		{Who: "U0BOTH", Network: "pomako", Role: staff.Coordinator},
		{Who: "U0BOTH", Network: "etno_east", Role: staff.Coordinator},
	} {
		if _, err := r.Give(context.Background(), g); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// offline is a workspace without user groups that need not be asked.
type offline map[string][]string

func (o offline) team(context.Context) (string, error) { return testTeam, nil }

func (o offline) scopes(context.Context) (string, error) { return "chat:write,files:write", nil }

func (o offline) membersOf(_ context.Context, group string) ([]string, error) {
	if o[group] == nil {
		return nil, errBroken
	}
	return o[group], nil
}

const testTeam = "T0VIESTI"

// typed is a command that somebody types.
func typed(user, text string) Inbound {
	return Inbound{Kind: KindCommand, Team: testTeam, User: user, Text: text}
}

// zero is a random source without chance.
type zero struct{}

func (zero) Read(p []byte) (int, error) { clear(p); return len(p), nil }

var errBroken = errors.New("bolt: /var/lib/viesti.db is broken")
