package survey

import (
	"embed"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"

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
	raw, err := os.ReadFile(filepath.Join(name, FileName))
	if err == nil {
		return Parse(filepath.Join(name, FileName), raw)
	}
	if raw, ok := Builtin(name); ok {
		return Parse(path.Join(name, FileName), raw)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.Wrap(err, fault.NotFound, "survey.no_questionnaire", i18n.Args{"name": name, "file": FileName})
	}
	return nil, fault.Wrap(err, fault.Unavailable, "survey.unreadable", i18n.Args{"name": name})
}

// Builtin is the source of a questionnaire that comes with the program.
func Builtin(name string) (raw []byte, ok bool) {
	raw, err := builtin.ReadFile(path.Join("builtin", name, FileName))
	return raw, err == nil
}

// Parse reads and checks a questionnaire. name is what faults call the file.
func Parse(name string, raw []byte) (*Questionnaire, error) {
	q := &Questionnaire{}
	f, err := tomlfile.Decode(name, raw, q)
	var unknown fault.List // keys: what else is wrong is told with them
	if err != nil && !errors.As(err, &unknown) {
		return nil, err
	}
	c := checker{q: q, file: f, faults: unknown}
	c.questionnaire()
	if err := c.faults.Err(); err != nil {
		return nil, err
	}
	return q, nil
}
