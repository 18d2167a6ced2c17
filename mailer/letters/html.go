package letters

import (
	_ "embed"
	"fmt"
	"html"
	"html/template"
	"strings"

	"viesti/i18n"
)

//go:embed frame.html
var frameSource string

var frame = template.Must(template.New("frame").Parse(frameSource))

// fonts are those of the reader's own system: a letter fetches nothing.
const fonts = "-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"

// page is a letter as HTML: tables for Outlook, styles inline for those that drop the head, and
// classes for the dark scheme and narrow windows alone.
type page struct {
	Lang                   i18n.Lang
	Subject, Preview, Note string
	Body, Foot             template.HTML
	Font                   template.CSS
}

func (p page) render(body, small []block, survey string) (string, error) {
	p.Font = fonts
	p.Body = template.HTML(look{lang: p.Lang, survey: survey, gap: 16, heading: 18}.blocks(body)) //nolint:gosec // look escapes whatever it is given
	p.Foot = template.HTML(look{lang: p.Lang, gap: 14, heading: 14}.blocks(small))                //nolint:gosec // the same
	var b strings.Builder
	if err := frame.Execute(&b, p); err != nil {
		return "", fmt.Errorf("letters: write the HTML: %w", err)
	}
	return b.String(), nil
}

// look is how a part of a letter looks.
type look struct {
	lang    i18n.Lang
	survey  string // the link that becomes a button where it stands alone
	gap     int    // below a paragraph, in pixels
	heading int    // size of a heading
}

func (l look) blocks(all []block) string {
	var b strings.Builder
	for i, part := range all {
		gap := l.gap
		if i+1 < len(all) && all[i+1].kind == heading {
			gap += l.gap * 3 / 4
		}
		b.WriteString(l.block(part, gap))
	}
	return b.String()
}

func (l look) block(b block, gap int) string {
	switch {
	case b.kind == heading && b.level == 1:
		return tag("h1", `class="title" style="hyphens:auto;margin:0 0 24px;font-size:26px;line-height:1.25;font-weight:700;"`, l.lines(b))
	case b.kind == heading:
		return tag("h2", fmt.Sprintf(`style="margin:0 0 4px;font-size:%dpx;line-height:1.35;font-weight:700;"`, l.heading), l.lines(b))
	case b.kind == quote:
		inner := l
		inner.gap = 0
		return box(gap, inner.blocks(b.parts))
	case b.kind == picture:
		return l.picture(b.value, gap)
	case b.kind == table:
		return l.table(b.value.Table, gap)
	case b.kind == list && b.ordered:
		return tag("ol", fmt.Sprintf(`style="margin:0 0 %dpx;padding:0 0 0 24px;"`, gap), "\n"+l.items(b))
	case b.kind == list:
		return box(gap, tag("ul", `style="margin:0;padding:0 0 0 20px;"`, "\n"+l.items(b)))
	}
	if url, words, ok := b.button(l.survey); ok {
		return l.button(url, words)
	}
	return tag("p", fmt.Sprintf(`style="margin:0 0 %dpx;"`, gap), l.lines(b))
}

func tag(name, attributes, inner string) string {
	return "<" + name + " " + attributes + ">" + inner + "</" + name + ">\n"
}

// box is what is to be seen at a glance, in a table because Outlook pads nothing else.
func box(gap int, inner string) string {
	return fmt.Sprintf(`<table role="presentation" width="100%%" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 %dpx;">
<tr><td class="points ink" style="padding:14px 18px;background:#e4eef5;border-left:4px solid #0a5483;color:#1b2a35;font:16px/1.55 %s;">
%s</td></tr>
</table>
`, gap, fonts, inner)
}

// picture is one that travels with the letter, as wide as the window lets it be.
func (l look) picture(v Value, gap int) string {
	return fmt.Sprintf(`<p style="margin:0 0 %dpx;"><img src="cid:%s" alt="%s" width="520" style="display:block;width:100%%;max-width:520px;height:auto;border:0;"></p>
`, gap, html.EscapeString(v.Picture), html.EscapeString(v.Text))
}

// table has its columns named, and the first cell of a row names the row.
func (l look) table(rows [][]string, gap int) string {
	var b strings.Builder
	for n, row := range rows {
		b.WriteString("<tr>")
		for i, cell := range row {
			name, scope := "td", ""
			switch {
			case n == 0:
				name, scope = "th", ` scope="col"`
			case i == 0:
				name, scope = "th", ` scope="row"`
			}
			fmt.Fprintf(&b, `<%s%s class="rule" align="left" style="padding:4px 12px 4px 0;border-bottom:1px solid #d3dde4;font-weight:%s;">%s</%s>`,
				name, scope, map[bool]string{true: "700", false: "400"}[n == 0], html.EscapeString(cell), name)
			b.WriteString("\n")
		}
		b.WriteString("</tr>\n")
	}
	return fmt.Sprintf(`<table class="ink" width="100%%" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 %dpx;border-collapse:collapse;font:14px/1.4 %s;color:#1b2a35;">
%s</table>
`, gap, fonts, b.String())
}

func (l look) items(b block) string {
	var s strings.Builder
	for _, item := range b.items {
		inner := l
		inner.gap = 4
		words := inner.blocks(item)
		if len(item) == 1 && item[0].kind == paragraph {
			words = l.lines(item[0])
		}
		s.WriteString(tag("li", `style="margin:2px 0;"`, words))
	}
	return s.String()
}

// button tells whether a paragraph is the survey's link and nothing else.
func (b block) button(survey string) (url string, words inline, ok bool) {
	if b.kind != paragraph || len(b.lines) != 1 || survey == "" {
		return "", nil, false
	}
	links := b.lines[0].links()
	if len(links) != 1 || links[0].url != survey || plain(links[0].spans) == survey {
		return "", nil, false
	}
	return links[0].url, links[0].spans, true
}

// button has its colour and padding in the cell for Outlook and in the link for all others, so
// that the whole of it can be pressed; and the address below, for those who have to copy it.
func (l look) button(url string, words inline) string {
	escaped := html.EscapeString(url)
	return fmt.Sprintf(`<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:24px 0 16px;">
<tr><td class="go" bgcolor="#0a5483" style="background:#0a5483;border-radius:4px;mso-padding-alt:14px 32px;">
<a href="%s" style="display:inline-block;padding:14px 32px;font:bold 18px/1.2 %s;color:#fdfefe;text-decoration:none;border-radius:4px;">%s</a>
</td></tr>
</table>
<p class="soft" style="margin:0 0 28px;font-size:15px;color:#46586a;">%s<br>
<a href="%s" style="color:#0a5483;overflow-wrap:anywhere;word-break:break-word;">%s</a></p>
`, escaped, fonts, words.html(), html.EscapeString(i18n.T(l.lang, "letter.copy", nil)), escaped, escaped)
}

func (l look) lines(b block) string {
	var lines []string
	for _, in := range b.lines {
		var s strings.Builder
		for _, part := range in.links() {
			words := part.spans.html()
			if part.url != "" {
				words = fmt.Sprintf(`<a href="%s" style="color:#0a5483;">%s</a>`, html.EscapeString(part.url), words)
			}
			s.WriteString(words)
		}
		lines = append(lines, strings.TrimSpace(s.String()))
	}
	return strings.Join(lines, "<br>\n")
}

func (in inline) html() string {
	var b strings.Builder
	for _, s := range in {
		text := html.EscapeString(s.text)
		if s.turns() {
			text = "<bdi>" + text + "</bdi>"
		}
		if s.em {
			text = "<em>" + text + "</em>"
		}
		if s.strong {
			text = "<strong>" + text + "</strong>"
		}
		b.WriteString(text)
	}
	return b.String()
}
