package exchange

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	xmlName    = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*$`)
	noFileName = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
)

// What pyxform, the reference for XLSForm, demands of a form: it refuses one that breaks any of
// these rules.
func TestFormsAreValid(t *testing.T) {
	for _, q := range known(t) {
		w := newWriter(q)
		if err := w.form(); err != nil {
			t.Fatal(err)
		}
		v := &validity{t: t, form: q.ID, names: map[string]bool{}, groups: map[string]bool{}, lists: map[string]bool{}}
		v.choices(w.choices.rows)
		for i, row := range w.survey.rows {
			v.row = i + 2
			v.line(row)
		}
		if v.depth != 0 {
			v.wrong("a group does not end")
		}
		for _, c := range slices.Concat(w.survey.columns, w.choices.columns, w.settings.columns) {
			if strings.Contains(c, ":") && !slices.Contains(translated, strings.Split(c, "::")[0]) {
				v.wrong("pyxform takes the head %s apart", c)
			}
		}
	}
}

type validity struct {
	t      *testing.T
	form   string
	row    int
	names  map[string]bool // of the rows so far
	groups map[string]bool
	lists  map[string]bool
	depth  int
	grid   string // the list of the table that a row is in, ? before its first row
}

func (v *validity) wrong(format string, args ...any) {
	v.t.Helper()
	v.t.Errorf("%s, row %d: "+format, append([]any{v.form, v.row}, args...)...)
}

func (v *validity) choices(rows []map[string]string) {
	seen := map[string]bool{}
	for _, row := range rows {
		list, name := row["list_name"], row["name"]
		if seen[list+" "+name] || strings.Contains(name, " ") || row["label::English (en)"] == "" {
			v.wrong("choice %s of %s comes twice, has a blank in its name or no label", name, list)
		}
		if !noFileName.MatchString(list) {
			v.wrong("the list %q looks like a file", list)
		}
		v.lists[list], seen[list+" "+name] = true, true
	}
}

func (v *validity) line(row map[string]string) {
	kind, list, _ := strings.Cut(row["type"], " ")
	name := row["name"]
	if kind == "end_group" {
		v.depth, v.grid = v.depth-1, ""
		return
	}
	if !xmlName.MatchString(name) || v.names[name] {
		v.wrong("the name %s is no XML name or comes twice", name)
	}
	v.expressions(row)
	v.names[name] = true
	switch kind {
	case "begin_group":
		v.depth++
		v.groups[name] = true
		if row["required"] != "" {
			v.wrong("a group cannot be required")
		}
		if row["appearance"] == "table-list" {
			v.grid = "?"
		}
	case "select_one", "select_multiple", "rank":
		if !v.lists[list] {
			v.wrong("there is no list %s", list)
		}
		if v.grid == "?" {
			v.grid = list
		}
		if v.grid != "" && (v.grid != list || row["choice_filter"] != "") {
			v.wrong("a table has one list and no filter")
		}
	case "range", "integer", "decimal", "date", "text", "note":
		if list != "" {
			v.wrong("a list has no place in %s", kind)
		}
	default:
		v.wrong("unknown type %s", kind)
	}
	if p := parameters(row["parameters"]); kind != "range" && len(p) > 0 && p["randomize"] != "true" {
		v.wrong("parameters %s", row["parameters"])
	}
}

// expressions refer to what is before them, and conditions not to groups.
func (v *validity) expressions(row map[string]string) {
	for key, cell := range row {
		for _, m := range reference.FindAllStringSubmatch(cell, -1) {
			if key != ownColumn && !v.names[m[1]] || v.groups[m[1]] && key == "relevant" {
				v.wrong("%s refers to %s", key, m[1])
			}
		}
	}
	for _, key := range []string{"relevant", "constraint", "choice_filter"} {
		if _, ok := parseXPath(row[key]); row[key] != "" && !ok {
			v.wrong("%s is no XPath: %s", key, row[key])
		}
	}
}
