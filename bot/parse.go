package bot

import (
	"regexp"
	"strings"
	"unicode"

	"viesti/i18n"
	"viesti/link"
	"viesti/staff"
)

// verb is what a command asks for.
type verb string

const (
	verbHelp    verb = "help"
	verbRates   verb = "rates"
	verbLink    verb = "link"
	verbStatus  verb = "status"
	verbUnknown verb = ""
)

// verbs are the commands, and the words for each in each language; the first is the one that help
// teaches. Words are compared after fold, so they may be typed without their dots.
var verbs = []struct {
	verb  verb
	act   staff.Act // what it takes
	words map[i18n.Lang][]string
}{
	{verbHelp, staff.Ask, map[i18n.Lang][]string{
		i18n.En: {"help"}, i18n.Fi: {"ohje", "ohjeet", "apua"}, i18n.Sv: {"hjälp"},
	}},
	{verbRates, staff.Look, map[i18n.Lang][]string{
		i18n.En: {"rates", "rate"}, i18n.Fi: {"vastaukset", "vastausprosentti", "vastausprosentit"},
		i18n.Sv: {"svar", "svarsprocent", "svarsprocenten"},
	}},
	{verbLink, staff.Look, map[i18n.Lang][]string{
		i18n.En: {"link", "links"}, i18n.Fi: {"linkki", "linkit"}, i18n.Sv: {"länk", "länkar"},
	}},
	{verbStatus, staff.Work, map[i18n.Lang][]string{
		i18n.En: {"status"}, i18n.Fi: {"tila", "tilanne"}, i18n.Sv: {"läge", "läget"},
	}},
}

// known tells whether there is such a verb.
func (v verb) known() bool { return v.word(i18n.En) != "" }

// act is what a verb takes; what is no verb asks for help.
func (v verb) act() staff.Act {
	for _, entry := range verbs {
		if entry.verb == v {
			return entry.act
		}
	}
	return staff.Ask
}

// word is the word for a verb that help teaches.
func (v verb) word(l i18n.Lang) string {
	for _, entry := range verbs {
		if entry.verb == v {
			return entry.words[l][0]
		}
	}
	return ""
}

// allWords mean every network.
var allWords = []string{"all", "kaikki", "alla"}

// channelWords name a link's channel.
var channelWords = map[link.Channel][]string{
	link.Mail:   {"mail", "email", "e-mail", "sähköposti", "posti", "e-post", "mejl"},
	link.Slack:  {"slack"},
	link.Poster: {"poster", "juliste", "affisch"},
	link.Web:    {"web", "verkko", "verkkosivu", "webb", "webben"},
}

// command is what somebody typed.
type command struct {
	Verb    verb
	Lang    i18n.Lang    // of the word; empty when it is of none
	Word    string       // as typed
	Network string       // as typed; empty: not named, or all
	All     bool         // every network was asked for
	Channel link.Channel // link alone; empty: not named
}

// parse reads a command's text. It refuses nothing: what it does not know is verbUnknown.
func parse(text string) command {
	words := tokens(normalise(text))
	if len(words) == 0 {
		return command{Verb: verbHelp}
	}
	c := command{Word: words[0]}
	c.Verb, c.Lang = lookUp(words[0])
	rest := words[1:]
	if c.Verb == verbLink && len(rest) > 0 {
		if ch, ok := channelOf(rest[len(rest)-1]); ok {
			c.Channel, rest = ch, rest[:len(rest)-1]
		}
	}
	c.Network = strings.Join(rest, " ")
	if contains(allWords, c.Network) {
		c.All, c.Network = true, ""
	}
	return c
}

func lookUp(word string) (verb, i18n.Lang) {
	for _, entry := range verbs {
		for _, l := range []i18n.Lang{i18n.En, i18n.Fi, i18n.Sv} {
			if contains(entry.words[l], word) {
				return entry.verb, l
			}
		}
	}
	return verbUnknown, ""
}

func channelOf(word string) (link.Channel, bool) {
	for ch, words := range channelWords {
		if contains(words, word) {
			return ch, true
		}
	}
	return "", false
}

func contains(words []string, word string) bool {
	for _, w := range words {
		if fold(w) == fold(word) {
			return true
		}
	}
	return false
}

// typography undoes what phones and text editors make of plain characters; entities undoes
// Slack's escaping, once.
var (
	typography = strings.NewReplacer(
		"“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`, "‟", `"`, "″", `"`,
		"‘", "'", "’", "'", "‚", "'",
		"–", "-", "—", "-", "―", "-", "‐", "-", "‑", "-", "−", "-",
	)
	entities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
	// mention is a channel as Slack escapes it (<#C012|name>); its id is kept.
	mention = regexp.MustCompile(`<#([A-Z0-9]+)(?:\|[^>]*)?>`)
)

// maxText is how much of a command is read; no network's name is nearly as long.
const maxText = 500

func normalise(text string) string {
	text = clip(strings.ToValidUTF8(text, ""), maxText)
	return oneLine(typography.Replace(entities.Replace(mention.ReplaceAllString(text, "$1"))))
}

// tokens splits at blanks. Quotes keep words together and are dropped.
func tokens(s string) []string {
	var list []string
	quoted := false
	words := strings.FieldsFunc(s, func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return r == ' ' && !quoted
	})
	for _, w := range words {
		if w = strings.TrimSpace(strings.Trim(strings.ReplaceAll(w, `"`, ""), "'")); w != "" {
			list = append(list, w)
		}
	}
	return list
}

// nordic are the letters that people without a Nordic keyboard type for others.
var nordic = strings.NewReplacer("ä", "a", "å", "a", "ö", "o", "ø", "o", "é", "e", "ü", "u", "š", "s", "ž", "z")

// fold is what two spellings of a word have in common.
func fold(s string) string {
	return strings.TrimFunc(nordic.Replace(strings.ToLower(s)), func(r rune) bool {
		return unicode.IsSpace(r) || r == ',' || r == '.' || r == '?' || r == '!'
	})
}
