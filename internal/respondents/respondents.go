// Package respondents makes up answers, for tests and for the demonstration's past wave: any questionnaire answered at random
// by people of whom most are alike, as people are.
//
// It knows nothing of pages or links; demo/crowd answers as a person in front of a page does.
package respondents

import (
	"cmp"
	"fmt"
	"hash/fnv"
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
// How content they are shows in all that they judge.
func Answers(q *survey.Questionnaire, random Chance) survey.Answers {
	answers := survey.Answers{}
	p := person{Chance: random, content: middling(random)}
	for i := range q.Pages {
		for j := range q.Pages[i].Questions {
			question := &q.Pages[i].Questions[j]
			if question.Required || random.IntN(12) > 0 {
				if a := p.answer(q, question); !a.Empty() {
					answers[question.ID] = a
				}
			}
		}
	}
	return q.Relevant(answers)
}

type person struct {
	Chance
	content float64 // from 0 to 1
}

// middling is a number from 0 to 1, most often near the middle.
func middling(random Chance) float64 {
	return (random.Float64() + random.Float64() + random.Float64()) / 3
}

// leaning is how much better or worse than others something is judged by everybody: it is in its name.
func leaning(id string) float64 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id)) // never fails
	return float64(h.Sum32()%1000)/1000 - 0.5
}

// judged is a place among n steps of a scale.
func (p person) judged(n int, id string) int {
	level := 0.57 + 1.1*(p.content-0.5) + 0.9*(middling(p)-0.5) + 0.25*leaning(id)
	return min(n-1, max(0, int(float64(n)*level)))
}

// skewed is a place among n, the first ones more often.
func (p person) skewed(n int) int { return int(float64(n) * p.Float64() * p.Float64()) }

// liked are the options in the order of how often they are chosen, what excludes others last.
func liked(options []survey.Option, question string) []survey.Option {
	return slices.SortedStableFunc(slices.Values(options), func(a, b survey.Option) int {
		if a.Exclusive != b.Exclusive {
			return len(strconv.FormatBool(b.Exclusive)) - len(strconv.FormatBool(a.Exclusive))
		}
		return cmp.Compare(leaning(question+b.ID), leaning(question+a.ID))
	})
}

// onScale is an option of a scale; one in twelve does not know.
func (p person) onScale(options []survey.Option, id string) string {
	apart := slices.IndexFunc(options, func(o survey.Option) bool { return o.DontKnow })
	if apart >= 0 && (p.IntN(12) == 0 || len(options) == 1) {
		return options[apart].ID
	}
	steps := slices.DeleteFunc(slices.Clone(options), func(o survey.Option) bool { return o.DontKnow })
	return steps[p.judged(len(steps), id)].ID
}

// answer is one to a question, empty for who passes over it.
func (p person) answer(q *survey.Questionnaire, question *survey.Question) (a survey.Answer) {
	options, rows := q.Choices(question)
	switch question.Type {
	case survey.Single:
		a.Value = options[p.skewed(len(options))].ID
	case survey.Grade:
		a.Value = strconv.Itoa(question.Min + p.judged(question.Max-question.Min+1, question.ID))
	case survey.Number:
		a.Value = strconv.Itoa(p.skewed(40))
	case survey.Date:
		a.Value = fmt.Sprintf("2026-%02d-%02d", 1+p.IntN(12), 1+p.IntN(28))
	case survey.Matrix:
		a.Rows = map[string]string{}
		for _, row := range rows {
			if question.Required || p.IntN(10) > 0 {
				a.Rows[row.ID] = p.onScale(options, question.ID+row.ID)
			}
		}
	case survey.Multiple, survey.Rank:
		a.Choices = p.some(liked(options, question.ID), question.Max)
	case survey.OpenText:
		if p.IntN(3) == 0 {
			a.Text = words[p.IntN(len(words))]
		}
	}
	return a
}

// some are one to three of the options; what excludes others is chosen alone.
func (p person) some(options []survey.Option, most int) (chosen []string) {
	for range 1 + p.IntN(3) {
		o := options[p.skewed(len(options))]
		if o.Exclusive {
			return []string{o.ID}
		}
		if !slices.Contains(chosen, o.ID) && (most == 0 || len(chosen) < most) {
			chosen = append(chosen, o.ID)
		}
	}
	return chosen
}

// words are what people write, in the languages of the survey.
var words = []string{
	"Enemmän aikaa", "Yhteinen tilannekuva puuttuu.", "Säännölliset tapaamiset kuntien ja järjestöjen kesken.",
	"Pysyvää rahoitusta hankkeiden sijaan", "Mer tid för samarbetet.", "Kontaktpersoner som inte byts hela tiden.",
	"Bättre information på svenska", "A shared calendar of events would help.", "Small associations are heard too late.",
}
