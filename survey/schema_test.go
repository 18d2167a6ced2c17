package survey_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"viesti/internal/fault"
	"viesti/survey"
)

func schema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(survey.Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(survey.SchemaFile, doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(survey.SchemaFile)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// valid holds a questionnaire's source against the schema.
func valid(t testing.TB, s *jsonschema.Schema, source string) error {
	t.Helper()
	var tree map[string]any
	if err := toml.Unmarshal([]byte(source), &tree); err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(tree)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(doc)
}

// The schema knows the keys that the program reads, and explains each.
func TestSchemaHasEveryKey(t *testing.T) {
	type object struct {
		Properties map[string]struct{ Description string }
	}
	var doc struct {
		object
		Definitions map[string]object
	}
	if err := json.Unmarshal(survey.Schema(), &doc); err != nil {
		t.Fatal(err)
	}
	for name, of := range map[string]struct {
		has  object
		kind any
	}{
		"questionnaire": {doc.object, survey.Questionnaire{}}, "scale": {doc.Definitions["scale"], survey.Scale{}},
		"page": {doc.Definitions["page"], survey.Page{}}, "question": {doc.Definitions["question"], survey.Question{}},
		"option": {doc.Definitions["option"], survey.Option{}},
	} {
		want := map[string]bool{}
		for field := range reflect.TypeOf(of.kind).Fields() {
			if key := field.Tag.Get("toml"); key != "" {
				want[key] = true
			}
		}
		if got := slices.Sorted(maps.Keys(of.has.Properties)); !slices.Equal(got, slices.Sorted(maps.Keys(want))) {
			t.Errorf("%s has the keys %v, want %v", name, got, slices.Sorted(maps.Keys(want)))
		}
		for key, property := range of.has.Properties {
			if !strings.HasSuffix(property.Description, ".") && !strings.HasSuffix(property.Description, "].") {
				t.Errorf("%s.%s is not explained: %q", name, key, property.Description)
			}
		}
	}
}

// What the program takes, the schema takes.
func TestSchemaTakesQuestionnaires(t *testing.T) {
	s := schema(t)
	for _, file := range []string{
		"builtin/partnership-barometer/questionnaire.toml",
		"../server/respond/testdata/kinds/questionnaire.toml", "../server/respond/testdata/types/questionnaire.toml",
	} {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := valid(t, s, string(raw)); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
	for seed := range uint64(100) {
		if err := valid(t, s, newRound(t, seed, newMemory()).q.source()); err != nil {
			t.Errorf("VIESTI_SEED=%d: %v", seed, err)
		}
	}
	raw, ok := survey.Builtin("partnership-barometer")
	if !ok || !strings.HasPrefix(string(raw), "#:schema ./"+survey.SchemaFile+"\n") {
		t.Error("the questionnaire that init writes does not name its schema in the way that editors read")
	}
}

// A key is idle in a question of some type for the program exactly where it is for the schema.
func TestSchemaKnowsIdleKeys(t *testing.T) {
	s := schema(t)
	const text = `{ fi = "a", sv = "b", en = "c" }`
	const list = `[{ id = "a", text = ` + text + ` }, { id = "b", text = ` + text + ` }]`
	values := map[string]string{
		"option": list, "row": list, "options_from": `"many"`, "rows_from": `"many"`, "scale": `"s"`, "random": "true",
		"select": "true", "min": "1", "max": "5", "from": `"1"`, "to": `"2"`, "decimals": "1", "unit": text, "low": text,
		"high": text, "long": "true", "required": "true", "background": "true", "help": text, "definition": text,
	}
	head := `id = "x"
minutes = [1, 2]
title = T
intro = T
thanks = T
scale.s.option = L
[[page]]
id = "one"
title = T
question = [{ id = "many", type = "multiple", text = T, option = L }]
[[page]]
id = "two"
title = T
[[page.question]]
id = "q"
text = T
`
	head = strings.NewReplacer("= T", "= "+text, "= L", "= "+list).Replace(head)
	needs := map[survey.Type]string{
		survey.Single: "option", survey.Multiple: "option", survey.Rank: "option", survey.Grade: "max", survey.Matrix: "scale row",
	}
	for _, kind := range slices.Compact(slices.Sorted(slices.Values(kinds))) {
		for key, value := range values {
			keys := map[string]string{key: value}
			for _, other := range strings.Fields(needs[kind]) {
				alternative := key == "scale" || key == "options_from" || key == "rows_from"
				if !alternative || kind == survey.Matrix && (other != "row" || key != "rows_from") {
					keys[other] = values[other]
				}
			}
			source := head + fmt.Sprintf("type = %q\n", kind)
			for k, v := range keys {
				source += k + " = " + v + "\n"
			}
			idle := false
			_, err := survey.Parse("q.toml", []byte(source))
			for _, f := range fault.All(err) {
				idle = idle || f.Key == "survey.idle"
			}
			if err := valid(t, s, source); (err != nil) != idle {
				t.Errorf("%s in %s: idle %v, by the schema %v", key, kind, idle, err)
			}
		}
	}
}

func TestSchemaRefuses(t *testing.T) {
	s := schema(t)
	raw, err := os.ReadFile("../server/respond/testdata/types/questionnaire.toml")
	if err != nil {
		t.Fatal(err)
	}
	for _, slip := range [][2]string{
		{"select = true", "selekt = true"},
		{`type = "rank"`, `type = "ranking"`},
		{`sv = "Listor", `, ""},
		{`id = "weight"`, `id = "Weight"`},
		{"max = 10", "max = 21"},
		{"max = 10\n", ""},
		{"required = true", `required = "yes"`},
		{"minutes = [2, 3]", "minutes = 3"},
		{`options_from = "partners"`, "options_from = \"partners\"\nscale = \"agree\""},
		{`thanks = {`, `thank = {`},
	} {
		if !strings.Contains(string(raw), slip[0]) {
			t.Fatalf("no %q to change", slip[0])
		}
		if valid(t, s, strings.Replace(string(raw), slip[0], slip[1], 1)) == nil {
			t.Errorf("%q is taken", slip[1])
		}
	}
}
