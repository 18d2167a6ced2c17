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
	"viesti/outbox"
	"viesti/survey"
)

// By is what the rows of a table of rates stand for.
type By string

// The divisions of a table of rates. A centre is computed from the region: ByCentre by the map in
// force when the wave opened, the other two by the one or the other whenever that was.
const (
	ByNetwork    By = "network"
	ByRegion     By = "region"
	ByCentre     By = "centre"
	ByCentre2025 By = "centre-2025" // as drawn until the end of 2025
	ByCentre2026 By = "centre-2026" // as drawn from 2026
	ByKind       By = "kind"
	ByChannel    By = "channel"
	ByLanguage   By = "language"
	ByDay        By = "day"
)

// Divisions are all divisions.
var Divisions = []By{ByNetwork, ByRegion, ByCentre, ByCentre2025, ByCentre2026, ByKind, ByChannel, ByLanguage, ByDay}

// Rates are the response rates of a wave at a moment.
type Rates struct {
	Wave   string    `json:"wave"`
	AsOf   time.Time `json:"as_of"`
	Open   bool      `json:"open"`
	Opens  string    `json:"opens"`  // the first day
	Closes string    `json:"closes"` // the last
	Total  Row       `json:"total"`
	Rows   []Row     `json:"rows"`
	// Median is the median of all networks' response rates; null when fewer than two have one.
	Median *float64 `json:"median_rate"`
	// Course is the complete responses by any link, day by day since the opening.
	Course []Day `json:"course"`
	// Letters are the days on which many letters left, or will leave.
	Letters  []Letter  `json:"letters"`
	Forecast *Forecast `json:"forecast"` // null until three days after the first letter, and when the survey is closed
	Earlier  []Known   `json:"earlier"`
	Spread   []Branch  `json:"spread"`
	Pages    []Page    `json:"pages"`
}

// Row is one line of a table of rates. Which of the names are set depends on the division.
type Row struct {
	Network  string `json:"network,omitempty"`
	Name     string `json:"name,omitempty"`
	Region   string `json:"region,omitempty"`
	Centre   string `json:"centre,omitempty"`
	Kind     string `json:"kind,omitempty"`
	Channel  string `json:"channel,omitempty"`
	Language string `json:"language,omitempty"`
	Day      string `json:"day,omitempty"`

	// Parent is the network that this one lies under, and Level how many are above it in the table.
	Parent string `json:"parent,omitempty"`
	Level  int    `json:"level,omitempty"`
	// Own is set for a network with others under it, whose figures count them as well: what it has
	// without them.
	Own *Own `json:"own,omitempty"`

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
	Target      int64    `json:"target"`       // complete responses aimed for; 0: none
	TargetShare *float64 `json:"target_share"` // complete ÷ target; null without a target
	Outcome
	// GapToMedian is Rate − Rates.Median, StillToWin the answers that lie in it (StillToWin); null
	// where the row is not made of networks.
	GapToMedian *float64 `json:"gap_to_median"`
	StillToWin  *int64   `json:"still_to_win"`
	// SameDay compares with the last earlier wave whose course is known.
	SameDay *SameDay `json:"same_day,omitempty"`
	// SoFar is set in rows of days alone.
	SoFar *SoFar `json:"so_far,omitempty"`

	ByChannel map[link.Channel]Counts `json:"by_channel"`
	// ByDepth parts what came by onward links: by how often the link had been passed on, from 1
	// to link.MaxDepth.
	ByDepth map[int]Counts `json:"by_depth,omitempty"`
}

// Own is what a network has by itself.
type Own struct {
	Contacted   int64 `json:"contacted"`
	Undelivered int64 `json:"undelivered"`
	Counts
	Rate *float64 `json:"response_rate"`
}

// SoFar is the state at the end of a day. A rate of the day itself would divide its answers by
// people who were asked on another.
type SoFar struct {
	Contacted   int64    `json:"contacted"`
	Undelivered int64    `json:"undelivered"`
	Complete    int64    `json:"complete"`
	Rate        *float64 `json:"response_rate"`
}

// Page is a page of the questionnaire, in the order of its file.
type Page struct {
	ID     string `json:"id"`
	Number int    `json:"number"` // as respondents see it; pages that continue another share its number
	Title  string `json:"title"`
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
	Stops(ctx context.Context, wave string) ([]survey.Stopped, error)
	Reaches(ctx context.Context, wave string) ([]contacts.Reach, error)
	Departures(ctx context.Context, wave string) ([]outbox.Departed, error)
	Networks(ctx context.Context) ([]contacts.Network, error)
	Links(ctx context.Context) ([]link.Link, error)
}

// Reporter makes the figures of one wave.
type Reporter struct {
	Source        Source
	Period        survey.Period
	Questionnaire *survey.Questionnaire // names the pages; nil: they have none
	Earlier       []Known               // waves, the oldest first
	// Ahead foretells the letters that follow those that were sent; nil: none is known to.
	Ahead func(sent []Mailing, now time.Time) []Mailing
	Now   func() time.Time
}

// Query says which rates are wanted.
type Query struct {
	Network string    // only this network and those under it; empty: all
	By      By        // empty: ByNetwork
	Lang    i18n.Lang // of names

	alone bool // each network without those under it
}

// Rates makes a table of response rates. A network that does not exist is fault.NotFound.
func (r *Reporter) Rates(ctx context.Context, q Query) (Rates, error) {
	if q.By == "" {
		q.By = ByNetwork
	}
	if !slices.Contains(Divisions, q.By) {
		return Rates{}, fault.New(fault.Invalid, "report.unknown_division", i18n.Args{"by": string(q.By)})
	}
	now := r.Now()
	in, err := r.read(ctx)
	if err != nil {
		return Rates{}, err
	}
	t := in.table(r.centres(q), q)
	if q.Network != "" && t.networks[q.Network].ID == "" {
		return Rates{}, fault.New(fault.NotFound, "report.unknown_network", i18n.Args{"network": q.Network})
	}
	networks := t
	if q.By != ByNetwork || q.Network != "" || !in.forest.Flat() {
		networks = in.table(r.centres(q), Query{By: ByNetwork, alone: true})
	}
	each := networks.finish()
	t.own(each)
	out := Rates{
		Wave: r.Period.Wave, AsOf: now.UTC().Truncate(time.Second), Open: r.Period.Phase(now) == survey.Open,
		Median: t.against(each), Pages: r.pages(q.Lang), Spread: in.spread(q),
	}
	r.course(&out, t, in.departures, now)
	if out.Earlier, err = r.compare(ctx, t, in, now); err != nil {
		return Rates{}, err
	}
	out.Total, out.Rows = t.total.finish(), t.finish()
	return out, nil
}

// centres is the map that a division is about.
func (r *Reporter) centres(q Query) contacts.CentreMap {
	switch q.By {
	case ByCentre2025:
		return contacts.CentresUntil2025
	case ByCentre2026:
		return contacts.CentresFrom2026
	default:
		return contacts.CentresIn(r.Period.Opens.In(r.zone()).Year())
	}
}

func (r *Reporter) zone() *time.Location {
	if r.Period.Zone == nil {
		return time.UTC
	}
	return r.Period.Zone
}

func (r *Reporter) pages(l i18n.Lang) []Page {
	pages := []Page{}
	if r.Questionnaire == nil {
		return pages
	}
	for i, p := range r.Questionnaire.Pages {
		number, _ := r.Questionnaire.Number(i)
		pages = append(pages, Page{ID: p.ID, Number: number, Title: p.Title.In(l)})
	}
	return pages
}
