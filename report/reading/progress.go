package reading

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"viesti/i18n"
	"viesti/survey"
)

// Progress is how far the reading of a wave has come.
type Progress struct {
	Wave      string    `json:"wave"`
	From      time.Time `json:"from"` // when reading may begin
	Begun     bool      `json:"begun"`
	Texts     int       `json:"texts"` // different ones, to be read
	Read      int       `json:"read"`
	Questions []Pile    `json:"questions"`
}

// Pile is the open answers to a question.
type Pile struct {
	Question string    `json:"question"`
	Title    i18n.Text `json:"title"`
	Given    int64     `json:"given"` // how many people wrote something
	Texts    int       `json:"texts"` // different ones
	Released int       `json:"released"`
	Withheld int       `json:"withheld"`
	// Few tells that too few people wrote for any of it to be published: nobody need read it.
	Few bool `json:"few,omitempty"`
}

// Read is how many texts were decided on.
func (p Pile) Read() int { return p.Released + p.Withheld }

// Left is how many are to be read.
func (p Pile) Left() int { return p.Texts - p.Read() }

// count goes through the texts once and gives the piles by question. first is called for each
// different text as it is met first.
func (r *Reader) count(ctx context.Context, first func(w written, d Decision)) (map[string]*Pile, error) {
	piles, met := map[string]*Pile{}, map[string]bool{}
	err := r.texts(ctx, nil, func(w written, d Decision) {
		p := piles[w.question]
		if p == nil {
			p = &Pile{Question: w.question}
			piles[w.question] = p
		}
		p.Given++
		if met[w.hash] {
			return
		}
		met[w.hash] = true
		p.Texts++
		switch d.Verdict {
		case Release:
			p.Released++
		case Withhold:
			p.Withheld++
		}
		if first != nil {
			first(w, d)
		}
	})
	for _, p := range piles {
		p.Few = p.Given < r.Minimum
	}
	return piles, err
}

// Progress tells how far the reading has come. Before it may begin it gives no number.
func (r *Reader) Progress(ctx context.Context) (Progress, error) {
	p := Progress{Wave: r.Period.Wave, From: r.From(), Begun: r.begun() == nil, Questions: []Pile{}}
	if !p.Begun {
		return p, nil
	}
	piles, err := r.count(ctx, nil)
	if err != nil {
		return p, err
	}
	p.fill(r, piles)
	return p, nil
}

func (p *Progress) fill(r *Reader, piles map[string]*Pile) {
	for _, id := range r.order(slices.Collect(maps.Keys(piles))) {
		pile := *piles[id]
		pile.Title = r.title(id)
		p.Questions = append(p.Questions, pile)
		if !pile.Few {
			p.Texts += pile.Texts
			p.Read += pile.Read()
		}
	}
}

// order sorts questions as the questionnaire has them; those it has no more come last.
func (r *Reader) order(ids []string) []string {
	place := map[string]int{}
	if r.Questionnaire != nil {
		for _, page := range r.Questionnaire.Pages {
			for _, q := range page.Questions {
				place[q.ID] = len(place) + 1
			}
		}
	}
	rank := func(id string) int { return cmp.Or(place[id], len(place)+1) }
	slices.SortFunc(ids, func(a, b string) int { return cmp.Or(rank(a)-rank(b), strings.Compare(a, b)) })
	return ids
}

// title is what a question is called: its text, and of the words beside an option that option's too.
func (r *Reader) title(id string) i18n.Text {
	title := i18n.Text{}
	if r.Questionnaire == nil {
		return title
	}
	q, ok := r.Questionnaire.Question(id)
	if !ok {
		return title
	}
	maps.Copy(title, q.Text)
	if q.Type == survey.OpenText {
		return title
	}
	for _, o := range q.Options {
		if !o.Other {
			continue
		}
		for l, text := range o.Text {
			title[l] += " – " + text
		}
	}
	return title
}
