package report_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"viesti/contacts"
	"viesti/i18n"
	"viesti/link"
	"viesti/outbox"
	"viesti/report"
	"viesti/survey"
)

// full is the counts of a very large wave: 200 networks, three languages, a month.
type full struct {
	networks []contacts.Network
	links    []link.Link
	tallies  []survey.Tally
	stops    []survey.Stopped
	reaches  []contacts.Reach
	left     []outbox.Departed
}

func (f full) Tallies(context.Context, string) ([]survey.Tally, error)       { return f.tallies, nil }
func (f full) Stops(context.Context, string) ([]survey.Stopped, error)       { return f.stops, nil }
func (f full) Reaches(context.Context, string) ([]contacts.Reach, error)     { return f.reaches, nil }
func (f full) Departures(context.Context, string) ([]outbox.Departed, error) { return f.left, nil }
func (f full) Networks(context.Context) ([]contacts.Network, error)          { return f.networks, nil }
func (f full) Links(context.Context) ([]link.Link, error)                    { return f.links, nil }

func newFull() (f full) {
	for i := range 200 {
		n := contacts.Network{ID: fmt.Sprint("net", i), Region: contacts.Regions[i%20], Target: 10}
		l := link.Link{Token: fmt.Sprint("t", i), Network: n.ID, Channel: link.Mail}
		f.networks, f.links = append(f.networks, n), append(f.links, l)
		for _, lang := range i18n.Langs {
			for d := range 28 {
				for _, state := range []survey.State{survey.Started, survey.Partial, survey.Complete} {
					f.tallies = append(f.tallies, survey.Tally{N: 20, Cell: survey.Cell{Wave: wave, Link: l.Token, Lang: lang, Day: day(1 + d), State: state}})
				}
				f.reaches = append(f.reaches, contacts.Reach{N: 40, Disposition: contacts.Disposition{Wave: wave, Network: n.ID, Lang: lang, Day: day(1 + d), Contacted: true}})
			}
			for page := range 12 {
				f.stops = append(f.stops, survey.Stopped{N: 5, Stop: survey.Stop{Wave: wave, Link: l.Token, Lang: lang, State: survey.Partial, Page: page + 1}})
			}
		}
		for hour := range 40 {
			f.left = append(f.left, outbox.Departed{N: 3, Departure: outbox.Departure{Wave: wave, Network: n.ID, Kind: outbox.Invitation, Hour: opens.Add(time.Duration(hour) * time.Hour)}})
		}
	}
	return f
}

// BenchmarkRates is what rates cost beside reading the counts.
func BenchmarkRates(b *testing.B) {
	r := report.Reporter{Source: newFull(), Now: func() time.Time { return now }, Period: survey.Period{Wave: wave, Opens: opens, Closes: closes}}
	for _, by := range []report.By{report.ByNetwork, report.ByCentre, report.ByDay} {
		b.Run(string(by), func(b *testing.B) {
			for b.Loop() {
				if _, err := r.Rates(b.Context(), report.Query{By: by}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
