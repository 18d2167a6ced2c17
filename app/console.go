package app

import (
	"context"
	"encoding/hex"
	"io"
	"slices"

	"viesti/audit"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/link"
	"viesti/mailer"
	"viesti/report"
	"viesti/server/console"
	"viesti/survey"
)

// console is the coordinators' pages. They are let in by letter, so without mail there are none.
func (a *App) console() console.Pages {
	return console.Pages{
		Desk: consoleDesk{a}, Coordinators: a.Config.Console.Coordinators, Title: a.fieldwork.Questionnaire.Title, Look: a.theme,
		Report: a.reportPages, Over: func() bool { return a.fieldwork.Phase() == survey.Over },
		BaseURL: a.Config.Web.BaseURL, Now: a.options.Now, Rand: a.options.Rand, Log: a.log("console"),
	}
}

// consoleDesk is what the console asks the program for.
type consoleDesk struct{ a *App }

func (d consoleDesk) Rates(ctx context.Context, q report.Query) (report.Rates, error) {
	return d.a.Reporter.Rates(ctx, q)
}

func (d consoleDesk) Spread(ctx context.Context, q report.Query) (report.Spread, error) {
	return d.a.Reporter.Spread(ctx, q)
}

func (d consoleDesk) Handout(ctx context.Context, network string, channel link.Channel, l i18n.Lang) (link.Sheet, error) {
	return d.a.handout(ctx, network, channel, l)
}

func (d consoleDesk) Sending(ctx context.Context) (out console.Sending, err error) {
	s, err := d.a.status(ctx)
	if err != nil {
		return out, err
	}
	all, err := d.a.Store.Networks(ctx)
	for _, n := range all {
		if slices.Contains(s.Networks, n.ID) {
			out.Networks = append(out.Networks, n)
		}
	}
	out.Counts, out.Paused, out.Problems = s.Outbox, s.Paused, d.a.problems(s)
	if slack, ok := d.a.Worker.Health()[link.Slack]; ok && !slack.OK {
		out.Problems = append(out.Problems, fault.New(fault.Unavailable, "app.slack", i18n.Args{"code": slack.Reply.Code}))
	}
	return out, err
}

func (d consoleDesk) Pause(ctx context.Context, paused bool) error {
	err := d.a.Store.SetPaused(ctx, paused)
	if err == nil {
		d.a.Worker.Wake()
	}
	return err
}

func (d consoleDesk) SignIn(ctx context.Context, email string, l i18n.Lang, url string) error {
	title := d.a.fieldwork.Questionnaire.Title.In(l)
	return d.a.notify(ctx, mailer.Notice{
		To: email, Lang: l,
		Subject: i18n.T(l, "console.letter_subject", i18n.Args{"title": title}),
		Text:    i18n.T(l, "console.letter_text", i18n.Args{"url": url}),
	})
}

// SignedIn writes down who looks at the figures of networks.
func (d consoleDesk) SignedIn(ctx context.Context, email string) error {
	return d.a.Book.Record(ctx, audit.Entry{Who: audit.Coordinator(d.a.Store.Fingerprint(email)), Act: audit.SignedIn})
}

// notify sends a letter to somebody who works with the survey.
func (a *App) notify(ctx context.Context, n mailer.Notice) error {
	id, err := a.letterID()
	if err != nil {
		return err
	}
	return a.mail.Notify(ctx, n, id)
}

// letterID is a new letter's part of its Message-ID.
func (a *App) letterID() (string, error) {
	var id [12]byte
	_, err := io.ReadFull(a.options.Rand, id[:])
	return hex.EncodeToString(id[:]), err
}
