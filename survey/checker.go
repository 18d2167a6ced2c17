package survey

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/expr-lang/expr/file"

	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/internal/tomlfile"
)

// checker walks a questionnaire once, from the first page to the last, and gathers its faults. What
// a walk through the questionnaire would stumble over (a reference that leads nowhere, a scale
// without end) it takes out, so that the rest can be shown to its author.
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

// quotes checks the earlier answers that texts show, and tells whether there are any. Each
// language must show the same ones.
func (c *checker) quotes(path string, seen names, texts map[string]i18n.Text) bool {
	found := false
	for name, t := range texts {
		first := ""
		for _, lang := range i18n.Langs {
			ids := quote.FindAllString(t[lang], -1)
			slices.Sort(ids)
			for _, id := range ids {
				found = true
				if _, ok := seen[strings.Trim(id, "{}")]; !ok {
					c.add(path+"."+name, "survey.quote", i18n.Args{"id": strings.Trim(id, "{}")})
				}
			}
			shown := strings.Join(slices.Compact(ids), " ")
			if lang == i18n.Langs[0] {
				first = shown
			} else if t[lang] != "" && shown != first {
				c.add(path+"."+name, "survey.quotes_differ", i18n.Args{"lang": string(lang)})
			}
		}
	}
	return found
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
		path := "scale." + name + ".option"
		c.options(path, scale.Options)
		if i := slices.IndexFunc(scale.Options, func(o Option) bool { return o.Relevance != "" }); i >= 0 {
			c.add(fmt.Sprintf("%s.%d.relevance", path, i), "survey.scale_relevance", nil)
		}
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
	p.quotes = c.quotes(path, seen, map[string]i18n.Text{"title": p.Title, "intro": p.Intro})
	p.relevant = c.relevance(path, p.Relevance, seen, target{page: i})
	p.varies = p.relevant != nil || p.quotes
	for j := range p.Questions {
		question, at := &p.Questions[j], fmt.Sprintf("%s.question.%d", path, j)
		question.page = i
		question.relevant = c.relevance(at, question.Relevance, seen, target{page: i, question: question})
		c.question(question, at, seen)
		p.varies = p.varies || question.relevant != nil || question.Varies()
	}
	c.q.mention(p)
}

// relevance compiles a condition and looks for what makes it one that never holds: options that
// do not exist, and answers that no respondent can have given together.
func (c *checker) relevance(path, source string, seen names, guarded target) program {
	p, err := compile(source, seen)
	if err != nil {
		c.condition(path+".relevance", source, err)
		return nil
	}
	if p == nil {
		return nil
	}
	m := c.q.mentionsOf(source)
	for _, f := range m.unknown {
		f.Args["expression"] = source
		c.add(path+".relevance", f.Key, f.Args)
	}
	if len(m.unknown) == 0 && !c.q.reachable(p, guarded) {
		c.add(path+".relevance", "survey.unreachable", i18n.Args{"expression": source})
	}
	return p
}

// unnamed is how the compiler says that a condition uses a name it was not given.
var unnamed = regexp.MustCompile(`^unknown name (\w+)`)

// condition says why one was refused: what it names comes too late, or is nowhere, or else what the
// compiler says.
func (c *checker) condition(path, source string, err error) {
	detail := err.Error()
	var fe *file.Error
	if errors.As(err, &fe) {
		detail = fe.Message
	}
	m := unnamed.FindStringSubmatch(detail)
	switch {
	case m == nil:
		c.add(path, "survey.relevance", i18n.Args{"expression": source, "detail": detail})
	case c.q.asks(m[1]):
		c.add(path, "survey.later", i18n.Args{"expression": source, "id": m[1]})
	default:
		c.add(path, "survey.nobody", i18n.Args{"expression": source, "id": m[1]})
	}
}

// asks tells whether a question has this id, on whatever page.
func (q *Questionnaire) asks(id string) bool {
	return slices.ContainsFunc(q.Pages, func(p Page) bool {
		return slices.ContainsFunc(p.Questions, func(question Question) bool { return question.ID == id && question.Type != Info })
	})
}

// options checks a list that is chosen from, or the rows of a matrix.
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
