// Package letters turns Markdown into a letter: one source for each kind and language becomes a
// text and an HTML form that say the same, with names and links in the place of {placeholders}.
// The sources are in this folder; an organiser's own folder of the same shape takes the place of
// any of them, and is checked in full when it is read.
//
// It knows nothing of headers, encodings and recipients (mailer), and it has no tracking to offer:
// no picture but one that travels in the letter, no remote resources, and no links but those of the
// source.
package letters

import (
	"embed"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"viesti/i18n"
	"viesti/internal/fault"
)

//go:embed fi/*.md sv/*.md en/*.md
var builtin embed.FS

// Kinds are the letters there are, by the names of their files.
var Kinds = []string{"invitation", "reminder-1", "reminder-2", "reminder-3", "last-call", "thank-you", Digest, "test"}

// Digest is the kind that tells those who run a network of its week: nobody is asked to answer in it,
// and nothing in it is personal.
const Digest = "digest"

// foot is the name of the small print that ends every letter without one of its own.
const foot = "foot"

// Value is what takes a placeholder's place. One without Text takes away the line it stands in,
// and one with URL is a link where it stands in running text. A picture and a table take the place of
// a paragraph that has nothing but their placeholder.
type Value struct {
	Text, URL string
	Picture   string     // the Content-ID of what is shown; Text says it in words
	Table     [][]string // its first row names the columns
}

// Values are those of one letter by the names of their placeholders.
type Values map[string]Value

// What a source may name: general in every letter, personal in those to the people who are asked to
// answer, weekly in digests.
var (
	general = []string{
		"about", "closes", "contact_address", "contact_email", "contact_name", "contact_phone", "coordinator",
		"minutes", "network", "organiser", "privacy", "results", "thanked", "title", "wish", "word",
	}
	personal     = []string{"link", "onward", "opt_out"}
	weekly       = []string{"curve", "days", "rate", "remaining", "reminder", "since", "standing", "week"}
	placeholders = slices.Sorted(slices.Values(slices.Concat(general, personal, weekly)))
)

// allowed are the placeholders of a kind of letter.
func allowed(kind string) []string {
	if kind == Digest {
		return slices.Sorted(slices.Values(slices.Concat(general, weekly)))
	}
	return slices.Sorted(slices.Values(slices.Concat(general, personal)))
}

// needed are those that a kind of letter may not lack.
func needed(kind string) []string {
	switch kind {
	case "thank-you": // the survey is closed
		return []string{"opt_out"}
	case Digest:
		return []string{"days", "rate"} // who does not see the curve has its figures
	}
	return []string{"link", "opt_out"}
}

// Set is the letters in all languages.
type Set struct {
	sources map[i18n.Lang]map[string]source
}

// Letter is a letter in words: both forms say the same.
type Letter struct{ Subject, Text, HTML string }

// Load reads the built-in letters, and instead of each the one in dir (fi/invitation.md …) where
// there is one. An empty dir has none. Its error is a fault.List with file and line.
func Load(dir string) (*Set, error) {
	set := &Set{sources: map[i18n.Lang]map[string]source{}}
	var list fault.List
	if dir != "" {
		list = strangers(dir)
	}
	for _, lang := range i18n.Langs {
		set.sources[lang] = map[string]source{}
		for _, kind := range append(slices.Clone(Kinds), foot) {
			name, raw, err := read(dir, path.Join(string(lang), kind+".md"))
			if err != nil {
				list = append(list, fault.Wrap(err, fault.Invalid, "letter.fault.unreadable", nil).At(fault.Place{File: name}))
				continue
			}
			s, wrong := parse(name, kind, raw)
			set.sources[lang][kind] = s
			list = append(list, wrong...)
		}
	}
	if len(list) == 0 {
		list = set.compare()
	}
	return set, list.Err()
}

// read gives a source and the name to call it by.
func read(dir, file string) (name string, raw []byte, err error) {
	if dir != "" {
		name = filepath.Join(dir, filepath.FromSlash(file))
		raw, err = os.ReadFile(name)
		if !errors.Is(err, fs.ErrNotExist) {
			return name, raw, err
		}
	}
	raw, err = builtin.ReadFile(file)
	return file, raw, err
}

// strangers finds files that no letter is made of: a slip in a name must not leave the built-in
// letter in use unnoticed.
func strangers(dir string) (list fault.List) {
	found := 0
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".md" {
			return err
		}
		inside, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		if _, err := builtin.Open(filepath.ToSlash(inside)); err != nil {
			list = append(list, fault.New(fault.Invalid, "letter.fault.stranger", i18n.Args{"names": strings.Join(append(slices.Clone(Kinds), foot), ", ")}).
				At(fault.Place{File: name}))
		}
		found++
		return nil
	})
	if err != nil || found == 0 {
		list = append(list, fault.Wrap(err, fault.NotFound, "letter.fault.folder", i18n.Args{"folder": dir}).At(fault.Place{Field: "mail.letters"}))
	}
	return list
}

// compare makes sure that no letter lacks what it needs, and that the languages say the same as
// far as that can be told.
func (s *Set) compare() (list fault.List) {
	for _, kind := range Kinds {
		all := map[string]bool{}
		for _, lang := range i18n.Langs {
			for _, name := range s.names(lang, kind) {
				all[name] = true
			}
		}
		for _, name := range needed(kind) {
			all[name] = true
		}
		for _, lang := range i18n.Langs {
			there := s.names(lang, kind)
			for _, name := range placeholders {
				if !all[name] || slices.Contains(there, name) {
					continue
				}
				key := "letter.fault.unlike"
				if slices.Contains(needed(kind), name) {
					key = "letter.fault.needed"
				}
				list = append(list, fault.New(fault.Invalid, key, i18n.Args{"name": "{" + name + "}"}).
					At(fault.Place{File: s.sources[lang][kind].file}))
			}
		}
	}
	return list
}

// names are the placeholders of a letter with its small print.
func (s *Set) names(lang i18n.Lang, kind string) []string {
	own := s.sources[lang][kind]
	names := slices.Clone(own.names)
	if !own.footed {
		names = append(names, s.sources[lang][foot].names...)
	}
	return names
}

// Write fills a letter. note, if any, is said before all else, as of a test. The values must be
// free of control characters.
func (s *Set) Write(kind string, lang i18n.Lang, values Values, note string) (Letter, error) {
	own, ok := s.sources[lang][kind]
	if !ok {
		return Letter{}, fault.New(fault.NotFound, "letter.fault.kind", i18n.Args{"kinds": strings.Join(Kinds, ", ")})
	}
	body, small := own.blocks(values)
	if !own.footed {
		small, _ = s.sources[lang][foot].blocks(values)
	}
	subject, preview := own.subject.fill(values), own.preview.fill(values)
	text := write(body, small, note)
	html, err := page{Lang: lang, Subject: plain(subject), Preview: plain(preview), Note: note}.render(body, small, values["link"].URL)
	return Letter{Subject: plain(subject), Text: text, HTML: html}, err
}

// Sources are the built-in sources by their names (fi/invitation.md …), for an organiser to begin
// with.
func Sources() fs.FS { return builtin }
