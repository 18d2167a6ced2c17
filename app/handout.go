package app

import (
	"context"
	"slices"

	"viesti/config"
	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/link"
	"viesti/survey"
)

// Sheet is what is said of the survey beside a network's link.
func Sheet(c config.Config, q *survey.Questionnaire, n contacts.Network, url string, l i18n.Lang) link.Sheet {
	return link.Sheet{
		Title: q.Title.In(l), Network: n.Name.In(l), Organiser: c.Survey.Organiser.In(l), Minutes: q.Minutes,
		Closes: c.Survey.Closes.In(c.Survey.Zone), URL: url, Lang: l,
	}
}

// handout is what a network hands out in a channel: link.Onward is what its members pass on.
func (a *App) handout(ctx context.Context, network string, channel link.Channel, l i18n.Lang) (link.Sheet, error) {
	list, err := a.Store.Networks(ctx)
	if err != nil {
		return link.Sheet{}, err
	}
	i := slices.IndexFunc(list, func(n contacts.Network) bool { return n.ID == network })
	if i < 0 {
		return link.Sheet{}, fault.New(fault.NotFound, "campaign.unknown_network", i18n.Args{"network": network})
	}
	var made link.Link
	if channel == link.Onward {
		made, err = a.Links.Forward(ctx, network, link.Mail)
	} else {
		made, err = a.Links.Ensure(ctx, link.Key{Network: network, Channel: channel})
	}
	return Sheet(a.Config, a.fieldwork.Questionnaire, list[i], a.Links.URL(made), l), err
}
