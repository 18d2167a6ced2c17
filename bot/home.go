package bot

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"viesti/i18n"
	"viesti/report"
	"viesti/staff"
)

// stepPage turns the pages of the Home tab.
const stepPage = "home.page"

// perPage is how many networks are on a page of the Home tab: three blocks each, of Slack's
// hundred.
const perPage = 25

// homeOpened shows the Home tab to who opened it. What somebody may not see is not in it, and who
// is of another workspace is shown nothing at all.
func (b *Bot) homeOpened(ctx context.Context, in Inbound) {
	if in.Event.Tab != "home" {
		return
	}
	in.View.Hash = in.Event.ViewHash
	r := b.replyTo(ctx, command{}, in)
	m := r.guarded(ctx, step{staff.Ask, func(r *reply, ctx context.Context) (message, error) { return r.home(ctx, 0) }})
	if !r.own {
		return
	}
	r.showHome(ctx, m)
}

// turnPage shows another page of the Home tab in its place.
func (r *reply) turnPage(ctx context.Context) (message, error) {
	page, err := strconv.Atoi(r.in.Value)
	if err != nil || r.in.View.Type != "home" {
		return message{}, nil //nolint:nilerr // not a button of ours
	}
	m, err := r.home(ctx, page)
	if err == nil {
		r.showHome(ctx, m)
	}
	return message{}, err
}

// showHome publishes what the user then sees. A hash that is no longer so means that a newer one
// is there already.
func (r *reply) showHome(ctx context.Context, m message) {
	if err := r.port.publish(ctx, r.in.User, m.blocks, r.in.View.Hash); err != nil {
		r.log.Warn("slack home cannot be shown", "err", err)
	}
}

// home is a page of the networks that the user may see, each with what they may do with it.
func (r *reply) home(ctx context.Context, page int) (m message, err error) {
	rates, err := r.desk.Rates(ctx, report.Query{By: report.ByNetwork, Lang: r.lang})
	if err != nil {
		return m, err
	}
	mine := slices.DeleteFunc(slices.Clone(rates.Rows), func(row report.Row) bool { return !r.rights.May(staff.Look, row.Network) })
	m.header(clip(oneLine(r.survey.Title.In(r.lang)), maxHeader))
	if len(mine) == 0 {
		m.say(r.t("bot.home.empty", nil))
		m.actions(r.button("bot.home.help", string(verbHelp), ""))
		return m, nil
	}
	slices.SortFunc(mine, func(a, b report.Row) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	if r.rights.May(staff.Look, "") {
		m.say(r.rate(rates.Total, "*"+r.t("bot.rates.total", nil)+"*"))
	}
	status, err := r.desk.Status(ctx, "")
	if err != nil {
		return m, err
	}
	if r.rights.May(staff.Work, "") {
		r.attention(&m, status, "")
	}
	m.note(r.openUntil(rates.Open) + " " + r.t("bot.home.as_of", i18n.Args{"date": i18n.DateTime(r.lang, rates.AsOf.In(r.survey.Zone))}))
	pages := (len(mine) + perPage - 1) / perPage
	page = min(max(page, 0), pages-1)
	lagging := rates.Lagging()
	for _, row := range mine[page*perPage : min((page+1)*perPage, len(mine))] {
		m.rule()
		paused := slices.Contains(status.PausedNetworks, row.Network)
		behind := slices.ContainsFunc(lagging, func(l report.Row) bool { return l.Network == row.Network })
		m.say(r.entry(row, paused, behind))
		m.actions(r.offers(row.Network, paused)...)
	}
	r.turning(&m, page, pages)
	return m, nil
}

// entry is a network in a few lines.
func (r *reply) entry(row report.Row, paused, behind bool) string {
	line := r.rate(row, "*"+name(row.Name)+"*")
	if paused {
		line += "\n*" + r.t("bot.home.paused", nil) + "*"
	}
	if behind {
		line += "\n" + r.t("bot.home.lagging", nil)
	}
	return line
}

// offers are the buttons of what the user may do with a network.
func (r *reply) offers(network string, paused bool) (list []*element) {
	pause := verbPause
	if paused {
		pause = verbResume
	}
	for _, v := range []verb{verbRates, verbLink, verbInvite, verbRemind, verbShare, pause, verbStatus} {
		if r.rights.May(v.act(), network) {
			list = append(list, r.button("bot.open."+string(v), string(v), network))
		}
	}
	return list
}

// turning are the buttons to other pages.
func (r *reply) turning(m *message, page, pages int) {
	if pages < 2 {
		return
	}
	m.rule()
	m.note(r.t("bot.home.page", i18n.Args{"page": page + 1, "pages": pages}))
	var list []*element
	for _, to := range []struct {
		key string
		n   int
	}{{"bot.home.previous", page - 1}, {"bot.home.next", page + 1}} {
		if to.n >= 0 && to.n < pages {
			list = append(list, r.button(to.key, stepPage, strconv.Itoa(to.n)))
		}
	}
	m.actions(list...)
}
