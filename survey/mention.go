package survey

import (
	"slices"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"

	"viesti/i18n"
	"viesti/internal/fault"
)

// mentions is what a condition speaks of.
type mentions struct {
	questions []*Question         // in the order of the questionnaire
	options   map[string][]string // by question id: options it is compared with
	rows      map[string][]string // by matrix id: rows it looks at
	opaque    bool                // it does more than compare: what can make it hold is not searched for
	unknown   []*fault.Fault      // options and rows that do not exist
}

// mentionsOf reads a condition that compiles.
func (q *Questionnaire) mentionsOf(sources ...string) *mentions {
	m := &mentions{options: map[string][]string{}, rows: map[string][]string{}}
	for _, source := range sources {
		if source == "" {
			continue
		}
		tree, err := parser.Parse(source)
		if err != nil {
			m.opaque = true
			continue
		}
		ast.Walk(&tree.Node, &reader{q: q, into: m})
	}
	return m
}

// reader gathers mentions from the nodes of a condition.
type reader struct {
	q    *Questionnaire
	into *mentions
}

// Visit looks at one node.
func (r *reader) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		r.question(n.Value)
	case *ast.MemberNode:
		r.row(n)
	case *ast.BinaryNode:
		r.comparison(n)
	case *ast.BuiltinNode:
		r.into.opaque = r.into.opaque || n.Name != "len"
	case *ast.PredicateNode, *ast.VariableDeclaratorNode, *ast.SliceNode:
		r.into.opaque = true
	}
}

func (r *reader) question(id string) {
	question, ok := r.q.byID[id]
	if !ok || slices.Contains(r.into.questions, question) {
		return
	}
	r.into.questions = append(r.into.questions, question)
	if question.Type == Rank || question.Type == Number || question.Type == Date || question.Type == OpenText {
		r.into.opaque = true
	}
}

// row is a look at a row of a matrix: m.trust or m["trust"].
func (r *reader) row(n *ast.MemberNode) {
	question, row := r.cell(n)
	if question == nil {
		return
	}
	if _, ok := option(r.q.rowsOf(question), row); !ok {
		r.into.unknown = append(r.into.unknown, refuse("survey.no_row", i18n.Args{"row": row, "id": question.ID}))
		return
	}
	r.into.rows[question.ID] = append(r.into.rows[question.ID], row)
}

func (r *reader) cell(n ast.Node) (*Question, string) {
	member, ok := n.(*ast.MemberNode)
	if !ok {
		return nil, ""
	}
	id, ok := member.Node.(*ast.IdentifierNode)
	row, named := member.Property.(*ast.StringNode)
	if !ok || !named {
		return nil, ""
	}
	if question := r.q.byID[id.Value]; question != nil && question.Type == Matrix {
		return question, row.Value
	}
	return nil, ""
}

// comparison is a question compared with an option, in either order: took == "yes",
// "ngo" in partners, region in ["kainuu", "lappi"], trust.row == "4".
func (r *reader) comparison(n *ast.BinaryNode) {
	for _, side := range [][2]ast.Node{{n.Left, n.Right}, {n.Right, n.Left}} {
		question := r.compared(side[0])
		if question == nil {
			continue
		}
		for _, id := range literals(side[1]) {
			r.option(question, id)
		}
	}
}

func (r *reader) compared(n ast.Node) *Question {
	if question, _ := r.cell(n); question != nil {
		return question
	}
	id, ok := n.(*ast.IdentifierNode)
	if !ok {
		return nil
	}
	question := r.q.byID[id.Value]
	if question == nil || !slices.Contains([]Type{Single, Multiple, Rank}, question.Type) {
		return nil
	}
	return question
}

func (r *reader) option(question *Question, id string) {
	if id == "" { // "nothing chosen"
		return
	}
	if _, ok := option(r.q.optionsOf(question), id); !ok {
		r.into.unknown = append(r.into.unknown, refuse("survey.no_option", i18n.Args{"option": id, "id": question.ID}))
		return
	}
	r.into.options[question.ID] = append(r.into.options[question.ID], id)
}

func literals(n ast.Node) []string {
	switch n := n.(type) {
	case *ast.StringNode:
		return []string{n.Value}
	case *ast.ArrayNode:
		var list []string
		for _, item := range n.Nodes {
			list = append(list, literals(item)...)
		}
		return list
	default:
		return nil
	}
}

// Needs are the earlier questions on whose answers it depends whether a question, or an option or a
// row of it, is asked.
func (q *Questionnaire) Needs(question *Question) []*Question {
	sources := []string{q.Pages[question.page].Relevance, question.Relevance}
	for _, o := range slices.Concat(question.Options, question.Rows) {
		sources = append(sources, o.Relevance)
	}
	list := q.mentionsOf(sources...).questions
	for _, from := range []string{question.OptionsFrom, question.RowsFrom} {
		if source, ok := q.byID[from]; ok && !slices.Contains(list, source) {
			list = append(list, source)
		}
	}
	return list
}
