package app

import (
	"cmp"
	"context"

	"viesti/i18n"
	"viesti/mailer"
	"viesti/server/respond"
)

// feedbackPost brings what visitors write about accessibility to the organiser, by letter.
type feedbackPost struct{ a *App }

func (p feedbackPost) Deliver(ctx context.Context, f respond.Feedback) error {
	id, err := p.a.letterID()
	if err != nil {
		return err
	}
	title := p.a.fieldwork.Questionnaire.Title.In(f.Lang)
	return p.a.mail.Notify(ctx, mailer.Notice{
		To: p.a.Config.Survey.Contact.Email, Lang: f.Lang, ReplyTo: f.ReplyTo,
		Subject: i18n.T(f.Lang, "respond.feedback.subject", i18n.Args{"title": title}),
		Text: i18n.T(f.Lang, "respond.feedback.letter", i18n.Args{
			"text": f.Text, "title": title,
			"address": cmp.Or(f.ReplyTo, i18n.T(f.Lang, "respond.feedback.no_address", nil)),
		}),
	}, id)
}
