package results

import (
	"context"
	"slices"
	"strconv"

	"viesti/i18n"
	"viesti/survey"
)

// everything is all that was answered, as it was answered: for those who may see it.
func (r *Reporter) everything(ctx context.Context, c *catalog) (Microdata, error) {
	m := r.head(c.last.Version, c)
	m.Full, m.Minimum = true, 0
	days, err := r.days(ctx)
	if err != nil {
		return m, err
	}
	m.N = int(days.until(""))
	all := func(survey.Response) bool { return true }
	var columns []reading
	for _, s := range c.backgroundsFirst() {
		columns = append(columns, s.full()...)
	}
	widths := make([]int, len(columns))
	if slices.ContainsFunc(columns, func(c reading) bool { return c.Measure == Text }) {
		if err := r.rows(ctx, &Microdata{}, c, columns, all)(func(row []Value) error {
			for i, v := range row {
				widths[i] = max(widths[i], len(v.Text))
			}
			return nil
		}); err != nil {
			return m, err
		}
	}
	for i := range columns {
		columns[i].Width = widths[i]
	}
	m.Rows = r.rows(ctx, &m, c, columns, all)
	return m, nil
}

// full are the variables of a subject as it was answered.
func (s *subject) full() (list []reading) {
	label := plain(s.Text)
	v := Variable{Name: name(s.id), Question: s.id, Label: label, Background: s.Background, Measure: Nominal}
	if s.ordered {
		v.Measure = Ordinal
	}
	switch s.Type {
	case survey.OpenText:
		v.Measure = Text
		return []reading{{v, s, text}}
	case survey.Number:
		v.Measure, v.Decimals = Metric, s.Decimals
		list = append(list, reading{v, s, func(a survey.Answer) Value {
			x, err := strconv.ParseFloat(a.Value, 64)
			return Value{Number: x, Given: err == nil}
		}})
	case survey.Date:
		v.Measure = Text
		list = append(list, reading{v, s, func(a survey.Answer) Value { return Value{Text: a.Value, Given: a.Value != ""} }})
	case survey.Matrix, survey.Single, survey.Grade:
		for row := range s.count() {
			column := itemColumns(s, row, s.everyOption())[0]
			column.Background = s.Background
			list = append(list, column)
		}
	case survey.Multiple:
		for _, c := range s.everyOption()[:s.gone()] {
			list = append(list, choiceColumn(s, label, c))
		}
	case survey.Rank:
		for _, c := range s.everyOption()[:s.gone()] {
			list = append(list, placeColumn(s, label, c))
		}
	}
	if s.HasOther() {
		beside := Variable{Name: name(s.id, "text"), Question: s.id, Measure: Text, Label: beside(label, everywhere("results.other", nil))}
		list = append(list, reading{beside, s, text})
	}
	return list
}

func text(a survey.Answer) Value { return Value{Text: a.Text, Given: a.Text != ""} }

// everyOption are all options, each a category of its own.
func (s *subject) everyOption() (list []Category) {
	for _, o := range s.options {
		list = append(list, Category{ID: o.ID, Text: plain(o.Text), Options: []string{o.ID}, DontKnow: o.DontKnow})
	}
	return append(list, Category{ID: goneID, Text: everywhere("results.gone", nil), Options: []string{goneID}})
}

// placeColumn is an option's place in a ranking, from 1.
func placeColumn(s *subject, label i18n.Text, c Category) reading {
	v := Variable{Name: name(s.id, c.ID), Question: s.id, Measure: Metric, Label: beside(label, c.Text)}
	return reading{v, s, func(a survey.Answer) Value {
		for i, id := range a.Choices {
			if s.idOf(id) == c.ID {
				return number(i + 1)
			}
		}
		return Value{}
	}}
}
