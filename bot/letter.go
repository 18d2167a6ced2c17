package bot

import (
	"net/url"
	"strconv"
	"strings"

	"viesti/i18n"
	"viesti/link"
	"viesti/outbox"
)

// compose makes a post of a delivery: the same words in each of the network's languages, each
// with the link to the survey in that language. The link is text, not a button, because a
// button tells us who pressed it.
func (b *Bot) compose(d outbox.Delivery) post {
	var m message
	if _, ok := d.Place(); !ok {
		b.letter(&m, d)
		return post{Channel: d.SlackID(), Delivery: deliveryID(d.Key), Text: m.text(), Blocks: m.blocks}
	}
	for i, l := range d.Network.Langs() {
		if i > 0 {
			m.rule()
			m.lines = append(m.lines, "")
		}
		b.paragraph(&m, l, d)
	}
	return post{Channel: d.SlackID(), Delivery: deliveryID(d.Key), Text: m.text(), Blocks: m.blocks}
}

// letter is a direct message, in the person's language. Like a letter by mail it says why they get
// it and how they get no more.
func (b *Bot) letter(m *message, d outbox.Delivery) {
	l := d.Lang()
	b.paragraph(m, l, d)
	why := i18n.T(l, "bot.direct.why", i18n.Args{"network": name(d.Network.Name.In(l))})
	own := "bot.direct.stop"
	if d.Kind == outbox.ThankYou { // there is nothing more to answer
		own = "bot.direct.own_page"
	}
	stop, address := i18n.T(l, own, nil), inLang(link.OptOut(b.survey.BaseURL, d.Contact.Token), l)
	m.noteAs(why+" "+hyperlink(address, stop), why+" "+stop+": "+address)
}

// paragraph adds the words of a kind of message, the link, that to pass on, and who sends it.
func (b *Bot) paragraph(m *message, l i18n.Lang, d outbox.Delivery) {
	if d.Kind == outbox.ThankYou {
		b.thanks(m, l, d)
		return
	}
	kind := wording(d.Kind)
	if place, _ := d.Place(); place.To != "" && d.Kind == outbox.Invitation {
		kind = "shared" // a further channel is told that it was passed on to it
	}
	words := i18n.T(l, "bot.post."+kind, i18n.Args{
		"network": name(d.Network.Name.In(l)),
		"title":   name(b.survey.Title.In(l)),
		"minutes": span(b.survey.Minutes),
		"date":    i18n.DateTime(l, d.Network.Until(b.survey.Closes.In(b.survey.Zone))),
	})
	address, answer := inLang(d.URL, l), i18n.T(l, "bot.post.answer", nil)
	m.sayAs(words+"\n"+hyperlink(address, answer), words+"\n"+answer+": "+address)
	said := func(where string) string { return i18n.T(l, "bot.post.pass_on", i18n.Args{"link": where}) }
	m.sayAs(said(hyperlink(d.Onward, "")), said(d.Onward))
	b.sender(m, l)
}

// thanks are what is said when there is nothing more to answer.
func (b *Bot) thanks(m *message, l i18n.Lang, d outbox.Delivery) {
	thanked := "letter.thanks_all"
	if b.survey.ThankAskers {
		thanked = "letter.thanks_askers"
	}
	m.say(i18n.T(l, "bot.post.thank_you", i18n.Args{
		"network": name(d.Network.Name.In(l)), "title": name(b.survey.Title.In(l)), "thanked": i18n.T(l, thanked, nil),
	}))
	if at := b.survey.ResultsURL; at != "" {
		said := func(where string) string { return i18n.T(l, "bot.post.results", i18n.Args{"results": where}) }
		m.sayAs(said(hyperlink(at, "")), said(at))
	}
	b.sender(m, l)
}

// sender says who sends it.
func (b *Bot) sender(m *message, l i18n.Lang) {
	if len(b.survey.Organiser) == 0 {
		return
	}
	m.note(i18n.T(l, "bot.post.footer", i18n.Args{
		"organiser": name(b.survey.Organiser.In(l)), "contact": literal(b.survey.Contact),
	}))
}

// span is from–to, or the one number that both are.
func span(n [2]int) string {
	if n[0] == n[1] {
		return strconv.Itoa(n[0])
	}
	return strconv.Itoa(n[0]) + "–" + strconv.Itoa(n[1])
}

// wording is which words a kind of message has.
func wording(k outbox.Kind) string {
	switch {
	case k.Number() > 0:
		return "reminder"
	case k == outbox.LastCall:
		return "last_call"
	default:
		return "invitation"
	}
}

// inLang is a survey link that opens in a language.
func inLang(address string, l i18n.Lang) string {
	sep := "?"
	if strings.Contains(address, "?") {
		sep = "&"
	}
	return address + sep + "lang=" + url.QueryEscape(string(l))
}
