package exchange

import (
	"slices"
	"strings"

	"viesti/i18n"
	"viesti/survey"
)

// context is a group of the form while its questions are laid on pages.
type context struct {
	id        string
	row       *row
	title     i18n.Text
	relevance []string // of the groups around it and its own
	own       *element // whose condition is the only one
	continues bool
	whole     bool // the form itself: its questions lie on no page of theirs
	pages     int
	screen    *screen
}

// screen is a page that is being filled.
type screen struct {
	index int
	names []string // in the form, of the questions on it
}

// walk lays the questions of a group on pages. Conditions look back only, so what depends on an
// answer of its own page begins another.
func (f *form) walk(elements []*element, c *context) {
	for _, e := range elements {
		switch {
		case f.ours && f.role(e, c):
		case e.typ == typeGroup:
			f.group(e, c)
			c.screen = nil
		case e.typ != isMatrix && typeOf(e) == "":
			f.unsupported(e)
		default:
			f.lay(e, c)
		}
	}
}

// group begins a page for a group, and for what lies in it.
func (f *form) group(e *element, around *context) {
	title := f.words(e.row, "label", true)
	inner := &context{
		id: e.name, row: e.row, title: title, continues: e.rest.Continues,
		relevance: slices.Concat(around.relevance, present([]string{e.row.get("relevant")})),
	}
	if e.rest.ID != "" {
		inner.id = e.rest.ID
	}
	if len(around.relevance) == 0 {
		inner.own = e
	}
	if title == nil {
		inner.title = around.title
	}
	e.row.get("appearance")
	f.walk(e.kids, inner)
	if title != nil && inner.pages == 0 && !slices.ContainsFunc(e.kids, func(k *element) bool { return k.typ != typeGroup }) {
		f.lose(e.row, "label", "exchange.group_label", i18n.Args{"name": e.name})
	}
}

// lay puts a question on the page, or on a new one.
func (f *form) lay(e *element, c *context) {
	depends := c.screen != nil && slices.ContainsFunc(f.dependsOn(e), func(name string) bool {
		return slices.Contains(c.screen.names, name)
	})
	if depends && !c.whole {
		f.lose(e.row, "relevant", "exchange.split", i18n.Args{"name": e.name, "group": c.id})
	}
	if c.screen == nil || depends {
		f.begin(c, e.row)
	}
	q := f.question(e)
	c.screen.names = append(c.screen.names, e.name)
	for _, k := range e.kids {
		c.screen.names = append(c.screen.names, k.name)
	}
	page := &f.q.Pages[c.screen.index]
	page.Questions = append(page.Questions, q)
}

// begin begins a page.
func (f *form) begin(c *context, r *row) {
	p := survey.Page{Title: c.title, Continues: c.continues || c.pages > 0 && !c.whole}
	if c.row != nil {
		r = c.row
	}
	p.ID = f.quietly(c.id, f.pages)
	if c.own != nil {
		p.Relevance = f.relevance(c.own, c.own.row.get("relevant"))
	} else {
		p.Relevance = f.condition(r, "relevant", c.relevance...)
	}
	c.screen = &screen{index: len(f.q.Pages)}
	c.pages++
	f.q.Pages = append(f.q.Pages, p)
}

// dependsOn are the names that must be answered before the element can be shown.
func (f *form) dependsOn(e *element) []string {
	var names []string
	for _, source := range []string{e.row.cells["relevant"], e.filter} {
		if n, ok := parseXPath(source); ok {
			names = append(names, n.refs()...)
		}
	}
	for key, cell := range e.row.cells {
		if base, _, _ := strings.Cut(key, "::"); slices.Contains(translated, base) {
			for _, m := range reference.FindAllStringSubmatch(cell, -1) {
				names = append(names, m[1])
			}
		}
	}
	for _, k := range e.kids {
		names = append(names, f.dependsOn(k)...)
	}
	return names
}

// role reads the rows that are no question with us, and tells whether it is one of them.
func (f *form) role(e *element, c *context) bool {
	switch {
	case e.typ == typeGroup && (e.rest.Is == isStart || e.rest.Is == isEnd):
		e.row.get("appearance")
		if title := f.words(e.row, "label", false); title != nil {
			title[f.own] = f.q.Title[f.own] // also in the settings, where others change it
			f.q.Title = title
		}
		f.walk(e.kids, &context{whole: true})
	case e.typ == "note" && e.rest.Is == isThanks:
		f.q.Thanks = f.words(e.row, "label", false)
	case e.typ == "note" && e.rest.Is == isIntro && c.whole:
		f.q.Intro = f.words(e.row, "label", false)
	case e.typ == "note" && e.rest.Is == isIntro && c.screen == nil:
		f.begin(c, e.row)
		f.q.Pages[c.screen.index].Intro = f.words(e.row, "label", true)
	default:
		return false
	}
	return true
}
