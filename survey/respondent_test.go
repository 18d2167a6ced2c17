package survey_test

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"viesti/survey"
)

// submission is what is sent for one question, and what is to come of it.
type submission struct {
	fields  url.Values
	answer  survey.Answer
	refused bool
}

// answer draws what a respondent sends for a question that is offered so, sense and nonsense.
func (d drawer) answer(q *drawnQuestion, o offer) submission {
	s := submission{fields: url.Values{}}
	if d.oneIn(6) {
		return s // nothing, which takes an earlier answer away
	}
	switch q.kind {
	case survey.Single:
		d.single(q, o, &s)
	case survey.Multiple:
		d.multiple(q, o, &s)
	case survey.Rank:
		d.rank(q, o, &s)
	case survey.Matrix:
		d.matrix(q, o, &s)
	case survey.OpenText:
		t := pick(d, texts...)
		s.fields.Set("q."+q.id, t.raw)
		s.answer.Text, s.refused = t.line, t.line == ""
		if q.long {
			s.answer.Text = t.lines
		}
	case survey.Grade, survey.Number, survey.Date:
		d.measure(q, &s)
	case survey.Info:
		s.fields.Set("q."+q.id, "x")
	}
	return s
}

// junk is an option that is not on offer: never was, or no longer is.
func (d drawer) junk(q *drawnQuestion, o offer) string {
	for _, option := range q.all() {
		if !slices.Contains(o.options, option.id) && d.oneIn(2) {
			return option.id
		}
	}
	return pick(d, "nobody", "A", "a\x00", " ")
}

// words writes into the field beside "other", whether the question has one or not.
func (d drawer) words(q *drawnQuestion, s *submission) (t typed) {
	if d.oneIn(2) {
		return typed{}
	}
	t = pick(d, texts...)
	s.fields.Set("q."+q.id+".~other", t.raw)
	return t
}

func (d drawer) single(q *drawnQuestion, o offer, s *submission) {
	name, other := "q."+q.id, slices.Contains(o.options, "other")
	t := d.words(q, s)
	switch n := d.IntN(8); {
	case n == 0:
		s.fields[name], s.refused = []string{d.junk(q, o)}, true
	case n == 1 && len(o.options) > 1:
		s.fields[name], s.refused = o.options[:2], true
	case n == 2:
		s.fields[name] = []string{""}
	default:
		s.answer.Value = pick(d, o.options...)
		s.fields[name] = slices.Repeat([]string{s.answer.Value}, 1+d.IntN(2))
	}
	if s.answer.Value == "" && !s.refused && t.raw != "" && other {
		s.answer.Value = "other" // whoever writes beside it has chosen it
	}
	if s.answer.Value == "other" && t.raw != "" {
		s.answer.Text, s.refused = t.line, t.line == ""
	}
}

func (d drawer) multiple(q *drawnQuestion, o offer, s *submission) {
	sent := []string{}
	for _, id := range o.options {
		if d.oneIn(2) {
			sent = append(sent, id)
		}
	}
	t := d.words(q, s)
	if t.raw != "" && slices.Contains(o.options, "other") && !slices.Contains(sent, "other") {
		sent = append(sent, "other")
		s.fields["q."+q.id] = sent[:len(sent)-1]
	} else {
		s.fields["q."+q.id] = sent
	}
	s.answer.Choices = nil
	for _, id := range o.options { // in the question's order
		if slices.Contains(sent, id) {
			s.answer.Choices = append(s.answer.Choices, id)
		}
	}
	if slices.Contains(sent, "other") && t.raw != "" {
		s.answer.Text, s.refused = t.line, t.line == ""
	}
	s.refused = s.refused || q.max > 0 && len(sent) > q.max || slices.Contains(sent, "none") && len(sent) > 1
	if list := s.fields["q."+q.id]; d.oneIn(8) {
		s.fields["q."+q.id], s.refused = append(slices.Clone(list), d.junk(q, o)), true
	} else {
		d.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	}
}

func (d drawer) rank(q *drawnQuestion, o offer, s *submission) {
	places := len(o.options)
	if q.max > 0 {
		places = min(places, q.max)
	}
	order := d.Perm(places)
	at := map[int]string{}
	for i, id := range o.options {
		switch {
		case i >= places || d.oneIn(4):
			s.fields.Set("q."+q.id+"."+id, "")
		default:
			at[order[i]] = id
			s.fields.Set("q."+q.id+"."+id, strconv.Itoa(order[i]+1))
		}
	}
	for place := range places {
		if id, ok := at[place]; ok {
			s.answer.Choices = append(s.answer.Choices, id)
		}
	}
	if d.oneIn(8) {
		s.fields.Set("q."+q.id+"."+pick(d, o.options...), pick(d, "0", strconv.Itoa(places+1), "first"))
		s.refused = true
	}
	s.fields.Set("q."+q.id+".nobody", "1")
}

func (d drawer) matrix(q *drawnQuestion, o offer, s *submission) {
	s.answer.Rows = map[string]string{}
	for _, row := range o.rows {
		if !d.oneIn(4) {
			s.answer.Rows[row] = pick(d, o.options...)
			s.fields.Set("q."+q.id+"."+row, s.answer.Rows[row])
		}
	}
	s.fields.Set("q."+q.id+".nobody", "1")
	if d.oneIn(8) {
		s.fields.Set("q."+q.id+"."+pick(d, o.rows...), d.junk(q, o))
		s.refused = true
	}
}

func (d drawer) measure(q *drawnQuestion, s *submission) {
	var raw, value string
	number := func(v string) float64 { n, _ := strconv.ParseFloat(v, 64); return n }
	switch q.kind {
	case survey.Grade:
		n := q.min - 1 + d.IntN(q.max-q.min+3)
		raw, value = strconv.Itoa(n), strconv.Itoa(n)
		s.refused = n < q.min || n > q.max
	case survey.Number:
		raw = pick(d, sorted(numbers)...)
		value = numbers[raw]
		_, decimals, _ := strings.Cut(value, ".")
		s.refused = value == "" || len(decimals) > q.decimals ||
			q.from != "" && number(value) < number(q.from) || q.to != "" && number(value) > number(q.to)
	default:
		raw = pick(d, sorted(dates)...)
		value = dates[raw]
		s.refused = value == "" || q.from != "" && value < q.from || q.to != "" && value > q.to
	}
	s.answer.Value = value
	s.fields.Set("q."+q.id, raw)
	if d.oneIn(10) {
		s.fields.Add("q."+q.id, raw+"1")
		s.refused = true
	}
}

// sorted are the keys of what can be typed, so that chance follows from the seed alone.
func sorted(typed map[string]string) []string { return slices.Sorted(maps.Keys(typed)) }
