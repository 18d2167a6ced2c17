package results

import (
	"slices"
	"strings"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/survey"
)

// CheckBy makes sure that results can be divided by these questions of a questionnaire. Its faults
// are at the place.
func CheckBy(q *survey.Questionnaire, by []string, at fault.Place) error {
	var ids []string
	for _, question := range q.Backgrounds() {
		ids = append(ids, question.ID)
	}
	var list fault.List
	for _, id := range by {
		if !slices.Contains(ids, id) {
			f := fault.New(fault.Invalid, "results.unknown_background", i18n.Args{"id": id, "ids": strings.Join(ids, ", ")})
			list = append(list, f.At(at))
		}
	}
	return list.Err()
}
