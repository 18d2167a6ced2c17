package app

import (
	"time"

	"viesti/config"
	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/mailer"
	"viesti/mailer/letters"
	"viesti/outbox"
	"viesti/survey"
)

// CheckLetters writes every letter of the wave in every language to nobody, and gives what is
// wrong.
func CheckLetters(c config.Config, q *survey.Questionnaire) fault.List {
	if !c.MailOn() {
		return nil
	}
	composer, err := newComposer(c, q)
	if err != nil {
		return fault.All(err)
	}
	var list fault.List
	for _, kind := range letters.Kinds {
		for _, lang := range i18n.Langs {
			d := outbox.Delivery{
				Message: outbox.Message{Key: outbox.Key{Wave: c.Survey.Wave, Kind: outbox.Kind(kind)}, MessageID: composer.MessageID("check")},
				Contact: contacts.Contact{Email: "somebody@example.org", Token: "checkcheckcheckc", Language: lang},
				Network: contacts.Network{ID: "check", Name: i18n.Text{i18n.Fi: "Verkosto"}},
				URL:     c.Web.BaseURL + "/r/checkcheckche",
			}
			if _, err := composer.Compose(d, time.Unix(0, 0)); err != nil {
				list = append(list, fault.All(err)...)
			}
		}
	}
	return list
}

func newComposer(c config.Config, q *survey.Questionnaire) (*mailer.Composer, error) {
	s := c.Survey
	return mailer.NewComposer(mailer.Facts{
		Title: q.Title, Organiser: s.Organiser, Minutes: q.Minutes, Closes: s.Closes, BaseURL: c.Web.BaseURL,
		Contact: mailer.Person{Name: s.Contact.Name, Organisation: s.Contact.Organisation, Email: s.Contact.Email, Phone: s.Contact.Phone, Address: s.Contact.Address},
	}, c.Mail)
}
