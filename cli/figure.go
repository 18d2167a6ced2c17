package cli

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"viesti/i18n"
	"viesti/report/results"
	"viesti/survey"
)

func (p *program) results() *cobra.Command {
	var wave string
	cmd := p.command("results [QUESTION]", cobra.MaximumNArgs(1), func(ctx context.Context, args []string) error {
		q := url.Values{"wave": {wave}}
		if len(args) == 1 {
			q.Set("question", args[0])
		}
		return p.with(ctx, func(c *client) error {
			var out results.Results
			stop := p.watch(ctx, c)
			err := c.call(ctx, http.MethodGet, "/results?"+q.Encode(), nil, &out)
			stop()
			if err != nil {
				return err
			}
			return p.show(out, func() {
				if len(args) == 1 {
					p.oneQuestion(out)
				} else {
					p.allQuestions(out)
				}
				fmt.Fprintln(p.Stdout)
				p.standing(out)
			})
		})
	})
	p.waveFlag(cmd, &wave)
	return cmd
}

// allQuestions is a line for each question and row: who answered, and what is one number of it.
func (p *program) allQuestions(out results.Results) {
	if len(out.Pages) == 0 {
		return
	}
	t := p.head("question", "answered", "mean", "text")
	for _, page := range out.Pages {
		for _, q := range page.Questions {
			if len(q.Items) == 0 && q.Open != nil {
				t.row(q.ID, p.count(q.Open.Given), "", p.short(q.Text))
			}
			for _, item := range q.Items {
				id, text := q.ID, q.Text
				if item.ID != "" {
					id, text = q.ID+"."+item.ID, item.Text
				}
				t.row(id, p.count(item.Answered), p.average(q, item), p.short(text))
			}
		}
	}
	p.print(t)
}

// oneQuestion shows a question in full, and by each background after the close.
func (p *program) oneQuestion(out results.Results) {
	for _, page := range out.Pages {
		for _, q := range page.Questions {
			fmt.Fprintln(p.Stdout, q.Text.In(p.lang))
			for _, item := range q.Items {
				fmt.Fprintln(p.Stdout)
				p.item(q, item)
				for _, d := range item.Divisions {
					p.division(out, d)
				}
			}
			if q.Open != nil {
				fmt.Fprintln(p.Stdout)
				p.say("cli.results_written", i18n.Args{"n": p.count(q.Open.Given)})
			}
		}
	}
}

func (p *program) item(q results.Question, item results.Item) {
	if item.ID != "" {
		fmt.Fprintln(p.Stdout, item.Text.In(p.lang))
	}
	if item.Withheld {
		p.say("cli.results_withheld", nil)
		return
	}
	t := p.head("answer", "people", "share")
	for i, c := range item.Categories {
		t.row(c.Text.In(p.lang), p.count(item.Counts[i]), p.part(item.Counts[i], q.Base(item.Categories, item.Figures, i)))
	}
	t.row(p.t("cli.results_answered", nil), p.count(item.Answered), "")
	p.print(t)
	if s := p.average(q, item); s != "" {
		p.say("cli.results_mean", i18n.Args{"mean": s})
	}
	if item.Day != "" {
		p.say("cli.results_as_of", i18n.Args{"day": p.date(item.Day)})
	}
}

// part is what share some people are of others; a dash where it is not known.
func (p *program) part(n, of people) string {
	some, shown := n.Value()
	all, known := of.Value()
	if !shown || !known || all == 0 {
		return "–"
	}
	return i18n.Percent(p.lang, float64(some)/float64(all))
}

func (p *program) division(out results.Results, d results.Division) {
	for _, b := range out.Backgrounds {
		if b.Question != d.Background {
			continue
		}
		fmt.Fprintln(p.Stdout)
		averaged := slices.ContainsFunc(d.Rows, func(f results.Figures) bool { return f.Summary != nil })
		head := append([]string{p.short(b.Text), p.t("cli.column.answered", nil)}, p.columns(d.Categories)...)
		if averaged {
			head = append(head, p.t("cli.column.mean", nil))
		}
		t, joint := &table{}, false
		t.row(head...)
		for i, row := range d.Rows {
			cells := []string{p.short(b.Groups[i].Text), p.count(row.Answered)}
			for c, n := range row.Counts {
				cell := p.count(n)
				if row.Joint.Holds(c) {
					cell, joint = "("+p.number(row.Joint.N)+")", true
				}
				cells = append(cells, cell)
			}
			if averaged {
				cells = append(cells, cmp.Or(p.mean(row), unseen))
			}
			t.row(cells...)
		}
		p.print(t)
		if joint {
			p.say("cli.results_joint", nil)
		}
	}
}

// columns are what the columns of a division are called. What does not fit over numbers gets a letter each, and
// is said in full above the table.
func (p *program) columns(categories []results.Category) (names []string) {
	for _, c := range categories {
		names = append(names, c.Text.In(p.lang))
	}
	if len(strings.Join(names, "")) <= widest || len(names) > 'Z'-'A'+1 {
		return names
	}
	for i, name := range names {
		names[i] = string(rune('A' + i))
		fmt.Fprintln(p.Stdout, names[i]+" = "+name)
	}
	return names
}

// people are how many there are of them, where that is shown.
type people interface{ Value() (int64, bool) }

// unseen stands for a figure that is not shown.
const unseen = "·"

// count is a number of people, or a sign that there is one which is not shown.
func (p *program) count(c people) string {
	n, ok := c.Value()
	if !ok {
		return unseen
	}
	return p.number(n)
}

func (p *program) mean(f results.Figures) string {
	if f.Summary == nil {
		return ""
	}
	return i18n.Decimal(p.lang, f.Summary.Mean, 1)
}

// average is the mean of all who answered: of grades, of numbers, and of scales, which are known by another
// row's mean where this one's is not shown.
func (p *program) average(q results.Question, item results.Item) string {
	n, shown := item.Answered.Value()
	averaged := q.Type == survey.Grade || q.Type == survey.Number ||
		slices.ContainsFunc(q.Items, func(i results.Item) bool { return i.Summary != nil })
	if averaged && item.Summary == nil && (n > 0 || !shown) {
		return unseen
	}
	return p.mean(item.Figures)
}

// widest is how much of a text a column of a terminal has room for.
const widest = 48

func (p *program) short(t i18n.Text) string {
	s := []rune(strings.TrimSpace(t.In(p.lang)))
	if len(s) > widest {
		return strings.TrimSpace(string(s[:widest-1])) + "…"
	}
	return string(s)
}
