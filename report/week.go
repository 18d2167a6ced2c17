package report

import (
	"slices"
	"strings"
	"time"

	"viesti/i18n"
)

// Week is what those who run a network are told of it every week, by mail and in Slack in the same
// words.
type Week struct {
	Network string
	Rates   Rates     // by network
	Days    Rates     // the network's, by day
	Next    time.Time // when its next reminder goes out; zero: none is planned
	Zone    *time.Location
}

// Row is the network's row.
func (w Week) Row() Row {
	if i := slices.IndexFunc(w.Rates.Rows, func(row Row) bool { return row.Network == w.Network }); i >= 0 {
		return w.Rates.Rows[i]
	}
	return Row{}
}

// Since is the day a week before. Counting from it on, the day itself included, no answer falls
// between two digests.
func (w Week) Since() time.Time {
	t := w.Rates.AsOf.In(w.Zone)
	return time.Date(t.Year(), t.Month(), t.Day()-7, 0, 0, 0, 0, t.Location())
}

// News is the number of answers since a week before.
func (w Week) News() int64 { return w.Days.Since(w.Since().Format(time.DateOnly)).Complete }

// SaysRate is the network's answers and its rate.
func (w Week) SaysRate(l i18n.Lang) string {
	row := w.Row()
	if row.Rate == nil {
		return i18n.T(l, "report.week.uncontacted", i18n.Args{"n": row.Complete})
	}
	return i18n.T(l, "report.week.rate", i18n.Args{
		"rate": i18n.Percent(l, *row.Rate), "n": row.Complete, "reached": row.Contacted - row.Undelivered,
	})
}

// SaysNews is what came in since a week before.
func (w Week) SaysNews(l i18n.Lang) string {
	return i18n.T(l, "report.week.since", i18n.Args{"n": w.News(), "date": i18n.Date(l, w.Since())})
}

// SaysTarget is how far it is to the network's target; empty where it has none.
func (w Week) SaysTarget(l i18n.Lang) string {
	row := w.Row()
	switch left := row.Target - row.Complete; {
	case row.Target == 0:
		return ""
	case left > 0:
		return i18n.T(l, "report.week.left", i18n.Args{"n": left, "target": row.Target})
	default:
		return i18n.T(l, "report.week.reached", i18n.Args{"target": row.Target})
	}
}

// SaysStanding is how the network stands among the others; empty where that says nothing, and without a
// rank where they are few.
func (w Week) SaysStanding(l i18n.Lang) string {
	s, ok := w.Rates.Standing(w.Network)
	if !ok {
		return ""
	}
	said := []string{i18n.T(l, "report.week.median", i18n.Args{"median": i18n.Percent(l, s.Median)})}
	if s.Rank > 0 {
		said = append(said, i18n.T(l, "report.week.rank", i18n.Args{"rank": s.Rank, "of": s.Of}))
	}
	return strings.Join(said, " ")
}

// SaysNext is when the next reminder goes out.
func (w Week) SaysNext(l i18n.Lang) string {
	if w.Next.IsZero() {
		return i18n.T(l, "report.week.no_reminder", nil)
	}
	return i18n.T(l, "report.week.reminder", i18n.Args{"date": i18n.DateTime(l, w.Next.In(w.Zone))})
}
