package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const (
	module = "viesti"
	root   = ".."
)

// source is one Go file.
type source struct {
	path string // "store/bolt/tx.go"
	room string // "store/bolt"; "main" for the files at the root
	test bool   // built for tests only
	set  *token.FileSet
	file *ast.File
}

// sources reads every Go file of the module.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	set := token.NewFileSet()
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name != root && skipped(d.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		if filepath.Ext(name) != ".go" {
			return nil
		}
		file, err := parser.ParseFile(set, name, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		rel = filepath.ToSlash(rel)
		all = append(all, source{
			path: rel, room: roomOf(rel), test: strings.HasSuffix(rel, "_test.go"), set: set, file: file,
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func skipped(dir string) bool {
	return strings.HasPrefix(dir, ".") || dir == "testdata" || dir == "node_modules" || dir == "data"
}

func roomOf(file string) string {
	if dir := path.Dir(file); dir != "." {
		return dir
	}
	return "main"
}

// imports are the paths that the file imports.
func (s source) imports() []string {
	var list []string
	for _, spec := range s.file.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err == nil {
			list = append(list, p)
		}
	}
	return list
}

// at is where a node stands, as file and line.
func (s source) at(n ast.Node) string {
	return s.path + ":" + strconv.Itoa(s.set.Position(n.Pos()).Line)
}

// rooms are the folders with Go files.
func rooms(all []source) map[string]bool {
	set := map[string]bool{}
	for _, s := range all {
		set[s.room] = true
	}
	return set
}

// document reads a file of the documentation.
func document(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// section is what stands under a heading of a Markdown document, up to the next of the same or a
// higher level.
func section(t *testing.T, doc, heading string) string {
	t.Helper()
	level := strings.IndexFunc(heading, func(r rune) bool { return r != '#' })
	var lines []string
	inside, fenced := false, false
	for line := range strings.SplitSeq(doc, "\n") {
		if strings.HasPrefix(line, "```") {
			fenced = !fenced
		}
		hashes := strings.IndexFunc(line, func(r rune) bool { return r != '#' })
		switch {
		case line == heading:
			inside = true
			continue
		case inside && !fenced && hashes > 0 && hashes <= level:
			return strings.Join(lines, "\n")
		}
		if inside {
			lines = append(lines, line)
		}
	}
	if !inside {
		t.Fatalf("there is no heading %q", heading)
	}
	return strings.Join(lines, "\n")
}

// tableRows are the cells of the first table in a piece of Markdown, without its two head lines.
func tableRows(text string) [][]string {
	var rows [][]string
	for line := range strings.SplitSeq(text, "\n") {
		if !strings.HasPrefix(line, "|") {
			if len(rows) > 0 {
				break
			}
			continue
		}
		cells := strings.Split(strings.ReplaceAll(strings.Trim(line, "| "), `\|`, "\x00"), "|")
		for i, c := range cells {
			cells[i] = strings.ReplaceAll(strings.TrimSpace(c), "\x00", "|")
		}
		rows = append(rows, cells)
	}
	return rows[min(2, len(rows)):]
}

// quoted are the words of a piece of Markdown that stand in backquotes.
func quoted(text string) []string {
	var words []string
	for i, part := range strings.Split(text, "`") {
		if i%2 == 1 {
			words = append(words, part)
		}
	}
	return words
}
