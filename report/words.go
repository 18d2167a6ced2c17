package report

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"viesti/i18n"
	"viesti/outbox"
)

// Words are the figures of all together in sentences, for whoever shows a table of rates: what cannot
// be seen from its columns, and what has no rate is said to have none.
func (r Rates) Words(l i18n.Lang) []string {
	percent := func(x *float64) string { return percent(l, x) }
	t := r.Total
	silent := int64(0)
	if t.Silent != nil {
		silent = *t.Silent
	}
	said := []string{
		i18n.T(l, "report.words.people", i18n.Args{
			"contacted": t.Contacted, "undelivered": t.Undelivered, "refused": t.Refused, "silent": silent, "non_contact": t.NonContact,
		}),
		r.answers(l),
		i18n.T(l, "report.words.open", i18n.Args{"visits": t.Open.Visits, "complete": t.Open.Complete, "completion": percent(t.Open.Completion)}),
	}
	if t.Rate != nil {
		said = append(said, i18n.T(l, "report.words.rates", i18n.Args{"rate": percent(t.Rate), "partial": percent(t.RatePartial), "all": percent(t.RateAll)}))
	}
	if slices.ContainsFunc(r.Rows, func(row Row) bool { return row.Own != nil }) {
		said = append(said, i18n.T(l, "report.words.under", nil))
	}
	said = append(said, r.median(l)...)
	for _, k := range r.Earlier {
		said = append(said, k.words(l))
	}
	return append(said, r.forecast(l)...)
}

// Brief is as much of Words as has room in a chat: how answering goes, how that compares with the median
// and with the same day of an earlier wave, and where it leads.
func (r Rates) Brief(l i18n.Lang) []string {
	said := append([]string{r.answers(l)}, r.median(l)...)
	if s := r.Total.SameDay; s != nil && s.Days > 0 {
		said = append(said, i18n.T(l, "report.words.then", i18n.Args{"wave": s.Wave, "days": s.Days, "now": s.Now, "then": s.Then}))
	}
	return append(said, r.forecast(l)...)
}

func percent(l i18n.Lang, x *float64) string {
	if x == nil {
		return "–"
	}
	return i18n.Percent(l, *x)
}

func (r Rates) answers(l i18n.Lang) string {
	t := r.Total
	return i18n.T(l, "report.words.answers", i18n.Args{
		"visits": t.Visits, "complete": t.Complete, "partial": t.Partial, "break_off": t.BreakOff, "completion": percent(l, t.Completion),
	})
}

func (r Rates) median(l i18n.Lang) []string {
	if r.Median == nil || r.Total.StillToWin == nil {
		return nil
	}
	said := []string{i18n.T(l, "report.words.median", i18n.Args{"median": percent(l, r.Median), "n": *r.Total.StillToWin})}
	if names := r.toWin(l); len(names) > 1 {
		said = append(said, i18n.T(l, "report.words.to_win", i18n.Args{"networks": strings.Join(names, "; ")}))
	}
	return said
}

// named is how many networks are named as those with most to win.
const named = 5

// toWin are the networks in which most answers are still to be won, the first of them first: where a word
// goes furthest. None are named where the rows are not networks.
func (r Rates) toWin(l i18n.Lang) (names []string) {
	rows := slices.DeleteFunc(slices.Clone(r.Rows), func(row Row) bool {
		return row.Network == "" || row.StillToWin == nil || *row.StillToWin == 0
	})
	slices.SortStableFunc(rows, func(a, b Row) int { return cmp.Compare(*b.StillToWin, *a.StillToWin) })
	for _, row := range rows[:min(len(rows), named)] {
		names = append(names, row.Name+" ("+i18n.Number(l, *row.StillToWin)+")")
	}
	return names
}

func (r Rates) forecast(l i18n.Lang) []string {
	f := r.Forecast
	if f == nil {
		return nil
	}
	return []string{i18n.T(l, "report.words.forecast", i18n.Args{"n": f.Complete, "low": f.Low, "high": f.High})}
}

func (k Known) words(l i18n.Lang) string {
	if s := k.SameDay; s != nil {
		if s.Days == 0 {
			return i18n.T(l, "report.words.first_day", i18n.Args{"wave": k.Wave, "complete": k.Complete})
		}
		return i18n.T(l, "report.words.same_day", i18n.Args{"wave": k.Wave, "days": s.Days, "now": s.Now, "then": s.Then, "complete": k.Complete})
	}
	if k.About {
		return i18n.T(l, "report.words.about", i18n.Args{"wave": k.Wave, "complete": k.Complete})
	}
	return i18n.T(l, "report.words.earlier", i18n.Args{"wave": k.Wave, "complete": k.Complete})
}

// Name is what the letters of a day are called.
func (x Letter) Name(l i18n.Lang) string {
	names := make([]string, len(x.Kinds))
	for i, k := range x.Kinds {
		switch {
		case k == outbox.LastCall:
			names[i] = i18n.T(l, "report.letter.last_call", nil)
		case k.Number() > 0:
			names[i] = i18n.T(l, "report.letter.reminder", i18n.Args{"number": k.Number()})
		default:
			names[i] = i18n.T(l, "report.letter.invitation", nil)
		}
	}
	return strings.Join(names, ", ")
}

// When is a day of the figures as people write it.
func When(l i18n.Lang, day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return i18n.Date(l, t)
}

// Stopped are the unfinished answers by the last page of which something was kept, in words and from
// the first page to the last: pages at which nobody stopped are there too.
func (r Rates) Stopped(l i18n.Lang) (list []StoppedAt) {
	n := map[int]int64{}
	for _, s := range r.Total.Stops {
		n[s.Page] = s.Unfinished
	}
	list = append(list, StoppedAt{Name: i18n.T(l, "report.words.no_page", nil), Unfinished: n[0]})
	for i, p := range r.Pages {
		list = append(list, StoppedAt{Name: i18n.Number(l, int64(p.Number)) + ". " + p.Title, Unfinished: n[i+1]})
	}
	return list
}

// StoppedAt is a page with how many got no further.
type StoppedAt struct {
	Name       string
	Unfinished int64
}
