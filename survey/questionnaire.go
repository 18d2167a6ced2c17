// Package survey is the questionnaire as data and the answers given to it: its pages and
// questions in every language, which of them are relevant, what may be answered, and the
// life of a response from the first page to the last.
//
// It knows no person. Nothing here can name a contact, an address or an invitation, and it
// does not count: the store keeps a tally by Cell, and report makes figures of it.
package survey

import (
	"slices"

	"viesti/i18n"
)

// Type is how a question is answered.
type Type string

// The types of question.
const (
	Single   Type = "single"   // one option: radio buttons, or a list with Select
	Multiple Type = "multiple" // any options, up to Max
	Grade    Type = "grade"    // a whole number from Min to Max
	Matrix   Type = "matrix"   // one option of a scale for each row
	Rank     Type = "rank"     // options in order, the first Max of them or all
	OpenText Type = "text"     // free text of up to Max characters
	Number   Type = "number"   // a number with up to Decimals decimals
	Date     Type = "date"     // a day
	Info     Type = "info"     // a text to read; nothing is answered
)

var types = []Type{Single, Multiple, Grade, Matrix, Rank, OpenText, Number, Date, Info}

// DefaultTextMax is how many characters an open answer may have when the question does not say.
const DefaultTextMax = 2000

// Questionnaire is a survey's content. It is read by Load and does not change after that.
type Questionnaire struct {
	ID      string           `toml:"id"`
	Version string           `toml:"version"`
	Minutes [2]int           `toml:"minutes"` // how long answering takes, from–to
	Title   i18n.Text        `toml:"title"`
	Intro   i18n.Text        `toml:"intro"`
	Thanks  i18n.Text        `toml:"thanks"`
	Scales  map[string]Scale `toml:"scale"`
	Pages   []Page           `toml:"page"`

	byID     map[string]*Question
	requires bool // some answer is required
}

// Scale is a set of options that several questions share.
type Scale struct {
	Options []Option `toml:"option"`
}

// Page is one screen of questions. Its texts may show earlier answers: {id}.
type Page struct {
	ID        string     `toml:"id"`
	Title     i18n.Text  `toml:"title"`
	Intro     i18n.Text  `toml:"intro"`
	Relevance string     `toml:"relevance"` // an expression over answers of earlier pages; empty: always
	Continues bool       `toml:"continues"` // carries the number of the page before it
	Questions []Question `toml:"question"`

	relevant  program
	mentioned []*Question // that its conditions, and those on it, speak of
	quotes    bool        // a text of the page shows an earlier answer
	varies    bool        // something in it depends on earlier answers
}

// Question is one question. Which fields it uses depends on its Type. Its texts may show answers
// of earlier pages: {id}.
type Question struct {
	ID          string    `toml:"id"`
	Type        Type      `toml:"type"`
	Text        i18n.Text `toml:"text"`
	Help        i18n.Text `toml:"help"`
	Definition  i18n.Text `toml:"definition"` // of a term the question uses
	Relevance   string    `toml:"relevance"`
	Required    bool      `toml:"required"`
	Background  bool      `toml:"background"` // says who answers: results are divided by it, and it is protected in microdata
	Options     []Option  `toml:"option"`
	OptionsFrom string    `toml:"options_from"` // the options chosen in this earlier question
	Rows        []Option  `toml:"row"`
	RowsFrom    string    `toml:"rows_from"` // rows are the options chosen in this earlier question
	Scale       string    `toml:"scale"`
	Random      bool      `toml:"random"` // options, of a matrix rows, in an order of each respondent's own
	Select      bool      `toml:"select"` // a list to pick from instead of radio buttons
	Min         int       `toml:"min"`    // of a grade
	Max         int       `toml:"max"`    // of a grade; how many to choose, to rank; characters of a text
	From        string    `toml:"from"`   // the least number or the first day
	To          string    `toml:"to"`     // the greatest number or the last day
	Decimals    int       `toml:"decimals"`
	Unit        i18n.Text `toml:"unit"` // of a number
	Low         i18n.Text `toml:"low"`
	High        i18n.Text `toml:"high"`
	Long        bool      `toml:"long"`

	relevant program
	quotes   bool // a text shows an earlier answer
	limited  bool // which options or rows there are depends on earlier answers
	page     int
}

// Option is a choice, or a row of a matrix.
type Option struct {
	ID        string    `toml:"id"`
	Text      i18n.Text `toml:"text"`
	Other     bool      `toml:"other"`     // has a text field of its own
	Exclusive bool      `toml:"exclusive"` // cannot be chosen together with others
	DontKnow  bool      `toml:"dont_know"` // says nothing on the scale; left out of means
	Relevance string    `toml:"relevance"` // not in a scale, which many questions share

	relevant program
}

// Question finds a question by its id.
func (q *Questionnaire) Question(id string) (*Question, bool) {
	found, ok := q.byID[id]
	return found, ok
}

// option finds an option by its id.
func option(options []Option, id string) (Option, bool) {
	i := slices.IndexFunc(options, func(o Option) bool { return o.ID == id })
	if i < 0 {
		return Option{}, false
	}
	return options[i], true
}

// HasOther tells whether one of the question's options takes a text of its own.
func (q *Question) HasOther() bool {
	return slices.ContainsFunc(q.Options, func(o Option) bool { return o.Other })
}

// Backgrounds are the questions about the respondents themselves, in the questionnaire's order.
func (q *Questionnaire) Backgrounds() []*Question {
	var list []*Question
	for i := range q.Pages {
		for j := range q.Pages[i].Questions {
			if question := &q.Pages[i].Questions[j]; question.Background {
				list = append(list, question)
			}
		}
	}
	return list
}

// Varies tells whether the page is different for different respondents before it is answered.
func (p *Page) Varies() bool { return p.varies }

// Varies tells whether the question is different for different respondents before it is answered.
func (q *Question) Varies() bool { return q.limited || q.quotes || q.Random }

// Number is the number of a page among those that carry one, and how many there are: a page
// that continues another shares its number, so that branches do not move the goal.
func (q *Questionnaire) Number(page int) (number, of int) {
	for i, p := range q.Pages {
		if !p.Continues {
			of++
		}
		if i == page {
			number = of
		}
	}
	return number, of
}
