package i18n

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
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
	inPage = regexp.MustCompile("[\"`]([a-z]+(?:\\.[a-z0-9_-]+)+\\.?)[\"`]")
)

// literals are the strings in the sources and page templates that look like keys or the starts of
// keys, each with a place where it stands.
func literals(t *testing.T) (keys, starts map[string]string) {
	keys, starts = map[string]string{}, map[string]string{}
	add := func(s, at string) {
		switch {
		case whole.MatchString(s):
			keys[s] = at
		case start.MatchString(s):
			starts[s] = at
		}
	}
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (name != ".." && strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "house"):
			return fs.SkipDir
		case filepath.Ext(name) == ".html" || filepath.Ext(name) == ".txt":
			raw, err := os.ReadFile(name)
			for _, m := range inPage.FindAllSubmatch(raw, -1) {
				add(string(m[1]), name)
			}
			return err
		case filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		return inSource(name, add)
	})
	if err != nil {
		t.Fatal(err)
	}
	return keys, starts
}

func inSource(name string, add func(s, at string)) error {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, nil, 0)
	if err != nil {
		return err
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if s, err := strconv.Unquote(lit.Value); err == nil {
				add(s, set.Position(lit.Pos()).String())
			}
		}
		return true
	})
	return nil
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
	keys, starts := literals(t)
	for key, at := range keys {
		room, _, _ := strings.Cut(key, ".")
		if rooms[room] && !Has(key) && !config[key] && !other.MatchString(key) {
			t.Errorf("%s: there are no words for %q", at, key)
		}
	}
	for prefix, at := range starts {
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
	keys, starts := literals(t)
	for _, key := range Keys(Fi) {
		used := keys[key] != ""
		for prefix := range maps.Keys(starts) {
			// A bare room ("chat.") would hide everything in it.
			used = used || strings.Count(prefix, ".") > 1 && strings.HasPrefix(key, prefix)
		}
		if !used {
			t.Errorf("nobody uses the words of %s", key)
		}
	}
}
