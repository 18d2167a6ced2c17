package browser

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"viesti/survey"
)

// plan draws what a respondent answers to a question. Nine of ten questions get an answer, and
// what opens a branch is answered so that it opens.
func plan(item survey.Item, r *rand.Rand) survey.Answer {
	a := survey.Answer{}
	if item.Type == survey.Info || r.IntN(10) == 0 && !item.Required {
		return a
	}
	ids := make([]string, len(item.Columns))
	for i, o := range item.Columns {
		ids[i] = o.ID
	}
	switch item.Type {
	case survey.Single:
		a.Value = ids[r.IntN(len(ids))]
		if slices.Contains(ids, "yes") {
			a.Value = "yes"
		}
	case survey.Multiple:
		a.Choices = some(item, r)
	case survey.Rank:
		r.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
		a.Choices = ids[:1+r.IntN(item.Places())]
	case survey.Grade:
		a.Value = strconv.Itoa(item.Min + r.IntN(item.Max-item.Min+1))
	case survey.Number:
		a.Value = "12.5"
	case survey.Date:
		a.Value = "2020-03-03"
	case survey.Matrix:
		a.Rows = map[string]string{}
		for _, row := range item.Rows {
			if r.IntN(8) > 0 {
				a.Rows[row.ID] = ids[r.IntN(len(ids))]
			}
		}
	case survey.OpenText:
		a.Text = "Yhteistyö sujuu, kiitos – å ä ö."
		if item.Long {
			a.Text += "\nToinen rivi."
		}
	}
	if takesWords(item, a) {
		a.Text = "Jokin muu"
	}
	return a
}

// some are up to three options, or as many as may be chosen. An exclusive one is left alone.
func some(item survey.Item, r *rand.Rand) []string {
	most := 3
	if item.Max > 0 {
		most = min(most, item.Max)
	}
	var chosen []string
	for _, o := range item.Columns {
		if !o.Exclusive && len(chosen) < most && r.IntN(2) == 0 {
			chosen = append(chosen, o.ID)
		}
	}
	return chosen
}

func takesWords(item survey.Item, a survey.Answer) bool {
	return slices.ContainsFunc(item.Columns, func(o survey.Option) bool { return o.Other && a.Has(o.ID) })
}

// entries are an answer as the fields of its form: name to values.
func entries(item survey.Item, a survey.Answer) map[string][]string {
	fields := map[string][]string{}
	own := survey.Field(item.ID, "")
	switch item.Type {
	case survey.Matrix:
		for row, option := range a.Rows {
			fields[survey.Field(item.ID, row)] = []string{option}
		}
	case survey.Rank:
		for place, option := range a.Choices {
			fields[survey.Field(item.ID, option)] = []string{strconv.Itoa(place + 1)}
		}
	case survey.Multiple:
		fields[own] = a.Choices
	case survey.OpenText:
		fields[own] = []string{a.Text}
	case survey.Number:
		fields[own] = []string{strings.Replace(a.Value, ".", ",", 1)}
	default:
		fields[own] = []string{a.Value}
	}
	if takesWords(item, a) {
		fields[survey.OtherField(item.ID)] = []string{a.Text}
	}
	for name, values := range fields {
		if len(values) == 0 || values[0] == "" {
			delete(fields, name)
		}
	}
	return fields
}
