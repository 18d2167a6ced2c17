package survey_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"viesti/survey"
)

// A questionnaire as the tests draw it: what its source is written from, and what the model of the
// respondent's answers reads. The model knows nothing of how survey reads and runs it.
type (
	drawn struct{ pages []*drawnPage }

	drawnPage struct {
		when      condition // nil: always
		questions []*drawnQuestion
	}

	drawnQuestion struct {
		id                  string
		kind                survey.Type
		page                int
		options, rows       []drawnOption
		optionsFrom         *drawnQuestion
		rowsFrom            *drawnQuestion
		scale               bool // options are those of the shared scale
		min, max            int
		from, to            string
		decimals            int
		required, long      bool
		random, sel, quotes bool
		when                condition
	}

	drawnOption struct {
		id               string
		other, exclusive bool
		when             condition
	}
)

// all are the options a question takes its own from, whomever they are offered to.
func (q *drawnQuestion) all() []drawnOption {
	if q.optionsFrom != nil {
		return q.optionsFrom.all()
	}
	return q.options
}

func (q *drawnQuestion) allRows() []drawnOption {
	if q.rowsFrom != nil {
		return q.rowsFrom.all()
	}
	return q.rows
}

// drawer draws questionnaires and what respondents do with them.
type drawer struct{ *rand.Rand }

func (d drawer) oneIn(n int) bool { return d.IntN(n) == 0 }

func pick[T any](d drawer, list ...T) T { return list[d.IntN(len(list))] }

var kinds = []survey.Type{
	survey.Single, survey.Multiple, survey.Grade, survey.Matrix, survey.Rank, survey.OpenText,
	survey.Number, survey.Date, survey.Info, survey.Single, survey.Multiple, survey.Multiple,
}

func (d drawer) questionnaire() *drawn {
	q := &drawn{}
	var before []*drawnQuestion
	for page := range 2 + d.IntN(6) {
		p := &drawnPage{when: d.condition(before, 2)}
		for range 1 + d.IntN(3) {
			p.questions = append(p.questions, d.question(fmt.Sprintf("q%d_%d", page, len(p.questions)), page, before))
		}
		q.pages = append(q.pages, p)
		before = append(before, p.questions...)
	}
	return q
}

func (d drawer) question(id string, page int, before []*drawnQuestion) *drawnQuestion {
	q := &drawnQuestion{id: id, page: page, kind: pick(d, kinds...), when: d.condition(before, 3)}
	q.quotes = len(before) > 0 && d.oneIn(5)
	if q.kind != survey.Info {
		q.required = d.oneIn(8)
	}
	var many []*drawnQuestion
	for _, b := range before {
		if b.kind == survey.Multiple {
			many = append(many, b)
		}
	}
	switch q.kind {
	case survey.Single, survey.Multiple, survey.Rank:
		q.random, q.sel = d.oneIn(3), q.kind == survey.Single && d.oneIn(3)
		if q.kind != survey.Single {
			q.max = d.IntN(4)
		}
		switch {
		case len(many) > 0 && d.oneIn(3):
			q.optionsFrom = pick(d, many...)
		case d.oneIn(6):
			q.scale, q.options = true, []drawnOption{{id: "1"}, {id: "2"}, {id: "dk"}}
		default:
			q.options = d.options(q.kind, before)
		}
	case survey.Matrix:
		q.random, q.scale, q.options = d.oneIn(3), true, []drawnOption{{id: "1"}, {id: "2"}, {id: "dk"}}
		if len(many) > 0 && d.oneIn(2) {
			q.rowsFrom = pick(d, many...)
		} else {
			q.rows = d.options(survey.Matrix, before)
		}
	case survey.Grade:
		q.min, q.max = d.IntN(2), pick(d, 5, 10)
	case survey.OpenText:
		q.long, q.max = d.oneIn(2), pick(d, 0, 10)
	case survey.Number:
		q.decimals, q.from, q.to = d.IntN(3), pick(d, "", "-2"), pick(d, "", "7")
	case survey.Date:
		q.from, q.to = pick(d, "", "2026-01-01"), pick(d, "", "2027-12-31")
	}
	return q
}

func (d drawer) options(kind survey.Type, before []*drawnQuestion) []drawnOption {
	var list []drawnOption
	for i := range 2 + d.IntN(3) {
		list = append(list, drawnOption{id: string(rune('a' + i)), when: d.condition(before, 4)})
	}
	if kind == survey.Multiple && d.oneIn(3) {
		list = append(list, drawnOption{id: "none", exclusive: true})
	}
	if (kind == survey.Single || kind == survey.Multiple) && d.oneIn(2) {
		list = append(list, drawnOption{id: "other", other: true, when: d.condition(before, 2)})
	}
	return list
}

// source writes the questionnaire out.
func (q *drawn) source() string {
	var w writer
	w.WriteString("id = \"drawn\"\nversion = \"7\"\nminutes = [1, 2]\n")
	for _, key := range []string{"title", "intro", "thanks"} {
		w.say(key, "")
	}
	w.options("scale.s.option", []drawnOption{{id: "1"}, {id: "2"}, {id: "dk"}})
	quote := ""
	if first := q.pages[0].questions[0]; first.kind != survey.Info {
		quote = " {" + first.id + "}"
	}
	for i, p := range q.pages {
		fmt.Fprintf(&w, "[[page]]\nid = \"p%d\"\n", i)
		w.say("title", "")
		w.when(p.when)
		for _, question := range p.questions {
			w.question(question, quote)
		}
	}
	return w.String()
}

// writer writes TOML.
type writer struct{ strings.Builder }

func (w *writer) say(key, quote string) {
	fmt.Fprintf(w, "%s = { fi = \"a%[2]s\", sv = \"b%[2]s\", en = \"c%[2]s\" }\n", key, quote)
}

func (w *writer) set(key string, value any) {
	if value != 0 && value != "" && value != false {
		fmt.Fprintf(w, "%s = %#v\n", key, value)
	}
}

func (w *writer) when(c condition) {
	if c != nil {
		fmt.Fprintf(w, "relevance = '%s'\n", c)
	}
}

func (w *writer) options(table string, list []drawnOption) {
	for _, o := range list {
		fmt.Fprintf(w, "[[%s]]\nid = %q\n", table, o.id)
		w.say("text", "")
		w.set("other", o.other)
		w.set("exclusive", o.exclusive)
		w.when(o.when)
	}
}

func (w *writer) question(q *drawnQuestion, quote string) {
	fmt.Fprintf(w, "[[page.question]]\nid = %q\ntype = %q\n", q.id, q.kind)
	if !q.quotes {
		quote = ""
	}
	w.say("text", quote)
	for _, k := range []struct {
		key   string
		value any
	}{
		{"min", q.min},
		{"max", q.max},
		{"from", q.from},
		{"to", q.to},
		{"decimals", q.decimals},
		{"required", q.required},
		{"long", q.long},
		{"random", q.random},
		{"select", q.sel},
	} {
		w.set(k.key, k.value)
	}
	w.when(q.when)
	switch {
	case q.optionsFrom != nil:
		w.set("options_from", q.optionsFrom.id)
	case q.scale:
		w.set("scale", "s")
	default:
		w.options("page.question.option", q.options)
	}
	if q.rowsFrom != nil {
		w.set("rows_from", q.rowsFrom.id)
	} else {
		w.options("page.question.row", q.rows)
	}
}

// condition is a relevance expression together with what it means.
type condition interface {
	fmt.Stringer
	holds(known survey.Answers) bool
}

// condition draws one over earlier questions in one of n cases, and none in the others.
func (d drawer) condition(before []*drawnQuestion, n int) condition {
	before = slices.DeleteFunc(slices.Clone(before), func(q *drawnQuestion) bool { return q.kind == survey.Info })
	if len(before) == 0 || !d.oneIn(n) {
		return nil
	}
	c := d.comparison(pick(d, before...))
	if d.oneIn(3) {
		c = joined{c, pick(d, "&&", "||"), d.comparison(pick(d, before...))}
	}
	return c
}

func (d drawer) comparison(q *drawnQuestion) condition {
	if d.oneIn(4) {
		return answered{q.id, d.oneIn(2)}
	}
	switch q.kind {
	case survey.Single:
		return chosen{q.id, pick(d, q.all()...).id, d.oneIn(2)}
	case survey.Multiple, survey.Rank:
		return among{q.id, pick(d, q.all()...).id, d.oneIn(2)}
	case survey.Matrix:
		return inRow{q.id, pick(d, q.allRows()...).id, pick(d, q.options...).id}
	case survey.Grade, survey.Number:
		return beyond{q.id, pick(d, 1, 3, 5), d.oneIn(2)}
	default:
		return answered{q.id, d.oneIn(2)}
	}
}
