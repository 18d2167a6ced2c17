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
	Choice  string            `json:"choice,omitempty"`  // Single: an option's id
	Choices []string          `json:"choices,omitempty"` // Multiple: option ids in the question's order
	Grade   int               `json:"grade,omitempty"`   // Grade
	Rows    map[string]string `json:"rows,omitempty"`    // Matrix: row id to option id
	Text    string            `json:"text,omitempty"`    // OpenText, or the words beside "other"
}

// Empty tells whether nothing was answered.
func (a Answer) Empty() bool {
	return a.Choice == "" && len(a.Choices) == 0 && a.Grade == 0 && len(a.Rows) == 0 && a.Text == ""
}

// Has tells whether the option was chosen.
func (a Answer) Has(option string) bool {
	return a.Choice == option && option != "" || slices.Contains(a.Choices, option)
}

// within is the answer without rows that are not the respondent's.
func (a Answer) within(item Item) Answer {
	if item.Type != Matrix {
		return a
	}
	rows := maps.Clone(a.Rows)
	maps.DeleteFunc(rows, func(row, _ string) bool {
		_, ok := option(item.Rows, row)
		return !ok
	})
	a.Rows = rows
	return a
}
