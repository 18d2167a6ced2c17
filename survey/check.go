package survey

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"viesti/i18n"
	"viesti/internal/fault"
)

// Field is the name of a question's form field, and with a row that of a matrix's row. The
// prefix keeps answers apart from the form's own fields.
func Field(question, row string) string {
	if row == "" {
		return "q." + question
	}
	return "q." + question + "." + row
}

// OtherField is the name of the text field beside an "other" option.
func OtherField(question string) string { return "q." + question + ".~other" }

// Checked is what became of one submitted page.
type Checked struct {
	Answers Answers                 // what is good, for the questions in Asked
	Asked   []string                // the questions whose earlier answers these replace
	Faults  map[string]*fault.Fault // by question id: what was refused, and why
}

// Check reads a submitted form for the items of a page. What is good is taken and what is not is
// refused question by question, so that one fault loses nothing else. Fields that belong to no
// item are ignored: they come from a page that is no longer relevant, or from no page of ours.
func Check(items []Item, form url.Values) Checked {
	out := Checked{Answers: Answers{}, Faults: map[string]*fault.Fault{}}
	for _, item := range items {
		a, f := item.read(form)
		if f != nil {
			out.Faults[item.ID] = f
			continue
		}
		if item.Type == Info {
			continue
		}
		out.Asked = append(out.Asked, item.ID)
		if !a.Empty() {
			out.Answers[item.ID] = a
		}
	}
	return out
}

// Missing are the required questions of a page that have no answer: of a matrix, no answer in
// some row. Nothing is demanded of who goes back, saves or changes the language; whoever goes on
// is asked for it, and nothing is sent without it.
func Missing(items []Item, answers Answers) map[string]*fault.Fault {
	missing := map[string]*fault.Fault{}
	for _, item := range items {
		if !item.Required || item.Type == Info {
			continue
		}
		a := answers[item.ID]
		switch {
		case item.Type == Matrix && len(a.Rows) < len(item.Rows):
			missing[item.ID] = refuse("survey.required_rows", nil)
		case a.Empty():
			missing[item.ID] = refuse("survey.required", nil)
		}
	}
	return missing
}

// Unfinished is the first page on which a required answer is missing; ok is false when there is
// none, and the response can be sent.
func (q *Questionnaire) Unfinished(answers Answers) (page int, ok bool) {
	if !q.requires {
		return 0, false
	}
	for page := range q.Pages {
		if len(Missing(q.Items(page, answers), answers)) > 0 {
			return page, true
		}
	}
	return 0, false
}

// Apply replaces the answers to the questions asked and leaves all others as they are.
func (c Checked) Apply(answers Answers) Answers {
	merged := maps.Clone(answers)
	if merged == nil {
		merged = Answers{}
	}
	for _, id := range c.Asked {
		delete(merged, id)
	}
	maps.Copy(merged, c.Answers)
	return merged
}

func (item Item) read(form url.Values) (Answer, *fault.Fault) {
	name := Field(item.ID, "")
	switch item.Type {
	case Single:
		return item.readSingle(form[name], form.Get(OtherField(item.ID)))
	case Multiple:
		return item.readMultiple(form[name], form.Get(OtherField(item.ID)))
	case Matrix:
		return item.readMatrix(form)
	case Rank:
		return item.readRank(form)
	case Grade, Number, Date:
		return item.readMeasured(form[name])
	case Info:
		return Answer{}, nil
	default:
		text, f := clean(form.Get(name), item.textMax(), item.Long)
		return Answer{Text: text}, f
	}
}

func refuse(key string, args i18n.Args) *fault.Fault { return fault.New(fault.Invalid, key, args) }

// one is the single value of a field; several different ones are no answer a page can give.
func one(values []string) (string, *fault.Fault) {
	values = slices.Compact(slices.DeleteFunc(slices.Clone(values), func(s string) bool { return s == "" }))
	switch len(values) {
	case 0:
		return "", nil
	case 1:
		return values[0], nil
	default:
		return "", refuse("survey.one_only", nil)
	}
}

// written is the option that words were written beside, if any: who writes under "other" has
// chosen it, ticked or not, and no text is dropped for want of a tick.
func (item Item) written(other string) (id string) {
	if strings.TrimSpace(other) == "" {
		return ""
	}
	if i := slices.IndexFunc(item.Columns, func(o Option) bool { return o.Other }); i >= 0 {
		return item.Columns[i].ID
	}
	return ""
}

func (item Item) readSingle(values []string, other string) (Answer, *fault.Fault) {
	id, f := one(values)
	if f == nil && id == "" {
		id = item.written(other)
	}
	if f != nil || id == "" {
		return Answer{}, f
	}
	o, ok := option(item.Columns, id)
	if !ok {
		return Answer{}, refuse("survey.unknown_choice", nil)
	}
	a := Answer{Value: id}
	if o.Other {
		a.Text, f = clean(other, OtherMax, false)
	}
	return a, f
}

func (item Item) readMultiple(values []string, other string) (Answer, *fault.Fault) {
	var a Answer
	if id := item.written(other); id != "" && !slices.Contains(values, id) {
		values = append(slices.Clone(values), id)
	}
	for _, o := range item.Columns { // the question's order, each once
		if !slices.Contains(values, o.ID) {
			continue
		}
		a.Choices = append(a.Choices, o.ID)
		if o.Exclusive && len(slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == o.ID })) > 0 {
			return Answer{}, refuse("survey.exclusive", i18n.Args{})
		}
		if o.Other {
			text, f := clean(other, OtherMax, false)
			if f != nil {
				return Answer{}, f
			}
			a.Text = text
		}
	}
	for _, v := range values {
		if _, ok := option(item.Columns, v); !ok {
			return Answer{}, refuse("survey.unknown_choice", nil)
		}
	}
	if item.Max > 0 && len(a.Choices) > item.Max {
		return Answer{}, refuse("survey.too_many", i18n.Args{"max": item.Max, "n": len(a.Choices)})
	}
	return a, nil
}

func (item Item) readMatrix(form url.Values) (Answer, *fault.Fault) {
	rows := map[string]string{}
	for _, row := range item.Rows {
		id, f := one(form[Field(item.ID, row.ID)])
		if f != nil {
			return Answer{}, f
		}
		if id == "" {
			continue
		}
		if _, ok := option(item.Columns, id); !ok {
			return Answer{}, refuse("survey.unknown_choice", nil)
		}
		rows[row.ID] = id
	}
	return Answer{Rows: rows}, nil
}
