package i18n

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
)

var (
	// whole is the form of a key in a source, start of one that is finished at run time:
	// "cli.reason."+r.
	whole = regexp.MustCompile(`^[a-z]+(\.[a-z0-9_-]+)+$`)
	start = regexp.MustCompile(`^[a-z]+(\.[a-z0-9_-]+)*\.$`)
	// inPage is a string in a page's template.
	inPage = regexp.MustCompile("[\"`]([a-z0-9_.-]+)[\"`]")
)

// literals are the strings in the sources and page templates, each with a place where it stands.
type literals struct {
	keys   map[string]string // those that look like keys
	starts map[string]string // those that look like the starts of keys
	// words are all others by folder: where a folder has the bare start "chat.", its "title"
	// is the key "chat.title".
	words map[string]map[string]bool
}

func read(t *testing.T) literals {
	l := literals{map[string]string{}, map[string]string{}, map[string]map[string]bool{}}
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (name != ".." && strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "house"):
			return fs.SkipDir
		case filepath.Ext(name) == ".html" || filepath.Ext(name) == ".txt":
			raw, err := os.ReadFile(name)
			for _, m := range inPage.FindAllSubmatch(raw, -1) {
				l.add(name, string(m[1]), name)
			}
			return err
		case filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		return l.source(name)
	})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func (l literals) source(name string) error {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, nil, 0)
	if err != nil {
		return err
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if s, err := strconv.Unquote(lit.Value); err == nil {
				l.add(name, s, set.Position(lit.Pos()).String())
			}
		}
		return true
	})
	return nil
}

func (l literals) add(file, s, at string) {
	switch {
	case start.MatchString(s):
		l.starts[s] = at
	case whole.MatchString(s):
		l.keys[s] = at
	}
	dir := filepath.Dir(file)
	if l.words[dir] == nil {
		l.words[dir] = map[string]bool{}
	}
	l.words[dir][s] = true
}

// use tells whether something in the sources can lead to a key.
func (l literals) use(key string) bool {
	if l.keys[key] != "" {
		return true
	}
	for prefix := range l.starts {
		rest, ok := strings.CutPrefix(key, prefix)
		if ok && strings.Count(prefix, ".") > 1 {
			return true
		}
		for _, words := range l.words {
			group, _, _ := strings.Cut(rest, ".")
			if ok && words[prefix] && (words[rest] || words[group+"."]) {
				return true
			}
		}
	}
	return false
}

// configKeys are the dotted keys of the configuration, which look like words' keys.
func configKeys(t *testing.T) map[string]bool {
	raw, err := os.ReadFile("../config.toml")
	if err != nil {
		t.Fatal(err)
	}
	var tree map[string]any
	if err := toml.Unmarshal(raw, &tree); err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	var walk func(prefix string, tree map[string]any)
	walk = func(prefix string, tree map[string]any) {
		for k, v := range tree {
			keys[prefix+k] = true
			if sub, ok := v.(map[string]any); ok {
				walk(prefix+k+".", sub)
			}
		}
	}
	walk("", tree)
	return keys
}

// other strings of that form are names of files and methods of Slack's.
var other = regexp.MustCompile(`\.(csv|css|db|go|html|js|json|pdf|png|svg|toml|txt|xlsx)$|^chat\.(update|delete)$`)

func TestEveryKeyInTheSourcesHasWords(t *testing.T) {
	rooms := map[string]bool{}
	for _, key := range Keys(Fi) {
		room, _, _ := strings.Cut(key, ".")
		rooms[room] = true
	}
	config := configKeys(t)
	found := read(t)
	for key, at := range found.keys {
		room, _, _ := strings.Cut(key, ".")
		if rooms[room] && !Has(key) && !config[key] && !other.MatchString(key) {
			t.Errorf("%s: there are no words for %q", at, key)
		}
	}
	for prefix, at := range found.starts {
		room, _, _ := strings.Cut(prefix, ".")
		if rooms[room] && !begins(prefix) && !table(config, prefix) {
			t.Errorf("%s: no key begins with %q", at, prefix)
		}
	}
}

func begins(prefix string) bool {
	for _, key := range Keys(Fi) {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return false
}

func table(config map[string]bool, prefix string) bool {
	return config[strings.TrimSuffix(prefix, ".")]
}

func TestEveryKeyIsUsed(t *testing.T) {
	found := read(t)
	for _, key := range Keys(Fi) {
		if !found.use(key) {
			t.Errorf("nobody uses the words of %s", key)
		}
	}
}
