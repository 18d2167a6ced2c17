// Package tomlfile reads TOML files strictly and remembers the line of each key, so that a fault
// found long after parsing (an unknown id, dates that cross) can still name its line.
//
// It does not know what the files mean.
package tomlfile

import (
	"bytes"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"viesti/i18n"
	"viesti/internal/fault"
)

// File is a parsed file: its name and where its keys stand.
type File struct {
	Name  string
	lines map[string]int
	local map[string]bool // of each key that has a date or a time without an offset
}

// Decode reads raw into dest, refusing keys that dest does not have. All unknown keys are
// reported together as a fault.List, each with its line, and the rest is in dest; a syntax error
// is reported alone, as a *fault.Fault.
func Decode(name string, raw []byte, dest any) (File, error) {
	f := File{Name: name}
	f.lines, f.local = index(raw)
	dec := toml.NewDecoder(bytes.NewReader(raw)).DisallowUnknownFields()
	err := dec.Decode(dest)
	if err == nil {
		return f, nil
	}
	var strict *toml.StrictMissingError
	if errors.As(err, &strict) {
		var list fault.List
		for _, e := range strict.Errors {
			row, _ := e.Position()
			key := strings.Join(e.Key(), ".")
			list = append(list, fault.New(fault.Invalid, "fault.unknown_key", i18n.Args{"key": key}).
				At(fault.Place{File: name, Line: row, Field: f.counted(key, row)}))
		}
		return f, list
	}
	return f, f.syntax(err)
}

// counted is the path of a key on a line, with the elements of arrays of tables counted as in Place.
func (f File) counted(key string, line int) string {
	for path, at := range f.lines {
		if at == line && element.ReplaceAllString(path, "") == key {
			return path
		}
	}
	return key
}

var element = regexp.MustCompile(`\.\d+\b`)

func (f File) syntax(err error) error {
	var de *toml.DecodeError
	if errors.As(err, &de) {
		row, _ := de.Position()
		detail := strings.TrimPrefix(de.Error(), "toml: ")
		return fault.Wrap(err, fault.Invalid, "fault.toml", i18n.Args{"detail": detail}).
			At(fault.Place{File: f.Name, Line: row, Field: strings.Join(de.Key(), ".")})
	}
	return fault.Wrap(err, fault.Invalid, "fault.toml", i18n.Args{"detail": err.Error()}).
		At(fault.Place{File: f.Name})
}

// Place is where path stands: the line of the key, or of the nearest table above it. Elements of
// arrays of tables are counted from 0: "page.2.question.0.id".
func (f File) Place(path string) fault.Place {
	p := fault.Place{File: f.Name, Field: path}
	for at := path; at != ""; {
		if line, ok := f.lines[at]; ok {
			p.Line = line
			break
		}
		dot := strings.LastIndexByte(at, '.')
		if dot < 0 {
			break
		}
		at = at[:dot]
	}
	return p
}

// Local tells whether a key has a date or a time without an offset. Read into a time.Time it is a
// moment by the clock of the machine.
func (f File) Local(path string) bool { return f.local[path] }

// index maps the path of every key and table to its line, and says which keys have a time without an
// offset. It stops quietly where the syntax is broken: Decode reports that.
func index(raw []byte) (lines map[string]int, local map[string]bool) {
	lines, local = map[string]int{}, map[string]bool{}
	count := map[string]int{} // elements so far of each array of tables
	var p unstable.Parser
	p.Reset(raw)
	table := ""
	for p.NextExpression() {
		n := p.Expression()
		switch n.Kind {
		case unstable.Table, unstable.ArrayTable:
			keys, line := keyOf(&p, n)
			table = resolve(keys, count, n.Kind == unstable.ArrayTable)
			lines[table] = line
		case unstable.KeyValue:
			keys, line := keyOf(&p, n)
			path := strings.Join(keys, ".")
			if table != "" {
				path = table + "." + path
			}
			lines[path] = line
			switch n.Value().Kind {
			case unstable.LocalDateTime, unstable.LocalDate, unstable.LocalTime:
				local[path] = true
			default:
			}
		}
	}
	return lines, local
}

// keyOf is the dotted key of a node and its line.
func keyOf(p *unstable.Parser, n *unstable.Node) (keys []string, line int) {
	it := n.Key()
	for it.Next() {
		k := it.Node()
		if line == 0 {
			line = p.Shape(k.Raw).Start.Line
		}
		keys = append(keys, string(k.Data))
	}
	return keys, line
}

// resolve turns the header of a table into its path, naming the current element of each array
// of tables on the way; a new element is begun when the header itself is one.
func resolve(keys []string, count map[string]int, begin bool) string {
	path := ""
	for i, k := range keys {
		if path != "" {
			path += "."
		}
		path += k
		if last := i == len(keys)-1; last && begin {
			count[path]++
		}
		if n, ok := count[path]; ok {
			path += "." + strconv.Itoa(n-1)
		}
	}
	return path
}
