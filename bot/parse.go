package bot

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"viesti/i18n"
	"viesti/link"
	"viesti/staff"
)

// command is what somebody typed. Beside the verb, the word and the network everything belongs to
// one verb or two, and is empty where it was not named.
type command struct {
	Verb    verb
	Lang    i18n.Lang    // of the word; empty when it is of none
	Also    i18n.Lang    // the other language that the word is of, where there are two
	Word    string       // as typed
	Network string       // as typed; empty: not named, or all
	All     bool         // every network was asked for
	Public  bool         // rates: for everybody in the channel
	Channel link.Channel // link
	Room    string       // share, digest: a Slack channel's id
	Who     string       // role: the id of a user or user group
	Role    staff.Role   // role
	Switch  string       // digest: "on" or "off"
	Day     int          // digest: 1 Monday … 7 Sunday
	At      string       // digest: a staff.Clock
	Reply   i18n.Lang    // language
	Topic   verb         // help
	Code    string       // claim
}

// parse reads a command's text. It refuses nothing: what it does not know is verbUnknown, and what
// cannot be anything else is a part of the network's name.
func parse(text string) command {
	words := tokens(normalise(text))
	if len(words) == 0 {
		return command{Verb: verbHelp}
	}
	c := command{Word: words[0]}
	c.Verb, c.Lang, c.Also = lookUp(words[0])
	rest := words[1:]
	if take, ok := readers[c.Verb]; ok {
		rest = c.read(rest, take)
	}
	if c.Verb == verbClaim {
		c.Code, rest = strings.Join(rest, " "), nil
	}
	c.Network = strings.Join(rest, " ")
	if contains(allWords, c.Network) {
		c.All, c.Network = true, ""
	}
	return c
}

// readers take the words that mean something to a verb, each from the front and the back of what
// was typed, so that a network may be called by any word in its middle.
var readers = map[verb][]func(c *command, word string) bool{
	verbRates:    {(*command).readPublic},
	verbLink:     {(*command).readChannel},
	verbShare:    {(*command).readRoom},
	verbInvite:   {readFiller},
	verbDigest:   {(*command).readSwitch, (*command).readDay, (*command).readClock, (*command).readRoom, readFiller},
	verbLanguage: {(*command).readLanguage},
	verbRole:     {(*command).readWho, (*command).readRole},
	verbHelp:     {(*command).readTopic},
}

// read takes words off both ends as long as a reader wants them; a reader takes one word at most.
func (c *command) read(rest []string, readers []func(*command, string) bool) []string {
	took := func(word string) bool {
		return slices.ContainsFunc(readers, func(read func(*command, string) bool) bool { return read(c, word) })
	}
	for len(rest) > 0 && took(rest[len(rest)-1]) {
		rest = rest[:len(rest)-1]
	}
	for len(rest) > 0 && took(rest[0]) {
		rest = rest[1:]
	}
	return rest
}

func (c *command) readPublic(word string) bool {
	took := !c.Public && contains(publicWords, word)
	c.Public = c.Public || took
	return took
}

func (c *command) readChannel(word string) bool {
	ch, ok := among(channelWords, word)
	if ok = ok && c.Channel == ""; ok {
		c.Channel = ch
	}
	return ok
}

// roomForm is a Slack channel's id.
var roomForm = regexp.MustCompile(`^[CG][A-Z0-9]{6,}$`)

func (c *command) readRoom(word string) bool {
	ok := c.Room == "" && roomForm.MatchString(word)
	if ok {
		c.Room = word
	}
	return ok
}

func readFiller(_ *command, word string) bool { return contains(fillers, word) }

func (c *command) readSwitch(word string) bool {
	if c.Switch != "" {
		return false
	}
	switch {
	case contains(onWords, word):
		c.Switch = "on"
	case contains(offWords, word):
		c.Switch = "off"
	}
	return c.Switch != ""
}

func (c *command) readDay(word string) bool {
	day, ok := among(dayWords, word)
	if ok = ok && c.Day == 0; ok {
		c.Day = (int(day)+6)%7 + 1
	}
	return ok
}

// weekday is the day that was named.
func (c command) weekday() time.Weekday { return time.Weekday(c.Day % 7) }

func (c *command) readClock(word string) bool {
	at, ok := staff.ParseClock(word)
	if ok = ok && c.At == ""; ok {
		c.At = at.String()
	}
	return ok
}

func (c *command) readLanguage(word string) bool {
	l, ok := among(languageWords, word)
	if ok = ok && c.Reply == ""; ok {
		c.Reply = l
	}
	return ok
}

func (c *command) readWho(word string) bool {
	ok := c.Who == "" && staff.IsWho(word)
	if ok {
		c.Who = word
	}
	return ok
}

func (c *command) readRole(word string) bool {
	role, ok := among(roleWords, word)
	if ok = ok && c.Role == ""; ok {
		c.Role = role
	}
	return ok
}

func (c *command) readTopic(word string) bool {
	v, _, _ := lookUp(word)
	if ok := c.Topic == "" && v != verbUnknown; !ok {
		return false
	}
	c.Topic = v
	return true
}

// lookUp is the verb that a word is for, and the one or two languages it is of.
func lookUp(word string) (v verb, l, also i18n.Lang) {
	for _, entry := range verbs {
		for _, lang := range []i18n.Lang{i18n.En, i18n.Fi, i18n.Sv} {
			switch {
			case !contains(entry.words[lang], word):
			case l == "":
				v, l = entry.verb, lang
			default:
				also = lang
			}
		}
		if l != "" {
			return v, l, also
		}
	}
	return verbUnknown, "", ""
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
	// mention is a channel, a person or a user group as Slack escapes it (<#C012|name>, <@U012>,
	// <!subteam^S012|@name>); its id is kept.
	mention = regexp.MustCompile(`<(?:#|@|!subteam\^)([A-Z0-9]+)(?:\|[^>]*)?>`)
)

// maxText is how much of a command is read; no network's name is nearly as long.
const maxText = 500

func normalise(text string) string {
	text = clip(strings.ToValidUTF8(text, ""), maxText)
	return oneLine(typography.Replace(mention.ReplaceAllString(entities.Replace(text), " $1 ")))
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
