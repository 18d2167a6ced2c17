package results

import (
	"slices"
)

// Question finds a question by its id.
func (r Results) Question(id string) (Question, bool) {
	for _, p := range r.Pages {
		for _, q := range p.Questions {
			if q.ID == id {
				return q, true
			}
		}
	}
	return Question{}, false
}

// item finds an item by its question and its row.
func (r Results) item(question, row string) (Item, bool) {
	q, ok := r.Question(question)
	if !ok {
		return Item{}, false
	}
	i := slices.IndexFunc(q.Items, func(item Item) bool { return item.ID == row })
	if i < 0 {
		return Item{}, false
	}
	return q.Items[i], true
}

// category is the place of a category, -1 if there is none such.
func (item Item) category(id string) int {
	return slices.IndexFunc(item.Categories, func(c Category) bool { return c.ID == id })
}

// count is how many are in a category, where that is shown.
func (item Item) count(id string) (n int64, ok bool) {
	at := item.category(id)
	if at < 0 || at >= len(item.Counts) {
		return 0, false
	}
	return item.Counts[at].Value()
}
