package bot

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"viesti/i18n"
	"viesti/link"
	"viesti/report"
	"viesti/staff"
)

// Of many networks only the highest and the lowest rates are shown at first, and the rest page by
// page, so that an answer stays below Slack's limits and can still be read.
const (
	shownWhole = 20
	shownEnds  = 8
	shownPage  = 15
)

// rates are the response rates of the network that was named or is meant, else of all networks
// that may be looked at.
func (r *reply) rates(ctx context.Context) (message, error) {
	if !r.All {
		list, err := r.networks(ctx, staff.Look)
		if err != nil {
			return message{}, err
		}
		id, ask, err := r.preset(ctx, list, staff.Look)
		switch {
		case err != nil || ask != nil:
			return orElse(ask), err
		case id != "":
			return r.ratesOf(ctx, id)
		}
	}
	rates, rows, err := r.table(ctx)
	if err != nil {
		return message{}, err
	}
	m := r.summary(rates, rows)
	return r.shareable(ctx, m, "", func(m *message) {
		if len(rows) > shownWhole {
			m.actions(r.button("bot.rates.all", "rates.page", "0"))
		} else if len(rows) > 1 {
			m.actions(r.oneOf(rows))
		}
	}), nil
}

// table are the figures and the rows that may be looked at, the highest rate first. Without a rate
// they come last.
func (r *reply) table(ctx context.Context) (report.Rates, []report.Row, error) {
	rates, err := r.desk.Rates(ctx, report.Query{By: report.ByNetwork, Lang: r.lang})
	rows := slices.DeleteFunc(slices.Clone(rates.Rows), func(row report.Row) bool { return !r.rights.May(staff.Look, row.Network) })
	slices.SortStableFunc(rows, func(a, b report.Row) int {
		return cmp.Or(-cmp.Compare(orNone(a.Rate), orNone(b.Rate)), -cmp.Compare(a.Complete, b.Complete),
			strings.Compare(a.Name, b.Name))
	})
	return rates, rows, err
}

// summary is all networks in one message. The total is for those who may look at all of them.
func (r *reply) summary(rates report.Rates, rows []report.Row) (m message) {
	m.title = r.t("bot.title.rates", nil)
	m.header(r.t("bot.rates.head", i18n.Args{"date": i18n.DateTime(r.lang, rates.AsOf.In(r.survey.Zone))}))
	if r.rights.May(staff.Look, "") {
		m.say(r.rate(rates.Total, "*"+r.t("bot.rates.total", nil)+"*"))
		m.say(r.outlook(rates))
		m.rule()
	}
	if len(rows) <= shownWhole {
		m.say(r.lines(rows))
	} else {
		m.say("*" + r.t("bot.rates.highest", nil) + "*\n" + r.lines(rows[:shownEnds]))
		m.say("*" + r.t("bot.rates.lowest", nil) + "*\n" + r.lines(rows[len(rows)-shownEnds:]))
		m.say(r.t("bot.rates.more", i18n.Args{"n": len(rows) - 2*shownEnds}))
	}
	m.note(r.openUntil(rates.Open) + " " + r.t("bot.rates.note", nil))
	return m
}

// ratesPage is a page of all networks, with the ways to the next and to the one before.
func (r *reply) ratesPage(ctx context.Context) (m message, err error) {
	rates, rows, err := r.table(ctx)
	if err != nil {
		return m, err
	}
	pages := max(1, (len(rows)+shownPage-1)/shownPage)
	page, _ := strconv.Atoi(r.in.Value) // what is no number is the first page
	page = min(max(page, 0), pages-1)
	part := rows[min(page*shownPage, len(rows)):min((page+1)*shownPage, len(rows))]
	m.title = r.t("bot.title.rates", nil)
	m.header(r.t("bot.rates.head", i18n.Args{"date": i18n.DateTime(r.lang, rates.AsOf.In(r.survey.Zone))}))
	m.say(r.t("bot.rates.page", i18n.Args{"page": page + 1, "pages": pages}))
	if len(part) > 0 {
		m.say(r.lines(part))
	}
	return r.shareable(ctx, m, "", func(m *message) {
		var row []*element
		if page > 0 {
			row = append(row, r.button("bot.rates.previous", "rates.page", strconv.Itoa(page-1)))
		}
		if page < pages-1 {
			row = append(row, r.button("bot.rates.next", "rates.page", strconv.Itoa(page+1)))
		}
		row = append(row, r.button("bot.rates.summary", "rates", everyNetwork))
		m.actions(row...)
		if len(part) > 0 {
			m.actions(r.oneOf(part))
		}
	}), nil
}

// oneOf is a menu of the networks in a table.
func (r *reply) oneOf(rows []report.Row) *element {
	var options []option
	for _, row := range rows[:min(len(rows), maxOptions)] {
		options = append(options, choose(row.Name, row.Network))
	}
	return r.choice("bot.network.choose", string(verbRates), options)
}

func (r *reply) lines(rows []report.Row) string {
	var lines []string
	for _, row := range rows {
		lines = append(lines, "• "+r.rate(row, "*"+name(row.Name)+"*"))
	}
	return strings.Join(lines, "\n")
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
func (r *reply) ratesOf(ctx context.Context, id string) (m message, err error) {
	n, err := r.theNetwork(ctx, id)
	if err != nil {
		return m, err
	}
	rates, err := r.desk.Rates(ctx, report.Query{Network: n.ID, By: report.ByNetwork, Lang: r.lang})
	if err != nil {
		return m, err
	}
	row := rates.Total
	m.title = r.t("bot.title.rates", nil)
	m.header(clip(oneLine(n.Name.In(r.lang)), maxName))
	m.say(r.rate(row, "*"+r.t("bot.rates.complete", nil)+"*"))
	m.say(r.t("bot.rates.people", i18n.Args{
		"contacted": row.Contacted, "undelivered": row.Undelivered,
		"opted_out": row.OptedOut, "answered": row.AlreadyAnswered,
	}))
	m.say(r.outlook(rates))
	m.say(strings.Join(r.channels(row), "\n"))
	m.note(i18n.DateTime(r.lang, rates.AsOf.In(r.survey.Zone)) + ". " + r.openUntil(rates.Open))
	return r.shareable(ctx, m, n.ID, func(*message) {}), nil
}

// outlook is how answering goes, how that compares, and where it leads.
func (r *reply) outlook(rates report.Rates) string {
	said := rates.Brief(r.lang)
	for i := range said {
		said[i] = escape(said[i])
	}
	return strings.Join(said, "\n")
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
