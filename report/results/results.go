// Package results makes of the answers what may be published: for each question its figures, divided
// by the background of those who answered, with everything hidden that report/disclosure hides.
//
// What leaves this room is safe: a Results has no number and no word in it that may not be read by
// anybody. It knows no person and shows nothing itself; report/publication and report/export do.
package results

import (
	"viesti/i18n"
	"viesti/report"
	"viesti/report/disclosure"
	"viesti/survey"
)

// Results are what is published of the answers of a wave.
type Results struct {
	Wave          string    `json:"wave"`
	Questionnaire string    `json:"questionnaire"`
	Version       string    `json:"version"` // of the questionnaire, the last one answered
	Title         i18n.Text `json:"title"`
	Organiser     i18n.Text `json:"organiser"`
	Opens         string    `json:"opens"`  // the first day, 2027-03-14
	Closes        string    `json:"closes"` // the last
	Day           string    `json:"day"`    // on which the figures were released
	// Through is the last day whose answers are in the figures; empty: all are.
	Through string `json:"through,omitempty"`
	// Frozen tells that a final release has the figures of the one before it, because newer ones would
	// tell something of few people.
	Frozen bool `json:"frozen,omitempty"`
	// Only is the question whose answers were counted for this release; the others have the figures
	// of the release before. Empty: all.
	Only string `json:"only,omitempty"`
	// Final tells that the survey is closed. Before it there are figures of the whole alone: no
	// divisions and no open answers.
	Final       bool             `json:"final"`
	Minimum     int64            `json:"minimum"` // the least number of people behind any figure
	Respondents disclosure.Count `json:"respondents"`
	// Late tells that there are answers that are not in the figures: they would be told apart from
	// those of an earlier release by subtraction, or they are of a day that is not over.
	Late        bool         `json:"late,omitempty"`
	Backgrounds []Background `json:"backgrounds"`
	// Share is the part of the respondents, chosen at random, whose answers are exported one by one:
	// Sample is how many. Divisions are of the Divided others, so that the two cannot be put together.
	// A final release has both; with a Share of 1 it has no divisions.
	Share   float64          `json:"share,omitempty"`
	Sample  disclosure.Count `json:"sample"`
	Divided disclosure.Count `json:"divided"`
	// Alike are the backgrounds that may be shown person by person, as coarse as that takes, and
	// Anonymity is the least number of people who are alike in all of them.
	Alike     []Background   `json:"alike,omitempty"`
	Anonymity int64          `json:"anonymity,omitempty"`
	Pages     []Page         `json:"pages"`
	Earlier   []report.Known `json:"earlier"` // waves, with their published means
}

// Background is a question about the respondents that figures are divided by.
type Background struct {
	Question string    `json:"question"`
	Text     i18n.Text `json:"text"`
	Groups   []Group   `json:"groups"`
	// Proposals say which options were taken together so that no group is too small.
	Merged bool `json:"merged,omitempty"`
}

// Group is a group of respondents: those who chose one option, or one of several taken together.
type Group struct {
	ID      string    `json:"id"`
	Text    i18n.Text `json:"text"`
	Options []string  `json:"options"` // empty: those who did not answer
	// Silent tells that those who did not answer are in it.
	Silent      bool             `json:"silent,omitempty"`
	Respondents disclosure.Count `json:"respondents"`
}

// Page is a page of the questionnaire.
type Page struct {
	ID        string     `json:"id"`
	Title     i18n.Text  `json:"title"`
	Questions []Question `json:"questions"`
}

// Question is a question with what was answered to it.
type Question struct {
	ID   string      `json:"id"`
	Type survey.Type `json:"type"`
	Text i18n.Text   `json:"text"`
	Help i18n.Text   `json:"help,omitempty"`
	// Conditional tells that it was asked of some alone.
	Conditional bool `json:"conditional,omitempty"`
	// When says in a sentence whom it was asked (survey.When); empty: everybody.
	When i18n.Text `json:"when,omitempty"`
	// Removed tells that it, or something of it, was in an earlier version of the questionnaire alone.
	Removed bool      `json:"removed,omitempty"`
	Low     i18n.Text `json:"low,omitempty"` // words at the ends of a grade
	High    i18n.Text `json:"high,omitempty"`
	Min     int       `json:"min,omitempty"`
	Max     int       `json:"max,omitempty"`
	Unit    i18n.Text `json:"unit,omitempty"`
	// Items are the question itself; of a matrix one for each row. Of multiple choice and ranking
	// there is one, whose categories do not add up to those who answered.
	Items []Item `json:"items"`
	Open  *Open  `json:"open,omitempty"` // of text, and of the words beside "other"
}

// Item is what was answered to a question, or to a row of a matrix.
type Item struct {
	ID         string     `json:"id,omitempty"` // of the row
	Text       i18n.Text  `json:"text,omitempty"`
	Categories []Category `json:"categories"`
	Figures               // of all respondents
	// Divisions are the figures by each background; none before the close, and none where nothing
	// of them could be shown.
	Divisions []Division `json:"divisions,omitempty"`
	// Alone are the categories in which it is shown person by person, and from which divisions are made;
	// of several choices the options that are. None: it is not.
	Alone []Category `json:"alone,omitempty"`
	// Withheld tells that nothing of the item may be shown.
	Withheld bool `json:"withheld,omitempty"`
	// Day is of the earlier release whose figures these are, where newer ones would tell something
	// of few people by subtraction. Empty: they are of this release.
	Day string `json:"day,omitempty"`
}

// Category is an answer that is counted: an option, or several taken together.
type Category struct {
	ID       string    `json:"id"`
	Text     i18n.Text `json:"text"`
	Options  []string  `json:"options"`
	DontKnow bool      `json:"dont_know,omitempty"` // not on the scale: left out of means, and of shares of a scale
}

// Figures are the figures of an item for some group of people.
type Figures struct {
	Answered disclosure.Count `json:"answered"`
	// Counts are people by category. Of ranking they are those who put it among their choices.
	Counts []disclosure.Count `json:"counts"`
	// Firsts are of ranking: those who put the category first.
	Firsts  []disclosure.Count `json:"firsts,omitempty"`
	Summary *Summary           `json:"summary,omitempty"` // of grades, numbers and scales; nil where it is hidden
	// Joint are the hidden counts together, where they stand side by side; nil where they do not.
	Joint *Joint `json:"joint,omitempty"`
}

// Joint are people who gave one of several categories: those from the first to the last.
type Joint struct {
	First int   `json:"first"` // places among the categories
	Last  int   `json:"last"`
	N     int64 `json:"n"`
}

// Holds tells whether a category is one of them.
func (j *Joint) Holds(category int) bool {
	return j != nil && j.First <= category && category <= j.Last
}

// Base is how many people the share of category i is of: those who answered. In a matrix the shares of the
// scale are of those who placed themselves on it, and that of DontKnow is of all. Hidden where it is not known.
func (q Question) Base(categories []Category, f Figures, i int) disclosure.Count {
	if q.Type != survey.Matrix || categories[i].DontKnow {
		return f.Answered
	}
	n, known := f.Answered.Value()
	on, whole := int64(0), true
	for j, c := range categories {
		x, shown := f.Counts[j].Value()
		switch {
		case c.DontKnow:
			n, known = n-x, known && shown
		case f.Joint.Holds(j) && j == f.Joint.First:
			on += f.Joint.N
		case !f.Joint.Holds(j):
			on, whole = on+x, whole && shown
		}
	}
	switch {
	case whole:
		return disclosure.Shown(on)
	case known:
		return disclosure.Shown(n)
	default:
		return disclosure.Count{}
	}
}

// Summary is about answers that are numbers; of a scale its options count from 1, without DontKnow.
type Summary struct {
	N      int64    `json:"n"`
	Mean   float64  `json:"mean"` // rounded to one decimal: no more is published
	Low    *float64 `json:"low"`  // 95 % interval of the mean, by the spread of all, Student's t; nil where N is too small to show one
	High   *float64 `json:"high"`
	Median *float64 `json:"median"` // of all; nil of a group
}

// Division is the figures of an item by a background. Its categories may be coarser than the item's:
// a scale is then divided into disagree, neither and agree, or the like.
type Division struct {
	Background string     `json:"background"`
	Categories []Category `json:"categories"`
	Rows       []Figures  `json:"rows"` // one for each group of the background
}

// Open are answers in the respondents' own words: undivided, in no order, without a language. Only
// what a person has read and released is in it.
type Open struct {
	Given   disclosure.Count `json:"given"`         // how many wrote something
	Day     string           `json:"day,omitempty"` // of the earlier release that Given is of, as with an item
	Answers []string         `json:"answers"`
	// Unread tells that some were not read yet.
	Unread bool `json:"unread,omitempty"`
}
