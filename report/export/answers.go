package export

import (
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/internal/sav"
	"viesti/report/results"
)

// mark is the variable of what was released under no rule. Each row says so.
const mark = "confidential"

// answers are the cases in one language, the same for every format.
type answers struct {
	of        results.Microdata
	figures   results.Results
	lang      i18n.Lang
	variables []variable
	marked    bool
	tables    bool // alone
}

// variable is a column with its words in one language.
type variable struct {
	results.Variable
	label  string
	values []value
}

// value is a code with what it means.
type value struct {
	results.Label
	text string
}

func newAnswers(e Export) *answers {
	if e.Tables {
		e.Microdata = withoutCases(e.Results)
	}
	a := &answers{of: e.Microdata, figures: e.Results, lang: e.Lang, marked: e.Microdata.Full, tables: e.Tables}
	variables := e.Microdata.Variables
	if a.marked {
		warning := i18n.Text{}
		width := 0
		for _, l := range i18n.Langs {
			warning[l] = i18n.T(l, "export.full", nil)
			width = max(width, len(i18n.T(l, "export.mark", nil)))
		}
		first := results.Variable{Name: mark, Measure: results.Text, Label: warning, Width: width}
		variables = append([]results.Variable{first}, variables...)
	}
	var wanted []string
	for _, v := range variables {
		wanted = append(wanted, v.Name)
	}
	names := sav.Names(wanted)
	for i, v := range variables {
		v.Name = names[i]
		a.variables = append(a.variables, variable{v, line(v.Label.In(a.lang)), values(v, a.lang)})
	}
	return a
}

// withoutCases are the published figures as data of which nothing is given person by person.
func withoutCases(r results.Results) results.Microdata {
	m := results.Microdata{
		Wave: r.Wave, Questionnaire: r.Questionnaire, Version: r.Version, Title: r.Title, Organiser: r.Organiser,
		Opens: r.Opens, Closes: r.Closes, Day: r.Day, Minimum: r.Minimum,
	}
	n, _ := r.Respondents.Value()
	m.N = int(n)
	return m
}

func values(v results.Variable, l i18n.Lang) []value {
	var list []value
	for _, label := range v.Values {
		text := line(label.Text.In(l))
		if text == "" {
			text = label.ID
		}
		list = append(list, value{label, text})
	}
	return list
}

// data are the cases: a row a person, with codes and not with words.
func (a *answers) data() table {
	var head []string
	for _, v := range a.variables {
		head = append(head, v.Name)
	}
	return table{head, a.rows}
}

// rows gives one row after the other, each with a cell for each variable, and as many as were promised.
func (a *answers) rows(each func([]cell) error) error {
	row := make([]cell, 0, len(a.variables))
	n := 0
	if a.of.Rows == nil {
		return nil
	}
	err := a.of.Rows(func(given []results.Value) error {
		row = row[:0]
		if a.marked {
			row = append(row, words(i18n.T(a.lang, "export.mark", nil)))
		}
		if len(row)+len(given) != len(a.variables) {
			return fault.New(fault.Internal, "export.cases", nil)
		}
		for _, v := range given {
			row = append(row, a.cell(v, len(row)))
		}
		n++
		return each(row)
	})
	if err == nil && n != a.of.N {
		err = fault.New(fault.Internal, "export.cases", nil)
	}
	return err
}

// cell is what was answered to a variable.
func (a *answers) cell(v results.Value, i int) cell {
	switch {
	case !v.Given:
		return cell{}
	case a.variables[i].Measure == results.Text:
		return words(clean(v.Text))
	default:
		return number(v.Number)
	}
}
