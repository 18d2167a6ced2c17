package exchange

import (
	"path/filepath"
	"slices"
	"strings"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/survey"
)

// form is an XLSForm while it is read.
type form struct {
	naming
	file    string
	own     i18n.Lang // of what stands in columns without a language
	ours    bool      // written by us: our column means what we say
	survey  *sheet
	choices *sheet
	lists   map[string]*list
	names   map[string]*element // of the questions that become some, by their names in the form
	rows    map[string]subject  // of the rows of matrices
	ids     map[string]bool     // taken by questions
	pages   map[string]bool     // ids taken by pages
	q       *survey.Questionnaire
}

// Columns of XLSForm that mean something and that we may have no use for.
var (
	surveyColumns = append([]string{
		"type", "name", "required", "relevant", "constraint", "appearance", "parameters", "choice_filter", "default", "calculation",
		"read_only", "trigger", "repeat_count", "autoplay", "rows", "intent", "save_to", "disabled",
	}, translated...)
	choiceColumns = append([]string{"list_name", "name"}, translated...)
)

// ReadXLSForm makes a questionnaire of an XLSForm workbook. It is not checked: what the form does
// not say (an introduction, a language) is missing, and the check of the file that is written
// says so. Texts in columns without a language are in lang, unless the form names its own.
func ReadXLSForm(file string, data []byte, lang i18n.Lang) (Form, error) {
	all, order, err := sheets(file, data)
	if err != nil {
		return Form{}, err
	}
	return readForm(file, all, order, lang)
}

func readForm(file string, all map[string]*sheet, order []string, lang i18n.Lang) (Form, error) {
	f := &form{
		file: file, own: lang, survey: all["survey"], choices: all["choices"], lists: map[string]*list{},
		names: map[string]*element{}, rows: map[string]subject{}, ids: map[string]bool{}, pages: map[string]bool{},
		q: &survey.Questionnaire{Scales: map[string]survey.Scale{}},
	}
	if f.survey == nil || !slices.Contains(f.survey.keys, "type") {
		return Form{}, fault.New(fault.Invalid, "exchange.no_survey", i18n.Args{"file": file})
	}
	f.set(all["settings"])
	for _, name := range order {
		if s := all[name]; !slices.Contains([]string{"survey", "choices", "settings"}, name) && len(s.rows) > 0 {
			f.losses = append(f.losses, loss(fault.Place{File: file, Field: s.name}, "exchange.sheet", i18n.Args{"sheet": s.name}))
		}
	}
	f.readLists()
	elements := f.tree()
	f.name(elements)
	f.count(elements)
	f.walk(elements, &context{id: "page", title: f.q.Title, whole: true})
	f.scales()
	f.losses = append(f.losses, f.survey.unused(surveyColumns)...)
	if f.choices != nil {
		f.losses = append(f.losses, f.choices.unused(choiceColumns)...)
	}
	return Form{Questionnaire: f.q, Losses: f.told(file)}, nil
}

func (f *form) lose(r *row, key, words string, args i18n.Args) {
	f.losses = append(f.losses, loss(r.place(key), words, args))
}

// set reads the sheet of settings.
func (f *form) set(s *sheet) {
	f.q.ID = strings.TrimSuffix(filepath.Base(f.file), filepath.Ext(f.file))
	if s == nil || len(s.rows) == 0 {
		f.language("")
		return
	}
	r := s.rows[0]
	for _, more := range s.rows[1:] {
		f.losses = append(f.losses, loss(more.place(""), "exchange.settings_row", nil))
		more.ignore()
	}
	if own, ok := restOf(r.get(ownColumn)); ok && len(own.Minutes) == 2 {
		f.ours, f.q.Minutes = true, [2]int{own.Minutes[0], own.Minutes[1]}
	}
	f.language(r.get("default_language"))
	f.q.Title = r.text("form_title", f.own)
	if id := r.get("form_id"); id != "" {
		f.q.ID = id
	}
	f.q.Version = r.get("version")
	r.get("style") // pages are pages with us
	f.losses = append(f.losses, s.unused(s.keys)...)
}

// language finds out in which language texts without one are.
func (f *form) language(setting string) {
	lang, ok := languageOf(setting)
	plain := slices.ContainsFunc(f.survey.keys, func(k string) bool { return k == "label" || k == "hint" })
	switch {
	case ok:
		f.own = lang
	case f.own == "":
		if f.own = i18n.En; plain {
			f.losses = append(f.losses, loss(fault.Place{File: f.file}, "exchange.which_language", nil))
		}
	}
}

// name gives each element that becomes a question its id, so that conditions can speak of it.
func (f *form) name(elements []*element) {
	for _, e := range elements {
		if e.typ == typeGroup {
			f.name(e.kids)
			continue
		}
		if e.typ != isMatrix && typeOf(e) == "" {
			continue
		}
		e.id = f.identify(e.row.place("name"), e.name, f.ids, questionID)
		if e.name != "" && f.names[e.name] == nil {
			f.names[e.name] = e
		}
		if e.typ != isMatrix {
			continue
		}
		taken := map[string]bool{}
		for _, k := range e.kids {
			name := k.name
			if k.rest.ID != "" {
				name = k.rest.ID
			}
			k.id = f.identify(k.row.place("name"), name, taken, optionID)
			f.rows[k.name] = subject{code: cell(e.id, k.id), kind: isChoice, ids: f.lists[e.kids[0].list].ids()}
			if k.name != "" && f.names[k.name] == nil {
				f.names[k.name] = e
			}
		}
	}
}

// subject is what a name stands for in a condition.
func (f *form) subject(name string) (subject, bool) {
	if s, ok := f.rows[name]; ok {
		return s, true
	}
	e := f.names[name]
	if e == nil || e.typ == isMatrix || e.typ == "note" {
		return subject{}, false
	}
	return subjectOf(e.id, typeOf(e), f.lists[e.list].ids()), true
}

// relevance is the condition of an element. Our own words stand while nobody has changed theirs.
func (f *form) relevance(e *element, sources ...string) string {
	if e.rest.Relevance != "" && e.rest.Relevant == e.row.get("relevant") && len(sources) == 1 {
		return e.rest.Relevance
	}
	return f.condition(e.row, "relevant", sources...)
}

// condition is what all sources together say. One that we cannot say is written as it was, marked
// so that the check refuses it: nothing is shown to the wrong people in silence.
func (f *form) condition(r *row, key string, sources ...string) string {
	var all []node
	sources = present(sources)
	for _, s := range sources {
		if n, ok := parseXPath(s); ok {
			all = append(all, n)
		}
	}
	if len(sources) == 0 {
		return ""
	}
	if len(all) == len(sources) {
		if code, ok := toExpr(chain("and", all...), f.subject); ok {
			return code
		}
	}
	source := strings.Join(sources, ") and (")
	if len(sources) > 1 {
		source = "(" + source + ")"
	}
	f.lose(r, key, "exchange.condition_in", i18n.Args{"expression": shortened(source)})
	return untranslated("XPath", source)
}

// untranslated is a condition in a notation that is not ours: no condition of ours has a colon
// there.
func untranslated(notation, source string) string { return notation + ": " + source }

// present are the texts that are not empty.
func present(list []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == "" })
}
