package app

import (
	"context"
	"strings"
	"time"

	"viesti/i18n"
	"viesti/link"
	"viesti/mailer"
	"viesti/outbox"
)

// mostAlerts is how many alerts wait to be told; there are few, and the log has them all.
const mostAlerts = 16

// alert is an alert of the outbox, or of letters that were taken and came back.
type alert struct {
	outbox.Alert
	cameBack bool
}

// raise takes an alert, whose sender does not wait for it to be told.
func (a *App) raise(x alert) {
	select {
	case a.alerts <- x:
	default:
	}
}

// tell writes to the coordinators what alerts say, as long as ctx lives. Of mail that does not get
// through they hear when it does again: until then status, the console and the log say it.
func (a *App) tell(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case x := <-a.alerts:
			if a.mail == nil || x.Carrier == link.Mail && x.Domain == "" && !x.Over && !x.cameBack {
				continue
			}
			for _, email := range a.Config.Console.Coordinators {
				a.write(ctx, email, x)
			}
		}
	}
}

// write says it in all languages: nobody knows which one a coordinator reads.
func (a *App) write(ctx context.Context, email string, x alert) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	var subjects, texts []string
	for _, l := range i18n.Langs {
		subjects = append(subjects, i18n.T(l, "app.alert.subject", nil))
		texts = append(texts, i18n.T(l, alertKey(x), i18n.Args{
			"carrier": i18n.T(l, "app.carrier."+string(x.Carrier), nil), "domain": x.Domain,
			"since": i18n.DateTime(l, x.Since.In(a.Config.Survey.Zone)),
			"reply": strings.Join(strings.Fields(x.Reply.Code+" "+x.Reply.Enhanced+" "+x.Reply.Text), " "),
		}))
	}
	err := a.notify(ctx, mailer.Notice{
		To: email, Lang: i18n.Fi, Subject: strings.Join(subjects, " / "), Text: strings.Join(texts, "\n\n") + "\n",
	})
	if err != nil {
		a.log("app").Warn("an alert could not be told", "err", err)
	}
}

func alertKey(x alert) string {
	switch {
	case x.cameBack:
		return "app.alert.came_back"
	case x.Domain != "" && x.Over:
		return "app.alert.domain_over"
	case x.Domain != "":
		return "app.alert.domain"
	case x.Over:
		return "app.alert.carrier_over"
	default:
		return "app.alert.carrier"
	}
}
