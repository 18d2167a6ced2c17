package exchange

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"viesti/i18n"
	"viesti/survey"
)

func sortedScales(m map[string]survey.Scale) []string { return slices.Sorted(maps.Keys(m)) }

// question writes the rows of a question.
func (w *writer) question(q *survey.Question) {
	row := w.line(xlsType(q), q.ID)
	r := rest{}
	w.relevance(row, &r, q.Relevance)
	texts(row, "label", q.Text, true)
	texts(row, "hint", hint(q.Help, beside(q)), true)
	texts(row, "guidance_hint", q.Definition, true)
	options, _ := w.optionsOf(q)
	c := constraintOf(q, options)
	row["constraint"] = c.source
	texts(row, "constraint_message", c.message, false)
	if q.Required && q.Type != survey.Matrix {
		row["required"] = "yes"
	}
	w.called[q.ID] = called{name: q.ID, kind: q.Type}
	switch q.Type {
	case survey.Single, survey.Multiple, survey.Rank:
		w.choice(q, row)
		r.Background = q.Background
	case survey.Matrix:
		w.matrix(q, row, &r)
	case survey.Grade:
		row["parameters"] = fmt.Sprintf("start=%d end=%d step=1", q.Min, q.Max)
		r.Low, r.High = q.Low, q.High
	case survey.OpenText:
		if q.Long {
			row["appearance"] = "multiline"
		}
	case survey.Number:
		r.Decimals, r.Unit = q.Decimals, q.Unit
	}
	if q.Type == survey.Rank && q.Max > 0 {
		r.Max = q.Max
		w.lose("exchange.rank_max", i18n.Args{"name": q.ID, "max": q.Max})
	}
	w.rest(row, r)
	w.answers[q.ID] = subjectOf(q.ID, q.Type, nil)
	if q.Type == survey.Single || q.Type == survey.Multiple {
		w.other(q)
	}
}

// xlsType is the type of a question, of those with options without the list.
func xlsType(q *survey.Question) string {
	switch q.Type {
	case survey.Single:
		return "select_one"
	case survey.Multiple:
		return "select_multiple"
	case survey.Rank:
		return "rank"
	case survey.Matrix:
		return "begin_group"
	case survey.Grade:
		return "range"
	case survey.OpenText:
		return "text"
	case survey.Date:
		return "date"
	case survey.Info:
		return "note"
	}
	if q.Decimals > 0 {
		return "decimal"
	}
	return "integer"
}

// subjectOf is what a question's answer is to a condition.
func subjectOf(id string, t survey.Type, ids map[string]string) subject {
	kinds := map[survey.Type]kind{
		survey.Single: isChoice, survey.Multiple: isList, survey.Rank: isList, survey.Grade: isNumber,
		survey.Number: isNumber, survey.Date: isDay, survey.OpenText: isText,
	}
	return subject{code: id, kind: kinds[t], ids: ids}
}

// beside is what stands beside the field with us and has no place in XLSForm: it goes to the end
// of the hint, for people who answer in other tools.
func beside(q *survey.Question) i18n.Text {
	t := i18n.Text{}
	for _, lang := range i18n.Langs {
		var parts []string
		if q.Low[lang] != "" {
			parts = append(parts, fmt.Sprintf("%d = %s", q.Min, q.Low[lang]))
		}
		if q.High[lang] != "" {
			parts = append(parts, fmt.Sprintf("%d = %s", q.Max, q.High[lang]))
		}
		if q.Unit[lang] != "" {
			parts = append(parts, q.Unit[lang])
		}
		if len(parts) > 0 {
			t[lang] = "(" + strings.Join(parts, ", ") + ")"
		}
	}
	return t
}

func hint(help, beside i18n.Text) i18n.Text {
	t := i18n.Text{}
	for _, lang := range i18n.Langs {
		t[lang] = strings.TrimPrefix(help[lang]+"\n"+beside[lang], "\n")
		if beside[lang] == "" {
			t[lang] = help[lang]
		}
	}
	return t
}

// choice writes what a question with options has more: its list and which of them are shown.
func (w *writer) choice(q *survey.Question, row map[string]string) {
	if q.Scale == "" && q.OptionsFrom == "" {
		w.own[q.ID] = free(listName(q.ID), w.lists)
		w.list(w.own[q.ID], q.Options, nil)
	}
	_, list := w.optionsOf(q)
	row["type"] += " " + list
	if q.Select {
		row["appearance"] = "minimal autocomplete"
	}
	if q.Random {
		row["parameters"] = "randomize=true"
	}
	var filter []node
	if q.OptionsFrom != "" {
		filter = append(filter, call("selected", ref(q.OptionsFrom), node{op: opName, word: "name"}))
		from, _ := w.q.Question(q.OptionsFrom)
		options, _ := w.optionsOf(from)
		for _, o := range options {
			if o.Other || o.Exclusive {
				filter = append(filter, isNot(o.ID))
			}
		}
	}
	for _, o := range q.Options {
		if o.Relevance == "" {
			continue
		}
		n, ok := fromExpr(o.Relevance, w.find)
		if !ok {
			w.lose("exchange.option_out", i18n.Args{"name": q.ID, "option": o.ID, "expression": o.Relevance})
			continue
		}
		filter = append(filter, binary("or", isNot(o.ID), n))
	}
	if len(filter) > 0 {
		row["choice_filter"] = chain("and", filter...).xpath()
	}
}

func isNot(option string) node { return binary("!=", node{op: opName, word: "name"}, textOf(option)) }

// matrix writes a group with a question for each row.
func (w *writer) matrix(q *survey.Question, row map[string]string, r *rest) {
	row["appearance"] = "table-list"
	r.Is, r.RowsFrom, r.Random = isMatrix, q.RowsFrom, q.Random
	if q.Random {
		w.lose("exchange.random_rows", i18n.Args{"name": q.ID})
	}
	rows := q.Rows
	if q.RowsFrom != "" {
		rows = w.rowsFrom(q)
	}
	names := map[string]string{}
	for _, o := range rows {
		names[o.ID] = free(q.ID+"_"+o.ID, w.names)
		line := w.line("select_one "+w.scales[q.Scale], names[o.ID])
		texts(line, "label", o.Text, false)
		own := rest{ID: o.ID, Other: o.Other, Exclusive: o.Exclusive, DontKnow: o.DontKnow}
		if q.RowsFrom != "" {
			line["relevant"] = selected(ref(q.RowsFrom), o.ID).xpath()
			own = rest{ID: o.ID}
		} else {
			w.relevance(line, &own, o.Relevance)
		}
		if q.Required {
			line["required"] = "yes"
		}
		w.rest(line, own)
		w.answers[names[o.ID]] = subject{code: cell(q.ID, o.ID), kind: isChoice}
	}
	w.line("end_group", "")
	w.called[q.ID] = called{name: q.ID, kind: q.Type, rows: names}
}

// rowsFrom are the options of an earlier question that can become rows.
func (w *writer) rowsFrom(q *survey.Question) []survey.Option {
	from, _ := w.q.Question(q.RowsFrom)
	options, _ := w.optionsOf(from)
	return slices.DeleteFunc(slices.Clone(options), func(o survey.Option) bool { return o.Other || o.Exclusive })
}

// cell is a row of a matrix in our conditions.
func cell(matrix, row string) string {
	if plainName.MatchString(row) {
		return matrix + "." + row
	}
	return fmt.Sprintf("%s[%q]", matrix, row)
}

// other writes the text field beside an option.
func (w *writer) other(q *survey.Question) {
	if q.OptionsFrom != "" { // which takes over no option with a text
		return
	}
	options, _ := w.optionsOf(q)
	var shown []node
	var label i18n.Text
	for _, o := range options {
		if o.Other {
			if shown = append(shown, selected(ref(q.ID), o.ID)); label == nil {
				label = o.Text
			}
		}
	}
	if shown == nil {
		return
	}
	row := w.line("text", free(q.ID+"_other", w.names))
	texts(row, "label", label, false)
	row["relevant"] = chain("or", shown...).xpath()
	row["constraint"] = atMost("string-length", survey.OtherMax).xpath()
	texts(row, "constraint_message", message("exchange.text_up_to", i18n.Args{"max": survey.OtherMax}), false)
	w.rest(row, rest{Is: isOther, ID: q.ID})
}
