package publication

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

func parse(t testing.TB, body string) *html.Node {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func find(n *html.Node, is func(*html.Node) bool) (list []*html.Node) {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && is(d) {
			list = append(list, d)
		}
	}
	return list
}

func named(name string) func(*html.Node) bool {
	return func(n *html.Node) bool { return n.Data == name }
}

// inspect checks what holds for every page: nothing asks another server, names are used once and refer
// to something, headings are in order, each picture has its text and its figures in the table after it.
func inspect(t *testing.T, name, body string) {
	t.Helper()
	doc := parse(t, body)
	for _, wrong := range []string{"NaN", "Inf<", `Inf"`, "Inf ", "%!", "<nil>", "ZgotmplZ", "<script", "<img", "url(", "@import", "<link"} {
		if strings.Contains(body, wrong) {
			t.Errorf("%s has %q in it", name, wrong)
		}
	}
	ids := map[string]bool{}
	level := 0
	for n := range doc.Descendants() {
		if id := attr(n, "id"); id != "" {
			if ids[id] {
				t.Errorf("%s: %s is there twice", name, id)
			}
			ids[id] = true
		}
		switch n.DataAtom {
		case atom.H1, atom.H2, atom.H3, atom.H4:
			now := int(n.Data[1] - '0')
			if now > level+1 || strings.TrimSpace(text(n)) == "" && n.DataAtom != atom.H3 {
				t.Errorf("%s: %s %q after a heading of level %d", name, n.Data, text(n), level)
			}
			level = now
		}
	}
	for n := range doc.Descendants() {
		for id := range strings.FieldsSeq(attr(n, "aria-labelledby")) {
			if !ids[id] {
				t.Errorf("%s: nothing is called %s", name, id)
			}
		}
		if to, ok := strings.CutPrefix(attr(n, "href"), "#"); ok && !ids[to] {
			t.Errorf("%s: a link leads to %s, which is nowhere", name, to)
		}
	}
	inspectPictures(t, name, doc)
}

var number = regexp.MustCompile(`[−+]?\d([\d.,\x{a0}]*\d)?(\x{a0}%|%)?`)

func inspectPictures(t *testing.T, name string, doc *html.Node) {
	t.Helper()
	for _, figure := range find(doc, named("figure")) {
		pictures := find(figure, named("svg"))
		if len(pictures) == 0 {
			t.Errorf("%s: %s has no picture", name, attr(figure, "id"))
		}
		table := after(figure)
		if table == nil {
			t.Errorf("%s: no table after %s", name, attr(figure, "id"))
			continue
		}
		said := number.FindAllString(cells(table), -1)
		for _, svg := range pictures {
			title, desc := find(svg, named("title")), find(svg, named("desc"))
			if attr(svg, "role") != "img" || len(title) != 1 || len(desc) != 1 || text(title[0]) == "" || text(desc[0]) == "" {
				t.Errorf("%s: %s says nothing to those who do not see it", name, attr(figure, "id"))
			}
			for _, n := range find(svg, named("text")) {
				class := " " + attr(n, "class") + " "
				if !strings.Contains(class, " value ") && !strings.Contains(class, " on ") && !strings.Contains(class, " strong ") || strings.Contains(class, " name ") {
					continue
				}
				for _, shown := range number.FindAllString(text(n), -1) {
					if !slices.Contains(said, shown) {
						t.Errorf("%s: %s shows %s, its table does not", name, attr(figure, "id"), shown)
					}
				}
			}
		}
	}
}

// after is the table that follows a picture, other pictures of the same figures in between.
func after(figure *html.Node) *html.Node {
	for n := figure.NextSibling; n != nil; n = n.NextSibling {
		if n.Type != html.ElementNode || n.Data == "figure" {
			continue
		}
		if attr(n, "class") == "figures" {
			return n
		}
		return nil
	}
	return nil
}

// cells are the texts of a table, apart from one another.
func cells(table *html.Node) string {
	var list []string
	for n := range table.Descendants() {
		if n.Type == html.TextNode {
			list = append(list, n.Data)
		}
	}
	return strings.Join(list, " | ")
}
