package mailer

import (
	"context"
	"strings"

	"viesti/i18n"
	"viesti/mailer/letters"
	"viesti/outbox"
)

const (
	maxLine = 200  // characters of a name that stands in running text
	maxWord = 2000 // characters of what is said in a paragraph
)

// named is the person's name and organisation, as far as they are known.
func (p Person) named() string {
	if p.Name == "" || p.Organisation == "" {
		return p.Name + p.Organisation
	}
	return p.Name + ", " + p.Organisation
}

// source is the name of the letter's source: reminders after the third are like the third.
func source(k outbox.Kind) string {
	switch {
	case k.Number() > 3:
		k = outbox.Reminder(3)
	case isDigest(k):
		return letters.Digest
	}
	return string(k)
}

// write fills a letter; stopURL is the recipient's personal link. Beside that link nothing in it
// is the recipient's own: the letter is to be passed on, and the same for a whole network.
// A digest has a picture as well.
func (c *Composer) write(ctx context.Context, d outbox.Delivery, stopURL, note string) (letters.Letter, Picture, error) {
	values := c.values(d, stopURL)
	curve, err := c.weekly(ctx, d, values)
	if err != nil {
		return letters.Letter{}, curve, err
	}
	l, err := c.letters.Write(source(d.Kind), d.Lang(), values, note)
	return l, curve, err
}

func (c *Composer) values(d outbox.Delivery, stopURL string) letters.Values {
	lang := d.Lang()
	why, wish := "letter.thanks_all", ""
	if c.facts.ThankAskers {
		why, wish = "letter.thanks_askers", i18n.T(lang, "letter.wish", nil)
	}
	line := func(s string) letters.Value { return letters.Value{Text: clean(s, maxLine)} }
	contact := c.facts.Contact
	email, phone := line(contact.Email), line(contact.Phone)
	email.URL, phone.URL = "mailto:"+email.Text, "tel:"+strings.ReplaceAll(phone.Text, " ", "")
	privacy := strings.TrimSuffix(c.facts.BaseURL, "/") + "/privacy?lang=" + string(lang)
	return letters.Values{
		"title": line(c.facts.Title.In(lang)), "organiser": line(c.facts.Organiser.In(lang)),
		"about":        {Text: clean(c.facts.About.In(lang), maxWord)},
		"network":      line(d.Network.Name.In(lang)),
		"coordinator":  line(d.Network.Coordinator),
		"word":         {Text: clean(d.Network.PersonalWord[lang], maxWord)},
		"minutes":      {Text: c.minutes(lang)},
		"closes":       {Text: i18n.DateTime(lang, d.Network.Until(c.facts.Closes))},
		"contact_name": line(contact.named()), "contact_address": line(contact.Address),
		"contact_email": email, "contact_phone": phone,
		"link":    {Text: d.URL, URL: d.URL},
		"onward":  {Text: d.Onward, URL: d.Onward},
		"opt_out": {Text: stopURL, URL: stopURL},
		"privacy": {Text: privacy, URL: privacy},
		"results": {Text: c.facts.ResultsURL, URL: c.facts.ResultsURL},
		"thanked": {Text: i18n.T(lang, why, nil)},
		"wish":    {Text: wish},
	}
}

// minutes is how long answering takes; empty when it is not known.
func (c *Composer) minutes(lang i18n.Lang) string {
	switch from, to := c.facts.Minutes[0], c.facts.Minutes[1]; {
	case from > 0 && to > from:
		return i18n.T(lang, "letter.minutes_range", i18n.Args{"from": from, "to": to})
	case max(from, to) > 0:
		return i18n.T(lang, "letter.minutes", i18n.Args{"n": max(from, to)})
	default:
		return ""
	}
}
