package survey

import (
	"maps"
	"slices"
)

// Answers are what a respondent has answered, by question id. A question without an answer is
// not in it.
type Answers map[string]Answer

// Answer is the answer to one question; which field is used depends on the question's Type.
type Answer struct {
	Value   string            `json:"value,omitempty"`   // Single: an option's id; Grade, Number: 12.5; Date: 2027-03-14
	Choices []string          `json:"choices,omitempty"` // Multiple: option ids in the question's order; Rank: in the respondent's
	Rows    map[string]string `json:"rows,omitempty"`    // Matrix: row id to option id
	Text    string            `json:"text,omitempty"`    // OpenText, or the words beside "other"
}

// Empty tells whether nothing was answered.
func (a Answer) Empty() bool {
	return a.Value == "" && len(a.Choices) == 0 && len(a.Rows) == 0 && a.Text == ""
}

// Has tells whether the option was chosen.
func (a Answer) Has(option string) bool {
	return a.Value == option && option != "" || slices.Contains(a.Choices, option)
}

// within is the answer without what the item does not offer this respondent.
func (a Answer) within(item Item) Answer {
	offered := func(options []Option, id string) bool {
		_, ok := option(options, id)
		return ok
	}
	switch {
	case !item.limited:
	case item.Type == Matrix:
		a.Rows = maps.Clone(a.Rows)
		maps.DeleteFunc(a.Rows, func(row, _ string) bool { return !offered(item.Rows, row) })
	case item.Type == Single && !offered(item.Columns, a.Value):
		return Answer{}
	case item.Type == Multiple || item.Type == Rank:
		a.Choices = slices.DeleteFunc(slices.Clone(a.Choices), func(id string) bool { return !offered(item.Columns, id) })
		if !slices.ContainsFunc(item.Columns, func(o Option) bool { return o.Other && a.Has(o.ID) }) {
			a.Text = ""
		}
	}
	return a
}
