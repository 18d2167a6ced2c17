package survey

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"viesti/internal/fault"
)

// everyBranch opens every page of the Barometer and every row.
func everyBranch(q *Questionnaire) Answers {
	open := Answers{"took_national": {Value: "yes"}, "took_regional": {Value: "yes"}}
	for _, id := range []string{"national_activities", "regional_activities"} {
		for _, o := range q.byID[id].Options {
			open[id] = Answer{Choices: append(open[id].Choices, o.ID)}
		}
	}
	return open
}

func FuzzParse(f *testing.F) {
	raw, _ := Builtin("partnership-barometer")
	f.Add(string(raw))
	f.Add(head)
	f.Add(string(source(chain)))
	f.Add(strings.Replace(head, "scale = \"s\"", "rows_from = \"q\"", 1))
	f.Add("page = [{}]\n[page.question]\n")
	f.Add("[[page]]\nrelevance = '((('\n[[page.question]]\nid = 'len'\n")
	f.Add(leadsNowhere("nobody"))
	f.Add(leadsNowhere("q"))
	f.Fuzz(func(t *testing.T, raw string) {
		q, err := Parse("q.toml", []byte(raw))
		if (q == nil) != (err != nil) {
			t.Fatalf("%v and %v", q, err)
		}
		if err != nil {
			_ = err.Error()
			var faults fault.List
			if q, faults = inspect("q.toml", []byte(raw)); len(faults) == 0 {
				t.Fatalf("%v, but nothing is found wrong", err)
			}
		}
		if q != nil {
			walk(q)
		}
	})
}

// leadsNowhere takes options from a question that is not there, or from itself, and asks for one.
func leadsNowhere(from string) string {
	return "[[page]]\nid = 'a'\n[[page.question]]\nid = 'q'\ntype = 'multiple'\noptions_from = '" + from + "'\n" +
		"[[page]]\nid = 'b'\nrelevance = '\"x\" in q'\n[[page.question]]\nid = 'm'\ntype = 'matrix'\nrows_from = 'q'\n"
}

func TestFaultyReferencesAreTakenOut(t *testing.T) {
	for _, from := range []string{"nobody", "q"} {
		q, faults := inspect("q.toml", []byte(leadsNowhere(from)))
		if q == nil || len(faults) == 0 {
			t.Fatalf("%v %v", q, faults)
		}
		walk(q)
	}
}

// walk goes through a questionnaire with no answers, then with the first of everything.
func walk(q *Questionnaire) {
	answers := Answers{}
	for range 2 {
		for page := q.Next(-1, answers); page < len(q.Pages); page = q.Next(page, answers) {
			form := url.Values{}
			for _, item := range q.Items(page, answers) {
				form.Set(Field(item.ID, ""), "1")
				for _, row := range item.Rows {
					if len(item.Columns) > 0 {
						form.Set(Field(item.ID, row.ID), item.Columns[0].ID)
					}
				}
				if len(item.Columns) > 0 {
					form.Set(Field(item.ID, ""), item.Columns[0].ID)
				}
			}
			answers = Check(q.Items(page, answers), form).Apply(answers)
		}
		answers = q.Relevant(answers)
	}
}

func FuzzCheck(f *testing.F) {
	f.Add(0, "q.org_type=other&q.org_type.~other=%FF%00")
	f.Add(1, "q.grade_municipal=7&q.conditions.trust=4")
	f.Add(2, "q.partners=ngo&q.partners=ngo&q.partners.~other=%00")
	f.Add(4, "q.participation=none&q.inclusion_text=a%0D%0Ab")
	f.Add(7, "q.national_usefulness.training=5&q.national_usefulness.other=5&q.national_usefulness.x=1")
	q := barometer(f)
	open := everyBranch(q)
	f.Fuzz(func(t *testing.T, page int, body string) {
		form, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		asked := q.Items(int(uint(page)%uint(len(q.Pages))), open)
		checked := Check(asked, form)
		if len(checked.Asked)+len(checked.Faults) != len(asked) {
			t.Errorf("%d items, %d asked, %d refused", len(asked), len(checked.Asked), len(checked.Faults))
		}
		for id := range checked.Answers {
			if !slices.Contains(checked.Asked, id) {
				t.Errorf("an answer to %q, which was not asked", id)
			}
		}
		for _, item := range asked {
			sound(t, item, checked.Answers[item.ID])
		}
	})
}

// sound wants an answer that the item could have been given on its page.
func sound(t *testing.T, item Item, a Answer) {
	t.Helper()
	chosen := slices.Concat(a.Choices, slices.Collect(maps.Values(a.Rows)))
	if item.Type == Single && a.Value != "" {
		chosen = append(chosen, a.Value)
	}
	for _, id := range chosen {
		if _, ok := option(item.Columns, id); !ok {
			t.Errorf("%s has no option %q", item.ID, id)
		}
		if o, _ := option(item.Columns, id); o.Exclusive && len(a.Choices) > 1 {
			t.Errorf("%s: %q beside others: %q", item.ID, id, a.Choices)
		}
	}
	for row := range a.Rows {
		if _, ok := option(item.Rows, row); !ok {
			t.Errorf("%s has no row %q", item.ID, row)
		}
	}
	if item.Type == Multiple && item.Max > 0 && len(a.Choices) > item.Max {
		t.Errorf("%s: %d choices", item.ID, len(a.Choices))
	}
	if n, err := strconv.Atoi(a.Value); item.Type == Grade && a.Value != "" && (err != nil || n < item.Min || n > item.Max) {
		t.Errorf("%s: grade %s", item.ID, a.Value)
	}
	control := func(r rune) bool { return unicode.IsControl(r) && r != '\n' }
	if !utf8.ValidString(a.Text) || strings.ContainsFunc(a.Text, control) || utf8.RuneCountInString(a.Text) > DefaultTextMax {
		t.Errorf("%s: text %q", item.ID, a.Text)
	}
}
