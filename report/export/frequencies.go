package export

import (
	"strings"

	"viesti/i18n"
	"viesti/internal/sav"
	"viesti/report/disclosure"
	"viesti/report/results"
)

// frequencies are the published figures as variables have them: by the name of a variable and the id
// of a value. What is hidden is not among them.
type frequencies struct {
	asked  map[string]i18n.Text // by the question's id
	when   map[string]i18n.Text // whom it was asked; of some alone
	limits map[string]*span     // of grades and numbers that have them
	counts map[string]map[string]disclosure.Count
	means  map[string]*results.Summary // by the variable's name
}

func newFrequencies(r results.Results) frequencies {
	f := frequencies{map[string]i18n.Text{}, map[string]i18n.Text{}, map[string]*span{}, map[string]map[string]disclosure.Count{}, map[string]*results.Summary{}}
	for _, p := range r.Pages {
		for _, q := range p.Questions {
			f.asked[q.ID], f.when[q.ID] = q.Text, q.When
			if q.Min < q.Max {
				f.limits[q.ID] = &span{q.Min, q.Max}
			}
			for _, it := range q.Items {
				if !it.Withheld {
					f.add(q, it)
				}
			}
		}
	}
	return f
}

// add adds an item: under its own name, and each category under its name and the category's as well,
// which is what a variable of multiple choice is called.
func (f frequencies) add(q results.Question, it results.Item) {
	name := called(q.ID, it.ID)
	f.counts[name] = map[string]disclosure.Count{}
	f.means[name] = it.Summary
	answered, known := it.Answered.Value()
	for i, c := range it.Categories {
		f.counts[name][c.ID] = it.Counts[i]
		n, shown := it.Counts[i].Value()
		if shown && known {
			f.counts[called(name, c.ID)] = map[string]disclosure.Count{"1": disclosure.Shown(n), "0": disclosure.Shown(answered - n)}
		}
	}
}

// called is the name of a variable that is made of ids.
func called(ids ...string) string {
	return sav.Names([]string{strings.TrimSuffix(strings.Join(ids, "_"), "_")})[0]
}

// of is how many people have a value, where that was published.
func (f frequencies) of(v variable, l value) (int64, bool) {
	counts := f.counts[called(v.Name)]
	id := l.ID
	if _, there := counts[id]; !there {
		id = digits(float64(l.Code)) // grades, and yes and no of multiple choice
	}
	return counts[id].Value()
}

// measured are the published mean and median of a variable, and how many they are of.
func (f frequencies) measured(v variable) []measured {
	s := f.means[called(v.Name)]
	if s == nil {
		return nil
	}
	list := []measured{{"vald", digits(float64(s.N))}, {"mean", digits(s.Mean)}}
	if s.Median != nil {
		list = append(list, measured{"medn", digits(*s.Median)})
	}
	return list
}
