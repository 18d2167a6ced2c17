package publication

import (
	"slices"
	"strings"

	"viesti/i18n"
	"viesti/report/disclosure"
	"viesti/report/results"
	"viesti/survey"
)

// question is a question with what was answered to it: whom it was asked, a picture, its table.
func (w *writer) question(q results.Question) section {
	s := section{ID: "question-" + q.ID, Title: w.said(q.Text)}
	if when := w.said(q.When); when != "" {
		s.Blocks = append(s.Blocks, block{Note: w.t("publication.question.when", i18n.Args{"when": when})})
	} else if q.Conditional {
		s.Blocks = append(s.Blocks, block{Note: w.t("publication.question.conditional", nil)})
	}
	if q.Removed {
		s.Blocks = append(s.Blocks, block{Note: w.t("publication.question.removed", nil)})
	}
	if days := w.days(q); days != "" {
		s.Blocks = append(s.Blocks, block{Note: w.t("publication.question.earlier", i18n.Args{"day": days})})
	}
	s.Blocks = append(s.Blocks, w.answered(q)...)
	if q.Open != nil {
		s.Blocks = append(s.Blocks, w.open(q)...)
	}
	return s
}

// days are those of the earlier releases that some of a question's figures are of.
func (w *writer) days(q results.Question) string {
	var all, list []string
	for _, item := range q.Items {
		all = append(all, item.Day)
	}
	if q.Open != nil {
		all = append(all, q.Open.Day)
	}
	for _, day := range all {
		if said := w.date(day); day != "" && !slices.Contains(list, said) {
			list = append(list, said)
		}
	}
	return strings.Join(list, ", ")
}

// answered are the figures of a question.
func (w *writer) answered(q results.Question) []block {
	items := slices.DeleteFunc(slices.Clone(q.Items), func(i results.Item) bool { return i.Withheld })
	none := !slices.ContainsFunc(items, func(i results.Item) bool {
		n, shown := i.Answered.Value()
		return !shown || n > 0
	})
	switch {
	case len(q.Items) == 0:
		return nil
	case len(items) == 0:
		return []block{{Note: w.t("publication.question.withheld", i18n.Args{"min": w.Minimum})}}
	case none:
		return []block{{Note: w.t("publication.question.nobody", nil)}}
	case q.Type == survey.Matrix:
		return w.matrix(q)
	case numeric(q):
		return w.grade(q, items[0])
	case len(items[0].Categories) > 0:
		return w.options(q, items[0])
	default:
		return []block{{Text: w.t("publication.question.answered", i18n.Args{"n": w.count(items[0].Answered)})}}
	}
}

// numeric tells whether a question's answers are numbers.
func numeric(q results.Question) bool { return q.Type == survey.Grade || q.Type == survey.Number }

// open leads to the answers in the respondents' own words. Of words beside "other" nothing is said
// where none were released.
func (w *writer) open(q results.Question) []block {
	key := "publication.question.open"
	if q.Type != survey.OpenText {
		if key = "publication.question.other"; len(q.Open.Answers) == 0 {
			return nil
		}
	}
	list := []block{{Text: w.t(key, i18n.Args{"n": w.count(q.Open.Given), "released": len(q.Open.Answers)})}}
	if len(q.Open.Answers) > 0 {
		list = append(list, block{Link: &anchor{Href: fileName(w.lang, answers) + "#question-" + q.ID, Text: w.t("publication.question.read", nil)}})
	}
	return list
}

// at is a count, hidden where there is none.
func at(counts []disclosure.Count, i int) disclosure.Count {
	if i < len(counts) {
		return counts[i]
	}
	return disclosure.Count{}
}

// some tells whether there is a hidden count among some.
func some(counts []disclosure.Count) bool {
	return slices.ContainsFunc(counts, func(c disclosure.Count) bool { _, shown := c.Value(); return !shown })
}

// notes are what a reader of a table has to know of it.
func (w *writer) notes(categories []results.Category, counts ...[]disclosure.Count) (list []string) {
	var merged []string
	for _, c := range categories {
		if len(c.Options) > 1 && !c.DontKnow {
			merged = append(merged, w.said(c.Text))
		}
	}
	if len(merged) > 0 {
		list = append(list, w.t("publication.note.merged", i18n.Args{"categories": strings.Join(merged, "; "), "min": w.Minimum}))
	}
	if slices.ContainsFunc(counts, some) {
		list = append(list, w.hiddenNote())
	}
	return list
}

func (w *writer) hiddenNote() string {
	return w.t("publication.note.hidden", i18n.Args{"sign": sign, "min": w.Minimum})
}
