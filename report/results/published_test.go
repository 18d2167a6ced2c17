package results

import (
	"math"
	"regexp"
	"slices"
	"strconv"

	"viesti/internal/attacker"
	"viesti/report/disclosure"
	"viesti/survey"
)

// rowCounts are people by variable and value of what was exported one by one, and by variable all
// with a value.
type rowCounts struct {
	of  map[string]map[string]int64
	all map[string]int64
}

func countRows(m Microdata) (rowCounts, error) {
	c := rowCounts{map[string]map[string]int64{}, map[string]int64{}}
	for _, v := range m.Variables {
		c.of[v.Name] = map[string]int64{}
	}
	return c, m.Rows(func(row []Value) error {
		for i, v := range m.Variables {
			if row[i].Given {
				at := slices.IndexFunc(v.Values, func(l Label) bool { return l.Code == int(row[i].Number) })
				c.of[v.Name][v.Values[at].ID]++
				c.all[v.Name]++
			}
		}
		return nil
	})
}

// aside are the figures of those whose answers are exported one by one.
func (c rowCounts) aside(q *survey.Question, item Item, out attacker.Item, known []string) *attacker.Figures {
	if len(item.Alone) == 0 {
		return nil
	}
	f := Figures{}
	n := int64(0)
	for _, category := range item.Alone {
		variable, value := name(q.ID), category.ID
		switch {
		case out.Multiple:
			variable, value = name(q.ID, category.ID), "yes"
		case item.ID != "":
			variable = name(q.ID, item.ID)
		}
		f.Counts = append(f.Counts, disclosure.Shown(c.of[variable][value]))
		n = c.all[variable]
	}
	f.Answered = disclosure.Shown(n)
	figures := figuresFor(out, f, item.Alone, known)
	return &figures
}

// published is what an attacker makes of the documents that were released, of the rows that were
// exported, and of a questionnaire. It reads nothing else.
func published(q *survey.Questionnaire, releases []Results, rows rowCounts) attacker.Publication {
	out := attacker.Publication{Minimum: 5}
	options := everyOption(q, releases)
	for _, r := range releases {
		n, _ := r.Respondents.Value()
		divided, _ := r.Divided.Value()
		release := attacker.Release{N: n, Divided: divided}
		for _, b := range r.Backgrounds {
			group := attacker.Background{Name: b.Question}
			for _, g := range b.Groups {
				group.Groups = append(group.Groups, places(options[b.Question], g.Options))
				group.N = append(group.N, number64(g.Respondents))
			}
			release.Backgrounds = append(release.Backgrounds, group)
		}
		for _, page := range q.Pages {
			for i := range page.Questions {
				release.Items = append(release.Items, itemsOf(r, &page, &page.Questions[i], options, rows)...)
			}
		}
		out.Releases = append(out.Releases, release)
	}
	return out
}

func number64(c disclosure.Count) int64 {
	if n, ok := c.Value(); ok {
		return n
	}
	return attacker.Hidden
}

func places(options, ids []string) (list []int) {
	for _, id := range ids {
		list = append(list, slices.Index(options, id))
	}
	return list
}

// everyOption are the options by item, in the order of the categories; the last stands for whatever
// was left out.
func everyOption(q *survey.Questionnaire, releases []Results) map[string][]string {
	options := map[string][]string{}
	for i := len(releases) - 1; i >= 0; i-- {
		for _, page := range q.Pages {
			for _, question := range page.Questions {
				for _, item := range releases[i].question(question.ID).Items {
					name := itemName(question.ID, item.ID)
					for _, c := range item.Categories {
						for _, id := range c.Options {
							if !slices.Contains(options[name], id) {
								options[name] = append(options[name], id)
							}
						}
					}
				}
			}
		}
	}
	for name := range options {
		options[name] = append(options[name], "left out")
	}
	return options
}

func itemName(question, row string) string {
	if row == "" {
		return question
	}
	return question + "." + row
}

func (r Results) question(id string) Question {
	for _, p := range r.Pages {
		for _, q := range p.Questions {
			if q.ID == id {
				return q
			}
		}
	}
	return Question{}
}

// plainly is a condition that the attacker understands.
var plainly = regexp.MustCompile(`^(\w+) == "(\w+)"$`)

func itemsOf(r Results, page *survey.Page, q *survey.Question, options map[string][]string, rows rowCounts) (list []attacker.Item) {
	for _, item := range r.question(q.ID).Items {
		if item.Withheld || item.Day != "" {
			continue
		}
		name := itemName(q.ID, item.ID)
		known := options[name]
		out := attacker.Item{
			Name: name, Options: len(known), Multiple: q.Type == survey.Multiple || q.Type == survey.Rank, Most: q.Max,
			Everybody: q.Required && q.Relevance == "" && page.Relevance == "",
		}
		if out.Multiple {
			out.Options--
		}
		if item.Summary != nil && q.Type != survey.Number {
			out.Values = valuesOf(q, item, known)
		}
		out.Figures = figuresFor(out, item.Figures, item.Categories, known)
		for _, d := range item.Divisions {
			division := attacker.Division{Background: slices.IndexFunc(r.Backgrounds, func(b Background) bool { return b.Question == d.Background })}
			for _, row := range d.Rows {
				division.Groups = append(division.Groups, figuresFor(out, row, d.Categories, known))
			}
			out.Divisions = append(out.Divisions, division)
		}
		if len(out.Divisions) > 0 {
			out.Aside = rows.aside(q, item, out, known)
		}
		out.From, out.Chose = led(page, q, item, options)
		list = append(list, out)
	}
	return list
}

// led is what an item was asked because of.
func led(page *survey.Page, q *survey.Question, item Item, options map[string][]string) (from string, chose []int) {
	if at := slices.Index(options[q.RowsFrom], item.ID); q.RowsFrom != "" && at >= 0 {
		return q.RowsFrom, []int{at}
	}
	for _, condition := range []string{q.Relevance, page.Relevance} {
		if m := plainly.FindStringSubmatch(condition); m != nil {
			if at := slices.Index(options[m[1]], m[2]); at >= 0 {
				return m[1], []int{at}
			}
		}
	}
	return "", nil
}

func figuresFor(item attacker.Item, f Figures, categories []Category, known []string) attacker.Figures {
	out := attacker.Figures{Answered: number64(f.Answered)}
	if item.Multiple {
		out.Counts = slices.Repeat([]int64{attacker.Hidden}, item.Options)
		for o := range item.Options {
			out.Categories = append(out.Categories, []int{o})
		}
	}
	for i, c := range categories {
		of := places(known, c.Options)
		if item.Multiple {
			out.Counts[of[0]] = number64(f.Counts[i])
			continue
		}
		out.Categories, out.Counts = append(out.Categories, of), append(out.Counts, number64(f.Counts[i]))
	}
	if s := f.Summary; s != nil && item.Values != nil {
		out.Summary = &attacker.Summary{N: s.N, Mean: s.Mean, Median: s.Median}
	}
	return out
}

// valuesOf are the options as numbers: a grade is itself, the options of a scale count from 1.
func valuesOf(q *survey.Question, item Item, known []string) []float64 {
	values := slices.Repeat([]float64{math.NaN()}, len(known))
	place := 0.0
	for _, c := range item.Categories {
		for _, id := range c.Options {
			if c.DontKnow || id == goneID {
				continue
			}
			place++
			x := place
			if q.Type == survey.Grade {
				x, _ = strconv.ParseFloat(id, 64)
			}
			values[slices.Index(known, id)] = x
		}
	}
	return values
}
