package report_test

import (
	"cmp"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"viesti/contacts"
	"viesti/link"
	"viesti/report"
	"viesti/survey"
)

// whole are the days of the wave that are over at now: the first to the fifth.
const whole = 5

// slice says what a row is of, by asking of each thing in the log.
type slice struct {
	network  func(contacts.Network) bool // nil: the row is not one of networks
	person   func(person) bool
	response func(answered) bool
	channel  bool // the row counts what came by its channel, whatever that is
}

// recount makes a row by counting the log, as somebody with a pencil would.
func (w *world) recount(s slice) report.Row {
	row := report.Row{ByChannel: map[link.Channel]report.Counts{}}
	for _, c := range link.Channels {
		row.ByChannel[c] = report.Counts{}
	}
	for _, p := range w.people {
		if p.day == 0 || !s.person(p) {
			continue
		}
		row.Contacted += one(p.contacted)
		row.Undelivered += one(p.contacted && p.bounced)
		row.NonContact += one(!p.contacted && p.bounced)
		row.Refused += one(p.contacted && !p.bounced && p.optedOut)
		row.OptedOut += one(p.optedOut)
		row.AlreadyAnswered += one(p.already)
	}
	stops := map[int]int64{}
	for _, a := range w.responses {
		if a.wave != wave || !s.response(a) {
			continue
		}
		tick := func(c *report.Counts) {
			c.Visits++
			c.Partial += one(a.state == survey.Partial)
			c.Complete += one(a.state == survey.Complete)
		}
		c := row.ByChannel[a.link.Channel]
		tick(&c)
		row.ByChannel[a.link.Channel] = c
		if depth := w.depths[a.link.Token]; depth > 0 {
			if row.ByDepth == nil {
				row.ByDepth = map[int]report.Counts{}
			}
			d := row.ByDepth[depth]
			tick(&d)
			row.ByDepth[depth] = d
		}
		if own := a.link.Channel == link.Mail || a.link.Channel == link.Slack; own || s.channel {
			tick(&row.Counts)
		} else {
			tick(&row.Open.Counts)
		}
		row.BreakOff += one(a.state == survey.Started && (s.channel || a.link.Channel == link.Mail || a.link.Channel == link.Slack))
		if a.state == survey.Started || a.state == survey.Partial && a.page > 0 {
			stops[a.page]++
		}
	}
	for page, n := range stops {
		row.Stops = append(row.Stops, report.Stop{Page: page, Unfinished: n})
	}
	slices.SortFunc(row.Stops, func(a, b report.Stop) int { return cmp.Compare(a.Page, b.Page) })
	return w.divided(row, s)
}

// divided adds the shares, and what comes from comparing networks.
func (w *world) divided(row report.Row, s slice) report.Row {
	base := row.Contacted - row.Undelivered
	row.Rate, row.RatePartial = over(row.Complete, base), over(row.Complete+row.Partial, base)
	row.RateAll = over(row.Complete, row.Contacted+row.NonContact)
	row.Completion, row.Open.Completion = over(row.Complete, row.Visits), over(row.Open.Complete, row.Open.Visits)
	if s.network == nil {
		return row
	}
	silent := max(0, base-row.Refused-row.Visits)
	row.Silent = &silent
	row.Target = w.target(s.network)
	row.TargetShare = over(row.Complete, row.Target)
	median, rates := w.median()
	for id, x := range rates {
		n := w.networks[slices.IndexFunc(w.networks, func(n contacts.Network) bool { return n.ID == id })]
		if !s.network(n) || math.IsNaN(median) {
			continue
		}
		if row.StillToWin == nil {
			row.StillToWin = new(int64)
		}
		if x.rate < median {
			*row.StillToWin += int64(math.Round(float64(x.base) * (median - x.rate)))
		}
	}
	if row.StillToWin != nil && row.Rate != nil {
		gap := *row.Rate - median
		row.GapToMedian = &gap
	}
	return row
}

type rated struct {
	rate float64
	base int64
}

// median is that of the networks' rates, NaN where they are too few.
func (w *world) median() (float64, map[string]rated) {
	rates := map[string]rated{}
	for _, n := range w.networks {
		var base, complete int64
		for _, p := range w.people {
			base += one(p.network == n.ID && p.contacted && !p.bounced)
		}
		for _, a := range w.responses {
			own := a.link.Channel == link.Mail || a.link.Channel == link.Slack
			complete += one(a.wave == wave && own && a.link.Network == n.ID && a.state == survey.Complete)
		}
		if base > 0 {
			rates[n.ID] = rated{float64(complete) / float64(base), base}
		}
	}
	var list []float64
	for _, x := range rates {
		list = append(list, x.rate)
	}
	slices.Sort(list)
	if n := len(list); n >= 2 {
		return (list[(n-1)/2] + list[n/2]) / 2, rates
	}
	return math.NaN(), rates
}

func over(n, of int64) *float64 {
	if of <= 0 {
		return nil
	}
	x := float64(n) / float64(of)
	return &x
}

func one(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// sameDay counts both waves to the end of the last whole day.
func (w *world) sameDay(of func(answered) bool) report.SameDay {
	s := report.SameDay{Wave: waveBefore, Days: whole}
	for _, a := range w.responses {
		if a.state == survey.Complete && a.day <= whole && of(a) {
			s.Now += one(a.wave == wave)
			s.Then += one(a.wave == waveBefore)
		}
	}
	return s
}

func same(t *testing.T, name string, got, want report.Row) {
	t.Helper()
	want.Network, want.Name, want.Region, want.Centre = got.Network, got.Name, got.Region, got.Centre
	want.Kind, want.Channel, want.Language, want.Day = got.Kind, got.Channel, got.Language, got.Day
	want.Parent, want.Level, want.Own = got.Parent, got.Level, got.Own // compared by themselves
	want.SameDay, want.SoFar = got.SameDay, got.SoFar                  // counted by themselves
	if !reflect.DeepEqual(got, want) {
		g, w := reflect.ValueOf(got), reflect.ValueOf(want)
		for i := range g.NumField() {
			if a, b := g.Field(i).Interface(), w.Field(i).Interface(); !reflect.DeepEqual(a, b) {
				t.Errorf("%s, %s:\n got %+v\nwant %+v", name, g.Type().Field(i).Name, a, b)
			}
		}
	}
}

// slices of a division: what a row is of.
func (w *world) slice(by report.By, row report.Row) slice {
	region := func(match func(string) bool) slice {
		in := func(id string) bool {
			return slices.ContainsFunc(w.networks, func(n contacts.Network) bool { return n.ID == id && match(n.Region) })
		}
		return slice{
			network: func(n contacts.Network) bool { return match(n.Region) },
			person:  func(p person) bool { return in(p.network) }, response: func(a answered) bool { return in(a.link.Network) },
		}
	}
	switch by {
	case report.ByNetwork:
		return slice{
			network:  func(n contacts.Network) bool { return w.under(n.ID, row.Network) },
			person:   func(p person) bool { return w.under(p.network, row.Network) },
			response: func(a answered) bool { return w.under(a.link.Network, row.Network) },
		}
	case report.ByRegion:
		return region(func(r string) bool { return r == row.Region })
	case report.ByCentre, report.ByCentre2026:
		return region(func(r string) bool { return contacts.CentresFrom2026.Of(r) == row.Centre })
	case report.ByCentre2025:
		return region(func(r string) bool { return contacts.CentresUntil2025.Of(r) == row.Centre })
	case report.ByKind:
		in := func(id string) bool {
			return slices.ContainsFunc(w.networks, func(n contacts.Network) bool { return n.ID == id && string(n.Kind) == row.Kind })
		}
		return slice{
			network: func(n contacts.Network) bool { return string(n.Kind) == row.Kind },
			person:  func(p person) bool { return in(p.network) }, response: func(a answered) bool { return in(a.link.Network) },
		}
	case report.ByChannel:
		return slice{
			channel: true,
			person:  func(person) bool { return row.Channel == string(link.Mail) }, response: func(a answered) bool { return string(a.link.Channel) == row.Channel },
		}
	case report.ByLanguage:
		return slice{
			person: func(p person) bool { return string(p.lang) == row.Language }, response: func(a answered) bool { return string(a.lang) == row.Language },
		}
	default:
		return slice{
			person: func(p person) bool { return day(p.day) == row.Day }, response: func(a answered) bool { return day(a.day) == row.Day },
		}
	}
}

var everything = slice{
	network: func(contacts.Network) bool { return true }, person: func(person) bool { return true }, response: func(answered) bool { return true },
}

func TestRatesAreWhatCountingGives(t *testing.T) {
	for seed := range uint64(6) {
		w := happened(t, rand.New(rand.NewPCG(seed, 1)))
		r := w.reporter()
		ask := func(q report.Query) report.Rates {
			out, err := r.Rates(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		for _, by := range report.Divisions {
			out := ask(report.Query{By: by})
			same(t, "total by "+string(by), out.Total, w.recount(everything))
			w.compareRows(t, by, out)
			w.compareWave(t, out)
		}
		w.compareTree(t, ask(report.Query{}), "")
		for _, n := range w.networks {
			row := report.Row{Network: n.ID}
			out := ask(report.Query{Network: n.ID})
			same(t, n.ID+" alone", out.Total, w.recount(w.slice(report.ByNetwork, row)))
			w.compareTree(t, out, n.ID)
		}
		if err := w.store.Check(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

// compareTree looks at how the rows of networks lie under each other, from top down.
func (w *world) compareTree(t *testing.T, out report.Rates, top string) {
	t.Helper()
	at := map[string]int{}
	for i, row := range out.Rows {
		at[row.Network] = i
	}
	for _, n := range w.networks {
		i, shown := at[n.ID]
		if shown != (top == "" || w.under(n.ID, top)) {
			t.Errorf("under %q, %s is shown: %t", top, n.ID, shown)
		}
		if !shown {
			continue
		}
		row, level := out.Rows[i], 0
		bears := false
		for _, m := range w.networks {
			level += int(one(m.ID != n.ID && w.under(n.ID, m.ID) && (top == "" || w.under(m.ID, top))))
			bears = bears || m.Parent == n.ID
		}
		if above, ok := at[n.Parent]; row.Parent != n.Parent || row.Level != level || ok && above >= i || bears != (row.Own != nil) {
			t.Errorf("under %q, %s lies badly: %+v", top, n.ID, row)
		}
		if row.Own != nil {
			own := w.recount(slice{person: func(p person) bool { return p.network == n.ID }, response: func(a answered) bool { return a.link.Network == n.ID }})
			if want := (report.Own{Contacted: own.Contacted, Undelivered: own.Undelivered, Counts: own.Counts, Rate: own.Rate}); !reflect.DeepEqual(*row.Own, want) {
				t.Errorf("%s by itself: %+v, want %+v", n.ID, *row.Own, want)
			}
		}
	}
}

func (w *world) compareRows(t *testing.T, by report.By, out report.Rates) {
	t.Helper()
	var visits, complete, contacted, undelivered int64
	for _, row := range out.Rows {
		s := w.slice(by, row)
		want := w.recount(s)
		if by == report.ByDay { // how far an answer has come is not known by day
			want.Stops = nil
			contacted, undelivered, complete = contacted+want.Contacted, undelivered+want.Undelivered, complete+want.Complete
			so := report.SoFar{Contacted: contacted, Undelivered: undelivered, Complete: complete, Rate: over(complete, contacted-undelivered)}
			if !reflect.DeepEqual(*row.SoFar, so) {
				t.Errorf("%s so far: %+v, want %+v", row.Day, *row.SoFar, so)
			}
		} else if compared := w.sameDay(s.response); *row.SameDay != compared {
			t.Errorf("by %s, same day: %+v, want %+v", by, *row.SameDay, compared)
		}
		same(t, "by "+string(by)+" "+row.Network+row.Region+row.Centre+row.Kind+row.Channel+row.Language+row.Day, row, want)
		for _, c := range row.ByChannel {
			if row.Level == 0 {
				visits += c.Visits
			}
		}
	}
	var all int64
	for _, a := range w.responses {
		networks := by == report.ByChannel || by == report.ByLanguage || by == report.ByDay
		all += one(a.wave == wave && (networks || a.link.Network != ""))
	}
	if visits != all {
		t.Errorf("by %s: %d of %d responses", by, visits, all)
	}
}
