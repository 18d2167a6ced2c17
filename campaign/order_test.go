package campaign

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"viesti/link"
	"viesti/outbox"
)

func helsinki(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

const oneDay = 24 * time.Hour

func usual(zone *time.Location) Wave {
	return Wave{
		ID: "w", Zone: zone, Channels: []link.Channel{link.Mail},
		Opens: time.Date(2026, 11, 2, 8, 0, 0, 0, zone), Closes: time.Date(2026, 12, 18, 23, 59, 0, 0, zone),
		Rules: Rules{
			After: []time.Duration{7 * oneDay, 14 * oneDay}, BelowTargetAfter: []time.Duration{21 * oneDay}, LastCall: 2 * oneDay, ThankYou: oneDay,
			FromHour: 8, ToHour: 17, WeekdaysOnly: true, FinnishHolidays: true,
		},
	}
}

func TestAllowedHours(t *testing.T) {
	zone := helsinki(t)
	rules := usual(zone).Rules
	for in, want := range map[string]string{
		"2026-11-03T10:30": "2026-11-03T10:30", // a Tuesday
		"2026-11-03T06:00": "2026-11-03T08:00",
		"2026-11-03T17:00": "2026-11-04T08:00",
		"2026-11-06T18:00": "2026-11-09T08:00", // Friday evening
		"2026-12-05T10:00": "2026-12-07T08:00", // Saturday, then Independence Day on a Sunday
		"2026-06-18T18:00": "2026-06-22T08:00", // Midsummer Eve is a Friday
		"2026-04-02T18:00": "2026-04-07T08:00", // Good Friday to Easter Monday
		"2026-12-23T17:30": "2026-12-28T08:00", // Christmas
		"2026-05-14T12:00": "2026-05-15T08:00", // Ascension Day
		"2026-03-29T03:30": "2026-03-30T08:00", // the hour that does not exist, a Sunday
	} {
		at, err := time.ParseInLocation("2006-01-02T15:04", in, zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := rules.allowed(at, zone).Format("2006-01-02T15:04"); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
	all := time.Date(2026, 12, 25, 3, 0, 0, 0, zone)
	if got := (Rules{}).allowed(all, zone); !got.Equal(all) {
		t.Errorf("without rules: %v", got)
	}
}

func history(list ...outbox.Message) map[outbox.Kind]outbox.Message {
	h := map[outbox.Kind]outbox.Message{}
	for _, m := range list {
		h[m.Kind] = m
	}
	return h
}

func at(kind outbox.Kind, state outbox.State, when time.Time) outbox.Message {
	return outbox.Message{Key: outbox.Key{Kind: kind}, State: state, Due: when, Settled: when}
}

func TestSchedule(t *testing.T) {
	zone := helsinki(t)
	w := usual(zone)
	monday := time.Date(2026, 11, 2, 9, 0, 0, 0, zone)
	for name, c := range map[string]struct {
		candidate Candidate
		now       time.Time
		want      string
	}{
		"nothing sent yet": {
			Candidate{},
			monday,
			"invitation 11-02 reminder-1 11-09 reminder-2 11-16 last-call 12-17 ",
		},
		"below target": {
			Candidate{BelowTarget: true, History: history(at(outbox.Invitation, outbox.Sent, monday))},
			monday,
			"reminder-1 11-09 reminder-2 11-16 reminder-3 11-23 last-call 12-17 ",
		},
		"the first reminder was late": {
			Candidate{History: history(at(outbox.Invitation, outbox.Sent, monday),
				at(outbox.Reminder(1), outbox.Sent, monday.AddDate(0, 0, 11)))},
			monday.AddDate(0, 0, 12),
			"reminder-2 11-20 last-call 12-17 ",
		},
		"opted out":          {Candidate{Unwanted: outbox.ReasonOptedOut}, monday, ""},
		"refused":            {Candidate{History: history(at(outbox.Invitation, outbox.Failed, monday))}, monday, ""},
		"in doubt":           {Candidate{History: history(at(outbox.Invitation, outbox.Uncertain, monday))}, monday, ""},
		"closed":             {Candidate{}, w.Closes, ""},
		"invited at the end": {Candidate{}, w.Closes.Add(-36 * time.Hour), "invitation 12-17 "},
		"thanks": {
			Candidate{Carrier: link.Mail, History: history(at(outbox.Invitation, outbox.Sent, monday), at(outbox.Reminder(1), outbox.Sent, monday), at(outbox.Reminder(2), outbox.Sent, monday))},
			monday.AddDate(0, 0, 30),
			"last-call 12-17 thank-you 12-21 ", // the 19th, a day after the close, is a Saturday
		},
		"thanks are due": {Candidate{Carrier: link.Mail, History: history(at(outbox.Invitation, outbox.Sent, monday))}, w.Closes.AddDate(0, 0, 3).Add(-12 * time.Hour), "thank-you 12-21 "},
		"thanks once":    {Candidate{Carrier: link.Mail, History: history(at(outbox.Invitation, outbox.Sent, monday), at(outbox.ThankYou, outbox.Sent, w.Closes))}, w.Closes.AddDate(0, 0, 4), ""},
		"thanks to who answered": {
			Candidate{Carrier: link.Mail, Unwanted: outbox.ReasonAnswered, History: history(at(outbox.Invitation, outbox.Sent, monday))},
			monday.AddDate(0, 0, 9),
			"thank-you 12-21 ",
		},
		"no thanks to who opted out":     {Candidate{Carrier: link.Mail, Unwanted: outbox.ReasonOptedOut, History: history(at(outbox.Invitation, outbox.Sent, monday))}, w.Closes, ""},
		"no thanks to who got no letter": {Candidate{Carrier: link.Mail, History: history(at(outbox.Invitation, outbox.Cancelled, monday))}, w.Closes, ""},
		"no thanks when it is late":      {Candidate{Carrier: link.Mail, History: history(at(outbox.Invitation, outbox.Sent, monday))}, w.Closes.AddDate(0, 0, 20), ""},
		"not open yet":                   {Candidate{}, monday.AddDate(0, 0, -30), "invitation 11-02 reminder-1 11-09 reminder-2 11-16 last-call 12-17 "},
	} {
		got := ""
		for _, p := range w.Schedule(c.candidate, c.now) {
			got += fmt.Sprintf("%s %s ", p.Kind, p.At.Format("01-02"))
		}
		if got != c.want {
			t.Errorf("%s:\n%s, want\n%s", name, got, c.want)
		}
	}
}

// What the plan foretold is what is sent: time goes on in steps, and whatever Due says is sent.
func TestForetoldIsSent(t *testing.T) {
	zone := helsinki(t)
	r := rand.New(rand.NewPCG(1, 2))
	for round := range 200 {
		w := usual(zone)
		w.Rules.After = []time.Duration{time.Duration(1+r.IntN(9)) * oneDay, time.Duration(10+r.IntN(9)) * oneDay}
		w.Rules.WeekdaysOnly, w.Rules.FinnishHolidays = r.IntN(2) == 0, r.IntN(2) == 0
		invited := w.Opens.Add(time.Duration(r.IntN(900)) * time.Hour)
		c := Candidate{BelowTarget: r.IntN(2) == 0, History: history(at(outbox.Invitation, outbox.Sent, invited))}
		foretold := w.Schedule(c, invited)
		const step = 15 * time.Minute
		var sent []Planned
		for now := invited; now.Before(w.Closes); now = now.Add(step) {
			if kind, due := w.Due(c, now); due {
				if _, twice := c.History[kind]; twice {
					t.Fatalf("round %d: %s twice", round, kind)
				}
				c.History[kind] = at(kind, outbox.Sent, now)
				sent = append(sent, Planned{Kind: kind, At: now})
			}
		}
		if len(sent) != len(foretold) {
			t.Fatalf("round %d: foretold %v, sent %v", round, foretold, sent)
		}
		for i := range sent {
			// Each message waits for the step after its moment, so the delay adds up.
			late := sent[i].At.Sub(foretold[i].At)
			if sent[i].Kind != foretold[i].Kind || late < 0 || late > time.Duration(i+1)*step && late < oneDay-time.Hour {
				t.Errorf("round %d: foretold %v, sent %v", round, foretold[i], sent[i])
			}
		}
	}
}
