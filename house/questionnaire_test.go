package house

import (
	"reflect"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"

	"viesti/survey"
)

const guide = "docs/questionnaire.md"

// pieces are the pieces of TOML in a document, one after the other.
func pieces(doc string) string {
	var all strings.Builder
	for i, part := range strings.Split(doc, "```") {
		if code, ok := strings.CutPrefix(part, "toml\n"); ok && i%2 == 1 {
			all.WriteString(code)
		}
	}
	return all.String()
}

// The questionnaire that the guide builds up piece by piece can be asked, and shows every type.
func TestGuideIsAQuestionnaire(t *testing.T) {
	doc := document(t, guide)
	q, err := survey.Parse("guide.toml", []byte(pieces(doc)))
	if err != nil {
		t.Fatal(err)
	}
	shown := map[survey.Type]bool{}
	for _, p := range q.Pages {
		for _, question := range p.Questions {
			shown[question.Type] = true
			if !strings.Contains(doc, "**"+string(question.Type)+"**") {
				t.Errorf("%s does not explain the type %s", guide, question.Type)
			}
		}
	}
	if len(shown) != 9 {
		t.Errorf("%s shows only the types %v", guide, shown)
	}
}

// Its conditions can be used over the questions before them, whoever is asked.
func TestGuideConditionsHold(t *testing.T) {
	doc := document(t, guide)
	conditions := 0
	for _, row := range tableRows(section(t, doc, "## What depends on earlier answers")) {
		for _, condition := range quoted(row[2]) {
			conditions++
			page := "[[page]]\nid = \"more\"\nrelevance = '" + condition + "'\ntitle = { fi = \"a\", sv = \"b\", en = \"c\" }\n" +
				"[[page.question]]\nid = \"more\"\ntype = \"info\"\ntext = { fi = \"a\", sv = \"b\", en = \"c\" }\n"
			if _, err := survey.Parse("guide.toml", []byte(pieces(doc)+page)); err != nil {
				t.Errorf("%s: %v", condition, err)
			}
		}
	}
	if conditions < 10 {
		t.Errorf("only %d conditions", conditions)
	}
}

// Each key is explained with an example that can be typed, and nothing else is.
func TestGuideExplainsEveryKey(t *testing.T) {
	doc := document(t, guide)
	for heading, kind := range map[string]any{
		"## The beginning": survey.Questionnaire{}, "## Scales": survey.Scale{}, "## Pages": survey.Page{},
		"## Questions": survey.Question{}, "## Options and rows": survey.Option{},
	} {
		known := map[string]bool{}
		for field := range reflect.TypeOf(kind).Fields() {
			if key := field.Tag.Get("toml"); key != "" {
				known[key] = true
			}
		}
		for _, row := range tableRows(section(t, doc, heading)) {
			if len(row) != 5 || len(quoted(row[0])) != 1 || len(quoted(row[3])) != 1 || row[4] == "" {
				t.Errorf("%s: a row is not whole: %q", heading, row)
				continue
			}
			key, example := quoted(row[0])[0], map[string]any{}
			if !known[key] {
				t.Errorf("%s: %s is not a key", heading, key)
			}
			delete(known, key)
			if err := toml.Unmarshal([]byte(quoted(row[3])[0]), &example); err != nil || example[key] == nil {
				t.Errorf("%s: %s is no example of %s: %v", heading, quoted(row[3])[0], key, err)
			}
		}
		for key := range known {
			t.Errorf("%s does not explain %s", heading, key)
		}
	}
}
