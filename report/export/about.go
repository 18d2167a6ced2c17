package export

import (
	"slices"
	"strings"
	"time"

	"viesti/i18n"
	"viesti/report/results"
)

// sentence is something that every file says of itself, mostly with a word for what it is about.
type sentence struct{ head, text string }

func (s sentence) said() string {
	if s.head == "" {
		return s.text
	}
	return s.head + ": " + s.text
}

// about is what every file says of itself: which survey, when, and under which rule it was released.
func (a *answers) about() []sentence { return a.aboutIn(a.lang) }

func (a *answers) aboutIn(l i18n.Lang) []sentence {
	m := a.of
	head := func(key string) string { return i18n.T(l, "export.about."+key, nil) }
	cases := i18n.Number(l, int64(m.N))
	if _, shown := a.figures.Respondents.Value(); a.tables && !shown {
		cases = ""
	}
	said := []sentence{
		{head("survey"), line(m.Title.In(l))},
		{head("organiser"), line(m.Organiser.In(l))},
		{head("wave"), line(m.Wave)},
		{head("questionnaire"), strings.TrimSpace(line(m.Questionnaire + " " + m.Version))},
		{head("fieldwork"), day(l, m.Opens) + "–" + day(l, m.Closes)},
		{head("released"), day(l, m.Day)},
		{head("cases"), cases},
	}
	for _, text := range a.rule(l) {
		said = append(said, sentence{head("rule"), text})
	}
	if !a.tables {
		said = append(said, sentence{head("missing"), i18n.T(l, "export.no_answer", nil)})
	}
	said = append(said, sentence{head("tables"), i18n.T(l, "export.hidden", nil)})
	if n, shown := a.figures.Divided.Value(); shown && len(a.figures.Backgrounds) > 0 {
		said = append(said, sentence{head("tables"), i18n.T(l, "export.divided", i18n.Args{"n": n})})
	}
	return slices.DeleteFunc(said, func(s sentence) bool { return s.text == "" || s.text == "–" })
}

// rule says under which rule the cases and figures were released.
func (a *answers) rule(l i18n.Lang) []string {
	m := a.of
	var said []string
	if m.Full {
		said = append(said, i18n.T(l, "export.full", nil))
	} else {
		said = append(said, i18n.T(l, "export.rule", i18n.Args{"minimum": m.Minimum}))
	}
	if !m.Full && !a.tables {
		said = append(said, a.coarse(l)...)
	}
	if all, n, sampled := a.sampled(); sampled && !m.Full && !a.tables {
		said = append(said, i18n.T(l, "export.sample", i18n.Args{"n": n, "all": all}))
	}
	if !a.figures.Final {
		said = append(said, i18n.T(l, "export.open", nil))
	}
	if a.figures.Late {
		said = append(said, i18n.T(l, "export.late", nil))
	}
	return said
}

// sampled tells whether the cases are of some of the respondents alone: of n of all.
func (a *answers) sampled() (all, n int64, yes bool) {
	all, known := a.figures.Respondents.Value()
	n, shown := a.figures.Sample.Value()
	return all, n, known && shown && n < all
}

// coarse says what was done so that nobody can be found among the cases.
func (a *answers) coarse(l i18n.Lang) []string {
	m := a.of
	said := []string{i18n.T(l, "export.no_background", nil)}
	if slices.ContainsFunc(m.Variables, func(v results.Variable) bool { return v.Background }) {
		said = []string{i18n.T(l, "export.alike", i18n.Args{"alike": m.Anonymity})}
	}
	if len(m.Generalised) > 0 {
		said = append(said, i18n.T(l, "export.generalised", i18n.Args{"questions": a.questions(m.Generalised, l)}))
	}
	if len(m.Suppressed) > 0 {
		said = append(said, i18n.T(l, "export.suppressed", i18n.Args{"questions": a.questions(m.Suppressed, l)}))
	}
	return append(said, i18n.T(l, "export.order", nil))
}

// questions are the questions of these ids as they were asked, in quotes; where that is not known, the ids.
func (a *answers) questions(ids []string, l i18n.Lang) string {
	asked := map[string]string{}
	for _, p := range a.figures.Pages {
		for _, q := range p.Questions {
			asked[q.ID] = line(q.Text.In(l))
		}
	}
	for _, b := range a.figures.Backgrounds {
		asked[b.Question] = line(b.Text.In(l))
	}
	var list []string
	for _, id := range ids {
		if asked[id] == "" {
			list = append(list, id)
			continue
		}
		list = append(list, asked[id]+" ("+id+")")
	}
	return strings.Join(list, "; ")
}

// day is a day as people write it; one that cannot be read stays as it is.
func day(l i18n.Lang, s string) string {
	at, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return line(s)
	}
	return i18n.Date(l, at)
}
