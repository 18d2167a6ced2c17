package exchange

import (
	"regexp"
	"slices"
	"strings"

	"viesti/i18n"
	"viesti/survey"
)

// element is a row of the sheet survey, a group with what is in it.
type element struct {
	row    *row
	name   string
	typ    string // as XLSForm spells it today
	list   string // of choices
	filter string // choice_filter
	other  bool   // or_other
	beside *element
	rest   rest
	kids   []*element

	id      string          // of the question that it becomes
	options []survey.Option // of that question, once it is read
}

const typeGroup = "group"

var (
	beginning = regexp.MustCompile(`^begin[ _](group|repeat|loop)\b`)
	ending    = regexp.MustCompile(`^end[ _](group|repeat|loop)\b`)
	selection = regexp.MustCompile(`(?i)^(select_one|select one from|select one|select1|add select one prompt using|` +
		`select_multiple|select all that apply from|select all that apply|select multiple from|select multiple|add select multiple prompt using|` +
		`rank) +(\S+)(?: +(or_other|or other|or specify other))?$`)
	typeNames = map[string]string{
		"int": "integer", "string": "text", "photo": "image", "trigger": "acknowledge", "location": "geopoint",
		"date time": "datetime", "date_time": "datetime", "phone number": "phonenumber",
	}
)

// typed reads the cell of the type.
func (e *element) typed(cell string) {
	cell = strings.Join(strings.Fields(cell), " ")
	if m := selection.FindStringSubmatch(cell); m != nil {
		e.list, e.other = m[2], m[3] != ""
		switch kind := strings.ToLower(m[1]); {
		case kind == "rank":
			e.typ = "rank"
		case strings.Contains(kind, "multiple") || strings.Contains(kind, "all"):
			e.typ = "select_multiple"
		default:
			e.typ = "select_one"
		}
		return
	}
	lower := strings.ToLower(cell)
	if e.typ = lower; typeNames[lower] != "" {
		e.typ = typeNames[lower]
	}
}

// deepestGroup is how far groups may lie in one another.
const deepestGroup = 20

// tree reads the rows of the sheet survey. Groups that nobody ends, end with the sheet.
func (f *form) tree() []*element {
	root := &element{}
	open := []*element{root}
	for _, r := range f.survey.rows {
		cell := strings.ToLower(strings.Join(strings.Fields(r.get("type")), " "))
		inner := open[len(open)-1]
		switch {
		case isYes(r.get("disabled")):
			f.lose(r, "disabled", "exchange.disabled", i18n.Args{"name": r.get("name")})
			r.ignore()
		case cell == "":
			f.lose(r, "type", "exchange.no_row_type", i18n.Args{"name": r.get("name")})
			r.ignore()
		case ending.MatchString(cell):
			r.get("name") // people repeat it here to find their way
			r.text("label", f.own)
			if len(open) == 1 {
				f.lose(r, "type", "exchange.end", nil)
				break
			}
			open = open[:len(open)-1]
		default:
			e := f.element(r, cell)
			inner.kids = append(inner.kids, e)
			if e.typ != typeGroup {
				break
			}
			if len(open) > deepestGroup {
				f.lose(r, "type", "exchange.deep", i18n.Args{"name": e.name})
				break
			}
			open = append(open, e)
		}
	}
	f.arrange(root)
	return root.kids
}

func (f *form) element(r *row, cell string) *element {
	e := &element{row: r, name: r.get("name")}
	if own := r.get(ownColumn); own != "" && f.ours {
		var ok bool
		if e.rest, ok = restOf(own); !ok {
			f.lose(r, ownColumn, "exchange.own", i18n.Args{"column": ownColumn})
		}
	}
	m := beginning.FindStringSubmatch(cell)
	if m == nil {
		e.typed(r.get("type"))
		e.filter = r.get("choice_filter")
		return e
	}
	if e.typ = typeGroup; m[1] != "group" {
		f.lose(r, "type", "exchange.repeat", i18n.Args{"name": e.name})
	}
	return e
}

// has tells whether a word stands in the row's appearance.
func (e *element) has(appearance ...string) bool {
	return slices.ContainsFunc(strings.Fields(strings.ToLower(e.row.cells["appearance"])), func(word string) bool {
		return slices.Contains(appearance, word)
	})
}

// arrange finds the matrices and the texts beside options in a group and those within it.
func (f *form) arrange(group *element) {
	f.tables(group)
	f.asides(group)
	for _, e := range group.kids {
		if e.typ != typeGroup {
			continue
		}
		if f.arrange(e); !e.has("table-list") && e.rest.Is != isMatrix {
			continue
		}
		if e.table() {
			e.typ = isMatrix
		} else {
			f.lose(e.row, "appearance", "exchange.table", i18n.Args{"name": e.name})
		}
	}
}

// table tells whether a group can be a matrix: one list chosen from once in each row.
func (e *element) table() bool {
	return len(e.kids) > 0 && !slices.ContainsFunc(e.kids, func(k *element) bool {
		return k.typ != "select_one" || k.list != e.kids[0].list || k.other || k.beside != nil || k.filter != ""
	})
}

// tables finds matrices in the other way to write them: a question with the appearance label
// that shows the list, and after it questions without labels of their own choices.
func (f *form) tables(group *element) {
	var kids []*element
	for i := 0; i < len(group.kids); i++ {
		head := group.kids[i]
		n := 0
		for head.typ == "select_one" && head.has("label") && i+n+1 < len(group.kids) {
			next := group.kids[i+n+1]
			if next.typ != "select_one" || next.list != head.list || !next.has("list-nolabel") {
				break
			}
			n++
		}
		if n > 0 {
			head.typ, head.kids = isMatrix, group.kids[i+1:i+n+1]
			i += n
		}
		kids = append(kids, head)
	}
	group.kids = kids
}

// asides finds the texts that belong beside an option: a text that is asked right after a choice,
// when just that was chosen.
func (f *form) asides(group *element) {
	var kids []*element
	for _, e := range group.kids {
		last := &element{}
		if len(kids) > 0 {
			last = kids[len(kids)-1]
		}
		choice := last.typ == "select_one" || last.typ == "select_multiple"
		if choice && last.beside == nil && !last.other && e.typ == "text" && len(f.opensFor(e, last)) > 0 {
			last.beside = e
			continue
		}
		kids = append(kids, e)
	}
	group.kids = kids
}

// opensFor are the options of a question that open a text field, by their names.
func (f *form) opensFor(e, choice *element) []string {
	n, ok := parseXPath(e.row.cells["relevant"])
	if !ok || choice.name == "" {
		return nil
	}
	var options []string
	for _, part := range n.alternatives() {
		picked := part.op == "=" && part.args[1].op == opText || part.op == opCall && part.word == "selected" && len(part.args) == 2
		if !picked || !part.args[0].equal(ref(choice.name)) || !f.lists[choice.list].has(part.args[1].word) {
			return nil
		}
		options = append(options, part.args[1].word)
	}
	if e.rest.Is != isOther && len(options) > 1 {
		return nil
	}
	return options
}

// alternatives are the conditions of which one must hold for n to hold.
func (n node) alternatives() []node {
	if n.op != "or" {
		return []node{n}
	}
	return append(n.args[0].alternatives(), n.args[1].alternatives()...)
}
