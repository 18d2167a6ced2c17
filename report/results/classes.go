package results

import (
	"fmt"
	"math"
	"sort"
	"strconv"
	"time"

	"viesti/i18n"
	"viesti/survey"
)

// classes are those that numbers and days are counted in. They follow from the question alone: ones
// that followed from the answers would tell something of these, and change from release to release.
type classes struct {
	edges []float64 // where each class but the first begins
	day   string    // how a day is cut to its class; empty: numbers
	first int       // of days, the first year or month
}

// mostClasses is how many classes a range is cut into at most.
const mostClasses = 10

func classesOf(q *survey.Question) classes {
	if q.Type == survey.Date {
		return dayClasses(q)
	}
	from, errFrom := strconv.ParseFloat(q.From, 64)
	to, errTo := strconv.ParseFloat(q.To, 64)
	if errFrom == nil && errTo == nil && to > from {
		return classes{edges: evenly(from, to)}
	}
	return classes{edges: []float64{1, 5, 10, 20, 50, 100, 200, 500, 1000, 10000, 100000}}
}

// evenly are the edges of at most mostClasses classes of a round width.
func evenly(from, to float64) []float64 {
	width := math.Pow(10, math.Floor(math.Log10((to-from)/mostClasses)))
	for _, times := range []float64{1, 2, 5, 10, 20} {
		if (to-from)/(width*times) <= mostClasses {
			width *= times
			break
		}
	}
	var edges []float64
	for n := math.Floor(from/width) + 1; n*width < to || n*width == to && len(edges) == 0; n++ {
		edges = append(edges, n*width)
	}
	return edges
}

// dayClasses are months where the question allows less than two years, else years: as edges, the
// number of months since year 0.
func dayClasses(q *survey.Question) classes {
	from, errFrom := time.Parse(time.DateOnly, q.From)
	to, errTo := time.Parse(time.DateOnly, q.To)
	months := func(t time.Time) int { return t.Year()*12 + int(t.Month()) - 1 }
	if errFrom == nil && errTo == nil && months(to)-months(from) < 24 {
		c := classes{day: "2006-01"}
		for m := months(from) + 1; m <= months(to); m++ {
			c.edges = append(c.edges, float64(m))
		}
		c.first = months(from)
		return c
	}
	first, last := 1990, 2040
	if errFrom == nil {
		first = from.Year()
	}
	if errTo == nil {
		last = to.Year()
	}
	c := classes{day: "2006", first: first * 12}
	for y := first + 1; y <= last; y++ {
		c.edges = append(c.edges, float64(y*12))
	}
	return c
}

// of is the class of a value, and the value as a number; ok is false for what is none.
func (c classes) of(value string) (class int, x float64, ok bool) {
	if c.day != "" {
		day, err := time.Parse(time.DateOnly, value)
		if err != nil {
			return 0, 0, false
		}
		x = float64(day.Year()*12 + int(day.Month()) - 1)
	} else {
		var err error
		if x, err = strconv.ParseFloat(value, 64); err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			return 0, 0, false
		}
	}
	return sort.Search(len(c.edges), func(i int) bool { return c.edges[i] > x }), x, true
}

// options are the classes as options, with their words.
func (c classes) options(q *survey.Question) []survey.Option {
	list := make([]survey.Option, len(c.edges)+1)
	for i := range list {
		list[i] = survey.Option{ID: "c" + strconv.Itoa(i), Text: c.text(i, q)}
	}
	return list
}

func (c classes) text(i int, q *survey.Question) i18n.Text {
	if c.day != "" {
		return c.dayText(i)
	}
	t := i18n.Text{}
	for _, l := range i18n.Langs {
		say := func(x float64) string { return i18n.Decimal(l, x, decimals(x)) }
		switch {
		case i == 0:
			t[l] = i18n.T(l, "results.below", i18n.Args{"value": say(c.edges[0])})
		case i == len(c.edges):
			t[l] = i18n.T(l, "results.at_least", i18n.Args{"value": say(c.edges[i-1])})
		case q.Decimals == 0:
			t[l] = between(say(c.edges[i-1]), say(math.Max(c.edges[i-1], math.Ceil(c.edges[i])-1)))
		default:
			t[l] = i18n.T(l, "results.from_below", i18n.Args{"from": say(c.edges[i-1]), "to": say(c.edges[i])})
		}
	}
	return t
}

func (c classes) dayText(i int) i18n.Text {
	m := c.first
	if i > 0 {
		m = int(c.edges[i-1])
	}
	if c.day == "2006" {
		return same(strconv.Itoa(m / 12))
	}
	return same(fmt.Sprintf("%d/%d", m%12+1, m/12))
}

// decimals is how many a number needs, up to 9.
func decimals(x float64) int {
	for n := range 9 {
		if scaled := x * math.Pow10(n); math.Abs(scaled-math.Round(scaled)) < 1e-9 {
			return n
		}
	}
	return 9
}

// between is a range in the way of all three languages: 1–3.
func between(from, to string) string {
	if from == to {
		return from
	}
	return from + "–" + to
}

// same is a text that is the same in all languages.
func same(s string) i18n.Text {
	t := i18n.Text{}
	for _, l := range i18n.Langs {
		t[l] = s
	}
	return t
}
