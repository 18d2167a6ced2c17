// Package respondents makes up answers, for tests and for the demonstration's past wave: any questionnaire answered at random
// by people of whom most are alike, as people are.
//
// It knows nothing of pages or links; demo/crowd answers as a person in front of a page does.
package respondents

import (
	"fmt"
	"slices"
	"strconv"

	"viesti/survey"
)

// Chance is what decides on answers: a rand.Rand of whoever asks.
type Chance interface {
	IntN(n int) int
	Float64() float64
}

// Answers are what somebody sends: to most of the questions that concern them, and to all they must.
func Answers(q *survey.Questionnaire, random Chance) survey.Answers {
	answers := survey.Answers{}
	for i := range q.Pages {
		for j := range q.Pages[i].Questions {
			question := &q.Pages[i].Questions[j]
			if question.Required || random.IntN(12) > 0 {
				if a := answer(q, question, random); !a.Empty() {
					answers[question.ID] = a
				}
			}
		}
	}
	return q.Relevant(answers)
}

// skewed is a place among n, the first ones more often.
func skewed(random Chance, n int) int {
	return int(float64(n) * random.Float64() * random.Float64())
}

// answer is one to a question, empty for who passes over it.
func answer(q *survey.Questionnaire, question *survey.Question, random Chance) (a survey.Answer) {
	options, rows := q.Choices(question)
	pick := func() string { return options[skewed(random, len(options))].ID }
	switch question.Type {
	case survey.Single:
		a.Value = pick()
	case survey.Grade:
		a.Value = strconv.Itoa(question.Max - skewed(random, question.Max-question.Min+1))
	case survey.Number:
		a.Value = strconv.Itoa(skewed(random, 40))
	case survey.Date:
		a.Value = fmt.Sprintf("2026-%02d-%02d", 1+random.IntN(12), 1+random.IntN(28))
	case survey.Matrix:
		a.Rows = map[string]string{}
		for _, row := range rows {
			if question.Required || random.IntN(10) > 0 {
				a.Rows[row.ID] = pick()
			}
		}
	case survey.Multiple, survey.Rank:
		for range 1 + random.IntN(3) {
			o := options[skewed(random, len(options))]
			if o.Exclusive {
				return survey.Answer{Choices: []string{o.ID}}
			}
			if !slices.Contains(a.Choices, o.ID) && (question.Max == 0 || len(a.Choices) < question.Max) {
				a.Choices = append(a.Choices, o.ID)
			}
		}
	case survey.OpenText:
		if random.IntN(3) == 0 {
			a.Text = "Enemmän aikaa"
		}
	}
	return a
}
