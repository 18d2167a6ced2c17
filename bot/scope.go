package bot

import (
	"strings"

	"viesti/i18n"
)

// scope is a permission of the app's, asked for when it is installed. The manifest, the document
// and the check all read this one list.
type scope struct {
	Name string
	// Optional scopes can be left out by a workspace that does not want to give them: something
	// is then done by hand, which the words of .without tell.
	Optional bool
	// asked tells whether the configuration makes use of it; nil: always.
	asked func(c Config) bool
}

// scopes are all there are. Their reasons stand in the words of bot.permission.
var scopes = []scope{
	{Name: "commands"},
	{Name: "chat:write"},
	{Name: "channels:read"},
	{Name: "groups:read"},
	{Name: "channels:join", Optional: true},
	{Name: "channels:history", Optional: true},
	{Name: "groups:history", Optional: true},
	{Name: "im:write", asked: writesToPeople},
	{Name: "im:history", Optional: true, asked: writesToPeople},
	{Name: "users:read", asked: looksUp},
	{Name: "users:read.email", asked: looksUp},
	{Name: "usergroups:read", Optional: true},
	{Name: scopeFiles, Optional: true},
}

// scopeFiles is what pictures take.
const scopeFiles = "files:write"

func writesToPeople(c Config) bool { return c.DirectMessages || c.Lookup }

func looksUp(c Config) bool { return c.Lookup }

// scopesFor are those that a configuration makes use of.
func scopesFor(c Config) []scope {
	var list []scope
	for _, s := range scopes {
		if s.asked == nil || s.asked(c) {
			list = append(list, s)
		}
	}
	return list
}

var noMarks = strings.NewReplacer(":", "_", ".", "_")

// why is what the scope is for.
func (s scope) why(l i18n.Lang) string {
	return i18n.T(l, "bot.permission."+noMarks.Replace(s.Name)+".why", nil)
}

// without is what becomes of it when an optional scope is not there.
func (s scope) without(l i18n.Lang) string {
	return i18n.T(l, "bot.permission."+noMarks.Replace(s.Name)+".without", nil)
}

// told is a sentence as an argument of another one.
type told func(l i18n.Lang) string

// In is the sentence in a language.
func (t told) In(l i18n.Lang) string { return t(l) }
