package bolt

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"viesti/privacy"
)

// walk calls visit for every pair below a bucket, with the path of the bucket it lies in.
func walk(b *bbolt.Bucket, path []string, visit func(path []string, k, v []byte)) error {
	return b.ForEach(func(k, v []byte) error {
		if v == nil {
			return walk(b.Bucket(k), append(slices.Clone(path), string(k)), visit)
		}
		visit(path, k, v)
		return nil
	})
}

// TestDrawing compares the buckets drawn in buckets.go with those of a filled store.
func TestDrawing(t *testing.T) {
	drawn := drawing(t)
	s := openChecked(t, t.TempDir())
	fill(t, s)
	there := map[string]bool{}
	look := func(btx *bbolt.Tx) error {
		return btx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			return walk(b, []string{string(name)}, func(path []string, _, _ []byte) {
				there[drawnAs(drawn, path)] = true
			})
		})
	}
	must(t, s.db.Load().View(look))
	_, err := s.Purge(context.Background(), privacy.Order{Wave: "2027", At: march, Drafts: true})
	must(t, err)
	must(t, s.db.Load().View(look))
	got, want := slices.Sorted(maps.Keys(there)), slices.Sorted(maps.Keys(drawn))
	if !slices.Equal(got, want) {
		t.Errorf("buckets with something in them:\n got %q\nwant %q, as drawn", got, want)
	}
}

// drawing reads the paths of the buckets that are drawn with keys.
func drawing(t *testing.T) map[string]bool {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "buckets.go", nil, parser.ParseComments)
	must(t, err)
	drawn := map[string]bool{}
	for _, group := range file.Comments {
		var path []string
		for line := range strings.Lines(group.Text()) {
			branch, keys, _ := strings.Cut(strings.TrimRight(line, "\n"), "→")
			name := strings.TrimLeft(branch, "│├└─ \t")
			if name == branch && len(path) == 0 && !strings.HasPrefix(name, root) || name == "" {
				continue
			}
			depth := len([]rune(strings.TrimPrefix(branch, "\t"))) - len([]rune(name))
			path = append(path[:depth/4], strings.Fields(name)[0])
			if keys != "" {
				drawn[strings.Join(path, "/")] = true
			}
		}
		if len(drawn) > 0 {
			return drawn
		}
	}
	t.Fatal("no drawing in buckets.go")
	return nil
}

// drawnAs is the drawn path that a real one goes by: <x> stands for any name.
func drawnAs(drawn map[string]bool, path []string) string {
	for d := range drawn {
		parts := strings.Split(d, "/")
		if slices.EqualFunc(parts, path, func(p, name string) bool { return p == name || strings.HasPrefix(p, "<") }) {
			return d
		}
	}
	return strings.Join(path, "/") + " (not drawn)"
}

// TestPathsInOneFile makes sure that no other file names a bucket.
func TestPathsInOneFile(t *testing.T) {
	packages, err := parser.ParseDir(token.NewFileSet(), ".", func(f fs.FileInfo) bool { //nolint:staticcheck // no build tags here
		return f.Name() != "buckets.go" && !strings.HasSuffix(f.Name(), "_test.go")
	}, 0)
	must(t, err)
	for name, file := range packages["bolt"].Files {
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.CompositeLit); ok {
				if id, ok := lit.Type.(*ast.Ident); ok && id.Name == "bucket" {
					t.Errorf("%s makes the path of a bucket", name)
				}
			}
			return true
		})
	}
}
