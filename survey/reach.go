package survey

import (
	"slices"
	"strconv"
)

// target is what a condition guards: a page, or a question on it.
type target struct {
	page     int
	question *Question
}

// most is how many combinations of answers are tried before a condition is taken on trust.
const most = 5000

// reachable tells whether answers exist after which the condition holds for somebody who comes to
// it. It tries every combination of answers to the questions that the condition, and the
// conditions of those questions, speak of; what cannot be tried in full is taken for reachable.
func (q *Questionnaire) reachable(p program, guarded target) bool {
	sources := []string{p.Source().String(), q.Pages[guarded.page].Relevance}
	if guarded.question != nil {
		sources = append(sources, guarded.question.Relevance)
	}
	m, involved := q.involved(sources)
	if m.opaque {
		return true
	}
	choices, combinations := make([][]Answer, len(involved)), 1
	for i, question := range involved {
		choices[i] = q.possible(question, m)
		if combinations *= len(choices[i]); combinations > most {
			return true
		}
	}
	for n := range combinations {
		answers := q.pick(n, involved, choices)
		seen := q.before(guarded.page, answers)
		if holds(p, seen) && q.met(guarded.page, guarded.question, seen) {
			return true
		}
	}
	return false
}

// involved are the questions that conditions speak of, with those that decide whether they are
// asked, in the questionnaire's order.
func (q *Questionnaire) involved(sources []string) (*mentions, []*Question) {
	m := q.mentionsOf(sources...)
	for i := 0; i < len(m.questions); i++ { // grows while it is walked
		question := m.questions[i]
		sources = append(sources, question.Relevance, q.Pages[question.page].Relevance)
		m = q.mentionsOf(sources...)
	}
	involved := slices.Clone(m.questions)
	slices.SortFunc(involved, func(a, b *Question) int { return a.page - b.page })
	return m, involved
}

// met tells whether somebody with these answers is asked the question, or sees the page.
func (q *Questionnaire) met(page int, question *Question, seen names) bool {
	return holds(q.Pages[page].relevant, seen) && (question == nil || holds(question.relevant, seen))
}

// pick is the nth combination, less the answers to questions that are then not asked.
func (q *Questionnaire) pick(n int, involved []*Question, choices [][]Answer) Answers {
	answers := Answers{}
	for i, question := range involved {
		chosen := choices[i][n%len(choices[i])]
		n /= len(choices[i])
		if q.met(question.page, question, q.before(question.page, answers)) {
			answers[question.ID] = chosen
		}
	}
	return answers
}

// possible are answers to a question that a condition can tell apart, none among them.
func (q *Questionnaire) possible(question *Question, m *mentions) []Answer {
	list := []Answer{{}}
	options := q.optionsOf(question)
	switch question.Type {
	case Single:
		for _, o := range options {
			list = append(list, Answer{Value: o.ID})
		}
	case Grade:
		for n := question.Min; n <= question.Max; n++ {
			list = append(list, Answer{Value: strconv.Itoa(n)})
		}
	case Multiple:
		list = append(list, subsets(options, m.options[question.ID], question.Max)...)
	case Matrix:
		for _, row := range slices.Compact(slices.Sorted(slices.Values(m.rows[question.ID]))) {
			for _, before := range slices.Clone(list) {
				for _, o := range options {
					rows := map[string]string{row: o.ID}
					for r, chosen := range before.Rows {
						rows[r] = chosen
					}
					list = append(list, Answer{Rows: rows})
				}
			}
		}
	}
	return list
}

// subsets are the choices that a condition can tell apart: those of the options it names, and
// one of each size.
func subsets(options []Option, named []string, limit int) []Answer {
	if limit == 0 {
		limit = len(options)
	}
	named = slices.Compact(slices.Sorted(slices.Values(named)))
	if len(named) > 10 { // more than are tried anyway
		return make([]Answer, most+1)
	}
	var list []Answer
	for set := 1; set < 1<<len(named); set++ {
		var chosen []string
		for i, id := range named {
			if set&(1<<i) != 0 {
				chosen = append(chosen, id)
			}
		}
		if len(chosen) <= limit {
			list = append(list, Answer{Choices: chosen})
		}
	}
	for n := 1; n <= min(limit, len(options)); n++ {
		var chosen []string
		for _, o := range options[:n] {
			chosen = append(chosen, o.ID)
		}
		list = append(list, Answer{Choices: chosen})
	}
	return list
}
