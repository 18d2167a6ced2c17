package app

import (
	"context"
	"net/http"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"viesti/server"
	"viesti/server/console"
	"viesti/server/optout"
	"viesti/server/paper"
	"viesti/server/reading"
	"viesti/server/respond"
)

// pages builds everything that respondents and Slack reach.
func (a *App) pages() (http.Handler, error) {
	q, s := a.fieldwork.Questionnaire, a.Config.Survey
	a.theme = server.NewTheme(a.Config.Look, s.Organiser)
	options := server.Options{
		Title: q.Title, Theme: a.theme, Email: s.Contact.Email, BaseURL: a.Config.Web.BaseURL,
		TrustedProxies: a.Config.Web.TrustedProxies, Foreign: []string{"/u/", "/slack/"},
		Ready:      func(ctx context.Context) error { _, err := a.Store.Paused(ctx); return err },
		Registerer: a.registry, Logger: a.log("server"), Now: a.options.Now, Rand: a.options.Rand,
	}
	if a.Config.Web.Metrics == "" {
		options.Gatherer = a.registry
	}
	r, err := server.New(options)
	if err != nil {
		return nil, err
	}
	err = respond.Register(r, a.respondents())
	if err != nil {
		return nil, err
	}
	if err := paper.Register(r, q, a.theme); err != nil {
		return nil, err
	}
	err = optout.Register(r, optout.Pages{
		Store: a.Store, Title: q.Title, Look: a.theme, Email: s.Contact.Email, Wave: s.Wave, Now: a.options.Now, Zone: s.Zone,
		Results: a.Config.Reminders.ThankAskers,
	})
	if err != nil {
		return nil, err
	}
	if len(a.Config.Console.Coordinators) > 0 && a.mail != nil {
		signedIn, err := console.Register(r, a.console())
		if err != nil {
			return nil, err
		}
		if err := reading.Register(r, a.readingPages(signedIn)); err != nil {
			return nil, err
		}
	}
	if a.Bot != nil {
		server.Handle(r, "/slack/*path", a.Bot.HTTP())
	}
	return r, nil
}

func (a *App) respondents() respond.Pages {
	s, n := a.Config.Survey, a.Config.Notices
	p := respond.Pages{
		Fieldwork: a.fieldwork, Links: a.Links, Organiser: s.Organiser, Look: a.theme, BaseURL: a.Config.Web.BaseURL,
		Contact: respond.Contact{Name: s.Contact.Name, Organisation: s.Contact.Organisation, Email: s.Contact.Email, Phone: s.Contact.Phone},
		Notices: respond.Notices{
			Controller: n.Words("controller"), Officer: n.Words("data_protection_officer"),
			LegalBasis: n.Words("legal_basis"), ContactSource: n.Words("contact_source"),
			Recipients: n.Words("recipients"), Retention: retention(a.Config), Authority: n.Words("data_protection_authority"),
			Status: respond.Compliance(n.Status), Shortcomings: n.Words("accessibility_shortcomings"),
			Assessed: n.Words("accessibility_assessed"), Handler: n.Words("accessibility_feedback"),
			Supervisor: n.Words("accessibility_authority"),
		},
	}
	if a.mail != nil {
		p.Post = feedbackPost{a}
	}
	return p
}

// metrics is /metrics on an address of its own.
func (a *App) metrics() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(a.registry, promhttp.HandlerOpts{}))
	return mux
}
