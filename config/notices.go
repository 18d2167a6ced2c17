package config

import (
	"reflect"
	"strings"

	"viesti/i18n"
	"viesti/internal/fault"
)

// Notices is the [notices] table: what the privacy notice and the accessibility statement say of
// this organiser, where the program's own words do not do. Each is written once for all languages
// or as a table of languages.
type Notices struct {
	Controller    any `toml:"controller"`
	Officer       any `toml:"data_protection_officer"`
	LegalBasis    any `toml:"legal_basis"`
	ContactSource any `toml:"contact_source"`
	Recipients    any `toml:"recipients"`
	Retention     any `toml:"retention"`
	Authority     any `toml:"data_protection_authority"`

	Status       string `toml:"accessibility_status"`
	Shortcomings any    `toml:"accessibility_shortcomings"`
	Assessed     any    `toml:"accessibility_assessed"`
	Handler      any    `toml:"accessibility_feedback"`
	Supervisor   any    `toml:"accessibility_authority"`

	words map[string]i18n.Text
}

// Words is what the organiser wrote under a key of the table; nil means the program's own words.
func (n Notices) Words(key string) i18n.Text { return n.words[key] }

// The words of accessibility_status.
const (
	Fully  = "fully"
	Mostly = "mostly"
	Not    = "not"
)

// own are the notices that nobody but the organiser can be sure of.
var own = []string{
	"data_protection_officer", "legal_basis", "contact_source", "retention", "accessibility_shortcomings",
}

func (r *reader) notices() {
	n := &r.c.Notices
	n.words = map[string]i18n.Text{}
	v := reflect.ValueOf(*n)
	for i := range v.NumField() {
		key := v.Type().Field(i).Tag.Get("toml")
		if key == "" || v.Field(i).Kind() != reflect.Interface || v.Field(i).IsNil() {
			continue
		}
		text, ok := texts(v.Field(i).Interface())
		switch {
		case len(text) == 0 && ok: // "" is the default
		case !ok || !text.Complete():
			r.add("notices."+key, "config.notice", i18n.Args{"key": key})
		default:
			n.words[key] = text
		}
	}
	switch n.Status {
	case Fully, Mostly:
	case Not:
		if n.words["accessibility_shortcomings"] == nil {
			r.add("notices.accessibility_status", "config.shortcomings", nil)
		}
	default:
		r.add("notices.accessibility_status", "config.accessibility_status", i18n.Args{"value": n.Status})
	}
	for _, key := range own {
		if n.words[key] == nil {
			note := fault.New(fault.Unavailable, "config.notice_default", nil)
			r.c.Advice = append(r.c.Advice, note.At(r.file.Place("notices."+key)))
		}
	}
}

// texts reads what is one name in all languages, or a name in each; ok is false when it is
// neither, or in a language that nobody is spoken to in. Nothing written is no text.
func texts(value any) (t i18n.Text, ok bool) {
	t = i18n.Text{}
	switch v := value.(type) {
	case string:
		if v = strings.TrimSpace(v); v != "" {
			for _, l := range i18n.Langs {
				t[l] = v
			}
		}
		return t, true
	case map[string]any:
		for key, value := range v {
			l, known := i18n.ParseLang(key)
			text, written := value.(string)
			if !known || !written {
				return t, false
			}
			t[l] = strings.TrimSpace(text)
		}
		return t, true
	default:
		return t, value == nil
	}
}
