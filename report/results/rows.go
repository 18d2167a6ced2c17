package results

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/survey"
)

// Microdata are the answers one by one, in the categories of the final release; before there is one
// the fault is closed, "results.not_yet". With full they are all that was answered, at any time.
func (r *Reporter) Microdata(ctx context.Context, full bool) (Microdata, error) {
	catalog, err := r.catalog(ctx)
	if err != nil {
		return Microdata{}, err
	}
	if full {
		return r.everything(ctx, catalog)
	}
	final, err := r.Results(ctx)
	if err != nil {
		return Microdata{}, err
	}
	if !final.Final {
		return r.head(final.Version, catalog), fault.New(fault.Closed, "results.not_yet", i18n.Args{"date": r.over()})
	}
	if final.Share == 0 {
		return r.head(final.Version, catalog), fault.New(fault.Closed, "results.no_sample", nil)
	}
	m := r.head(final.Version, catalog)
	m.Minimum, m.Day, m.Anonymity = final.Minimum, final.Day, final.Anonymity
	n, shown := final.Sample.Value()
	if !shown || final.Frozen {
		m.Rows = func(func([]Value) error) error { return nil }
		return m, nil // nobody, or too few since the release before
	}
	m.N = int(n)
	var columns []reading
	for _, s := range catalog.backgroundsFirst() {
		if s.Background && !s.removed {
			columns = append(columns, backgroundColumn(s, final)...)
			m.note(s, final)
			continue
		}
		for row := range s.count() {
			if item, ok := final.item(s.id, s.rowID(row)); ok && !item.Withheld && item.Day == "" {
				columns = append(columns, itemColumns(s, row, item.Alone)...)
			}
		}
	}
	m.Rows = r.rows(ctx, &m, catalog, columns, func(a survey.Response) bool {
		return inSample(a.ID, final.Share) && (final.Through == "" || a.Day <= final.Through)
	})
	return m, nil
}

// over is when the final release can be made, in words.
func (r *Reporter) over() i18n.Text {
	t := i18n.Text{}
	for _, l := range i18n.Langs {
		t[l] = i18n.DateTime(l, r.Period.Closes.Add(r.Period.Grace).In(r.Period.Zone))
	}
	return t
}

func (r *Reporter) head(version string, c *catalog) Microdata {
	return Microdata{
		Wave: r.Period.Wave, Questionnaire: c.last.ID, Version: version, Title: c.last.Title, Organiser: r.Organiser,
		Opens: r.date(r.Period.Opens), Closes: r.date(r.Period.Closes), Day: r.date(r.Now()), Minimum: r.Minimum,
	}
}

// note says of a background that it is coarser than it was asked, or not there.
func (m *Microdata) note(s *subject, final Results) {
	switch b, ok := shownAlike(s, final); {
	case !ok:
		m.Suppressed = append(m.Suppressed, s.id)
	case b.Merged:
		m.Generalised = append(m.Generalised, s.id)
	}
}

func shownAlike(s *subject, final Results) (Background, bool) {
	i := slices.IndexFunc(final.Alike, func(b Background) bool { return b.Question == s.id })
	if i < 0 {
		return Background{}, false
	}
	return final.Alike[i], true
}

// reading is a variable, and how it is read from an answer.
type reading struct {
	Variable
	subject *subject
	value   func(survey.Answer) Value
}

// backgroundsFirst are all subjects, those about the respondent before the others.
func (c *catalog) backgroundsFirst() []*subject {
	list := slices.Clone(c.subjects)
	slices.SortStableFunc(list, func(a, b *subject) int {
		switch {
		case a.Background == b.Background:
			return 0
		case a.Background:
			return -1
		default:
			return 1
		}
	})
	return list
}

// rows reads all answers once more, in the order of their ids, which were drawn at random.
func (r *Reporter) rows(ctx context.Context, m *Microdata, c *catalog, columns []reading, in func(survey.Response) bool) func(func([]Value) error) error {
	taken := map[string]bool{}
	for i := range columns {
		v := &columns[i].Variable
		v.Name = free(v.Name, taken)
		m.Variables = append(m.Variables, *v)
	}
	return func(each func(row []Value) error) error {
		row := make([]Value, len(columns))
		return r.Source.Responses(ctx, r.Period.Wave, func(answer survey.Response) error {
			if !in(answer) {
				return nil
			}
			known := c.of(answer.Version)
			for i, column := range columns {
				row[i] = Value{}
				if known[column.subject.ID] == column.subject {
					row[i] = column.value(answer.Answers[column.subject.ID])
				} else if column.Background {
					row[i] = column.value(survey.Answer{})
				}
			}
			return each(row)
		})
	}
}

// longestName is how long a variable's name may be in the programs that read them.
const longestName = 64

// name is what a variable is called: small letters, digits and underscores.
func name(parts ...string) string {
	s := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.Join(parts, "_"))
	return s[:min(len(s), longestName)]
}

// free is a name that is not taken yet, which it then is.
func free(name string, taken map[string]bool) string {
	out := name
	for n := 2; taken[out]; n++ {
		end := "_" + strconv.Itoa(n)
		out = name[:min(len(name), longestName-len(end))] + end
	}
	taken[out] = true
	return out
}

func number(n int) Value { return Value{Number: float64(n), Given: true} }

// backgroundColumn is a background as coarse as it is released; none where it is left out.
func backgroundColumn(s *subject, final Results) []reading {
	b, ok := shownAlike(s, final)
	if !ok {
		return nil
	}
	v := Variable{Name: name(s.id), Question: s.id, Measure: Nominal, Background: true, Label: b.Text}
	if s.ordered {
		v.Measure = Ordinal
	}
	code, silent := map[string]int{}, 0
	for i, g := range b.Groups {
		v.Values = append(v.Values, Label{Code: i + 1, ID: g.ID, Text: g.Text})
		for _, o := range g.Options {
			code[o] = i + 1
		}
		if g.Silent {
			silent = i + 1
		}
	}
	return []reading{{v, s, func(a survey.Answer) Value {
		if n, ok := code[s.idOf(a.Value)]; ok {
			return number(n)
		}
		if silent > 0 {
			return number(silent)
		}
		return Value{}
	}}}
}

// idOf is the id that an option is reported by.
func (s *subject) idOf(option string) string {
	if option == "" {
		return ""
	}
	if _, ok := s.optionAt[option]; !ok {
		return goneID
	}
	return option
}

// itemColumns are the variables of an item: one, or of several choices one for each that is shown.
func itemColumns(s *subject, row int, categories []Category) (list []reading) {
	label := plain(s.Text)
	if len(categories) == 0 {
		return nil
	}
	switch s.Type {
	case survey.Multiple, survey.Rank:
		for _, c := range categories {
			list = append(list, choiceColumn(s, label, c))
		}
		return list
	case survey.Matrix:
		return []reading{categoryColumn(s, row, name(s.id, s.rows[row].ID), beside(label, plain(s.rows[row].Text)), categories)}
	default:
		return []reading{categoryColumn(s, row, name(s.id), label, categories)}
	}
}

// choiceColumn is whether an option was chosen: 1 or 0, in a ranking too, since a place is more than
// the report says of anybody.
func choiceColumn(s *subject, label i18n.Text, c Category) reading {
	v := Variable{
		Name: name(s.id, c.ID), Question: s.id, Measure: Nominal, Label: beside(label, c.Text),
		Values: []Label{{Code: 0, ID: "no", Text: everywhere("results.not_chosen", nil)}, {Code: 1, ID: "yes", Text: everywhere("results.chosen", nil)}},
	}
	return reading{v, s, func(a survey.Answer) Value {
		if len(a.Choices) == 0 {
			return Value{}
		}
		for _, id := range a.Choices {
			if slices.Contains(c.Options, s.idOf(id)) {
				return number(1)
			}
		}
		return number(0)
	}}
}

// categoryColumn is the category of an answer. A grade that is shown as it was given is a number;
// the options of a scale count from 1.
func categoryColumn(s *subject, row int, called string, label i18n.Text, categories []Category) reading {
	v := Variable{Name: called, Question: s.id, Measure: Nominal, Label: label}
	if s.ordered {
		v.Measure = Ordinal
	}
	code := map[string]int{}
	grades := s.Type == survey.Grade && !slices.ContainsFunc(categories, func(c Category) bool { return len(c.Options) > 1 || c.Options[0] == goneID })
	if grades {
		v.Measure = Metric
	}
	for i, c := range categories {
		n := i + 1
		if grades {
			n, _ = strconv.Atoi(c.ID)
		}
		v.Values = append(v.Values, Label{Code: n, ID: c.ID, Text: c.Text, Missing: c.DontKnow})
		for _, o := range c.Options {
			code[o] = n
		}
	}
	return reading{v, s, func(a survey.Answer) Value {
		value := a.Value
		if s.Type == survey.Matrix {
			value = a.Rows[s.rows[row].ID]
		}
		if s.Type == survey.Number || s.Type == survey.Date {
			class, _, ok := s.classes.of(value)
			if !ok {
				return Value{}
			}
			value = "c" + strconv.Itoa(class)
		}
		if n, ok := code[s.idOf(value)]; ok {
			return number(n)
		}
		return Value{}
	}}
}

// beside is a question and what of it a variable is about.
func beside(question, part i18n.Text) i18n.Text {
	t := i18n.Text{}
	for _, l := range i18n.Langs {
		t[l] = i18n.T(l, "results.part", i18n.Args{"question": question.In(l), "part": part.In(l)})
	}
	return t
}
