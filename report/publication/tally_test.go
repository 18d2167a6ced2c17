package publication

import (
	"math"
	"slices"
	"strconv"

	"viesti/i18n"
	"viesti/report/disclosure"
	"viesti/report/results"
	"viesti/survey"
)

func tally(options []survey.Option, answers [][]string) map[string]int64 {
	counts := map[string]int64{}
	for _, list := range answers {
		for _, id := range list {
			counts[id]++
		}
	}
	return counts
}

// merged takes a category that is too small together with the one before it.
func merged(t survey.Type, options []survey.Option, counts map[string]int64) (list []results.Category) {
	if t == survey.Multiple || t == survey.Rank {
		for _, o := range options {
			list = append(list, results.Category{ID: o.ID, Text: o.Text, Options: []string{o.ID}, DontKnow: o.DontKnow})
		}
		return list
	}
	var sizes []int64
	for _, o := range options {
		n := counts[o.ID]
		last := len(list) - 1
		if last >= 0 && !o.DontKnow && (n > 0 && n < minimum || sizes[last] > 0 && sizes[last] < minimum) {
			text := i18n.Text{}
			for l, s := range list[last].Text {
				text[l] = s + " / " + o.Text[l]
			}
			list[last].Options, list[last].Text, list[last].ID = append(list[last].Options, o.ID), text, list[last].ID+"-"+o.ID
			sizes[last] += n
			continue
		}
		list = append(list, results.Category{ID: o.ID, Text: o.Text, Options: []string{o.ID}, DontKnow: o.DontKnow})
		sizes = append(sizes, n)
	}
	return list
}

// coarse is a scale in three steps.
func coarse(t survey.Type, categories []results.Category) []results.Category {
	if t != survey.Matrix || len(categories) < 5 {
		return categories
	}
	var list []results.Category
	for i, c := range categories {
		if i == 1 || i == len(categories)-2 && categories[len(categories)-1].DontKnow {
			last := &list[len(list)-1]
			text := i18n.Text{}
			for l, s := range last.Text {
				text[l] = s + " / " + c.Text[l]
			}
			*last = results.Category{ID: last.ID + "-" + c.ID, Text: text, Options: append(slices.Clone(last.Options), c.Options...)}
			continue
		}
		list = append(list, c)
	}
	return list
}

func figures(t survey.Type, categories []results.Category, answers [][]string) (f results.Figures) {
	counts, firsts := make([]int64, len(categories)), make([]int64, len(categories))
	var values []float64
	var answered int64
	for _, list := range answers {
		if len(list) == 0 {
			continue
		}
		answered++
		for place, id := range list {
			for i, c := range categories {
				if !slices.Contains(c.Options, id) {
					continue
				}
				counts[i]++
				if place == 0 {
					firsts[i]++
				}
				if v, err := strconv.ParseFloat(id, 64); err == nil && (t == survey.Grade || t == survey.Matrix) {
					values = append(values, v)
				}
			}
		}
	}
	f.Answered = disclosure.Shown(answered)
	for i := range counts {
		f.Counts = append(f.Counts, disclosure.Shown(counts[i]))
		if t == survey.Rank {
			f.Firsts = append(f.Firsts, disclosure.Shown(firsts[i]))
		}
	}
	if len(values) >= 2*minimum {
		f.Summary = summarised(values)
	}
	return f
}

func summarised(values []float64) *results.Summary {
	slices.Sort(values)
	n, sum, squares := float64(len(values)), 0.0, 0.0
	for _, v := range values {
		sum += v
	}
	for _, v := range values {
		squares += (v - sum/n) * (v - sum/n)
	}
	tenth := func(x float64) *float64 { x = math.Round(x*10) / 10; return &x }
	half := 2 * math.Sqrt(squares/(n-1)/n)
	median := (values[(len(values)-1)/2] + values[len(values)/2]) / 2
	return &results.Summary{N: int64(n), Mean: *tenth(sum / n), Low: tenth(sum/n - half), High: tenth(sum/n + half), Median: &median}
}

// hide hides what is small, and where that is one alone, the least of the others.
func hide(lists ...[]disclosure.Count) {
	for _, counts := range lists {
		hidden, least, lowest := 0, -1, int64(math.MaxInt64)
		for i, c := range counts {
			n, _ := c.Value()
			if n > 0 && n < minimum {
				counts[i] = disclosure.Count{}
				hidden++
			} else if n < lowest {
				least, lowest = i, n
			}
		}
		if hidden == 1 && least >= 0 {
			counts[least] = disclosure.Count{}
		}
	}
}
