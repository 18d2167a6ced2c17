package exchange

import (
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/survey"
)

// lime is a LimeSurvey structure file while it is read.
type lime struct {
	naming
	file  string
	db    database
	q     *survey.Questionnaire
	ids   map[string]bool
	pages map[string]bool

	subquestions map[string][]record
	replies      map[string][]answerRow
	attributes   map[string]map[string]string    // by question id of LimeSurvey
	said         map[string]map[string]i18n.Text // attributes that are texts
	questions    map[string]*asking              // by their codes
	subjects     map[string]subject              // by the names that conditions use
	owner        map[string]*asking              // whose subject it is
	texts, helps map[string]i18n.Text            // by question id of LimeSurvey
}

// asking is a question of LimeSurvey's: a row of its table, and what becomes of it.
type asking struct {
	record
	code  string
	id    string
	page  int // where it lies, from 1; 0 before that
	codes []string
	into  []survey.Question
}

// ReadLSS makes a questionnaire of the structure of a LimeSurvey survey (.lss, version 2 to 6).
// Like that of ReadXLSForm it is not checked.
func ReadLSS(file string, data []byte) (Form, error) {
	db, err := readDatabase(data)
	if err != nil {
		return Form{}, fault.Wrap(err, fault.Invalid, "exchange.xml", i18n.Args{"file": file})
	}
	if db.kind != "Survey" {
		return Form{}, fault.New(fault.Invalid, "exchange.no_lss", i18n.Args{"file": file})
	}
	l := &lime{
		file: file, db: db, q: &survey.Questionnaire{Scales: map[string]survey.Scale{}}, ids: map[string]bool{}, pages: map[string]bool{},
		subquestions: map[string][]record{}, attributes: map[string]map[string]string{}, said: map[string]map[string]i18n.Text{},
		questions: map[string]*asking{}, subjects: map[string]subject{}, owner: map[string]*asking{},
	}
	l.index()
	l.survey()
	l.sections()
	l.groups()
	if len(l.q.Scales) == 0 {
		l.q.Scales = nil
	}
	return Form{Questionnaire: l.q, Losses: l.told(file)}, nil
}

// index gathers what belongs to each question.
func (l *lime) index() {
	for _, r := range l.rows("subquestions", "qid", "question_order") {
		if r.number("scale_id") == 0 {
			l.subquestions[r["parent_qid"]] = append(l.subquestions[r["parent_qid"]], r)
		}
	}
	l.replies = l.answers()
	l.texts = l.words([]string{"questions", "subquestions", "question_l10ns"}, "qid", "question")
	l.helps = l.words([]string{"questions", "question_l10ns"}, "qid", "help")
	for _, r := range l.db.tables["question_attributes"] {
		id, name := r["qid"], r["attribute"]
		if l.attributes[id] == nil {
			l.attributes[id], l.said[id] = map[string]string{}, map[string]i18n.Text{}
		}
		lang, ok := i18n.ParseLang(r["language"])
		if ok && r["value"] != "" {
			if l.said[id][name] == nil {
				l.said[id][name] = i18n.Text{}
			}
			l.said[id][name][lang] = r["value"]
		}
		if r["value"] != "" {
			l.attributes[id][name] = strings.TrimSpace(r["value"])
		}
	}
}

// survey reads what the survey says of itself.
func (l *lime) survey() {
	l.q.ID = strings.TrimSuffix(filepath.Base(l.file), filepath.Ext(l.file))
	settings := "surveys_languagesettings"
	languages := map[string]bool{}
	for _, r := range l.db.tables[settings] {
		code := r["surveyls_language"]
		languages[code] = true
		r["language"] = code
		if _, ok := i18n.ParseLang(code); !ok {
			l.lose("", "exchange.lss_language", i18n.Args{"language": code})
		}
	}
	one := func(column string) i18n.Text {
		for _, t := range l.words([]string{settings}, "surveyls_survey_id", column) {
			return l.plain("", column, t)
		}
		return nil
	}
	l.q.Title, l.q.Thanks = one("surveyls_title"), one("surveyls_endtext")
	welcome := one("surveyls_welcometext")
	for lang, s := range one("surveyls_description") {
		if welcome == nil {
			welcome = i18n.Text{}
		}
		welcome[lang] = strings.TrimSpace(s + "\n" + welcome[lang])
	}
	l.q.Intro = welcome
}

// Tables that are no part of a questionnaire, or that are read.
var tablesRead = []string{
	"surveys", "surveys_languagesettings", "groups", "group_l10ns", "questions", "question_l10ns", "subquestions", "answers",
	"answer_l10ns", "question_attributes", "themes", "themes_inherited", "plugin_settings", "conditions", "surveymenu", "template_configuration",
}

// sections lists the tables with rows that are not carried over.
func (l *lime) sections() {
	for _, table := range slices.Sorted(maps.Keys(l.db.tables)) {
		if !slices.Contains(tablesRead, table) {
			l.lose("", "exchange.lss_table", i18n.Args{"table": table, "n": len(l.db.tables[table])})
		}
	}
}

// groups reads the questions, then lays each group's on pages.
func (l *lime) groups() {
	titles := l.words([]string{"groups", "group_l10ns"}, "gid", "group_name")
	intros := l.words([]string{"groups", "group_l10ns"}, "gid", "description")
	in := map[string][]*asking{}
	groups := l.rows("groups", "gid", "group_order")
	questions := l.rows("questions", "qid", "question_order")
	for _, g := range groups {
		for _, r := range questions {
			if r["gid"] != g["gid"] || r["parent_qid"] != "" && r["parent_qid"] != "0" {
				continue
			}
			a := &asking{record: r, code: r["title"]}
			in[g["gid"]] = append(in[g["gid"]], a)
			l.questions[a.code] = a
			l.read(a)
		}
	}
	for _, g := range groups {
		name := l.plainOf("", titles[g["gid"]])
		if g["randomization_group"] != "" {
			l.lose(name.In(i18n.En), "exchange.lss_random_group", nil)
		}
		l.group(g, name, intros[g["gid"]], in[g["gid"]])
	}
}

// group lays a group's questions on a page, and begins another where a question depends on an
// answer on the same one: conditions look back only.
func (l *lime) group(g record, title, intro i18n.Text, list []*asking) {
	begun := 0
	for _, a := range list {
		if len(a.into) == 0 {
			continue
		}
		number := len(l.q.Pages)
		depends := slices.ContainsFunc(l.dependsOn(a), func(other *asking) bool { return other != a && other.page == number })
		if begun == 0 || depends {
			if depends && begun > 0 {
				l.lose(a.code, "exchange.split", i18n.Args{"name": a.code, "group": title.In(i18n.En)})
			}
			p := survey.Page{ID: l.quietly("page_"+g["gid"], l.pages), Title: title, Continues: begun > 0}
			p.Relevance = l.condition("", g["grelevance"])
			if begun == 0 {
				p.Intro = l.plain("", "description", intro)
			}
			l.q.Pages = append(l.q.Pages, p)
			begun++
		}
		page := &l.q.Pages[len(l.q.Pages)-1]
		a.page = len(l.q.Pages)
		l.finish(a)
		page.Questions = append(page.Questions, a.into...)
	}
}

// dependsOn are the questions that must be answered before this one is shown.
func (l *lime) dependsOn(a *asking) []*asking {
	var list []*asking
	add := func(name string) {
		if other := l.owner[name]; other != nil {
			list = append(list, other)
		}
	}
	sources := []string{a.record["relevance"]}
	for _, sub := range l.subquestions[a.record["qid"]] {
		sources = append(sources, sub["relevance"])
	}
	for _, s := range sources {
		if n, ok := parseScript(s); ok {
			for _, name := range n.refs() {
				add(name)
			}
		}
	}
	add(l.attributes[a.record["qid"]]["array_filter"])
	for _, t := range []i18n.Text{l.texts[a.record["qid"]], l.helps[a.record["qid"]]} {
		for _, s := range t {
			for _, m := range piping.FindAllStringSubmatch(s, -1) {
				add(piped.ReplaceAllString(m[1], ""))
			}
		}
	}
	return list
}

// always are conditions that hold.
var always = regexp.MustCompile(`^\(*1?\)*$`)

// condition is what LimeSurvey calls a relevance equation.
func (l *lime) condition(code, source string) string {
	source = strings.TrimSpace(source)
	if always.MatchString(source) {
		return ""
	}
	if n, ok := parseScript(source); ok {
		if s, ok := toExpr(n, func(name string) (subject, bool) { s, ok := l.subjects[name]; return s, ok }); ok {
			return s
		}
	}
	l.lose(code, "exchange.condition_in", i18n.Args{"expression": shortened(source)})
	return untranslated("ExpressionScript", source)
}

var (
	piping = regexp.MustCompile(`\{(\S[^{}]*)\}`)
	piped  = regexp.MustCompile(`\.(shown|NAOK|value|valueNAOK|code)$`)
)

// plain is a text without markup, which shows earlier answers in our way.
func (l *lime) plain(code, what string, t i18n.Text) i18n.Text {
	t = l.plainOf(code, t)
	for _, lang := range languages(t) {
		t[lang] = piping.ReplaceAllStringFunc(t[lang], func(shown string) string {
			name := piped.ReplaceAllString(strings.Trim(shown, "{}"), "")
			if a := l.questions[name]; a != nil && len(a.into) == 1 && a.into[0].Type != survey.Info {
				return "{" + a.id + "}"
			}
			l.lose(code, "exchange.piping", i18n.Args{"expression": shortened(shown), "what": what})
			return shown
		})
	}
	return t
}

func (l *lime) plainOf(code string, t i18n.Text) i18n.Text {
	plain := i18n.Text{}
	for _, lang := range i18n.Langs {
		s, lost := plainText(t[lang])
		if lost != "" {
			l.lose(code, "exchange.markup", i18n.Args{"markup": lost})
		}
		if s = strings.TrimSpace(s); s != "" {
			plain[lang] = s
		}
	}
	if len(plain) == 0 {
		return nil
	}
	return plain
}

// languages are those that a text is in.
func languages(t i18n.Text) []i18n.Lang {
	return slices.DeleteFunc(slices.Clone(i18n.Langs), func(lang i18n.Lang) bool { return t[lang] == "" })
}
