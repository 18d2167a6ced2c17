package preview

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"viesti/i18n"
	"viesti/server"
	"viesti/survey"
)

// frame is what the author's own pages say around their content.
type frame struct {
	server.Frame
	Style  string
	Here   url.Values // the query of the address
	Faults []string   // those of no page in particular
	Total  int        // faults in all
	Alone  bool       // without the head of the author's pages
}

func (p *preview) frame(c *gin.Context, v *visit) frame {
	f := frame{Frame: server.Frame{Lang: server.Lang(c)}, Style: p.style, Here: c.Request.URL.Query(), Total: len(v.faults)}
	if v.q != nil {
		f.Site = v.q.Title.In(f.Lang)
	}
	f.Title = f.T("preview.title")
	for _, fault := range v.faults {
		if page, _ := survey.Spot(fault.Place); page < 0 || v.q == nil || page >= len(v.q.Pages) {
			f.Faults = append(f.Faults, fault.Say(f.Lang))
		}
	}
	return f
}

// With is the address of this page with another value in its query.
func (f frame) With(name, value string) string {
	changed := maps.Clone(f.Here)
	changed.Set(name, value)
	return "?" + changed.Encode()
}

// to is the address of a page in the language and with the sheets that are looked at now.
func (f frame) to(page int, state url.Values) string {
	with := url.Values{}
	maps.Copy(with, state)
	for _, name := range []string{"lang", "only"} {
		if value := f.Here.Get(name); value != "" {
			with.Set(name, value)
		}
	}
	return fmt.Sprintf("/page/%d%s", page+1, query(with))
}

// entry is a page in the list of all pages.
type entry struct {
	Address, Heading, ID string
	Number, Of           int
	condition
	Marks     []string
	Questions []asked
}

type asked struct {
	Number   int
	Text, ID string
	Type     survey.Type
	Marks    []string
	Required bool
	From     string // the question that options or rows come from
	condition
}

// condition is one as it stands in the file, and in words.
type condition struct{ Source, When string }

type allView struct {
	frame
	Pages []entry
}

func (p *preview) showAll(c *gin.Context) {
	v, ok := p.visit(c)
	if !ok {
		return
	}
	view := allView{frame: p.frame(c, v)}
	if v.q != nil {
		for i := range v.q.Pages {
			view.Pages = append(view.Pages, newEntry(v, i, view.frame))
		}
	}
	server.Show(c, http.StatusOK, p.all, view)
}

func newEntry(v *visit, page int, f frame) entry {
	l := f.Lang
	head, items := v.q.Whole(page)
	of := *v
	of.page = page
	marks := of.marks(items, l)
	e := entry{
		Address: f.to(page, nil), Heading: head.Title.In(l), ID: head.ID, Marks: marks[""],
		condition: condition{head.Relevance, v.q.When(head.Relevance, l)},
	}
	e.Number, e.Of = v.q.Number(page)
	for _, item := range items {
		a := asked{
			Text: strings.TrimSpace(item.Text.In(l)), ID: item.ID, Type: item.Type, Marks: marks[item.ID],
			Required: item.Required, From: cmp.Or(item.OptionsFrom, item.RowsFrom),
			condition: condition{item.Relevance, v.q.When(item.Relevance, l)},
		}
		if item.Type != survey.Info {
			a.Number = v.q.Ordinal(item.ID)
		}
		e.Questions = append(e.Questions, a)
	}
	return e
}

type pageView struct {
	frame
	entry
	Before, After string // addresses
	Whole         bool
	Shown         bool // to somebody with these answers
	Everything    string
	Given         []given
	Sheets        []sheet
	Only          string // the language shown alone
}

// sheet is a page in one language, in a frame.
type sheet struct {
	Lang    i18n.Lang
	Address string
}

func (p *preview) showPage(c *gin.Context) {
	v, ok := p.visit(c)
	if !ok {
		return
	}
	if v.q == nil {
		c.Redirect(http.StatusSeeOther, "/")
		return
	}
	f := p.frame(c, v)
	view := pageView{
		frame: f, entry: newEntry(v, v.page, f), Whole: v.whole(), Only: c.Query("only"),
		Everything: f.to(v.page, nil),
		Shown:      v.whole() || len(v.q.Items(v.page, v.given)) > 0,
	}
	if v.page > 0 {
		view.Before = f.to(v.page-1, v.state)
	}
	if v.page+1 < len(v.q.Pages) {
		view.After = f.to(v.page+1, v.state)
	}
	for _, question := range v.q.Depends(v.page) {
		view.Given = append(view.Given, newGiven(v, question, f.Lang))
	}
	for _, l := range i18n.Langs {
		if view.Only == "" || view.Only == string(l) {
			view.Sheets = append(view.Sheets, sheet{l, sheetAddress(v.page, l, v.state)})
		}
	}
	server.Show(c, http.StatusOK, p.page, view)
}

// given is an earlier question whose answer can be tried out.
type given struct {
	Number int
	Asked  string
	Fields []field
}

type field struct {
	Name, Label string
	Many        bool // several of the options
	Options     []option
	Text        string // without options
}

type option struct {
	Value, Label string
	Chosen       bool
}

func newGiven(v *visit, question *survey.Question, l i18n.Lang) given {
	g := given{Number: v.q.Ordinal(question.ID), Asked: strings.TrimSpace(question.Text.In(l))}
	columns, rows := v.q.Choices(question)
	choose := func(name, label string, many bool, options []option) {
		for i, o := range options {
			options[i].Chosen = slices.Contains(v.state[name], o.Value)
		}
		g.Fields = append(g.Fields, field{Name: name, Label: label, Many: many, Options: options, Text: v.state.Get(name)})
	}
	name := survey.Field(question.ID, "")
	switch question.Type {
	case survey.Single, survey.Multiple:
		choose(name, "", question.Type == survey.Multiple, labels(columns, l))
	case survey.Grade:
		choose(name, "", false, numbers(question.Min, question.Max))
	case survey.Matrix:
		for _, row := range rows {
			choose(survey.Field(question.ID, row.ID), row.Text.In(l), false, labels(columns, l))
		}
	case survey.Rank:
		for _, o := range columns {
			choose(survey.Field(question.ID, o.ID), o.Text.In(l), false, numbers(1, len(columns)))
		}
	default:
		choose(name, "", false, nil)
	}
	return g
}

func labels(options []survey.Option, l i18n.Lang) []option {
	var list []option
	for _, o := range options {
		list = append(list, option{Value: o.ID, Label: o.Text.In(l)})
	}
	return list
}

func numbers(from, to int) []option {
	var list []option
	for n := from; n <= to; n++ {
		list = append(list, option{Value: strconv.Itoa(n), Label: strconv.Itoa(n)})
	}
	return list
}

// noteView says one thing in place of a sheet.
type noteView struct {
	frame
	Note string
}

func (p *preview) say(c *gin.Context, key string) {
	v := noteView{frame: frame{Frame: server.Frame{Lang: server.Lang(c)}, Style: p.style, Alone: true}}
	v.Title, v.Note = v.T("preview.title"), v.T(key)
	server.Show(c, http.StatusOK, p.note, v)
}
