package publication

import (
	"cmp"
	"slices"
	"strings"

	"viesti/i18n"
)

// method is how the survey was carried out, who was reached, and how the figures are to be read.
func (w *writer) method() section {
	s := section{ID: "method", Title: w.t("publication.method.title", nil)}
	field := section{ID: "field", Title: w.t("publication.method.field", nil), Blocks: []block{
		{Text: w.t("publication.method.period", i18n.Args{"period": w.period(w.Opens, w.Closes)})},
		{Text: w.t("publication.method.sample", nil)},
	}}
	if len(w.Earlier) > 0 {
		var waves []string
		for _, k := range w.Earlier {
			waves = append(waves, w.t("publication.method.wave", i18n.Args{"wave": k.Wave, "figure": w.answersOf(k)}))
		}
		field.Blocks = append(field.Blocks, block{Text: w.t("publication.method.earlier", i18n.Args{"waves": strings.Join(waves, ", ")})})
	}
	s.Subs = append(s.Subs, field, w.response(), w.protection(), section{
		ID: "reading", Title: w.t("publication.method.reading", nil), Blocks: []block{
			{Text: w.t("publication.method.shares", nil)}, {Text: w.t("publication.method.interval", nil)},
		},
	})
	return s
}

// protection is the rule in force, in words and number.
func (w *writer) protection() section {
	rules := []string{
		w.t("publication.method.merged", i18n.Args{"min": w.Minimum}),
		w.t("publication.method.hidden", i18n.Args{"sign": sign, "min": w.Minimum}),
		w.t("publication.method.means", nil),
	}
	if w.opened() {
		rules = append(rules, w.t("publication.method.words", nil))
	}
	s := section{ID: "protection", Title: w.t("publication.method.protection", nil), Blocks: []block{
		{Text: w.t("publication.method.rule", i18n.Args{"min": w.Minimum})},
		{List: rules},
	}}
	if w.Through != "" {
		s.Blocks = append(s.Blocks, block{Text: w.t("publication.method.through", i18n.Args{"day": w.date(w.Through)})})
	}
	if w.Frozen {
		s.Blocks = append(s.Blocks, block{Text: w.t("publication.method.frozen", nil)})
	}
	if w.Late {
		s.Blocks = append(s.Blocks, block{Text: w.t("publication.method.late", i18n.Args{"min": w.Minimum})})
	}
	return s
}

// response is what came of the invitations, in the terms of AAPOR. Nothing is said of it where it
// would tell how few answered.
func (w *writer) response() section {
	s := section{ID: "response", Title: w.t("publication.method.response", nil)}
	total := w.rates.Total
	if _, shown := w.Respondents.Value(); !shown || total.Contacted < w.Minimum {
		s.Blocks = []block{{Text: w.t("publication.method.uncounted", nil)}}
		return s
	}
	s.Blocks = append(s.Blocks, block{Text: w.t("publication.method.terms", nil)}, w.dispositions())
	var rates []fact
	add := func(key string, x *float64) {
		if x != nil {
			rates = append(rates, fact{w.t("publication.rate."+key, nil), i18n.Percent(w.lang, *x)})
		}
	}
	add("rr1", total.Rate)
	add("rr2", total.RatePartial)
	add("all", total.RateAll)
	add("completion", total.Completion)
	s.Blocks = append(s.Blocks, block{Keys: rates}, block{Text: w.t("publication.method.open", nil)})
	if channels := w.channels(); channels.Table != nil {
		s.Blocks = append(s.Blocks, channels)
	}
	return s
}

// count is a number of people with its name.
type count struct {
	name string
	n    int64
}

// gathered joins the numbers below the minimum with one another, and with the least of the others
// until none is left, under another name. What is nothing may stand as it is.
func gathered(list []count, least int64, rest string) []count {
	small := func(n int64) bool { return n > 0 && n < least }
	var kept []count
	other := count{name: rest}
	for _, x := range list {
		if small(x.n) {
			other.n += x.n
			continue
		}
		kept = append(kept, x)
	}
	for small(other.n) {
		i, found := -1, false
		for j, x := range kept {
			if x.n > 0 && (!found || x.n < kept[i].n) {
				i, found = j, true
			}
		}
		if !found {
			return kept
		}
		other.n += kept[i].n
		kept = slices.Delete(kept, i, i+1)
	}
	if other.n > 0 {
		kept = append(kept, other)
	}
	return kept
}

func (w *writer) dispositions() block {
	total := w.rates.Total
	list := []count{
		{w.t("publication.disposition.complete", nil), total.Complete},
		{w.t("publication.disposition.partial", nil), total.Partial},
		{w.t("publication.disposition.break_off", nil), total.BreakOff},
		{w.t("publication.disposition.refused", nil), total.Refused},
		{w.t("publication.disposition.undelivered", nil), total.Undelivered},
	}
	if total.Silent != nil {
		list = append(list, count{w.t("publication.disposition.silent", nil), *total.Silent})
	}
	t := table{Head: w.heads("outcome", "people"), Slim: true}
	t.Rows = append(t.Rows, []cell{{Text: w.t("publication.disposition.contacted", nil), Strong: true}, {Text: i18n.Number(w.lang, total.Contacted), Strong: true}})
	for _, x := range gathered(list, w.Minimum, w.t("publication.disposition.other", nil)) {
		t.Rows = append(t.Rows, []cell{{Text: x.name}, {Text: i18n.Number(w.lang, x.n)}})
	}
	t.Notes = []string{w.t("publication.method.dispositions", nil)}
	return w.table(w.t("publication.method.outcomes", nil), t)
}

// channels are the ways by which answers came.
func (w *writer) channels() block {
	var list []count
	for channel, counts := range w.rates.Total.ByChannel {
		if counts.Complete > 0 {
			list = append(list, count{w.t("report.channel."+string(channel), nil), counts.Complete})
		}
	}
	slices.SortFunc(list, func(a, b count) int { return cmp.Or(cmp.Compare(b.n, a.n), strings.Compare(a.name, b.name)) })
	list = gathered(list, w.Minimum, w.t("publication.method.other_ways", nil))
	if len(list) < 2 {
		return block{}
	}
	t := table{Head: w.heads("way", "complete"), Slim: true}
	for _, x := range list {
		t.Rows = append(t.Rows, []cell{{Text: x.name}, {Text: i18n.Number(w.lang, x.n)}})
	}
	t.Notes = []string{w.t("publication.method.onward", nil)}
	return w.table(w.t("publication.method.ways", nil), t)
}
