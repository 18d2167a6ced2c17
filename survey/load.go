package survey

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/expr-lang/expr/file"

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

// checker walks a questionnaire once and gathers its faults.
type checker struct {
	q      *Questionnaire
	file   tomlfile.File
	faults fault.List
}

func (c *checker) add(path, key string, args i18n.Args) {
	c.faults = append(c.faults, fault.New(fault.Invalid, key, args).At(c.file.Place(path)))
}

var (
	questionID = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	optionID   = regexp.MustCompile(`^[a-z0-9_-]+$`)
)

func (c *checker) id(path, id string, form *regexp.Regexp) {
	if !form.MatchString(id) {
		c.add(path+".id", "survey.bad_id", i18n.Args{"id": id})
	}
}

// text wants a text in all languages, or in none when it is optional.
func (c *checker) text(path string, t i18n.Text, optional bool) {
	for lang := range t {
		if _, ok := i18n.ParseLang(string(lang)); !ok || len(lang) != 2 {
			c.add(path+"."+string(lang), "survey.unknown_language", i18n.Args{"lang": string(lang)})
		}
	}
	if optional && len(t) == 0 {
		return
	}
	for _, l := range i18n.Langs {
		if t[l] == "" {
			c.add(path, "survey.text_missing", i18n.Args{"lang": string(l)})
		}
	}
}

func (c *checker) questionnaire() {
	q := c.q
	q.byID = map[string]*Question{}
	c.text("title", q.Title, false)
	c.text("intro", q.Intro, false)
	c.text("thanks", q.Thanks, false)
	if q.ID == "" {
		c.add("id", "survey.bad_id", i18n.Args{"id": ""})
	}
	if q.Minutes[0] <= 0 || q.Minutes[1] < q.Minutes[0] {
		c.add("minutes", "survey.minutes", nil)
	}
	if len(q.Pages) == 0 {
		c.add("page", "survey.no_pages", nil)
	}
	for name, scale := range q.Scales {
		c.options("scale."+name+".option", scale.Options)
	}
	pages := map[string]bool{}
	for i := range q.Pages {
		p, path := &q.Pages[i], fmt.Sprintf("page.%d", i)
		c.id(path, p.ID, questionID)
		if pages[p.ID] {
			c.add(path+".id", "survey.twice", i18n.Args{"id": p.ID})
		}
		pages[p.ID] = true
		c.page(i, p, path)
	}
}

func (c *checker) page(i int, p *Page, path string) {
	c.text(path+".title", p.Title, false)
	c.text(path+".intro", p.Intro, true)
	if len(p.Questions) == 0 {
		c.add(path, "survey.no_questions", i18n.Args{"id": p.ID})
	}
	if i == 0 && p.Continues {
		c.add(path+".continues", "survey.continues_nothing", nil)
	}
	seen := c.q.before(i, nil)
	p.relevant = c.relevance(path, p.Relevance, seen)
	for j := range p.Questions {
		question, at := &p.Questions[j], fmt.Sprintf("%s.question.%d", path, j)
		question.page = i
		question.relevant = c.relevance(at, question.Relevance, seen)
		c.question(question, at)
	}
}

func (c *checker) relevance(path, source string, seen names) program {
	p, err := compile(source, seen)
	if err == nil {
		return p
	}
	detail := err.Error()
	var fe *file.Error
	if errors.As(err, &fe) {
		detail = fe.Message
	}
	c.add(path+".relevance", "survey.relevance", i18n.Args{"expression": source, "detail": detail})
	return nil
}

func (c *checker) question(q *Question, path string) {
	c.id(path, q.ID, questionID)
	if _, twice := c.q.byID[q.ID]; twice {
		c.add(path+".id", "survey.twice", i18n.Args{"id": q.ID})
	} else {
		c.q.byID[q.ID] = q
	}
	c.text(path+".text", q.Text, false)
	c.text(path+".help", q.Help, true)
	c.text(path+".definition", q.Definition, true)
	c.text(path+".low", q.Low, true)
	c.text(path+".high", q.High, true)
	if q.Max < 0 || q.Min < 0 {
		c.add(path+".max", "survey.grade_scale", nil)
	}
	if q.Scale != "" {
		if _, ok := c.q.Scales[q.Scale]; !ok {
			c.add(path+".scale", "survey.unknown_scale", i18n.Args{"id": q.Scale})
		}
	}
	c.rowsFrom(q, path)
	switch q.Type {
	case Single, Multiple:
		if q.Scale == "" {
			c.options(path+".option", q.Options)
		}
	case Grade:
		if q.Min < 1 || q.Max <= q.Min || q.Max > 20 {
			c.add(path+".max", "survey.grade_scale", nil)
		}
	case Matrix:
		c.matrix(q, path)
	case OpenText:
	default:
		c.add(path+".type", "survey.unknown_type", i18n.Args{"type": string(q.Type)})
	}
}

func (c *checker) matrix(q *Question, path string) {
	if q.Scale == "" {
		c.add(path+".scale", "survey.unknown_scale", i18n.Args{"id": ""})
	}
	if q.RowsFrom == "" {
		c.options(path+".row", q.Rows)
	}
}

// rowsFrom is checked whatever the question's type, as Items follows it whatever the type.
func (c *checker) rowsFrom(q *Question, path string) {
	from, ok := c.q.byID[q.RowsFrom]
	if q.RowsFrom != "" && (!ok || from.Type != Multiple || from.page >= q.page) {
		c.add(path+".rows_from", "survey.rows_from", i18n.Args{"id": q.RowsFrom})
	}
}

func (c *checker) options(path string, options []Option) {
	if len(options) < 2 {
		c.add(path, "survey.few_options", nil)
	}
	for i, o := range options {
		at := fmt.Sprintf("%s.%d", path, i)
		c.id(at, o.ID, optionID)
		c.text(at+".text", o.Text, false)
		if slices.ContainsFunc(options[:i], func(p Option) bool { return p.ID == o.ID }) {
			c.add(at+".id", "survey.twice", i18n.Args{"id": o.ID})
		}
	}
}
