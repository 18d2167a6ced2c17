package letters

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// rule parts the small print from the letter.
const rule = "--------------------------------------------------"

// write is a letter as text. Lines are as long as they come: mail programs break them where the
// window ends, also on a phone.
func write(body, small []block, note string) string {
	parts := []string{blocks(body)}
	if note != "" {
		parts = []string{note, blocks(body)}
	}
	if len(small) > 0 {
		parts = append(parts, rule, blocks(small))
	}
	return strings.Join(parts, "\n\n") + "\n"
}

// blocks are paragraphs with an empty line between them; a heading stands right above what it
// heads, the title by itself.
func blocks(all []block) string {
	var b strings.Builder
	for i, part := range all {
		if i > 0 {
			b.WriteString("\n")
			if all[i-1].kind != heading || all[i-1].level == 1 {
				b.WriteString("\n")
			}
		}
		b.WriteString(part.text())
	}
	return b.String()
}

func (b block) text() string {
	switch b.kind {
	case quote:
		return blocks(b.parts)
	case picture:
		return b.value.Text
	case table:
		return columns(b.value.Table)
	case list:
		var items []string
		for i, item := range b.items {
			mark := "- "
			if b.ordered {
				mark = strconv.Itoa(i+1) + ". "
			}
			items = append(items, mark+strings.ReplaceAll(blocks(item), "\n", "\n"+strings.Repeat(" ", len(mark))))
		}
		return strings.Join(items, "\n")
	default:
		var lines []string
		for _, in := range b.lines {
			lines = append(lines, strings.TrimSpace(in.write()))
		}
		return strings.Join(lines, "\n")
	}
}

// columns are the rows of a table, below one another.
func columns(rows [][]string) string {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	lines := make([]string, len(rows))
	for n, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			line.WriteString(cell + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+2))
		}
		lines[n] = strings.TrimRight(line.String(), " ")
	}
	return strings.Join(lines, "\n")
}

// write is a line with its links. A link that fills its line has its address on the next one, so
// that every mail program finds it.
func (in inline) write() string {
	links := in.links()
	if len(links) == 1 && links[0].hides() {
		return plain(links[0].spans) + ":\n" + shownURL(links[0].url)
	}
	var b strings.Builder
	for _, l := range links {
		b.WriteString(plain(l.spans))
		if l.hides() {
			b.WriteString(" (" + shownURL(l.url) + ")")
		}
	}
	return b.String()
}

// stretch is spans that lead to the same place.
type stretch struct {
	url   string
	spans inline
}

// hides tells whether the words of a link are others than its address.
func (s stretch) hides() bool {
	return s.url != "" && strings.ReplaceAll(plain(s.spans), " ", "") != shownURL(s.url)
}

func (in inline) links() (all []stretch) {
	for _, s := range in {
		if n := len(all); n == 0 || all[n-1].url != s.url {
			all = append(all, stretch{url: s.url})
		}
		last := &all[len(all)-1]
		last.spans = append(last.spans, s)
	}
	return all
}

// shownURL is an address as people write it: those of mail and telephones stand for themselves.
func shownURL(url string) string {
	for _, scheme := range []string{"mailto:", "tel:"} {
		if rest, ok := strings.CutPrefix(url, scheme); ok {
			return rest
		}
	}
	return url
}
