package exchange

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"viesti/i18n"
	"viesti/survey"
)

// limeTypes are LimeSurvey's types that become one question of ours.
var limeTypes = map[string]survey.Type{
	"L": survey.Single, "!": survey.Single, "O": survey.Single, "Y": survey.Single, "G": survey.Single,
	"M": survey.Multiple, "P": survey.Multiple, "R": survey.Rank, "5": survey.Grade,
	"F": survey.Matrix, "H": survey.Matrix, "A": survey.Matrix, "B": survey.Matrix, "C": survey.Matrix, "E": survey.Matrix,
	"N": survey.Number, "D": survey.Date, "S": survey.OpenText, "T": survey.OpenText, "U": survey.OpenText, "X": survey.Info,
}

// read makes a question of its row, and the names by which conditions speak of it. What depends
// on other questions waits for finish.
func (l *lime) read(a *asking) {
	if l.attributes[a.record["qid"]]["hidden"] == "1" {
		l.lose(a.code, "exchange.hidden", i18n.Args{"name": a.code})
		return
	}
	typ := a.record["type"]
	if typ == "Q" || typ == "K" {
		l.several(a)
		return
	}
	t, ok := limeTypes[typ]
	if !ok {
		l.lose(a.code, "exchange.lss_type", i18n.Args{"name": a.code, "type": typ})
		return
	}
	a.id = l.identify(l.place(a.code), a.code, l.ids, questionID)
	q := survey.Question{ID: a.id, Type: t, Select: typ == "!", Long: typ == "T" || typ == "U"}
	ids := map[string]string{}
	switch t {
	case survey.Single, survey.Multiple, survey.Rank:
		q.Options, ids = l.options(a)
	case survey.Matrix:
		ids = l.matrix(a, &q)
	case survey.Grade:
		q.Min, q.Max = 1, 5
	}
	if typ == "O" || typ == "P" {
		l.lose(a.code, "exchange.comments", i18n.Args{"name": a.code})
	}
	a.into = []survey.Question{q}
	l.introduce(a, "", subjectOf(a.id, t, ids))
	if t == survey.Rank {
		for i := range q.Options {
			place := fmt.Sprintf(`(len(%[1]s) > %[2]d ? %[1]s[%[2]d] : "")`, a.id, i)
			l.introduce(a, strconv.Itoa(i+1), subject{code: place, kind: isChoice, ids: ids})
		}
	}
}

// introduce gives a subject the names that conditions know it by: by code, and as surveys before
// version 2 wrote it.
func (l *lime) introduce(a *asking, sub string, s subject) {
	code := a.code
	if sub != "" {
		code += "_" + sub
	}
	for _, name := range []string{code, a.record["sid"] + "X" + a.record["gid"] + "X" + a.record["qid"] + sub} {
		l.owner[name] = a
		if s.kind != 0 {
			l.subjects[name] = s
		}
	}
}

// options are those of a question, with their ids by their codes.
func (l *lime) options(a *asking) (options []survey.Option, ids map[string]string) {
	ids, taken := map[string]string{}, map[string]bool{}
	add := func(code string, text i18n.Text) {
		o := survey.Option{ID: l.identify(l.place(a.code), code, taken, optionID), Text: text}
		ids[code] = o.ID
		options = append(options, o)
	}
	switch a.record["type"] {
	case "Y":
		add("Y", message("exchange.yes", nil))
		add("N", message("exchange.no", nil))
	case "G":
		add("F", message("exchange.female", nil))
		add("M", message("exchange.male", nil))
	case "M", "P":
		for _, sub := range l.subquestions[a.record["qid"]] {
			add(sub["title"], l.plainOf(a.code, l.texts[sub["qid"]]))
			l.introduce(a, sub["title"], subject{code: a.id, kind: isMember, id: ids[sub["title"]]})
			a.codes = append(a.codes, sub["title"])
		}
	default:
		for _, reply := range l.replies[a.record["qid"]] {
			add(reply.code, l.plainOf(a.code, reply.text))
		}
	}
	if a.record["other"] == "Y" && a.record["type"] != "R" {
		id := free("other", taken)
		text := l.plainOf(a.code, l.said[a.record["qid"]]["other_replace_text"])
		if text == nil {
			text = message("exchange.other", nil)
		}
		options = append(options, survey.Option{ID: id, Text: text, Other: true})
		ids["-oth-"] = id
	}
	l.exclusive(a, options, ids)
	return options, ids
}

func (l *lime) exclusive(a *asking, options []survey.Option, ids map[string]string) {
	for code := range strings.FieldsFuncSeq(l.attributes[a.record["qid"]]["exclude_all_others"], func(r rune) bool { return r == ';' || r == ',' }) {
		for i := range options {
			if options[i].ID == ids[code] {
				options[i].Exclusive = true
			}
		}
	}
}

// Words that LimeSurvey has for the scales of its own.
var ownScales = map[string]struct {
	name  string
	codes []string
	words []string
}{
	"C": {"yes_no_uncertain", []string{"Y", "U", "N"}, []string{"exchange.yes", "exchange.uncertain", "exchange.no"}},
	"E": {"increase_same_decrease", []string{"I", "S", "D"}, []string{"exchange.increase", "exchange.same", "exchange.decrease"}},
}

// matrix gives a matrix its rows and its scale.
func (l *lime) matrix(a *asking, q *survey.Question) (ids map[string]string) {
	var options []survey.Option
	name, ids := a.id, map[string]string{}
	switch typ := a.record["type"]; typ {
	case "A", "B":
		last := map[string]int{"A": 5, "B": 10}[typ]
		for n := 1; n <= last; n++ {
			digit := strconv.Itoa(n)
			options = append(options, survey.Option{ID: digit, Text: i18n.Text{i18n.Fi: digit, i18n.Sv: digit, i18n.En: digit}})
			ids[digit] = digit
		}
		name = fmt.Sprintf("from_1_to_%d", last)
	case "C", "E":
		own := ownScales[typ]
		for i, code := range own.codes {
			ids[code] = strings.ToLower(code)
			options = append(options, survey.Option{ID: ids[code], Text: message(own.words[i], nil)})
		}
		name = own.name
	default:
		options, ids = l.options(a)
	}
	q.Scale = l.scale(name, options)
	taken := map[string]bool{}
	for _, sub := range l.subquestions[a.record["qid"]] {
		row := survey.Option{
			ID: l.identify(l.place(a.code), sub["title"], taken, optionID), Text: l.plainOf(a.code, l.texts[sub["qid"]]),
		}
		q.Rows = append(q.Rows, row)
		a.codes = append(a.codes, sub["title"])
		l.introduce(a, sub["title"], subject{code: cell(a.id, row.ID), kind: isChoice, ids: ids})
	}
	return ids
}

// scale is the name of a scale with these options; questions with the same share it.
func (l *lime) scale(name string, options []survey.Option) string {
	for _, other := range sortedScales(l.q.Scales) {
		if reflect.DeepEqual(l.q.Scales[other].Options, options) {
			return other
		}
	}
	taken := map[string]bool{}
	for other := range l.q.Scales {
		taken[other] = true
	}
	name = free(name, taken)
	l.q.Scales[name] = survey.Scale{Options: options}
	return name
}

// several makes a question of each field of a question with several.
func (l *lime) several(a *asking) {
	l.lose(a.code, "exchange.several", i18n.Args{"name": a.code})
	t := map[string]survey.Type{"Q": survey.OpenText, "K": survey.Number}[a.record["type"]]
	for _, sub := range l.subquestions[a.record["qid"]] {
		id := l.identify(l.place(a.code), a.code+"_"+sub["title"], l.ids, questionID)
		a.into = append(a.into, survey.Question{ID: id, Type: t})
		l.introduce(a, sub["title"], subjectOf(id, t, nil))
	}
}

// finish gives questions what may speak of others: texts, conditions, settings.
func (l *lime) finish(a *asking) {
	qid := a.record["qid"]
	text, help := l.plain(a.code, "question", l.texts[qid]), l.plain(a.code, "help", l.helps[qid])
	relevance := l.condition(a.code, a.record["relevance"])
	for i := range a.into {
		q := &a.into[i]
		q.Text, q.Help, q.Relevance = text, help, relevance
		q.Required = a.record["mandatory"] == "Y" && q.Type != survey.Info
		if a.record["type"] == "Q" || a.record["type"] == "K" {
			q.Text = beneath(text, l.plainOf(a.code, l.texts[l.subquestions[qid][i]["qid"]]))
		}
		l.settings(a, q)
	}
	if a.record["mandatory"] == "S" {
		l.lose(a.code, "exchange.soft", i18n.Args{"name": a.code})
	}
	if a.record["preg"] != "" {
		l.lose(a.code, "exchange.constraint", i18n.Args{"name": a.code, "expression": shortened(a.record["preg"])})
	}
	l.narrowed(a)
	l.remaining(a)
}

// beneath is a question with one of its fields.
func beneath(text, field i18n.Text) i18n.Text {
	t := i18n.Text{}
	for _, lang := range i18n.Langs {
		if s := strings.Trim(text[lang]+" – "+field[lang], " –"); s != "" {
			t[lang] = s
		}
	}
	return t
}

// narrowed limits rows and options to what was chosen earlier, and gives them their conditions.
func (l *lime) narrowed(a *asking) {
	if len(a.into) != 1 {
		return
	}
	q := &a.into[0]
	list := &q.Rows
	if q.Type != survey.Matrix {
		list = &q.Options
	}
	filter := l.attributes[a.record["qid"]]["array_filter"]
	from := l.questions[filter]
	chosen := from != nil && len(from.into) == 1 && from.into[0].Type == survey.Multiple
	if filter != "" && !chosen {
		l.lose(a.code, "exchange.array_filter", i18n.Args{"name": a.code, "question": filter})
	}
	for i, code := range a.codes {
		sub := l.subquestions[a.record["qid"]][i]
		(*list)[i].Relevance = l.condition(a.code, sub["relevance"])
		if !chosen {
			continue
		}
		if member, ok := l.subjects[filter+"_"+code]; ok && member.kind == isMember {
			in := fmt.Sprintf("%q in %s", member.id, member.code)
			if own := (*list)[i].Relevance; own != "" {
				in = "(" + own + ") && " + in
			}
			(*list)[i].Relevance = in
		}
	}
}

// Attributes that are read, and those that say how a question looks or is evaluated.
var (
	attributesRead = []string{
		"array_filter", "exclude_all_others", "hidden", "max_answers", "maximum_chars", "random_order", "answer_order", "subquestion_order",
		"min_num_value_n", "max_num_value_n", "num_value_int_only", "suffix", "date_min", "date_max", "other_replace_text", "date_format",
	}
	attributesOfLooks = regexp.MustCompile(`^(statistics_\w+|public_statistics|scale_export|save_as_default|css_?class|text_input_\w+|input_size|` +
		`display_\w+|hide_tip|page_break|label_input_columns|answer_width\w*|repeat_headings|clear_default|question_template|printable_help|` +
		`other_position\w*|dropdown_\w+|use_dropdown|category_separator|alphasort|show\w*|samechoiceheight|samelistheight|choice_title|rank_title|` +
		`reverse|thousands_separator|maximum_rows|input_boxes|keep_aspect|horizontal_scroll|button_size|max_buttons_row|time_limit_\w+style|slider_\w+)$`)
	defaults = []string{"", "0", "N", "n", "default", "normal", "none"}
)

// remaining lists the attributes that are set and not carried over.
func (l *lime) remaining(a *asking) {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(l.attributes[a.record["qid"]])) {
		value := l.attributes[a.record["qid"]][name]
		if !slices.Contains(attributesRead, name) && !attributesOfLooks.MatchString(name) && !slices.Contains(defaults, value) {
			names = append(names, name+" = "+shortened(value))
		}
	}
	if len(names) > 0 {
		l.lose(a.code, "exchange.attributes", i18n.Args{"name": a.code, "attributes": strings.Join(names, ", ")})
	}
}

// settings reads the attributes of a question.
func (l *lime) settings(a *asking, q *survey.Question) {
	set := l.attributes[a.record["qid"]]
	whole := func(name string) int {
		n, err := strconv.Atoi(set[name])
		if set[name] != "" && (err != nil || n < 0) {
			l.lose(a.code, "exchange.attributes", i18n.Args{"name": a.code, "attributes": name + " = " + shortened(set[name])})
			return 0
		}
		return n
	}
	switch q.Type {
	case survey.Single, survey.Multiple, survey.Rank, survey.Matrix:
		q.Random = set["random_order"] == "1" || set["answer_order"] == "random" || set["subquestion_order"] == "random"
		if q.Type == survey.Multiple || q.Type == survey.Rank {
			q.Max = whole("max_answers")
		}
	case survey.OpenText:
		q.Max = whole("maximum_chars")
	case survey.Number:
		if q.Decimals = 9; set["num_value_int_only"] == "1" {
			q.Decimals = 0
		}
		q.From, q.To = l.end(a, "min_num_value_n", numeric), l.end(a, "max_num_value_n", numeric)
		q.Unit = l.plainOf(a.code, l.said[a.record["qid"]]["suffix"])
	case survey.Date:
		q.From, q.To = l.end(a, "date_min", validDay), l.end(a, "date_max", validDay)
		if strings.Contains(set["date_format"], "HH") {
			l.lose(a.code, "exchange.attributes", i18n.Args{"name": a.code, "attributes": "date_format = " + set["date_format"]})
		}
	}
}

func numeric(s string) bool { return plainNumber.MatchString(s) }

// end is an end of a range; LimeSurvey may also have an equation there.
func (l *lime) end(a *asking, name string, valid func(string) bool) string {
	s := l.attributes[a.record["qid"]][name]
	switch {
	case s == "":
		return ""
	case !valid(s):
		l.lose(a.code, "exchange.attributes", i18n.Args{"name": a.code, "attributes": name + " = " + shortened(s)})
		return ""
	case name == "date_min" || name == "date_max":
		return s
	default:
		return decimalOf(s, "")
	}
}
