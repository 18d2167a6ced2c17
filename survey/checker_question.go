package survey

import (
	"fmt"
	"slices"

	"viesti/i18n"
	"viesti/internal/fault"
)

// greatest is the highest end of a grade: more radio buttons are a number field.
const greatest = 20

func (c *checker) question(q *Question, path string, seen names) {
	c.id(path, q.ID, questionID)
	if _, twice := c.q.byID[q.ID]; twice {
		c.add(path+".id", "survey.twice", i18n.Args{"id": q.ID})
	} else {
		c.q.byID[q.ID] = q
	}
	c.text(path+".text", q.Text, false)
	for name, t := range map[string]i18n.Text{
		"help": q.Help, "definition": q.Definition, "low": q.Low, "high": q.High, "unit": q.Unit,
	} {
		c.text(path+"."+name, t, true)
	}
	q.quotes = c.quotes(path, seen, map[string]i18n.Text{
		"text": q.Text, "help": q.Help, "definition": q.Definition, "low": q.Low, "high": q.High,
	})
	if q.Max < 0 || q.Min < 0 && q.Type != Grade {
		c.add(path+".max", "survey.negative", nil)
		q.Min, q.Max = max(q.Min, 0), max(q.Max, 0)
	}
	c.q.requires = c.q.requires || q.Required
	c.idle(q, path)
	c.answers(q, path)
	q.limited = q.RowsFrom != "" || q.OptionsFrom != "" ||
		c.conditions(path+".option", q.Options, seen, q) || c.conditions(path+".row", q.Rows, seen, q)
}

// answers checks what a question of its type is answered with.
func (c *checker) answers(q *Question, path string) {
	if _, ok := c.q.Scales[q.Scale]; q.Scale != "" && !ok {
		c.add(path+".scale", "survey.unknown_scale", i18n.Args{"id": q.Scale})
		defer func() { q.Scale = "" }() // when all that hangs on it has been checked
	}
	switch q.Type {
	case Single, Multiple, Rank:
		if q.Scale == "" && q.OptionsFrom == "" {
			c.options(path+".option", q.Options)
		}
		c.earlier(path+".options_from", &q.OptionsFrom, q, "survey.options_from")
	case Grade:
		if q.Min < 0 || q.Max <= q.Min || q.Max > greatest {
			c.add(path+".max", "survey.grade_scale", i18n.Args{"max": greatest})
			q.Min, q.Max = 1, 0
		}
	case Matrix:
		if q.Scale == "" {
			c.add(path+".scale", "survey.unknown_scale", i18n.Args{"id": ""})
		}
		if q.RowsFrom == "" {
			c.options(path+".row", q.Rows)
		}
		c.earlier(path+".rows_from", &q.RowsFrom, q, "survey.rows_from")
	case Number, Date:
		c.bounds(q, path)
	case OpenText, Info:
	default:
		c.add(path+".type", "survey.unknown_type", i18n.Args{"type": string(q.Type)})
		q.Type = OpenText
	}
	if q.Type != Matrix {
		q.RowsFrom = ""
	}
	if q.Type != Single && q.Type != Multiple && q.Type != Rank {
		q.OptionsFrom = ""
	}
}

// bounds checks the range of a number or a date.
func (c *checker) bounds(q *Question, path string) {
	if q.Decimals < 0 || q.Decimals > 9 {
		c.add(path+".decimals", "survey.bad_decimals", nil)
	}
	for key, bound := range map[string]string{"from": q.From, "to": q.To} {
		if bound == "" {
			continue
		}
		read := parseDay
		if q.Type == Number {
			read = func(s string) (string, *fault.Fault) { return parseNumber(s, 9) }
		}
		if kept, f := read(bound); f != nil || kept != bound {
			c.add(path+"."+key, "survey.bad_bound", i18n.Args{"value": bound})
			return
		}
	}
	if q.From != "" && q.To != "" && q.outside(q.From) != nil {
		c.add(path+".to", "survey.bad_bound", i18n.Args{"value": q.To})
	}
}

// idle finds keys that do nothing in a question of its type: who wrote one expects something.
func (c *checker) idle(q *Question, path string) {
	for _, k := range []struct {
		key   string
		set   bool
		types []Type
	}{
		{"option", len(q.Options) > 0, []Type{Single, Multiple, Rank}},
		{"options_from", q.OptionsFrom != "", []Type{Single, Multiple, Rank}},
		{"row", len(q.Rows) > 0, []Type{Matrix}},
		{"rows_from", q.RowsFrom != "", []Type{Matrix}},
		{"scale", q.Scale != "", []Type{Single, Multiple, Rank, Matrix}},
		{"random", q.Random, []Type{Single, Multiple, Rank, Matrix}},
		{"select", q.Select, []Type{Single}},
		{"min", q.Min != 0, []Type{Grade}},
		{"max", q.Max != 0, []Type{Grade, Multiple, Rank, OpenText}},
		{"from", q.From != "", []Type{Number, Date}},
		{"to", q.To != "", []Type{Number, Date}},
		{"decimals", q.Decimals != 0, []Type{Number}},
		{"unit", len(q.Unit) > 0, []Type{Number}},
		{"low", len(q.Low) > 0, []Type{Grade}},
		{"high", len(q.High) > 0, []Type{Grade}},
		{"long", q.Long, []Type{OpenText}},
		{"background", q.Background, []Type{Single}},
		{"required", q.Required, []Type{Single, Multiple, Grade, Matrix, Rank, OpenText, Number, Date}},
	} {
		if k.set && !slices.Contains(k.types, q.Type) && slices.Contains(types, q.Type) {
			c.add(path+"."+k.key, "survey.idle", i18n.Args{"key": k.key, "type": string(q.Type)})
		}
	}
	if len(q.Options) > 0 && q.OptionsFrom != "" || q.Type != Matrix && q.Scale != "" && (len(q.Options) > 0 || q.OptionsFrom != "") {
		c.add(path+".option", "survey.two_sources", nil)
	}
	if len(q.Rows) > 0 && q.RowsFrom != "" {
		c.add(path+".row", "survey.two_sources", nil)
	}
}

// earlier checks a question that options or rows are taken from.
func (c *checker) earlier(path string, id *string, q *Question, key string) {
	from, ok := c.q.byID[*id]
	if *id != "" && (!ok || from.Type != Multiple || from.page >= q.page) {
		c.add(path, key, i18n.Args{"id": *id})
		*id = ""
	}
}

// conditions compiles those of options and rows, and tells whether there are any.
func (c *checker) conditions(path string, options []Option, seen names, q *Question) bool {
	found := false
	for i := range options {
		o := &options[i]
		o.relevant = c.relevance(fmt.Sprintf("%s.%d", path, i), o.Relevance, seen, target{page: q.page, question: q})
		found = found || o.relevant != nil
	}
	return found
}
