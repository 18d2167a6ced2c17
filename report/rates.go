// Package report is the only room that makes numbers for people: response rates while the
// survey is in the field, and what may be published of the answers after it.
//
// It reads counts and never a person; it sends nothing and shows nothing itself.
package report

import (
	"context"
	"slices"
	"time"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/internal/fault"
	"viesti/link"
	"viesti/survey"
)

// By is what the rows of a table of rates stand for.
type By string

// The divisions of a table of rates.
const (
	ByNetwork  By = "network"
	ByRegion   By = "region"
	ByKind     By = "kind"
	ByChannel  By = "channel"
	ByLanguage By = "language"
	ByDay      By = "day"
)

// Divisions are all divisions.
var Divisions = []By{ByNetwork, ByRegion, ByKind, ByChannel, ByLanguage, ByDay}

// Rates are the response rates of a wave at a moment.
type Rates struct {
	Wave  string    `json:"wave"`
	AsOf  time.Time `json:"as_of"`
	Open  bool      `json:"open"`
	Total Row       `json:"total"`
	Rows  []Row     `json:"rows"`
}

// Row is one line of a table of rates. Which of the names are set depends on the division.
type Row struct {
	Network  string `json:"network,omitempty"`
	Name     string `json:"name,omitempty"`
	Region   string `json:"region,omitempty"`
	Kind     string `json:"kind,omitempty"`
	Channel  string `json:"channel,omitempty"`
	Language string `json:"language,omitempty"`
	Day      string `json:"day,omitempty"`

	Contacted       int64 `json:"contacted"`        // distinct people a message was accepted for
	Undelivered     int64 `json:"undelivered"`      // of them, those whose address turned out dead
	OptedOut        int64 `json:"opted_out"`        // people who wish no messages
	AlreadyAnswered int64 `json:"already_answered"` // people who said that they have answered

	// Counts are the responses that came by the network's own mail and Slack links.
	Counts
	// Rate is complete ÷ (contacted − undelivered): AAPOR's RR1, everybody contacted being
	// eligible. Null where nobody was contacted. Forwarded mail can carry it above 1.
	Rate *float64 `json:"response_rate"`
	// RatePartial is the same with partial responses counted as well: AAPOR's RR2.
	RatePartial *float64 `json:"response_rate_partial"`
	Target      int64    `json:"target"` // complete responses aimed for; 0: none

	ByChannel map[link.Channel]Counts `json:"by_channel"`
	// ByDepth parts what came by onward links: by how often the link had been passed on, from 1
	// to link.MaxDepth.
	ByDepth map[int]Counts `json:"by_depth,omitempty"`
}

// Counts are numbers of responses.
type Counts struct {
	Visits   int64 `json:"visits"`   // people who pressed start, whatever came of it
	Partial  int64 `json:"partial"`  // something answered, not sent
	Complete int64 `json:"complete"` // sent
}

func (c *Counts) add(d Counts) {
	c.Visits += d.Visits
	c.Partial += d.Partial
	c.Complete += d.Complete
}

// Source is what rates are made of: counts that the store keeps up to date, so that a rate
// costs the number of networks and days, not of answers.
type Source interface {
	Tallies(ctx context.Context, wave string) ([]survey.Tally, error)
	Reaches(ctx context.Context, wave string) ([]contacts.Reach, error)
	Networks(ctx context.Context) ([]contacts.Network, error)
	Links(ctx context.Context) ([]link.Link, error)
}

// Reporter makes the figures of one wave.
type Reporter struct {
	Source Source
	Period survey.Period
	Now    func() time.Time
}

// Query says which rates are wanted.
type Query struct {
	Network string    // only this network; empty: all
	By      By        // empty: ByNetwork
	Lang    i18n.Lang // of names
}

// Rates makes a table of response rates. A network that does not exist is fault.NotFound.
func (r *Reporter) Rates(ctx context.Context, q Query) (Rates, error) {
	if q.By == "" {
		q.By = ByNetwork
	}
	if !slices.Contains(Divisions, q.By) {
		return Rates{}, fault.New(fault.Invalid, "report.unknown_division", i18n.Args{"by": string(q.By)})
	}
	t, err := r.table(ctx, q)
	if err != nil {
		return Rates{}, err
	}
	now := r.Now()
	return Rates{
		Wave: r.Period.Wave, AsOf: now.UTC().Truncate(time.Second),
		Open:  r.Period.Phase(now) == survey.Open,
		Total: t.total.finish(), Rows: t.finish(),
	}, nil
}

func (r *Reporter) table(ctx context.Context, q Query) (*table, error) {
	networks, err := r.Source.Networks(ctx)
	if err != nil {
		return nil, err
	}
	t := newTable(q, networks)
	if q.Network != "" && t.networks[q.Network].ID == "" {
		return nil, fault.New(fault.NotFound, "report.unknown_network", i18n.Args{"network": q.Network})
	}
	links, err := r.Source.Links(ctx)
	if err != nil {
		return nil, err
	}
	reaches, err := r.Source.Reaches(ctx, r.Period.Wave)
	if err != nil {
		return nil, err
	}
	for _, reach := range reaches {
		t.reach(reach)
	}
	tallies, err := r.Source.Tallies(ctx, r.Period.Wave)
	if err != nil {
		return nil, err
	}
	byToken := make(map[string]link.Link, len(links))
	for _, l := range links {
		byToken[l.Token] = l
	}
	find := func(token string) (link.Link, error) {
		l, ok := byToken[token]
		if !ok {
			return l, link.ErrNoLink
		}
		return l, nil
	}
	for _, tally := range tallies {
		l, err := find(tally.Link)
		if err != nil { // the front page belongs to no network
			l = link.Link{Channel: link.Web}
		}
		depth, _ := link.Depth(l, find) // find fails in no other way than at the chain's end
		t.response(way{l, depth}, tally)
	}
	return t, nil
}
