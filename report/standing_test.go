package report_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"viesti/i18n"
	"viesti/report"
)

// rates is a table by network, a–z, of complete answers and people contacted; nobody contacted is
// no rate.
func rates(pairs ...[2]int64) report.Rates {
	var r report.Rates
	for i, p := range pairs {
		row := report.Row{Network: string(rune('a' + i)), Contacted: p[1], Counts: report.Counts{Complete: p[0]}}
		if p[1] > 0 {
			rate := float64(p[0]) / float64(p[1])
			row.Rate = &rate
		}
		r.Rows = append(r.Rows, row)
	}
	return r
}

func TestStanding(t *testing.T) {
	for name, c := range map[string]struct {
		rates report.Rates
		want  string // of network a
	}{
		"alone":                    {rates([2]int64{5, 10}), "none"},
		"no other has a rate":      {rates([2]int64{5, 10}, [2]int64{3, 0}), "none"},
		"without a rate":           {rates([2]int64{5, 0}, [2]int64{3, 10}, [2]int64{3, 10}), "none"},
		"two":                      {rates([2]int64{5, 10}, [2]int64{3, 10}), "0.400 0/2"},
		"four are not ranked":      {rates([2]int64{1, 10}, [2]int64{2, 10}, [2]int64{3, 10}, [2]int64{4, 10}), "0.250 0/4"},
		"five are":                 {rates([2]int64{1, 10}, [2]int64{2, 10}, [2]int64{3, 10}, [2]int64{4, 10}, [2]int64{5, 10}), "0.300 5/5"},
		"who has no rate is aside": {rates([2]int64{1, 10}, [2]int64{2, 10}, [2]int64{3, 10}, [2]int64{4, 10}, [2]int64{9, 0}), "0.250 0/4"},
		"equals share":             {rates([2]int64{3, 10}, [2]int64{3, 10}, [2]int64{9, 10}, [2]int64{1, 10}, [2]int64{1, 10}), "0.300 2/5"},
		"nobody answered":          {rates([2]int64{0, 10}, [2]int64{0, 10}, [2]int64{0, 10}, [2]int64{0, 10}, [2]int64{0, 10}), "0.000 1/5"},
	} {
		got := "none"
		if s, ok := c.rates.Standing("a"); ok {
			got = fmt.Sprintf("%.3f %d/%d", s.Median, s.Rank, s.Of)
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	if _, ok := rates([2]int64{5, 10}, [2]int64{3, 10}).Standing("nobody"); ok {
		t.Error("a network that is not there stands somewhere")
	}
}

func TestLagging(t *testing.T) {
	for name, c := range map[string]struct {
		rates report.Rates
		want  string
	}{
		"alone":              {rates([2]int64{0, 100}), "[]"},
		"below half":         {rates([2]int64{1, 10}, [2]int64{5, 10}, [2]int64{5, 10}), "[a]"},
		"half is enough":     {rates([2]int64{2, 10}, [2]int64{4, 10}, [2]int64{5, 10}), "[]"},
		"few contacted":      {rates([2]int64{0, 9}, [2]int64{5, 10}, [2]int64{5, 10}), "[]"},
		"nobody contacted":   {rates([2]int64{0, 0}, [2]int64{5, 10}, [2]int64{5, 10}), "[]"},
		"nobody answers":     {rates([2]int64{0, 10}, [2]int64{0, 10}, [2]int64{0, 10}), "[]"},
		"of two":             {rates([2]int64{1, 20}, [2]int64{10, 20}), "[a]"},
		"above everybody":    {rates([2]int64{30, 10}, [2]int64{1, 10}, [2]int64{30, 10}), "[b]"},
		"several, in order":  {rates([2]int64{9, 10}, [2]int64{1, 10}, [2]int64{9, 10}, [2]int64{0, 10}, [2]int64{9, 10}), "[b d]"},
		"the middle of four": {rates([2]int64{1, 10}, [2]int64{2, 10}, [2]int64{4, 10}, [2]int64{9, 10}), "[a]"}, // median 0.3
	} {
		list := []string{}
		for _, row := range c.rates.Lagging() {
			list = append(list, row.Network)
		}
		if got := fmt.Sprint(list); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// TestSince sums days of a random history and counts the answers of those days.
func TestSince(t *testing.T) {
	w := happened(t, rand.New(rand.NewPCG(5, 5)))
	r := w.reporter()
	for _, since := range []int{0, 1, 3, 5, 9} {
		for _, network := range []string{"", "n1"} {
			table, err := r.Rates(t.Context(), report.Query{By: report.ByDay, Network: network})
			if err != nil {
				t.Fatal(err)
			}
			want := w.recount(slice{person: func(person) bool { return false }, response: func(a answered) bool {
				return a.day >= since && (network == "" || w.under(a.link.Network, network))
			}})
			if got := table.Since(day(since)); got != want.Counts {
				t.Errorf("%q since day %d: %+v, want %+v", network, since, got, want.Counts)
			}
		}
	}
	if !slices.ContainsFunc(w.responses, func(a answered) bool { return a.day == 3 }) {
		t.Error("the history has no answers to sum")
	}
}

// A week in words: a rank among five and not among four, and what is not known is not said.
func TestWeekInWords(t *testing.T) {
	zone := time.FixedZone("EET", 2*60*60)
	week := func(networks int) report.Week {
		w := report.Week{Network: "a", Zone: zone, Rates: report.Rates{AsOf: time.Date(2027, 3, 15, 7, 0, 0, 0, time.UTC)}}
		for i := range networks {
			rate := 0.2 + float64(i)/10
			w.Rates.Rows = append(w.Rates.Rows, report.Row{
				Network: string(rune('a' + i)), Contacted: 30, Counts: report.Counts{Complete: 6}, Rate: &rate, Target: 10,
			})
		}
		w.Days.Rows = []report.Row{{Day: "2027-03-07", Counts: report.Counts{Complete: 4}}, {Day: "2027-03-08", Counts: report.Counts{Complete: 2}}}
		return w
	}
	for networks, want := range map[int]string{
		1: "", 4: "The median of all networks is 35%.", 5: "The median of all networks is 40%. This network ranks 5 of 5.",
	} {
		if got := week(networks).SaysStanding(i18n.En); got != want {
			t.Errorf("among %d: %q, want %q", networks, got, want)
		}
	}
	w := week(4)
	for got, want := range map[string]string{
		w.SaysRate(i18n.En): "Response rate 20%: 6 answers, people reached 30.", w.SaysNews(i18n.En): "2 new answers since 8 March 2027.",
		w.SaysTarget(i18n.En): "4 more answers to the target of 10.", w.SaysNext(i18n.En): "No reminder is planned.",
		report.Week{Network: "b", Zone: zone}.SaysTarget(i18n.En): "",
		report.Week{Network: "b", Zone: zone}.SaysRate(i18n.Fi):   "0 vastausta. Verkoston omat viestit eivät ole vielä tavoittaneet ketään, joten vastausprosenttia ei ole.",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
