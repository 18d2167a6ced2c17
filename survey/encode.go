package survey

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"viesti/i18n"
)

// Encode writes a questionnaire as the file that Parse reads, for people to go on with: a key a
// line, the languages side by side, what is not set left out. It checks nothing, so what was read
// from elsewhere can be written with its faults and mended in the file.
func Encode(q *Questionnaire) []byte {
	e := &encoder{}
	e.word("id", q.ID)
	e.word("version", q.Version)
	fmt.Fprintf(e, "minutes = [%d, %d]\n", q.Minutes[0], q.Minutes[1])
	e.text("title", q.Title)
	e.text("intro", q.Intro)
	e.text("thanks", q.Thanks)
	for _, name := range slices.Sorted(maps.Keys(q.Scales)) {
		path := "scale." + key(name)
		fmt.Fprintf(e, "\n[%s]\n", path)
		e.options(path+".option", q.Scales[name].Options)
	}
	for i := range q.Pages {
		e.page(i+1, &q.Pages[i])
	}
	return e.Bytes()
}

type encoder struct{ bytes.Buffer }

func (e *encoder) page(n int, p *Page) {
	fmt.Fprintf(e, "\n# %s\n# %d\n[[page]]\n", strings.Repeat("-", 76), n)
	e.word("id", p.ID)
	e.yes("continues", p.Continues)
	e.text("title", p.Title)
	e.text("intro", p.Intro)
	e.word("relevance", p.Relevance)
	for i := range p.Questions {
		e.question(&p.Questions[i])
	}
}

func (e *encoder) question(q *Question) {
	e.WriteString("\n[[page.question]]\n")
	e.word("id", q.ID)
	e.word("type", string(q.Type))
	e.yes("select", q.Select)
	e.yes("long", q.Long)
	e.word("scale", q.Scale)
	e.word("options_from", q.OptionsFrom)
	e.word("rows_from", q.RowsFrom)
	e.yes("random", q.Random)
	e.yes("required", q.Required)
	e.yes("background", q.Background)
	if q.Min != 0 || q.Type == Grade {
		fmt.Fprintf(e, "min = %d\n", q.Min)
	}
	if q.Max != 0 || q.Type == Grade {
		fmt.Fprintf(e, "max = %d\n", q.Max)
	}
	e.word("from", q.From)
	e.word("to", q.To)
	if q.Decimals != 0 {
		fmt.Fprintf(e, "decimals = %d\n", q.Decimals)
	}
	e.text("unit", q.Unit)
	e.text("text", q.Text)
	e.text("help", q.Help)
	e.text("definition", q.Definition)
	e.text("low", q.Low)
	e.text("high", q.High)
	e.word("relevance", q.Relevance)
	e.options("page.question.option", q.Options)
	e.options("page.question.row", q.Rows)
}

func (e *encoder) options(path string, options []Option) {
	for _, o := range options {
		fmt.Fprintf(e, "\n[[%s]]\n", path)
		e.word("id", o.ID)
		e.text("text", o.Text)
		e.yes("other", o.Other)
		e.yes("exclusive", o.Exclusive)
		e.yes("dont_know", o.DontKnow)
		e.word("relevance", o.Relevance)
	}
}

func (e *encoder) yes(name string, set bool) {
	if set {
		fmt.Fprintf(e, "%s = true\n", name)
	}
}

func (e *encoder) word(name, s string) {
	if s != "" {
		fmt.Fprintf(e, "%s = %s\n", name, quoted(s))
	}
}

// widest is how long a line with all languages of a text may be.
const widest = 100

// text writes a text on one line when that is easy to read, else a line for each language.
func (e *encoder) text(name string, t i18n.Text) {
	if t == nil {
		return
	}
	var pairs []string
	for _, lang := range languages(t) {
		pairs = append(pairs, key(string(lang))+" = "+quoted(t[lang]))
	}
	line := fmt.Sprintf("%s = { %s }", name, strings.Join(pairs, ", "))
	if utf8.RuneCountInString(line) <= widest && !strings.Contains(line, "\n") {
		fmt.Fprintln(e, line)
		return
	}
	for _, pair := range pairs {
		fmt.Fprintf(e, "%s.%s\n", name, pair)
	}
}

// languages are those of a text: ours in their order, then others, which Parse refuses by name.
func languages(t i18n.Text) []i18n.Lang {
	var list []i18n.Lang
	for _, lang := range i18n.Langs {
		if _, ok := t[lang]; ok {
			list = append(list, lang)
		}
	}
	for _, lang := range slices.Sorted(maps.Keys(t)) {
		if !slices.Contains(list, lang) {
			list = append(list, lang)
		}
	}
	return list
}

var bareKey = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

func key(s string) string {
	if bareKey.MatchString(s) {
		return s
	}
	return basic(s)
}

// quoted is a TOML string in the form that needs the fewest escapes.
func quoted(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	switch {
	case strings.Contains(s, "\n"):
		s = escaped(s, "\n")
		if strings.Contains(s, `"""`) || strings.HasSuffix(s, `"`) {
			s = strings.ReplaceAll(s, `"`, `\"`)
		}
		return "\"\"\"\n" + s + `"""`
	case strings.ContainsAny(s, `"\`) && !strings.Contains(s, "'") && escaped(s, "") == strings.ReplaceAll(s, `\`, `\\`):
		return "'" + s + "'"
	default:
		return basic(s)
	}
}

func basic(s string) string {
	return `"` + strings.ReplaceAll(escaped(s, ""), `"`, `\"`) + `"`
}

// escaped replaces what no TOML string holds as it is, but for the control characters in keep.
func escaped(s, keep string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\\':
			b.WriteString(`\\`)
		case (r < ' ' || r == '\x7f') && !strings.ContainsRune(keep, r):
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
