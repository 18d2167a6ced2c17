package demo

import (
	"context"
	"net/http"
	"strings"

	"viesti/contacts"
	"viesti/demo/frame"
	"viesti/i18n"
	"viesti/link"
	"viesti/outbox"
	"viesti/report"
)

// startView is the start page.
type startView struct {
	frame.Page
	Contacts       contacts.Import
	Networks       int
	Network        string // the one to answer for
	Answer         string // where
	Letters, Posts int    // arrived
	Waiting        int    // messages not sent yet
	Total          report.Row
	Closes         string
	Crowd          bool // respondents are switched on
	Config         string
}

func (d *demo) startView(r *http.Request) (v startView, err error) {
	ctx := r.Context()
	v = startView{
		Page: frame.NewPage(r, frame.Start, "demo.start.title"), Contacts: d.imported.contacts,
		Crowd: d.crowd.On(), Config: d.configPath(),
	}
	v.Closes = i18n.DateTime(v.Lang, d.config.Survey.Closes)
	if v.Answer, err = d.link(ctx, link.Mail); err != nil {
		return v, err
	}
	networks, err := d.app.Store.Networks(ctx)
	if err != nil {
		return v, err
	}
	v.Networks, v.Network = len(networks), name(networks, network, v.Lang)
	for _, n := range networks {
		if n.SlackChannel != "" {
			v.Posts += len(d.chat.Posts(n.SlackChannel))
		}
	}
	v.Letters, _ = d.box.Count()
	if v.Waiting, err = d.waiting(ctx); err != nil {
		return v, err
	}
	rates, err := d.app.Reporter.Rates(ctx, report.Query{Lang: v.Lang})
	v.Total = rates.Total
	return v, err
}

// waiting is how many messages are still to go.
func (d *demo) waiting(ctx context.Context) (n int, err error) {
	counts, err := d.app.Store.Counts(ctx, d.config.Survey.Wave)
	for _, c := range counts {
		switch c.State {
		case outbox.Pending, outbox.Sending, outbox.Retrying:
			n += int(c.N)
		}
	}
	return n, err
}

// Busy tells whether the figures are about to change by themselves.
func (v startView) Busy() bool { return v.Crowd || v.Waiting > 0 }

// Figure is one number that is shown large.
type Figure struct{ Key, Value string }

// Figures are the numbers of the start page.
func (v startView) Figures() []Figure {
	return []Figure{
		{"contacts", v.Number(v.Contacts.Added)},
		{"letters", v.Number(v.Letters)},
		{"posts", v.Number(v.Posts)},
		{"waiting", v.Number(v.Waiting)},
		{"visits", v.Number(int(v.Total.Visits))},
		{"complete", v.Number(int(v.Total.Complete))},
		{"rate", share(v.Lang, v.Total.Rate)},
	}
}

func share(l i18n.Lang, rate *float64) string {
	if rate == nil {
		return "–"
	}
	return i18n.Percent(l, *rate)
}

// Rejected are the rows that were left out, in words.
func (v startView) Rejected() []string {
	said := make([]string, len(v.Contacts.Rejected))
	for i, r := range v.Contacts.Rejected {
		said[i] = r.Say(v.Lang)
	}
	return said
}

// Commands are what to type in the chat, in the page's language.
func (v startView) Commands() []string {
	var list []string
	for _, verb := range []string{"rates", "link", "help"} {
		list = append(list, strings.TrimSpace("/viesti "+v.T("chat.example."+verb)))
	}
	return list
}

// ChatURL is the chat in the page's language.
func (v startView) ChatURL() string { return v.To(frame.Chat) }
