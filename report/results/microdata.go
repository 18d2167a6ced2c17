package results

import "viesti/i18n"

// Microdata are answers person by person, for analysis, after disclosure control: in an order that
// says nothing, without open answers, and with no background by which fewer than the minimum of
// people are alike. With Full they are everything that was answered.
type Microdata struct {
	Wave          string
	Questionnaire string
	Version       string
	Title         i18n.Text
	Organiser     i18n.Text
	Opens, Closes string
	Day           string
	Minimum       int64
	Full          bool
	Variables     []Variable
	// Anonymity is the least number of people who are alike in all background variables that are
	// left; 0 where none is.
	Anonymity int64
	// Generalised and Suppressed are background questions that were made coarser, or left out.
	Generalised []string
	Suppressed  []string
	N           int
	Rows        func(each func(row []Value) error) error
}

// Measure is the level at which a variable is measured.
type Measure string

// The measures.
const (
	Nominal Measure = "nominal"
	Ordinal Measure = "ordinal"
	Metric  Measure = "scale"
	Text    Measure = "text"
)

// Variable is a column of the microdata.
type Variable struct {
	// Name is unique, begins with a letter and has only a–z, 0–9 and _: at most 64 of them. A question's id; of
	// multiple choice id_option, of a matrix id_row, of a ranking id_option (its place, from 1), of the
	// words beside "other" id_text.
	Name       string
	Question   string
	Measure    Measure
	Background bool
	Label      i18n.Text // the question, and of a part of it what it is about
	Values     []Label   // of nominal and ordinal variables
	Decimals   int       // of metric ones
	Width      int       // of texts: bytes of the longest
}

// Label is a value with what it means. Missing values say something (don't know), but nothing on the scale.
type Label struct {
	Code    int
	ID      string // the option's
	Text    i18n.Text
	Missing bool
}

// Value is a cell. A cell without an answer has neither a number nor a text.
type Value struct {
	Number float64
	Text   string
	Given  bool
}
