package export

import (
	"cmp"
	"math"

	"viesti/i18n"
	"viesti/report/disclosure"
	"viesti/report/results"
)

// figureHead are the columns of the published figures: first what programs sort by, then the figures,
// then the words for it all.
var figureHead = []string{
	"question", "item", "category", "background", "group",
	"n", "share", "mean_n", "mean", "low", "high", "median", "first", "hidden",
	"question_text", "item_text", "category_text", "background_text", "group_text", "day",
}

// figures are the published figures as a tidy table. The first rows are of no question: how many there
// are of all, and of each group of those who are divided. Then for each item, and for each group of each background, there is a
// row for all who answered, without a category, and one for each category. What is hidden is empty, and
// the row says that something is. The day is that of the release which the figures are of.
func figures(r results.Results, l i18n.Lang) table {
	return table{figureHead, func(each func([]cell) error) error {
		if err := groupRows(r, l, each); err != nil {
			return err
		}
		for _, p := range r.Pages {
			for _, q := range p.Questions {
				for _, item := range q.Items {
					if err := itemRows(r, q, item, l, each); err != nil {
						return err
					}
				}
			}
		}
		return nil
	}}
}

func groupRows(r results.Results, l i18n.Lang, each func([]cell) error) error {
	at := place{lang: l, each: each, day: r.Day}
	of := func(n, base disclosure.Count) error {
		_, shown := n.Value()
		return at.row(results.Category{}, row{n: n, base: base, hidden: !shown})
	}
	if err := of(r.Respondents, disclosure.Count{}); err != nil {
		return err
	}
	for _, at.background = range r.Backgrounds {
		for _, at.of = range at.background.Groups {
			if err := of(at.of.Respondents, r.Divided); err != nil {
				return err
			}
		}
	}
	return nil
}

func itemRows(r results.Results, q results.Question, item results.Item, l i18n.Lang, each func([]cell) error) error {
	at := place{question: q, item: item, lang: l, each: each, summed: item.Summary != nil, day: cmp.Or(item.Day, r.Day)}
	if item.Withheld {
		return at.row(results.Category{}, row{hidden: true})
	}
	if err := at.group(item.Categories, item.Figures); err != nil {
		return err
	}
	for _, d := range item.Divisions {
		for _, b := range r.Backgrounds {
			if b.Question != d.Background {
				continue
			}
			for i, figures := range d.Rows {
				at.background, at.of = b, b.Groups[i]
				if err := at.group(d.Categories, figures); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// place is what rows are about.
type place struct {
	question   results.Question
	item       results.Item
	background results.Background // of a division
	of         results.Group
	summed     bool // the item has a mean, so a group without one hides it
	day        string
	lang       i18n.Lang
	each       func([]cell) error
}

// row are the figures of a row.
type row struct {
	n, first, base disclosure.Count
	ranked         bool
	summary        *results.Summary
	hidden         bool
}

// group writes the rows of a group of people, or of all.
func (p place) group(categories []results.Category, f results.Figures) error {
	_, shown := f.Answered.Value()
	all := row{n: f.Answered, summary: f.Summary, hidden: !shown || p.summed && f.Summary == nil}
	if err := p.row(results.Category{}, all); err != nil {
		return err
	}
	for i, c := range categories {
		r := row{n: f.Counts[i], base: p.question.Base(categories, f, i)}
		if f.Firsts != nil {
			r.first, r.ranked = f.Firsts[i], true
		}
		_, shown := r.n.Value()
		_, shownFirst := r.first.Value()
		r.hidden = !shown || r.ranked && !shownFirst
		if err := p.row(c, r); err != nil {
			return err
		}
	}
	return nil
}

func (p place) row(c results.Category, r row) error {
	cells := []cell{words(p.question.ID), words(p.item.ID), words(c.ID), words(p.background.Question), words(p.of.ID)}
	cells = append(cells, count(r.n), share(r.n, r.base))
	if s := r.summary; s != nil {
		cells = append(cells, number(float64(s.N)), number(s.Mean), maybe(s.Low), maybe(s.High), maybe(s.Median))
	} else {
		cells = append(cells, cell{}, cell{}, cell{}, cell{}, cell{})
	}
	cells = append(cells, count(r.first), yes(r.hidden))
	for _, text := range []i18n.Text{p.question.Text, p.item.Text, c.Text, p.background.Text, p.of.Text} {
		cells = append(cells, words(line(text.In(p.lang))))
	}
	return p.each(append(cells, words(p.day)))
}

func count(c disclosure.Count) cell {
	if n, ok := c.Value(); ok {
		return number(float64(n))
	}
	return cell{}
}

// share is n of a base in thousandths, where both are shown.
func share(n, base disclosure.Count) cell {
	x, ok := n.Value()
	of, known := base.Value()
	if !ok || !known || of == 0 {
		return cell{}
	}
	return number(math.Round(float64(x)/float64(of)*1000) / 1000)
}

func maybe(x *float64) cell {
	if x == nil {
		return cell{}
	}
	return number(*x)
}
