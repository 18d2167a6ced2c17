package survey

import (
	"math"
	"strings"
	"testing"

	"viesti/i18n"
)

// The time an answer takes, by the rule of thumb of market research: five words a second, five
// seconds to take in a question, two for each decision after its first, and fifteen for writing
// (https://www.blog.surveyis.cool/ako-vypocitat-dlzku-dotaznika/). An option that may be ticked is
// half a decision, a row of a matrix a whole one. Words are counted in English, which the rule was
// made for: other languages say the same in fewer or more words, read in about the same time
// (M. Brysbaert, How many words do we read per minute?, 2019).
const (
	wordsASecond    = 5
	questionSeconds = 5
	decisionSeconds = 2
	writingSeconds  = 15
	likelyChosen    = 4 // rows of a matrix that are taken from an earlier question
)

type length struct {
	words, questions, texts int
	decisions               float64
}

func (l *length) read(texts ...i18n.Text) {
	for _, t := range texts {
		l.words += len(strings.Fields(t.In(i18n.En)))
	}
}

func (l *length) options(options []Option) {
	for _, o := range options {
		l.read(o.Text)
	}
}

func (l *length) ask(q *Questionnaire, question *Question) {
	options, rows := q.optionsOf(question), q.rowsOf(question)
	if question.RowsFrom != "" {
		rows = rows[:min(likelyChosen, len(rows))]
	}
	l.read(question.Text, question.Help, question.Definition, question.Low, question.High)
	l.options(options)
	l.options(rows)
	l.questions++
	switch question.Type {
	case Matrix:
		l.decisions += float64(len(rows))
	case Multiple, Rank:
		l.decisions += float64(len(options)) / 2
	case OpenText:
		l.texts++
	case Info:
		l.questions--
	default:
		l.decisions++
	}
}

func (l *length) minutes() float64 {
	decisions := max(l.decisions-float64(l.questions), 0)
	return (float64(l.words)/wordsASecond + questionSeconds*float64(l.questions) +
		decisionSeconds*decisions + writingSeconds*float64(l.texts)) / 60
}

// minutes is how long the whole way takes that these answers open, with every question answered.
func minutes(q *Questionnaire, answers Answers) float64 {
	var l length
	l.read(q.Intro, q.Thanks)
	for page := q.Next(-1, answers); page < len(q.Pages); page = q.Next(page, answers) {
		l.read(q.Pages[page].Title, q.Pages[page].Intro)
		for _, item := range q.Items(page, answers) {
			l.ask(q, item.Question)
		}
	}
	return l.minutes()
}

// What the first page and the letters promise has to be true of the shortest way and of the longest.
func TestTheBarometerTakesAsLongAsItSays(t *testing.T) {
	q := barometer(t)
	activities := func(id string) Answer {
		question, _ := q.Question(id)
		var a Answer
		for _, o := range q.optionsOf(question) {
			a.Choices = append(a.Choices, o.ID)
		}
		return a
	}
	for name, answers := range map[string]Answers{
		"neither":  {},
		"national": {"took_national": {Value: "yes"}, "national_activities": activities("national_activities")},
		"regional": {"took_regional": {Value: "yes"}, "regional_activities": activities("regional_activities")},
		"both": {
			"took_national": {Value: "yes"}, "national_activities": activities("national_activities"),
			"took_regional": {Value: "yes"}, "regional_activities": activities("regional_activities"),
		},
	} {
		got := minutes(q, answers)
		if whole := int(math.Round(got)); whole < q.Minutes[0] || whole > q.Minutes[1] {
			t.Errorf("%s: about %.1f minutes, promised are %d to %d", name, got, q.Minutes[0], q.Minutes[1])
		}
		t.Logf("%s: %.1f minutes", name, got)
	}
}
