package letters

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"viesti/i18n"
	"viesti/internal/fault"
)

// source is a letter as written: lines of "Subject:" and "Preview:", an empty line, and Markdown.
// The small print has Markdown alone.
type source struct {
	file             string
	subject, preview inline
	markdown         string // of the whole file, its header blanked, so that lines count as in the file
	names            []string
	footed           bool // has small print of its own, after a line of ---
}

// maxSource bounds a source; a letter has some 2 kB.
const maxSource = 64 << 10

// parse reads a source and finds all that is wrong with it.
func parse(file, kind string, raw []byte) (source, fault.List) {
	r := &reader{source: source{file: file}}
	text := strings.ReplaceAll(strings.TrimPrefix(string(raw), "\ufeff"), "\r\n", "\n")
	if len(raw) > maxSource || !utf8.Valid(raw) || strings.ContainsFunc(text, forbidden) {
		r.wrong(0, "letter.fault.text", nil)
		return r.source, r.list
	}
	lines := strings.Split(text, "\n")
	r.placeholders(lines, allowed(kind))
	begins := 0
	if kind != foot {
		begins = r.header(lines)
	}
	r.markdown = strings.Repeat("\n", begins) + strings.Join(lines[min(begins, len(lines)):], "\n")
	if len(r.list) == 0 {
		r.shape(kind)
	}
	return r.source, r.list
}

// forbidden are control characters, and those that turn the direction of what follows.
func forbidden(r rune) bool {
	return r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}

type reader struct {
	source
	list fault.List
}

func (r *reader) wrong(line int, key string, args i18n.Args) {
	r.list = append(r.list, fault.New(fault.Invalid, key, args).At(fault.Place{File: r.file, Line: line}))
}

// brace is a placeholder, an escaped character, or a brace that is neither.
var brace = regexp.MustCompile(`\\.|\{([^{}]*)\}|[{}]`)

func (r *reader) placeholders(lines, known []string) {
	for i, line := range lines {
		for _, m := range brace.FindAllStringSubmatch(line, -1) {
			switch {
			case m[0][0] == '\\':
			case m[0] == "{" || m[0] == "}":
				r.wrong(i+1, "letter.fault.unclosed", nil)
			case !slices.Contains(known, m[1]):
				r.wrong(i+1, "letter.fault.unknown", i18n.Args{"name": m[0], "names": "{" + strings.Join(known, "}, {") + "}"})
			default:
				r.names = append(r.names, m[1])
			}
		}
	}
}

// header reads the lines up to the first empty one and gives the number of lines it took.
func (r *reader) header(lines []string) int {
	fields := map[string]*inline{"subject": &r.subject, "preview": &r.preview}
	at := 0
	for ; at < len(lines) && strings.TrimSpace(lines[at]) != ""; at++ {
		name, value, _ := strings.Cut(lines[at], ":")
		into, known := fields[strings.ToLower(strings.TrimSpace(name))]
		if !known {
			r.wrong(at+1, "letter.fault.header", nil)
			return at
		}
		*into = inline{{text: strings.TrimSpace(value)}}.split()
	}
	for _, field := range []struct {
		name string
		in   inline
	}{{"Subject", r.subject}, {"Preview", r.preview}} {
		if plain(field.in) == "" {
			r.wrong(1, "letter.fault.header_missing", i18n.Args{"name": field.name})
		}
	}
	return at
}

// shape looks for what a letter must be: one title first, and links that lead somewhere.
func (r *reader) shape(kind string) {
	m := newMarkdown(r.markdown)
	body, small := m.read()
	for _, f := range m.faults {
		r.wrong(f.line, f.key, nil)
	}
	r.footed = small != nil
	titles := 0
	for _, b := range append(body, small...) {
		if b.kind == heading && b.level == 1 {
			titles++
		}
	}
	switch {
	case kind == foot && titles > 0:
		r.wrong(0, "letter.fault.foot_title", nil)
	case kind != foot && (titles != 1 || body[0].kind != heading || body[0].level != 1):
		r.wrong(0, "letter.fault.title", nil)
	}
}

// blocks are the letter's own body and small print, filled.
func (s source) blocks(values Values) (body, small []block) {
	body, small = newMarkdown(s.markdown).read()
	return fill(body, values), fill(small, values)
}
