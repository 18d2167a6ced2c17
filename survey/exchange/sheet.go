package exchange

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"viesti/i18n"
	"viesti/internal/fault"
)

// sheet is a sheet as it was read. Each row knows which of its cells somebody has used; what is
// left at the end was not carried over, and is listed.
type sheet struct {
	file, name string
	heads      []string // as they stand in the sheet
	keys       []string // as we call them: label::fi
	rows       []*row
}

type row struct {
	sheet *sheet
	n     int
	cells map[string]string // by key; none is empty
	used  map[string]bool
}

// head reads the row of heads. A head that comes twice has a key that nobody asks for.
func (s *sheet) head(cells []string) {
	s.keys = []string{}
	for _, h := range cells {
		key := keyOf(h)
		if slices.Contains(s.keys, key) {
			key = fmt.Sprintf("%s#%d", key, len(s.keys))
		}
		s.heads, s.keys = append(s.heads, h), append(s.keys, key)
	}
}

func (s *sheet) row(n int, cells []string) {
	r := &row{sheet: s, n: n, cells: map[string]string{}, used: map[string]bool{}}
	for i, cell := range cells {
		if strings.TrimSpace(cell) == "" {
			continue
		}
		for len(s.keys) <= i { // a cell under no head
			s.nameless()
		}
		r.cells[s.keys[i]] = cell
	}
	if len(r.cells) > 0 {
		s.rows = append(s.rows, r)
	}
}

func (s *sheet) nameless() {
	s.heads, s.keys = append(s.heads, ""), append(s.keys, fmt.Sprintf("#%d", len(s.keys)))
}

// Other names of columns, as pyxform knows them.
var aliases = map[string]string{
	"relevance": "relevant", "bind::relevant": "relevant", "bind::required": "required", "bind::constraint": "constraint",
	"constraint_msg": "constraint_message", "constraint-msg": "constraint_message", "constraining_message": "constraint_message",
	"bind::jr:constraintmsg": "constraint_message", "requiredmsg": "required_message", "bind::jr:requiredmsg": "required_message",
	"caption": "label", "command": "type", "tag": "name", "control::appearance": "appearance", "body::appearance": "appearance",
	"calculate": "calculation", "bind::calculate": "calculation", "readonly": "read_only", "bind::readonly": "read_only",
	"set_form_title": "form_title", "title": "form_title", "set_form_id": "form_id", "id_string": "form_id",
}

// translated are the columns that may have a language.
var translated = []string{
	"label", "hint", "guidance_hint", "constraint_message", "required_message",
	"image", "big-image", "audio", "video", "media::image", "media::big-image", "media::audio", "media::video",
}

// keyOf is what we call a column: with the name that XLSForm gives it, and its language as a
// code, or as it stands there when it is none of ours.
func keyOf(head string) string {
	head = strings.TrimSpace(head)
	parts := strings.Split(head, "::")
	if before, after, ok := strings.Cut(head, ":"); ok && len(parts) == 1 && slices.Contains(translated, snake(before)) {
		parts = []string{before, after} // an old way to write it
	}
	for n := len(parts); n > 0; n-- {
		base := snake(strings.Join(parts[:n], "::"))
		if to, ok := aliases[base]; ok {
			base = to
		}
		if n == len(parts) && (n == 1 || !slices.Contains(translated, snake(parts[0]))) {
			return base
		}
		if n == len(parts)-1 && slices.Contains(translated, base) {
			language := strings.TrimSpace(parts[n])
			if lang, ok := languageOf(language); ok {
				language = string(lang)
			}
			return base + "::" + language
		}
	}
	return snake(head)
}

func snake(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), "_")) }

var (
	languageCode  = regexp.MustCompile(`\(([A-Za-z]{2,3}(?:[-_]\w+)?)\)\s*$`)
	languageNames = map[string]i18n.Lang{
		"finnish": i18n.Fi, "suomi": i18n.Fi, "finska": i18n.Fi,
		"swedish": i18n.Sv, "svenska": i18n.Sv, "ruotsi": i18n.Sv,
		"english": i18n.En, "engelska": i18n.En, "englanti": i18n.En,
	}
)

// languageOf reads a language as forms name it: Suomi (fi), Finnish, fi.
func languageOf(s string) (i18n.Lang, bool) {
	if m := languageCode.FindStringSubmatch(s); m != nil {
		return i18n.ParseLang(m[1])
	}
	if lang, ok := languageNames[strings.ToLower(strings.TrimSpace(s))]; ok {
		return lang, true
	}
	if len(s) > 5 {
		return "", false
	}
	return i18n.ParseLang(s)
}

// get is a cell without white space around it.
func (r *row) get(key string) string {
	r.used[key] = true
	return strings.TrimSpace(r.cells[key])
}

// text is a text in the languages that the row has it in. What stands in a column without a
// language is in the form's own.
func (r *row) text(base string, own i18n.Lang) i18n.Text {
	t := i18n.Text{}
	for _, lang := range i18n.Langs {
		if s, ok := r.cells[base+"::"+string(lang)]; ok {
			r.used[base+"::"+string(lang)] = true
			t[lang] = s
		}
	}
	if s, ok := r.cells[base]; ok && t[own] == "" {
		r.used[base] = true
		t[own] = s
	}
	if len(t) == 0 {
		return nil
	}
	return t
}

// ignore marks every cell as dealt with: the row as a whole is listed, or needs no listing.
func (r *row) ignore() {
	for key := range r.cells {
		r.used[key] = true
	}
}

// place is where a cell stands; where there is no such cell, the row's first.
func (r *row) place(key string) fault.Place {
	column := slices.Index(r.sheet.keys, key)
	if base, _, ok := strings.Cut(key, "::"); ok && column < 0 {
		column = slices.Index(r.sheet.keys, base)
	}
	return place(r.sheet.file, r.sheet.name, max(0, column), r.n)
}

// unused lists what nobody used: a column that we do not know once, a setting of a row each time.
func (s *sheet) unused(known []string) fault.List {
	var list fault.List
	told := map[string]bool{}
	for _, r := range s.rows {
		for _, key := range slices.Sorted(maps.Keys(r.cells)) {
			if r.used[key] || told[key] {
				continue
			}
			column := slices.Index(s.keys, key)
			head := s.heads[column]
			if head == "" {
				head = at(column, 1)
			}
			base, language, _ := strings.Cut(key, "::")
			if base == "media" {
				base, language, _ = strings.Cut(language, "::")
			}
			_, ours := i18n.ParseLang(language)
			switch {
			case slices.Contains(translated, base) && language != "" && !ours:
				list = append(list, loss(r.place(key), "exchange.language", i18n.Args{"column": head}))
				told[key] = true
			case slices.Contains(known, base):
				list = append(list, loss(r.place(key), "exchange.cell", i18n.Args{"column": head, "value": shortened(r.cells[key])}))
			default:
				list = append(list, loss(r.place(key), "exchange.column", i18n.Args{"column": head}))
				told[key] = true
			}
		}
	}
	return list
}

// loss is something that is not carried over.
func loss(p fault.Place, key string, args i18n.Args) *fault.Fault {
	return fault.New(fault.Invalid, key, args).At(p)
}

// shortened is a text that fits into a sentence.
func shortened(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 80 {
		return string(r[:79]) + "…"
	}
	return s
}
