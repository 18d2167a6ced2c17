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
	since := weekBefore(f.rates.AsOf.In(r.survey.Zone))
	n := f.days.Since(since.Format(time.DateOnly)).Complete
	m.say(r.t("bot.week.since", i18n.Args{"n": n, "date": i18n.Date(r.lang, since)}))
	if n > 0 {
		r.byDay(&m, since, f)
	}
	if ways := r.ways(f.row); ways != nil {
		m.say("*" + r.t("bot.week.channels", nil) + "*\n" + strings.Join(ways, "\n"))
	}
	if line := join(r.remaining(f.row), r.among(f)); line != "" {
		m.say(line)
	}
	m.say(r.reminder(f))
	m.note(r.openUntil(f.rates.Open) + " " + r.t("bot.week.stop", i18n.Args{"id": f.network.ID}))
	return m
}

// weekBefore is the day a week before a moment. Counting from it on, the day itself included, no
// answer falls between two digests.
func weekBefore(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day()-7, 0, 0, 0, 0, t.Location())
}

// byDay shows the complete answers of each day, as a chart and in words.
func (r *reply) byDay(m *message, since time.Time, f figures) {
	byDay := map[string]int64{}
	for _, row := range f.days.Rows {
		byDay[row.Day] = row.Complete
	}
	var points []point
	var words []string
	for day := since; !day.After(f.rates.AsOf); day = day.AddDate(0, 0, 1) {
		p := point{i18n.ShortDate(r.lang, day), byDay[day.Format(time.DateOnly)]}
		points = append(points, p)
		words = append(words, p.Label+": "+i18n.Number(r.lang, p.Value))
	}
	m.bars(r.t("bot.week.chart", nil), r.t("bot.week.series", nil), points)
	m.note(r.t("bot.week.days", i18n.Args{"days": strings.Join(words, " · ")}))
}

// among is how the network stands among the others; empty where that says nothing.
func (r *reply) among(f figures) string {
	s, ok := f.rates.Standing(f.network.ID)
	if !ok {
		return ""
	}
	line := r.t("bot.week.median", i18n.Args{"median": i18n.Percent(r.lang, s.Median)})
	if s.Rank > 0 {
		line = join(line, r.t("bot.week.rank", i18n.Args{"rank": s.Rank, "of": s.Of}))
	}
	return line
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
	s, _ := f.rates.Standing(f.network.ID)
	row := f.row
	if row.Rate == nil {
		row.Rate = new(float64)
	}
	m.say(r.t("bot.alert.low", i18n.Args{
		"network": "*" + r.called(f.network) + "*", "rate": i18n.Percent(r.lang, *row.Rate), "median": i18n.Percent(r.lang, s.Median),
	}))
	m.say(r.rate(f.row, r.t("bot.rates.complete", nil)))
	m.note(join(r.openUntil(f.rates.Open), r.reminder(f)))
	return m
}
