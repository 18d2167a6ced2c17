package exchange

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"viesti/i18n"
	"viesti/survey"
)

// typeOf is what a row becomes with us, "" when we have nothing for it.
func typeOf(e *element) survey.Type {
	switch e.typ {
	case "select_one":
		return survey.Single
	case "select_multiple":
		return survey.Multiple
	case "rank":
		return survey.Rank
	case isMatrix:
		return survey.Matrix
	case "range":
		if _, _, ok := settled(parameters(e.row.cells["parameters"])); ok {
			return survey.Grade
		}
		return survey.Number
	case "integer", "decimal":
		return survey.Number
	case "date":
		return survey.Date
	case "note":
		return survey.Info
	case "text":
		return survey.OpenText
	}
	if slices.Contains(asText, e.typ) {
		return survey.OpenText
	}
	return ""
}

// What can be asked as a text, and what tools record of the device and the day.
var (
	asText = []string{"time", "datetime", "barcode", "email", "url"}
	meta   = []string{
		"start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber", "username", "audit", "start-geopoint",
		"background-audio", "background-geopoint",
	}
)

// unsupported lists a row that becomes no question.
func (f *form) unsupported(e *element) {
	key, args := "exchange.type", i18n.Args{"name": e.name, "type": e.typ}
	switch {
	case slices.Contains(meta, e.typ):
		key = "exchange.meta"
	case e.typ == "calculate" || e.typ == "hidden":
		key, args["expression"] = "exchange.calculate", shortened(e.row.cells["calculation"])
	}
	f.lose(e.row, "type", key, args)
	e.row.ignore()
}

// question makes a question of a row, or of a group that is a matrix.
func (f *form) question(e *element) survey.Question {
	r := e.row
	q := survey.Question{
		ID: e.id, Type: typeOf(e), Text: f.words(r, "label", true), Definition: f.words(r, "guidance_hint", true),
		Required: f.required(r),
	}
	q.Relevance = f.relevance(e, r.get("relevant"))
	if slices.Contains(asText, e.typ) {
		f.lose(r, "type", "exchange.as_text", i18n.Args{"name": e.name, "type": e.typ})
	}
	switch q.Type {
	case survey.Matrix:
		f.matrix(&q, e)
	case survey.Grade, survey.Number:
		f.measured(&q, e)
	case survey.OpenText:
		q.Long = e.has("multiline") || parameters(r.cells["parameters"])["rows"] != ""
		r.get("parameters")
	}
	f.constrained(&q, e)
	q.Help = f.words(r, "hint", true)
	for lang, s := range beside(&q) {
		if q.Help[lang] == s {
			delete(q.Help, lang)
		} else if help, ok := strings.CutSuffix(q.Help[lang], "\n"+s); ok {
			q.Help[lang] = help
		}
	}
	if len(q.Help) == 0 {
		q.Help = nil
	}
	f.appearance(&q, e)
	return q
}

// constrained reads the constraint, and the options that it says something of.
func (f *form) constrained(q *survey.Question, e *element) {
	var alone []string
	if source := e.row.get("constraint"); source != "" {
		if n, ok := parseXPath(source); ok {
			var left []node
			if alone, left = constrain(q, n); len(left) > 0 {
				source = chain("and", left...).xpath()
			} else {
				source = ""
			}
		}
		if source != "" {
			f.lose(e.row, "constraint", "exchange.constraint", i18n.Args{"name": e.name, "expression": shortened(source)})
		}
	}
	if e.list != "" && q.Type != survey.Matrix {
		params := parameters(e.row.get("parameters"))
		q.Random = strings.EqualFold(params["randomize"], "true")
		f.choose(q, e, alone)
		q.Background = e.rest.Background && q.Type == survey.Single
	}
	if q.Type == survey.Rank {
		q.Max = e.rest.Max
	}
	f.message(e.row, constraintOf(q, e.options).message)
	if e.beside != nil {
		f.aside(q, e)
	}
}

// message lists the words for a refused answer, unless they are ours.
func (f *form) message(r *row, ours i18n.Text) {
	words := f.words(r, "constraint_message", false)
	for _, lang := range i18n.Langs {
		if s := words[lang]; s != "" && s != ours[lang] {
			f.lose(r, "constraint_message::"+string(lang), "exchange.message", i18n.Args{"text": shortened(s)})
			return
		}
	}
}

// aside reads the text beside an option: all that it says of its own is lost.
func (f *form) aside(q *survey.Question, e *element) {
	r := e.beside.row
	r.get("relevant")
	options := e.options
	i := slices.IndexFunc(options, func(o survey.Option) bool { return o.Other })
	label := f.words(r, "label", false)
	if i < 0 || !slices.Equal(sayings(label), sayings(options[i].Text)) && e.beside.rest.Is != isOther {
		f.lose(r, "label", "exchange.beside", i18n.Args{"name": e.beside.name, "question": q.ID})
	}
	if limit, ok := parseXPath(r.cells["constraint"]); ok && limit.equal(atMost("string-length", survey.OtherMax)) {
		r.get("constraint")
		f.message(r, message("exchange.text_up_to", i18n.Args{"max": survey.OtherMax}))
	}
}

// sayings are a text's words in the order of our languages.
func sayings(t i18n.Text) []string { return []string{t[i18n.Fi], t[i18n.Sv], t[i18n.En]} }

// matrix reads the rows of a matrix and what it chooses from.
func (f *form) matrix(q *survey.Question, e *element) {
	list := f.lists[e.kids[0].list]
	if list == nil {
		f.lose(e.kids[0].row, "type", "exchange.no_list", i18n.Args{"name": e.name, "list": e.kids[0].list})
	} else {
		q.Scale = f.scaleOf(list)
	}
	q.Random = e.rest.Random
	var conditions []string
	required := 0
	for _, k := range e.kids {
		conditions = append(conditions, k.row.get("relevant"))
		k.row.get("appearance")
		o := survey.Option{ID: k.id, Text: f.words(k.row, "label", false)}
		o.Other, o.Exclusive, o.DontKnow = k.rest.Other, k.rest.Exclusive, k.rest.DontKnow
		q.Rows = append(q.Rows, o)
		if f.required(k.row) {
			required++
		}
	}
	if q.Required = q.Required || required == len(e.kids); required > 0 && !q.Required {
		f.lose(e.row, "type", "exchange.required_rows", i18n.Args{"name": e.name})
	}
	if f.sameRows(e, q.Rows, conditions) {
		q.RowsFrom, q.Rows = e.rest.RowsFrom, nil
		return
	}
	for i, k := range e.kids {
		q.Rows[i].Relevance = f.relevance(k, conditions[i])
	}
}

// sameRows tells whether the rows are still those that our column takes from an earlier question.
func (f *form) sameRows(e *element, rows []survey.Option, conditions []string) bool {
	from := f.names[e.rest.RowsFrom]
	if from == nil {
		return false
	}
	kept := slices.DeleteFunc(slices.Clone(from.options), func(o survey.Option) bool { return o.Other || o.Exclusive })
	return len(kept) == len(rows) && !slices.ContainsFunc(rows, func(o survey.Option) bool {
		i := slices.IndexFunc(rows, func(p survey.Option) bool { return p.ID == o.ID })
		return kept[i].ID != o.ID || !slices.Equal(sayings(kept[i].Text), sayings(o.Text)) ||
			conditions[i] != selected(ref(e.rest.RowsFrom), o.ID).xpath()
	})
}

// measured reads the settings of a grade or a number.
func (f *form) measured(q *survey.Question, e *element) {
	q.Low, q.High, q.Unit = e.rest.Low, e.rest.High, e.rest.Unit
	switch e.typ {
	case "decimal":
		if q.Decimals = 9; f.ours && e.rest.Decimals > 0 {
			q.Decimals = e.rest.Decimals
		}
	case "range":
		params := parameters(e.row.get("parameters"))
		if q.Type == survey.Grade {
			q.Min, q.Max, _ = settled(params)
			return
		}
		q.From, q.To = decimalOf(params["start"], "1"), decimalOf(params["end"], "10")
		if strings.Contains(params["start"]+params["end"]+params["step"], ".") {
			q.Decimals = 9
		}
		f.lose(e.row, "parameters", "exchange.range", i18n.Args{"name": e.name, "from": q.From, "to": q.To})
	}
}

// decimalOf is a number in the form that we keep.
func decimalOf(s, otherwise string) string {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || !plainNumber.MatchString(s) {
		return otherwise
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

func isYes(s string) bool {
	return slices.Contains([]string{"yes", "true", "true()", "1"}, strings.ToLower(s))
}

func (f *form) required(r *row) bool {
	cell := r.get("required")
	if cell != "" && !isYes(cell) && !slices.Contains([]string{"no", "false", "false()", "0"}, strings.ToLower(cell)) {
		f.lose(r, "required", "exchange.required", i18n.Args{"name": r.cells["name"], "expression": shortened(cell)})
	}
	return isYes(cell)
}

// look are the words of an appearance that say only how something looks.
var look = regexp.MustCompile(`^(likert|horizontal|horizontal-compact|compact|compact-\d+|quick|quickcompact|columns|columns-\w+|` +
	`label|list|list-nolabel|table-list|field-list|no-buttons|vertical|no-ticks|rating|picker|minimal|autocomplete|search|multiline|` +
	`thousands-sep|no-calendar|w\d+|h\d+|numbers)$`)

func (f *form) appearance(q *survey.Question, e *element) {
	cell := e.row.get("appearance")
	q.Select = q.Type == survey.Single && e.has("minimal", "autocomplete", "search")
	for word := range strings.FieldsSeq(strings.ToLower(cell)) {
		if !look.MatchString(word) || word == "numbers" && q.Type == survey.OpenText {
			f.lose(e.row, "appearance", "exchange.appearance", i18n.Args{"name": e.name, "appearance": word})
		}
	}
}

var reference = regexp.MustCompile(`\$\{\s*([^{}\s]+)\s*\}`)

// words is a text as we keep it: plain, with earlier answers shown in our way where a text may
// show them.
func (f *form) words(r *row, base string, quotes bool) i18n.Text {
	t := r.text(base, f.own)
	for _, lang := range i18n.Langs { // in one order, so that losses are too
		s, ok := t[lang]
		if !ok {
			continue
		}
		if !f.ours {
			plain, lost := plainText(unmarked(s))
			if lost != "" {
				f.lose(r, base+"::"+string(lang), "exchange.markup", i18n.Args{"markup": lost})
			}
			if s = strings.TrimSpace(plain); quotes && quote.MatchString(reference.ReplaceAllString(s, "")) {
				f.lose(r, base+"::"+string(lang), "exchange.brace", i18n.Args{"text": shortened(s)})
			}
		}
		t[lang] = reference.ReplaceAllStringFunc(s, func(shown string) string {
			name := reference.FindStringSubmatch(shown)[1]
			if e := f.names[name]; e != nil && quotes && e.id != "" && typeOf(e) != survey.Info && e.name == name {
				return "{" + e.id + "}"
			}
			f.lose(r, base+"::"+string(lang), "exchange.quote", i18n.Args{"name": name})
			return shown
		})
	}
	return t
}
