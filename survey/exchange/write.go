package exchange

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/survey"
)

// header is a language as XLSForm names it in heads.
func header(lang i18n.Lang) string { return fmt.Sprintf("%s (%s)", lang.Name(), lang) }

// heads are a column in every language.
func heads(base string) []string {
	var list []string
	for _, lang := range i18n.Langs {
		list = append(list, base+"::"+header(lang))
	}
	return list
}

// Write makes an XLSForm workbook of a questionnaire that was read and checked. What Read makes
// of it is the same questionnaire; the list says what other tools will not do as we do.
func Write(q *survey.Questionnaire) (xlsx []byte, losses fault.List, err error) {
	w := newWriter(q)
	if err := w.form(); err != nil {
		return nil, nil, err
	}
	xlsx, err = workbook([]*table{w.survey, w.choices, w.settings})
	return xlsx, w.losses, err
}

type writer struct {
	q                         *survey.Questionnaire
	survey, choices, settings *table
	names                     map[string]bool   // taken in the sheet survey
	lists                     map[string]bool   // taken in the sheet choices
	scales                    map[string]string // the list of each scale
	own                       map[string]string // the list of each question with options of its own
	called                    map[string]called // by question id
	answers                   map[string]subject
	losses                    fault.List
	err                       error
}

func newWriter(q *survey.Questionnaire) *writer {
	w := &writer{
		q: q, names: map[string]bool{}, lists: map[string]bool{}, scales: map[string]string{}, own: map[string]string{},
		called: map[string]called{}, answers: map[string]subject{},
		survey: &table{name: "survey", columns: slices.Concat(
			[]string{"type", "name"}, heads("label"), heads("hint"), heads("guidance_hint"),
			[]string{"required", "relevant", "constraint"}, heads("constraint_message"),
			[]string{"appearance", "parameters", "choice_filter", ownColumn},
		)},
		choices:  &table{name: "choices", columns: slices.Concat([]string{"list_name", "name"}, heads("label"), []string{ownColumn})},
		settings: &table{name: "settings", columns: []string{"form_title", "form_id", "version", "default_language", "style", ownColumn}},
	}
	for _, p := range q.Pages {
		for _, question := range p.Questions {
			w.names[question.ID] = true // the names that people see in their data
		}
	}
	return w
}

// free is a name that nothing has yet.
func free(name string, taken map[string]bool) string {
	unique := name
	for n := 2; taken[unique]; n++ {
		unique = fmt.Sprintf("%s_%d", name, n)
	}
	taken[unique] = true
	return unique
}

// line begins a row of the sheet survey.
func (w *writer) line(kind, name string) map[string]string {
	row := map[string]string{"type": kind, "name": name}
	w.survey.rows = append(w.survey.rows, row)
	return row
}

func (w *writer) rest(row map[string]string, r rest) {
	cell, err := r.cell()
	if err != nil && w.err == nil {
		w.err = err
	}
	row[ownColumn] = cell
}

// texts fills the columns of a text. With quotes, earlier answers shown in it stay so.
func texts(row map[string]string, base string, t i18n.Text, quotes bool) {
	for _, lang := range i18n.Langs {
		s := t[lang]
		if quotes {
			s = quote.ReplaceAllString(s, "$${$1}")
		}
		if s != "" {
			row[base+"::"+header(lang)] = s
		}
	}
}

var quote = regexp.MustCompile(`\{([a-z][a-z0-9_]*)\}`)

func (w *writer) form() error {
	q := w.q
	for _, name := range sortedScales(q.Scales) {
		w.scales[name] = free(listName(name), w.lists)
		w.list(w.scales[name], q.Scales[name].Options, &name)
	}
	settings := map[string]string{
		"form_title": q.Title[i18n.Fi], "form_id": q.ID, "version": q.Version,
		"default_language": header(i18n.Fi), "style": "pages",
	}
	w.rest(settings, rest{Minutes: q.Minutes[:]})
	w.settings.rows = append(w.settings.rows, settings)

	w.note(isStart, "start", isIntro, q.Title, q.Intro)
	for i := range q.Pages {
		w.page(&q.Pages[i])
	}
	w.note(isEnd, "end", isThanks, nil, q.Thanks)
	return w.err
}

// note is a screen with a text alone.
func (w *writer) note(group, name, is string, title, text i18n.Text) {
	begin := w.line("begin_group", free("survey_"+name, w.names))
	begin["appearance"] = "field-list"
	texts(begin, "label", title, false)
	w.rest(begin, rest{Is: group})
	note := w.line("note", free("survey_"+is, w.names))
	texts(note, "label", text, false)
	w.rest(note, rest{Is: is})
	w.line("end_group", "")
}

func (w *writer) page(p *survey.Page) {
	row := w.line("begin_group", free(p.ID+"_page", w.names))
	row["appearance"] = "field-list"
	texts(row, "label", p.Title, true)
	r := rest{Is: isPage, ID: p.ID, Continues: p.Continues}
	w.relevance(row, &r, p.Relevance)
	w.rest(row, r)
	if p.Intro != nil {
		note := w.line("note", free(p.ID+"_intro", w.names))
		texts(note, "label", p.Intro, true)
		w.rest(note, rest{Is: isIntro})
	}
	for i := range p.Questions {
		w.question(&p.Questions[i])
	}
	w.line("end_group", "")
}

// relevance fills the column for a condition. Our own words are kept beside it where they would
// come back as others.
func (w *writer) relevance(row map[string]string, r *rest, source string) {
	if source == "" {
		return
	}
	n, ok := fromExpr(source, w.find)
	if !ok {
		w.lose("exchange.condition_out", i18n.Args{"name": row["name"], "expression": source})
		r.Relevance = source
		return
	}
	row["relevant"] = n.xpath()
	if back, ok := toExpr(n, w.answer); !ok || back != source {
		r.Relevance, r.Relevant = source, row["relevant"]
	}
}

func (w *writer) find(id string) (called, bool)      { c, ok := w.called[id]; return c, ok }
func (w *writer) answer(name string) (subject, bool) { s, ok := w.answers[name]; return s, ok }

func (w *writer) lose(key string, args i18n.Args) {
	w.losses = append(w.losses, fault.New(fault.Invalid, key, args))
}

// list writes the options of a list.
func (w *writer) list(name string, options []survey.Option, scale *string) {
	for _, o := range options {
		row := map[string]string{"list_name": name, "name": o.ID}
		texts(row, "label", o.Text, false)
		r := rest{Scale: scale, Other: o.Other, Exclusive: o.Exclusive, DontKnow: o.DontKnow}
		if n, ok := fromExpr(o.Relevance, w.find); o.Relevance != "" {
			r.Relevance = o.Relevance
			if ok {
				r.Relevant = n.xpath()
				if back, ok := toExpr(n, w.answer); ok && back == o.Relevance {
					r.Relevance, r.Relevant = "", ""
				}
			}
		}
		w.rest(row, r)
		w.choices.rows = append(w.choices.rows, row)
	}
}

// optionsOf are all options that a question can have, and the list they stand in.
func (w *writer) optionsOf(q *survey.Question) ([]survey.Option, string) {
	switch {
	case q.Scale != "":
		return w.q.Scales[q.Scale].Options, w.scales[q.Scale]
	case q.OptionsFrom != "":
		from, _ := w.q.Question(q.OptionsFrom)
		return w.optionsOf(from)
	default:
		return q.Options, w.own[q.ID]
	}
}

var noListName = regexp.MustCompile(`[^A-Za-z0-9_-]+`)

// listName is a name of a list: other tools want it without blanks and points.
func listName(s string) string {
	if s = strings.Trim(noListName.ReplaceAllString(s, "_"), "_"); s == "" {
		return "list"
	}
	return s
}
