package bot

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"viesti/i18n"
	"viesti/link"
	"viesti/report"
	"viesti/staff"
)

// Of many networks only the highest and the lowest rates are shown, so that an answer stays below
// Slack's limits and can still be read.
const (
	shownWhole = 40
	shownEnds  = 20
)

func (r *reply) rates(ctx context.Context) (message, error) {
	if r.Network != "" {
		return r.ratesOf(ctx)
	}
	rates, err := r.desk.Rates(ctx, report.Query{By: report.ByNetwork, Lang: r.lang})
	if err != nil {
		return message{}, err
	}
	var m message
	m.header(r.t("bot.rates.head", i18n.Args{"date": i18n.DateTime(r.lang, rates.AsOf.In(r.survey.Zone))}))
	m.say(r.rate(rates.Total, "*"+r.t("bot.rates.total", nil)+"*"))
	if len(rates.Rows) > 0 {
		m.rule()
		m.say(strings.Join(r.rows(rates.Rows), "\n"))
	}
	m.note(r.openUntil(rates.Open) + " " + r.t("bot.rates.note", nil))
	return m, nil
}

// rows are the networks from the highest rate to the lowest; those without one come last.
func (r *reply) rows(rows []report.Row) []string {
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b report.Row) int {
		return cmp.Or(-cmp.Compare(orNone(a.Rate), orNone(b.Rate)), -cmp.Compare(a.Complete, b.Complete),
			strings.Compare(a.Name, b.Name))
	})
	var lines []string
	for i, row := range rows {
		if len(rows) > shownWhole && i == shownEnds {
			n := len(rows) - 2*shownEnds
			lines = append(lines, r.t("bot.rates.more", i18n.Args{"n": n, "verb": r.Verb.word(r.lang)}))
		}
		if len(rows) <= shownWhole || i < shownEnds || i >= len(rows)-shownEnds {
			lines = append(lines, "• "+r.rate(row, "*"+name(row.Name)+"*"))
		}
	}
	return lines
}

func orNone(rate *float64) float64 {
	if rate == nil {
		return -1
	}
	return *rate
}

// rate is a row in one line. What is divided by is shown: those contacted, without the addresses
// that turned out dead.
func (r *reply) rate(row report.Row, called string) string {
	args := i18n.Args{"name": called, "complete": row.Complete, "reached": row.Contacted - row.Undelivered}
	key := "bot.rates.row_uncontacted"
	if row.Rate != nil {
		key, args["rate"] = "bot.rates.row", i18n.Percent(r.lang, *row.Rate)
	}
	line := r.t(key, args)
	if n := beside(row); n > 0 {
		line += " · " + r.t("bot.rates.beside", i18n.Args{"n": n})
	}
	if row.Target > 0 {
		line += " · " + r.t("bot.rates.target", i18n.Args{"target": row.Target})
	}
	return line
}

// beside are complete answers through links that nobody knows the readers of.
func beside(row report.Row) int64 {
	var n int64
	for _, ch := range []link.Channel{link.Poster, link.Web, link.Onward} {
		n += row.ByChannel[ch].Complete
	}
	return n
}

// ratesOf is everything there is to know of one network.
func (r *reply) ratesOf(ctx context.Context) (message, error) {
	n, ask, err := r.network(ctx, staff.Look)
	if err != nil {
		return message{}, err
	}
	if ask != nil {
		return *ask, nil
	}
	rates, err := r.desk.Rates(ctx, report.Query{Network: n.ID, By: report.ByNetwork, Lang: r.lang})
	if err != nil {
		return message{}, err
	}
	row := rates.Total
	var m message
	m.header(clip(oneLine(n.Name.In(r.lang)), maxName))
	m.say(r.rate(row, "*"+r.t("bot.rates.complete", nil)+"*"))
	m.say(r.t("bot.rates.people", i18n.Args{
		"contacted": row.Contacted, "undelivered": row.Undelivered,
		"opted_out": row.OptedOut, "answered": row.AlreadyAnswered,
	}))
	m.say(strings.Join(r.channels(row), "\n"))
	m.note(i18n.DateTime(r.lang, rates.AsOf.In(r.survey.Zone)) + ". " + r.openUntil(rates.Open))
	return m, nil
}

// channels are the answers by the way they came.
func (r *reply) channels(row report.Row) []string {
	var lines []string
	for _, ch := range link.Channels {
		c := row.ByChannel[ch]
		lines = append(lines, "• "+r.t("bot.rates.channel", i18n.Args{
			"channel": r.t("bot.channel."+string(ch), nil), "complete": c.Complete, "partial": c.Partial, "visits": c.Visits,
		}))
	}
	return lines
}

func (r *reply) openUntil(open bool) string {
	if !open {
		return r.t("bot.survey.not_open", nil)
	}
	return r.t("bot.survey.open", i18n.Args{"date": i18n.DateTime(r.lang, r.survey.Closes.In(r.survey.Zone))})
}
