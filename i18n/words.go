package i18n

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"
)

// One folder a language, one file a room; the file's name is the first part of its keys.
//
//go:embed fi/*.toml sv/*.toml en/*.toml
var files embed.FS

// Args fill the placeholders of a sentence: {name} becomes Args["name"]. Values are inserted as
// they are; whoever builds HTML or Slack text escapes them first.
type Args map[string]any

// entry is one key in one language: a sentence, or the forms for one and for any other number
// (CLDR: Finnish, Swedish and English have these two for whole numbers, and zero takes "other").
type entry struct {
	one, other string
	plural     bool
}

// catalogue maps language and key to words. It is read once and never changes.
var catalogue = sync.OnceValue(func() map[Lang]map[string]entry {
	all := map[Lang]map[string]entry{}
	for _, l := range Langs {
		words, err := load(files, string(l))
		if err != nil {
			panic(err) // the embedded files are read by the tests
		}
		all[l] = words
	}
	return all
})

func load(fsys fs.FS, dir string) (map[string]entry, error) {
	names, err := fs.Glob(fsys, dir+"/*.toml")
	if err != nil {
		return nil, err
	}
	words := map[string]entry{}
	for _, name := range names {
		raw, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		var tree map[string]any
		if err := toml.Unmarshal(raw, &tree); err != nil {
			return nil, fmt.Errorf("i18n: %s: %w", name, err)
		}
		room := strings.TrimSuffix(path.Base(name), ".toml")
		if err := flatten(words, room, tree); err != nil {
			return nil, fmt.Errorf("i18n: %s: %w", name, err)
		}
	}
	return words, nil
}

func flatten(words map[string]entry, prefix string, tree map[string]any) error {
	one, isOne := tree["one"].(string)
	other, isOther := tree["other"].(string)
	if isOne && isOther && len(tree) == 2 {
		words[prefix] = entry{one: one, other: other, plural: true}
		return nil
	}
	for k, v := range tree {
		key := prefix + "." + k
		switch v := v.(type) {
		case string:
			words[key] = entry{other: v}
		case map[string]any:
			if err := flatten(words, key, v); err != nil {
				return err
			}
		default:
			return fmt.Errorf("key %s is neither a sentence nor a table", key)
		}
	}
	return nil
}

// Keys are all keys of a language, sorted; the tests hold the languages against each other.
func Keys(l Lang) []string {
	keys := make([]string, 0, len(catalogue()[l]))
	for k := range catalogue()[l] {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// Has tells whether a key exists, for tables that are checked by tests.
func Has(key string) bool {
	_, ok := catalogue()[Fi][key]
	return ok
}

// T is the sentence for key in l. A plural key chooses its form by args["n"].
//
// A key that does not exist panics: the tests read every key out of the sources, so that it
// cannot come this far, and there is no falling back to the key.
func T(l Lang, key string, args Args) string {
	words, ok := catalogue()[l]
	if !ok {
		words = catalogue()[Fi]
	}
	e, ok := words[key]
	if !ok {
		panic("i18n: no words for key " + key)
	}
	form := e.other
	if e.plural && isOne(args["n"]) {
		form = e.one
	}
	return fill(l, form, args)
}

func isOne(n any) bool {
	switch n := n.(type) {
	case int:
		return n == 1
	case int64:
		return n == 1
	}
	return false
}

// fill replaces {name} by its argument; whole numbers are grouped as the language does it.
func fill(l Lang, form string, args Args) string {
	if len(args) == 0 || !strings.Contains(form, "{") {
		return form
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(form, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, after, closed := strings.Cut(rest, "}")
		if v, known := args[name]; closed && known {
			b.WriteString(show(l, v))
			form = after
			continue
		}
		b.WriteByte('{')
		form = rest
	}
}

// teller is an argument that each language writes in its own way, such as a Text.
type teller interface{ In(l Lang) string }

func show(l Lang, v any) string {
	switch v := v.(type) {
	case string:
		return v
	case teller:
		return v.In(l)
	case int:
		return Number(l, int64(v))
	case int64:
		return Number(l, v)
	default:
		return fmt.Sprint(v)
	}
}
