package survey

import (
	"embed"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/internal/tomlfile"
)

//go:embed builtin
var builtin embed.FS

// FileName is the file of a questionnaire in its folder.
const FileName = "questionnaire.toml"

// Load reads a questionnaire from a folder, or a built-in one by its name; a folder of that
// name goes first. The error lists every fault with its line.
func Load(name string) (*Questionnaire, error) {
	file, raw, err := find(name)
	if err != nil {
		return nil, err
	}
	return Parse(file, raw)
}

// Inspect reads a questionnaire for its author: what could be read of it, and every fault. With
// faults it is for showing only: what is wrong in it is left out, so that it can be walked through
// all the same. It is nil when the file cannot be read as a questionnaire at all.
func Inspect(name string) (*Questionnaire, fault.List) {
	file, raw, err := find(name)
	if err != nil {
		return nil, fault.All(err)
	}
	return inspect(file, raw)
}

// find is the file of a questionnaire, as faults call it, and what is in it.
func find(name string) (file string, raw []byte, err error) {
	file = filepath.Join(name, FileName)
	if raw, err = os.ReadFile(file); err == nil {
		return file, raw, nil
	}
	if raw, ok := Builtin(name); ok {
		return path.Join(name, FileName), raw, nil
	}
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil, fault.Wrap(err, fault.NotFound, "survey.no_questionnaire", i18n.Args{"name": name, "file": FileName})
	}
	return "", nil, fault.Wrap(err, fault.Unavailable, "survey.unreadable", i18n.Args{"name": name})
}

// Builtin is the source of a questionnaire that comes with the program.
func Builtin(name string) (raw []byte, ok bool) {
	raw, err := builtin.ReadFile(path.Join("builtin", name, FileName))
	return raw, err == nil
}

// SchemaFile is the file that lies beside a questionnaire for the author's editor.
const SchemaFile = "questionnaire.schema.json"

// Schema is a JSON Schema of questionnaires (draft 7): with it an editor knows the keys, explains
// them and marks what cannot be. Parse finds more.
func Schema() []byte {
	raw, err := builtin.ReadFile(path.Join("builtin", "partnership-barometer", SchemaFile))
	if err != nil {
		panic(err) // the embedded files are named just above
	}
	return raw
}

// Parse reads and checks a questionnaire. name is what faults call the file.
func Parse(name string, raw []byte) (*Questionnaire, error) {
	q, faults := inspect(name, raw)
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return q, nil
}

func inspect(name string, raw []byte) (*Questionnaire, fault.List) {
	q := &Questionnaire{}
	f, err := tomlfile.Decode(name, raw, q)
	var unknown fault.List // keys: what else is wrong is told with them
	if err != nil && !errors.As(err, &unknown) {
		return nil, fault.All(err)
	}
	c := checker{q: q, file: f, faults: unknown}
	c.questionnaire()
	return q, c.faults
}

var spot = regexp.MustCompile(`^page\.(\d+)(?:\.question\.(\d+))?`)

// Spot is the page and the question that a fault's place is about, counted from 0; -1 where it is
// about none.
func Spot(p fault.Place) (page, question int) {
	number := func(s string) int {
		n, err := strconv.Atoi(s)
		if err != nil {
			return -1
		}
		return n
	}
	if m := spot.FindStringSubmatch(p.Field); m != nil {
		return number(m[1]), number(m[2])
	}
	return -1, -1
}
