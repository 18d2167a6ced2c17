package results

import (
	"cmp"
	"fmt"
	"slices"

	"viesti/survey"
)

// catalog is what was asked in a wave: the questionnaire as it is, and what only earlier editions of
// it had. What carries the same id is the same thing, with its last words; a question whose answers
// became of another kind is another question.
type catalog struct {
	last     *survey.Questionnaire
	pages    []*chapter
	subjects []*subject
	versions map[string]map[string]*subject // by version and id
	items    int                            // how many there are
	cells    int                            // of all items
	ranks    bool                           // some question is a ranking
	numbers  bool                           // some question asks for a number
}

// chapter is a page with all that was ever asked on it.
type chapter struct {
	survey.Page
	subjects []*subject
}

// subject is a question as it is reported.
type subject struct {
	*survey.Question
	id          string // unique in the wave
	removed     bool
	conditional bool
	ordered     bool // its options, or the grades, lie on a scale
	options     []choice
	rows        []choice
	optionAt    map[string]int
	rowAt       map[string]int
	classes     classes // of numbers and days
	index       int     // its place among the subjects
	items       int     // where its items begin among all
	cells       int     // where their cells begin
	opens       []route // what is asked because of its answers
}

// choice is an option or a row. What was removed is reported if somebody chose it.
type choice struct {
	survey.Option
	removed bool
}

// route leads to a question that is asked of some alone: of those who chose an option where it is a
// row of a matrix or an option taken over, else by a condition.
type route struct {
	to   *subject
	rows bool // each option leads to the row of its name
	take bool // each option leads to the option of its name
}

// newCatalog puts together what was asked. last is the questionnaire as it is; nil where it is gone,
// and then the last edition stands for it. It is nil where nothing is known of what was asked.
func newCatalog(last *survey.Questionnaire, editions []survey.Edition) (*catalog, error) {
	editions = slices.Clone(editions)
	slices.SortStableFunc(editions, func(a, b survey.Edition) int {
		return cmp.Or(cmp.Compare(b.Day, a.Day), cmp.Compare(b.Version, a.Version), cmp.Compare(a.Source, b.Source))
	})
	var asked []*survey.Questionnaire
	if last != nil {
		asked = append(asked, last)
	}
	for _, e := range editions {
		q, err := e.Questionnaire()
		if err != nil {
			return nil, fmt.Errorf("results: edition %s of the questionnaire: %w", e.Version, err)
		}
		asked = append(asked, q)
	}
	if len(asked) == 0 {
		return nil, nil
	}
	c := &catalog{last: asked[0], versions: map[string]map[string]*subject{}}
	for i, q := range asked {
		c.add(q, i > 0)
	}
	for _, q := range asked {
		c.route(q)
	}
	c.number()
	return c, nil
}

// add takes what an edition has more than those that were added before.
func (c *catalog) add(q *survey.Questionnaire, earlier bool) {
	version := c.versions[q.Version]
	if version == nil {
		version = map[string]*subject{}
		c.versions[q.Version] = version
	}
	for i := range q.Pages {
		page := c.page(q.Pages[i])
		for j := range q.Pages[i].Questions {
			question := &q.Pages[i].Questions[j]
			if question.Type == survey.Info {
				continue
			}
			s := c.subject(page, question, earlier)
			s.take(q, question, earlier)
			if _, known := version[question.ID]; !known {
				version[question.ID] = s
			}
			s.conditional = s.conditional || question.Relevance != "" || q.Pages[i].Relevance != ""
		}
	}
}

func (c *catalog) page(p survey.Page) *chapter {
	at := slices.IndexFunc(c.pages, func(other *chapter) bool { return other.ID == p.ID })
	if at < 0 {
		c.pages, at = append(c.pages, &chapter{Page: p}), len(c.pages)
	}
	return c.pages[at]
}

func (c *catalog) subject(page *chapter, q *survey.Question, earlier bool) *subject {
	same := func(s *subject) bool { return s.ID == q.ID && sameKind(s.Question, q) }
	if at := slices.IndexFunc(c.subjects, same); at >= 0 {
		return c.subjects[at]
	}
	s := &subject{Question: q, id: q.ID, index: len(c.subjects), removed: earlier, optionAt: map[string]int{}, rowAt: map[string]int{}}
	for n := 2; slices.ContainsFunc(c.subjects, func(other *subject) bool { return other.id == s.id }); n++ {
		s.id = fmt.Sprintf("%s_%d", q.ID, n)
	}
	if q.Type == survey.Number || q.Type == survey.Date {
		s.classes = classesOf(q)
	}
	c.subjects = append(c.subjects, s)
	page.subjects = append(page.subjects, s)
	return s
}

// route finds what leads where in an edition.
func (c *catalog) route(q *survey.Questionnaire) {
	known := c.versions[q.Version]
	for i := range q.Pages {
		for j := range q.Pages[i].Questions {
			question := &q.Pages[i].Questions[j]
			to := known[question.ID]
			if to == nil {
				continue
			}
			for _, need := range q.Needs(question) {
				from := known[need.ID]
				if from == nil || slices.ContainsFunc(from.opens, func(r route) bool { return r.to == to }) {
					continue
				}
				from.opens = append(from.opens, route{to, question.RowsFrom == need.ID, question.OptionsFrom == need.ID})
			}
		}
	}
}

// sameKind tells whether answers to both can be counted together.
func sameKind(a, b *survey.Question) bool {
	if a.Type != b.Type {
		return false
	}
	switch a.Type {
	case survey.Grade:
		return a.Min == b.Min && a.Max == b.Max
	case survey.Number, survey.Date:
		return a.From == b.From && a.To == b.To
	default:
		return true
	}
}

// take adds the options and rows that a question has and the subject has not.
func (s *subject) take(q *survey.Questionnaire, question *survey.Question, earlier bool) {
	switch question.Type {
	case survey.Grade:
		if len(s.options) == 0 {
			s.ordered = true
			for n := question.Min; n <= question.Max; n++ {
				s.add(&s.options, s.optionAt, survey.Option{ID: fmt.Sprint(n), Text: same(fmt.Sprint(n))}, false)
			}
		}
	case survey.Number, survey.Date:
		if len(s.options) == 0 {
			s.ordered = true
			for _, o := range s.classes.options(question) {
				s.add(&s.options, s.optionAt, o, false)
			}
		}
	case survey.Single, survey.Multiple, survey.Rank, survey.Matrix:
		if !earlier {
			s.ordered = question.Scale != "" && (question.Type == survey.Single || question.Type == survey.Matrix)
		} else if s.removed {
			s.ordered = s.ordered || question.Scale != "" && (question.Type == survey.Single || question.Type == survey.Matrix)
		}
		options, rows := q.Choices(question)
		for _, o := range options {
			s.add(&s.options, s.optionAt, o, earlier && !s.removed)
		}
		for _, o := range rows {
			s.add(&s.rows, s.rowAt, o, earlier && !s.removed)
		}
	}
}

func (s *subject) add(list *[]choice, at map[string]int, o survey.Option, removed bool) {
	if _, known := at[o.ID]; !known {
		at[o.ID] = len(*list)
		*list = append(*list, choice{o, removed})
	}
}

// number gives items and their cells their places.
func (c *catalog) number() {
	for _, s := range c.subjects {
		s.items, s.cells = c.items, c.cells
		c.items += s.count()
		c.cells += s.count() * s.width()
		c.ranks = c.ranks || s.Type == survey.Rank
		c.numbers = c.numbers || s.Type == survey.Number
	}
}

// width is how many cells an item has: its options, what is gone, and all who answered.
func (s *subject) width() int { return len(s.options) + 2 }

// cell is where the cells of an item begin.
func (s *subject) cell(row int) int { return s.cells + row*s.width() }

// count is how many items a subject has.
func (s *subject) count() int {
	switch s.Type {
	case survey.OpenText:
		return 0
	case survey.Matrix:
		return len(s.rows)
	default:
		return 1
	}
}

// gone is the place of what no edition that is known offers, after all options.
func (s *subject) gone() int { return len(s.options) }

// backgrounds are the questions about the respondents that are still asked.
func (c *catalog) backgrounds() []*subject {
	return slices.DeleteFunc(slices.Clone(c.subjects), func(s *subject) bool { return !s.Background || s.removed })
}

// of is what a response's answers are to. A response of an edition that was never kept is read by
// what is known.
func (c *catalog) of(version string) map[string]*subject {
	if found, ok := c.versions[version]; ok {
		return found
	}
	return c.versions[c.last.Version]
}
