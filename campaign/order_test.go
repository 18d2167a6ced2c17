package campaign

import (
	"fmt"
	"slices"
	"strings"
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

// TestHolidaysOfAYear has all of Finland's public holidays, and the eves of Midsummer and Christmas, for
// those who send at weekends as well: Sundays that are holidays are among them.
func TestHolidaysOfAYear(t *testing.T) {
	want := []string{
		"01-01", "01-06", "03-26", "03-28", "03-29", "05-01", "05-06", "05-16", "06-25", "06-26", "11-06", "12-06", "12-24", "12-25", "12-26",
	}
	var got []string
	days := holidaysOf(2027)
	for day := time.Date(2027, 1, 1, 12, 0, 0, 0, helsinki(t)); day.Year() == 2027; day = day.AddDate(0, 0, 1) {
		if days[day.YearDay()] {
			got = append(got, day.Format("01-02"))
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// TestLastCallBeforeAWeekend: it goes earlier where waiting for office hours would lose it.
func TestLastCallBeforeAWeekend(t *testing.T) {
	zone := helsinki(t)
	for closes, want := range map[string]string{
		"2026-12-18T23:59": "2026-12-17T08:00", // a Friday: on Thursday morning
		"2026-11-22T23:59": "2026-11-20T16:00", // a Sunday: on Friday, before offices close
		"2026-11-23T08:30": "2026-11-20T16:00", // Monday morning
		"2026-12-26T12:00": "2026-12-23T16:00", // Christmas
		"2026-11-19T12:00": "2026-11-17T12:00", // a Thursday
	} {
		w := usual(zone)
		at, err := time.ParseInLocation("2006-01-02T15:04", closes, zone)
		if err != nil {
			t.Fatal(err)
		}
		w.Closes = at
		if got := w.lastCallAt().Format("2006-01-02T15:04"); got != want {
			t.Errorf("close at %s: %s, want %s", closes, got, want)
		}
	}
}

func history(list ...outbox.Trace) History { return list }

func at(kind outbox.Kind, state outbox.State, when time.Time) outbox.Trace {
	return outbox.Trace{Kind: kind, State: state, At: when}
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
		"not open yet":       {Candidate{}, monday.AddDate(0, 0, -30), "invitation 11-02 reminder-1 11-09 reminder-2 11-16 last-call 12-17 "},
	} {
		c.candidate.Recipient = outbox.Channel("a") // which is thanked for nothing
		got := planned(w, c.candidate, c.now)
		if got != c.want {
			t.Errorf("%s:\n%s, want\n%s", name, got, c.want)
		}
	}
}

// planned is a schedule in words, each message with its day.
func planned(w Wave, c Candidate, now time.Time) (all string) {
	for _, p := range w.Schedule(c, now).Planned {
		all += fmt.Sprintf("%s %s ", p.Kind, p.At.Format("01-02"))
	}
	return all
}

// TestThanksAreScheduled: once after the close, for every person who was written to, or for those alone who
// asked for the results.
func TestThanksAreScheduled(t *testing.T) {
	w := usual(helsinki(t))
	monday := time.Date(2026, 11, 2, 9, 0, 0, 0, w.Zone)
	for name, c := range map[string]struct {
		candidate Candidate
		now       time.Time
		want      string
	}{
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
		"thanks wait for the wave, not for a network that ends earlier": {
			Candidate{Carrier: link.Mail, Closes: w.Closes.AddDate(0, 0, -10), History: history(at(outbox.Invitation, outbox.Sent, monday))},
			w.Closes.AddDate(0, 0, -8), "thank-you 12-21 ",
		},
		"thanks in Slack": {
			Candidate{Carrier: link.Slack, Recipient: "c1", History: history(at(outbox.Invitation, outbox.Sent, monday))}, w.Closes.Add(time.Hour), "thank-you 12-21 ",
		},
		"askers alone, asked": {
			Candidate{Carrier: link.Mail, Results: true, Unwanted: outbox.ReasonAnswered, History: history(at(outbox.Invitation, outbox.Sent, monday))},
			w.Closes.Add(time.Hour), "thank-you 12-21 ",
		},
		"askers alone, not asked": {Candidate{Carrier: link.Mail, History: history(at(outbox.Invitation, outbox.Sent, monday))}, w.Closes.Add(time.Hour), ""},
		"askers alone, opted out": {
			Candidate{Carrier: link.Mail, Results: true, Unwanted: outbox.ReasonOptedOut, History: history(at(outbox.Invitation, outbox.Sent, monday))}, w.Closes.Add(time.Hour), "",
		},
		"no thanks to who opted out":     {Candidate{Carrier: link.Mail, Unwanted: outbox.ReasonOptedOut, History: history(at(outbox.Invitation, outbox.Sent, monday))}, w.Closes, ""},
		"no thanks to who got no letter": {Candidate{Carrier: link.Mail, History: history(at(outbox.Invitation, outbox.Cancelled, monday))}, w.Closes, ""},
		"no thanks when it is late":      {Candidate{Carrier: link.Mail, History: history(at(outbox.Invitation, outbox.Sent, monday))}, w.Closes.AddDate(0, 0, 20), ""},
	} {
		wave := w
		wave.Rules.ThankAskers = strings.HasPrefix(name, "askers alone")
		if got := planned(wave, c.candidate, c.now); got != c.want {
			t.Errorf("%s:\n%s, want\n%s", name, got, c.want)
		}
	}
}

// TestRest: nobody gets two messages within 48 hours, whatever the rules and the clocks say; trial
// rules are carried out to the second.
func TestRest(t *testing.T) {
	zone := helsinki(t)
	monday := time.Date(2026, 11, 2, 9, 0, 0, 0, zone)
	invited := history(at(outbox.Invitation, outbox.Sent, monday))
	for name, c := range map[string]struct {
		rules     Rules
		candidate Candidate
		want      string
	}{
		"rules of a day": { // the second rests from the first one’s own moment
			Rules{After: []time.Duration{oneDay, 2 * oneDay}}, Candidate{History: invited}, "48h0m 96h13m "},
		"rules of seconds":       {Rules{After: []time.Duration{5 * time.Second, 10 * time.Second}}, Candidate{History: invited}, "0h0m 0h0m "},
		"an earlier wave":        {Rules{}, Candidate{Before: monday.Add(-oneDay)}, "24h0m "},
		"a clock that went back": {Rules{After: []time.Duration{3 * oneDay}}, Candidate{History: history(at(outbox.Invitation, outbox.Sent, monday.Add(2*oneDay)))}, "120h0m "},
		"in doubt counts":        {Rules{After: []time.Duration{oneDay, 3 * oneDay}}, Candidate{History: history(at(outbox.Invitation, outbox.Sent, monday.Add(-2*oneDay)), at(outbox.Reminder(1), outbox.Uncertain, monday))}, "48h0m "},
		"nothing after the last": {Rules{After: []time.Duration{oneDay}, LastCall: 2 * oneDay}, Candidate{History: history(at(outbox.Invitation, outbox.Sent, monday.Add(-oneDay)), at(outbox.LastCall, outbox.Sent, monday))}, ""},
	} {
		w := usual(zone)
		w.Rules = c.rules
		got := ""
		for _, p := range w.Schedule(c.candidate, monday).Planned {
			if !w.Rules.brisk() && p.Leaves.Sub(p.At) > time.Hour {
				t.Errorf("%s: due at %v, leaves at %v", name, p.At, p.Leaves)
			}
			got += fmt.Sprintf("%dh%dm ", int(p.At.Sub(monday).Hours()), int(p.At.Sub(monday).Minutes())%60)
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// TestLeft: who is left out, and of what, has a reason.
func TestLeft(t *testing.T) {
	zone := helsinki(t)
	monday := time.Date(2026, 11, 2, 9, 0, 0, 0, zone)
	sent := history(at(outbox.Invitation, outbox.Sent, monday))
	for want, c := range map[string]Candidate{
		"reminder-3 on_target ": {History: sent},
		"":                      {History: sent, BelowTarget: true},
		" opted_out ":           {History: sent, Unwanted: outbox.ReasonOptedOut},
		" failed ":              {History: history(at(outbox.Invitation, outbox.Failed, monday))},
		" uncertain ":           {History: history(at(outbox.Invitation, outbox.Uncertain, monday))},
		"reminder-2 after_last_call reminder-3 on_target ":                        {History: sent, Closes: monday.Add(16 * oneDay)},
		"reminder-1 after_last_call reminder-2 after_close reminder-3 on_target ": {History: sent, Closes: monday.Add(8 * oneDay)},
		" after_close ": {Opens: monday.Add(60 * oneDay)}, // of the wave
		" closed ":      {Closes: monday},
	} {
		got := ""
		for _, l := range usual(zone).Schedule(c, monday).Left {
			got += string(l.Kind) + " " + l.Reason + " "
		}
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestSpread: what is due at one time leaves evenly over the hour after it, always in the hours, and
// each message always at the same moment.
func TestSpread(t *testing.T) {
	zone := helsinki(t)
	w := usual(zone)
	due := time.Date(2026, 11, 3, 16, 40, 0, 0, zone)
	minutes := map[int]int{}
	for i := range 6000 {
		at, leaves := w.slot(fmt.Sprintf("%016x", i), outbox.Reminder(1), due)
		_, again := w.slot(fmt.Sprintf("%016x", i), outbox.Reminder(1), due)
		if !at.Equal(due) || !again.Equal(leaves) || !w.Rules.allowed(leaves, zone).Equal(leaves) {
			t.Fatalf("%d: due %v, leaves %v and %v", i, at, leaves, again)
		}
		minutes[leaves.Minute()]++
	}
	for minute := range 60 {
		if n := minutes[minute]; n < 60 || n > 150 {
			t.Errorf("%d of 6000 leave in minute %d", n, minute)
		}
	}
}

// TestSince: after a start, a sleep or a clock that was set, the loop does not send at once all that
// was due meanwhile.
func TestSince(t *testing.T) {
	c := &Campaign{Wave: usual(helsinki(t))}
	now := time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC)
	for name, x := range map[string]struct{ looked, want time.Time }{
		"the usual":                 {now.Add(-time.Minute), now.Add(-time.Minute)},
		"some missed":               {now.Add(-9 * time.Minute), now.Add(-9 * time.Minute)},
		"a start":                   {time.Time{}, now.Add(-time.Minute)},
		"a night of sleep":          {now.Add(-9 * time.Hour), now.Add(-time.Minute)},
		"a clock that was put back": {now.Add(time.Hour), now.Add(-time.Minute)},
	} {
		if got := c.since(x.looked, now); !got.Equal(x.want) {
			t.Errorf("%s: %v, want %v", name, got, x.want)
		}
	}
}
