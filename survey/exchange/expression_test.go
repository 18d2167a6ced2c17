package exchange

import (
	"strings"
	"testing"

	"viesti/survey"
)

// The questions that the conditions of these tests speak of.
var asked = map[string]called{
	"took":     {name: "took", kind: survey.Single},
	"partners": {name: "partners", kind: survey.Multiple},
	"weight":   {name: "weight", kind: survey.Rank},
	"level":    {name: "level", kind: survey.Grade},
	"years":    {name: "years", kind: survey.Number},
	"since":    {name: "since", kind: survey.Date},
	"why":      {name: "why", kind: survey.OpenText},
	"ways":     {name: "ways", kind: survey.Matrix, rows: map[string]string{"trust": "ways_trust", "a-b": "ways_a-b"}},
	"read":     {name: "read", kind: survey.Info},
}

var answers = map[string]subject{
	"took":       {code: "took", kind: isChoice, ids: map[string]string{"yes": "yes", "no": "no", "1": "1", "2": "2", "10": "10", "Other": "other"}},
	"partners":   {code: "partners", kind: isList, ids: map[string]string{"Town": "town"}},
	"weight":     {code: "weight", kind: isList},
	"level":      {code: "level", kind: isNumber},
	"years":      {code: "years", kind: isNumber},
	"since":      {code: "since", kind: isDay},
	"why":        {code: "why", kind: isText},
	"ways_trust": {code: "ways.trust", kind: isChoice},
	"ways_a-b":   {code: `ways["a-b"]`, kind: isChoice},
	"M_1":        {code: "partners", kind: isMember, id: "town"},
	"Q1":         {code: "took", kind: isChoice, ids: map[string]string{"A1": "a1"}},
	"N1":         {code: "years", kind: isNumber},
}

func findCalled(id string) (called, bool)     { c, ok := asked[id]; return c, ok }
func findSubject(name string) (subject, bool) { s, ok := answers[name]; return s, ok }

// Ours, as XPath, and what comes back: the same, where nothing else is said.
var thereAndBack = []struct{ ours, xpath, back string }{
	{`took == "yes"`, `${took} = 'yes'`, ""},
	{`took != "yes" && level >= 8`, `${took} != 'yes' and ${level} >= 8`, ""},
	{`took == "yes" or took == "no"`, `${took} = 'yes' or ${took} = 'no'`, `took == "yes" || took == "no"`},
	{`(took == "yes" || level > 3) && years < 2.5`, `(${took} = 'yes' or ${level} > 3) and ${years} < 2.5`, ""},
	{`took in ["yes", "no"]`, `${took} = 'yes' or ${took} = 'no'`, `took == "yes" || took == "no"`},
	{`took not in ["yes", "no"]`, `not(${took} = 'yes' or ${took} = 'no')`, `!(took == "yes" || took == "no")`},
	{`"town" in partners`, `selected(${partners}, 'town')`, ""},
	{`"town" not in partners`, `not(selected(${partners}, 'town'))`, ""},
	{`!(took == "yes")`, `not(${took} = 'yes')`, `took != "yes"`},
	{`len(partners) > 2`, `count-selected(${partners}) > 2`, ""},
	{`answered(partners)`, `${partners} != ''`, ""},
	{`!answered(level)`, `not(${level} != '')`, ""},
	{`answered(took)`, `${took} != ''`, `took != ""`},
	{`answered(ways)`, `${ways_a-b} != '' or ${ways_trust} != ''`, `ways["a-b"] != "" || ways.trust != ""`},
	{`ways.trust == "4"`, `${ways_trust} = '4'`, ""},
	{`ways["a-b"] == "dk"`, `${ways_a-b} = 'dk'`, ""},
	{`"trust" in ways`, `${ways_trust} != ''`, `ways.trust != ""`},
	{`since >= "2020-01-01"`, `${since} >= date('2020-01-01')`, ""},
	{`since < "2020-01-01"`, `${since} = '' or ${since} < date('2020-01-01')`, `since == "" || since != "" && since < "2020-01-01"`},
	{`len(why) > 10`, `string-length(${why}) > 10`, ""},
	{`why contains "it's"`, `contains(${why}, "it's")`, ""},
	{`why startsWith "a"`, `starts-with(${why}, 'a')`, ""},
	{`level + years * 2 > 10`, `${level} + ${years} * 2 > 10`, ""},
	{`level - (years - 1) > 10`, `${level} - (${years} - 1) > 10`, ""},
	{`years > -1`, `${years} > -1`, ""},
	{
		`len(weight) > 0 && weight[0] == "town"`, `count-selected(${weight}) > 0 and selected-at(${weight}, 0) = 'town'`,
		`len(weight) > 0 && (len(weight) > 0 ? weight[0] : "") == "town"`,
	},
	{`level > 5 ? took == "yes" : took == "no"`, `if(${level} > 5, ${took} = 'yes', ${took} = 'no')`, ""},
	{`true`, `true()`, ""},
	// What XPath has no counterpart for.
	{`all(partners, # != "town")`, "", ""},
	{`partners == ["town"]`, "", ""},
	{`why matches "^a"`, "", ""},
	{`years in 1..3`, "", ""},
	{`why == "both ' and \""`, "", ""},
	{`took < "b"`, "", ""},
	{`answered(read)`, "", ""},
	{`len(ways) > 1`, "", ""},
	{`unknown == 1`, "", ""},
	{`let x = 1; x == 1`, "", ""},
}

func TestConditionsThereAndBack(t *testing.T) {
	for _, c := range thereAndBack {
		n, ok := fromExpr(c.ours, findCalled)
		if ok != (c.xpath != "") || ok && n.xpath() != c.xpath {
			t.Errorf("%s: %t %s, want %s", c.ours, ok, n.xpath(), c.xpath)
			continue
		}
		if !ok {
			continue
		}
		read, ok := parseXPath(c.xpath)
		if !ok || !read.equal(n) {
			t.Errorf("%s was read as %s", c.xpath, read.xpath())
			continue
		}
		if c.back == "" {
			c.back = c.ours
		}
		if back, ok := toExpr(read, findSubject); !ok || back != c.back {
			t.Errorf("%s came back as %s, want %s", c.ours, back, c.back)
		}
	}
}

// What others write and we do not.
func TestConditionsOfOthers(t *testing.T) {
	for xpath, want := range map[string]string{
		`${took}=1`:                               `took == "1"`,
		`${took} > 1`:                             `took in ["10", "2"]`,
		`${took} >= '2'`:                          `took in ["10", "2"]`,
		`2 > ${took}`:                             `took in ["1"]`,
		`${took} > 99`:                            `false`,
		`${took} = 'Other'`:                       `took == "other"`,
		`selected(${took}, 'yes')`:                `took == "yes"`,
		`not(selected(${took},"yes"))`:            `took != "yes"`,
		`selected(${partners}, 'Town')`:           `"town" in partners`,
		`${partners} = 'Town'`:                    `"town" in partners && len(partners) == 1`,
		`${partners} != 'Town'`:                   `!("town" in partners && len(partners) == 1)`,
		`string-length(${partners}) > 0`:          `len(partners) > 0`,
		`${years} = '5'`:                          `years == 5`,
		`${years} > .5`:                           `years > 0.5`,
		`${years} != ''`:                          `answered(years)`,
		`not(${years} = '')`:                      `answered(years)`,
		`${why} = ‘x’`:                            `why == "x"`,
		`number(${took}) = 2`:                     `took == "2"`,
		`${since} <= '2020-02-29'`:                `since != "" && since <= "2020-02-29"`,
		`(((${took} = 'yes')))`:                   `took == "yes"`,
		`${took} = 'yes' and not(${level} < 3)`:   `took == "yes" && !(level < 3)`,
		`true() or false()`:                       `true || false`,
		`string-length(${partners}) > 3`:          "",
		`${since} > today()`:                      "",
		`${since} <= '2020-02-30'`:                "",
		`regex(${why}, '^[a-z]+$')`:               "",
		`${nowhere} = 1`:                          "",
		`../took = 'yes'`:                         "",
		`/data/took = 'yes'`:                      "",
		`${why} > 5`:                              "",
		`${years} = 'inf'`:                        "",
		`${years}`:                                "",
		`${took} = 'yes' ${took}`:                 "",
		`${took} = `:                              "",
		`(${took} = 'yes'`:                        "",
		`jr:choice-name(${took}, '${took}') = ''`: "",
		``:                             "",
		strings.Repeat("(", 100) + "1": "",
		strings.Repeat("not(", 100) + "true()" + strings.Repeat(")", 100): "",
	} {
		n, ok := parseXPath(xpath)
		got := ""
		if ok {
			if got, ok = toExpr(n, findSubject); !ok {
				got = ""
			}
		}
		if got != want {
			t.Errorf("%s: %s, want %s", xpath, got, want)
		}
	}
}

func TestExpressionScript(t *testing.T) {
	for script, want := range map[string]string{
		`Q1.NAOK == "A1"`:     `took == "a1"`,
		`((Q1.NAOK == "A1"))`: `took == "a1"`,
		`{Q1.NAOK eq 'A1'}`:   `took == "a1"`,
		`!is_empty(N1.NAOK)`:  `answered(years)`,
		`is_empty(N1)`:        `!answered(years)`,
		`M_1.NAOK == "Y"`:     `"town" in partners`,
		`M_1 != 'Y'`:          `"town" not in partners`,
		`is_empty(M_1.NAOK)`:  `"town" not in partners`,
		`Q1.NAOK == "A1" && N1.NAOK > 3 || M_1.NAOK ne ""`: `took == "a1" && years > 3 || "town" in partners`,
		`Q1.NAOK == "A1" and N1.NAOK ge 3`:                 `took == "a1" && years >= 3`,
		`!(Q1.NAOK == "A1")`:                               `took != "a1"`,
		`Q1.shown == "Yes"`:                                "",
		`count(M_1, Q1) > 1`:                               "",
		`regexMatch('/a/', Q1)`:                            "",
		`Q1 = "A1"`:                                        `took == "a1"`,
		`Q1 == "a\"b"`:                                     "",
		``:                                                 "",
	} {
		n, ok := parseScript(script)
		got := ""
		if ok {
			if got, ok = toExpr(n, findSubject); !ok {
				got = ""
			}
		}
		if got != want {
			t.Errorf("%s: %s, want %s", script, got, want)
		}
	}
}

func FuzzXPath(f *testing.F) {
	for _, s := range []string{`${a} = 'x' and not(selected(${b}, "y"))`, `. >= 1 and . <= 2.5`, `-(-1) div 2 mod 3`, `if(a, b, c)`, "‘"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, ok := parseXPath(s)
		if !ok {
			return
		}
		again, ok := parseXPath(n.xpath())
		if !ok || !again.equal(n) {
			t.Fatalf("%q was written as %q and read as %q", s, n.xpath(), again.xpath())
		}
		toExpr(n, findSubject)
		n.forChoice(func(c string) (string, bool) { return c, len(c)%2 == 0 })
	})
}

func FuzzScript(f *testing.F) {
	f.Add(`!is_empty(Q1.NAOK) && (M_1 == "Y" or N1 gt 3)`)
	f.Fuzz(func(_ *testing.T, s string) {
		if n, ok := parseScript(s); ok {
			toExpr(n, findSubject)
		}
	})
}
