package mailer

import (
	_ "embed"
	htmltemplate "html/template"
	"strings"
	texttemplate "text/template"

	"viesti/i18n"
	"viesti/outbox"
)

//go:embed letter.html
var htmlSource string

//go:embed letter.txt
var textSource string

var (
	htmlLetter = htmltemplate.Must(htmltemplate.New("letter").Parse(htmlSource))
	textLetter = texttemplate.Must(texttemplate.New("letter").Parse(textSource))
)

const (
	maxLine  = 200  // characters of a name that stands in running text
	maxAbout = 2000 // characters of the paragraph on what the survey is about
)

// letter is all that a letter says, in words; both templates show the same.
type letter struct {
	Lang    i18n.Lang
	Subject string
	Title   string
	// Greeting names nobody: the letter is to be passed on, and the same for a whole network.
	Greeting string
	Lead     string
	Thanks   string // to those who have answered; in reminders
	About    string
	Points   []string
	Button   string
	URL      string
	Copy     string

	ForwardTitle, Forward         string
	Regards, Organiser            string
	AskTitle                      string
	Ask                           Person
	WhyTitle, Why                 string
	StopTitle, StopLink, StopNote string
	StopURL                       string
}

// Tel is the phone number as a link has it.
func (p Person) Tel() string { return strings.ReplaceAll(p.Phone, " ", "") }

// Named is the person's name and organisation, as far as they are known.
func (p Person) Named() string {
	if p.Name == "" || p.Organisation == "" {
		return p.Name + p.Organisation
	}
	return p.Name + ", " + p.Organisation
}

// kindWords are the keys of what differs between the kinds of letter.
type kindWords struct{ subject, lead, thanks string }

func wordsOf(k outbox.Kind) kindWords {
	const thanks = "letter.thanks"
	switch n := k.Number(); {
	case k == outbox.LastCall:
		return kindWords{"letter.last_call.subject", "letter.last_call.lead", "letter.last_call.thanks"}
	case n == 1:
		return kindWords{"letter.reminder1.subject", "letter.reminder1.lead", thanks}
	case n == 2:
		return kindWords{"letter.reminder2.subject", "letter.reminder2.lead", thanks}
	case n > 2:
		return kindWords{"letter.reminder3.subject", "letter.reminder3.lead", thanks}
	default:
		return kindWords{subject: "letter.invitation.subject", lead: "letter.invitation.lead"}
	}
}

// letter fills the words of a letter; stopURL is the recipient's personal link.
func (c *Composer) letter(d outbox.Delivery, stopURL string) letter {
	lang, words := d.Lang(), wordsOf(d.Kind)
	title, organiser := clean(c.facts.Title.In(lang), maxLine), clean(c.facts.Organiser.In(lang), maxLine)
	say := func(key string) string {
		return i18n.T(lang, key, i18n.Args{
			"title": title, "organiser": organiser, "network": clean(d.Network.Name.In(lang), maxLine),
		})
	}
	l := letter{
		Lang: lang, Subject: say(words.subject), Title: title,
		Greeting: say("letter.greeting"), Lead: say(words.lead), About: clean(c.facts.About.In(lang), maxAbout),
		Points: c.points(lang), Button: say("letter.button"), URL: d.URL, Copy: say("letter.copy"),
		ForwardTitle: say("letter.forward_title"), Forward: say("letter.forward"),
		Regards: say("letter.regards"), Organiser: organiser,
		AskTitle: say("letter.ask_title"), Ask: c.facts.Contact.clean(),
		WhyTitle: say("letter.why_title"), Why: say("letter.why"),
		StopTitle: say("letter.stop_title"), StopLink: say("letter.stop_link"), StopNote: say("letter.stop_note"),
		StopURL: stopURL,
	}
	if words.thanks != "" {
		l.Thanks = say(words.thanks)
	}
	return l
}

// points are the facts one wants at a glance.
func (c *Composer) points(lang i18n.Lang) []string {
	var list []string
	switch from, to := c.facts.Minutes[0], c.facts.Minutes[1]; {
	case from > 0 && to > from:
		list = append(list, i18n.T(lang, "letter.minutes_range", i18n.Args{"from": from, "to": to}))
	case max(from, to) > 0:
		list = append(list, i18n.T(lang, "letter.minutes", i18n.Args{"n": max(from, to)}))
	}
	return append(list,
		i18n.T(lang, "letter.closes", i18n.Args{"closes": i18n.DateTime(lang, c.facts.Closes)}),
		i18n.T(lang, "letter.voluntary", nil),
		i18n.T(lang, "letter.anonymous", nil))
}

func (p Person) clean() Person {
	return Person{clean(p.Name, maxLine), clean(p.Organisation, maxLine), clean(p.Email, maxLine), clean(p.Phone, maxLine)}
}
