package publication

import (
	"html/template"

	"viesti/i18n"
	"viesti/report/publication/chart"
)

// page is a page of the report: sections of blocks, which one template sets.
type page struct {
	Style     template.CSS
	Name      string
	Lang      i18n.Lang
	Langs     []i18n.Lang
	Others    []anchor // the same page in all languages
	Title     string   // of the survey
	Sub       string
	Header    string // at the top of each sheet of paper
	Facts     []fact
	Interim   string // says that the survey is still open
	Back      *anchor
	Words     map[string]string
	Sections  []section
	Organiser string
}

// anchor leads to another page, or a place on this one.
type anchor struct {
	Href, Text string
	Lang       i18n.Lang
	Here       bool
}

// fact is a line beside the title.
type fact struct{ Name, Value string }

// section is a part of a page with a heading; Subs are parts of it.
type section struct {
	ID, Number, Title string
	Blocks            []block
	Subs              []section
}

// block is one thing in a section; which of its fields is set says what.
type block struct {
	Text     string
	Note     string
	List     []string
	Keys     []fact // one below the other
	Row      []fact // one beside the other
	Findings []finding
	Cards    []card
	Link     *anchor
	Figure   *figure
	Table    *table
	Quotes   []string // in whatever language, as respondents wrote them
}

// finding is what a question's figures say, and where they stand.
type finding struct{ Href, Lead, Text string }

// card is a figure set large.
type card struct{ Figure, Name, Note string }

// figure is a picture with its number; its text alternative leads to the table after it.
type figure struct {
	ID, Label, Title, Text string
	Drawings               []chart.Drawing
}

// table is figures as a table. The first cell of each row is its head.
type table struct {
	ID, Label, Title string
	Head             []cell
	Rows             [][]cell
	Notes            []string
	Long             bool // may be cut between pages of paper
	Slim             bool // no wider than what is in it
}

// cell is a figure with another beside it.
type cell struct {
	Text, Small string
	Unseen      string // for those who do not see what a letter stands for
	Span        int    // columns that it covers, 0 and 1: one
	Hidden      bool
	Strong      bool
	Shade       string // the class of its ground
}

// words is what the template says itself.
func (w *writer) words() map[string]string {
	return map[string]string{
		"contents": w.t("publication.contents", nil), "skip": w.t("publication.skip", nil),
		"langs": w.t("publication.langs", nil), "hidden": w.t("publication.hidden", nil), "sign": sign,
	}
}
