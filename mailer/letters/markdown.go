package letters

import (
	"net/url"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// grammar is as much of CommonMark as a letter may have: headings, paragraphs, lists, quotes,
// emphasis, links, and lines that end where a backslash ends them. HTML is text like any other.
func grammar() parser.Parser {
	p := func(v any, priority int) util.PrioritizedValue { return util.Prioritized(v, priority) }
	return parser.NewParser(
		parser.WithBlockParsers(
			p(parser.NewThematicBreakParser(), 200), p(parser.NewListParser(), 300), p(parser.NewListItemParser(), 400),
			p(parser.NewATXHeadingParser(), 600), p(parser.NewBlockquoteParser(), 800), p(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(
			p(parser.NewLinkParser(), 200), p(parser.NewAutoLinkParser(), 300), p(parser.NewEmphasisParser(), 500),
		),
	)
}

// markdown reads a source into blocks.
type markdown struct {
	source []byte
	faults []flaw
}

type flaw struct {
	line int
	key  string
}

func newMarkdown(source string) *markdown { return &markdown{source: []byte(source)} }

// read gives the blocks before and after the first line of ---; small is nil without one.
func (m *markdown) read() (body, small []block) {
	root := grammar().Parse(text.NewReader(m.source))
	into := &body
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		if n.Kind() == ast.KindThematicBreak && small == nil {
			small = []block{}
			into = &small
			continue
		}
		*into = append(*into, m.block(n)...)
	}
	return body, small
}

func (m *markdown) children(n ast.Node) (all []block) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		all = append(all, m.block(c)...)
	}
	return all
}

func (m *markdown) block(n ast.Node) []block {
	switch n := n.(type) {
	case *ast.Heading:
		return []block{{kind: heading, level: min(n.Level, 2), lines: m.lines(n)}}
	case *ast.Paragraph, *ast.TextBlock:
		return []block{{lines: m.lines(n)}}
	case *ast.Blockquote:
		return []block{{kind: quote, parts: m.children(n)}}
	case *ast.List:
		b := block{kind: list, ordered: n.IsOrdered()}
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			b.items = append(b.items, m.children(c))
		}
		return []block{b}
	default: // a second line of ---
		return nil
	}
}

// lines are the lines of a block, as the source ends them.
func (m *markdown) lines(n ast.Node) []inline {
	w := walker{markdown: m, block: n, lines: []inline{nil}}
	w.walk(n, span{})
	for i := range w.lines {
		w.lines[i] = w.lines[i].split()
	}
	return w.lines
}

type walker struct {
	*markdown
	block ast.Node
	lines []inline
}

// walk gathers the text below a node, which looks like style.
func (w *walker) walk(n ast.Node, style span) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		s := style
		switch c := c.(type) {
		case *ast.Text:
			w.text(c, s)
			continue
		case *ast.Emphasis:
			s.strong, s.em = s.strong || c.Level == 2, s.em || c.Level == 1
		case *ast.Link:
			s.url = w.url(string(c.Destination))
		case *ast.AutoLink:
			s.url = w.url(string(c.URL(w.source)))
			s.text = string(c.Label(w.source))
			w.add(s)
			continue
		case *ast.Image:
			w.wrong("letter.fault.image")
			continue
		case *ast.String:
			s.text = string(c.Value)
			w.add(s)
			continue
		}
		w.walk(c, s)
	}
}

// text adds a stretch of text. A backslash before a brace stays for split to read; goldmark's
// rules take the others away.
func (w *walker) text(t *ast.Text, s span) {
	raw := util.ResolveEntityNames(util.ResolveNumericReferences(t.Segment.Value(w.source)))
	s.text = unescape(string(raw))
	w.add(s)
	switch {
	case t.HardLineBreak():
		w.lines = append(w.lines, nil)
	case t.SoftLineBreak():
		s.text = " "
		w.add(s)
	}
}

// unescape takes away backslashes before punctuation that is no brace.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && util.IsPunct(s[i+1]) {
			if strings.IndexByte(`{}\`, s[i+1]) >= 0 {
				b.WriteByte('\\')
			}
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// add joins what looks the same: goldmark parts text at every sign that might have meant something.
func (w *walker) add(s span) {
	line := &w.lines[len(w.lines)-1]
	if n := len(*line); n > 0 {
		if last := &(*line)[n-1]; last.url == s.url && last.strong == s.strong && last.em == s.em {
			last.text += s.text
			return
		}
	}
	*line = append(*line, s)
}

// wrong notes a fault at the block's first line.
func (w *walker) wrong(key string) {
	line := 0
	if at := w.block.Lines(); at != nil && at.Len() > 0 {
		line = 1 + strings.Count(string(w.source[:at.At(0).Start]), "\n")
	}
	w.faults = append(w.faults, flaw{line, key})
}

// url passes on where a link leads: a placeholder alone, or an address of the web, of mail or of
// a telephone.
func (w *walker) url(to string) string {
	if place, ok := target(to); ok {
		if !slices.Contains([]string{"link", "opt_out", "privacy", "contact_email", "contact_phone"}, place) {
			w.wrong("letter.fault.link")
		}
		return to
	}
	u, err := url.Parse(to)
	if err != nil || !slices.Contains([]string{"https", "http", "mailto", "tel"}, u.Scheme) || strings.ContainsAny(to, "{}") {
		w.wrong("letter.fault.link")
		return ""
	}
	return to
}

// target is the placeholder that a link leads to.
func target(url string) (place string, ok bool) {
	place, ok = strings.CutPrefix(url, "{")
	place, closed := strings.CutSuffix(place, "}")
	return place, ok && closed
}
