package publication

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"viesti/i18n"
	"viesti/report"
	"viesti/report/disclosure"
	"viesti/report/results"
	"viesti/survey"
)

func word(s string) i18n.Text { return i18n.Text{i18n.Fi: s, i18n.Sv: s, i18n.En: s} }

func categories(names ...string) (list []results.Category) {
	for _, n := range names {
		list = append(list, results.Category{ID: n, Text: word(n), Options: []string{n}, DontKnow: n == "dk"})
	}
	return list
}

// counts are numbers, 0 and below standing for hidden ones.
func counts(list ...int64) (out []disclosure.Count) {
	for _, n := range list {
		if n <= 0 {
			out = append(out, disclosure.Count{})
			continue
		}
		out = append(out, disclosure.Shown(n))
	}
	return out
}

// What is hidden is not worked out for the reader: neither as a number, nor as a share, nor as a length.
// In each question 137 of the answers are hidden, which subtraction would give.
func TestHiddenLeavesNoTrace(t *testing.T) {
	whole := func(n int64, categories []results.Category, list ...int64) results.Item {
		return results.Item{Categories: categories, Figures: results.Figures{Answered: disclosure.Shown(n), Counts: counts(list...)}}
	}
	rank := whole(3000, categories("a", "b", "c"), 2500, 2000, 0)
	rank.Firsts = counts(2363, 500, 0)
	ranked := whole(3000, categories("a", "b"), 2500, 2000)
	ranked.Firsts = counts(2363, 0)
	row := whole(1137, categories("1", "2", "3", "4", "5"), 100, 200, 0, 400, 300)
	row.ID, row.Text = "r", word("row")
	for name, c := range map[string]struct {
		q     results.Question
		rects int // that are drawn on each paper
		dark  int // of them those in the colour of what is counted whole, or first
		signs int
	}{
		"single":   {results.Question{Type: survey.Single, Items: []results.Item{whole(3137, categories("a", "b", "c"), 1000, 2000, 0)}}, 2, 2, 1},
		"multiple": {results.Question{Type: survey.Multiple, Items: []results.Item{whole(3137, categories("a", "b", "c"), 0, 1000, 2000)}}, 2, 2, 1},
		"rank":     {results.Question{Type: survey.Rank, Items: []results.Item{rank}}, 4, 2, 1},
		"firsts":   {results.Question{Type: survey.Rank, Items: []results.Item{ranked}}, 3, 1, 0},
		"grade":    {results.Question{Type: survey.Grade, Min: 1, Max: 4, Items: []results.Item{whole(3137, categories("1", "2", "3", "4"), 1000, 1500, 0, 500)}}, 3, 3, 1},
		"matrix":   {results.Question{Type: survey.Matrix, Items: []results.Item{row}}, 5, 0, 1}, // the legend's
	} {
		t.Run(name, func(t *testing.T) {
			c.q.ID, c.q.Text = "q", word("question")
			r := results.Results{
				Title: word("title"), Wave: "2026", Opens: "2026-11-02", Closes: "2026-11-29", Day: "2026-12-01", Final: true, Minimum: 5, Respondents: disclosure.Shown(4000),
				Pages: []results.Page{{ID: "p", Title: word("page"), Questions: []results.Question{c.q}}},
			}
			body := write(t, r, report.Rates{})["fi.html"]
			inspect(t, "fi.html", body)
			_, section, _ := strings.Cut(body, `<h3 id="question-q">`)
			section, _, _ = strings.Cut(section, "</section>")
			for _, traced := range []string{">137<", ">4\u00a0%<", ">12\u00a0%", ">5\u00a0%<"} {
				if strings.Contains(section, traced) {
					t.Errorf("%s can be read", traced)
				}
			}
			for _, svg := range find(parse(t, section), named("svg")) {
				if n := len(find(svg, named("rect"))); n != c.rects {
					t.Errorf("%d shapes, not %d", n, c.rects)
				}
				if n := len(find(svg, func(n *html.Node) bool { return n.Data == "rect" && attr(n, "class") == "bar" })); n != c.dark {
					t.Errorf("%d dark shapes, not %d", n, c.dark)
				}
				signs := find(svg, func(n *html.Node) bool { return n.Data == "text" && text(n) == sign })
				if len(signs) != c.signs {
					t.Errorf("the sign is there %d times", len(signs))
				}
			}
			if !strings.Contains(section, `<td class="hidden"><span aria-hidden="true">..</span><span class="unseen">ei esitetä vastaajien suojaamiseksi</span></td>`) {
				t.Error("the table has no sign")
			}
		})
	}
}

// A hidden count has no place among the others that would say between which it lies.
func TestOrderOfHidden(t *testing.T) {
	item := results.Item{
		Categories: append(categories("a", "b", "dk"), categories("c", "d", "e")...),
		Figures:    results.Figures{Counts: counts(10, 0, 90, 30, 0, 20)},
	}
	if got := sorted(survey.Multiple, item); !slices.Equal(got, []int{3, 5, 0, 1, 4, 2}) {
		t.Error(got)
	}
	if got := sorted(survey.Single, item); !slices.Equal(got, []int{0, 1, 2, 3, 4, 5}) {
		t.Error(got)
	}
}

// People outcomes are told of in numbers are never few.
func TestGathered(t *testing.T) {
	list := func(numbers ...int64) (out []count) {
		for i, n := range numbers {
			out = append(out, count{string(rune('a' + i)), n})
		}
		return out
	}
	for _, c := range []struct {
		in, want []count
	}{
		{list(10, 20), list(10, 20)},
		{list(10, 0, 20), list(10, 0, 20)},
		{list(10, 3, 2), []count{{"a", 10}, {"rest", 5}}},
		{list(10, 3, 20), []count{{"c", 20}, {"rest", 13}}},
		{list(3), nil},
		{list(3, 0), []count{{"b", 0}}},
	} {
		if got := gathered(c.in, 5, "rest"); !slices.Equal(got, c.want) {
			t.Errorf("%v: %v", c.in, got)
		}
	}
}

func TestRefined(t *testing.T) {
	of := func(parts ...string) results.Item {
		var item results.Item
		for _, p := range parts {
			item.Categories = append(item.Categories, results.Category{ID: p, Text: word(p), Options: strings.Split(p, "+"), DontKnow: p == "dk"})
		}
		return item
	}
	for _, c := range []struct {
		items []results.Item
		want  string
	}{
		{[]results.Item{of("1", "2", "3")}, "1;2;3"},
		{[]results.Item{of("1+2", "3", "4"), of("1", "2", "3+4")}, "1;2;3;4"},
		{[]results.Item{of("1+2", "3", "4"), of("1+2", "3+4")}, "1,2;3;4"},
		{[]results.Item{of("1+2", "3"), of("1", "2+3")}, ""}, // 2 alone has no name
		{[]results.Item{of("1", "2"), of("2", "1")}, ""},
		{[]results.Item{of("1", "2"), {Withheld: true}}, "1;2"},
		{[]results.Item{of("1", "2"), of("1+2", "dk"), of("1", "2")}, "1;2;dk"},
	} {
		columns, ok := refined(c.items)
		if got := signature(columns); ok != (c.want != "") || ok && got != c.want {
			t.Errorf("%v: %s %v", c.items, got, ok)
		}
	}
}

// Texts of people and of organisers are texts, whatever is in them.
func TestNastyTexts(t *testing.T) {
	nasty := "<script>alert(1)</script>\x00\x07 \"'& \u202eabc مرحبا 🙂 \ufffe \xff\n=1+1"
	r := example(t)
	r.Title, r.Wave, r.Organiser = word(nasty), `20"26</style><script>`, word(nasty)
	for i := range r.Pages {
		r.Pages[i].Title = word(nasty)
		for j := range r.Pages[i].Questions {
			q := &r.Pages[i].Questions[j]
			q.Text = word(nasty)
			for k := range q.Items {
				q.Items[k].Text = word(nasty)
				for m := range q.Items[k].Categories {
					q.Items[k].Categories[m].Text = word(nasty + strings.Repeat("x", 300))
				}
			}
			if q.Open != nil {
				q.Open.Answers = []string{nasty, strings.Repeat("pitkä vastaus ", 8000), ""}
			}
		}
	}
	for name, body := range write(t, r, rates(60), i18n.Fi) {
		inspect(t, name, body)
		if strings.ContainsAny(body, "\x00\x07\ufffe") || strings.Contains(body, "\xff") {
			t.Errorf("%s has characters that no page may have", name)
		}
	}
}

// A statement of which nobody knows how many lie above the middle is neither most nor least agreed with.
func TestBlurred(t *testing.T) {
	of := func(name string, list []int64, parts ...string) results.Item {
		item := results.Item{ID: name, Text: word(name), Figures: results.Figures{Answered: disclosure.Shown(100), Counts: counts(list...)}}
		for _, p := range parts {
			item.Categories = append(item.Categories, results.Category{ID: p, Text: word(p), Options: strings.Split(p, "+")})
		}
		return item
	}
	items := []results.Item{
		of("most", []int64{40, 20, 40}, "1", "2", "3"),
		of("blurred", []int64{40, 60}, "1", "2+3"),
		of("least", []int64{60, 20, 20}, "1", "2", "3"),
	}
	w := newWriter(results.Results{Minimum: 5}, report.Rates{}, Options{}, i18n.En)
	if got := w.contrast(results.Question{Items: items}); got != "“3” is most common for “most” (40%) and least common for “least” (20%)." {
		t.Error(got)
	}
}
