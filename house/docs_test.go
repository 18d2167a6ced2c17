package house

import (
	"bytes"
	"context"
	"go/ast"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"

	"viesti/cli"
)

// documents are those that people read, without the log of changes.
var documents = []string{
	"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "docs/coordinators.md", "docs/exchange.md", "docs/export.md", "docs/operating.md", "docs/privacy.md", "docs/questionnaire.md", "docs/rates.md", "docs/results.md", "docs/simulation.md", "docs/slack.md",
}

func TestReadmeDrawsTheTree(t *testing.T) {
	drawn := map[string]bool{}
	var parents []string
	_, block, _ := strings.Cut(section(t, document(t, "README.md"), "## Rooms"), "```text\n")
	block, _, _ = strings.Cut(block, "```")
	for line := range strings.SplitSeq(block, "\n") {
		name, _, _ := strings.Cut(strings.TrimLeft(line, " "), " ")
		room, ok := strings.CutSuffix(name, "/")
		if !ok {
			continue
		}
		depth := (len(line) - len(strings.TrimLeft(line, " "))) / 2
		if depth > len(parents) {
			t.Fatalf("README.md: %q is too deep", line)
		}
		parents = append(parents[:depth], room)
		drawn[strings.Join(parents, "/")] = true
	}
	there := map[string]bool{}
	for room := range rooms(sources(t)) {
		for ; room != "." && room != "main"; room = path.Dir(room) {
			there[room] = true
		}
	}
	for room := range there {
		if !drawn[room] {
			t.Errorf("README.md does not draw %s/", room)
		}
	}
	for room := range drawn {
		if !there[room] {
			t.Errorf("README.md draws %s/, which is not there", room)
		}
	}
}

// commands are all commands as typed ("contacts import"), with the flags that each takes, read
// from the program's own help.
func commands(t *testing.T) map[string][]string {
	t.Helper()
	list := map[string][]string{}
	var visit func(words []string)
	visit = func(words []string) {
		help := run(t, append(slices.Clone(words), "--help")...)
		subs := listed(help, "Available Commands:")
		if len(subs) == 0 {
			for _, f := range flag.FindAllStringSubmatch(help, -1) {
				list[strings.Join(words, " ")] = append(list[strings.Join(words, " ")], f[1])
			}
		}
		for _, sub := range subs {
			if sub != "help" && sub != "completion" {
				visit(append(slices.Clone(words), sub))
			}
		}
	}
	visit(nil)
	if len(list) < 10 {
		t.Fatalf("only %d commands found", len(list))
	}
	return list
}

var flag = regexp.MustCompile(`(?m)^\s+(?:-\w, )?(--[a-z-]+)`)

// listed are the first words of the lines under a title.
func listed(help, title string) []string {
	_, block, ok := strings.Cut(help, title+"\n")
	if !ok {
		return nil
	}
	block, _, _ = strings.Cut(block, "\n\n")
	var names []string
	for line := range strings.SplitSeq(block, "\n") {
		if f := strings.Fields(line); len(f) > 0 {
			names = append(names, f[0])
		}
	}
	return names
}

func run(t *testing.T, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	status := cli.Run(context.Background(), args, cli.Env{
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out,
		Lookup: func(string) (string, bool) { return "", false },
	})
	if status != 0 {
		t.Fatalf("viesti %s: status %d\n%s", strings.Join(args, " "), status, &out)
	}
	return out.String()
}

func TestReadmeListsEveryCommand(t *testing.T) {
	said := strings.Join(flatten(tableRows(section(t, document(t, "README.md"), "## Commands"))), "\n")
	for command, flags := range commands(t) {
		cell := ""
		for _, q := range quoted(said) {
			if q == command || strings.HasPrefix(q, command+" ") {
				cell = q
			}
		}
		if cell == "" {
			t.Errorf("README.md does not list: %s", command)
			continue
		}
		for _, f := range flags {
			if !strings.Contains(cell, f) && !slices.Contains([]string{"--help", "--config", "--json", "--verbose"}, f) {
				t.Errorf("README.md does not show %s of %s", f, command)
			}
		}
	}
}

func flatten(rows [][]string) []string {
	var all []string
	for _, r := range rows {
		all = append(all, r...)
	}
	return all
}

var typed = regexp.MustCompile(`(?m)(?:^|\./|\$ |: |&& )(?:viesti|go run \.|/usr/local/bin/viesti) ([a-z][^\n#|>]*)`)

// Every command line in the documents can be typed as it stands there.
func TestDocumentsShowRealCommands(t *testing.T) {
	list := commands(t)
	for _, name := range documents {
		for _, line := range shown(document(t, name)) {
			for _, m := range typed.FindAllStringSubmatch(line, -1) {
				words := strings.Fields(m[1])
				flags, ok := list[words[0]]
				for n := 2; !ok && n <= min(len(words), 3); n++ {
					flags, ok = list[strings.Join(words[:n], " ")]
				}
				if !ok {
					t.Errorf("%s: there is no command %q", name, line)
					continue
				}
				for _, w := range words {
					w, _, _ = strings.Cut(strings.Trim(w, "[]…"), "=")
					if strings.HasPrefix(w, "--") && !slices.Contains(flags, w) {
						t.Errorf("%s: %q has no flag %s", name, line, w)
					}
				}
			}
		}
	}
}

// shown are the lines of code in a Markdown document, and what stands in backquotes.
func shown(doc string) []string {
	var lines []string
	for i, part := range strings.Split(doc, "```") {
		if i%2 == 1 {
			lines = append(lines, strings.Split(part, "\n")...)
		} else {
			lines = append(lines, quoted(part)...)
		}
	}
	return lines
}

// Each key of the sample configuration is explained, and nothing else is.
func TestEveryKeyIsExplained(t *testing.T) {
	var sample map[string]map[string]any
	if err := toml.Unmarshal([]byte(document(t, "config.toml")), &sample); err != nil {
		t.Fatal(err)
	}
	doc := document(t, "docs/operating.md")
	for table, keys := range sample {
		explained := map[string]bool{}
		for _, row := range tableRows(section(t, doc, "### ["+table+"]")) {
			for _, key := range quoted(row[0]) {
				explained[key] = true
			}
		}
		known := maps.Collect(leaves("", keys))
		for key := range known {
			if !explained[key] {
				t.Errorf("docs/operating.md does not explain %s.%s", table, key)
			}
		}
		for key := range explained {
			if !known[key] {
				t.Errorf("docs/operating.md explains %s.%s, which config.toml does not have", table, key)
			}
		}
	}
}

// leaves are the keys of a table, dotted.
func leaves(prefix string, table map[string]any) func(yield func(string, bool) bool) {
	return func(yield func(string, bool) bool) {
		for key, value := range table {
			if sub, ok := value.(map[string]any); ok {
				leaves(prefix+key+".", sub)(yield)
				continue
			}
			if !yield(prefix+key, true) {
				return
			}
		}
	}
}

var (
	reference = regexp.MustCompile(`\]\(([^)#: {]+)(#[^)]*)?\)`)
	target    = regexp.MustCompile(`(?m)^([a-z]+):`)
	ordered   = regexp.MustCompile("(?:^|[` ])make ([a-z]+)")
)

// What the documents refer to is there: files, make targets.
func TestReferencesLead(t *testing.T) {
	targets := map[string]bool{}
	for _, m := range target.FindAllStringSubmatch(document(t, "Makefile"), -1) {
		targets[m[1]] = true
	}
	for _, name := range documents {
		doc := document(t, name)
		for _, m := range reference.FindAllStringSubmatch(doc, -1) {
			if _, err := os.Stat(filepath.Join(root, path.Dir(name), m[1])); err != nil {
				t.Errorf("%s refers to %s, which is not there", name, m[1])
			}
		}
		for _, line := range shown(doc) {
			for _, m := range ordered.FindAllStringSubmatch(line, -1) {
				if !targets[m[1]] {
					t.Errorf("%s: there is no make %s", name, m[1])
				}
			}
		}
	}
}

var named = regexp.MustCompile(`^(?:Test|Fuzz|Benchmark)[A-Z]\w*$`)

// The tests that the documents name as proof exist.
func TestNamedTestsExist(t *testing.T) {
	there := map[string]bool{}
	for _, s := range sources(t) {
		for _, decl := range s.file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok {
				there[f.Name.Name] = true
			}
		}
	}
	for _, name := range documents {
		for _, word := range quoted(document(t, name)) {
			if named.MatchString(word) && !there[word] {
				t.Errorf("%s names the test %s, which is not there", name, word)
			}
		}
	}
}
