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
	given  map[string]int64            // how many answered, by the variable's name
}

func newFrequencies(r results.Results) frequencies {
	f := frequencies{map[string]i18n.Text{}, map[string]i18n.Text{}, map[string]*span{}, map[string]map[string]disclosure.Count{}, map[string]*results.Summary{}, map[string]int64{}}
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
	if known {
		f.given[name] = answered
	}
	for i, c := range it.Categories {
		f.counts[name][c.ID] = it.Counts[i]
		n, shown := it.Counts[i].Value()
		if shown && known {
			f.given[called(name, c.ID)] = answered
			f.counts[called(name, c.ID)] = map[string]disclosure.Count{"yes": disclosure.Shown(n), "no": disclosure.Shown(answered - n)}
		}
	}
}

// called is the name of a variable that is made of ids.
func called(ids ...string) string {
	return sav.Names([]string{strings.TrimSuffix(strings.Join(ids, "_"), "_")})[0]
}

// of is how many people have a value, where that was published. Only the id tells that a value is
// what was published: codes are counted anew wherever options were put together.
func (f frequencies) of(v variable, l value) (int64, bool) {
	return f.counts[called(v.Name)][l.ID].Value()
}

// answered is how many answered what a variable is about, where that was published.
func (f frequencies) answered(v variable) *int64 {
	if n, ok := f.given[called(v.Name)]; ok {
		return &n
	}
	return nil
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
