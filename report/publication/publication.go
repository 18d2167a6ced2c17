// Package publication writes the report that is published: a folder of HTML pages in each language
// that stand alone, can be read on a phone and printed on A4, with each figure drawn and in a table.
//
// It counts nothing and hides nothing: what may not be shown is not in the results it is given. It
// reads no store and writes no file; whoever calls it does.
package publication

import (
	"bytes"
	"embed"
	"html/template"

	"viesti/i18n"
	"viesti/report"
	"viesti/report/results"
)

//go:embed pages publication.css
var files embed.FS

// Options are what the report says beside its figures.
type Options struct {
	Langs   []i18n.Lang // empty: all
	Contact Contact
	// Site is the address of the survey's pages, which have its privacy notice and its accessibility
	// statement; empty: they are not linked to.
	Site string
}

// Contact is who answers questions about the report. Each part may be empty.
type Contact struct {
	Name, Organisation, Email, Phone string
}

// Write makes the pages and hands them over one by one, each under the name it has in the folder.
// index.html leads to the others. Its error is put's.
//
// The same results and rates make the same bytes.
func Write(r results.Results, rates report.Rates, o Options, put func(name string, body []byte) error) error {
	if len(o.Langs) == 0 {
		o.Langs = i18n.Langs
	}
	pages, err := template.New("").Funcs(template.FuncMap{"arg": newArg}).ParseFS(files, "pages/*.html")
	if err != nil {
		return err
	}
	css, err := files.ReadFile("publication.css")
	if err != nil {
		return err
	}
	fill := func(page, name string, data any) error {
		var b bytes.Buffer
		if err := pages.ExecuteTemplate(&b, page, data); err != nil {
			return err
		}
		return put(name, b.Bytes())
	}
	if err := fill("index.html", "index.html", newIndex(r, o.Langs, template.CSS(css))); err != nil { //nolint:gosec // our own style sheet
		return err
	}
	for _, l := range o.Langs {
		for _, p := range newWriter(r, rates, o, l).pages() {
			p.Style = template.CSS(css) //nolint:gosec // our own style sheet
			if err := fill("page.html", p.Name, p); err != nil {
				return err
			}
		}
	}
	return nil
}

// arg is what a template within another is given: the block, and the page's own words.
type arg struct {
	Block any
	Words map[string]string
}

func newArg(block any, words map[string]string) arg { return arg{block, words} }

// The pages of a language, by the end of their names: the report itself, tables by background, and
// open answers.
const (
	main    = ""
	tables  = "-tables"
	answers = "-answers"
)

func fileName(l i18n.Lang, kind string) string { return string(l) + kind + ".html" }

// index is the page that leads to the languages.
type index struct {
	Style  template.CSS
	Langs  []i18n.Lang
	Titles []entrance
}

// entrance leads to the report in a language.
type entrance struct {
	Lang                   i18n.Lang
	Href, Title, Sub, Open string
}

func newIndex(r results.Results, langs []i18n.Lang, style template.CSS) index {
	list := index{Style: style, Langs: langs}
	for _, l := range langs {
		list.Titles = append(list.Titles, entrance{
			Lang: l, Href: fileName(l, main), Title: line(r.Title.In(l)),
			Sub:  i18n.T(l, "publication.subtitle", i18n.Args{"wave": r.Wave}),
			Open: i18n.T(l, "publication.read", nil),
		})
	}
	return list
}
