package bot

import (
	"time"

	"viesti/i18n"
	"viesti/link"
	"viesti/staff"
)

// verb is what a command asks for.
type verb string

// The verbs. They are also action ids, so they keep their names.
const (
	verbHelp     verb = "help"
	verbRates    verb = "rates"
	verbLink     verb = "link"
	verbInvite   verb = "invite"
	verbRemind   verb = "remind"
	verbShare    verb = "share"
	verbPause    verb = "pause"
	verbResume   verb = "resume"
	verbStatus   verb = "status"
	verbDigest   verb = "digest"
	verbLanguage verb = "language"
	verbRole     verb = "role"
	verbClaim    verb = "claim"
	verbUnknown  verb = ""
)

// words are spellings by language; the first of each is the one that help teaches.
type words map[i18n.Lang][]string

// verbs are the commands in the order of help. Words are compared after fold, so they may be typed
// without their dots.
var verbs = []struct {
	verb  verb
	act   staff.Act // what it takes
	words words
}{
	{verbRates, staff.Look, words{
		i18n.En: {"rates", "rate", "answers", "responses"},
		i18n.Fi: {"vastaukset", "vastausprosentti", "vastausprosentit", "vastanneet"},
		i18n.Sv: {"svar", "svarsprocent", "svarsprocenten", "svarsfrekvens", "svaren"},
	}},
	{verbLink, staff.Look, words{
		i18n.En: {"link", "links"}, i18n.Fi: {"linkki", "linkit"}, i18n.Sv: {"länk", "länkar", "länken"},
	}},
	{verbInvite, staff.Work, words{
		i18n.En: {"invite", "invitation", "invitations"}, i18n.Fi: {"kutsu", "kutsut"}, i18n.Sv: {"bjud", "inbjud", "inbjudan"},
	}},
	{verbRemind, staff.Work, words{
		i18n.En: {"remind", "reminder", "reminders"}, i18n.Fi: {"muistuta", "muistutus"}, i18n.Sv: {"påminn", "påminnelse"},
	}},
	{verbShare, staff.Work, words{
		i18n.En: {"share"}, i18n.Fi: {"jaa", "jako"}, i18n.Sv: {"dela", "delning"},
	}},
	{verbPause, staff.Work, words{
		i18n.En: {"pause", "stop"}, i18n.Fi: {"tauko", "tauolle", "keskeytä"}, i18n.Sv: {"paus", "pausa"},
	}},
	{verbResume, staff.Work, words{
		i18n.En: {"resume", "continue"}, i18n.Fi: {"jatka"}, i18n.Sv: {"fortsätt", "återuppta"},
	}},
	{verbStatus, staff.Work, words{
		i18n.En: {"status"}, i18n.Fi: {"tila", "tilanne"}, i18n.Sv: {"läge", "läget", "status"},
	}},
	{verbDigest, staff.Work, words{
		i18n.En: {"digest"}, i18n.Fi: {"kooste", "viikkokooste"}, i18n.Sv: {"sammandrag", "veckosammandrag"},
	}},
	{verbLanguage, staff.Look, words{
		i18n.En: {"language", "lang"}, i18n.Fi: {"kieli"}, i18n.Sv: {"språk", "språket"},
	}},
	{verbRole, staff.Govern, words{
		i18n.En: {"role", "roles"}, i18n.Fi: {"rooli", "roolit"}, i18n.Sv: {"roll", "roller"},
	}},
	{verbClaim, staff.Ask, words{
		i18n.En: {"claim"}, i18n.Fi: {"lunasta"}, i18n.Sv: {"inlös"},
	}},
	{verbHelp, staff.Ask, words{
		i18n.En: {"help", "menu"}, i18n.Fi: {"ohje", "ohjeet", "apua", "valikko"}, i18n.Sv: {"hjälp", "meny"},
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

// Words that follow a verb, in all languages at once.
var (
	allWords    = []string{"all", "kaikki", "alla"}
	publicWords = []string{"public", "publicly", "julkinen", "julkisesti", "offentlig", "offentligt"}
	onWords     = []string{"on", "päälle", "päällä", "på"}
	offWords    = []string{"off", "pois", "av"}
	fillers     = []string{"in", "päältä", "klo", "kl", "at", "kello"} // "bjud in", "pois päältä", "klo 9.00"
)

// channelWords name a link's channel.
var channelWords = map[link.Channel][]string{
	link.Mail:   {"mail", "email", "e-mail", "sähköposti", "posti", "e-post", "mejl"},
	link.Slack:  {"slack"},
	link.Poster: {"poster", "juliste", "affisch"},
	link.Web:    {"web", "verkko", "verkkosivu", "webb", "webben"},
}

// roleWords name roles.
var roleWords = map[staff.Role][]string{
	staff.Admin:       {"admin", "administrator", "ylläpitäjä", "pääkäyttäjä", "administratör"},
	staff.Coordinator: {"coordinator", "koordinaattori", "samordnare"},
	staff.Viewer:      {"viewer", "katselija", "lukija", "läsare"},
	staff.None:        {"none", "ei", "poista", "ingen", "inget"},
}

// languageWords name the language of replies.
var languageWords = map[i18n.Lang][]string{
	i18n.En: {"en", "english", "englanti", "englanniksi", "engelska"},
	i18n.Fi: {"fi", "finnish", "suomi", "suomeksi", "finska"},
	i18n.Sv: {"sv", "swedish", "ruotsi", "ruotsiksi", "svenska"},
}

// dayWords name the days of the week.
var dayWords = map[time.Weekday][]string{
	time.Monday:    {"monday", "mon", "mondays", "maanantai", "maanantaina", "maanantaisin", "ma", "måndag", "mån", "måndagar"},
	time.Tuesday:   {"tuesday", "tue", "tuesdays", "tiistai", "tiistaina", "tiistaisin", "ti", "tisdag", "tis", "tisdagar"},
	time.Wednesday: {"wednesday", "wed", "wednesdays", "keskiviikko", "keskiviikkona", "keskiviikkoisin", "ke", "onsdag", "ons", "onsdagar"},
	time.Thursday:  {"thursday", "thu", "thursdays", "torstai", "torstaina", "torstaisin", "to", "torsdag", "tors", "torsdagar"},
	time.Friday:    {"friday", "fri", "fridays", "perjantai", "perjantaina", "perjantaisin", "pe", "fredag", "fre", "fredagar"},
	time.Saturday:  {"saturday", "sat", "saturdays", "lauantai", "lauantaina", "lauantaisin", "la", "lördag", "lör", "lördagar"},
	time.Sunday:    {"sunday", "sun", "sundays", "sunnuntai", "sunnuntaina", "sunnuntaisin", "su", "söndag", "sön", "söndagar"},
}

// among is which of several things a word names.
func among[K comparable](all map[K][]string, word string) (k K, ok bool) {
	for k, words := range all {
		if contains(words, word) {
			return k, true
		}
	}
	return k, false
}

func contains(words []string, word string) bool {
	for _, w := range words {
		if fold(w) == fold(word) {
			return true
		}
	}
	return false
}
