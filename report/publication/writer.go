package publication

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/report"
	"viesti/report/disclosure"
	"viesti/report/publication/chart"
	"viesti/report/results"
)

// sign stands for what may not be shown: that of Statistics Finland for what is confidential.
const sign = ".."

// writer writes the report in one language.
type writer struct {
	results.Results
	rates report.Rates
	o     Options
	lang  i18n.Lang
	// drawn and set count the figures and tables of the page that is being written.
	drawn, set int
}

func newWriter(r results.Results, rates report.Rates, o Options, l i18n.Lang) *writer {
	return &writer{Results: r, rates: rates, o: o, lang: l}
}

// pages are the report's, without those that would be empty.
func (w *writer) pages() []page {
	list := []page{w.report()}
	if w.divided() {
		list = append(list, w.annex())
	}
	if w.opened() {
		list = append(list, w.readings())
	}
	return list
}

func (w *writer) page(kind string, sections []section) page {
	title, sub := w.said(w.Title), w.t("publication.subtitle", i18n.Args{"wave": w.Wave})
	respondents := w.count(w.Respondents)
	if respondents == sign {
		respondents = w.t("publication.fact.too_few", i18n.Args{"min": w.Minimum})
	}
	p := page{
		Name: fileName(w.lang, kind), Lang: w.lang, Langs: w.o.Langs, Title: title, Sub: sub, Header: title + " " + w.Wave,
		Organiser: w.said(w.Organiser), Words: w.words(), Sections: sections,
		Facts: []fact{
			{w.t("publication.fact.organiser", nil), w.said(w.Organiser)},
			{w.t("publication.fact.period", nil), w.period(w.Opens, w.Closes)},
			{w.t("publication.fact.respondents", nil), respondents},
			{w.t("publication.fact.day", nil), w.date(w.Day)},
		},
	}
	if kind != main {
		p.Back = &anchor{Href: fileName(w.lang, main), Text: w.t("publication.back", nil)}
	}
	if !w.Final {
		p.Interim = w.t("publication.interim", i18n.Args{"day": w.date(w.Day), "min": w.Minimum})
	}
	for _, l := range w.o.Langs {
		p.Others = append(p.Others, anchor{Href: fileName(l, kind), Text: l.Name(), Lang: l, Here: l == w.lang})
	}
	for i := range p.Sections {
		p.Sections[i].Number = strconv.Itoa(i + 1)
	}
	return p
}

func (w *writer) t(key string, args i18n.Args) string { return i18n.T(w.lang, key, args) }

// said is a text of the questionnaire on one line.
func (w *writer) said(t i18n.Text) string { return line(t.In(w.lang)) }

// line is a text on one line.
func line(s string) string { return strings.Join(strings.Fields(legible(s)), " ") }

// day is a date, as itself where it is none.
func (w *writer) date(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return i18n.Date(w.lang, t)
}

func (w *writer) period(from, to string) string {
	if from == "" || to == "" {
		return "–"
	}
	dash := " – "
	if w.lang == i18n.Fi { // none of the two has a blank in it
		dash = "–"
	}
	return w.date(from) + dash + w.date(to)
}

// count is a number, or the sign.
func (w *writer) count(c disclosure.Count) string {
	if n, ok := c.Value(); ok {
		return i18n.Number(w.lang, n)
	}
	return sign
}

// share is n in a hundred of a base; "" where either is hidden or there is nobody.
func (w *writer) share(n, of disclosure.Count) string {
	if x, ok := ratio(n, of); ok {
		return i18n.Percent(w.lang, x)
	}
	return ""
}

func ratio(n, of disclosure.Count) (float64, bool) {
	a, shown := n.Value()
	b, based := of.Value()
	if !shown || !based || b <= 0 {
		return 0, false
	}
	return float64(a) / float64(b), true
}

func (w *writer) decimal(x float64) string { return minus(i18n.Decimal(w.lang, x, 1)) }

// minus is a number with the sign for what is below nothing, which is no hyphen.
func minus(s string) string {
	if s == "-0.0" || s == "-0,0" {
		return s[1:]
	}
	return strings.Replace(s, "-", "−", 1)
}

// change is the difference of two rounded means, with its sign.
func (w *writer) change(now, then float64) string {
	tenths := math.Round(now*10) - math.Round(then*10)
	if tenths == 0 {
		return "±0"
	}
	s := w.decimal(tenths / 10)
	if tenths > 0 {
		return "+" + s
	}
	return s
}

// interval is 6.1–6.7; "" where none is shown.
func (w *writer) interval(s *results.Summary) string {
	if s == nil || s.Low == nil || s.High == nil {
		return ""
	}
	return w.decimal(*s.Low) + "–" + w.decimal(*s.High)
}

// cellOf is a count with its share beside it.
func (w *writer) cellOf(n, of disclosure.Count) cell {
	_, shown := n.Value()
	return cell{Text: w.count(n), Small: w.share(n, of), Hidden: !shown}
}

// shareOf is a share in a cell of its own.
func (w *writer) shareOf(n, of disclosure.Count) cell {
	if s := w.share(n, of); s != "" {
		return cell{Text: s}
	}
	return cell{Text: sign, Hidden: true}
}

func (w *writer) counted(n disclosure.Count) cell {
	_, shown := n.Value()
	return cell{Text: w.count(n), Hidden: !shown}
}

// figure gives a picture its number.
func (w *writer) figure(title, text string, drawings []chart.Drawing) block {
	w.drawn++
	n := strconv.Itoa(w.drawn)
	follows := w.t("publication.in_table", i18n.Args{"table": strconv.Itoa(w.set + 1)})
	return block{Figure: &figure{
		ID: "figure-" + n, Label: w.t("publication.figure", i18n.Args{"number": n}), Title: title,
		Text: strings.TrimSpace(text + " " + follows), Drawings: drawings,
	}}
}

// table gives a table its number.
func (w *writer) table(title string, t table) block {
	w.set++
	n := strconv.Itoa(w.set)
	t.ID, t.Label, t.Title = "table-"+n, w.t("publication.table", i18n.Args{"number": n}), title
	return block{Table: &t}
}

func (w *writer) heads(keys ...string) (list []cell) {
	for _, key := range keys {
		list = append(list, cell{Text: w.t("publication.head."+key, nil)})
	}
	return list
}

func (w *writer) drawing() chart.Words {
	return chart.Words{Number: w.half, Hidden: sign, Apart: w.t("publication.head.dont_know", nil)}
}

// legible is a text of anybody's without what HTML cannot hold, or what nobody can see.
func legible(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		if unicode.IsControl(r) || r&0xFFFE == 0xFFFE || r >= 0xFDD0 && r <= 0xFDEF {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// isRegions tells whether a background is the regions of Finland.
func isRegions(b results.Background) bool {
	known := map[string]bool{}
	for _, r := range contacts.Regions {
		known[r] = true
	}
	n := 0
	for _, g := range b.Groups {
		for _, o := range g.Options {
			if !known[o] {
				return false
			}
			n++
		}
	}
	return n > 1
}
