package exchange

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Tags that say how words look and nothing else, and tags that begin a line.
var (
	formatting = []atom.Atom{
		atom.B, atom.Strong, atom.I, atom.Em, atom.U, atom.Span, atom.Font, atom.Small, atom.Big, atom.Sub, atom.Sup, atom.Center,
		atom.Blockquote, atom.Code, atom.Pre, atom.Ul, atom.Ol, atom.Body, atom.Html, atom.Head, atom.A, atom.Label, atom.Mark,
	}
	breaking = []atom.Atom{
		atom.P, atom.Br, atom.Div, atom.Li, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Section, atom.Hr,
	}
)

// Markdown as XLSForm knows it.
var (
	strong  = regexp.MustCompile(`(\*\*|__)([^*_\n]+)(\*\*|__)`)
	heading = regexp.MustCompile(`(?m)^#{1,6} +`)
	link    = regexp.MustCompile(`\[([^\]\n]+)\]\((https?://[^)\s]+)\)`)
)

// unmarked is a text without Markdown.
func unmarked(s string) string {
	s = link.ReplaceAllString(s, "$1 ($2)")
	return heading.ReplaceAllString(strong.ReplaceAllString(s, "$2"), "")
}

// plainText is a text without markup. lost names what was more than formatting: pictures, tables,
// scripts. The address of a link stays, behind its words.
func plainText(s string) (plain, lost string) {
	if !strings.ContainsAny(s, "<&") {
		return s, ""
	}
	var b strings.Builder
	var left, links []string
	hidden := "" // inside a script or a style
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return tidy(b.String()), strings.Join(left, ", ")
		case html.TextToken:
			if hidden == "" {
				b.WriteString(string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			switch {
			case slices.Contains(breaking, t.DataAtom):
				b.WriteString("\n")
			case slices.Contains(formatting, t.DataAtom):
				if t.DataAtom == atom.A {
					links = append(links, address(t))
				}
			default:
				if left = append(left, "<"+t.Data+">"); t.DataAtom == atom.Script || t.DataAtom == atom.Style {
					hidden = t.Data
				}
			}
		case html.EndTagToken:
			t := z.Token()
			if t.Data == hidden {
				hidden = ""
			}
			if n := len(links); t.DataAtom == atom.A && n > 0 {
				if links[n-1] != "" && !strings.HasSuffix(b.String(), links[n-1]) {
					b.WriteString(" (" + links[n-1] + ")")
				}
				links = links[:n-1]
			}
			if slices.Contains(breaking, t.DataAtom) {
				b.WriteString("\n")
			}
		}
	}
}

func address(t html.Token) string {
	for _, a := range t.Attr {
		if a.Key == "href" {
			return strings.TrimPrefix(a.Val, "mailto:")
		}
	}
	return ""
}

// tidy takes out the blanks and empty lines that markup leaves behind.
func tidy(s string) string {
	s = strings.ReplaceAll(s, "\u00a0", " ")
	var lines []string
	for line := range strings.SplitSeq(s, "\n") {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}
