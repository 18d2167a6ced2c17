package respond

import (
	"strings"

	"viesti/i18n"
	"viesti/survey"
)

// recital is a response in words: every question that concerned the respondent, with the answer.
// The pages that show one embed it.
type recital struct {
	Parts   []part
	Changes bool // each answer has a link to where it can be changed
}

// part is a page of the questionnaire.
type part struct {
	Title string
	Lines []line
}

// line is a question and what was answered.
type line struct {
	Asked  string
	Said   []string // nothing: not answered
	Ranked bool     // the order says something
	Href   string   // where it can be changed
}

// recite puts answers into words. href is where a question can be changed; nil where none can.
func (s *pages) recite(answers survey.Answers, lang i18n.Lang, href func(page int, question string) string) recital {
	r := recital{Changes: href != nil}
	for page := range s.survey.Pages {
		p := part{Title: s.survey.Page(page, answers).Title.In(lang)}
		for _, item := range s.survey.Items(page, answers) {
			if item.Type == survey.Info {
				continue
			}
			l := line{
				Asked: strings.TrimSpace(item.Text.In(lang)), Said: s.survey.InWords(item.Question, answers[item.ID], lang),
				Ranked: item.Type == survey.Rank,
			}
			if href != nil {
				l.Href = href(page, item.ID)
			}
			p.Lines = append(p.Lines, l)
		}
		if len(p.Lines) > 0 {
			r.Parts = append(r.Parts, p)
		}
	}
	return r
}
