package bot

import (
	"strings"
	"time"

	"viesti/i18n"
)

// week is a network's week: where it stands, what came in, and what comes next. All of it is in
// one message, so that there is nothing of it that could be lost.
func (r *reply) week(f figures, week int) (m message) {
	m.header(clip(r.t("bot.week.head", i18n.Args{"week": week, "network": oneLine(f.network.Name.In(r.lang))}), maxHeader))
	m.say(r.rate(f.row, "*"+r.t("bot.rates.complete", nil)+"*"))
	m.say(f.SaysNews(r.lang))
	if f.News() > 0 {
		r.byDay(&m, f)
	}
	if ways := r.ways(f.row); ways != nil {
		m.say("*" + r.t("bot.week.channels", nil) + "*\n" + strings.Join(ways, "\n"))
	}
	if line := join(f.SaysTarget(r.lang), f.SaysStanding(r.lang)); line != "" {
		m.say(line)
	}
	m.say(f.SaysNext(r.lang))
	m.note(r.openUntil(f.Rates.Open) + " " + r.t("bot.week.stop", i18n.Args{"id": f.network.ID}))
	return m
}

// byDay shows the complete answers of each day, as a chart and in words.
func (r *reply) byDay(m *message, f figures) {
	byDay := map[string]int64{}
	for _, row := range f.Days.Rows {
		byDay[row.Day] = row.Complete
	}
	var points []point
	var words []string
	for day := f.Since(); !day.After(f.Rates.AsOf); day = day.AddDate(0, 0, 1) {
		p := point{i18n.ShortDate(r.lang, day), byDay[day.Format(time.DateOnly)]}
		points = append(points, p)
		words = append(words, p.Label+": "+i18n.Number(r.lang, p.Value))
	}
	m.bars(r.t("bot.week.chart", nil), r.t("bot.week.series", nil), points)
	m.note(r.t("bot.week.days", i18n.Args{"days": strings.Join(words, " · ")}))
}

// join puts sentences after one another.
func join(sentences ...string) string {
	var some []string
	for _, s := range sentences {
		if s != "" {
			some = append(some, s)
		}
	}
	return strings.Join(some, " ")
}

// alert says that a network is far behind the others, and what helps.
func (r *reply) alert(f figures) (m message) {
	s, _ := f.Rates.Standing(f.network.ID)
	row := f.row
	if row.Rate == nil {
		row.Rate = new(float64)
	}
	m.say(r.t("bot.alert.low", i18n.Args{
		"network": "*" + r.called(f.network) + "*", "rate": i18n.Percent(r.lang, *row.Rate), "median": i18n.Percent(r.lang, s.Median),
	}))
	m.say(r.rate(f.row, r.t("bot.rates.complete", nil)))
	m.note(join(r.openUntil(f.Rates.Open), f.SaysNext(r.lang)))
	return m
}
