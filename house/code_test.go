package house

import (
	"go/ast"
	"go/doc"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// How large things may grow. A longer function says why: //nolint:funlen // why.
const (
	maxFile     = 400
	maxFunction = 60
)

var sentenceEnd = regexp.MustCompile(`[.:!?](\s|$)`)

// What a room is for, and what it is not.
func TestPackagesSayWhatTheyAre(t *testing.T) {
	comments := map[string]string{}
	for _, s := range sources(t) {
		if s.test || s.room == "main" {
			continue
		}
		comments[s.room] += "" // known, even without a comment
		if s.file.Doc == nil {
			continue
		}
		if comments[s.room] != "" {
			t.Errorf("%s: the package has a second comment", s.path)
		}
		comments[s.room] = s.file.Doc.Text()
	}
	denial := regexp.MustCompile(`(?i)\b(no|not|never|nothing|nobody|neither|nor|none|cannot|without|alone|only)\b`)
	for room, text := range comments {
		switch {
		case text == "":
			t.Errorf("%s has no package comment", room)
		case !strings.HasPrefix(new(doc.Package).Synopsis(text), "Package "):
			t.Errorf("%s: the package comment does not begin with its name", room)
		case len(sentenceEnd.FindAllString(text, -1)) < 2 || !denial.MatchString(text):
			t.Errorf("%s: the package comment says what the room is for, or what it is not, but not both", room)
		}
	}
}

func TestSizes(t *testing.T) {
	for _, s := range sources(t) {
		if lines := s.set.Position(s.file.End()).Line; lines > maxFile {
			t.Errorf("%s has %d lines; %d are the most", s.path, lines, maxFile)
		}
		for _, decl := range s.file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Body == nil {
				continue
			}
			lines := s.set.Position(f.End()).Line - s.set.Position(f.Pos()).Line + 1
			if lines > maxFunction && !s.excused(f) {
				t.Errorf("%s: %s has %d lines; %d are the most", s.at(f), f.Name.Name, lines, maxFunction)
			}
		}
	}
}

// excused tells whether a function says why it is long.
func (s source) excused(f *ast.FuncDecl) bool {
	line := s.set.Position(f.Body.Lbrace).Line
	for _, group := range s.file.Comments {
		for _, c := range group.List {
			_, why, ok := strings.Cut(c.Text, "//nolint:funlen // ")
			if ok && why != "" && s.set.Position(c.Pos()).Line == line {
				return true
			}
		}
	}
	return false
}

// forbidden are the names that rooms may not use, each with the rooms that may. Tests may, but
// where the list says otherwise.
var forbidden = []struct {
	path, name string // an import's path; a name in it, empty for any
	in         []string
	instead    string
}{
	{"time", "Now", []string{"app", "cli", "demo/"}, "take the time from a field Now"},
	{"time", "Since", []string{"app", "cli", "demo/"}, "take the time from a field Now"},
	{"time", "Until", []string{"app", "cli", "demo/"}, "take the time from a field Now"},
	{"math/rand", "", []string{"demo/"}, "take chance from a field Rand"},
	{"math/rand/v2", "", []string{"demo/", "simulation"}, "take chance from a field Rand"}, // a simulation’s begins with the caller’s seed
	{"crypto/rand", "", []string{"app", "store/bolt", "demo/"}, "take chance from a field Rand"},
	{"fmt", "Print", nil, "write to what the caller gave"},
	{"fmt", "Printf", nil, "write to what the caller gave"},
	{"fmt", "Println", nil, "write to what the caller gave"},
	{"log", "Default", nil, "log through the slog.Logger in a field"},
	{"log", "Print", nil, "log through the slog.Logger in a field"},
	{"log", "Printf", nil, "log through the slog.Logger in a field"},
	{"log", "Println", nil, "log through the slog.Logger in a field"},
	{"log", "Fatal", nil, "return an error"},
	{"log", "Fatalf", nil, "return an error"},
	{"os", "Exit", []string{"main"}, "return an error"},
	{"os", "Stdout", []string{"main"}, "write to what the caller gave"},
	{"os", "Stderr", []string{"main"}, "write to what the caller gave"},
	{"os", "Getenv", nil, "look it up through what the caller gave"},
	{"log/slog", "Default", nil, "log through the slog.Logger in a field"},
	{"log/slog", "SetDefault", nil, "log through the slog.Logger in a field"},
	{"net/http", "DefaultClient", nil, "take a client with a timeout"},
	{"net/http", "DefaultServeMux", nil, "make a mux"},
}

func TestRoomsTakeTheWorldFromOutside(t *testing.T) {
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		names := s.names()
		ast.Inspect(s.file, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			x, ok := sel.X.(*ast.Ident)
			if !ok || names[x.Name] == "" {
				return true
			}
			for _, f := range forbidden {
				if names[x.Name] == f.path && (f.name == "" || f.name == sel.Sel.Name) && !s.among(f.in) {
					t.Errorf("%s: no %s.%s here; %s", s.at(n), x.Name, sel.Sel.Name, f.instead)
				}
			}
			return true
		})
	}
}

func (s source) among(places []string) bool {
	return slices.ContainsFunc(places, func(place string) bool { return within(s.room, place) })
}

// names are the imports by the name they have in the file.
func (s source) names() map[string]string {
	names := map[string]string{}
	for i, path := range s.imports() {
		name := strings.TrimSuffix(path, "/v2")
		name = name[strings.LastIndexByte(name, '/')+1:]
		if alias := s.file.Imports[i].Name; alias != nil {
			name = alias.Name
		}
		names[name] = path
	}
	return names
}

func TestNothingRunsByItself(t *testing.T) {
	for _, s := range sources(t) {
		for _, decl := range s.file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s: no init functions; call it from where it is needed", s.at(f))
			}
		}
	}
}

// An error's text is for the log: people are told a fault's words. Putting it into a sentence's
// arguments is the way it would slip out. The command line shows cobra's words and a TOML file's
// author the parser's: both are written for them.
func TestErrorsAreNotShown(t *testing.T) {
	for _, s := range sources(t) {
		if s.test || s.room == "cli" || s.room == "internal/tomlfile" {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			lit, ok := n.(*ast.CompositeLit)
			if !ok {
				return true
			}
			typ, ok := lit.Type.(*ast.SelectorExpr)
			if !ok || typ.Sel.Name != "Args" {
				return true
			}
			ast.Inspect(lit, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				if sel, ok := call.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Error" && len(call.Args) == 0 {
					t.Errorf("%s: an error's own text goes to people", s.at(call))
				}
				return true
			})
			return false
		})
	}
}
