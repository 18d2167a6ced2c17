package exchange

import (
	"maps"
	"slices"

	"viesti/i18n"
	"viesti/survey"
)

// list is a list of choices.
type list struct {
	name    string
	choices []choice
	scale   *string // a scale of ours, by its name
	users   int     // questions that take it as it is
	matrix  bool    // some matrix does
	taken   bool    // some question does at all
	written bool    // it became a scale
}

type choice struct {
	row    *row
	name   string
	rest   rest
	option survey.Option
}

func (l *list) has(name string) bool {
	return l != nil && slices.ContainsFunc(l.choices, func(c choice) bool { return c.name == name })
}

// ids are the options' ids by their names in the form.
func (l *list) ids() map[string]string {
	ids := map[string]string{}
	if l != nil {
		for _, c := range l.choices {
			ids[c.name] = c.option.ID
		}
	}
	return ids
}

func (f *form) readLists() {
	if f.choices == nil {
		return
	}
	taken := map[string]map[string]bool{}
	for _, r := range f.choices.rows {
		name := r.get("list_name")
		c := choice{row: r, name: r.get("name")}
		if name == "" || c.name == "" {
			f.lose(r, "name", "exchange.no_choice", nil)
			r.ignore()
			continue
		}
		l := f.lists[name]
		if l == nil {
			l = &list{name: name}
			f.lists[name], taken[name] = l, map[string]bool{}
		}
		if own := r.get(ownColumn); own != "" && f.ours {
			var ok bool
			if c.rest, ok = restOf(own); !ok {
				f.lose(r, ownColumn, "exchange.own", i18n.Args{"column": ownColumn})
			}
			if c.rest.Scale != nil {
				l.scale = c.rest.Scale
			}
			if c.rest.Relevant == "" { // nothing that XLSForm could say
				c.option.Relevance = c.rest.Relevance
			}
		}
		if l.has(c.name) { // told apart by a filter, or else found by the check
			c.option.ID = l.ids()[c.name]
		} else {
			c.option.ID = f.identify(r.place("name"), c.name, taken[name], optionID)
		}
		c.option.Text = f.words(r, "label", false)
		c.option.Other, c.option.Exclusive, c.option.DontKnow = c.rest.Other, c.rest.Exclusive, c.rest.DontKnow
		l.choices = append(l.choices, c)
	}
}

// count finds out which lists are taken by several questions as they are.
func (f *form) count(elements []*element) {
	for _, e := range elements {
		f.count(e.kids)
		l := f.lists[e.list]
		switch {
		case e.typ == isMatrix:
			if l = f.lists[e.kids[0].list]; l != nil {
				l.matrix = true
			}
		case l != nil && e.filter == "" && !e.other && e.beside == nil:
			l.users++
		}
	}
}

// scaled tells whether a list is a scale with us.
func (l *list) scaled() bool {
	return l != nil && (l.scale != nil || l.matrix || l.users > 1)
}

// scaleOf is the name of the scale that a list becomes.
func (f *form) scaleOf(l *list) string {
	name := listName(l.name)
	if l.scale != nil {
		name = *l.scale
	}
	if l.taken = true; !l.written {
		l.written = true
		var options []survey.Option
		for _, c := range l.choices {
			options = append(options, c.option)
		}
		f.q.Scales[name] = survey.Scale{Options: options}
	}
	return name
}

// scales adds those scales of ours that no question takes.
func (f *form) scales() {
	for _, name := range slices.Sorted(maps.Keys(f.lists)) {
		if l := f.lists[name]; l.scale != nil {
			f.scaleOf(l)
		} else if !l.taken {
			f.lose(l.choices[0].row, "list_name", "exchange.unused_list", i18n.Args{"name": name})
		}
	}
	if len(f.q.Scales) == 0 {
		f.q.Scales = nil
	}
}

// choose gives a question its options: a scale, the options chosen earlier, or its own. alone are
// the names of those that the constraint lets stand only alone.
func (f *form) choose(q *survey.Question, e *element, alone []string) {
	l := f.lists[e.list]
	if l == nil {
		f.lose(e.row, "type", "exchange.no_list", i18n.Args{"name": e.name, "list": e.list})
		return
	}
	l.taken = true
	var opening []string
	if e.beside != nil {
		opening = f.opensFor(e.beside, e)
	}
	if e.filter != "" {
		f.filtered(q, e, l)
		if q.OptionsFrom != "" {
			return
		}
	} else {
		for _, c := range l.choices {
			q.Options = append(q.Options, c.option)
		}
	}
	changed := f.flag(q, l, alone, opening) || e.filter != "" || e.other
	if e.other && !slices.ContainsFunc(q.Options, func(o survey.Option) bool { return o.Other }) {
		q.Options = append(q.Options, survey.Option{ID: free("other", idsOf(q.Options)), Text: message("exchange.other", nil), Other: true})
	}
	if e.options = q.Options; l.scaled() && !changed {
		q.Scale, q.Options = f.scaleOf(l), nil
	}
}

// flag marks the options that stand alone or open a text field, and tells whether that is more
// than the list itself says.
func (f *form) flag(q *survey.Question, l *list, alone, opening []string) (changed bool) {
	ids := l.ids()
	mark := func(names []string, flag func(o *survey.Option) *bool) {
		for i := range q.Options {
			o := flag(&q.Options[i])
			if !*o && slices.ContainsFunc(names, func(name string) bool { return ids[name] == q.Options[i].ID }) {
				*o, changed = true, true
			}
		}
	}
	mark(alone, func(o *survey.Option) *bool { return &o.Exclusive })
	mark(opening, func(o *survey.Option) *bool { return &o.Other })
	return changed
}

func idsOf(options []survey.Option) map[string]bool {
	ids := map[string]bool{}
	for _, o := range options {
		ids[o.ID] = true
	}
	return ids
}

// filtered gives a question the options that its filter lets through, each under the condition
// that the filter makes for it.
func (f *form) filtered(q *survey.Question, e *element, l *list) {
	filter, readable := parseXPath(e.filter)
	conditions := make([]node, len(l.choices))
	for i, c := range l.choices {
		conditions[i] = filter.forChoice(func(column string) (string, bool) {
			if column == "name" {
				return c.name, true
			}
			return c.row.get(column), slices.Contains(c.row.sheet.keys, column)
		})
	}
	if from := f.chosenEarlier(e, filter, conditions, l); from != nil {
		q.OptionsFrom, e.options = from.id, from.options
		return
	}
	told := false
	for i, c := range l.choices {
		o, ok := c.option, false
		switch {
		case readable && conditions[i].isTruth(false):
			continue
		case readable && conditions[i].isTruth(true):
			ok = true
		case readable && c.rest.Relevance != "" && c.rest.Relevant == conditions[i].xpath():
			o.Relevance, ok = c.rest.Relevance, true
		case readable:
			o.Relevance, ok = toExpr(conditions[i], f.subject)
		}
		if !ok {
			o.Relevance = untranslated("XPath", e.filter)
		}
		if !ok && !told {
			f.lose(e.row, "choice_filter", "exchange.filter", i18n.Args{"expression": shortened(e.filter)})
			told = true
		}
		q.Options = append(q.Options, o)
	}
}

// chosenEarlier is the question whose chosen options are those that a filter lets through.
func (f *form) chosenEarlier(e *element, filter node, conditions []node, l *list) *element {
	refs := filter.refs()
	if len(refs) != 1 {
		return nil
	}
	from := f.names[refs[0]]
	if from == nil || typeOf(from) != survey.Multiple || from.list != e.list || len(from.options) != len(l.choices) {
		return nil
	}
	for i, c := range l.choices {
		want := selected(ref(refs[0]), c.name)
		if o := from.options[i]; o.Other || o.Exclusive {
			want = truth(false)
		}
		if !conditions[i].equal(want) {
			return nil
		}
	}
	return from
}
