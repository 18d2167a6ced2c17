package survey

import "testing"

// everyType has a question of each type that a condition can look into.
const everyType = `id = "asked"
version = "1"
minutes = [1, 2]
title = T
intro = T
thanks = T
[scale.s]
option = [{ id = "1", text = T }, { id = "2", text = T }]
[[page]]
id = "first"
title = T
[[page.question]]
id = "c"
type = "single"
text = T
option = [{ id = "yes", text = T }, { id = "no", text = T }]
[[page.question]]
id = "b"
type = "multiple"
max = 2
text = T
option = [{ id = "x", text = T }, { id = "y", text = T }, { id = "z", text = T }]
[[page.question]]
id = "m"
type = "matrix"
scale = "s"
text = T
row = [{ id = "x", text = T }, { id = "y", text = T }]
[[page.question]]
id = "g"
type = "grade"
min = 0
max = 5
text = T
[[page.question]]
id = "n"
type = "number"
text = T
[[page.question]]
id = "p"
type = "rank"
text = T
option = [{ id = "x", text = T }, { id = "y", text = T }]
[[page.question]]
id = "d"
type = "date"
text = T
[[page]]
id = "second"
title = T
relevance = 'c == "yes"'
[[page.question]]
id = "e"
type = "single"
text = T
option = [{ id = "yes", text = T }, { id = "no", text = T }]
[[page]]
id = "third"
title = T
[[page.question]]
id = "r"
type = "text"
text = T
`

func TestConditionsThatNeverHold(t *testing.T) {
	for name, c := range map[string]struct{ condition, key string }{
		"unknown option":      {`c == "maybe"`, "survey.no_option"},
		"turned round":        {`"maybe" != c`, "survey.no_option"},
		"unknown in a list":   {`c in ["yes", "maybe"]`, "survey.no_option"},
		"unknown of many":     {`"w" in b`, "survey.no_option"},
		"unknown row":         {`m.z == "1"`, "survey.no_row"},
		"unknown cell":        {`m["x"] == "3"`, "survey.no_option"},
		"both":                {`c == "yes" && c == "no"`, "survey.unreachable"},
		"too many":            {`len(b) > 2`, "survey.unreachable"},
		"all three":           {`"x" in b && "y" in b && "z" in b`, "survey.unreachable"},
		"too high":            {`g > 5`, "survey.unreachable"},
		"row twice":           {`m.x == "1" && m.x == "2"`, "survey.unreachable"},
		"not answered":        {`c == "yes" && !answered(c)`, "survey.unreachable"},
		"on the other branch": {`e == "yes" && c == "no"`, "survey.unreachable"},
		"nothing":             {`false`, "survey.unreachable"},
	} {
		t.Run(name, func(t *testing.T) { wantFault(t, source(everyType+"relevance = '"+c.condition+"' # here\n"), c.key) })
	}
}

func TestConditionsThatMayHold(t *testing.T) {
	for _, condition := range []string{
		`c == "yes"`, `c != "yes"`, `c == ""`, `!answered(c)`, `c in ["yes", "no"]`,
		`"x" in b && "y" in b`, `len(b) == 2`, `b == []`, `any(b, # == "w")`,
		`g == 0`, `g > 4 || g < 1`, `!(g >= 0)`, `answered(g)`, `m.x == "1" && m.y == "2"`, `!answered(m)`,
		`n > 1000.5`, `d >= "2027-01-01"`, `p[0] == "x"`, `answered(p)`, `e == "yes" && "x" in b && g > 2`,
		`e == "" && c == "no"`,
	} {
		if _, err := Parse("q.toml", source(everyType+"relevance = '"+condition+"'\n")); err != nil {
			t.Errorf("%s: %v", condition, err)
		}
	}
}
