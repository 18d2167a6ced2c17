package survey

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"viesti/i18n"
	"viesti/internal/fault"
)

// source writes out a questionnaire in which T stands for a text in every language.
func source(s string) []byte {
	return []byte(strings.ReplaceAll(s, "= T", `= { fi = "a", sv = "b", en = "c" }`))
}

// lineOf is the number of the line that ends in "# here".
func lineOf(t *testing.T, raw []byte) int {
	t.Helper()
	before, _, ok := strings.Cut(string(raw), "# here")
	if !ok {
		t.Fatal("no line is marked")
	}
	return strings.Count(before, "\n") + 1
}

// wantFault parses and wants faults with this key, on the marked line, and no others.
func wantFault(t *testing.T, raw []byte, key string) {
	t.Helper()
	q, err := Parse("q.toml", raw)
	if q != nil || err == nil {
		t.Fatalf("taken; want %s", key)
	}
	all := fault.All(err)
	line := lineOf(t, raw)
	for _, f := range all {
		if f.Key != key || f.Place.Line != line || f.Place.File != "q.toml" {
			t.Fatalf("want %s on line %d alone, got\n%v", key, line, err)
		}
	}
	for _, l := range i18n.Langs {
		if said := all[0].Say(l); strings.Contains(said, "{") && !strings.Contains(said, "TOML") {
			t.Errorf("%s has a placeholder left: %s", l, said)
		}
	}
}

func TestFaultsOfAQuestion(t *testing.T) {
	const page, question = "[[page]]\nid = \"two\"\ntitle = T\n", "[[page.question]]\nid = \"r\"\ntext = T\n"
	const text = page + question + "type = \"text\"\n"
	for name, c := range map[string]struct{ more, key string }{
		"unknown id":        {text + "relevance = 'nobody == \"x\"' # here\n", "survey.nobody"},
		"forward":           {text + "relevance = 'later == \"x\"' # here\n[[page]]\nid = \"three\"\ntitle = T\n[[page.question]]\nid = \"later\"\ntype = \"text\"\ntext = T\n", "survey.later"},
		"of the same page":  {text + "[[page.question]]\nid = \"s\"\ntext = T\ntype = \"text\"\nrelevance = 'r == \"x\"' # here\n", "survey.later"},
		"page of itself":    {page + "relevance = 'r == \"x\"' # here\n" + question + "type = \"text\"\n", "survey.later"},
		"broken":            {text + "relevance = 'q ==' # here\n", "survey.relevance"},
		"text for number":   {text + "relevance = 'q + 1 > 2' # here\n", "survey.relevance"},
		"text in text":      {text + "relevance = '3 in q' # here\n", "survey.relevance"},
		"no function":       {text + "relevance = 'q()' # here\n", "survey.relevance"},
		"question twice":    {page + "[[page.question]]\nid = \"q\" # here\ntext = T\ntype = \"text\"\n", "survey.twice"},
		"page twice":        {"[[page]]\nid = \"one\" # here\ntitle = T\n" + question + "type = \"text\"\n", "survey.twice"},
		"option twice":      {page + question + "type = \"single\"\n[[page.question.option]]\nid = \"a\"\ntext = T\n[[page.question.option]]\nid = \"a\" # here\ntext = T\n", "survey.twice"},
		"bad question id":   {page + "[[page.question]]\nid = \"R 2\" # here\ntext = T\ntype = \"text\"\n", "survey.bad_id"},
		"bad option id":     {page + question + "type = \"single\"\n[[page.question.option]]\nid = \"a\"\ntext = T\n[[page.question.option]]\nid = \"B.\" # here\ntext = T\n", "survey.bad_id"},
		"no Swedish":        {page + "[[page.question]]\nid = \"r\"\ntype = \"text\"\ntext = { fi = \"a\", en = \"c\" } # here\n", "survey.text_missing"},
		"no Finnish help":   {text + "help = { sv = \"b\", en = \"c\" } # here\n", "survey.text_missing"},
		"no text at all":    {page + "[[page.question]] # here\nid = \"r\"\ntype = \"text\"\n", "survey.text_missing"},
		"in Danish":         {text + "help = { fi = \"a\", sv = \"b\", en = \"c\", da = \"d\" } # here\n", "survey.unknown_language"},
		"no such scale":     {page + question + "type = \"multiple\"\nscale = \"t\" # here\n", "survey.unknown_scale"},
		"matrix, no scale":  {page + "[[page.question]] # here\nid = \"r\"\ntext = T\ntype = \"matrix\"\nrow = [{ id = \"a\", text = T }, { id = \"b\", text = T }]\n", "survey.unknown_scale"},
		"few options":       {page + question + "type = \"single\"\noption = [{ id = \"a\", text = T }] # here\n", "survey.few_options"},
		"few rows":          {page + question + "type = \"matrix\"\nscale = \"s\"\nrow = [{ id = \"a\", text = T }] # here\n", "survey.few_options"},
		"grade below none":  {page + question + "type = \"grade\"\nmin = -1\nmax = 5 # here\n", "survey.grade_scale"},
		"grade of one":      {page + question + "type = \"grade\"\nmin = 5\nmax = 5 # here\n", "survey.grade_scale"},
		"grade too wide":    {page + question + "type = \"grade\"\nmin = 1\nmax = 21 # here\n", "survey.grade_scale"},
		"max below none":    {text + "max = -1 # here\n", "survey.negative"},
		"max does nothing":  {page + question + "type = \"number\"\nmax = 5 # here\n", "survey.idle"},
		"rows of a choice":  {page + question + "type = \"single\"\nrows_from = \"nobody\" # here\noption = [{ id = \"a\", text = T }, { id = \"b\", text = T }]\n", "survey.idle"},
		"two sources":       {page + question + "type = \"single\"\nscale = \"s\"\noption = [{ id = \"a\", text = T }, { id = \"b\", text = T }] # here\n", "survey.two_sources"},
		"options from one":  {page + question + "type = \"single\"\noptions_from = \"q\" # here\n", "survey.options_from"},
		"no number":         {page + question + "type = \"number\"\nfrom = \"low\" # here\n", "survey.bad_bound"},
		"number not plain":  {page + question + "type = \"number\"\nto = \"01\" # here\n", "survey.bad_bound"},
		"range reversed":    {page + question + "type = \"date\"\nfrom = \"2027-01-01\"\nto = \"2026-01-01\" # here\n", "survey.bad_bound"},
		"too many decimals": {page + question + "type = \"number\"\ndecimals = 10 # here\n", "survey.bad_decimals"},
		"quotes itself":     {page + "[[page.question]]\nid = \"r\"\ntype = \"text\"\ntext = { fi = \"{r}\", sv = \"{r}\", en = \"{r}\" } # here\n", "survey.quote"},
		"quotes differ":     {text + "help = { fi = \"{q}\", sv = \"?\", en = \"{q}\" } # here\n", "survey.quotes_differ"},
		"unknown type":      {page + question + "type = \"slider\" # here\n", "survey.unknown_type"},
		"unknown key":       {text + "colour = 1 # here\n", "fault.unknown_key"},
		"not TOML":          {text + "max = # here\n", "fault.toml"},
		"wrong value":       {text + "max = \"many\" # here\n", "fault.toml"},
		"option of a row":   {page + question + "type = \"single\"\noption = [{ id = \"a\", text = T }, { id = \"b\", text = T, relevance = 'r == 1' }] # here\n", "survey.later"},
		"no questions":      {"[[page]] # here\nid = \"two\"\ntitle = T\n", "survey.no_questions"},
	} {
		t.Run(name, func(t *testing.T) { wantFault(t, source(head+c.more), c.key) })
	}
}

func TestFaultsOfRowsFrom(t *testing.T) {
	const page, options = "[[page]]\nid = \"two\"\ntitle = T\n", "option = [{ id = \"a\", text = T }, { id = \"b\", text = T }]\n"
	const matrix = "[[page.question]]\nid = \"m\"\ntext = T\ntype = \"matrix\"\nscale = \"s\"\n"
	const many = "[[page.question]]\nid = \"many\"\ntext = T\ntype = \"multiple\"\n" + options
	for name, more := range map[string]string{
		"unknown":   page + matrix + "rows_from = \"nobody\" # here\n",
		"not many":  page + matrix + "rows_from = \"q\" # here\n",
		"same page": page + many + matrix + "rows_from = \"many\" # here\n",
		"later":     page + matrix + "rows_from = \"many\" # here\n[[page]]\nid = \"three\"\ntitle = T\n" + many,
		"itself":    page + matrix + "rows_from = \"m\" # here\n",
	} {
		t.Run(name, func(t *testing.T) { wantFault(t, source(head+more), "survey.rows_from") })
	}
}

func TestFaultsOfTheWhole(t *testing.T) {
	for name, c := range map[string]struct{ old, now, key string }{
		"minutes":   {"minutes = [1, 2]", "minutes = [3, 2] # here", "survey.minutes"},
		"no intro":  {`intro = { fi = "a", sv = "b", en = "c" }`, `intro = { fi = "a", sv = "b", en = "" } # here`, "survey.text_missing"},
		"continues": {`id = "one"`, "id = \"one\"\ncontinues = true # here", "survey.continues_nothing"},
		"page id":   {`id = "one"`, `id = "One" # here`, "survey.bad_id"},
		"scale": {
			`, { id = "2", text = { fi = "a", sv = "b", en = "c" } }]`, `] # here`, "survey.few_options",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(head, c.old) {
				t.Fatalf("no %q to change", c.old)
			}
			wantFault(t, []byte(strings.Replace(head, c.old, c.now, 1)), c.key)
		})
	}
}

func TestAllFaultsAreToldTogether(t *testing.T) {
	_, err := Parse("q.toml", []byte("colour = 1\nminutes = [2, 1]\n"))
	var keys []string
	for _, f := range fault.All(err) {
		keys = append(keys, f.Key)
	}
	for _, want := range []string{"fault.unknown_key", "survey.minutes", "survey.bad_id", "survey.no_pages", "survey.text_missing"} {
		if !slices.Contains(keys, want) {
			t.Errorf("no %s in %v", want, keys)
		}
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, FileName), []byte(head), 0o600); err != nil {
		t.Fatal(err)
	}
	if q, err := Load(dir); err != nil || q.ID != "x" {
		t.Errorf("of a folder: %v", err)
	}
	_, err := Load(filepath.Join(dir, "nowhere"))
	if f := fault.Of(err); f.Key != "survey.no_questionnaire" || f.Kind != fault.NotFound || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("of nowhere: %v", err)
	}
	if err := os.Mkdir(filepath.Join(dir, "odd"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "odd", FileName), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err = Load(filepath.Join(dir, "odd")); fault.Of(err).Key != "survey.unreadable" {
		t.Errorf("of what is no file: %v", err)
	}
}

func TestBuiltinIsWhole(t *testing.T) {
	q := barometer(t)
	whole := func(where string, texts ...i18n.Text) {
		for _, text := range texts {
			if !text.Complete() {
				t.Errorf("%s: a language is missing in %v", where, text)
			}
		}
	}
	options := func(where string, list []Option) {
		for _, o := range list {
			whole(where+"."+o.ID, o.Text)
		}
	}
	whole("questionnaire", q.Title, q.Intro, q.Thanks)
	for name, scale := range q.Scales {
		options(name, scale.Options)
	}
	for _, p := range q.Pages {
		whole(p.ID, p.Title)
		for i := range p.Questions {
			question := &p.Questions[i]
			whole(question.ID, question.Text)
			options(question.ID, question.Options)
			options(question.ID, question.Rows)
			if found, ok := q.Question(question.ID); !ok || found != question {
				t.Errorf("%s is not found by its id", question.ID)
			}
		}
	}
	if _, ok := q.Question("nobody"); ok {
		t.Error("a question that is not there was found")
	}
}
