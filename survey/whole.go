package survey

import (
	"slices"

	"viesti/i18n"
)

// Whole is a page with all that anybody can be asked on it: every question, option and row,
// whomever they concern. Where a text shows an earlier answer it says which one.
func (q *Questionnaire) Whole(page int) (Page, []Item) {
	p := q.Pages[page]
	if p.quotes {
		p.Title, p.Intro = q.fill(p.Title, q.named), q.fill(p.Intro, q.named)
	}
	items := make([]Item, len(p.Questions))
	for i := range p.Questions {
		question := &p.Questions[i]
		items[i] = Item{Question: question}
		items[i].Columns, items[i].Rows = q.Choices(question)
		if question.quotes {
			items[i].Question = q.quoted(question, q.named)
		}
	}
	return p, items
}

// choosable are the options that a later question can take over.
func choosable(options []Option) []Option {
	return slices.DeleteFunc(slices.Clone(options), func(o Option) bool { return o.Other || o.Exclusive })
}

// named stands for an answer to a question where there is none to show.
func (q *Questionnaire) named(question *Question, lang i18n.Lang) string {
	return i18n.T(lang, "survey.quoted", i18n.Args{"number": q.Ordinal(question.ID)})
}

// Ordinal is the number of a question among all that can be answered, 0 if there is no such one.
func (q *Questionnaire) Ordinal(id string) int {
	n := 0
	for i := range q.Pages {
		for j := range q.Pages[i].Questions {
			question := &q.Pages[i].Questions[j]
			if question.Type == Info {
				continue
			}
			if n++; question.ID == id {
				return n
			}
		}
	}
	return 0
}

// Depends are the earlier questions whose answers change a page, with those that decide whether
// these are asked, in the questionnaire's order.
func (q *Questionnaire) Depends(page int) []*Question {
	var sources []string
	var taken []*Question
	take := func(id string) {
		if from, ok := q.byID[id]; ok && from.page < page && !slices.Contains(taken, from) {
			taken = append(taken, from)
		}
	}
	shown := func(texts ...i18n.Text) {
		for _, t := range texts {
			for _, m := range quote.FindAllStringSubmatch(t[i18n.Langs[0]], -1) {
				take(m[1])
			}
		}
	}
	p := &q.Pages[page]
	sources = append(sources, p.Relevance)
	shown(p.Title, p.Intro)
	for i := range p.Questions {
		question := &p.Questions[i]
		sources = append(sources, question.Relevance)
		for _, o := range slices.Concat(question.Options, question.Rows) {
			sources = append(sources, o.Relevance)
		}
		take(question.OptionsFrom)
		take(question.RowsFrom)
		shown(question.Text, question.Help, question.Definition, question.Low, question.High)
	}
	for i := 0; i < len(taken); i++ { // grows while it is walked
		sources = append(sources, taken[i].Relevance, q.Pages[taken[i].page].Relevance)
		take(taken[i].OptionsFrom)
	}
	_, involved := q.involved(sources)
	for _, question := range involved {
		take(question.ID)
	}
	slices.SortFunc(taken, func(a, b *Question) int { return q.Ordinal(a.ID) - q.Ordinal(b.ID) })
	return taken
}

// Choices are all options of a question and, of a matrix, all rows, whomever they are offered to.
func (q *Questionnaire) Choices(question *Question) (options, rows []Option) {
	options, rows = q.optionsOf(question), q.rowsOf(question)
	if question.OptionsFrom != "" {
		options = choosable(options)
	}
	if question.RowsFrom != "" {
		rows = choosable(rows)
	}
	return options, rows
}
