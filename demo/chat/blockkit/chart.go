package blockkit

import "math"

// Limits of a chart.
const (
	maxLabel      = 20
	maxAxis       = 50
	maxSeries     = 6
	maxCategories = 20
)

var charts = map[string]object{
	"pie": {fields: map[string]field{
		"segments": must(list(1, maxSeries, object{fields: map[string]field{
			"label": must(str(1, maxLabel)), "value": must(number(math.SmallestNonzeroFloat64, math.MaxFloat64)),
		}}.check)),
	}},
	"bar": axes, "line": axes, "area": axes,
}

var axes = object{fields: map[string]field{
	"series": must(list(1, maxSeries, object{fields: map[string]field{
		"name": must(str(1, maxLabel)),
		"data": must(list(1, maxCategories, object{fields: map[string]field{
			"label": must(str(1, maxLabel)), "value": must(number(-math.MaxFloat64, math.MaxFloat64)),
		}}.check)),
	}}.check)),
	"axis_config": must(object{fields: map[string]field{
		"categories": must(list(1, maxCategories, str(1, maxLabel))),
		"x_label":    may(str(0, maxAxis)), "y_label": may(str(0, maxAxis)),
	}}.check),
}, also: onePointEach}

// onePointEach wants names that differ and, in each series, one point for each category.
func onePointEach(c *checker, at string, o map[string]any) {
	config, _ := o["axis_config"].(map[string]any)
	categories := map[string]bool{}
	list, _ := config["categories"].([]any)
	for _, v := range list {
		name, _ := v.(string)
		if categories[name] {
			c.fault(at+"/axis_config/categories", "duplicate category: %s", name)
		}
		categories[name] = true
	}
	names := map[string]bool{}
	series, _ := o["series"].([]any)
	for _, v := range series {
		s, _ := v.(map[string]any)
		name, _ := s["name"].(string)
		if names[name] {
			c.fault(at+"/series", "duplicate series: %s", name)
		}
		names[name] = true
		seen := map[string]bool{}
		points, _ := s["data"].([]any)
		for _, p := range points {
			point, _ := p.(map[string]any)
			label, _ := point["label"].(string)
			if !categories[label] || seen[label] {
				c.fault(at+"/series", "label must be one of the categories, once: %s", label)
			}
			seen[label] = true
		}
		if len(points) != len(list) {
			c.fault(at+"/series", "one data point for each category is required")
		}
	}
}
