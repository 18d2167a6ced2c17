package report_test

import (
	"slices"
	"strings"
	"testing"

	"viesti/i18n"
	"viesti/outbox"
	"viesti/report"
)

// What has no rate is said to have none, and what is not known is not made up.
func TestWords(t *testing.T) {
	rate, silent, win, answers := 0.25, int64(60), int64(7), int64(30)
	r := report.Rates{
		Median: &rate,
		Total: report.Row{
			Contacted: 110, Undelivered: 10, Counts: report.Counts{Visits: 35, Partial: 8, Complete: 25}, Rate: &rate, StillToWin: &win,
			Outcome: report.Outcome{Refused: 5, NonContact: 3, BreakOff: 2, Silent: &silent, Stops: []report.Stop{{Page: 0, Unfinished: 2}, {Page: 2, Unfinished: 8}}},
		},
		Earlier: []report.Known{
			{Wave: "2020", Complete: 800, About: true},
			{Wave: "2022", Complete: 375},
			{Wave: "2023", Complete: 400, SameDay: &report.SameDay{Wave: "2023"}},
			{Wave: "2024", Complete: 412, SameDay: &report.SameDay{Wave: "2024", Days: 9, Now: 31, Then: 44}},
		},
		Forecast: &report.Forecast{Complete: 60, Low: 52, High: 71},
		Pages:    []report.Page{{ID: "a", Number: 1, Title: "Background"}, {ID: "b", Number: 2, Title: "Cooperation"}},
	}
	want := []string{
		"People: contacted 110, of them undelivered 10, opted out 5, nothing known 60. Addresses refused at once 3.",
		"begun 35, sent 25, unfinished 8, left empty 2",
		"so they have no response rate",
		"Response rate 25% (AAPOR RR1), with the unfinished answers – (RR2).",
		"Median of the networks’ response rates 25%. Answers still to win by reaching it: 7.",
		"Wave 2020 had about 800 answers in the end; its course is not known.",
		"Wave 2022 had 375 answers in the end; its course is not known.",
		"Wave 2023 had 400 answers in the end. From the first whole day on",
		"Wave 2024 had 44 answers after 9 whole days, now there are 31. In the end it had 412.",
		"60, nine times in ten from 52 to 71",
	}
	said := r.Words(i18n.En)
	if len(said) != len(want) {
		t.Fatalf("%d sentences, want %d: %q", len(said), len(want), said)
	}
	for i, w := range want {
		if !strings.Contains(said[i], w) {
			t.Errorf("%q does not say %q", said[i], w)
		}
	}
	for _, l := range i18n.Langs {
		if n := len(r.Words(l)); n != len(want) {
			t.Errorf("%d sentences in %s", n, l)
		}
	}
	if empty := (report.Rates{}).Words(i18n.Fi); len(empty) != 3 {
		t.Errorf("of nothing it is said %q", empty)
	}
	stopped := r.Stopped(i18n.En)
	if !slices.Equal(stopped, []report.StoppedAt{{"Nothing kept", 2}, {"1. Background", 0}, {"2. Cooperation", 8}}) {
		t.Errorf("stopped %v", stopped)
	}
	l := report.Letter{Kinds: []outbox.Kind{outbox.Invitation, outbox.Reminder(2), outbox.LastCall}, Answers: &answers}
	if name := l.Name(i18n.Sv); name != "Inbjudan, Påminnelse 2, Sista påminnelsen" {
		t.Errorf("letter %q", name)
	}
}

// The networks with most to win come first, five at most, and none that has nothing to win.
func TestWordsOnWhereToPush(t *testing.T) {
	rate, all := 0.25, int64(30)
	r := report.Rates{Median: &rate, Total: report.Row{StillToWin: &all}}
	for i, win := range []int64{0, 3, 9, 1, 2, 8, 7} {
		r.Rows = append(r.Rows, report.Row{Network: "n", Name: "N" + string(rune('a'+i)), StillToWin: &win})
	}
	r.Rows = append(r.Rows, report.Row{Network: "none", Name: "None"})
	want := "Most answers are still to be won in: Nc (9); Nf (8); Ng (7); Nb (3); Ne (2)."
	if said := r.Brief(i18n.En); !slices.Contains(said, want) {
		t.Errorf("said %q", said)
	}
	for i := range r.Rows {
		r.Rows[i].Network = "" // by region, say
	}
	if said := r.Brief(i18n.En); strings.Contains(strings.Join(said, ""), "won in") {
		t.Errorf("said of no networks: %q", said)
	}
}
