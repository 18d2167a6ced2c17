package respond

import (
	"html/template"
	"net/url"
	"sync"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/server"
	"viesti/survey"
)

// Sheet is a page of a questionnaire outside of a survey, as its author looks at it: what
// respondents would see, and beside it what there is to mend.
type Sheet struct {
	Questionnaire *survey.Questionnaire
	Page          int
	Lang          i18n.Lang
	Answers       survey.Answers
	Whole         bool                // all questions, options and rows, whomever they concern
	Marks         map[string][]string // by question id, "" for the page

	Faults map[string]*fault.Fault // what was refused of Form
	Form   url.Values
}

// Items are the questions on the sheet.
func (s Sheet) Items() []survey.Item {
	if s.Whole {
		_, items := s.Questionnaire.Whole(s.Page)
		return items
	}
	return s.Questionnaire.Items(s.Page, s.Answers)
}

// sheetTemplate is read once: an author opens many sheets at a time.
var sheetTemplate = sync.OnceValues(func() (*template.Template, error) {
	return server.Template(files, "pages/question.html", "pages/marks.html")
})

// Draw makes the sheet by the templates of the survey's own pages.
func (s Sheet) Draw() ([]byte, error) {
	t, err := sheetTemplate()
	if err != nil {
		return nil, err
	}
	p := &pages{survey: s.Questionnaire}
	v := p.questionView(moment{
		page: s.Page, lang: s.Lang, items: s.Items(), answers: s.Answers, whole: s.Whole,
		marks: s.Marks, faults: s.Faults, form: s.Form,
	})
	if s.Whole {
		v.First, v.Last = s.Page == 0, s.Page == len(s.Questionnaire.Pages)-1
	}
	return server.Fill(t, v)
}
